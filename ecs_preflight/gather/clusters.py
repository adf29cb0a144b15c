"""Answers about ECS: clusters, their container instances and tasks, capacity providers and their groups, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

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
from ecs_preflight.questions import AutoScalingGroup


def clusters(desk: Desk, identity: Identity, question: Question[Listing[str]]) -> Fact[Listing[str]]:
    arns, gaps = _listed(desk, identity, question, LIST_CLUSTERS)
    return Known(Listing(tuple(arn.rpartition("/")[2] for arn in arns), gaps))


def described_clusters(
    desk: Desk, identity: Identity, questions: Sequence[Question[Cluster]]
) -> Mapping[Question[Cluster], Fact[Cluster]]:
    """One call for up to a hundred clusters of an account and region. A missing one is in `failures[]`, with HTTP 200."""
    asked = {question.arguments[0]: question for question in questions}
    found: dict[Question[Cluster], Fact[Cluster]] = {}
    account, region = questions[0].account, questions[0].region
    answers = desk.gateway.batches(DESCRIBE_CLUSTERS, identity, region, asked, include=["ATTACHMENTS", "SETTINGS", "STATISTICS"])
    for answer in answers:
        for raw in answer["clusters"]:
            question = asked.get(raw["clusterName"]) or asked.get(raw["clusterArn"])
            if question:
                found[question] = Known(Cluster.model_validate(raw))
        for failure in answer.get("failures", ()):
            name = failure["arn"].rpartition("/")[2]
            question = asked.get(name) or asked.get(failure["arn"])
            if question:
                found[question] = _cluster_failure(failure, f"there is no ECS cluster {name!r} in {account}/{region}")
    for question in questions:
        found.setdefault(question, Unknown("ecs:DescribeClusters", "the answer does not mention this cluster"))
    return found


def container_instances(
    desk: Desk, identity: Identity, question: Question[Listing[ContainerInstance]]
) -> Fact[Listing[ContainerInstance]]:
    (name,) = question.arguments
    try:
        arns, gaps = _listed(desk, identity, question, LIST_CONTAINER_INSTANCES, cluster=name)
    except AwsFailure as failure:
        return _absent_cluster(failure, question)
    raws, more = _described(desk, identity, question, DESCRIBE_CONTAINER_INSTANCES, arns)
    return Known(Listing(tuple(ContainerInstance.model_validate(raw) for raw in raws), (*gaps, *more)))


def running_tasks(desk: Desk, identity: Identity, question: Question[Listing[RunningTask]]) -> Fact[Listing[RunningTask]]:
    """Tasks that should run, and tasks that should stop and have not yet: those hold their network interfaces still."""
    (name,) = question.arguments
    arns: list[str] = []
    gaps: list[Gap] = []
    try:
        for status in ("RUNNING", "STOPPED"):
            listed, missing = _listed(desk, identity, question, LIST_TASKS, cluster=name, desiredStatus=status)
            arns += listed
            gaps += missing
    except AwsFailure as failure:
        return _absent_cluster(failure, question)
    raws, more = _described(desk, identity, question, DESCRIBE_TASKS, arns)
    tasks = tuple(RunningTask.model_validate(raw) for raw in raws if raw.get("lastStatus") != "STOPPED")
    return Known(Listing(tasks, (*gaps, *more)))


def capacity_providers(
    desk: Desk, identity: Identity, question: Question[Listing[CapacityProvider]]
) -> Fact[Listing[CapacityProvider]]:
    found: list[CapacityProvider] = []
    for answer in desk.gateway.batches(DESCRIBE_CAPACITY_PROVIDERS, identity, question.region, question.arguments):
        found += [CapacityProvider.model_validate(raw) for raw in answer["capacityProviders"]]
    return Known(Listing(tuple(found)))


def auto_scaling_groups(
    desk: Desk, identity: Identity, question: Question[Listing[AutoScalingGroup]]
) -> Fact[Listing[AutoScalingGroup]]:
    found: list[AutoScalingGroup] = []
    for answer in desk.gateway.batches(DESCRIBE_AUTO_SCALING_GROUPS, identity, question.region, question.arguments):
        found += [_group(raw) for raw in answer["AutoScalingGroups"]]
    return Known(Listing(tuple(found)))


def account_settings(desk: Desk, identity: Identity, question: Question[Mapping[str, str]]) -> Fact[Mapping[str, str]]:
    settings = desk.gateway.pages(LIST_ACCOUNT_SETTINGS, identity, question.region, effectiveSettings=True)
    return Known({setting["name"]: setting["value"] for setting in settings})


def _listed(
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


def _described(
    desk: Desk, identity: Identity, question: Question[Any], operation: Operation, arns: Iterable[str]
) -> tuple[list[Any], tuple[Gap, ...]]:
    """Every element described; each entry of `failures[]`, and a batch that fails after the first, is a gap."""
    (name,) = question.arguments
    found: list[Any] = []
    gaps: list[Gap] = []
    include: dict[str, Any] = {}
    if operation is DESCRIBE_CONTAINER_INSTANCES:
        include = {"include": ["CONTAINER_INSTANCE_HEALTH"]}
    try:
        for answer in desk.gateway.batches(operation, identity, question.region, arns, cluster=name, **include):
            found += answer[operation.items]
            gaps += [Gap(failure["arn"], failure.get("reason", "")) for failure in answer.get("failures", ())]
    except AwsFailure as failure:
        if not found:
            raise
        gaps.append(Gap(f"{operation.name} after {len(found)} items", failure.said))
    # One that stopped or left between the two calls is gone, not unseen.
    return found, tuple(gap for gap in gaps if gap.error != "MISSING")


def _cluster_failure(failure: Any, missing: str) -> Fact[Cluster]:
    if failure.get("reason") == "MISSING":
        return Absent(missing)
    return Unknown("ecs:DescribeClusters", f"{failure.get('reason')}: {failure.get('detail', '')}".rstrip(": "))


def _absent_cluster(failure: AwsFailure, question: Question[Any]) -> Absent:
    if failure.kind is not FailureKind.MISSING:
        raise failure
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
    )
