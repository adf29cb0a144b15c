"""Answers about Fargate: its quotas, and the tasks that use them in every ECS cluster of a region."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.aws.failures import AwsFailure
from ecs_preflight.facts import Gap, Known
from ecs_preflight.fargate_questions import fargate_quota as quota_question
from ecs_preflight.fargate_questions import fargate_tasks as tasks_question
from ecs_preflight.gather.fargate import fargate_quota, fargate_tasks
from tests.aws.canned import CannedAws, Refusal, Sent
from tests.checks.cluster_facts import ACCOUNT, REGION
from tests.gather.test_clusters import DENIED, E_SESSION, NO_CLUSTER, desk

QUOTA = quota_question(ACCOUNT, REGION, "L-3032A538")
TASKS = tasks_question(ACCOUNT, REGION)
NEVER_APPLIED = Refusal("NoSuchResourceException", "The request failed because the specified service or quota does not exist.")
TWO = {"clusterArns": ["arn:aws:ecs:us-east-1:1:cluster/a", "arn:aws:ecs:us-east-1:1:cluster/b"]}


def value(quota: float) -> dict[str, Any]:
    return {"Quota": {"Value": quota}}


def test_the_quota_in_force() -> None:
    aws = CannedAws({"GetServiceQuota": value(64)})
    assert fargate_quota(desk(aws), E_SESSION, QUOTA) == Known(64.0)
    assert aws.of("GetServiceQuota")[0].parameters == {"ServiceCode": "fargate", "QuotaCode": "L-3032A538"}


def test_a_quota_that_was_never_applied_is_the_default() -> None:
    aws = CannedAws({"GetServiceQuota": NEVER_APPLIED, "GetAWSDefaultServiceQuota": value(6)})
    assert fargate_quota(desk(aws), E_SESSION, QUOTA) == Known(6.0)


def test_a_quota_that_nobody_may_read_is_no_answer() -> None:
    with pytest.raises(AwsFailure):
        fargate_quota(desk(CannedAws({"GetServiceQuota": DENIED})), E_SESSION, QUOTA)


def asked_for_tasks(listed: Any, *, clusters: Any = None, **answers: Any) -> tuple[Any, CannedAws]:
    aws = CannedAws({"ListClusters": clusters or TWO, "ListTasks": listed, "DescribeTasks": answers.get("described", described)})
    return fargate_tasks(desk(aws), E_SESSION, TASKS), aws


def one_each(sent: Sent) -> dict[str, Any]:
    return {"taskArns": [f"arn:task/{sent.parameters['cluster'][-1]}"]}


def described(sent: Sent) -> dict[str, Any]:
    tasks = [
        {"taskArn": arn, "cpu": "512", "memory": "1024", "capacityProviderName": "FARGATE"} for arn in sent.parameters["tasks"]
    ]
    return {"tasks": tasks}


def test_every_cluster_is_asked_for_its_tasks_on_fargate() -> None:
    fact, aws = asked_for_tasks(one_each)
    assert [task.task_arn for task in fact.value.items] == ["arn:task/a", "arn:task/b"]
    assert [(task.size, task.capacity_provider_name) for task in fact.value.items] == [((512, 1024), "FARGATE")] * 2
    assert [sent.parameters["launchType"] for sent in aws.of("ListTasks")] == ["FARGATE", "FARGATE"]


def test_no_cluster_and_no_task_are_an_answer() -> None:
    assert asked_for_tasks(one_each, clusters={"clusterArns": []})[0].value.items == ()
    assert asked_for_tasks({"taskArns": []})[0].value.items == ()


def test_a_task_that_stopped_meanwhile_uses_nothing() -> None:
    stopped = {"tasks": [{"taskArn": "arn:task/a", "cpu": "512", "lastStatus": "STOPPED"}]}
    assert asked_for_tasks(one_each, described=stopped)[0].value.items == ()


def of_b(refusal: Refusal) -> Any:
    return lambda sent: refusal if sent.parameters["cluster"].endswith("/b") else one_each(sent)


def test_a_cluster_that_cannot_be_read_is_a_gap_and_hides_no_other() -> None:
    fact, _ = asked_for_tasks(of_b(DENIED))
    assert [task.task_arn for task in fact.value.items] == ["arn:task/a"]
    assert fact.value.gaps == (Gap(f"the tasks of {TWO['clusterArns'][1]}", f"{DENIED.code}: {DENIED.message}"),)


def test_one_that_was_deleted_meanwhile_is_none() -> None:
    fact, _ = asked_for_tasks(of_b(NO_CLUSTER))
    assert (len(fact.value.items), fact.value.gaps) == (1, ())


def test_where_no_cluster_can_be_read_there_is_no_answer() -> None:
    with pytest.raises(AwsFailure):
        asked_for_tasks(DENIED)
