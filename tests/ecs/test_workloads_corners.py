"""Workloads together, where one thing that is easily overlooked decides."""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.workloads import Workload, place_all
from ecs_preflight.errors import UsageError
from tests.ecs.builders import DISTINCT, arn, container, instance, member_of, publishing, running, simple, task

DNS = {"containerPort": 53, "hostPort": 53, "protocol": "udp"}
AWSVPC = simple(10, 10, networkMode="awsvpc", requiresAttributes=[])


def test_binpack_reads_the_resource_that_it_names() -> None:
    on = [instance("cpu", 300, 9000), instance("memory", 900, 400)]
    small = simple(100, 100)

    def ends(field: str) -> tuple[int, int]:
        kinds = [
            Workload("small", small, 3, strategy=[{"type": "binpack", "field": field}]),
            Workload("large", simple(300, 100), 3, strategy=[{"type": "random"}]),
        ]
        joint = place_all(kinds, on=on, running_tasks=[])
        return joint.fewest, joint.most

    # Three small ones fill the CPU of one instance, or the memory of the other but for 100 MiB.
    assert ends("cpu") == (6, 6)
    assert ends("CPU") == (6, 6)
    assert ends("memory") == (5, 5)


def test_tasks_that_run_count_for_spread() -> None:
    on = [instance("a", 100, 100, runningTasksCount=1), instance("b", 100, 100)]
    kinds = [
        Workload("web", simple(60, 60), 1, strategy=[{"type": "spread", "field": "instanceId"}]),
        Workload("probe", simple(60, 60), 2, strategy=[{"type": "random"}], constraints=[member_of("ec2InstanceId == i-b")]),
    ]
    busy = place_all(kinds, on=on, running_tasks=[running("a", "service:web")])
    assert (busy.by_workload["probe"].fewest, busy.by_workload["probe"].most) == (0, 0)


def test_instances_that_differ_in_the_attribute_of_a_spread_are_not_alike() -> None:
    on = [instance(name, 200, 200, attributes={"rack": rack}) for name, rack in (("a", "r1"), ("b", "r1"), ("c", "r2"))]
    rack = [{"type": "spread", "field": "attribute:rack"}]
    kinds = [
        Workload("web", simple(100, 100), 2, strategy=rack),
        Workload("big", simple(200, 200), 3, constraints=[member_of("attribute:rack == r1")]),
    ]
    joint = place_all(kinds, on=on, running_tasks=[])
    assert (joint.by_workload["big"].fewest, joint.by_workload["big"].most) == (1, 1)


def test_one_udp_port_is_there_once_for_all_workloads() -> None:
    joint = place_all([Workload("x", publishing(DNS), 1), Workload("y", publishing(DNS), 1)], on=[instance()])
    assert (joint.optimal, joint.fewest, joint.most) == (1, 1, 1)


def test_reserved_ports_of_both_protocols_count_together() -> None:
    crowded = instance(ports=range(30000, 30050), udp=range(30000, 30044))
    kinds = [Workload(str(port), publishing({"containerPort": port, "hostPort": port}), 1) for port in (80, 81)]
    joint = place_all(kinds, on=[crowded])
    assert (joint.optimal, joint.fewest, joint.most) == (1, 1, 1)
    roomy = instance(ports=range(30000, 30050), udp=range(30000, 30043))
    assert place_all(kinds, on=[roomy]).optimal == 2


def test_the_tasks_that_run_are_read_for_all_workloads() -> None:
    kinds = [Workload("web", simple(10, 10), 2, constraints=[DISTINCT])]
    joint = place_all(kinds, on=[instance("a", runningTasksCount=1)], running_tasks=[running("a", "service:web")])
    assert (joint.most, joint.unknowns) == (0, ())


