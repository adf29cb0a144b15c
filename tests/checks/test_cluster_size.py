"""CLUSTER010: clusters near what AWS takes, or answers."""

from __future__ import annotations

import pytest

from ecs_preflight.findings import CheckResult, Outcome, Severity
from tests.checks.cluster_facts import DENIED, a_cluster, a_config, asked, cluster_fact, judged


def of_size(services: int = 3, instances: int = 2, tasks: int = 9) -> CheckResult:
    found = a_cluster(activeServicesCount=services, registeredContainerInstancesCount=instances, runningTasksCount=tasks)
    return judged("CLUSTER010", a_config(), cluster_fact(found))


@pytest.mark.parametrize(
    ("size", "told"),
    [
        ({}, None),
        ({"services": 4499, "instances": 4499, "tasks": 7499}, None),
        ({"services": 4500}, "has 4500 active services: AWS takes 5000 unless that was raised"),
        ({"instances": 4500}, "has 4500 container instances: AWS takes 5000 unless that was raised"),
        ({"tasks": 7500}, "7500 tasks run in ECS cluster 'production': clouddriver may be throttled"),
    ],
)
def test_what_is_near_is_told(size: dict[str, int], told: str | None) -> None:
    result = of_size(**size)
    assert result.outcome is (Outcome.FAILED if told else Outcome.PASSED)
    assert result.severity is Severity.WARNING
    assert told is None or told in result.problems[0].summary


def test_each_quota_is_told_by_itself() -> None:
    result = of_size(services=5000, instances=5000, tasks=9000)
    assert len(result.problems) == 3
    assert result.problems[0].remediation.startswith("Delete server groups that are not needed, or use a further cluster")
    assert result.problems[1].remediation.startswith("Use larger instance types, or a further cluster")
    assert "AmazonECS: {defaults: {rateLimit: 5.0}}" in result.problems[2].remediation


def test_a_cluster_that_was_not_seen_is_undetermined() -> None:
    assert judged("CLUSTER010", a_config(), cluster_fact(DENIED)).outcome is Outcome.UNDETERMINED
    assert asked("CLUSTER010", a_config()) == {"cluster"}
