"""ACCOUNT: the mapping from ECS accounts to AWS accounts. No AWS is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.providers import is_unread
from ecs_preflight.checks.scopes import each_account, whole_config
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Blocked, Problem, Severity, Undetermined
from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount
from ecs_preflight.targets import Target

# clouddriver's cache keys are joined by these, and read with globs. ECS/cache/Keys.java:53, EcsLoadBalancerProvider.java:149-156
_BREAK_CACHE_KEYS = ";:*"


@check("ACCOUNT001", "aws-account-not-found", Severity.FATAL, on=each_account)
def aws_account_of_ecs_account_exists(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `awsAccount` of the ECS account is the name of an entry of `aws.accounts`, letter for letter.

    ## Why it matters
    From 1.24 on clouddriver does not start: `MissingCredentialsException: Credentials 'X' of type 'aws' cannot be
    found` ends the creation of the bean `ecsCredentialsLoader`, and with it the process. Up to 1.23 the ECS account is
    silently absent; on main after July 2026 the error is logged and loading is tried again.

    ## How to fix it
    Set `awsAccount` to the name of an AWS account of Spinnaker's (not its twelve digits), or add that account.
    """
    account = config.ecs_account(target.account)
    name = account.aws_account
    aws = config.clouddriver.aws
    if name is None:
        raise Blocked(f"the ECS account {account.name!r} names no AWS account")
    if not aws.accounts:
        raise Blocked("there is no AWS account at all")
    if aws.account(name) is not None:
        return
    config.require_readable_names(name)
    known = ", ".join(repr(known.name) for known in aws.accounts)
    summary = f"maps to {name!r}, which is not in aws.accounts" if name.strip() else "has a blank awsAccount"
    yield Problem(
        f"ECS account {account.name!r} {summary}",
        remediation=_meant(aws, name),
        evidence=f"aws.accounts has: {known}\nclouddriver says: Credentials '{name}' of type 'aws' cannot be found",
        location=account.where("aws_account"),
    )


def _meant(aws: AwsProvider, name: str) -> str:
    near = aws.near_misses(name) or (tuple(account.name for account in aws.accounts) if len(aws.accounts) == 1 else ())
    if near:
        instead = f", or add an entry named {name!r} to aws.accounts" if name.strip() else ""
        return f"Set awsAccount to {near[0]!r}{instead}."
    if not name.strip():
        return "Set awsAccount to the name of an AWS account."
    return f"Add an entry named {name!r} to aws.accounts."


