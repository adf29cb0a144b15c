"""The property that guards the whole: hide the answer to any one question of a green run, and it is not green."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.facts import Absent, Question, Snapshot, Unknown
from ecs_preflight.findings import CheckResult
from ecs_preflight.gather.rounds import gather
from ecs_preflight.judge import judge
from ecs_preflight.plan import Plan, make_plan
from ecs_preflight.questions import ALL_KINDS, CONTAINER_INSTANCES_AGAIN
from ecs_preflight.sandbox.run import sandbox
from tests.acceptance.worlds import GREEN

# Asked only once something is amiss: no green run depends on them.
_ONLY_WHEN_AMISS = {CONTAINER_INSTANCES_AGAIN}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Plan, Snapshot]]:
    gathered = {}
    for name, setting in GREEN.items():
        config = setting.config(tmp_path_factory.mktemp("green"))
        plan = make_plan(config, setting.select)
        with sandbox(config, setting.world(config)) as access:
            gathered[name] = (plan, gather(plan, access))
    return gathered


def _unwell(plan: Plan, snapshot: Snapshot) -> list[CheckResult]:
    return [result for result in judge(plan, snapshot).results if not result.outcome.is_green]


@pytest.mark.parametrize("name", GREEN)
def test_the_runs_are_green(runs: dict[str, tuple[Plan, Snapshot]], name: str) -> None:
    plan, snapshot = runs[name]

    assert [(result.check, result.target.id, result.reason, result.problems) for result in _unwell(plan, snapshot)] == []


@pytest.mark.parametrize("name", GREEN)
def test_hiding_any_answer_is_not_green(runs: dict[str, tuple[Plan, Snapshot]], name: str) -> None:
    plan, snapshot = runs[name]
    overlooked: list[tuple[Question[Any], str]] = []
    for question in snapshot.facts:
        for hidden in (Absent("hidden"), Unknown("hidden:Call", "hidden")):
            if not _unwell(plan, snapshot.with_fact(question, hidden)):
                overlooked.append((question, type(hidden).__name__))

    assert len(snapshot.facts) > 4
    assert overlooked == []


@pytest.mark.parametrize("name", GREEN)
def test_every_check_by_itself_misses_every_answer_that_it_declares(runs: dict[str, tuple[Plan, Snapshot]], name: str) -> None:
    plan, snapshot = runs[name]
    for item in plan.items:
        alone = Plan(plan.config, (item,), plan.selected)
        for question in item.questions(plan.config, snapshot):
            for hidden in (Absent("hidden"), Unknown("hidden:Call", "hidden")):
                assert _unwell(alone, snapshot.with_fact(question, hidden)), f"{item.id} overlooks {question}"


def test_an_answer_that_was_never_given_is_not_green(runs: dict[str, tuple[Plan, Snapshot]]) -> None:
    plan, snapshot = runs["nothing but clouddriver.yml"]
    empty = Snapshot()
    results = {result.check: result.outcome for result in judge(plan, empty).results}

    assert snapshot.facts
    for item in plan.items:
        if item.questions(plan.config, empty):
            assert not results[item.check.id].is_green


def test_together_the_runs_raise_every_kind_of_question_and_every_check(runs: dict[str, tuple[Plan, Snapshot]]) -> None:
    asked = {question.kind for _, snapshot in runs.values() for question in snapshot.facts}
    planned = {item.check.id for plan, _ in runs.values() for item in plan.items}

    assert set(ALL_KINDS) - _ONLY_WHEN_AMISS - asked == set()
    assert {check.id for check in ALL_CHECKS if check.family != "WAIVER"} - planned == set()