def test_workloads_share_the_interfaces_that_are_certain() -> None:
    # Three interfaces, one of them perhaps held.
    on = [instance(kind="m5.xlarge", runningTasksCount=1)]
    joint = place_all([Workload("x", AWSVPC, 2), Workload("y", AWSVPC, 1)], on=on)
    assert (joint.fewest, joint.most, joint.feasible) == (2, 3, None)


@pytest.mark.parametrize(
    ("counts", "feasible", "fewest", "most"),
    [
        # CPU holds two of the one and memory two of the other: each is certain of its interfaces, both are not.
        ((2, 1), None, 2, 3),
        ((1, 1), True, 2, 2),
        ((2, 0), True, 2, 2),
        ((2, 2), False, 2, 3),
    ],
)
def test_interfaces_that_are_certain_for_each_workload_may_be_too_few_for_all(
    counts: tuple[int, int], feasible: bool | None, fewest: int, most: int
) -> None:
    # Three interfaces, one of them perhaps held.
    on = [instance("a", 40, 100, kind="m5.xlarge", runningTasksCount=1), instance("b", 0, 0, runningTasksCount=1)]
    wide, tall = (simple(*size, networkMode="awsvpc", requiresAttributes=[]) for size in ((20, 0), (0, 50)))
    anywhere = [{"type": "random"}]
    kinds = [Workload("x", wide, counts[0], strategy=anywhere), Workload("y", tall, counts[1], strategy=anywhere)]
    joint = place_all(kinds, on=on)
    assert (joint.feasible, joint.fewest, joint.most) == (feasible, fewest, most)
    said = f"On {arn('a')}: which tasks hold network interfaces was not read."
    assert joint.unknowns == ((f"x: {said}", f"y: {said}") if sum(counts) > 2 else ())


def test_an_entangled_workload_is_barred_from_an_instance_all_the_same() -> None:
    apart = [member_of("attribute:stack == prod and not(task:group == service:db)")]
    on = [instance("a", 99, 99, attributes={"stack": "prod"}), instance("b", 99, 99), instance("c", 99, 99, status="DRAINING")]
    kinds = [Workload("db", simple(10, 10), 1), Workload("web", simple(10, 10), 3, constraints=apart)]
    joint = place_all(kinds, on=on, running_tasks=[])
    web = joint.by_workload["web"]
    assert (web.fewest, web.most, web.alone, joint.range_is_exact) == (0, 3, 3, True)


def test_an_entangled_workload_finds_no_room_where_another_rule_bars_it() -> None:
    prod = {"stack": "prod"}
    on = [instance("a", 99, 99, attributes=prod), instance("b", 99, 99, attributes=prod, status="DRAINING")]
    apart = [member_of("attribute:stack == prod and not(task:group == service:db)")]
    kinds = [Workload("db", simple(10, 10), 1), Workload("web", simple(10, 10), 3, constraints=apart)]
    joint = place_all(kinds, on=on, running_tasks=[])
    assert (joint.fewest, joint.most, joint.by_workload["web"].most) == (1, 1, 0)


def test_workloads_that_take_nothing_fit_as_often_as_they_are_wanted() -> None:
    beside = [member_of("task:group == service:db")]
    kinds = [Workload("db", simple(0, 0), 1), Workload("web", simple(0, 0), 2)]
    joint = place_all(kinds, on=[instance("a")], running_tasks=[])
    assert (joint.optimal, joint.fewest, joint.most) == (3, 3, 3)
    kinds = [Workload("db", simple(0, 0), 1), Workload("web", simple(0, 0), 2, constraints=beside)]
    joint = place_all(kinds, on=[instance("a")], running_tasks=[])
    assert (joint.optimal, joint.fewest, joint.most) == (None, 3, 3)


def test_a_workload_may_depend_on_another_beside_tasks_that_run_already() -> None:
    never_both = [member_of("not(task:group == service:x and task:group == service:db)")]
    kinds = [Workload("db", simple(10, 10), 1), Workload("web", simple(10, 10), 2, constraints=never_both)]
    on = [instance("a", runningTasksCount=1)]
    joint = place_all(kinds, on=on, running_tasks=[running("a", "service:x")])
    assert (joint.optimal, joint.fewest, joint.most) == (None, 1, 1)
    joint = place_all(kinds, on=on, running_tasks=[running("a", "service:y")])
    assert (joint.optimal, joint.fewest, joint.most) == (3, 3, 3)


