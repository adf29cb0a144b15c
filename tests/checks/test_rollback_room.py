"""CAPACITY003: a rollback, which asks for the maximum, finds room."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Absent
from ecs_preflight.findings import CheckResult, Outcome, Severity
from tests.checks.cluster_facts import (
    DENIED,
    GAP,
    Facts,
    a_cluster,
    a_config,
    a_group,
    a_group_config,
    a_provider,
    a_workload,
    an_instance,
    assert_not_green_by_ignorance,
    by_providers,
    cluster_fact,
    groups_fact,
    instances_fact,
    judged,
    providers_fact,
    tasks_fact,
)

THERE = cluster_fact(a_cluster(capacityProviders=["asg"]))


def of_group(*facts: Facts, **changed: Any) -> CheckResult:
    """A server group that may have 6 copies of 256 CPU units and starts with 4."""
    return judged("CAPACITY003", a_group_config(**changed), THERE, *facts)


@pytest.mark.parametrize(("cpu", "outcome"), [(1536, Outcome.PASSED), (1535, Outcome.FAILED)])
def test_the_maximum_fits_beside_what_runs(cpu: int, outcome: Outcome) -> None:
    assert of_group(instances_fact(an_instance(cpu=cpu))).outcome is outcome


def test_a_failure_says_what_a_rollback_asks_for() -> None:
    result = of_group(instances_fact(an_instance(cpu=1024)))
    (problem,) = result.problems
    assert (result.severity, problem.severity) == (Severity.WARNING, Severity.WARNING)
    assert problem.summary == "only 4 of 6 copies for a rollback of 'web' fit"
    assert "a rollback asks for the maximum of 6" in problem.evidence
    assert problem.remediation.startswith("Add 1 container instance of type m5.large")


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"strategy": "highlander"}, "highlander destroys"),
        ({"capacity": {"min": 4, "max": 4, "desired": 4}}, "no more than the deployment itself"),
        ({"capacity": {"desired": 4}}, "no maximum is stated"),
        ({"launchType": "FARGATE", "networkMode": "awsvpc"}, "Fargate brings its own capacity"),
    ],
)
def test_where_no_rollback_asks_for_more(changed: dict[str, Any], why: str) -> None:
    result = of_group(**changed)
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert why in result.reason


def test_sizes_alone_have_no_maximum() -> None:
    assert judged("CAPACITY003", a_config(workloads=[a_workload()]), THERE).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("most", "outcome"), [(2, Outcome.PASSED), (1, Outcome.FAILED)])
def test_capacity_providers_may_bring_the_room(most: int, outcome: Outcome) -> None:
    facts = (
        THERE,
        instances_fact(an_instance(cpu=1024, capacityProviderName="asg")),
        providers_fact(a_provider()),
        groups_fact(a_group(max_size=most, desired_capacity=1, instance_types=("m5.large",))),
    )
    assert judged("CAPACITY003", by_providers("asg"), *facts).outcome is outcome


def test_types_of_unknown_size_decide_nothing() -> None:
    facts = (THERE, instances_fact(), providers_fact(a_provider()), groups_fact(a_group(instance_types=("x99.huge",))))
    assert judged("CAPACITY003", by_providers("asg"), *facts).outcome is Outcome.UNDETERMINED


def test_what_ecs_would_refuse_is_a_finding() -> None:
    refused = [{"type": "memberOf", "expression": "attribute:x =="}]
    result = of_group(instances_fact(an_instance()), placementConstraints=refused)
    assert result.problems[0].summary == "ECS would refuse the placement of 'web'"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ((cluster_fact(DENIED),), Outcome.UNDETERMINED),
        ((cluster_fact(Absent("there is none")),), Outcome.BLOCKED),
        ((THERE, instances_fact(gaps=(GAP,))), Outcome.UNDETERMINED),
    ],
)
def test_what_was_not_seen(facts: tuple[Facts, ...], outcome: Outcome) -> None:
    assert judged("CAPACITY003", a_group_config(), *facts).outcome is outcome


def test_what_only_a_run_of_the_pipeline_tells_is_not_guessed() -> None:
    assert of_group(instances_fact(an_instance()), reservedMemory="${memory}").outcome is Outcome.UNDETERMINED


def test_the_maximum_is_enough_to_know() -> None:
    awsvpc = {"networkMode": "awsvpc", "capacity": {"desired": "${count}", "max": 2}}
    facts = (instances_fact(an_instance(1, runningTasksCount=1)), tasks_fact())
    assert of_group(*facts, **awsvpc).outcome is Outcome.PASSED
    assert of_group(*facts, **{**awsvpc, "capacity": {"desired": "${count}", "max": 3}}).outcome is Outcome.FAILED


def test_no_answer_is_overlooked() -> None:
    assert_not_green_by_ignorance("CAPACITY003", a_group_config(), THERE, instances_fact(an_instance()))
