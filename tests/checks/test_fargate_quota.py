"""CAPACITY004: the vCPU quotas of Fargate, less what runs there."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Absent, Unknown
from ecs_preflight.fargate_questions import fargate_quota, fargate_tasks
from ecs_preflight.findings import CheckResult, Outcome, Severity
from tests.checks.cluster_facts import (
    ACCOUNT,
    GAP,
    REGION,
    Facts,
    a_config,
    a_group_config,
    a_task,
    a_workload,
    asked,
    assert_not_green_by_ignorance,
    fargate_tasks_fact,
    judged,
    quota_fact,
)
from tests.spinnaker.server_groups import GONE

FAR = a_workload(name="far", cpu=1024, memory=2048, network_mode="awsvpc", launch_type="FARGATE")
SPOT = "L-36FBB829"


def of_workload(*facts: Facts, **changed: Any) -> CheckResult:
    """Four copies of one vCPU each."""
    return judged("CAPACITY004", a_config(workloads=[{**FAR, **changed}]), *facts)


def a_fargate_task(vcpus: int, **changed: Any) -> Any:
    return a_task(None, cpu=str(vcpus * 1024), memory="8192", launchType="FARGATE", **changed)


@pytest.mark.parametrize(
    ("quota", "running", "outcome"),
    [
        (4, (), Outcome.PASSED),
        (6, (a_fargate_task(2),), Outcome.PASSED),
        (6, (a_fargate_task(2), a_fargate_task(1)), Outcome.FAILED),
        (6, (a_fargate_task(4, capacityProviderName="FARGATE_SPOT"),), Outcome.PASSED),  # that has a quota of its own
        (0, (), Outcome.FAILED),
    ],
)
def test_the_quota_less_what_runs_holds_all_copies(quota: float, running: tuple[Any, ...], outcome: Outcome) -> None:
    assert of_workload(quota_fact(quota), fargate_tasks_fact(*running)).outcome is outcome


def test_a_failure_says_quota_use_and_the_call_to_make() -> None:
    result = of_workload(quota_fact(6), fargate_tasks_fact(a_fargate_task(4)))
    (problem,) = result.problems
    assert result.severity is Severity.ERROR
    assert problem.summary == "only 2 of 4 copies of 'far' fit in the vCPU quota of FARGATE"
    assert problem.evidence == (
        "the quota L-3032A538 (Fargate On-Demand vCPU resource count) is 6 vCPU, and 4 are in use in prod-ecs/us-east-1; "
        "one copy takes 1"
    )
    assert problem.remediation == (
        "aws service-quotas request-service-quota-increase --service-code fargate --quota-code L-3032A538 "
        "--desired-value 8 --region us-east-1"
    )


def test_a_pass_says_what_it_does_not_see() -> None:
    assert of_workload(quota_fact(6), fargate_tasks_fact()).reason == (
        "6 copies fit under the quota L-3032A538, of which pods of EKS may use some"
    )


@pytest.mark.parametrize(("spot", "outcome"), [(2, Outcome.PASSED), (1, Outcome.FAILED)])
def test_each_provider_of_a_strategy_has_its_own_quota(spot: float, outcome: Outcome) -> None:
    strategy = [{"capacityProvider": name, "weight": 1} for name in ("FARGATE", "FARGATE_SPOT")]
    config = a_group_config(
        launchType=GONE, networkMode="awsvpc", computeUnits=1024, reservedMemory=2048, capacityProviderStrategy=strategy
    )
    facts = (quota_fact(2), quota_fact(spot, SPOT), fargate_tasks_fact())
    result = judged("CAPACITY004", config, *facts)
    assert result.outcome is outcome
    assert outcome is Outcome.PASSED or "fit in the vCPU quota of FARGATE_SPOT" in result.problems[0].summary
    assert asked("CAPACITY004", config) == {"fargate-quota", "fargate-tasks"}


def test_a_strategy_that_ecs_would_refuse_is_a_finding() -> None:
    strategy = [{"capacityProvider": name, "weight": 1} for name in ("FARGATE", "asg")]
    config = a_group_config(launchType=GONE, networkMode="awsvpc", capacityProviderStrategy=strategy)
    result = judged("CAPACITY004", config, fargate_tasks_fact())
    assert result.problems[0].summary == "ECS would refuse the capacity providers of 'web'"


def test_a_size_that_fargate_does_not_have_is_not_its_business() -> None:
    result = of_workload(quota_fact(6), fargate_tasks_fact(), memory=999)
    assert (result.outcome, result.reason) == (Outcome.BLOCKED, "Fargate has no such task: INVALID_SIZE")


def test_what_does_not_run_on_fargate_asks_nothing() -> None:
    assert of_workload(launch_type="EC2").outcome is Outcome.NOT_APPLICABLE
    assert asked("CAPACITY004", a_config(workloads=[a_workload()])) == set()


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ((quota_fact(6),), Outcome.UNDETERMINED),
        ((quota_fact(6), fargate_tasks_fact(gaps=(GAP,))), Outcome.UNDETERMINED),
        ((fargate_tasks_fact(), {fargate_quota(ACCOUNT, REGION, "L-3032A538"): Unknown("q", "denied")}), Outcome.UNDETERMINED),
        ((quota_fact(6), {fargate_tasks(ACCOUNT, REGION): Absent("gone")}), Outcome.BLOCKED),
    ],
)
def test_what_was_not_seen(facts: tuple[Facts, ...], outcome: Outcome) -> None:
    assert of_workload(*facts).outcome is outcome


def test_what_only_a_run_of_the_pipeline_tells_is_not_guessed() -> None:
    config = a_group_config(launchType="FARGATE", networkMode="awsvpc", computeUnits="${cpu}")
    assert judged("CAPACITY004", config).outcome is Outcome.UNDETERMINED
    assert asked("CAPACITY004", config) == set()


def test_without_a_role_nobody_is_asked() -> None:
    config = a_config(workloads=[FAR], assume_role=None)
    assert judged("CAPACITY004", config).outcome is Outcome.BLOCKED
    assert asked("CAPACITY004", config) == set()


def test_no_answer_is_overlooked() -> None:
    assert_not_green_by_ignorance("CAPACITY004", a_config(workloads=[FAR]), quota_fact(6), fargate_tasks_fact())
