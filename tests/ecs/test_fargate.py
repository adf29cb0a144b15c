"""Fargate's sizes and the room under its vCPU quota.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.fargate import FargateRoom, fargate_refusal, fargate_room, fargate_sizes, is_fargate_size
from ecs_preflight.errors import InputError, UsageError
from tests.ecs.builders import container, subnet, task

# The table of the page, in GB; 0.5 is 512 MiB.
TABLE: dict[int, list[float]] = {
    256: [0.5, 1, 2],
    512: [1, 2, 3, 4],
    1024: [2, 3, 4, 5, 6, 7, 8],
    2048: [*range(4, 17)],
    4096: [*range(8, 31)],
    8192: [*range(16, 61, 4)],
    16384: [*range(32, 121, 8)],
}


def test_the_sizes_are_those_of_the_table_and_no_other() -> None:
    sizes = {(cpu, int(gb * 1024)) for cpu, gbs in TABLE.items() for gb in gbs}
    assert len(sizes) == 74
    candidates = {(cpu, memory) for cpu in (*TABLE, 128, 768, 3072, 32768) for memory in range(256, 131072 + 1, 256)}
    assert {size for size in candidates if is_fargate_size(*size)} == sizes
    assert fargate_sizes() == {cpu: tuple(int(gb * 1024) for gb in gbs) for cpu, gbs in TABLE.items()}


def fargate(cpu: str = "1024", memory: str = "2048", platform: dict[str, str] | None = None, **members: Any) -> dict[str, Any]:
    return task(container(10, 10), cpu=cpu, memory=memory, networkMode="awsvpc", runtimePlatform=platform or {}, **members)


WINDOWS = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
ARM = {"cpuArchitecture": "ARM64"}
GPU = {"containerDefinitions": [container(resourceRequirements=[{"type": "GPU", "value": "1"}])]}
NEURON = {"containerDefinitions": [container(resourceRequirements=[{"type": "NeuronDevice", "value": "1"}])]}


@pytest.mark.parametrize(
    ("definition", "provider", "platform_version", "error"),
    [
        (fargate(), "FARGATE", None, None),
        (fargate("1 vCPU", "2 GB"), "FARGATE", "LATEST", None),
        (fargate("256", "512"), "FARGATE_SPOT", "1.4.0", None),
        (fargate("256", "4096"), "FARGATE", None, "INVALID_SIZE"),
        (fargate("300", "512"), "FARGATE", None, "INVALID_SIZE"),
        (fargate("1024", "2048") | {"cpu": None}, "FARGATE", None, "INVALID_SIZE"),
        (fargate("16384", "32768"), "FARGATE", "1.4.0", None),
        (fargate("16384", "32768"), "FARGATE", "LATEST", None),
        (fargate("16384", "32768"), "FARGATE", "1.3.0", "INVALID_SIZE"),
        (fargate("8192", "16384"), "FARGATE", "1.3.0", "INVALID_SIZE"),
        (fargate("4096", "8192"), "FARGATE", "1.3.0", None),
        (fargate("512", "1024", WINDOWS), "FARGATE", "1.0.0", "INVALID_SIZE"),
        (fargate("1024", "2048", WINDOWS), "FARGATE", "1.0.0", None),
        (fargate("4096", "8192", WINDOWS), "FARGATE", None, None),
        (fargate("8192", "16384", WINDOWS), "FARGATE", None, "INVALID_SIZE"),
        (fargate("1024", "2048", WINDOWS), "FARGATE_SPOT", None, "UNSUPPORTED_PLATFORM"),
        (fargate(platform=ARM), "FARGATE_SPOT", "1.4.0", None),
        (fargate(platform=ARM), "FARGATE_SPOT", None, None),
        (fargate(platform=ARM), "FARGATE_SPOT", "1.3.0", "UNSUPPORTED_PLATFORM"),
        (fargate(platform=ARM), "FARGATE", "1.3.0", None),
        (fargate() | {"networkMode": "bridge"}, "FARGATE", None, "NETWORK_MODE"),
        (fargate() | GPU, "FARGATE", None, "GPU"),
        (fargate() | NEURON, "FARGATE", None, None),
    ],
    ids=str,
)
def test_what_fargate_takes(definition: dict[str, Any], provider: str, platform_version: str | None, error: str | None) -> None:
    room = fargate_room(
        definition, 1, capacity_provider=provider, platform_version=platform_version, quota_vcpu=100, vcpu_in_use=0
    )
    assert (room.count, room.error, room.placeable) == (1, error, 0 if error else 1)


def test_a_task_that_fargate_does_not_take_has_no_room_for_certain() -> None:
    room = fargate_room(fargate("256", "4096"), 3, subnets=[subnet(addresses=None)])
    assert room == FargateRoom(
        count=3, placeable=0, max_placeable=0, at_least=0, limits={}, binding=None, error="INVALID_SIZE", unknowns=()
    )


@pytest.mark.parametrize(
    ("cpu", "memory", "quota", "in_use", "most"),
    [
        ("1024", "2048", 6, 0, 6),
        ("1024", "2048", 6, 6, 0),
        ("1024", "2048", 6, 7, 0),
        ("1024", "2048", 0, 0, 0),
        ("256", "512", 6, 0, 24),
        ("256", "512", 6, 5.5, 2),
        ("512", "1024", 4, 0.25, 7),
        ("512", "1024", 4, 3.75, 0),
        ("256", "512", 2000, 0, 8000),
        ("16384", "32768", 40, 0, 2),
        ("4096", "8192", 3.9, 0, 0),
    ],
)
def test_the_quota_counts_vcpus(cpu: str, memory: str, quota: float, in_use: float, most: int) -> None:
    room = fargate_room(fargate(cpu, memory), 5, quota_vcpu=quota, vcpu_in_use=in_use)
    assert room.max_placeable == room.at_least == most
    assert room.placeable == min(5, most)
    assert (room.limits, room.binding) == ({"VCPU_QUOTA": most}, "VCPU_QUOTA")


@pytest.mark.parametrize(
    ("subnets", "most", "binding"),
    [
        ([subnet("us-east-1a", 100)], 6, "VCPU_QUOTA"),
        ([subnet("us-east-1a", 2), subnet("us-east-1b", 1)], 3, "SUBNET_IP"),
        ([subnet("us-east-1a", 0), subnet("us-east-1b", -3)], 0, "SUBNET_IP"),
        ([], 0, "SUBNET_IP"),
    ],
    ids=str,
)
def test_each_task_takes_an_address(subnets: list[dict[str, Any]], most: int, binding: str) -> None:
    room = fargate_room(fargate(), 10, quota_vcpu=6, vcpu_in_use=0, subnets=subnets)
    assert (room.max_placeable, room.at_least, room.binding) == (most, most, binding)


@pytest.mark.parametrize(("quota", "in_use"), [(None, 0), (6, None), (None, None)])
def test_a_quota_that_was_not_read_is_certain_of_nothing(quota: float | None, in_use: float | None) -> None:
    room = fargate_room(fargate(), 3, capacity_provider="FARGATE_SPOT", quota_vcpu=quota, vcpu_in_use=in_use)
    assert (room.placeable, room.max_placeable, room.at_least) == (3, None, 0)
    assert room.unknowns == ("The vCPU quota L-36FBB829 or its usage was not read.",)


def test_addresses_that_were_not_read_are_certain_of_none() -> None:
    subnets = [subnet("us-east-1a", 2), subnet("us-east-1b", None)]
    room = fargate_room(fargate(), 3, quota_vcpu=6, vcpu_in_use=0, subnets=subnets)
    assert (room.placeable, room.at_least) == (3, 2)
    assert room.unknowns == ("The free addresses of some subnets were not read.",)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(UsageError, match="'cp-a' is not FARGATE or FARGATE_SPOT"):
        fargate_room(fargate(), 1, capacity_provider="cp-a")
    with pytest.raises(UsageError) as refused:
        fargate_room(fargate(), -1)
    assert str(refused.value) == "The number of tasks is -1: expected 0 or more."


def test_of_no_task_none_is_placed() -> None:
    room = fargate_room(fargate(), 0, quota_vcpu=6, vcpu_in_use=0)
    assert (room.placeable, room.max_placeable) == (0, 6)


def test_what_is_no_task_definition_is_named_as_such() -> None:
    with pytest.raises(InputError) as refused:
        fargate_refusal({"containerDefinitions": 7})
    assert str(refused.value).startswith("This is not the task definition that the ECS API describes: ")


@pytest.mark.parametrize(("cpu", "refusal"), [("256", None), ("300", "INVALID_SIZE")])
def test_why_fargate_takes_no_such_task(cpu: str, refusal: str | None) -> None:
    definition = {"networkMode": "awsvpc", "cpu": cpu, "memory": "512", "containerDefinitions": [{"name": "web", "image": "web"}]}
    assert fargate_refusal(definition) == refusal
