"""ACCOUNT: the AWS accounts that ECS accounts map to: ids, roles, regions, sessions. No AWS is needed.

clouddriver drops an AWS account that does not parse; where an ECS account maps to it, clouddriver does not start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecs_preflight.arn import Arn, partition_of_region
from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.role_spelling import is_account_id, misspelling, role_to_write
from ecs_preflight.checks.scopes import each_account, each_account_and_the_unmapped
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import Location
from ecs_preflight.findings import Blocked, Problem, Severity, Undetermined
from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider
from ecs_preflight.spinnaker.mapping import AssumedRole, EffectiveRegion, effective_assume_role, effective_regions
from ecs_preflight.spinnaker.regions import looks_like_region
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.targets import Target

# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
_NOT_IN_SESSION_NAMES = re.compile(r"[^\w+=,.@-]", re.ASCII)

Judged = tuple[AwsAccount, Severity | None]


def judged_accounts(config: PreflightConfig, target: Target) -> Iterator[Judged]:
    """The AWS account of an ECS account; for the configuration as a whole those that no ECS account maps to, as warnings."""
    if target.account:
        account = config.mapping(target.account).aws_account
        assert account is not None  # config.mapping gives nothing else
        yield account, None
        return
    for account in config.unmapped_aws_accounts:
        yield account, Severity.WARNING


@check("ACCOUNT005", "account-id-invalid", Severity.FATAL, on=each_account_and_the_unmapped)
def account_id_is_twelve_digits(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `accountId` of the AWS account is there, and is twelve digits once YAML has read it.

    ## Why it matters
    Without it clouddriver drops the account: `accountId is required and not resolvable for this credentials type`. An id that
    begins with a zero and is not quoted is read as an octal number, or loses its zero: the role's ARN then names another account,
    and every call of the account fails.

    ## How to fix it
    Write the twelve digits in quotes.
    """
    for account, severity in judged_accounts(config, target):
        found, written = account.account_id, account.written("account_id")
        if is_opaque(found):
            yield Undetermined(f"accountId of {account.name!r} is read by Spinnaker alone")
        elif found is None or not found.strip():
            yield Problem(
                f"the AWS account {account.name!r} has no accountId",
                remediation='Add accountId: "..." with the twelve digits, in quotes.',
                location=account.where("account_id"),
                severity=severity,
            )
        elif written and not written.quoted and written.text.startswith("0"):
            yield Problem(
                f"accountId of {account.name!r} begins with a zero and is not quoted: YAML reads {found}",
                remediation=f'Write accountId: "{written.text}", in quotes.',
                evidence=f"written as {written.text}; to YAML 1.1 that is an octal number, or a float",
                location=written.location,
                severity=severity,
            )
        elif not is_account_id(found):
            yield Problem(
                f"accountId of {account.name!r} is {found!r}, not twelve digits",
                remediation=_account_id_to_write(found),
                evidence=f"written as {written.text!r}; {len(found)} characters" if written else f"{len(found)} characters",
                location=account.where("account_id"),
                severity=severity,
            )


def _account_id_to_write(found: str) -> str:
    digits = re.sub(r"[\s-]", "", found)
    if is_account_id(digits):
        return f'Write accountId: "{digits}"'
    lost = " Leading zeros may have got lost." if found.isascii() and found.isdigit() and len(found) < 12 else ""
    return f"Write the twelve digits of the AWS account, in quotes.{lost}"


def _reads(written: str, found: str) -> str:
    return "may read another number" if found == written else f"reads {found}"


