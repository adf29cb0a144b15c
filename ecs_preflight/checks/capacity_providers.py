"""CLUSTER: the capacity providers of the ECS cluster can do what they are for."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from ecs_preflight.answers import AutoScalingGroup
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import judge_each, needs_of_each, shown, some_of
from ecs_preflight.checks.managed_groups import unfit_for_managed_scaling
from ecs_preflight.checks.provider_groups import NEEDED_TO_SCALE_OUT, ProviderAndGroup, provider_questions, providers_of
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Remark, Severity
from ecs_preflight.questions import AUTO_SCALING_GROUPS, CAPACITY_PROVIDERS, CLUSTER, CLUSTERS
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


def _providers(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    return provider_questions(target, found, known)


@check(
    "CLUSTER008",
    "capacity-provider-unusable",
    Severity.ERROR,
    on=each_cluster,
    needs=needs_of_each(_providers),
    asks=(CLUSTERS, CLUSTER, CAPACITY_PROVIDERS, AUTO_SCALING_GROUPS),
)
def capacity_providers_are_usable(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every capacity provider of the default strategy, and of each workload's own, is associated with the ECS cluster, and not all
    weights of the default are 0. Every one that is associated exists, is ACTIVE, and its last update did not fail; its Auto
    Scaling group exists, may grow above 0, and neither Launch nor AlarmNotification is suspended there. Managed scaling that is
    disabled is a WARNING while the group holds instances, as are other suspended processes; and for managed scaling a missing tag
    AmazonECSManaged, instance types with weights, and a warm pool that takes instances back.

    ## Why it matters
    A deployment with a capacity provider strategy is refused (`The specified capacity provider was not found`), or its tasks stay
    PROVISIONING: `If the Auto Scaling group can't scale out ... the tasks fails to transition beyond the PROVISIONING state`.
    Spinnaker waits for healthy instances until the stage times out.

    ## How to fix it
    Each problem carries the command for its case.
    """
    yield from judge_each(config, target, facts, _all_usable)


