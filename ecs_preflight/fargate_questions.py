"""What may be asked about Fargate: the vCPU quotas of an account and region, and what uses them."""

from __future__ import annotations

from typing import Any

from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Asker, Kind, Listing, Question

_READERS = (Asker.ECS_SESSION, Asker.READER)

FARGATE_QUOTA: Kind[float] = Kind(
    "fargate-quota",
    float,
    ("servicequotas:GetServiceQuota",),
    _READERS,
    optional_actions=("servicequotas:GetAWSDefaultServiceQuota",),
)
FARGATE_TASKS: Kind[Listing[RunningTask]] = Kind(
    "fargate-tasks", Listing[RunningTask], ("ecs:ListClusters", "ecs:ListTasks", "ecs:DescribeTasks"), _READERS
)
FARGATE_KINDS: tuple[Kind[Any], ...] = (FARGATE_QUOTA, FARGATE_TASKS)


def fargate_quota(account: str, region: str, code: str) -> Question[float]:
    """A quota of Fargate's, by its code: how many vCPUs all tasks and pods of the AWS account may have in a region."""
    return Question(FARGATE_QUOTA, account, region, (code,))


def fargate_tasks(account: str, region: str) -> Question[Listing[RunningTask]]:
    """The tasks on Fargate of every ECS cluster of a region. Pods of EKS, which share the quota, are not among them."""
    return Question(FARGATE_TASKS, account, region)
