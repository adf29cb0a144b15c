"""CLUSTER: the ECS cluster exists, is ACTIVE, and is called by its name."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from shlex import quote

from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import judge_each, needs_of_each, require_role_and_region, shown, some_of
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.facts import Absent, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity
from ecs_preflight.questions import CLUSTER, CLUSTERS, cluster, clusters
from ecs_preflight.targets import Target


def _cluster_or_hints(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """The cluster; and only where it is not there, or none is, the clusters of every region: for the hint."""
    if not config.role_is_known(target.account) or not target.region:
        return
    if target.is_every_cluster:
        yield clusters(target.account, target.region)
        listing = known[clusters(target.account, target.region)].value_or_none()
        is_missing = listing is not None and not listing.items and not listing.gaps
    else:
        yield cluster(target.account, target.region, target.cluster)
        is_missing = isinstance(known[cluster(target.account, target.region, target.cluster)], Absent)
    if is_missing:
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
    require_role_and_region(config, target)
    if target.region not in config.spinnaker_regions(target.account):
        yield Problem(
            f"{target.region} is not among the regions of ECS account {shown(target.account)}",
            remediation=f"Add `- name: {target.region}` to regions of the AWS account {_aws_account(config, target)!r}.",
            evidence=(
                f"Spinnaker looks for ECS clusters in: {', '.join(config.spinnaker_regions(target.account)) or 'no region'}; "
                f"{target.cluster!r} is named for {target.region}"
            ),
            location=config.where(target),
        )
    if target.is_every_cluster:
        listing = facts[clusters(target.account, target.region)].partial()
        if not listing.items and not listing.gaps:
            yield _none_at_all(config, target, facts)
        elif not listing.items:
            facts[clusters(target.account, target.region)].require()
        return
    fact = facts[cluster(target.account, target.region, target.cluster)]
    if isinstance(fact, Absent):
        yield _missing(config, target, facts)
    else:
        fact.require()


def _none_at_all(config: PreflightConfig, target: Target, facts: Facts) -> Problem:
    found = _found_in(config, target, facts)
    elsewhere = ", ".join(f"{region}: {some_of(names)}" for region, names in found.items() if names)
    return Problem(
        f"account {config.mapping(target.account).account_id} has no ECS cluster in {target.region}",
        remediation=(
            f"{_as_account(config, target)}aws ecs create-cluster --cluster-name NAME --region {target.region}\n"
            f"Or, if Spinnaker is to deploy nothing there, take {target.region} out of the account's regions."
        ),
        evidence=f"ecs:ListClusters in {target.region} gave an empty list; clusters elsewhere are: {elsewhere or 'none seen'}",
    )


def _as_account(config: PreflightConfig, target: Target) -> str:
    """Pasted with the managing account's credentials, the command would make the cluster there."""
    return f"With credentials of account {config.mapping(target.account).account_id}: "


def _missing(config: PreflightConfig, target: Target, facts: Facts) -> Problem:
    found = _found_in(config, target, facts)
    here = found[target.region]
    name = Arn.parse(target.cluster)
    wanted = name.resource_name if name else target.cluster
    elsewhere = [region for region, names in found.items() if wanted in names and region != target.region]
    near = get_close_matches(wanted, here, n=1)
    if elsewhere:
        hint = f"A cluster of that name is in {', '.join(elsewhere)}: name that region, or create it here:\n"
    else:
        hint = f"Did you mean {near[0]!r}? Else create it:\n" if near else ""
    return Problem(
        f"there is no ECS cluster {shown(target.cluster)} in {target.region}",
        remediation=(
            f"{hint}{_as_account(config, target)}aws ecs create-cluster --cluster-name {quote(wanted)} --region {target.region}"
        ),
        evidence=(
            "ecs:DescribeClusters: failures[].reason MISSING; "
            f"the clusters in {target.region} are: {some_of(here, most=20) or 'none that could be listed'}"
        ),
        location=config.where(target),
    )


def _found_in(config: PreflightConfig, target: Target, facts: Facts) -> dict[str, tuple[str, ...]]:
    """The clusters of each region as far as they could be listed: good enough for a hint."""
    listings = {region: facts[clusters(target.account, region)].value_or_none() for region in config.regions(target.account)}
    return {region: listing.items if listing else () for region, listing in listings.items()}


def _aws_account(config: PreflightConfig, target: Target) -> str | None:
    return config.ecs_account(target.account).aws_account


