"""ACCOUNT: the `aws` and `ecs` blocks as wholes: are they on, do they have accounts, can Spring bind them. No AWS is needed."""

from __future__ import annotations

import re

from ecs_preflight.arn import Arn, partition_of_region
from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.scopes import each_account, whole_config
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import Location
from ecs_preflight.findings import Blocked, Problem, Severity, Undetermined
from ecs_preflight.spinnaker.accounts import PACKAGED_FILE, near_misses
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from ecs_preflight.spinnaker.properties import uniform
from ecs_preflight.spinnaker.regions import looks_like_region
from ecs_preflight.spinnaker.secrets import is_opaque, is_secret_reference
from ecs_preflight.spinnaker.written import Written
from ecs_preflight.targets import Target

_ECS_STRATEGIES = ("default", "tags")
_REGION_DEFECTS = (DefectKind.BARE_STRING_REGION, DefectKind.REGION_WITHOUT_NAME, DefectKind.BLANK_ENTRY)


@check("ACCOUNT002", "aws-provider-disabled", Severity.FATAL, on=whole_config)
def aws_provider_is_on(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where ECS is on, `aws.enabled` is on too, and `aws.accounts` has an entry.

    ## Why it matters
    clouddriver does not start: `Parameter 0 of constructor in ...EcsApplicationProvider required a bean named
    'amazonCredentialsLoader' that could not be found`; with no AWS account it ends in a ClassCastException.

    ## How to fix it
    Set `aws.enabled: true`, and add the AWS account that the ECS account maps to.
    """
    aws, ecs = config.clouddriver.aws, config.clouddriver.ecs
    if not ecs.enabled and not ecs.accounts:
        return
    if is_unread(config, aws.written("enabled")):
        yield Undetermined("aws.enabled is read by Spinnaker alone")
    elif not aws.enabled:
        written = aws.written("enabled")
        stated = written is not None and written.location.file != PACKAGED_FILE
        yield Problem(
            "the ECS provider is used while the AWS provider is off",
            remediation="Set aws.enabled: true" + ("." if stated else ", or AWS_ENABLED=true in clouddriver's environment."),
            evidence="aws.enabled is false" if stated else "aws.enabled is not set, and off by default",
            location=_own(aws.where("enabled")) or ecs.where("enabled"),
        )
    if aws.accounts:
        return
    if _defects_at(config, "aws.accounts", DefectKind.WRONG_TYPE, DefectKind.BLANK_ENTRY, DefectKind.ENTRY_WITHOUT_NAME):
        yield Blocked("aws.accounts is not a list of mappings with names")
    else:
        yield Problem(
            "the ECS provider is used while aws.accounts is empty",
            remediation="Add the AWS account that the ECS account maps to, with name, accountId, assumeRole and regions.",
            location=_own(aws.where("accounts")) or ecs.where("accounts"),
        )


@check("ACCOUNT003", "ecs-accounts-missing", Severity.FATAL, on=whole_config)
def ecs_accounts_are_there(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where `ecs.enabled` is on there is a key `ecs.accounts`, and each of its entries has a `name` and an `awsAccount`.

    ## Why it matters
    Without the key, or with such an entry, clouddriver does not start: a NullPointerException while `ecsCredentialsLoader` is
    made (up to 1.23 without the key only where there is an AWS account). An empty list is taken, and no account loads.

    ## How to fix it
    Add the entry: `- {name: ecs-account-name, awsAccount: aws-account-name}`.
    """
    ecs = config.clouddriver.ecs
    nameless = [defect for defect in _defects(config, DefectKind.ENTRY_WITHOUT_NAME) if defect.path.startswith("ecs")]
    for defect in nameless:
        yield Problem(
            "an entry of ecs.accounts has no name",
            remediation="Add name: and awsAccount: to it, or delete it.",
            evidence=f"{defect.found}; {defect.expected}",
            location=defect.location,
        )
    for account in ecs.accounts:
        if account.aws_account is None:
            yield Problem(
                f"the ECS account {account.name!r} names no AWS account",
                remediation=f"Add awsAccount: NAME to {account.name!r}. {_misplaced_aws_account(config)}".strip(),
                location=account.location,
            )
    for account in ecs.accounts:
        if not account.name.strip():
            yield Problem(
                "an entry of ecs.accounts has a blank name",
                remediation="Give it a name: applications and pipelines refer to it, and a blank can be referred to by nobody.",
                location=account.where("name"),
            )
    if ecs.accounts or nameless or not ecs.enabled:
        return
    if _defects_at(config, "ecs.accounts", DefectKind.WRONG_TYPE, DefectKind.BLANK_ENTRY):
        yield Blocked("ecs.accounts is not a list of mappings")
    else:
        stated = ecs.accounts_stated
        yield Problem(
            "ecs.accounts is empty: no ECS account loads" if stated else "ecs.enabled is on, and there is no ecs.accounts",
            remediation="Add ecs.accounts with an entry: - {name: ecs-account-name, awsAccount: aws-account-name}",
            location=ecs.where("accounts") if stated else ecs.where("enabled"),
            severity=Severity.ERROR if stated else None,
        )


def _own(location: Location | None) -> Location | None:
    """The location where it is one in a file of the user's; clouddriver's packaged file is nothing to look into."""
    return None if location is None or location.file == PACKAGED_FILE else location


def _misplaced_aws_account(config: PreflightConfig) -> str:
    """Where awsAccount stands instead, when it does: one column off is the usual way to lose it."""
    misplaced = (defect for defect in _defects(config, DefectKind.MISPLACED_KEY) if defect.path == "ecs.awsAccount")
    return next((f"It stands in line {defect.location.line}: {defect.expected}." for defect in misplaced), "")


@check("ACCOUNT008", "default-regions-emptied", Severity.FATAL, on=whole_config)
def default_regions_are_in_force(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `aws.defaultRegions` is not emptied; and the default regions without zones (the packaged us-east-1 where nobody wrote any) are
    of the managing identity's partition, where `managing_identity_arn` states it.

    ## Why it matters
    From 1.28 on an empty `defaultRegions` makes every AWS account fail to parse (`Unknown region: []`): all are dropped, and
    clouddriver does not start because of the ECS accounts. A default region without zones is looked up by the managing identity
    at every start; one of China or GovCloud cannot look up us-east-1.

    ## How to fix it
    Delete the key, which brings the packaged us-east-1 back, or list the regions: `defaultRegions: [{name: us-east-1}]`.
    """
    aws = config.clouddriver.aws
    if _defects_at(config, "aws.defaultRegions", DefectKind.WRONG_TYPE, *_REGION_DEFECTS):
        raise Blocked("aws.defaultRegions cannot be bound")
    if not aws.default_regions:
        if config.clouddriver.is_at_least("1.28") is not False:
            older = " Where Spinnaker is older than 1.28, state spinnaker.version in preflight.yml."
            yield Problem(
                "aws.defaultRegions is empty: every AWS account fails to parse",
                remediation="Delete the key, or write defaultRegions: [{name: us-east-1}]." + ("" if config.version else older),
                evidence="with Spinnaker 1.28 or later; up to 1.27 an empty list is taken",
                location=aws.where("default_regions"),
            )
        return
    managing = Arn.parse(config.managing_identity_arn or "")
    for region in aws.default_regions:
        is_looked_up = looks_like_region(region.name) and not region.availability_zones
        if managing and is_looked_up and partition_of_region(region.name) != managing.partition:
            packaged = "packaged " if aws.default_regions_are_packaged else ""
            yield Problem(
                f"the {packaged}default region {region.name} is none of {managing.partition}",
                remediation="Write aws.defaultRegions with a region of that partition.",
                evidence=f"the managing identity is {config.managing_identity_arn}, and looks {region.name} up at every start",
                location=_own(region.where("name")) or _own(aws.where("accounts")),
                severity=Severity.WARNING,
            )


@check("ACCOUNT013", "naming-strategy-unknown", Severity.FATAL, on=each_account)
def naming_strategy_is_known(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The naming strategy in force is `default` or `tags`, in any case.

    ## Why it matters
    clouddriver does not start with one that it does not know: `Could not find naming strategy 'X'`. Those of other providers
    (`kubernetesAnnotations`) are found by name too, and cannot name an ECS service.

    ## How to fix it
    Write `default` or `tags`, or delete the key.
    """
    ecs = config.clouddriver.ecs
    account = config.ecs_account(target.account)
    strategy = ecs.naming_strategy_of(account)
    if is_opaque(strategy):
        raise Undetermined(f"the naming strategy of {account.name!r} is read by Spinnaker alone")
    if strategy is None or strategy.lower() in _ECS_STRATEGIES:
        return
    foreign = strategy.lower().endswith("annotations")
    near = near_misses(strategy, _ECS_STRATEGIES)
    its_own = bool(account.naming_strategy and account.naming_strategy.strip())
    key = "namingStrategy" if its_own else "ecs.defaultNamingStrategy"
    yield Problem(
        f"{account.name!r} has the naming strategy {strategy!r}" + (", which is another provider's" if foreign else ""),
        remediation=f"Write {key}: {near[0] if near else 'default'}, or delete the key.",
        evidence="ECS has the strategies default and tags"
        + ("" if foreign else f"; clouddriver says: Could not find naming strategy '{strategy}'"),
        location=account.where("naming_strategy") if its_own else ecs.where("default_naming_strategy"),
        severity=Severity.ERROR if foreign else None,
    )


@check("ACCOUNT021", "ecs-provider-disabled", Severity.FATAL, on=whole_config)
def ecs_provider_is_on(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `ecs.enabled` is on.

    ## Why it matters
    Without it clouddriver knows nothing of ECS: no account of it loads, and nothing says so.

    ## How to fix it
    Set `ecs.enabled: true`; with Halyard `hal config provider ecs enable`.
    """
    ecs = config.clouddriver.ecs
    if is_unread(config, ecs.written("enabled")):
        raise Undetermined("ecs.enabled is read by Spinnaker alone")
    if not ecs.enabled:
        yield Problem(
            "ecs.enabled is not on: no ECS account loads",
            remediation="Set ecs.enabled: true, or run hal config provider ecs enable.",
            evidence=f"{_counted(len(ecs.accounts))} listed, and clouddriver says nothing of it",
            location=ecs.where("enabled") or (ecs.accounts[0].location if ecs.accounts else None),
        )


def _counted(count: int) -> str:
    return "no ECS account is" if count == 0 else "1 ECS account is" if count == 1 else f"{count} ECS accounts are"


def is_unread(config: PreflightConfig, switch: Written | None) -> bool:
    """Whether a switch is written so that only Spinnaker can read it, and what is taken for it here is a guess."""
    unresolved = (defect.location for defect in _defects(config, DefectKind.UNRESOLVED_PLACEHOLDER))
    return switch is not None and (is_secret_reference(switch.text) or switch.location in unresolved)


def _defects(config: PreflightConfig, *kinds: DefectKind) -> list[Defect]:
    return [defect for defect in config.clouddriver.defects if defect.kind in kinds]


def _defects_at(config: PreflightConfig, path: str, *kinds: DefectKind) -> list[Defect]:
    """Those of a list itself, or of one of its entries as a whole."""
    found = _defects(config, *kinds)
    return [defect for defect in found if re.fullmatch(uniform(path) + r"\d*", uniform(defect.path))]
