"""CLUSTER008: capacity providers that cannot do what they are for."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.findings import Outcome, Severity
from tests.checks.cluster_facts import (
    GAP,
    Facts,
    a_cluster,
    a_config,
    a_group,
    a_provider,
    asked,
    cluster_fact,
    groups_fact,
    judged,
    providers_fact,
)
from tests.checks.network_facts import deploying


def strategy(**weights: int) -> list[dict[str, Any]]:
    return [{"capacityProvider": name, "weight": weight} for name, weight in weights.items()]


def judged_with(provider: Any, group: Any, **changed: Any) -> Any:
    found = {"capacityProviders": ["asg"], "defaultCapacityProviderStrategy": strategy(asg=1), **changed}
    return judged(
        "CLUSTER008",
        a_config(),
        cluster_fact(a_cluster(**found)),
        providers_fact(*([provider] if provider else []), asked=("asg",)),
        groups_fact(*([group] if group else []), asked=("web-asg",)),
    )


def test_a_provider_that_can_scale_passes() -> None:
    assert judged_with(a_provider(updateStatus="UPDATE_COMPLETE"), a_group()).outcome is Outcome.PASSED


def test_a_provider_whose_instances_ecs_manages_has_no_group() -> None:
    assert judged_with(a_provider(group=None), None).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("provider", "group", "severity", "said", "mend"),
    [
        # failure-modes.md F88
        (None, None, Severity.ERROR, "does not exist", "put-cluster-capacity-providers"),
        (a_provider(status="INACTIVE"), a_group(), Severity.ERROR, "is INACTIVE", "describe-capacity-providers"),
        (
            a_provider(updateStatus="UPDATE_FAILED", updateStatusReason="no such group"),
            a_group(),
            Severity.ERROR,
            "ended in UPDATE_FAILED",
            "update it again",
        ),
        (a_provider(), None, Severity.ERROR, "Auto Scaling group of capacity provider 'asg' does not exist", "web-asg"),
        # F82
        (a_provider(scaling="DISABLED"), a_group(), Severity.WARNING, "managed scaling of", "managedScaling={status=ENABLED"),
        (a_provider(scaling="DISABLED"), a_group(desired_capacity=0), Severity.ERROR, "is DISABLED", "status=ENABLED"),
        # F81
        (a_provider(), a_group(max_size=0), Severity.ERROR, "has MaxSize 0", "--max-size"),
        # F85
        (a_provider(), a_group(suspended_processes=("Launch",)), Severity.ERROR, "suspended Launch", "resume-processes"),
        (a_provider(), a_group(suspended_processes=("AZRebalance",)), Severity.WARNING, "suspended AZRebalance", "resume"),
        # F86, F87
        (
            a_provider(),
            a_group(is_tagged_for_ecs=False),
            Severity.WARNING,
            "lost its tag AmazonECSManaged",
            "Key=AmazonECSManaged",
        ),
        (a_provider(), a_group(weighs_instances=True), Severity.WARNING, "gives instance types weights", "WeightedCapacity"),
        (a_provider(), a_group(has_warm_pool=True, reuses_instances=True), Severity.WARNING, "warm pool", "ReuseOnScaleIn=false"),
    ],
)
def test_what_makes_a_provider_unusable(provider: Any, group: Any, severity: Severity, said: str, mend: str) -> None:
    result = judged_with(provider, group)
    (problem,) = result.problems
    assert (result.outcome, result.severity) == (Outcome.FAILED, severity)
    assert said in problem.summary
    assert mend in problem.remediation
    assert problem.evidence


def test_a_group_that_ecs_does_not_scale_may_be_as_it_is() -> None:
    provider, group = a_provider(scaling="DISABLED"), a_group(is_tagged_for_ecs=False, weighs_instances=True)
    (problem,) = judged_with(provider, group).problems
    assert "managed scaling of" in problem.summary


def test_the_user_data_of_a_warm_pool_is_said_not_to_be_looked_at() -> None:
    result = judged_with(a_provider(), a_group(has_warm_pool=True))
    assert (result.outcome, "ECS_WARM_POOLS_CHECK" in result.reason) == (Outcome.PASSED, True)


@pytest.mark.parametrize(
    ("named", "found", "outcome"),
    [
        ("asg", {"capacityProviders": ["asg"]}, Outcome.PASSED),
        ("FARGATE", {"capacityProviders": ["asg", "FARGATE"]}, Outcome.PASSED),
        ("FARGATE_SPOT", {"capacityProviders": ["asg", "FARGATE"]}, Outcome.FAILED),
        ("spot", {"capacityProviders": ["asg"]}, Outcome.FAILED),
    ],
)
def test_what_a_server_groups_own_strategy_names_is_associated(named: str, found: dict[str, Any], outcome: Outcome) -> None:
    config = deploying(launchType=None, capacityProviderStrategy=strategy(**{named: 1}))
    facts = (cluster_fact(a_cluster(**found)), providers_fact(a_provider()), groups_fact(a_group()))
    result = judged("CLUSTER008", config, *facts)
    assert result.outcome is outcome
    for problem in result.problems:
        assert problem.summary == f"'web' names '{named}', which is not associated with 'production'"
        assert f"--capacity-providers {' '.join(found['capacityProviders'])} {named} " in problem.remediation
    bare = judged("CLUSTER008", config, cluster_fact(a_cluster()))
    assert bare.outcome is Outcome.FAILED


def test_the_reason_of_a_failed_update_is_told() -> None:
    (problem,) = judged_with(a_provider(updateStatus="UPDATE_FAILED", updateStatusReason="no such group"), a_group()).problems
    assert "no such group" in problem.evidence


def test_a_strategy_names_a_provider_that_is_not_associated() -> None:
    result = judged_with(a_provider(), a_group(), defaultCapacityProviderStrategy=strategy(FARGATE=1, asg=1))
    (problem,) = result.problems
    assert problem.summary == "'FARGATE' is in the default strategy of 'production', not associated"
    assert "--capacity-providers asg FARGATE" in problem.remediation


def test_a_strategy_of_zeros_places_nothing() -> None:
    result = judged_with(a_provider(), a_group(), defaultCapacityProviderStrategy=strategy(asg=0))
    assert "every weight" in result.problems[0].summary


@pytest.mark.parametrize(
    ("found", "outcome", "asks"),
    [
        (a_cluster(), Outcome.NOT_APPLICABLE, {"cluster"}),
        (a_cluster(capacityProviders=["FARGATE", "FARGATE_SPOT"]), Outcome.PASSED, {"cluster"}),
        (a_cluster(capacityProviders=["asg"]), Outcome.UNDETERMINED, {"cluster", "capacity-providers"}),
    ],
)
def test_awss_own_providers_are_not_asked_about(found: Any, outcome: Outcome, asks: set[str]) -> None:
    facts: Facts = cluster_fact(found)
    assert judged("CLUSTER008", a_config(), facts).outcome is outcome
    assert asked("CLUSTER008", a_config(), facts) == asks


def test_a_gap_is_undetermined() -> None:
    facts = (cluster_fact(a_cluster(capacityProviders=["asg"])), providers_fact(a_provider()))
    assert judged("CLUSTER008", a_config(), *facts, groups_fact(asked=("web-asg",), gaps=(GAP,))).outcome is Outcome.UNDETERMINED


def test_summaries_hold_long_names() -> None:
    name = "p" * 255
    found = a_cluster(capacityProviders=[name], defaultCapacityProviderStrategy=strategy(missing=0, **{name: 0}))
    everything = ("Terminate", "HealthCheck", "ReplaceUnhealthy", "AddToLoadBalancer", "AZRebalance")
    group = a_group(max_size=0, suspended_processes=everything)
    provider = a_provider(name, scaling="DISABLED", status="DEPROVISIONING")
    result = judged("CLUSTER008", a_config(), cluster_fact(found), providers_fact(provider), groups_fact(group))
    assert len(result.problems) == 6
    assert max(len(problem.summary) for problem in result.problems) < 100