def _all_usable(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    named = [workload for workload in config.workloads(target) if workload.providers]
    if not found.capacity_providers and not found.default_capacity_provider_strategy and not named:
        raise NotApplicable("the ECS cluster has no capacity provider")
    yield from _strategy_problems(target, found)
    for workload in named:
        yield from _not_associated(target, found, workload)
    for item in providers_of(target, found, facts):
        yield from _provider_problems(target, found, item)


def _strategy_problems(target: Target, found: Cluster) -> Iterator[Problem]:
    strategy = found.default_capacity_provider_strategy
    for item in strategy:
        if item.capacity_provider not in found.capacity_providers:
            associated = " ".join(quote(name) for name in (*found.capacity_providers, item.capacity_provider))
            weighted = " ".join(
                f"capacityProvider={quote(other.capacity_provider)},weight={other.weight},base={other.base}" for other in strategy
            )
            yield Problem(
                f"{shown(item.capacity_provider, 30)} is in the default strategy of {shown(target.cluster, 24)}, not associated",
                remediation=(
                    f"aws ecs put-cluster-capacity-providers --cluster {quote(found.cluster_name)} --region {target.region}"
                    f" --capacity-providers {associated} --default-capacity-provider-strategy {weighted}"
                ),
                evidence=f"ecs:DescribeClusters: capacityProviders are {', '.join(found.capacity_providers) or 'none'}",
            )
    # "at least one of the capacity providers must have a weight value greater than zero"
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
    if strategy and not any(item.weight for item in strategy):
        names = " ".join(quote(name) for name in found.capacity_providers)
        weighted = " ".join(f"capacityProvider={quote(item.capacity_provider)},weight=1,base={item.base}" for item in strategy)
        yield Problem(
            f"every weight of the default capacity provider strategy of {shown(target.cluster, 30)} is 0",
            remediation=(
                f"aws ecs put-cluster-capacity-providers --cluster {quote(found.cluster_name)} --region {target.region}"
                f" --capacity-providers {names} --default-capacity-provider-strategy {weighted}"
            ),
            evidence=f"ecs:DescribeClusters: {', '.join(f'{item.capacity_provider} weight 0' for item in strategy)}",
        )


def _not_associated(target: Target, found: Cluster, workload: Workload) -> Iterator[Problem]:
    """Fargate's two, too, must be associated to be in a strategy; its launch type needs neither."""
    for name in workload.providers:
        if name not in found.capacity_providers:
            associated = " ".join(quote(other) for other in (*found.capacity_providers, name))
            weighted = " ".join(
                f"capacityProvider={quote(item.capacity_provider)},weight={item.weight},base={item.base}"
                for item in found.default_capacity_provider_strategy
            )
            yield Problem(
                f"{shown(workload.name, 22)} names {shown(name, 22)}, which is not associated with {shown(target.cluster, 20)}",
                remediation=(
                    f"aws ecs put-cluster-capacity-providers --cluster {quote(found.cluster_name)} --region {target.region}"
                    f" --capacity-providers {associated} --default-capacity-provider-strategy {weighted or '[]'}"
                ),
                evidence=f"ecs:DescribeClusters: capacityProviders are {', '.join(found.capacity_providers) or 'none'}",
                location=workload.location,
            )


def _provider_problems(target: Target, found: Cluster, item: ProviderAndGroup) -> Iterator[Problem | Remark]:
    name = shown(item.name, 30)
    if item.provider is None:
        yield Problem(
            f"capacity provider {name} of ECS cluster {shown(target.cluster, 24)} does not exist",
            remediation="Create it again, or take it out with aws ecs put-cluster-capacity-providers.",
            evidence=f"ecs:DescribeClusters lists {item.name} among capacityProviders, ecs:DescribeCapacityProviders knows none",
        )
        return
    if item.provider.status != "ACTIVE":
        yield Problem(
            f"capacity provider {name} is {item.provider.status}",
            remediation=_describe(target, item.name, "Wait until it is ACTIVE, or create it again."),
            evidence=f"ecs:DescribeCapacityProviders: {_said(item.provider)}",
        )
    elif (item.provider.update_status or "").endswith("_FAILED"):
        yield Problem(
            f"the last update of capacity provider {name} ended in {item.provider.update_status}",
            remediation=_describe(target, item.name, "Mend what the reason names, and update it again."),
            evidence=f"ecs:DescribeCapacityProviders: {_said(item.provider)}",
        )
    if item.provider.auto_scaling_group_provider is None:
        return
    if item.group is None:
        yield Problem(
            f"the Auto Scaling group of capacity provider {name} does not exist",
            remediation=f"Create the group {item.group_name!r} again, or a capacity provider for another one.",
            evidence=f"autoscaling:DescribeAutoScalingGroups knows no {item.group_name} in {target.region}",
        )
        return
    yield from _scaling_problems(target, item, item.provider, item.group)


def _scaling_problems(
    target: Target, item: ProviderAndGroup, provider: CapacityProvider, group: AutoScalingGroup
) -> Iterator[Problem | Remark]:
    name, group_name = shown(item.name, 30), quote(group.name)
    scaling = provider.auto_scaling_group_provider
    if scaling and scaling.managed_scaling.status != "ENABLED":
        yield Problem(
            f"managed scaling of capacity provider {name} is {scaling.managed_scaling.status}",
            remediation=(
                f"aws ecs update-capacity-provider --name {quote(item.name)} --region {target.region}"
                " --auto-scaling-group-provider 'managedScaling={status=ENABLED,targetCapacity=100}'"
            ),
            evidence=f"tasks that find no room fail at once; {group.name} is to hold {group.desired_capacity} instances",
            severity=Severity.WARNING if group.desired_capacity else None,
        )
    if group.max_size == 0:
        yield Problem(
            f"the Auto Scaling group of capacity provider {name} has MaxSize 0",
            remediation=(
                f"aws autoscaling update-auto-scaling-group --auto-scaling-group-name {group_name} --max-size 3"
                f" --region {target.region}"
            ),
            evidence=f"autoscaling:DescribeAutoScalingGroups: {group.arn} has MaxSize 0: it can never scale out",
        )
    if group.suspended_processes:
        stopped = NEEDED_TO_SCALE_OUT.intersection(group.suspended_processes)
        worst = sorted(stopped or group.suspended_processes)
        yield Problem(
            f"the Auto Scaling group of {name} has suspended {some_of(worst, 1)}",
            remediation=(
                f"aws autoscaling resume-processes --auto-scaling-group-name {group_name} --scaling-processes"
                f" {' '.join(group.suspended_processes)} --region {target.region}"
            ),
            evidence=f"SuspendedProcesses of Auto Scaling group {group.name}: {', '.join(group.suspended_processes)}",
            severity=None if stopped else Severity.WARNING,
        )
    if scaling and scaling.managed_scaling.status == "ENABLED":
        yield from unfit_for_managed_scaling(target, item.name, group)


def _said(provider: CapacityProvider) -> str:
    said = (
        f"status {provider.status}",
        f"updateStatus {provider.update_status}",
        provider.update_status_reason or "no reason given",
    )
    return f"{provider.name}: {', '.join(said)}"


def _describe(target: Target, name: str, what: str) -> str:
    return f"{what}\naws ecs describe-capacity-providers --capacity-providers {quote(name)} --region {target.region}"
