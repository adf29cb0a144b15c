"""CLUSTER004: agents are looked at twice before they are called disconnected."""

from __future__ import annotations

import pytest

from ecs_preflight.findings import Outcome, Severity
from tests.checks.cluster_facts import (
    GAP,
    Facts,
    a_cluster,
    a_config,
    again_fact,
    an_instance,
    asked,
    cluster_fact,
    instances_fact,
    judged,
)

THERE = cluster_fact(a_cluster())
ONE, TWO = an_instance(1), an_instance(2)
ONE_OFF, TWO_OFF = an_instance(1, agentConnected=False), an_instance(2, agentConnected=False)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "severity"),
    [
        # failure-modes.md F66: "Brief, periodic disconnections are expected"; sample twice before FAIL.
        (instances_fact(ONE, TWO), {}, Outcome.PASSED, Severity.ERROR),
        (instances_fact(ONE_OFF, TWO), again_fact(ONE, TWO), Outcome.PASSED, Severity.ERROR),
        (instances_fact(ONE_OFF, TWO), again_fact(ONE_OFF, TWO), Outcome.FAILED, Severity.WARNING),
        (instances_fact(ONE_OFF, TWO_OFF), again_fact(ONE_OFF, TWO_OFF), Outcome.FAILED, Severity.ERROR),
        (instances_fact(ONE_OFF, TWO_OFF), again_fact(ONE, TWO_OFF), Outcome.FAILED, Severity.WARNING),
        (instances_fact(ONE_OFF), again_fact(ONE_OFF), Outcome.FAILED, Severity.ERROR),
        # One left, the other dropped only now: neither was seen twice.
        (instances_fact(ONE_OFF, TWO), again_fact(TWO_OFF), Outcome.PASSED, Severity.ERROR),
        # None was connected at the second look, the second one for the first time: none can take a task.
        (instances_fact(ONE_OFF, TWO), again_fact(ONE_OFF, TWO_OFF), Outcome.FAILED, Severity.ERROR),
        (instances_fact(ONE_OFF), {}, Outcome.UNDETERMINED, Severity.ERROR),
        (instances_fact(), {}, Outcome.NOT_APPLICABLE, Severity.ERROR),
        (instances_fact(an_instance(status="DRAINING", agentConnected=False)), {}, Outcome.NOT_APPLICABLE, Severity.ERROR),
        (instances_fact(ONE, gaps=(GAP,)), {}, Outcome.UNDETERMINED, Severity.ERROR),
        (instances_fact(ONE_OFF), again_fact(ONE, gaps=(GAP,)), Outcome.UNDETERMINED, Severity.ERROR),
    ],
)
def test_two_looks(first: Facts, second: Facts, outcome: Outcome, severity: Severity) -> None:
    result = judged("CLUSTER004", a_config(), THERE, first, second)
    assert (result.outcome, result.severity) == (outcome, severity)


def test_all_agents_are_called_disconnected_only_where_all_were_seen() -> None:
    result = judged("CLUSTER004", a_config(), THERE, instances_fact(ONE_OFF), again_fact(ONE_OFF, gaps=(GAP,)))
    assert (result.outcome, result.problems[0].severity) == (Outcome.FAILED, Severity.WARNING)
    assert "Rate exceeded" in result.reason


def test_the_second_look_is_asked_for_only_after_a_bad_first_one() -> None:
    assert "container-instances-again" not in asked("CLUSTER004", a_config(), THERE)
    assert "container-instances-again" not in asked("CLUSTER004", a_config(), THERE, instances_fact(ONE))
    assert "container-instances-again" in asked("CLUSTER004", a_config(), THERE, instances_fact(ONE, TWO_OFF))


def test_the_problem_counts_and_names_them() -> None:
    (problem,) = judged("CLUSTER004", a_config(), THERE, instances_fact(ONE_OFF, TWO), again_fact(ONE_OFF, TWO)).problems
    assert problem.summary == "the agents of 1 of 2 container instances of 'production' are disconnected"
    assert "i-00000000000000001" in problem.evidence
    assert "--instance-ids i-00000000000000001 --region us-east-1" in problem.remediation