@pytest.mark.parametrize(
    ("expression", "most"),
    [
        # Beside db there is one copy of web, and as many as are wanted without it: db comes first.
        ("not(task:group == service:web and task:group == service:db)", 2),
        # One copy keeps the next one off, but not beside db.
        ("not(task:group == service:web) or task:group == service:db", 3),
    ],
)
def test_a_workload_may_depend_on_another_once_a_copy_of_its_own_is_there(expression: str, most: int) -> None:
    kinds = [Workload("db", simple(10, 10), 1), Workload("web", simple(10, 10), 2, constraints=[member_of(expression)])]
    joint = place_all(kinds, on=[instance("a")], running_tasks=[])
    assert (joint.optimal, joint.fewest, joint.most, joint.range_is_exact) == (None, most, most, True)


def test_ways_over_many_instances_that_are_alike_are_few() -> None:
    # Three copies take two or three of the twelve instances, the others are left to the large ones.
    kinds = [Workload("web", simple(40, 10), 3, strategy=[{"type": "random"}]), Workload("large", simple(100, 10), 12)]
    joint = place_all(kinds, on=[instance(f"i{number}", 100, 999) for number in range(12)], running_tasks=[])
    assert (joint.fewest, joint.most, joint.range_is_exact) == (12, 13, True)


def test_tasks_that_were_not_read_count_for_nothing_where_nothing_asks_for_them() -> None:
    anywhere = [{"type": "random"}]
    kinds = [Workload("small", simple(400, 10), 2, strategy=anywhere), Workload("large", simple(800, 10), 1, strategy=anywhere)]
    joint = place_all(kinds, on=[instance(name, 1000, runningTasksCount=1) for name in "ab"])
    assert (joint.optimal, joint.fewest, joint.most, joint.range_is_exact, joint.unknowns) == (3, 2, 3, True, ())


def test_an_entangled_workload_is_certain_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecs_preflight.ecs.tie_breaks.LOOKS", 1)
    together = [member_of("task:group == service:db")]
    kinds = [Workload("db", simple(10, 10), 1), Workload("web", simple(10, 10), 2, constraints=together)]
    joint = place_all(kinds, on=[instance(name) for name in "abc"], running_tasks=[])
    assert (joint.by_workload["web"].fewest, joint.by_workload["web"].most) == (0, 2)


def test_what_was_not_read_is_said_of_the_workload() -> None:
    kinds = [Workload("x", simple(10, 10), 1), Workload("y", simple(10, 10), 1)]
    joint = place_all(kinds, on=[instance("a", runningTasksCount=1), instance("b")])
    said = "how many of its tasks run on each instance, which spread counts, was not read."
    assert joint.unknowns == (f"x: {said}", f"y: {said}")
    held = place_all([Workload("x", AWSVPC, 1)], on=[instance("a", runningTasksCount=2)])
    assert held.unknowns == (f"x: On {arn('a')}: which tasks hold network interfaces was not read.",)
    restarted = task(container(10, 10, restartPolicy={"enabled": True}))
    lacking = place_all([Workload("x", restarted, 1), Workload("y", simple(10, 10), 1)], on=[instance("a")])
    said = "it lacks ecs.capability.container-restart-policy, which the task is likely to require."
    assert (lacking.unknowns, lacking.feasible) == ((f"x: On {arn('a')}: {said}",), None)


def test_two_workloads_of_one_name_are_refused() -> None:
    with pytest.raises(UsageError) as refused:
        place_all([Workload("x", simple(), 1), Workload("x", simple(), 1)], on=[])
    assert str(refused.value) == "Two workloads have the same name."
