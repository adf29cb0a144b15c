"""Copies by CPU, memory, GPUs and host ports.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html (remainingResources)
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from ecs_preflight.ecs.placement import Placement, place
from tests.ecs.builders import (
    arn,
    container,
    instance,
    integer,
    named,
    publishing,
    running,
    simple,
    task,
    with_gpus,
)


def codes(by_arn: Any) -> dict[str, str]:
    """Short name -> the codes in one line, sorted."""
    return {name: " ".join(sorted(reasons)) for name, reasons in named(by_arn).items()}


def bound(placement: Placement) -> str:
    return " ".join(sorted(placement.binding))


@pytest.mark.parametrize(
    ("free", "wanted", "copies", "binding"),
    [
        ((1024, 4000), (512, 100), 2, "CPU"),
        ((1024, 4000), (513, 100), 1, "CPU"),
        ((1024, 4000), (1024, 100), 1, "CPU"),
        ((1024, 4000), (1025, 100), 0, "CPU"),
        ((1023, 4000), (1024, 100), 0, "CPU"),
        ((9999, 1000), (10, 1000), 1, "MEMORY"),
        ((9999, 1000), (10, 1001), 0, "MEMORY"),
        ((9999, 1000), (10, 500), 2, "MEMORY"),
        ((9999, 1000), (10, 333), 3, "MEMORY"),
        ((9999, 1000), (10, 334), 2, "MEMORY"),
        ((9999, 1000), (10, 1), 999, "CPU"),
        ((1000, 1000), (100, 100), 10, "CPU MEMORY"),
        ((1000, 999), (100, 100), 9, "MEMORY"),
        ((999, 1000), (100, 100), 9, "CPU"),
        ((0, 1024), (0, 256), 4, "MEMORY"),
        ((0, 1024), (1, 256), 0, "CPU"),
        ((1024, 0), (1, 256), 0, "MEMORY"),
        ((0, 0), (1, 1), 0, "CPU MEMORY"),
        ((100, 100), (256, 512), 0, "CPU MEMORY"),
        ((-10, 100), (10, 10), 0, "CPU"),
        ((196608, 786432), (256, 512), 768, "CPU"),
        ((1000, 1000), (1, 1), 1000, "CPU MEMORY"),
        ((2048, 7680), (256, 512), 8, "CPU"),
        ((2048, 7680), (128, 512), 15, "MEMORY"),
        ((2048, 7729), (100, 7985), 0, "MEMORY"),
    ],
)
def test_one_instance_holds_the_lower_of_the_quotients(
    free: tuple[int, int], wanted: tuple[int, int], copies: int, binding: str
) -> None:
    placement = place(simple(*wanted), 10_000, on=[instance("a", *free)])
    assert placement.placed == placement.max_placeable == placement.at_least == copies
    assert named(placement.per_instance) == {"a": copies}
    assert bound(placement) == binding
    assert codes(placement.blocking) == {"a": binding}
    assert codes(placement.ineligible) == ({} if copies else {"a": binding})


@pytest.mark.parametrize(
    ("frees", "wanted", "rooms"),
    [
        ([(1024, 4000)] * 3, (1000, 100), [1, 1, 1]),
        ([(1024, 4000), (2048, 4000)], (1000, 100), [1, 2]),
        # Enough in all and on none: what is left is spread too thin.
        ([(500, 4000)] * 4, (512, 100), [0, 0, 0, 0]),
        ([(1000, 100), (100, 1000)], (500, 500), [0, 0]),
        ([(1000, 500), (500, 1000)], (500, 500), [1, 1]),
        ([(0, 0), (4096, 16000), (512, 512)], (512, 512), [0, 8, 1]),
        ([], (512, 512), []),
    ],
)
def test_instances_add_up(frees: list[tuple[int, int]], wanted: tuple[int, int], rooms: list[int]) -> None:
    instances = [instance(str(number), *free) for number, free in enumerate(frees)]
    placement = place(simple(*wanted), 10_000, on=instances)
    assert named(placement.per_instance) == {str(number): room for number, room in enumerate(rooms)}
    assert placement.max_placeable == sum(rooms)


@pytest.mark.parametrize(("count", "placed"), [(0, 0), (1, 1), (8, 8), (9, 8), (100, 8)])
def test_no_more_are_placed_than_are_wanted(count: int, placed: int) -> None:
    placement = place(simple(256, 512), count, on=[instance()])
    assert (placement.placed, placement.max_placeable) == (placed, 8)
    assert codes(placement.blocking) == ({"a": "CPU"} if placed < count else {})


@pytest.mark.parametrize(
    ("definition", "copies"),
    [
        (task(container(100, 300), container(50, 100)), 13),
        (task(container(10, 512, memoryReservation=128)), 60),
        (task(container(10, None, memoryReservation=256)), 30),
        (task(container(10, 10), cpu="1 vCPU", memory="1 GB"), 2),
        (task(container(10, 10), cpu="512", memory="512"), 4),
        (task(container(10, 10), memory="2048"), 3),
        (task(*[container(20, 100)] * 10), 7),
    ],
)
def test_all_containers_of_a_task_count(definition: dict[str, Any], copies: int) -> None:
    assert place(definition, 1000, on=[instance()]).max_placeable == copies


def test_what_the_instance_does_not_list_it_does_not_have() -> None:
    placement = place(simple(), 1, on=[instance(remainingResources=[integer("CPU", 1024), integer("TAPES", 3)])])
    assert codes(placement.ineligible) == {"a": "MEMORY"}


def test_where_nothing_limits_the_copies_as_many_fit_as_are_wanted() -> None:
    placement = place(task(container(0, None)), 7, on=[instance("a"), instance("b", status="DRAINING")])
    assert (placement.placed, named(placement.per_instance)) == (7, {"a": 7, "b": 0})


# Host ports: the list of an instance names ports that are in use.

HTTP = {"containerPort": 80, "hostPort": 80}
DNS = {"containerPort": 53, "hostPort": 53, "protocol": "udp"}
DYNAMIC = {"containerPort": 80, "hostPort": 0}


def many(first: int, count: int) -> list[dict[str, int]]:
    return [{"containerPort": port, "hostPort": port} for port in range(first, first + count)]


@pytest.mark.parametrize(
    ("instances", "definition", "rooms", "binding"),
    [
        ([instance()], publishing(HTTP), {"a": 1}, "PORTS"),
        ([instance(), instance("b")], publishing(HTTP), {"a": 1, "b": 1}, "PORTS"),
        ([instance(ports=[80]), instance("b")], publishing(HTTP), {"a": 0, "b": 1}, "PORTS"),
        ([instance(ports=[80])], publishing(DYNAMIC), {"a": 204}, "CPU"),
        ([instance(ports=[8080])], publishing(HTTP), {"a": 1}, "PORTS"),
        ([instance()], publishing(DYNAMIC), {"a": 204}, "CPU"),
        ([instance()], publishing({"containerPort": 80}), {"a": 204}, "CPU"),
        ([instance()], publishing({"containerPort": 80}, networkMode="host"), {"a": 1}, "PORTS"),
        ([instance(ports=[80])], publishing(DYNAMIC, networkMode="host"), {"a": 0}, "PORTS"),
        ([instance()], publishing(networkMode="host"), {"a": 204}, "CPU"),
        ([instance()], publishing(HTTP, networkMode="none"), {"a": 204}, "CPU"),
        ([instance(ports=[80])], publishing(HTTP, networkMode="awsvpc"), {"a": 2}, "ENI"),
        # Both protocols have a set of their own.
        ([instance(udp=[53])], publishing(DNS), {"a": 0}, "PORTS_UDP"),
        ([instance(ports=[53])], publishing(DNS), {"a": 1}, "PORTS_UDP"),
        ([instance(udp=[80])], publishing(HTTP), {"a": 1}, "PORTS"),
        ([instance(udp=[53])], publishing(HTTP, DNS), {"a": 0}, "PORTS_UDP"),
        ([instance()], publishing(HTTP, DNS), {"a": 1}, "PORTS PORTS_UDP"),
        ([instance(), instance("b", udp=[53])], publishing(DNS), {"a": 1, "b": 0}, "PORTS_UDP"),
        # Several ports of one task: each of them must be free.
        ([instance(ports=[81])], publishing(*many(80, 2)), {"a": 0}, "PORTS"),
        ([instance(ports=[82])], publishing(*many(80, 2)), {"a": 1}, "PORTS"),
        # What the agent reserves: agent/config/config_unix.go.
        ([instance()], publishing(*many(22, 1)), {"a": 0}, "PORTS"),
        ([instance()], publishing(*many(2375, 1)), {"a": 0}, "PORTS"),
        ([instance()], publishing(*many(2376, 1)), {"a": 0}, "PORTS"),
        ([instance()], publishing(*many(51678, 1)), {"a": 0}, "PORTS"),
        ([instance()], publishing(*many(51679, 1)), {"a": 0}, "PORTS"),
        ([instance()], publishing(*many(51680, 1)), {"a": 1}, "PORTS"),
        # "up to 100 reserved ports at a time", the five of the agent included.
        ([instance()], publishing(*many(30000, 95)), {"a": 1}, "PORTS"),
        ([instance()], publishing(*many(30000, 96)), {"a": 0}, "PORT_LIMIT"),
        ([instance(ports=range(40000, 40095))], publishing(DYNAMIC), {"a": 204}, "CPU"),
        ([instance(ports=range(40000, 40095))], publishing(HTTP), {"a": 0}, "PORT_LIMIT"),
        ([instance(ports=range(40000, 40094))], publishing(HTTP), {"a": 1}, "PORTS"),
        ([instance(udp=range(40000, 40095))], publishing(HTTP), {"a": 0}, "PORT_LIMIT"),
        ([instance(ports=range(40000, 40095))], publishing(DNS), {"a": 0}, "PORT_LIMIT"),
        ([instance()], publishing({"containerPortRange": "8000-8010"}), {"a": 204}, "CPU"),
        # CPU still counts beside a port.
        ([instance(cpu=5)], publishing(HTTP), {"a": 0}, "CPU"),
    ],
)
def test_host_ports(instances: list[dict[str, Any]], definition: dict[str, Any], rooms: dict[str, int], binding: str) -> None:
    placement = place(definition, 1000, on=instances, running_tasks=[])
    assert named(placement.per_instance) == rooms
    assert bound(placement) == binding


def test_all_ports_that_collide_and_the_limit_are_named_together() -> None:
    full = instance(cpu=5, ports=[80, *range(40000, 40093)], udp=[53])
    assert codes(place(publishing(HTTP, DNS), 1, on=[full]).ineligible) == {"a": "CPU PORTS PORTS_UDP"}
    assert codes(place(publishing(HTTP, DNS), 1, on=[instance(ports=range(40000, 40094))]).ineligible) == {"a": "PORT_LIMIT"}


# GPUs: the list of an instance names those that are free.


@pytest.mark.parametrize(
    ("instances", "definition", "rooms", "binding"),
    [
        ([instance(gpus=["g1"])], with_gpus(1), {"a": 1}, "GPU"),
        ([instance(gpus=["g1", "g2", "g3", "g4"])], with_gpus(1), {"a": 4}, "GPU"),
        ([instance(gpus=["g1", "g2", "g3", "g4"])], with_gpus(2), {"a": 2}, "GPU"),
        ([instance(gpus=["g1", "g2", "g3"])], with_gpus(2), {"a": 1}, "GPU"),
        ([instance(gpus=["g1", "g2"])], with_gpus(4), {"a": 0}, "GPU"),
        ([instance(gpus=[])], with_gpus(1), {"a": 0}, "GPU"),
        ([instance()], with_gpus(1), {"a": 0}, "GPU"),
        ([instance(), instance("b", gpus=["g1"])], with_gpus(1), {"a": 0, "b": 1}, "GPU"),
        # Whole devices of one instance: two instances with one each do not make two.
        ([instance(gpus=["g1"]), instance("b", gpus=["g2"])], with_gpus(2), {"a": 0, "b": 0}, "GPU"),
        ([instance(cpu=15, gpus=["g1", "g2"])], with_gpus(1), {"a": 1}, "CPU"),
        ([instance(gpus=["g1"])], simple(), {"a": 8}, "CPU"),
        ([instance(gpus=["g1"])], with_gpus(0), {"a": 204}, "CPU"),
    ],
)
def test_gpus(instances: list[dict[str, Any]], definition: dict[str, Any], rooms: dict[str, int], binding: str) -> None:
    placement = place(definition, 1000, on=instances)
    assert named(placement.per_instance) == rooms
    assert bound(placement) == binding


def test_gpus_that_running_tasks_have_are_not_free_whatever_the_list_says() -> None:
    reversed_list = instance(gpus=["g1"], registered_gpus=["g1", "g2", "g3"], runningTasksCount=1)
    placement = place(with_gpus(1), 9, on=[reversed_list], running_tasks=[running("a", gpu_ids=["g1"])])
    assert placement.max_placeable == 2
    assert "lists GPUs of running tasks as remaining" in placement.warnings[0]


def test_gpus_of_other_running_tasks_leave_the_list_as_it_is() -> None:
    busy = instance(gpus=["g2"], registered_gpus=["g1", "g2"], runningTasksCount=1)
    placement = place(with_gpus(1), 9, on=[busy], running_tasks=[running("a", gpu_ids=["g1"])])
    assert (placement.max_placeable, placement.warnings) == (1, ())


def test_a_wish_that_no_rule_counts_is_certain_of_nothing() -> None:
    sharing = {"type": "GPU", "value": "1", "sharingStrategy": {"nvidiaMps": {"memory": 1}}}
    placement = place(task(container(10, 10, resourceRequirements=[sharing])), 3, on=[instance(gpus=["g1"])])
    assert (placement.placed, placement.at_least) == (3, 0)
    assert "asks for a share of 1 GPU: no published rule counts that" in placement.unknowns[0]
    every = place(with_gpus("ALL"), 3, on=[instance(gpus=["g1", "g2"])])
    assert (every.max_placeable, every.at_least) == (2, 0)


# What would help.


def test_relaxing_a_rule_says_what_the_others_would_let_in() -> None:
    # 8 by CPU, 15 by memory, 1 by the port.
    placement = place(task(container(256, 512, portMappings=[HTTP])), 9, on=[instance(), instance("b", ports=[80])])
    assert placement.relax == {"CPU": 1, "MEMORY": 1, "PORTS": 16}


def test_relaxing_the_only_rule_leaves_no_limit() -> None:
    assert place(simple(0, 256), 1, on=[instance()]).relax == {"MEMORY": math.inf}
    assert place(simple(0, 256), 1, on=[instance(status="DRAINING")]).relax == {"STATUS": 30, "MEMORY": 0}


def test_results_are_keyed_by_arn() -> None:
    assert place(simple(), 100, on=[instance()]).blocking == {arn("a"): frozenset({"CPU"})}