_STATUS_MEANS = {
    "INACTIVE": "it was deleted",
    "PROVISIONING": "its capacity providers are still being created",
    "DEPROVISIONING": "its capacity providers are being deleted",
    "FAILED": "its capacity providers could not be created",
}


@check(
    "CLUSTER002",
    "ecs-cluster-not-active",
    Severity.ERROR,
    on=each_cluster,
    needs=needs_of_each(),
    asks=(CLUSTERS, CLUSTER),
)
def ecs_cluster_is_active(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The status of the ECS cluster is ACTIVE, and its capacity providers were attached: attachmentsStatus is not UPDATE_FAILED
    (ERROR) nor UPDATE_IN_PROGRESS (WARNING).

    ## Why it matters
    A deleted cluster is still described for a week or more, as INACTIVE, and clouddriver does not look: the deployment ends in
    `InvalidParameterException: The specified cluster is inactive. Specify an active cluster and try again.`

    ## How to fix it
    Create the cluster again under its name. Where the attachment of a capacity provider failed, associate the providers again.
    """
    yield from judge_each(config, target, facts, _status_of, even_deleted=True)


def _status_of(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Iterator[Problem]:
    if found.status != "ACTIVE":
        means = _STATUS_MEANS.get(found.status, "tasks start in an ACTIVE cluster only")
        yield Problem(
            f"ECS cluster {shown(target.cluster)} is {found.status or 'of no status'}: {means}",
            remediation=_mend_status(target, found),
            evidence=f"ecs:DescribeClusters: {found.cluster_arn} has status {found.status!r}",
        )
    attachments = found.attachments_status or ""
    if attachments in ("UPDATE_FAILED", "UPDATE_IN_PROGRESS"):
        failed = attachments == "UPDATE_FAILED"
        became = "failed" if failed else "is under way"
        yield Problem(
            f"attaching the capacity providers of ECS cluster {shown(target.cluster, 30)} {became}",
            remediation=_attach_again(target, found) if failed else "Wait until it is UPDATE_COMPLETE, and run this again.",
            evidence=f"ecs:DescribeClusters: {found.cluster_arn} has attachmentsStatus {attachments}",
            severity=None if failed else Severity.WARNING,
        )


def _mend_status(target: Target, found: Cluster) -> str:
    if found.status == "INACTIVE":
        return f"aws ecs create-cluster --cluster-name {quote(found.cluster_name)} --region {target.region}"
    if found.status == "FAILED":
        return _attach_again(target, found)
    return (
        "Wait until it is ACTIVE, and run this again:\n"
        f"aws ecs describe-clusters --clusters {quote(found.cluster_name)} --include ATTACHMENTS --region {target.region}"
    )


def _attach_again(target: Target, found: Cluster) -> str:
    strategy = " ".join(
        f"capacityProvider={quote(item.capacity_provider)},weight={item.weight},base={item.base}"
        for item in found.default_capacity_provider_strategy
    )
    names = " ".join(quote(name) for name in found.capacity_providers)
    return (
        f"aws ecs put-cluster-capacity-providers --cluster {quote(found.cluster_name)} --region {target.region}"
        f" --capacity-providers {names or '[]'} --default-capacity-provider-strategy {strategy or '[]'}"
    )


@check("CLUSTER007", "ecs-cluster-named-by-arn", Severity.ERROR, on=each_cluster)
def ecs_cluster_is_called_by_its_name(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    An ECS cluster that is named, in preflight.yml or with --cluster, is named by its name, not by its ARN.

    ## Why it matters
    Spinnaker passes `ecsClusterName` on as it stands and builds `service/CLUSTER/SERVICE` of it for Application Auto Scaling.
    With an ARN, CreateService succeeds and RegisterScalableTarget fails: a service runs that no screen of Spinnaker's shows.

    ## How to fix it
    Write the part of the ARN behind `cluster/`, here and in the deploy stages.
    """
    if target.is_every_cluster or not target.cluster:
        raise NotApplicable("no ECS cluster is named")
    if not target.cluster.startswith("arn:"):
        return
    arn = Arn.parse(target.cluster)
    name = arn.resource_name if arn else ""
    region = f", in {arn.region}" if arn and arn.region and arn.region != target.region else ""
    yield Problem(
        f"ECS cluster {shown(name) if name else 'of no name'} is named by its ARN",
        remediation=f"Name it {name!r}{region}, here and as ecsClusterName of the deploy stages." if name else "Name it.",
        evidence=f"named for {target.account}/{target.region}: {target.cluster}",
        location=config.where(target),
    )
