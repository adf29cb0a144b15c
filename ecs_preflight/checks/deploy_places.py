"""DEPLOY001 to DEPLOY007 and DEPLOY022: whether a server group can be read, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.server_groups import described_workloads, each_server_group, judged_by, stage_of
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.spinnaker.rules import places
from ecs_preflight.targets import Target


@check("DEPLOY001", "description-unreadable", Severity.ERROR, on=each_server_group)
def description_is_readable(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every value of the server group is of the type that clouddriver reads there: numbers where it wants numbers, lists where it
    wants lists. A number in quotes is one; what an expression (`${...}`) decides is left open.

    ## Why it matters
    clouddriver cannot make a description of it, and the stage fails with a message about JSON: `Cannot deserialize value of
    type ...`.

    ## How to fix it
    Write a value of the type that is named, or let Spinnaker's UI write the stage.
    """
    for workload, group in described_workloads(config, target):
        for defect in group.defects:
            if defect.is_refused:
                yield Problem(
                    f"{shown(workload.name, 28)}: {defect.key} is {defect.found}, not {defect.expected}",
                    remediation=f"Write {defect.expected} there.",
                    evidence=f"{stage_of(group)}, {defect.key}: {defect.found} was found; clouddriver reads {defect.expected}",
                    location=defect.location,
                )


@check("DEPLOY002", "description-key-misspelt", Severity.WARNING, on=each_server_group)
def description_keys_are_spelt_right(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No key of the server group is nearly one of clouddriver's, and none.

    ## Why it matters
    clouddriver ignores keys that it does not know, without a word: what was meant is left at its default.

    ## How to fix it
    Write the key as clouddriver spells it; capitals count.
    """
    for workload, group in described_workloads(config, target):
        for defect in group.defects:
            if defect.near_miss:
                yield Problem(
                    f"{shown(workload.name, 28)}: {defect.key!r} is no key of clouddriver's",
                    remediation=f'Write "{defect.near_miss}".',
                    evidence=f"{stage_of(group)}: {defect.found}; the nearest one is {defect.expected}",
                    location=defect.location,
                )


@check("DEPLOY003", "deploy-account-not-found", Severity.ERROR, on=each_server_group)
def deploy_account_is_there(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The account that the server group names is one of `ecs.accounts`, to the letter. clouddriver's own validator asks only that
    there be one: `createServerGroupDescription.credentials.not.nullable`.

    ## Why it matters
    The stage fails at once: clouddriver finds no credentials of that name. An account of `aws.accounts` is another thing.

    ## How to fix it
    Name an ECS account.
    """
    accounts = [account.name for account in config.ecs_accounts]
    yield from judged_by(config, target, lambda _, group: places.account_is_known(group, accounts))


@check("DEPLOY004", "deploy-region-not-configured", Severity.ERROR, on=each_server_group)
def deploy_region_is_configured(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `availabilityZones` has exactly one region with at least one zone (`availabilityZones.not.nullable`, `.must.have.only.one`,
    `.zones.not.nullable`), the zones are of that region, and, which clouddriver does not check, the region is one of the
    account's.

    ## Why it matters
    The validator refuses the first three. In a region that is not the account's, the service is created, and Spinnaker never
    sees it: the stage waits for its instances until it times out.

    ## How to fix it
    Deploy to a region of the account, or add the region to the AWS account that the ECS account maps to.
    """
    regions = config.spinnaker_regions(target.account) if target.account else ()
    yield from judged_by(config, target, lambda _, group: places.region_is_configured(group, regions))


@check("DEPLOY005", "ecs-cluster-not-named", Severity.ERROR, on=each_server_group)
def deploy_cluster_is_named(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `ecsClusterName` is there (`createServerGroupDescription.ecsClusterName.not.nullable`), says something, and is a name and not
    an ARN.

    ## Why it matters
    The validator refuses none at all. By an ARN, CreateService succeeds and RegisterScalableTarget fails: a service is left
    behind that Spinnaker does not show.

    ## How to fix it
    Write the bare name of the ECS cluster.
    """
    yield from judged_by(config, target, lambda _, group: places.cluster_is_named(group))


@check("DEPLOY006", "server-group-name-invalid", Severity.ERROR, on=each_server_group)
def server_group_name_is_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    An application is named, by the moniker or by `application` (`application.not.nullable`, `moniker.app.not.nullable`); a
    moniker says the same as `application`, `stack` and `freeFormDetails` beside it (`moniker.app.invalid`, `.stack.invalid`,
    `.detail.invalid`); and ECS takes the name that comes of it.

    ## Why it matters
    The validator refuses the stage, or CreateService does after a task definition has been registered.

    ## How to fix it
    Let moniker and names agree, and use letters, digits and hyphens.
    """
    yield from judged_by(config, target, lambda _, group: places.name_is_well_formed(group))


# Of clouddriver-ecs, CloneServiceAtomicOperation is a stub: it makes no call.
_STUBS = frozenset({"cloneServerGroup"})


def _config_with_stages(config: PreflightConfig) -> Iterator[Target]:
    if any(pipeline.others for pipeline in config.workload_files.pipelines):
        yield Target()


@check("DEPLOY022", "stage-does-nothing", Severity.WARNING, on=_config_with_stages)
def stages_do_something(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No stage of a pipeline given with --pipeline clones a server group of ECS.

    ## Why it matters
    clouddriver's clone operation for ECS is a stub: the stage makes no call, and nothing is deployed.

    ## How to fix it
    Use a deploy stage.
    """
    for pipeline in config.workload_files.pipelines:
        for stage in pipeline.others:
            if stage.type in _STUBS:
                yield Problem(
                    f"stage {shown(stage.name, 28)} clones a server group of ECS, which does nothing",
                    remediation="Make it a deploy stage, with the cluster that it should clone.",
                    evidence=f"pipeline {pipeline.name!r}: {stage.type} with cloudProvider ecs; clouddriver makes no call for it",
                    location=stage.location,
                )