@check("ACCOUNT004", "aws-account-disabled", Severity.FATAL, on=each_account)
def aws_account_is_enabled(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The AWS account that the ECS account maps to does not carry `enabled: false`.

    ## Why it matters
    clouddriver does not load a disabled account (`AWS account: X is disabled`); for the ECS account it is then as if there were
    none of that name, and clouddriver does not start: `Credentials 'X' of type 'aws' cannot be found`.

    ## How to fix it
    Delete `enabled: false`, or the ECS account.
    """
    account = _aws_account(config, target)
    if is_unread(config, account.written("enabled")):
        raise Undetermined(f"whether {account.name!r} is enabled is read by Spinnaker alone")
    if not account.enabled:
        yield Problem(
            f"the AWS account {account.name!r} of ECS account {target.account!r} is disabled",
            remediation=f"Delete `enabled: false` from {account.name!r} in aws.accounts, or the ECS account that maps to it.",
            evidence=f"clouddriver says: AWS account: {account.name} is disabled",
            location=account.where("enabled"),
        )


@check("ACCOUNT010", "account-name-not-unique", Severity.ERROR, on=whole_config)
def account_names_are_unique(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No two AWS accounts and no two ECS accounts share a name, and no ECS account is named like an AWS account.

    ## Why it matters
    Of two entries the second silently replaces the first. Of two ECS accounts the credentials come from the last and the mapping
    from the first. Where an ECS and an AWS account share a name, look-ups without a type find the one or the other; Halyard
    refuses that (`Account "X" appears more than once`).

    ## How to fix it
    Rename one of them; names are referred to by applications and pipelines, so the younger one is usually the better choice.
    """
    aws, ecs = config.clouddriver.aws.accounts, config.clouddriver.ecs.accounts
    yield from _repeated(aws, "aws.accounts")
    yield from _repeated(ecs, "ecs.accounts")
    aws_names = {account.name for account in aws}
    for account in config.ecs_accounts:
        if account.name in aws_names:
            yield Problem(
                f"{account.name!r} names both an ECS account and an AWS account",
                remediation=f"Rename the ECS account, to {account.name + '-ecs'!r} for example.",
                evidence="clouddriver finds the one or the other, and Halyard refuses it: Account appears more than once",
                location=account.where("name"),
            )


def _repeated(accounts: tuple[AwsAccount, ...] | tuple[EcsAccount, ...], where: str) -> Iterator[Problem]:
    kept = "the credentials of the last and the mapping of the first" if where == "ecs.accounts" else "the last"
    times = Counter(account.name for account in accounts)
    for name in (name for name, count in times.items() if count > 1):
        entries = [account for account in accounts if account.name == name]
        lines = ", ".join(str(account.location.line) for account in entries if account.location)
        yield Problem(
            f"{name!r} stands {len(entries)} times in {where}",
            remediation="Rename or delete all but one.",
            evidence=f"its entries are in lines {lines}; clouddriver keeps {kept}" if lines else f"clouddriver keeps {kept}",
            location=entries[-1].where("name"),
        )


@check("ACCOUNT011", "aws-account-shared", Severity.WARNING, on=whole_config)
def aws_accounts_are_mapped_once(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No two ECS accounts map to one AWS account.

    ## Why it matters
    clouddriver keeps one ECS account for each AWS account, from 1.24 on the last: subnets, security groups and load balancers are
    shown for that one alone. When one of the two is removed, awsvpc deployments of the other resolve no subnets. Up to 1.23 only
    the first is loaded at all.

    ## How to fix it
    Give each ECS account an AWS account of its own (a second entry for the same twelve digits will do), or keep one of them.
    """
    up_to_1_23 = config.clouddriver.is_at_least("1.24") is False
    by_aws_account: dict[str, list[EcsAccount]] = {}
    for account in config.ecs_accounts:
        if account.aws_account:
            by_aws_account.setdefault(account.aws_account, []).append(account)
    for name, accounts in by_aws_account.items():
        if len(accounts) > 1:
            first, last = accounts[0].name, accounts[-1].name
            then = f"clouddriver loads {first!r} alone" if up_to_1_23 else f"the UI shows networks for {last!r} alone"
            yield Problem(
                f"{len(accounts)} ECS accounts map to the AWS account {name!r}",
                remediation=f"Add another entry of the same accountId to aws.accounts, and map {last!r} to it.",
                evidence=f"they are: {', '.join(account.name for account in accounts)}; {then}",
                location=accounts[-1].where("aws_account"),
            )


@check("ACCOUNT012", "external-id-dropped", Severity.WARNING, on=each_account)
def external_id_is_not_needed(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The AWS account that the ECS account maps to has no `externalId`.

    ## Why it matters
    clouddriver does not pass it on to the ECS account (EcsAccountBuilder): where the managed role's trust policy demands it, EC2
    works and every ECS call fails with AccessDenied. ROLE004 says whether it does.

    ## How to fix it
    Let the trust policy accept the managing identity without sts:ExternalId; where the managing identity is a role or user of
    your own, its ARN as the only principal serves as well.
    """
    account = _aws_account(config, target)
    if account.external_id:
        unread = config.clouddriver.is_at_least("1.23") is False
        yield Problem(
            f"the externalId of {account.name!r} does not reach the ECS account {target.account!r}",
            remediation="Do not demand sts:ExternalId in the trust policy of its managed role; then delete externalId here.",
            evidence=f"{config.version} reads no externalId at all: that began with 1.23" if unread else "it reaches EC2 alone",
            location=account.where("external_id"),
        )


@check("ACCOUNT016", "session-duration-dropped", Severity.WARNING, on=each_account)
def session_duration_reaches_the_ecs_account(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The AWS account that the ECS account maps to has no `sessionDurationSeconds` of its own.

    ## Why it matters
    clouddriver reads it from 1.37 on, and does not pass it on to the ECS account: the sessions of the ECS account last as long as
    `aws.defaultSessionDurationSeconds` says, or 900 seconds.

    ## How to fix it
    Set `aws.defaultSessionDurationSeconds`, which holds for both.
    """
    account, session = _aws_account(config, target), config.mapping(target.account).session_e
    own, lasting = account.session_duration_seconds, session.duration_seconds if session else None
    if own is not None and own != lasting:
        unread = config.clouddriver.is_at_least("1.37") is False
        yield Problem(
            f"sessionDurationSeconds of {account.name!r} does not reach the ECS account {target.account!r}",
            remediation=(
                "Delete it: Spinnaker reads it, and aws.defaultSessionDurationSeconds, from 1.37 on."
                if unread
                else f"Set aws.defaultSessionDurationSeconds to {own}."
            ),
            evidence=f"it says {own} seconds, and the ECS account's sessions last {lasting}",
            location=account.where("session_duration_seconds"),
        )


@check("ACCOUNT023", "account-name-breaks-cache-keys", Severity.ERROR, on=each_account)
def account_name_suits_the_cache(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Neither the ECS account's name nor that of its AWS account holds `;`, `:` or `*`.

    ## Why it matters
    clouddriver joins its cache keys with `;` for ECS and `:` for AWS, and looks them up with globs: with such a name, entries of
    one account are lost or taken for another's.

    ## How to fix it
    Use letters, digits, `-`, `_` and `.`.
    """
    account = config.ecs_account(target.account)
    for name, what, where in (
        (account.name, "ECS", account.where("name")),
        (account.aws_account or "", "AWS", account.where("aws_account")),
    ):
        found = [character for character in _BREAK_CACHE_KEYS if character in name]
        if found:
            yield Problem(
                f"the name of the {what} account {name!r} holds {' and '.join(found)}",
                remediation="Rename it: letters, digits, `-`, `_` and `.` are safe.",
                location=where,
            )


def _aws_account(config: PreflightConfig, target: Target) -> AwsAccount:
    """The AWS account that an ECS account maps to; Blocked where there is none of that name."""
    account = config.mapping(target.account).aws_account
    assert account is not None  # config.mapping gives nothing else
    return account
