"""CLUSTER010: clusters so large that AWS's quotas, or its request rates, come near."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import judge_each, needs_of_each, shown
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.questions import CLUSTER, CLUSTERS
from ecs_preflight.targets import Target

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
_SERVICES, _INSTANCES = 5000, 5000
_NEAR = 0.9
# About this many tasks, in some more clusters, is what https://github.com/spinnaker/spinnaker/issues/4495 tells of.
_MANY_TASKS = 7500
_SLOWER = (
    "Slow its agents down in clouddriver.yml, where 10 requests a second are the default:\n"
    "serviceLimits: {implementationLimits: {AmazonECS: {defaults: {rateLimit: 5.0}}}}\nOr divide the cluster."
)


@check("CLUSTER010", "ecs-cluster-very-large", Severity.WARNING, on=each_cluster, needs=needs_of_each(), asks=(CLUSTERS, CLUSTER))
def ecs_cluster_is_not_too_large(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The ECS cluster has fewer than 4500 active services and 4500 container instances, nine tenths of what AWS takes unless the
    quotas were raised, and fewer than 7500 running tasks.

    ## Why it matters
    Every server group of Spinnaker's is a service, beside the one that it replaces: at the quota CreateService is refused. And
    clouddriver reads all tasks and container instances of all clusters in every round, a hundred at a time, from a request rate
    that it shares with everything else in the account: in a cluster this large its agents have ended in
    `ThrottlingException: Rate exceeded`, and its cache grew stale.

    ## How to fix it
    Delete server groups that are not needed, or use a further cluster; AWS may raise a quota. Slow clouddriver down with
    `serviceLimits`.
    """
    yield from judge_each(config, target, facts, _size_of)


def _size_of(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Iterator[Problem]:
    counted = (
        ("active services", found.active_services_count, _SERVICES, "Delete server groups that are not needed, or use"),
        ("container instances", found.registered_container_instances_count, _INSTANCES, "Use larger instance types, or"),
    )
    for what, count, quota, advice in counted:
        if count >= _NEAR * quota:
            yield Problem(
                f"ECS cluster {shown(target.cluster, 30)} has {count} {what}: AWS takes {quota} unless that was raised",
                remediation=f"{advice} a further cluster; ask AWS whether it raises the quota.",
                evidence=f"ecs:DescribeClusters; the quota is {quota} by default, and is not read",
            )
    if found.running_tasks_count >= _MANY_TASKS:
        yield Problem(
            f"{found.running_tasks_count} tasks run in ECS cluster {shown(target.cluster, 30)}: clouddriver may be throttled",
            remediation=_SLOWER,
            evidence=f"ecs:DescribeClusters; agents were throttled at about {_MANY_TASKS} tasks (spinnaker/spinnaker#4495)",
        )
