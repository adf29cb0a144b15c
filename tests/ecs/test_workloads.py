"""Several workloads together: the optimum, and what the strategies end up with.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
"""

from __future__ import annotations

import sys
from typing import Any

import pytest

from ecs_preflight.ecs import packing, workloads
from ecs_preflight.ecs.placement import place
from ecs_preflight.ecs.workloads import JointPlacement, Workload, place_all
from ecs_preflight.errors import UsageError
from tests.ecs.builders import DISTINCT, instance, member_of, publishing, running, simple, subnet, with_gpus

HTTP = {"containerPort": 80, "hostPort": 80}
RANDOM = ({"type": "random"},)


def workload(name: str, cpu: int, memory: int, count: int, **rest: Any) -> Workload:
    return Workload(name, simple(cpu, memory), count, **rest)


def boxes(*sizes: tuple[int, int]) -> list[dict[str, Any]]:
    return [instance(f"i{number}", *size) for number, size in enumerate(sizes)]


def counts(joint: JointPlacement) -> tuple[int | None, bool | None, int, int]:
    return joint.optimal, joint.feasible, joint.fewest, joint.most


FIVES_FOURS_THREES = [workload("f", 5, 1, 2), workload("o", 4, 1, 2), workload("t", 3, 1, 2)]


@pytest.mark.parametrize(
    ("kinds", "on", "expected"),
    [
        # optimal, feasible, fewest, most
        ([workload("x", 10, 600, 2), workload("y", 10, 400, 2)], boxes((4096, 1000), (4096, 1000)), (4, True, 4, 4)),
        (
            [workload("y", 10, 400, 2, strategy=RANDOM), workload("x", 10, 600, 2)],
            boxes((4096, 1000), (4096, 1000)),
            (4, True, 3, 4),
        ),
        (
            [workload("f", 5, 1, 2), workload("o", 4, 1, 2), workload("t", 3, 1, 2)],
            boxes((12, 9000), (12, 9000)),
            (6, True, 6, 6),
        ),
        (
            [workload("f", 5, 1, 2), workload("o", 4, 1, 2), workload("t", 3, 1, 2)],
            boxes((11, 9000), (11, 9000)),
            (5, False, 4, 4),
        ),
        ([workload("x", 10, 10, 3)], boxes((100, 100)), (3, True, 3, 3)),
        ([workload("x", 10, 10, 30)], boxes((100, 100)), (10, False, 10, 10)),
        ([workload("x", 10, 10, 0)], boxes((100, 100)), (0, True, 0, 0)),
        ([], boxes((100, 100)), (0, True, 0, 0)),
        ([workload("x", 10, 10, 3)], [], (0, False, 0, 0)),
        # One port on one instance is one of both.
        ([Workload("x", publishing(HTTP), 1), Workload("y", publishing(HTTP), 1)], [instance()], (1, False, 1, 1)),
        ([Workload("x", publishing(HTTP), 1), Workload("y", publishing(HTTP), 1)], boxes((99, 99), (99, 99)), (2, True, 2, 2)),
        # The GPU box is wanted by both.
        (
            [Workload("gpu", with_gpus(1, 10, 1500), 1), workload("web", 10, 1000, 3)],
            [instance("g", 4096, 2000, gpus=["g1"]), instance("m", 2048, 2000)],
            (3, False, 3, 3),
        ),
        # awsvpc tasks share the network interfaces of an instance, bridge tasks need none.
        (
            [Workload("x", simple(100, 10, networkMode="awsvpc"), 9), workload("y", 100, 10, 9)],
            [instance(cpu=1000, kind="m5.xlarge")],
            (10, False, 10, 10),
        ),
        (
            [Workload(name, simple(10, 10, networkMode="awsvpc"), 2) for name in "xy"],
            [instance(kind="m5.xlarge")],
            (3, False, 3, 3),
        ),
        # distinctInstance is of a group.
        ([workload(name, 10, 10, 1, group="g", constraints=[DISTINCT]) for name in "xy"], [instance()], (1, False, 1, 1)),
        ([workload(name, 10, 10, 1, constraints=[DISTINCT]) for name in "xy"], [instance()], (2, True, 2, 2)),
        ([workload("x", 10, 10, 3, constraints=[DISTINCT])], boxes((99, 99), (99, 99)), (2, False, 2, 2)),
    ],
)
def test_workloads_together(kinds: list[Workload], on: list[dict[str, Any]], expected: tuple[int, bool, int, int]) -> None:
    joint = place_all(kinds, on=on)
    assert counts(joint) == expected
    assert joint.range_is_exact
    assert joint.requested == sum(kind.count for kind in kinds)