@check("ACCOUNT006", "assume-role-missing", Severity.FATAL, on=each_account_and_the_unmapped)
def assume_role_is_there(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The AWS account has an `assumeRole`, or there is a `defaultAssumeRole`.

    ## Why it matters
    As soon as there is any AWS account, clouddriver assumes a role for each. Without one the account is dropped with a
    NullPointerException whose message is `assumeRole`.

    ## How to fix it
    Set `aws.defaultAssumeRole: role/SpinnakerManaged`, or `assumeRole` of the account.
    """
    for account, severity in judged_accounts(config, target):
        if effective_assume_role(config.clouddriver.aws, account).written is None:
            yield Problem(
                f"the AWS account {account.name!r} has no assumeRole, and there is no defaultAssumeRole",
                remediation="Add `defaultAssumeRole: role/SpinnakerManaged` under aws, with the name of the managed role.",
                location=account.location,
                severity=severity,
            )


@check("ACCOUNT007", "assume-role-malformed", Severity.FATAL, on=each_account_and_the_unmapped)
def assume_role_is_a_role_arn(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The role in force, once its template is rendered and clouddriver has put `arn:aws:iam::ID:` before what is no ARN, is the ARN
    of a role.

    ## Why it matters
    Nothing of this is checked when clouddriver loads the account: `assumeRole: SpinnakerManaged` becomes
    `arn:aws:iam::123456789012:SpinnakerManaged`, and every call fails at STS with a ValidationError or AccessDenied.

    ## How to fix it
    Write `role/NAME` (with the path where the role has one), or the whole ARN.
    """
    aws = config.clouddriver.aws
    for account, severity in judged_accounts(config, target):
        role = effective_assume_role(aws, account)
        if role.written is None:
            yield Blocked(f"the AWS account {account.name!r} has no assumeRole")
        elif role.is_opaque or is_opaque(role.written):
            yield Undetermined(f"the role of {account.name!r} is read by Spinnaker alone")
        elif _takes_the_account_id(role) and not is_account_id(account.account_id):
            yield Blocked(f"accountId of {account.name!r}, which the role's ARN is made of, is invalid")
        elif wrong := misspelling(role, account):
            yield Problem(
                f"the role of {account.name!r} {wrong}",
                remediation=role_to_write(role, account, effective_regions(aws, account)),
                evidence=f"assumeRole: {role.written!r} becomes {role.arn or 'nothing'}",
                location=_where_the_role_is(aws, account),
                severity=severity,
            )


def _takes_the_account_id(role: AssumedRole) -> bool:
    written = role.written or ""
    return not written.startswith("arn:") or "{{accountId}}" in written


def _where_the_role_is(aws: AwsProvider, account: AwsAccount) -> Location | None:
    return account.where("assume_role") if account.assume_role is not None else aws.where("default_assume_role")


@check("ACCOUNT015", "session-name-invalid", Severity.FATAL, on=each_account)
def session_name_is_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The session name in force (`sessionName`, `defaultSessionName`, else `Spinnaker`), once its template is rendered, is 2 to 64
    letters, digits or `_+=,.@-`.

    ## Why it matters
    clouddriver passes it to STS as it is, a blank too; STS refuses every call: `Value at 'roleSessionName' failed to satisfy
    constraint`.

    ## How to fix it
    Shorten or correct it, or delete the key: only a missing one gets the default.
    """
    mapping = config.mapping(target.account)
    account, session = mapping.aws_account, mapping.session_e
    assert account is not None
    assert session is not None
    name = session.session_name
    if is_opaque(name):
        raise Undetermined(f"the session name of {account.name!r} is read by Spinnaker alone")
    if name is None or not _SESSION_NAME.fullmatch(name):
        own = account.session_name is not None
        yield Problem(
            f"STS refuses the session name of {account.name!r}: {_refused_because(name)}",
            remediation="Use 2 to 64 letters, digits or _+=,.@-, or delete the key: `Spinnaker` is the default.",
            evidence=f"roleSessionName: {name!r}" if name else "",
            location=account.where("session_name") if own else config.clouddriver.aws.where("default_session_name"),
        )


def _refused_because(name: str | None) -> str:
    if name is None:
        return "its template cannot be rendered"
    if not name:
        return "it is blank, and only a missing one gets the default"
    refused = "".join(dict.fromkeys(_NOT_IN_SESSION_NAMES.findall(name)))
    if refused:
        return f"it holds {refused[:20]!r}"
    return "it has 1 character" if len(name) == 1 else f"it has {len(name)} characters"


@check("ACCOUNT019", "partition-mismatch", Severity.FATAL, on=each_account_and_the_unmapped)
def regions_and_role_are_of_one_partition(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The regions of the AWS account are of the partition that its role's ARN names; so is the managing identity, where
    `managing_identity_arn` states it.

    ## Why it matters
    clouddriver makes `arn:aws:iam::...` of every short role, in China and GovCloud too: `the security token included in the
    request is invalid`. Regions of two partitions can never share a role, and no identity can assume a role of another partition.

    ## How to fix it
    Write the whole ARN: `arn:aws-cn:iam::...` in China, `arn:aws-us-gov:iam::...` in GovCloud.
    """
    aws = config.clouddriver.aws
    for account, severity in judged_accounts(config, target):
        role = effective_assume_role(aws, account)
        arn = Arn.parse(role.arn or "")
        if role.is_opaque or is_opaque(role.written):
            yield Undetermined(f"the role of {account.name!r} is read by Spinnaker alone")
        elif arn is None:
            yield Blocked(f"the AWS account {account.name!r} has no role ARN to compare its regions with")
        else:
            yield from _of_other_partitions(aws, account, arn, severity)
            yield from _out_of_reach(config, account, arn, severity)


def _of_other_partitions(aws: AwsProvider, account: AwsAccount, role: Arn, severity: Severity | None) -> Judgement:
    regions = effective_regions(aws, account)
    if any(is_opaque(region.name) for region in regions):
        yield Undetermined(f"the name of a region of {account.name!r} is read by Spinnaker alone")
    regions_of: dict[str, list[EffectiveRegion]] = {}
    for region in regions:
        if looks_like_region(region.name):  # what is none is ACCOUNT009's
            regions_of.setdefault(partition_of_region(region.name), []).append(region)
    for partition, foreign in regions_of.items():
        if partition != role.partition:
            names = ", ".join(region.name for region in foreign)
            whole = f"Write assumeRole: arn:{partition}:iam::{role.account_id}:{role.resource}"
            apart = f"Make another AWS account of the regions of {partition} ({names}), with a role of theirs."
            yield Problem(
                f"{account.name!r} has regions of {partition}, and its role is of {role.partition}",
                remediation=whole if len(regions_of) == 1 else apart,
                evidence=f"{names}; the role is {role}",
                location=foreign[0].written.location or account.where("regions"),
                severity=severity,
            )


def _out_of_reach(config: PreflightConfig, account: AwsAccount, role: Arn, severity: Severity | None) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_aws-accounts.html: in one partition."""
    managing = Arn.parse(config.managing_identity_arn or "")
    if managing and managing.partition != role.partition:
        yield Problem(
            f"the role of {account.name!r} is of {role.partition}, and the managing identity of {managing.partition}",
            remediation=f"Let a Spinnaker whose identity is of {role.partition} manage {account.name!r}.",
            evidence=f"{config.managing_identity_arn} cannot assume {role}: roles are assumed within a partition alone",
            location=_where_the_role_is(config.clouddriver.aws, account) or account.location,
            severity=severity,
        )
