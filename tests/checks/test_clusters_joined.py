"""CLUSTER006: the instances of the Auto Scaling group are in the cluster, and not in `default`."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Absent, Gap
from ecs_preflight.findings import Outcome, Severity
from tests.checks.cluster_facts import (
    GAP,
    NAME,
    Facts,
    a_cluster,
    a_config,
    a_group,
    a_provider,
    a_workload,
    an_instance,
    asked,
    cluster_fact,
    clusters_fact,
    groups_fact,
    instances_fact,
    judged,
    providers_fact,
)

ONE, TWO = an_instance(1), an_instance(2)
IDS = (str(ONE.ec2_instance_id), str(TWO.ec2_instance_id))
WITH_GROUP: Facts = {
    **cluster_fact(a_cluster(capacityProviders=["FARGATE", "asg"])),
    **providers_fact(a_provider()),
    **groups_fact(a_group(instance_ids=IDS)),
}


@pytest.mark.parametrize(
    ("instances", "outcome"),
    [
        (instances_fact(ONE, TWO), Outcome.PASSED),
        (instances_fact(ONE, TWO, gaps=(GAP,)), Outcome.PASSED),
        (instances_fact(ONE), Outcome.FAILED),
        (instances_fact(ONE, gaps=(GAP,)), Outcome.UNDETERMINED),
        ({}, Outcome.UNDETERMINED),
    ],
)
def test_an_instance_in_service_that_is_no_container_instance_is_said(instances: Facts, outcome: Outcome) -> None:
    result = judged("CLUSTER006", a_config(), WITH_GROUP, instances)
    assert result.outcome is outcome
    if outcome is Outcome.FAILED:
        (problem,) = result.problems
        assert result.severity is Severity.WARNING
        assert problem.summary == "1 of 2 instances of 'web-asg' are not in 'production'"
        assert IDS[1] in problem.evidence
        assert "echo ECS_CLUSTER=production" in problem.remediation


def test_a_cluster_without_groups_has_nothing_to_compare() -> None:
    result = judged("CLUSTER006", a_config(), cluster_fact(a_cluster()))
    assert result.outcome is Outcome.NOT_APPLICABLE


def empty(**changed: Any) -> Facts:
    return cluster_fact(a_cluster(registeredContainerInstancesCount=0, **changed))


DEFAULT = cluster_fact(a_cluster("default", registeredContainerInstancesCount=3), "default")
EMPTY_DEFAULT = cluster_fact(a_cluster("default", registeredContainerInstancesCount=0), "default")


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        # failure-modes.md F65: amazon-ecs-agent#826.
        ((empty(), clusters_fact(NAME, "default"), DEFAULT), Outcome.FAILED),
        ((empty(), clusters_fact(NAME, "default"), EMPTY_DEFAULT), Outcome.PASSED),
        ((empty(), clusters_fact(NAME)), Outcome.PASSED),
        ((empty(), clusters_fact(NAME, gaps=(Gap("ListClusters", "Throttling"),))), Outcome.UNDETERMINED),
        ((empty(), clusters_fact(NAME, "default")), Outcome.UNDETERMINED),
        ((empty(), clusters_fact(NAME, "default"), cluster_fact(Absent("gone"), "default")), Outcome.BLOCKED),
        ((empty(),), Outcome.UNDETERMINED),
        ((empty(capacityProviders=["FARGATE"]),), Outcome.NOT_APPLICABLE),
    ],
)
def test_an_empty_cluster_may_have_lost_its_instances_to_default(facts: tuple[Facts, ...], outcome: Outcome) -> None:
    result = judged("CLUSTER006", a_config(), *facts)
    assert result.outcome is outcome
    if outcome is Outcome.FAILED:
        assert result.problems[0].summary == "'production' is empty, and 3 container instances are in 'default'"


def test_default_itself_is_not_compared_with_itself() -> None:
    config = a_config(named=("default",))
    assert judged("CLUSTER006", config, EMPTY_DEFAULT).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(("launch_type", "asks"), [("EC2", True), ("FARGATE", False)])
def test_what_is_to_run_on_fargate_misses_no_instances(launch_type: str, asks: bool) -> None:
    config = a_config(workloads=[a_workload(launch_type=launch_type)])
    assert ("clusters" in asked("CLUSTER006", config, empty())) == asks