@pytest.mark.parametrize(
    ("strategy", "fewest", "most"),
    [
        # Two instances of 1000 CPU; 2 x 400 first, then 1 x 800.
        ([{"type": "random"}], 2, 3),
        ([{"type": "spread", "field": "instanceId"}], 2, 2),
        ([{"type": "spread", "field": "host"}], 2, 2),
        ([{"type": "spread", "field": "attribute:ecs.availability-zone"}], 2, 3),
        ([{"type": "spread", "field": "attribute:rack"}], 2, 3),
        ([{"type": "binpack", "field": "cpu"}], 3, 3),
        ([{"type": "binpack", "field": "memory"}], 3, 3),
        ([{"type": "random"}, {"type": "binpack", "field": "cpu"}], 3, 3),
        ([], 2, 2),  # the default of a service spreads
    ],
    ids=str,
)
def test_strategies_decide_what_is_left_for_the_next_workload(strategy: list[dict[str, str]], fewest: int, most: int) -> None:
    kinds = [workload("small", 400, 10, 2, strategy=strategy), workload("large", 800, 10, 1, strategy=RANDOM)]
    joint = place_all(kinds, on=boxes((1000, 9000), (1000, 9000)))
    assert counts(joint) == (3, True, fewest, most)
    assert joint.range_is_exact
    assert joint.by_workload["large"].fewest == fewest - 2
    assert joint.by_workload["small"].fewest == joint.by_workload["small"].most == 2


def test_tasks_of_a_standalone_group_are_placed_at_random_by_default() -> None:
    kinds = [workload("small", 400, 10, 2, group="family:small"), workload("large", 800, 10, 1)]
    assert counts(place_all(kinds, on=boxes((1000, 9000), (1000, 9000)))) == (3, True, 2, 3)


def test_spread_counts_the_tasks_of_the_group_that_run_already() -> None:
    spread = [{"type": "spread", "field": "instanceId"}]
    kinds = [workload("web", 400, 10, 1, strategy=spread), workload("large", 800, 10, 2, strategy=RANDOM)]
    on = [instance("a", 1000, runningTasksCount=1), instance("b", 1000), instance("c", 900)]
    joint = place_all(kinds, on=on, running_tasks=[running("a", "service:web"), running("b", "service:web")])
    # The third instance has none of the group: the new copy goes there, and both large ones find room.
    assert counts(joint) == (3, True, 3, 3)


def test_addresses_of_a_zone_are_shared_by_all_workloads() -> None:
    kinds = [Workload(name, simple(10, 10, networkMode="awsvpc"), 2) for name in "xy"]
    on = [instance("a", kind="m5.xlarge"), instance("b", kind="m5.xlarge", zone="us-east-1b")]
    joint = place_all(kinds, on=on, running_tasks=[], subnets=[subnet("us-east-1a", 1), subnet("us-east-1b", 2)])
    assert counts(joint) == (3, False, 3, 3)
    assert joint.by_workload["x"].alone == 2


def test_addresses_that_limit_nothing_known_are_doubted() -> None:
    kinds = [Workload("x", simple(10, 10, networkMode="awsvpc"), 5)]
    on = [instance("a", kind="m5.xlarge"), instance("b", kind="m5.xlarge")]
    joint = place_all(kinds, on=on, running_tasks=[], subnets=[subnet("us-east-1a", None)])
    assert (joint.optimal, joint.feasible, joint.fewest, joint.most, joint.range_is_exact) == (5, None, 0, 5, False)
    assert joint.unknowns == ("x: The free addresses of the subnets in us-east-1a were not read.",)


def test_a_doubt_makes_the_range_a_bound() -> None:
    kinds = [Workload("x", simple(10, 10, networkMode="awsvpc"), 3), workload("y", 10, 10, 1)]
    joint = place_all(kinds, on=[instance(kind="m5.xlarge", runningTasksCount=2)])
    assert (joint.fewest, joint.most, joint.range_is_exact) == (2, 4, False)
    assert joint.feasible is None
    assert any("which tasks hold network interfaces was not read" in text for text in joint.unknowns)
    assert any("which spread counts, was not read" in text for text in joint.unknowns)


def test_what_is_certain_in_spite_of_doubts_is_feasible() -> None:
    kinds = [Workload("x", simple(10, 10, networkMode="awsvpc"), 1), workload("y", 10, 10, 1)]
    joint = place_all(kinds, on=[instance(kind="m5.xlarge", runningTasksCount=2)])
    assert (joint.feasible, joint.fewest, joint.range_is_exact) == (True, 2, True)


def test_a_packing_that_is_certain_is_feasible_although_the_range_is_not_known() -> None:
    # Only a good order holds both, and the tasks of the group were not read.
    kinds = [workload("small", 400, 10, 2), workload("large", 800, 10, 1)]
    on = [instance("a", 1000, runningTasksCount=1), instance("b", 1000)]
    joint = place_all(kinds, on=on)
    assert (joint.feasible, joint.fewest, joint.most, joint.range_is_exact) == (True, 2, 3, False)


def test_static_doubts_of_one_workload_alone_need_no_spread() -> None:
    joint = place_all([workload("web", 10, 10, 1)], on=[instance(runningTasksCount=1)])
    assert (joint.unknowns, joint.feasible) == ((), True)


# Constraints that read groups: what one workload may do depends on the others.


