"""CLUSTER: the ECS cluster exists, is ACTIVE, and its agents are connected."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Absent, Snapshot
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.questions import CLUSTER, CLUSTERS, cluster, clusters
from ecs_preflight.targets import Target


def _other_regions(config: PreflightConfig, target: Target) -> Iterator[str]:
    return (region for region in config.regions(target.account) if region != target.region)


def _cluster_or_hints(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account) or not target.region:
        return
    if target.is_every_cluster:
        yield clusters(target.account, target.region)
        return
    yield cluster(target.account, target.region, target.cluster)
    if isinstance(known[cluster(target.account, target.region, target.cluster)], Absent):
        yield from (clusters(target.account, region) for region in config.regions(target.account))


@check(
    "CLUSTER001",
    "ecs-cluster-not-found",
    Severity.ERROR,
    on=each_cluster,
    needs=_cluster_or_hints,
    asks=(CLUSTER, CLUSTERS),
)
def ecs_cluster_exists(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    ecs:DescribeClusters knows the ECS cluster in this account and region, and the region is one that Spinnaker uses for the
    account. Where no cluster is named, there is at least one.

    ## Why it matters
    clouddriver never looks whether the cluster exists: a deployment ends in `ClusterNotFoundException: Cluster not found.`
    The cluster list of a region that is not configured for the account, or that has no cluster, stays empty.

    ## How to fix it
    Create the cluster, or correct its name or region: names are the same in all regions, clusters are not.
    """
    managed_role_arn(config, target)
    account_id = config.mapping(target.account).account_id
    if target.is_every_cluster:
        if not facts[clusters(target.account, target.region)].require().items:
            yield Problem(
                f"account {account_id} has no ECS cluster in {target.region}",
                remediation=f"aws ecs create-cluster --cluster-name NAME --region {target.region}",
                evidence=f"ecs:ListClusters in {target.region} gave an empty list",
            )
        return
    if target.region not in config.spinnaker_regions(target.account):
        yield Problem(
            f"{target.region} is not among the regions of ECS account {target.account!r}: Spinnaker never looks there",
            remediation=f"Add `- name: {target.region}` to regions of the AWS account {_aws_account(config, target)!r}.",
            evidence=f"its regions are: {', '.join(config.spinnaker_regions(target.account))}",
        )
    fact = facts[cluster(target.account, target.region, target.cluster)]
    if isinstance(fact, Absent):
        yield _missing(config, target, facts)
    else:
        fact.require()


def _missing(config: PreflightConfig, target: Target, facts: Facts) -> Problem:
    found: dict[str, tuple[str, ...]] = {}
    for region in config.regions(target.account):
        listing = facts[clusters(target.account, region)].value_or_none()
        found[region] = listing.items if listing else ()
    elsewhere = [region for region in _other_regions(config, target) if target.cluster in found[region]]
    if elsewhere:
        remediation = f"A cluster of that name is in {', '.join(elsewhere)}: name that region, or create it here."
    else:
        remediation = f"aws ecs create-cluster --cluster-name {target.cluster} --region {target.region}"
    here = ", ".join(found[target.region]) or "none"
    return Problem(
        f"there is no ECS cluster {target.cluster!r} in {target.region}",
        remediation=remediation,
        evidence=f"ecs:DescribeClusters: failures[].reason MISSING; the clusters in {target.region} are: {here}",
    )


def _aws_account(config: PreflightConfig, target: Target) -> str | None:
    return config.ecs_account(target.account).aws_account
