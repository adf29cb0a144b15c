"""What one task takes: the rules of the agent's ToHostResources and of the API's own text.

agent/api/task/task.go of amazon-ecs-agent, and
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.errors import InputError
from tests.ecs.builders import container, publishing, simple, task, with_gpus

WINDOWS = {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}


@pytest.mark.parametrize(
    ("definition", "cpu", "memory"),
    [
        (simple(256, 512), 256, 512),
        (task(container(100, 200), container(50, 100)), 150, 300),
        (task(container(100, 200), cpu="512", memory="1024"), 512, 1024),
        (task(container(100, 200), cpu="512"), 512, 200),
        (task(container(100, 200), memory="1 GB"), 100, 1024),
        (task(container(100, 200), cpu="0", memory="0"), 100, 200),
        (task(container(0, 200)), 0, 200),
        (task({"name": "app", "image": "x", "memory": 128}), 0, 128),
        (task(container(10, None, memoryReservation=250)), 10, 250),
        (task(container(10, 512, memoryReservation=128)), 10, 128),
        (task(container(10, 400, memoryReservation=0)), 10, 400),
        (task(container(10, None)), 10, 0),
        (task(container(10, 512, memoryReservation=128), container(10, 300)), 20, 428),
        (task(container(10, 100), cpu="1 vCPU", memory="0.5 GB"), 1024, 512),
        (task(container(100, 200), cpu="512", memory="1024", **WINDOWS), 100, 200),
        ({"family": "empty"}, 0, 0),
    ],
    ids=str,
)
def test_cpu_and_memory(definition: dict[str, Any], cpu: int, memory: int) -> None:
    needs = task_requirements(definition)
    assert (needs.cpu, needs.memory) == (cpu, memory)


def mapping(container_port: int | None = 80, host_port: int | None = None, **members: Any) -> dict[str, Any]:
    ports = {"containerPort": container_port, "hostPort": host_port}
    return {key: value for key, value in ports.items() if value is not None} | members


@pytest.mark.parametrize(
    ("definition", "tcp", "udp"),
    [
        (publishing(mapping(80, 8080)), {8080}, set()),
        (publishing(mapping(80, 8080), networkMode="bridge"), {8080}, set()),
        (publishing(mapping(80, 8080), networkMode="default"), {8080}, set()),
        (publishing(mapping(80, 0)), set(), set()),
        (publishing(mapping(80)), set(), set()),
        (publishing(mapping(80), networkMode="host"), {80}, set()),
        (publishing(mapping(80, 0), networkMode="host"), {80}, set()),
        (publishing(mapping(80, 80), networkMode="host"), {80}, set()),
        (publishing(mapping(80, 80), networkMode="awsvpc"), set(), set()),
        (publishing(mapping(80, 80), networkMode="none"), set(), set()),
        (publishing(mapping(53, 53, protocol="udp")), set(), {53}),
        (publishing(mapping(53, 53, protocol="UDP")), set(), {53}),
        (publishing(mapping(53, 53, protocol="udp"), mapping(53, 53, protocol="tcp")), {53}, {53}),
        (publishing(mapping(53, 53, protocol="sctp")), {53}, set()),
        (publishing(mapping(None, containerPortRange="8000-8010")), set(), set()),
        (publishing(mapping(None, containerPortRange="8000-8010"), networkMode="host"), set(), set()),
        (publishing(mapping(80, 8080), mapping(81, 8081)), {8080, 8081}, set()),
        (publishing(), set(), set()),
    ],
    ids=str,
)
def test_static_host_ports(definition: dict[str, Any], tcp: set[int], udp: set[int]) -> None:
    needs = task_requirements(definition)
    assert (set(needs.ports), set(needs.ports_udp)) == (tcp, udp)


def test_an_awsvpc_task_takes_one_network_interface() -> None:
    assert task_requirements(simple(networkMode="awsvpc")).enis == 1
    assert task_requirements(simple(networkMode="host")).enis == 0


def test_gpus_are_summed_over_the_containers() -> None:
    two = container(resourceRequirements=[{"type": "GPU", "value": "2"}])
    one = container(resourceRequirements=[{"type": "GPU", "value": "1"}])
    needs = task_requirements(task(two, one))
    assert (needs.gpus, needs.unreadable) == (3, ())


@pytest.mark.parametrize(
    ("wish", "gpus", "said"),
    [
        ({"type": "GPU", "value": "ALL"}, 1, "container 'app' asks for ALL GPU"),
        ({"type": "GPU", "value": "1", "sharingStrategy": {"nvidiaMps": {}}}, 0, "container 'app' asks for a share of 1 GPU"),
        ({"type": "NeuronDevice", "value": "ALL"}, 0, "container 'app' asks for ALL NeuronDevice"),
        ({"type": "InferenceAccelerator"}, 0, "container 'app' asks for an InferenceAccelerator"),
    ],
    ids=str,
)
def test_devices_that_no_published_rule_counts_are_named(wish: dict[str, Any], gpus: int, said: str) -> None:
    needs = task_requirements(task(container(resourceRequirements=[wish])))
    assert needs.gpus == gpus
    assert needs.unreadable == (said,)


def test_all_gpus_are_one_more_at_the_least() -> None:
    two, every = (container(resourceRequirements=[{"type": "GPU", "value": value}]) for value in ("2", "ALL"))
    assert task_requirements(task(two, every)).gpus == 3


def test_required_attributes_of_a_registered_definition_are_taken_as_they_are() -> None:
    required = [{"name": "ecs.capability.task-eni"}, {"name": "stack", "value": "prod"}]
    needs = task_requirements(simple(networkMode="awsvpc", requiresAttributes=required))
    assert [(item.name, item.value) for item in needs.attributes] == [("ecs.capability.task-eni", None), ("stack", "prod")]
    assert needs.likely_attributes == ()
    assert task_requirements(simple(networkMode="awsvpc", requiresAttributes=[])).attributes == ()


def test_a_whole_answer_of_describe_task_definition_is_accepted() -> None:
    assert task_requirements({"taskDefinition": simple(100, 200), "tags": []}).cpu == 100


def test_a_bad_definition_is_an_input_error_with_the_path_of_each_fault() -> None:
    bad = task(container(), cpu="1 GHz", memory="much") | {"containerDefinitions": [{"cpu": "x"}]}
    with pytest.raises(InputError) as caught:
        task_requirements(bad)
    assert "cpu: '1 GHz' is no size" in str(caught.value)
    assert "memory: 'much' is no size" in str(caught.value)
    assert "containerDefinitions.0.cpu: " in str(caught.value)
    assert caught.value.exit_code == 2


def test_gpu_requests_do_not_change_the_rest() -> None:
    needs = task_requirements(with_gpus(1, cpu=100, memory=200))
    assert (needs.cpu, needs.memory, needs.gpus) == (100, 200, 1)
