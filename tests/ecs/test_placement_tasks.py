"""Copies beside the tasks that run already: network interfaces, and bounds where the tasks were not read.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.placement import place
from tests.ecs.builders import DISTINCT, instance, member_of, named, publishing, running, simple
from tests.ecs.test_placement_resources import bound, codes

AWSVPC = simple(10, 10, networkMode="awsvpc", requiresAttributes=[])
TRUNK = {"ecs.awsvpc-trunk-id": "f1a3b0c2"}


@pytest.mark.parametrize(
    ("kind", "trunk", "interfaces", "copies"),
    [
        ("c5.large", False, 0, 2),
        ("c5.large", False, 1, 1),
        ("c5.large", False, 2, 0),
        ("c5.large", False, 3, 0),
        ("c5.large", True, 0, 10),
        ("c5.large", True, 4, 6),
        ("c5.large", True, 10, 0),
        ("m5.large", False, 0, 2),
        ("m5.xlarge", False, 0, 3),
        ("m5.xlarge", True, 2, 18),
        ("m5.2xlarge", True, 0, 40),
        ("m5.4xlarge", False, 0, 7),
        ("m5.metal", False, 0, 14),
        ("m6g.medium", False, 0, 1),
        ("m6g.medium", True, 0, 4),
        ("t3.medium", False, 0, 2),
        ("t3a.small", False, 0, 1),
    ],
)
def test_network_interfaces(kind: str, trunk: bool, interfaces: int, copies: int) -> None:
    here = instance(kind=kind, attributes=TRUNK if trunk else {}, runningTasksCount=interfaces)
    tasks = [running("a", interface="ATTACHED") for _ in range(interfaces)]
    placement = place(AWSVPC, 1000, on=[here], running_tasks=tasks)
    assert placement.max_placeable == placement.at_least == copies
    assert bound(placement) == "ENI"


@pytest.mark.parametrize(
    ("tasks", "copies"),
    [
        ([], 3),
        ([running("a", interface="ATTACHED")], 2),
        ([running("a", interface="PRECREATED", last="PROVISIONING")], 2),
        ([running("a", interface="ATTACHED", desired="STOPPED", last="DEACTIVATING")], 2),
        ([running("a", interface="DETACHED", desired="STOPPED", last="DEPROVISIONING")], 3),
        ([running("a", interface="DELETED")], 3),
        ([running("a", interface="ATTACHED", desired="STOPPED", last="STOPPED")], 3),
        ([running("a")], 3),  # in bridge mode: no interface of its own
        ([running("b", interface="ATTACHED")], 3),
        ([running(None, interface="ATTACHED")], 3),  # on Fargate
        ([running("a", interface="ATTACHED")] * 5, 0),
    ],
)
def test_tasks_hold_interfaces(tasks: list[dict[str, Any]], copies: int) -> None:
    placement = place(AWSVPC, 1000, on=[instance(kind="m5.xlarge")], running_tasks=tasks)
    assert placement.max_placeable == placement.at_least == copies


def test_a_trunk_is_proven_by_the_attribute_alone_and_the_table_of_the_caller_wins() -> None:
    table = {"m5.large": {"MaximumNetworkInterfaces": 3, "ecsTrunkTaskLimit": 7}}
    instances = [instance("old"), instance("new", attributes=TRUNK)]
    placement = place(AWSVPC, 100, on=instances, running_tasks=[], instance_types=table)
    assert named(placement.per_instance) == {"old": 2, "new": 7}


def test_a_bridge_task_needs_no_interface() -> None:
    full = [running("a", interface="ATTACHED")] * 2
    assert place(simple(), 100, on=[instance()], running_tasks=full).max_placeable == 8


@pytest.mark.parametrize(
    ("kind", "attributes", "most", "certain", "said"),
    [
        ("x9.large", {}, 204, 0, "how many network interfaces x9.large has for tasks is not known"),
        (None, {}, 204, 0, "how many network interfaces it has for tasks is not known"),
        ("t3.medium", TRUNK, 2, 0, "how many network interfaces t3.medium has for tasks is not known"),
    ],
)
def test_an_unknown_limit_is_certain_of_nothing(
    kind: str | None, attributes: dict[str, str | None], most: int, certain: int, said: str
) -> None:
    placement = place(AWSVPC, 1000, on=[instance(kind=kind, attributes=attributes)], running_tasks=[])
    assert (placement.max_placeable, placement.at_least) == (most, certain)
    assert said in placement.unknowns[0]


# Tasks that were not read: bounds.


@pytest.mark.parametrize(
    ("members", "most", "certain"),
    [
        ({}, 3, 3),
        ({"runningTasksCount": 1}, 3, 2),
        ({"runningTasksCount": 1, "pendingTasksCount": 1}, 3, 1),
        ({"runningTasksCount": 9}, 3, 0),
    ],
    ids=str,
)
def test_interfaces_that_were_not_read_may_be_held_by_every_task(members: dict[str, Any], most: int, certain: int) -> None:
    placement = place(AWSVPC, 9, on=[instance(kind="m5.xlarge", **members)])
    assert (placement.max_placeable, placement.at_least) == (most, certain)
    assert bool(placement.unknowns) is (most != certain)


def test_a_group_that_was_not_read_may_be_there_already() -> None:
    busy, idle = instance("busy", runningTasksCount=2), instance("idle")
    placement = place(simple(10, 10), 9, on=[busy, idle], constraints=[DISTINCT], group="service:web")
    assert (placement.max_placeable, placement.at_least) == (2, 1)
    assert placement.unknowns[0].endswith("demo/busy: whether a task of service:web runs there already was not read.")


@pytest.mark.parametrize(
    ("expression", "most", "certain"),
    [
        ("task:group == service:db", 2, 0),
        ("not(task:group == service:db)", 4, 2),
        ("task:group == service:db and attribute:stack == none", 0, 0),
        ("task:group == service:db or attribute:ecs.os-type == linux", 4, 4),
        ("attribute:ecs.os-type == linux", 4, 4),
    ],
)
def test_groups_that_were_not_read_decide_only_where_they_must(expression: str, most: int, certain: int) -> None:
    instances = [instance("busy", 1000, runningTasksCount=1), instance("idle", 1000)]
    placement = place(simple(500, 10), 9, on=instances, constraints=[member_of(expression)])
    assert (placement.max_placeable, placement.at_least) == (most, certain)


def test_static_ports_and_sizes_need_no_tasks() -> None:
    port = {"containerPort": 80, "hostPort": 80}
    placement = place(publishing(port), 9, on=[instance(runningTasksCount=5)])
    assert (placement.at_least, placement.unknowns) == (1, ())


def test_a_doubt_about_an_instance_without_room_is_no_unknown() -> None:
    placement = place(AWSVPC, 9, on=[instance(cpu=0, runningTasksCount=5)])
    assert (placement.max_placeable, placement.unknowns) == (0, ())


def test_a_reason_names_one_instance_and_counts_the_others() -> None:
    instances = [instance(name, runningTasksCount=1) for name in ("a", "b", "c")]
    placement = place(AWSVPC, 9, on=instances)
    assert placement.unknowns == (
        "On arn:aws:ecs:us-east-1:111122223333:container-instance/demo/a and 2 more: "
        "which tasks hold network interfaces was not read.",
    )


# Spinnaker: every server group is a new service beside the old one.


def test_red_black_with_dynamic_ports_counts_on_top_of_the_old_copies() -> None:
    definition = publishing({"containerPort": 8080, "hostPort": 0}, cpu=512, memory=1024)
    instances = [instance("a", 1024, 5632, runningTasksCount=2), instance("b", 1024, 5632, runningTasksCount=2)]
    old = [running(name, "service:web-v000") for name in "aabb"]
    assert place(definition, 4, on=instances, running_tasks=old, group="service:web-v001").placed == 4


def test_red_black_with_a_static_port_has_no_instance_left() -> None:
    definition = publishing({"containerPort": 8080}, networkMode="host")
    instances = [instance(name, ports=[8080], runningTasksCount=1) for name in "ab"]
    old = [running(name, "service:web-v000") for name in "ab"]
    placement = place(definition, 2, on=instances, running_tasks=old, group="service:web-v001")
    assert codes(placement.blocking) == {"a": "PORTS", "b": "PORTS"}
