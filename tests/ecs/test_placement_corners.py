"""Placements that differ from their neighbours in one thing that is easily overlooked."""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.placement import place
from tests.ecs.builders import container, instance, member_of, named, publishing, running, simple, task
from tests.ecs.test_placement_resources import codes

AWSVPC = simple(10, 10, networkMode="awsvpc", requiresAttributes=[])
NO_VALUE, ABSENT = instance("novalue", attributes={"spot": None}), instance("absent")


@pytest.mark.parametrize("on", [[NO_VALUE, ABSENT], [ABSENT, NO_VALUE]])
def test_an_attribute_without_a_value_is_not_an_absent_one(on: list[dict[str, object]]) -> None:
    placement = place(simple(), 99, on=on, constraints=[member_of("attribute:spot exists")])
    assert named(placement.per_instance) == {"novalue": 8, "absent": 0}


def test_fargate_has_no_container_instances() -> None:
    assert codes(place(simple(), 1, on=[instance()], launch_type="FARGATE").ineligible) == {"a": "LAUNCH_TYPE"}


def test_dynamic_ports_need_no_room_among_the_reserved_ones() -> None:
    # "This number does not include dynamically assigned ports": API_PortMapping.
    crowded = instance(ports=range(30000, 30100))
    assert place(publishing({"containerPort": 80}), 1, on=[crowded]).placed == 1
    assert codes(place(publishing({"containerPort": 80, "hostPort": 80}), 1, on=[crowded]).ineligible) == {"a": "PORT_LIMIT"}


def test_where_there_is_no_rule_at_all_as_many_fit_as_are_wanted() -> None:
    assert place(task(container(0, None)), 7, on=[instance("a"), instance("b")]).max_placeable == 14


@pytest.mark.parametrize(
    ("expression", "certain"),
    [
        ("runningTasksCount <= 4", 2),
        ("runningTasksCount < 5 or not(task:group == service:db)", 204),
        ("runningTasksCount < 5 and not(task:group == service:db)", 2),
        ("runningTasksCount != 5", 2),
    ],
)
def test_copies_that_run_may_turn_a_constraint_against_the_next(expression: str, certain: int) -> None:
    busy = instance(runningTasksCount=3)
    placement = place(simple(10, 10), 999, on=[busy], running_tasks=[], constraints=[member_of(expression)], group="service:web")
    assert (placement.max_placeable, placement.at_least) == (204, certain)


def test_all_doubts_about_network_interfaces_are_said() -> None:
    unread, unknown = instance("unread", runningTasksCount=1), instance("unknown", kind="x9.large")
    placement = place(AWSVPC, 9, on=[unread, unknown])
    assert [text.rpartition(": ")[2] for text in placement.unknowns] == [
        "which tasks hold network interfaces was not read.",
        "how many network interfaces x9.large has for tasks is not known.",
    ]
    held = [running("unknown", interface="ATTACHED")]
    assert place(AWSVPC, 9, on=[unknown], running_tasks=held).at_least == 0


def test_what_the_doubt_does_not_lower_is_no_unknown() -> None:
    # Three interfaces, one of them perhaps held, and CPU for two copies.
    placement = place(AWSVPC, 9, on=[instance(cpu=20, kind="m5.xlarge", runningTasksCount=1)])
    assert (placement.max_placeable, placement.at_least, placement.unknowns) == (2, 2, ())


def test_a_trunk_limit_counts_where_the_interfaces_are_not_known() -> None:
    here = instance(kind="x9.large", attributes={"ecs.awsvpc-trunk-id": "t"})
    table = {"x9.large": {"ecsTrunkTaskLimit": 12}}
    placement = place(AWSVPC, 99, on=[here], running_tasks=[], instance_types=table)
    assert placement.max_placeable == placement.at_least == 12
