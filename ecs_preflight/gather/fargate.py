"""Answers about Fargate: its vCPU quotas, and the tasks that use them."""

from __future__ import annotations

from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.operations import DESCRIBE_TASKS, GET_DEFAULT_SERVICE_QUOTA, GET_SERVICE_QUOTA, LIST_CLUSTERS, LIST_TASKS
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Fact, Gap, Known, Listing, Question
from ecs_preflight.gather.clusters import described, listed
from ecs_preflight.gather.desk import Desk


def fargate_quota(desk: Desk, identity: Identity, question: Question[float]) -> Fact[float]:
    """The value in force; AWS's default where none was ever applied to the account."""
    (code,) = question.arguments
    asked = {"ServiceCode": "fargate", "QuotaCode": code}
    try:
        answer = desk.gateway.call(GET_SERVICE_QUOTA, identity, question.region, **asked)
    except AwsFailure as failure:
        if failure.kind is not FailureKind.MISSING:
            raise
        answer = desk.gateway.call(GET_DEFAULT_SERVICE_QUOTA, identity, question.region, **asked)
    return Known(float(answer["Quota"]["Value"]))


def fargate_tasks(desk: Desk, identity: Identity, question: Question[Listing[RunningTask]]) -> Fact[Listing[RunningTask]]:
    """Cluster by cluster; one whose tasks cannot be listed is a gap, and hides no other."""
    clusters, unlisted = listed(desk, identity, question, LIST_CLUSTERS)
    gaps = list(unlisted)
    tasks: list[RunningTask] = []
    failures: list[AwsFailure] = []
    for cluster in clusters:
        try:
            arns, more = listed(desk, identity, question, LIST_TASKS, cluster=cluster, launchType="FARGATE")
            raws, unseen = described(desk, identity, question, DESCRIBE_TASKS, arns, cluster=cluster)
        except AwsFailure as failure:
            if failure.kind is not FailureKind.MISSING:  # else it was deleted meanwhile
                failures.append(failure)
                gaps.append(Gap(f"the tasks of {cluster}", failure.said))
            continue
        tasks += (RunningTask.model_validate(raw) for raw in raws if raw.get("lastStatus") != "STOPPED")
        gaps += (*more, *unseen)
    if failures and len(failures) == len(clusters):
        raise failures[0]
    return Known(Listing(tuple(tasks), tuple(gaps)))
