"""CLUSTER: the instances that are paid for the ECS cluster are in it."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import (
    instance_providers,
    is_fargate_only,
    judge_each,
    needs_of_each,
    shown,
    some_of,
    stated_workloads,
)
from ecs_preflight.checks.provider_groups import provider_questions, providers_of
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.questions import (
    AUTO_SCALING_GROUPS,
    CAPACITY_PROVIDERS,
    CLUSTER,
    CLUSTERS,
    CONTAINER_INSTANCES,
    cluster,
    clusters,
    container_instances,
)
from ecs_preflight.targets import Target

# Where an agent without ECS_CLUSTER registers, making the cluster if need be.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
_DEFAULT = "default"


def _groups_and_default(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    if instance_providers(found):
        yield container_instances(target.account, target.region, target.cluster)
        yield from provider_questions(target, found, known)
    if _may_have_lost_them(config, target, found):
        listed = clusters(target.account, target.region)
        yield listed
        listing = known[listed].value_or_none()
        if listing and _DEFAULT in listing.items:
            yield cluster(target.account, target.region, _DEFAULT)


def _may_have_lost_them(config: PreflightConfig, target: Target, found: Cluster) -> bool:
    """It is empty, and something wants it not to be."""
    workloads = stated_workloads(config, target)
    return (
        found.registered_container_instances_count == 0
        and found.cluster_name != _DEFAULT
        and not is_fargate_only(found)
        and (not workloads or any(workload.may_run_on_instances for workload in workloads))
    )


@check(
    "CLUSTER006",
    "instances-not-joined",
    Severity.WARNING,
    on=each_cluster,
    needs=needs_of_each(_groups_and_default),
    asks=(CLUSTERS, CLUSTER, CONTAINER_INSTANCES, CAPACITY_PROVIDERS, AUTO_SCALING_GROUPS),
)
def instances_have_joined(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every instance that is in service in the Auto Scaling group of one of the cluster's capacity providers is a container instance
    of the cluster. And where the cluster is empty, no instances stand in the cluster `default`, where agents go that were told of
    no other.

    ## Why it matters
    Instances run and are paid for, and give Spinnaker's deployments no room: `No Container Instances were found in your cluster.`
    Managed scaling may go on to launch further ones that do not join either.

    ## How to fix it
    The user data must write ECS_CLUSTER to /etc/ecs/ecs.config; the instance profile's role must trust ec2.amazonaws.com and hold
    AmazonEC2ContainerServiceforEC2Role; the subnet needs a route or an endpoint to ECS. An instance that has just been launched
    takes a few minutes to join.
    """
    yield from judge_each(config, target, facts, _all_joined)


def _all_joined(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    may_be_in_default = _may_have_lost_them(config, target, found)
    if not instance_providers(found) and not may_be_in_default:
        raise NotApplicable("no capacity provider of the ECS cluster has an Auto Scaling group, and nothing is missing from it")
    if may_be_in_default:
        yield from _strayed_to_default(target, found, facts)
    if instance_providers(found):
        yield from _not_joined(target, found, facts)


def _not_joined(target: Target, found: Cluster, facts: Facts) -> Iterator[Problem | Undetermined]:
    listing = facts[container_instances(target.account, target.region, target.cluster)].partial()
    joined = {instance.ec2_instance_id for instance in listing.items}
    for item in providers_of(target, found, facts):
        outside = [name for name in item.group.instance_ids if name not in joined] if item.group else []
        if outside and listing.gaps:
            gap = listing.gaps[0]
            yield Undetermined(f"{some_of(outside)} may be in the part that was not read: {gap.what}: {gap.error}")
        elif outside and item.group:
            yield Problem(
                f"{len(outside)} of {len(item.group.instance_ids)} instances of {shown(item.group.name, 24)}"
                f" are not in {shown(target.cluster, 24)}",
                remediation=(
                    "Look at one of them:\n"
                    f"aws ec2 get-console-output --latest --instance-id {outside[0]} --region {target.region}\n"
                    f"{_user_data(target, found)}"
                ),
                evidence=(
                    f"in service in Auto Scaling group {item.group.name} of capacity provider {item.name}, and no container "
                    f"instance: {some_of(outside, 20)}"
                ),
            )


def _strayed_to_default(target: Target, found: Cluster, facts: Facts) -> Iterator[Problem]:
    listing = facts[clusters(target.account, target.region)]
    if _DEFAULT not in listing.partial().items:
        listing.require()
        return
    default = facts[cluster(target.account, target.region, _DEFAULT)].require()
    there = default.registered_container_instances_count
    if there:
        yield Problem(
            f"{shown(target.cluster)} is empty, and {there} container instances are in 'default'",
            remediation=_user_data(target, found),
            evidence=(
                f"ecs:DescribeClusters: registeredContainerInstancesCount is 0 of {found.cluster_arn} and "
                f"{there} of {default.cluster_arn}"
            ),
        )


def _user_data(target: Target, found: Cluster) -> str:
    return (
        "Let the launch template's user data name the cluster, and replace the instances:\n"
        f"#!/bin/bash\necho ECS_CLUSTER={quote(found.cluster_name or target.cluster)} >> /etc/ecs/ecs.config"
    )
