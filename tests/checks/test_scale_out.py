"""CAPACITY002, and how CAPACITY001 stands beside it: what fits only once capacity providers have scaled out."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.answers import AutoScalingGroup
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import CapacityProvider
from ecs_preflight.facts import Absent, Unknown
from ecs_preflight.findings import CheckResult, Outcome, Severity
from ecs_preflight.questions import capacity_providers
from tests.checks.cluster_facts import (
    ACCOUNT,
    DENIED,
    GAP,
    REGION,
    Facts,
    a_cluster,
    a_config,
    a_group,
    a_provider,
    a_workload,
    an_instance,
    asked,
    assert_not_green_by_ignorance,
    by_providers,
    cluster_fact,
    groups_fact,
    instances_fact,
    judged,
    providers_fact,
)

THERE = cluster_fact(a_cluster(capacityProviders=["asg"]))
# One m5.large, which holds 8 copies of 256 CPU units and 512 MiB, of a group that may have four of them.
OURS = an_instance(1, capacityProviderName="asg", runningTasksCount=1)
GROUP = a_group(max_size=4, desired_capacity=1, instance_types=("m5.large",))


def config(count: int) -> PreflightConfig:
    return by_providers("asg", capacity={"desired": count})


def scaled(
    check: str, count: int, *, provider: CapacityProvider | None = None, group: AutoScalingGroup | None = GROUP, **cluster: Any
) -> CheckResult:
    providers = providers_fact(provider or a_provider())
    groups = groups_fact(*([group] if group else []), asked=("web-asg",))
    there = cluster_fact(a_cluster(**{"capacityProviders": ["asg"], **cluster}))
    return judged(check, config(count), there, instances_fact(OURS), providers, groups)


@pytest.mark.parametrize(
    ("count", "fits", "waits"),
    [
        (8, Outcome.PASSED, Outcome.PASSED),
        (9, Outcome.PASSED, Outcome.FAILED),
        (32, Outcome.PASSED, Outcome.FAILED),
        # failure-modes: MaxSize is reached, and the rest stays in PROVISIONING.
        (33, Outcome.FAILED, Outcome.BLOCKED),
    ],
)
def test_what_is_missing_is_an_error_only_where_scale_out_cannot_bring_it(count: int, fits: Outcome, waits: Outcome) -> None:
    assert scaled("CAPACITY001", count).outcome is fits
    assert scaled("CAPACITY002", count).outcome is waits


def test_a_wait_says_how_many_instances_it_takes() -> None:
    result = scaled("CAPACITY002", 12)
    (problem,) = result.problems
    assert result.severity is Severity.WARNING
    assert problem.summary == "4 of 12 copies of 'web' in ECS cluster 'production' wait for scale-out"
    assert problem.evidence == (
        "one copy takes 256 CPU units, 512 MiB; 8 fit now; capacity provider 'asg' needs 1 instance more "
        "(an empty m5.large holds 8), and can add 3 by itself; the group web-asg stands at 1 of at most 4 instances"
    )
    assert "set-desired-capacity --auto-scaling-group-name web-asg --desired-capacity 2 --region us-east-1" in problem.remediation


def test_the_pass_beside_it_says_who_brings_the_rest() -> None:
    assert scaled("CAPACITY001", 12).reason.startswith("8 of 12 fit now; capacity provider 'asg' needs 1 instance more")


def test_a_failure_says_why_scale_out_does_not_help() -> None:
    (problem,) = scaled("CAPACITY001", 33).problems
    assert "not even after scale-out: capacity provider 'asg' needs 4 instances more" in problem.evidence
    assert "the group web-asg stands at 1 of at most 4 instances" in problem.evidence


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"provider": a_provider(scaling="DISABLED")}, "managed scaling is off"),
        ({"provider": a_provider(status="DEPROVISIONING")}, "it is DEPROVISIONING"),
        ({"group": None}, "its Auto Scaling group web-asg does not exist"),
        ({"group": a_group(max_size=0, desired_capacity=0)}, "MaxSize of its Auto Scaling group web-asg is 0"),
        ({"group": a_group(suspended_processes=("Launch",))}, "Launch of its Auto Scaling group web-asg is suspended"),
        ({"group": a_group(max_size=1, desired_capacity=1, instance_types=("m5.large",))}, "and can add 0"),
        # "that group of tasks can't run with this capacity provider": t3.nano has 512 MiB, less what the host keeps.
        ({"group": a_group(instance_types=("m5.large", "t3.nano"))}, "that its smallest instance type cannot hold"),
    ],
)
def test_a_provider_that_brings_nothing(changed: dict[str, Any], why: str) -> None:
    result = scaled("CAPACITY001", 9, **changed)
    assert result.outcome is Outcome.FAILED
    assert why in result.problems[0].evidence
    blocked = scaled("CAPACITY002", 9, **changed)
    assert blocked.outcome is Outcome.BLOCKED
    assert why in blocked.reason


def test_a_provider_that_is_not_the_clusters_brings_nothing() -> None:
    there = cluster_fact(a_cluster(capacityProviders=[]))
    result = judged("CAPACITY001", config(9), there, instances_fact(OURS))
    assert "capacity provider 'asg' is not one of the cluster's, or does not exist" in result.problems[0].evidence


def test_managed_instances_come_as_they_are_needed() -> None:
    managed = providers_fact(a_provider(group=None))
    result = judged("CAPACITY002", config(9), THERE, instances_fact(OURS), managed)
    assert "has ECS launch instances as they are needed" in result.problems[0].evidence
    assert result.problems[0].remediation.startswith("Nothing need be done")


@pytest.mark.parametrize("check", ["CAPACITY001", "CAPACITY002"])
def test_types_of_unknown_size_decide_nothing(check: str) -> None:
    result = scaled(check, 9, group=a_group(instance_types=("x99.huge",)))
    assert result.outcome is Outcome.UNDETERMINED
    assert "of types whose size is not known" in result.reason


def test_each_provider_has_its_share() -> None:
    # Two providers of equal weight get five each; `spot` has no instance at all, and nothing to bring one.
    there = cluster_fact(a_cluster(capacityProviders=["asg", "spot"]))
    providers = providers_fact(a_provider(), a_provider("spot", scaling="DISABLED"))
    facts = (there, instances_fact(OURS, an_instance(2)), providers, groups_fact(GROUP))
    result = judged("CAPACITY001", by_providers("asg", "spot", capacity={"desired": 10}), *facts)
    (problem,) = result.problems
    assert problem.summary == "only 0 of 5 copies of 'web' in ECS cluster 'production' fit"
    assert "capacity provider 'spot' adds no instance: managed scaling is off" in problem.evidence


def test_a_strategy_that_ecs_would_refuse_is_a_finding() -> None:
    refused = by_providers("asg", "FARGATE_SPOT", "asg", capacity={"desired": 1})
    assert judged("CAPACITY002", refused, THERE).outcome is Outcome.NOT_APPLICABLE  # Fargate, as far as anything says
    twice = by_providers("asg", "asg", capacity={"desired": 1})
    for check in ("CAPACITY001", "CAPACITY002"):
        result = judged(check, twice, THERE, instances_fact(OURS))
        assert result.problems[0].summary == "ECS would refuse the placement of 'web'"
        assert "comes twice in the strategy" in result.problems[0].evidence


def test_tasks_of_a_launch_type_make_nothing_scale_out() -> None:
    result = judged("CAPACITY002", a_config(workloads=[a_workload()]), THERE, instances_fact(OURS))
    assert (result.outcome, result.reason) == (
        Outcome.NOT_APPLICABLE,
        "tasks of a launch type make no capacity provider scale out",
    )
    fargate = judged("CAPACITY002", a_config(workloads=[a_workload(launch_type="FARGATE")]))
    assert fargate.outcome is Outcome.NOT_APPLICABLE


def test_what_decides_is_asked_and_no_more() -> None:
    seen = (THERE, instances_fact(OURS))
    assert asked("CAPACITY002", config(8), *seen) == {"cluster", "container-instances"}
    assert asked("CAPACITY002", config(9), *seen) == {"cluster", "container-instances", "capacity-providers"}
    assert "auto-scaling-groups" in asked("CAPACITY001", config(9), *seen, providers_fact(a_provider()))


@pytest.mark.parametrize("check", ["CAPACITY001", "CAPACITY002"])
@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ((cluster_fact(DENIED),), Outcome.UNDETERMINED),
        ((cluster_fact(Absent("there is none")),), Outcome.BLOCKED),
        ((THERE, instances_fact(OURS, gaps=(GAP,)), providers_fact(a_provider()), groups_fact(GROUP)), None),
        (
            (THERE, instances_fact(OURS), {capacity_providers(ACCOUNT, REGION, ("asg",)): Unknown("ecs:Describe", "denied")}),
            Outcome.UNDETERMINED,
        ),
    ],
)
def test_what_was_not_seen(check: str, facts: tuple[Facts, ...], outcome: Outcome | None) -> None:
    result = judged(check, config(9), *facts)
    assert result.outcome is (outcome or (Outcome.PASSED if check == "CAPACITY001" else Outcome.UNDETERMINED))


def test_no_answer_is_overlooked() -> None:
    facts = (THERE, instances_fact(OURS), providers_fact(a_provider()), groups_fact(GROUP))
    assert_not_green_by_ignorance("CAPACITY001", config(12), *facts)
    assert_not_green_by_ignorance("CAPACITY002", config(8), THERE, instances_fact(OURS))
