"""CLUSTER003 and CLUSTER005: container instances are there, and take tasks."""

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
    a_workload,
    an_instance,
    asked,
    cluster_fact,
    groups_fact,
    instances_fact,
    judged,
    providers_fact,
)

EXTERNAL = an_instance(9, ec2InstanceId="mi-0123456789abcdef0")


def empty(*providers: str) -> Facts:
    return {
        **cluster_fact(a_cluster(capacityProviders=list(providers), registeredContainerInstancesCount=0)),
        **instances_fact(),
    }


@pytest.mark.parametrize(
    ("workloads", "providers", "severity"),
    [
        (None, (), Severity.ERROR),
        (None, ("FARGATE",), Severity.WARNING),
        (None, ("FARGATE_SPOT",), Severity.WARNING),
        ([a_workload(launch_type="EC2")], ("FARGATE",), Severity.ERROR),
        ([a_workload(launch_type="FARGATE"), a_workload(name="api")], ("FARGATE",), Severity.ERROR),
        ([a_workload(launch_type="EXTERNAL")], (), Severity.WARNING),
    ],
)
def test_how_bad_it_is_depends_on_who_needs_instances(
    workloads: list[dict[str, Any]] | None, providers: tuple[str, ...], severity: Severity
) -> None:
    result = judged("CLUSTER003", a_config(workloads=workloads), empty(*providers))
    assert (result.outcome, result.severity) == (Outcome.FAILED, severity)
    assert "has no container instance" in result.problems[0].summary
    assert "echo ECS_CLUSTER=production" in result.problems[0].remediation


@pytest.mark.parametrize("providers", [(), ("FARGATE",), ("asg",)])
@pytest.mark.parametrize("count", [1, 2])
def test_fargate_alone_needs_no_instance_and_asks_nothing(count: int, providers: tuple[str, ...]) -> None:
    config = a_config(workloads=[a_workload(name=f"w{n}", launch_type="FARGATE") for n in range(count)])
    result = judged("CLUSTER003", config, empty(*providers))
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert result.reason == "every workload that is stated for the ECS cluster runs on Fargate"
    assert asked("CLUSTER003", config, empty(*providers)) == set()


@pytest.mark.parametrize("status", ["ACTIVE", "DRAINING", "REGISTERING"])
def test_an_instance_is_an_instance_whatever_its_status(status: str) -> None:
    facts = (cluster_fact(a_cluster()), instances_fact(an_instance(status=status)))
    assert judged("CLUSTER003", a_config(), *facts).outcome is Outcome.PASSED
    assert asked("CLUSTER003", a_config(), *facts) == {"cluster", "container-instances"}


def test_external_instances_serve_no_task_of_ec2() -> None:
    result = judged("CLUSTER003", a_config(), cluster_fact(a_cluster()), instances_fact(EXTERNAL))
    assert result.outcome is Outcome.FAILED
    assert "1 external instances" in result.problems[0].evidence


# failure-modes.md F81, F82, F85, F88: what keeps a provider from bringing the first instance.
@pytest.mark.parametrize(
    ("provider", "group", "outcome", "why"),
    [
        (a_provider(), a_group(), Outcome.PASSED, ""),
        (a_provider(), a_group(suspended_processes=("AZRebalance",)), Outcome.PASSED, ""),
        (a_provider(group=None), None, Outcome.PASSED, ""),
        (a_provider(scaling="DISABLED"), a_group(), Outcome.FAILED, "managed scaling DISABLED"),
        (a_provider(), a_group(max_size=0), Outcome.FAILED, "MaxSize 0"),
        (a_provider(), a_group(suspended_processes=("Launch",)), Outcome.FAILED, "suspended: Launch"),
        (a_provider(), a_group(suspended_processes=("AlarmNotification",)), Outcome.FAILED, "AlarmNotification"),
        (a_provider(status="INACTIVE"), a_group(), Outcome.FAILED, "asg is INACTIVE"),
        (a_provider(), None, Outcome.FAILED, "its Auto Scaling group web-asg does not exist"),
        (None, None, Outcome.FAILED, "asg does not exist"),
    ],
)
def test_a_provider_that_can_scale_from_zero_counts(provider: Any, group: Any, outcome: Outcome, why: str) -> None:
    facts: list[Facts] = [empty("asg"), providers_fact(*([provider] if provider else []), asked=("asg",))]
    facts.append(groups_fact(*([group] if group else []), asked=("web-asg",)))
    result = judged("CLUSTER003", a_config(), *facts)
    assert result.outcome is outcome
    assert not why or why in result.problems[0].evidence


@pytest.mark.parametrize(
    ("items", "outcome"),
    [((an_instance(),), Outcome.PASSED), ((), Outcome.UNDETERMINED), ((EXTERNAL,), Outcome.UNDETERMINED)],
)
def test_part_of_the_list_proves_that_one_is_there_and_not_that_none_is(items: Any, outcome: Outcome) -> None:
    assert judged("CLUSTER003", a_config(), cluster_fact(a_cluster()), instances_fact(*items, gaps=(GAP,))).outcome is outcome


def test_providers_that_could_not_be_read_are_undetermined() -> None:
    assert judged("CLUSTER003", a_config(), empty("asg")).outcome is Outcome.UNDETERMINED
    gap = providers_fact(asked=("asg",), gaps=(GAP,))
    assert judged("CLUSTER003", a_config(), empty("asg"), gap).outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("status", ["DRAINING", "REGISTERING", "REGISTRATION_FAILED", "DEREGISTERING"])
def test_an_instance_that_takes_no_tasks_is_a_warning(status: str) -> None:
    facts = instances_fact(an_instance(1), an_instance(2, status=status), an_instance(3, status=status))
    result = judged("CLUSTER005", a_config(), cluster_fact(a_cluster()), facts)
    assert (result.outcome, result.severity) == (Outcome.FAILED, Severity.WARNING)
    (problem,) = result.problems
    assert problem.summary == "2 of 3 container instances of 'production' take no tasks"
    assert f"2 {status}: i-00000000000000002 {status}" in problem.evidence
    assert ("update-container-instances-state" in problem.remediation) == (status == "DRAINING")


def test_an_impaired_instance_is_a_warning() -> None:
    facts = instances_fact(an_instance(1, healthStatus={"overallStatus": "IMPAIRED"}), an_instance(2))
    (problem,) = judged("CLUSTER005", a_config(), cluster_fact(a_cluster()), facts).problems
    assert problem.summary == "1 of 2 container instances of 'production' are IMPAIRED"


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (instances_fact(an_instance()), Outcome.PASSED),
        (instances_fact(an_instance(healthStatus={"overallStatus": "OK"})), Outcome.PASSED),
        (instances_fact(), Outcome.NOT_APPLICABLE),
        (instances_fact(an_instance(), gaps=(GAP,)), Outcome.UNDETERMINED),
        (instances_fact(an_instance(status="DRAINING"), gaps=(GAP,)), Outcome.FAILED),
        ({}, Outcome.UNDETERMINED),
    ],
)
def test_what_is_not_seen_is_not_known_to_take_tasks(facts: Facts, outcome: Outcome) -> None:
    assert judged("CLUSTER005", a_config(), cluster_fact(a_cluster()), facts).outcome is outcome
