"""CLUSTER: container instances are there, and take tasks."""

from __future__ import annotations

from collections import Counter
from shlex import quote

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import (
    judge_each,
    needs_instances,
    needs_of_each,
    shown,
    some_of,
)
from ecs_preflight.checks.provider_groups import ProviderAndGroup, provider_questions, providers_of
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity
from ecs_preflight.questions import (
    AUTO_SCALING_GROUPS,
    CAPACITY_PROVIDERS,
    CLUSTER,
    CLUSTERS,
    CONTAINER_INSTANCES,
    container_instances,
)
from ecs_preflight.targets import Target


def _instances_of(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    yield container_instances(target.account, target.region, target.cluster)


def _instances_or_providers(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    asked = container_instances(target.account, target.region, target.cluster)
    yield asked
    listing = known[asked].value_or_none()
    if listing is not None and not listing.gaps and not any(_is_of_ec2(instance) for instance in listing.items):
        yield from provider_questions(target, found, known)


def _where_not_all_is_fargate(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not _all_is_fargate(config, target):
        yield from needs_of_each(_instances_or_providers)(config, target, known)


def _all_is_fargate(config: PreflightConfig, target: Target) -> bool:
    """Whether workloads are stated for the cluster, and not one of them takes container instances."""
    workloads = config.workloads(target)
    return bool(workloads) and all(workload.runs_on_fargate for workload in workloads)


def _is_of_ec2(instance: ContainerInstance) -> bool:
    """External instances (ECS Anywhere) take tasks of the launch type EXTERNAL alone."""
    return not instance.is_external


@check(
    "CLUSTER003",
    "no-container-instances",
    Severity.ERROR,
    on=each_cluster,
    needs=_where_not_all_is_fargate,
    asks=(CLUSTERS, CLUSTER, CONTAINER_INSTANCES, CAPACITY_PROVIDERS, AUTO_SCALING_GROUPS),
)
def container_instances_are_there(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The ECS cluster has container instances of EC2, or a capacity provider that can bring the first one: managed scaling enabled,
    the Auto Scaling group's MaxSize above 0, its scale-out not suspended. ERROR where a workload needs EC2, or where nothing is
    said of workloads and the cluster does not offer Fargate; else WARNING. Where every workload that is stated for the cluster
    is of launch type FARGATE, the check does not apply.

    ## Why it matters
    CreateService succeeds, and no task is ever placed: `was unable to place a task because no container instance met all of its
    requirements. Reason: No Container Instances were found in your cluster.` Spinnaker shows a deploy stage that waits for
    healthy instances until it times out.

    ## How to fix it
    Launch instances of the ECS-optimized AMI with ECS_CLUSTER set, or give the cluster a capacity provider with an Auto Scaling
    group. A capacity provider scales out only for services that use it, not for those with launch type EC2.
    """
    if _all_is_fargate(config, target):
        raise NotApplicable("every workload that is stated for the ECS cluster runs on Fargate")
    yield from judge_each(config, target, facts, _some_instance)


def _some_instance(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    fact = facts[container_instances(target.account, target.region, target.cluster)]
    if any(_is_of_ec2(instance) for instance in fact.partial().items):
        return
    external = len(fact.require().items)
    providers = providers_of(target, found, facts)
    if any(provider.can_scale_from_zero for provider in providers):
        return
    beside = f"; {external} external instances take tasks of the launch type EXTERNAL alone" if external else ""
    yield Problem(
        f"ECS cluster {shown(target.cluster)} has no container instance",
        remediation=(
            "Launch EC2 instances of the ECS-optimized AMI, with an instance profile that holds "
            "AmazonEC2ContainerServiceforEC2Role, and with this user data:\n"
            f"#!/bin/bash\necho ECS_CLUSTER={quote(found.cluster_name or target.cluster)} >> /etc/ecs/ecs.config"
        ),
        evidence=(
            f"ecs:ListContainerInstances lists none{beside}; capacity providers that bring instances: "
            f"{'; '.join(_why_not(provider) for provider in providers) or 'none'}"
        ),
        severity=None if needs_instances(config, target, found) else Severity.WARNING,
    )


def _why_not(item: ProviderAndGroup) -> str:
    """Why a capacity provider does not bring the first instance."""
    if item.provider is None:
        return f"{item.name} does not exist"
    if item.provider.status != "ACTIVE":
        return f"{item.name} is {item.provider.status}"
    if item.group is None:
        return f"{item.name}: its Auto Scaling group {item.group_name} does not exist"
    scaling = item.provider.auto_scaling_group_provider
    managed = scaling.managed_scaling.status if scaling else ""
    suspended = ", ".join(item.group.suspended_processes) or "nothing"
    return f"{item.name}: managed scaling {managed}, MaxSize {item.group.max_size}, suspended: {suspended}"


@check(
    "CLUSTER005",
    "instances-draining",
    Severity.WARNING,
    on=each_cluster,
    needs=needs_of_each(_instances_of),
    asks=(CLUSTERS, CLUSTER, CONTAINER_INSTANCES),
)
def container_instances_take_tasks(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every container instance of the ECS cluster is ACTIVE (not DRAINING, REGISTERING, REGISTRATION_FAILED or DEREGISTERING), and
    its health is not IMPAIRED.

    ## Why it matters
    ECS places tasks on ACTIVE instances only, and the console counts draining ones among those that are registered. What looks
    like room for a deployment may be none. An IMPAIRED instance takes tasks and may not start them.

    ## How to fix it
    Set instances that are to stay to ACTIVE again; end those that are to go. REGISTRATION_FAILED names its cause in the console.
    """
    yield from judge_each(config, target, facts, _all_active)


def _all_active(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    fact = facts[container_instances(target.account, target.region, target.cluster)]
    listing = fact.partial()
    idle = [instance for instance in listing.items if instance.status != "ACTIVE"]
    if idle:
        statuses = Counter(instance.status or "of no status" for instance in idle).most_common()
        yield Problem(
            f"{len(idle)} of {len(listing.items)} container instances of {shown(target.cluster, 30)} take no tasks",
            remediation=_reactivate(target, idle),
            evidence=(
                f"{', '.join(f'{count} {status}' for status, count in statuses)}: "
                f"{some_of([f'{_named(instance)} {instance.status}' for instance in idle])}"
            ),
        )
    impaired = [instance for instance in listing.items if instance.status == "ACTIVE" and instance.is_impaired]
    if impaired:
        yield Problem(
            f"{len(impaired)} of {len(listing.items)} container instances of {shown(target.cluster, 30)} are IMPAIRED",
            remediation=f"Replace them, or restart Docker and the ECS agent there: {some_of([_named(i) for i in impaired], 20)}",
            evidence="ecs:DescribeContainerInstances: healthStatus.overallStatus IMPAIRED",
        )
    if not fact.require().items:
        raise NotApplicable("the ECS cluster has no container instances")


def _reactivate(target: Target, idle: list[ContainerInstance]) -> str:
    draining = [instance.container_instance_arn for instance in idle if instance.status == "DRAINING"]
    if not draining:
        return "Wait until they are ACTIVE, or replace them."
    # UpdateContainerInstancesState takes up to ten: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/
    command = (
        f"aws ecs update-container-instances-state --cluster {quote(target.cluster)} --region {target.region}"
        f" --status ACTIVE --container-instances {' '.join(draining[:10])}"
    )
    return f"Where they are to stay (up to ten in one call):\n{command}"


def _named(instance: ContainerInstance) -> str:
    return instance.ec2_instance_id or instance.container_instance_arn
