"""distinctInstance and memberOf: which instances they leave, and how many copies on each.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.placement import place
from ecs_preflight.ecs.query_text import QueryError
from tests.ecs.builders import DISTINCT, instance, member_of, named, running, simple
from tests.ecs.test_placement_resources import bound, codes

# distinctInstance: by group and desired status.


@pytest.mark.parametrize(
    ("group", "tasks", "rooms"),
    [
        ("service:web-v001", [], {"a": 1, "b": 1}),
        ("service:web-v001", [running("a", "service:web-v001")], {"a": 0, "b": 1}),
        # A new server group of Spinnaker is a new service, hence a new group.
        ("service:web-v001", [running("a", "service:web-v000")], {"a": 1, "b": 1}),
        ("service:web-v001", [running("a", "service:web-v001", last="PENDING")], {"a": 0, "b": 1}),
        ("service:web-v001", [running("a", "service:web-v001", desired="STOPPED")], {"a": 1, "b": 1}),
        ("service:web-v001", [running("a", "service:web-v001"), running("b", "service:web-v001")], {"a": 0, "b": 0}),
        # Tasks that are started on their own have the group of their family.
        (None, [running("a", "family:web")], {"a": 0, "b": 1}),
        (None, [running("a", "service:web")], {"a": 1, "b": 1}),
        ("family:api", [running("a", "family:web")], {"a": 1, "b": 1}),
    ],
)
def test_distinct_instance(group: str | None, tasks: list[dict[str, Any]], rooms: dict[str, int]) -> None:
    placement = place(
        simple(10, 10), 9, on=[instance("a"), instance("b")], running_tasks=tasks, constraints=[DISTINCT], group=group
    )
    assert named(placement.per_instance) == rooms
    assert placement.at_least == sum(rooms.values())
    assert bound(placement) == "DISTINCT"


def test_distinct_instance_beside_too_little_room() -> None:
    placement = place(simple(2000, 10), 9, on=[instance("a"), instance("b", cpu=100)], constraints=[DISTINCT])
    assert codes(placement.blocking) == {"a": "CPU DISTINCT", "b": "CPU"}
    assert placement.relax["DISTINCT"] == 1


# memberOf: the examples of the guide, one copy of 500 CPU units being two per instance.

ZONES = [
    instance("a", 1000, kind="t3.small", attributes={"stack": "prod"}),
    instance("b", 1000, kind="t3.large", zone="us-east-1b", attributes={"stack": "dev"}),
    instance("c", 1000, kind="m5.large", versionInfo={"agentVersion": "1.9.0"}),
    instance("d", 1000, kind="m5.large", zone="us-east-1d", registeredAt=1518429600.0),
]


@pytest.mark.parametrize(
    ("expression", "eligible"),
    [
        ("attribute:ecs.instance-type == t3.small", "a"),
        ("attribute:ecs.instance-type == m5.large", "cd"),
        ("attribute:ecs.availability-zone in [us-east-1a, us-east-1b]", "abc"),
        ("attribute:ecs.instance-type =~ m5.*", "cd"),
        ("attribute:ecs.instance-type =~ m5.* and attribute:ecs.availability-zone != us-east-1d", "c"),
        ("attribute:ecs.instance-type =~ t3.* or attribute:ecs.availability-zone == us-east-1d", "abd"),
        ("attribute:stack exists", "ab"),
        ("attribute:stack !exists", "cd"),
        ("attribute:stack == prod", "a"),
        ("attribute:stack != prod", "b"),
        ("not(attribute:stack == prod)", "bcd"),
        ("attribute:stack !exists or attribute:stack != prod", "bcd"),
        ("agentVersion >= 1.80.0", "abd"),
        ("registeredAt < 2019-01-01", "d"),
        ("agentConnected == true", "abcd"),
        ("ec2InstanceId in [i-a, i-d]", "ad"),
        ("attribute:ecs.os-type == windows", ""),
        ("task:group == service:db", "c"),
        ("not(task:group == service:db)", "abd"),
        ("runningTasksCount == 0", "abd"),
    ],
)
def test_member_of(expression: str, eligible: str) -> None:
    instances = [item | {"runningTasksCount": 1} if item["ec2InstanceId"] == "i-c" else item for item in ZONES]
    placement = place(
        simple(500, 10),
        1,
        on=instances,
        constraints=[member_of(expression)],
        running_tasks=[running("c", "service:db")],
        group="service:web",
    )
    assert "".join(name for name, room in named(placement.per_instance).items() if room) == eligible
    assert all(reasons == "CONSTRAINT" for reasons in codes(placement.ineligible).values())
    assert placement.relax["CONSTRAINT"] == 8


def test_constraints_of_the_definition_and_of_the_service_are_anded() -> None:
    definition = simple(500, 10, placementConstraints=[member_of("attribute:ecs.instance-type =~ m5.*")])
    placement = place(definition, 9, on=ZONES, constraints=[member_of("attribute:ecs.availability-zone == us-east-1d"), DISTINCT])
    assert named(placement.per_instance) == {"a": 0, "b": 0, "c": 0, "d": 1}


def test_constraint_and_resources_are_both_named() -> None:
    placement = place(simple(2000, 10), 1, on=ZONES[:1], constraints=[member_of("attribute:stack == dev")])
    assert codes(placement.ineligible) == {"a": "CONSTRAINT CPU"}
    assert bound(placement) == "CONSTRAINT CPU"


def test_constraints_bind_by_the_number_of_instances_that_they_block() -> None:
    two_of_three = place(simple(500, 10), 9, on=ZONES[:3], constraints=[member_of("attribute:stack == dev")])
    assert bound(two_of_three) == "CONSTRAINT"
    one_of_two = place(simple(500, 10), 9, on=ZONES[:2], constraints=[member_of("attribute:stack == dev")])
    assert bound(one_of_two) == "CONSTRAINT CPU"


def test_a_group_that_keeps_off_itself_has_one_copy_on_an_instance() -> None:
    # A copy belongs to its group as soon as it is placed.
    apart = member_of("not(task:group == service:web)")
    placement = place(simple(10, 10), 9, on=ZONES[:2], constraints=[apart], group="service:web")
    assert (placement.max_placeable, placement.at_least, bound(placement)) == (2, 2, "CONSTRAINT")
    with_one = place(
        simple(10, 10), 9, on=ZONES[:2], constraints=[apart], group="service:web", running_tasks=[running("a", "service:web")]
    )
    assert named(with_one.per_instance) == {"a": 0, "b": 1}


def test_a_group_that_wants_its_own_company_finds_none_to_begin_with() -> None:
    together = member_of("task:group == service:web")
    placement = place(simple(10, 10), 9, on=ZONES[:2], constraints=[together], group="service:web")
    assert placement.max_placeable == 0


@pytest.mark.parametrize(
    ("expression", "most", "certain"),
    [
        ("runningTasksCount < 5", 204, 2),
        ("runningTasksCount < 4", 204, 1),
        ("runningTasksCount <= 500", 204, 204),
        ("runningTasksCount < 3", 0, 0),
        ("runningTasksCount >= 3", 204, 204),
        ("runningTasksCount > 3", 0, 0),
    ],
)
def test_copies_change_the_count_of_running_tasks_once_they_run(expression: str, most: int, certain: int) -> None:
    busy = instance(runningTasksCount=3)
    placement = place(simple(10, 10), 1000, on=[busy], constraints=[member_of(expression)], running_tasks=[])
    assert (placement.max_placeable, placement.at_least) == (most, certain)
    assert ("runningTasksCount that a placement constraint reads" in "".join(placement.unknowns)) is (most != certain)


def test_a_count_that_no_instance_reaches_limits_nothing() -> None:
    free = simple(0, 0)
    placement = place(free, 2000, on=[instance()], constraints=[member_of("runningTasksCount < 5000")])
    assert placement.at_least == 2000


def test_what_only_java_can_judge_is_never_a_no() -> None:
    placement = place(simple(500, 10), 9, on=ZONES, constraints=[member_of("attribute:stack =~ p++rod")])
    assert (placement.max_placeable, placement.at_least) == (4, 0)
    assert named(placement.per_instance) == {"a": 2, "b": 2, "c": 0, "d": 0}
    assert "a placement constraint cannot be judged here" in placement.unknowns[0]
    assert any("only Java's own engine" in warning for warning in placement.warnings)


def test_what_only_java_can_judge_of_a_group_is_never_a_no() -> None:
    unclear = member_of("attribute:stack == prod and not(task:group =~ service:w++eb)")
    placement = place(simple(500, 10), 9, on=ZONES[:1], constraints=[unclear], group="service:web")
    assert (placement.max_placeable, placement.at_least) == (2, 1)


def test_a_bad_expression_is_refused() -> None:
    with pytest.raises(QueryError, match="there is no subject"):
        place(simple(), 1, on=[], constraints=[member_of("stack == prod")])
