"""Answers about ECS: clusters, their container instances and tasks, capacity providers and their groups, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from ecs_preflight.answers import AutoScalingGroup
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.operations import (
    DESCRIBE_AUTO_SCALING_GROUPS,
    DESCRIBE_CAPACITY_PROVIDERS,
    DESCRIBE_CLUSTERS,
    DESCRIBE_CONTAINER_INSTANCES,
    DESCRIBE_TASKS,
    LIST_ACCOUNT_SETTINGS,
    LIST_CLUSTERS,
    LIST_CONTAINER_INSTANCES,
    LIST_TASKS,
    Operation,
)
from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Absent, Fact, Gap, Known, Listing, Question, Unknown
from ecs_preflight.gather.desk import Desk


def clusters(desk: Desk, identity: Identity, question: Question[Listing[str]]) -> Fact[Listing[str]]:
    arns, gaps = listed(desk, identity, question, LIST_CLUSTERS)
    return Known(Listing(tuple(arn.rpartition("/")[2] for arn in arns), gaps))


def described_clusters(
    desk: Desk, identity: Identity, questions: Sequence[Question[Cluster]]
) -> Mapping[Question[Cluster], Fact[Cluster]]:
    """One call for up to a hundred clusters of an account and region. A missing one is in `failures[]`, with HTTP 200.

    A call that is refused for one of its clusters is halved until that one stands alone: it hides no other. Raises
    AwsFailure where not one could be described.
    """
    size = DESCRIBE_CLUSTERS.batch[1] if DESCRIBE_CLUSTERS.batch else 1
    found: dict[Question[Cluster], Fact[Cluster]] = {}
    failures: list[AwsFailure] = []
    for start in range(0, len(questions), size):
        found |= _described_or_halved(desk, identity, questions[start : start + size], failures)
    if failures and not any(isinstance(fact, Known | Absent) for fact in found.values()):
        raise failures[0]
    return found


def _described_or_halved(
    desk: Desk, identity: Identity, questions: Sequence[Question[Cluster]], failures: list[AwsFailure]
) -> dict[Question[Cluster], Fact[Cluster]]:
    named = [question.arguments[0] for question in questions]
    try:
        (answer,) = desk.gateway.batches(
            DESCRIBE_CLUSTERS, identity, questions[0].region, named, include=["ATTACHMENTS", "SETTINGS", "STATISTICS"]
        )
    except AwsFailure as failure:
        if len(questions) == 1 or failure.kind not in _MAY_BE_ABOUT_ONE:
            failures.append(failure)
            return {question: Unknown(failure.action, failure.said) for question in questions}
        middle = len(questions) // 2
        return _described_or_halved(desk, identity, questions[:middle], failures) | _described_or_halved(
            desk, identity, questions[middle:], failures
        )
    return {question: _cluster_in(answer, question) for question in questions}


# A policy may name the clusters that it allows; an ARN of another region, or a name that cannot be one, is refused.
_MAY_BE_ABOUT_ONE = (FailureKind.DENIED, FailureKind.REFUSED)


def _cluster_in(answer: Any, question: Question[Cluster]) -> Fact[Cluster]:
    """What an answer says of one cluster, which may have been named by its ARN."""
    (wanted,) = question.arguments
    for raw in answer.get("clusters", ()):
        if wanted in (raw.get("clusterName"), raw["clusterArn"]):
            try:
                return Known(Cluster.model_validate(raw))
            except ValidationError as error:
                where = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
                return Unknown("ecs:DescribeClusters", f"the answer is not what the API describes at {where}")
    for failure in answer.get("failures", ()):
        arn = failure.get("arn", "")
        if wanted in (arn, arn.rpartition("/")[2]):
            return _cluster_failure(failure, question)
    return Unknown("ecs:DescribeClusters", f"the answer does not mention {wanted}")


def container_instances(
    desk: Desk, identity: Identity, question: Question[Listing[ContainerInstance]]
) -> Fact[Listing[ContainerInstance]]:
    (name,) = question.arguments
    try:
        arns, gaps = listed(desk, identity, question, LIST_CONTAINER_INSTANCES, cluster=name)
    except AwsFailure as failure:
        return _absent_cluster(failure, question)
    raws, more = described(
        desk, identity, question, DESCRIBE_CONTAINER_INSTANCES, arns, cluster=name, include=["CONTAINER_INSTANCE_HEALTH"]
    )
    return Known(Listing(tuple(ContainerInstance.model_validate(raw) for raw in raws), (*gaps, *more)))


def running_tasks(desk: Desk, identity: Identity, question: Question[Listing[RunningTask]]) -> Fact[Listing[RunningTask]]:
    """Tasks that should run, and tasks that should stop and have not yet: those hold their network interfaces still."""
    (name,) = question.arguments
    arns: list[str] = []
    gaps: list[Gap] = []
    try:
        for status in ("RUNNING", "STOPPED"):
            found, missing = listed(desk, identity, question, LIST_TASKS, cluster=name, desiredStatus=status)
            arns += found
            gaps += missing
    except AwsFailure as failure:
        return _absent_cluster(failure, question)
    # A task that is stopped between the two calls is in both lists.
    raws, more = described(desk, identity, question, DESCRIBE_TASKS, dict.fromkeys(arns), cluster=name)
    tasks = tuple(RunningTask.model_validate(raw) for raw in raws if raw.get("lastStatus") != "STOPPED")
    return Known(Listing(tasks, (*gaps, *more)))


def capacity_providers(
    desk: Desk, identity: Identity, question: Question[Listing[CapacityProvider]]
) -> Fact[Listing[CapacityProvider]]:
    raws, gaps = described(desk, identity, question, _CAPACITY_PROVIDERS_BY_TEN, question.arguments)
    return Known(Listing(tuple(CapacityProvider.model_validate(raw) for raw in raws), gaps))


# "If this parameter is not used, then DescribeCapacityProviders returns up to 10 results and a nextToken value": ten at a
# time are never paged. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeCapacityProviders.html
_CAPACITY_PROVIDERS_BY_TEN = replace(DESCRIBE_CAPACITY_PROVIDERS, batch=("capacityProviders", 10))


def auto_scaling_groups(
    desk: Desk, identity: Identity, question: Question[Listing[AutoScalingGroup]]
) -> Fact[Listing[AutoScalingGroup]]:
    raws, gaps = described(desk, identity, question, DESCRIBE_AUTO_SCALING_GROUPS, question.arguments)
    return Known(Listing(tuple(_group(raw) for raw in raws), gaps))


def account_settings(desk: Desk, identity: Identity, question: Question[Mapping[str, str]]) -> Fact[Mapping[str, str]]:
    settings = desk.gateway.pages(LIST_ACCOUNT_SETTINGS, identity, question.region, effectiveSettings=True)
    return Known({setting["name"]: setting["value"] for setting in settings})


def listed(
    desk: Desk, identity: Identity, question: Question[Any], operation: Operation, **parameters: Any
) -> tuple[list[str], tuple[Gap, ...]]:
    """Every item; a page that fails after the first is a gap, not an end."""
    items: list[str] = []
    try:
        for item in desk.gateway.pages(operation, identity, question.region, **parameters):
            items.append(item)
    except AwsFailure as failure:
        if not items:
            raise
        return items, (Gap(f"{operation.name} after {len(items)} items", failure.said),)
    return items, ()


def described(
    desk: Desk, identity: Identity, question: Question[Any], operation: Operation, names: Iterable[str], **parameters: Any
) -> tuple[list[Any], tuple[Gap, ...]]:
    """Every element described; each entry of `failures[]`, and a batch that fails after the first, is a gap."""
    found: list[Any] = []
    gaps: list[Gap] = []
    answered = 0
    try:
        for answer in desk.gateway.batches(operation, identity, question.region, names, **parameters):
            answered += 1
            found += answer.get(operation.items, ())
            # One that stopped or left between the two calls is gone, not unseen.
            gaps += [
                Gap(failure.get("arn", operation.name), _reason(failure))
                for failure in answer.get("failures", ())
                if failure.get("reason") != "MISSING"
            ]
    except AwsFailure as failure:
        if not answered:
            raise
        gaps.append(Gap(f"{operation.name} after {len(found)} items", failure.said))
    return found, tuple(gaps)


def _reason(failure: Any) -> str:
    """An entry of `failures[]` in one line."""
    return f"{failure.get('reason', '')}: {failure.get('detail', '')}".strip(": ")


def _cluster_failure(failure: Any, question: Question[Any]) -> Fact[Cluster]:
    if failure.get("reason") == "MISSING":
        return _no_such_cluster(question)
    return Unknown("ecs:DescribeClusters", _reason(failure))


def _absent_cluster(failure: AwsFailure, question: Question[Any]) -> Absent:
    if failure.kind is not FailureKind.MISSING:
        raise failure
    return _no_such_cluster(question)


def _no_such_cluster(question: Question[Any]) -> Absent:
    return Absent(f"there is no ECS cluster {question.arguments[0]!r} in {question.account}/{question.region}")


def _group(raw: Any) -> AutoScalingGroup:
    overrides = raw.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {}).get("Overrides", ())
    return AutoScalingGroup(
        name=raw["AutoScalingGroupName"],
        arn=raw["AutoScalingGroupARN"],
        min_size=raw["MinSize"],
        max_size=raw["MaxSize"],
        desired_capacity=raw["DesiredCapacity"],
        instance_ids=tuple(
            instance["InstanceId"] for instance in raw.get("Instances", ()) if instance.get("LifecycleState") == "InService"
        ),
        instance_types=tuple(
            dict.fromkeys(
                (
                    *(override["InstanceType"] for override in overrides if "InstanceType" in override),
                    *(instance["InstanceType"] for instance in raw.get("Instances", ()) if "InstanceType" in instance),
                )
            )
        ),
        suspended_processes=tuple(process["ProcessName"] for process in raw.get("SuspendedProcesses", ())),
        is_tagged_for_ecs=any(tag.get("Key") == "AmazonECSManaged" for tag in raw.get("Tags", ())),
        weighs_instances=any(override.get("WeightedCapacity", "1") != "1" for override in overrides),
        has_warm_pool="WarmPoolConfiguration" in raw,
        reuses_instances=bool(raw.get("WarmPoolConfiguration", {}).get("InstanceReusePolicy", {}).get("ReuseOnScaleIn")),
    )
