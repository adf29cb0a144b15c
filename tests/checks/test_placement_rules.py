"""CAPACITY007: what AWS documents no rule for is named, as far as the answer hangs on it."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Absent
from ecs_preflight.findings import CheckResult, Outcome, Severity
from tests.checks.cluster_facts import (
    DENIED,
    Facts,
    a_cluster,
    a_config,
    a_workload,
    an_instance,
    assert_not_green_by_ignorance,
    by_providers,
    cluster_fact,
    instances_fact,
    judged,
)

THERE = cluster_fact(a_cluster(capacityProviders=["a", "b"]))


def of_workload(*facts: Facts, **changed: Any) -> CheckResult:
    return judged("CAPACITY007", a_config(workloads=[a_workload(**changed)]), THERE, *facts)


def member_of(expression: str) -> dict[str, Any]:
    return {"placement_constraints": [{"type": "memberOf", "expression": expression}]}


def test_nothing_unwritten_is_well() -> None:
    assert of_workload(instances_fact(an_instance())).outcome is Outcome.PASSED
    assert of_workload(instances_fact()).outcome is Outcome.PASSED
    assert of_workload(instances_fact(an_instance(agentConnected=False))).outcome is Outcome.PASSED  # CLUSTER004 says so


@pytest.mark.parametrize(
    ("instance", "changed", "evidence"),
    [
        ({"healthStatus": {"overallStatus": "IMPAIRED"}}, {}, "is IMPAIRED"),
        ({}, member_of("attribute:x == a or attribute:x == b and attribute:y == c"), "and"),
    ],
)
def test_what_is_unwritten_is_named(instance: dict[str, Any], changed: dict[str, Any], evidence: str) -> None:
    result = of_workload(instances_fact(an_instance(**instance)), **changed)
    assert (result.outcome, result.severity) == (Outcome.FAILED, Severity.INFO)
    assert result.problems[0].summary == "where copies of 'web' go depends on what ECS does not document"
    assert evidence in result.problems[0].evidence


@pytest.mark.parametrize(("count", "outcome"), [(4, Outcome.PASSED), (5, Outcome.FAILED)])
def test_shares_that_do_not_come_out_even(count: int, outcome: Outcome) -> None:
    instances = instances_fact(an_instance(1, capacityProviderName="a"), an_instance(2, capacityProviderName="b"))
    result = judged("CAPACITY007", by_providers("a", "b", capacity={"desired": count}), THERE, instances)
    assert result.outcome is outcome
    assert outcome is Outcome.PASSED or "5 copies among a, b leave a remainder" in result.problems[0].evidence


def test_fargate_places_tasks_itself() -> None:
    assert of_workload(launch_type="FARGATE").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("facts", "changed", "outcome"),
    [
        ((cluster_fact(DENIED),), {}, Outcome.UNDETERMINED),
        ((cluster_fact(Absent("there is none")),), {}, Outcome.BLOCKED),
        ((instances_fact(an_instance()),), member_of("?"), Outcome.BLOCKED),
    ],
)
def test_what_cannot_be_judged(facts: tuple[Facts, ...], changed: dict[str, Any], outcome: Outcome) -> None:
    assert of_workload(*facts, **changed).outcome is outcome


def test_no_answer_is_overlooked() -> None:
    assert_not_green_by_ignorance("CAPACITY007", a_config(workloads=[a_workload()]), THERE, instances_fact(an_instance()))