def test_a_workload_may_need_another_one() -> None:
    kinds = [
        workload("db", 10, 10, 1),
        workload("web", 10, 10, 2, constraints=[member_of("task:group == service:db")]),
    ]
    joint = place_all(kinds, on=boxes((99, 99), (15, 99)), running_tasks=[])
    # The copies of web follow db: both fit on the large instance, none beside it on the small one.
    assert (joint.optimal, joint.feasible, joint.fewest, joint.most, joint.range_is_exact) == (None, True, 1, 3, True)


def test_a_workload_may_keep_off_another_one() -> None:
    apart = [member_of("not(task:group == service:db)")]
    kinds = [workload("db", 10, 10, 1), workload("web", 10, 10, 2, constraints=apart)]
    joint = place_all(kinds, on=boxes((99, 99)), running_tasks=[])
    assert (joint.optimal, joint.feasible, joint.fewest, joint.most) == (None, None, 1, 1)
    beside = place_all(kinds, on=boxes((99, 99), (99, 99)), running_tasks=[])
    assert (beside.feasible, beside.fewest, beside.most) == (True, 3, 3)


def test_a_workload_that_keeps_off_itself_depends_on_no_other() -> None:
    apart = [member_of("not(task:group == service:web)")]
    joint = place_all([workload("web", 10, 10, 3, constraints=apart), workload("db", 10, 10, 1)], on=boxes((99, 99), (99, 99)))
    assert counts(joint) == (3, False, 3, 3)


def test_an_entangled_workload_is_certain_of_nothing_where_too_many_ways_are_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecs_preflight.ecs.tie_breaks.LOOKS", 1)
    kinds = [workload("db", 10, 10, 1), workload("web", 10, 10, 2, constraints=[member_of("task:group == service:db")])]
    joint = place_all(kinds, on=boxes((99, 99)), running_tasks=[])
    assert (joint.feasible, joint.fewest, joint.most, joint.range_is_exact) == (None, 1, 3, False)


# Large clusters and missing solvers.


def test_in_a_large_empty_cluster_everything_fits_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "solver", lambda: pytest.fail("no solver is needed"))
    kinds = [workload(f"w{number}", 100, 100, 20) for number in range(5)]
    joint = place_all(kinds, on=boxes(*[(2048, 7680)] * 300))
    assert counts(joint) == (100, True, 100, 100)
    assert joint.range_is_exact


def test_where_too_many_ways_are_open_the_range_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecs_preflight.ecs.tie_breaks.LOOKS", 3)
    kinds = [workload("small", 400, 10, 2), workload("large", 800, 10, 1)]
    joint = place_all(kinds, on=boxes((1000, 9000), (1000, 9000)))
    assert (joint.fewest, joint.most, joint.range_is_exact) == (2, 3, False)


def test_without_the_solver_the_optimum_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    assert packing.solver() is None
    bins = boxes((11, 9000), (11, 9000))
    joint = place_all(FIVES_FOURS_THREES, on=bins)
    assert (joint.optimal, joint.feasible, joint.fewest, joint.most) == (None, None, 4, 4)
    # What needs no solver is known all the same.
    assert counts(place_all(FIVES_FOURS_THREES, on=boxes((24, 99))))[:2] == (6, True)
    assert place_all([workload("x", 10, 10, 9)], on=bins).feasible is False


def test_a_solver_without_a_proof_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "SOLVER_SECONDS", 0.0)
    kinds = [workload(f"w{n}", 5 + n % 7, 7 + n % 5, 6) for n in range(6)]
    joint = place_all(kinds, on=boxes(*[(31 + n, 33 + n) for n in range(6)]))
    assert joint.optimal is None


def test_a_problem_of_many_variables_is_not_given_to_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "SOLVER_VARIABLES", 5)
    joint = place_all(FIVES_FOURS_THREES, on=boxes((11, 9000), (11, 9000)))
    assert (joint.optimal, joint.feasible) == (None, None)


# The report.


def test_each_workload_says_what_it_would_have_alone() -> None:
    joint = place_all([workload("x", 10, 600, 5), workload("y", 10, 400, 2)], on=boxes((4096, 1000), (4096, 1000)))
    room = joint.by_workload["x"]
    assert (room.requested, room.alone, room.fewest, room.most) == (5, 2, 2, 2)
    assert joint.by_workload["y"].alone == 2


def test_warnings_name_their_workload() -> None:
    joint = place_all([workload("x", 10, 10, 1, constraints=[member_of("task:group != y")])], on=[instance()])
    assert joint.warnings == ("x: task:group != y: != on task:group is not documented",)


def test_alone_a_workload_is_placed_as_place_does() -> None:
    on = boxes((1000, 1000), (500, 500))
    assert place_all([workload("x", 100, 100, 99)], on=on).optimal == place(simple(100, 100), 99, on=on).placed


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UsageError, match="Two workloads have the same name"):
        place_all([workload("x", 1, 1, 1), workload("x", 2, 2, 1)], on=[])
    with pytest.raises(UsageError, match="The workload 'x' wants -1 copies"):
        place_all([workload("x", 1, 1, -1)], on=[])
