"""ACCOUNT: the AWS accounts that ECS accounts map to: ids, roles, regions, sessions. No AWS is needed.

clouddriver drops an AWS account that does not parse; where an ECS account maps to it, clouddriver does not start.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ecs_preflight.arn import Arn, partition_of_region
from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.scopes import each_account, each_account_and_the_unmapped
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Blocked, Problem, Severity, Undetermined
from ecs_preflight.spinnaker.accounts import AwsAccount
from ecs_preflight.spinnaker.mapping import AssumedRole, effective_assume_role, effective_regions
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.targets import Target

_ACCOUNT_ID = re.compile(r"\d{12}")
_ROLE_ARN = re.compile(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+")
# https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)

Judged = tuple[AwsAccount, Severity | None]


def judged_accounts(config: PreflightConfig, target: Target) -> Iterator[Judged]:
    """The AWS account of an ECS account; for the configuration as a whole those that no ECS account maps to, as warnings."""
    if target.account:
        account = config.mapping(target.account).aws_account
        assert account is not None  # config.mapping gives nothing else
        yield account, None
        return
    for account in config.clouddriver.aws.accounts:
        if not config.clouddriver.is_mapped(account):
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
        elif not _ACCOUNT_ID.fullmatch(found):
            lost = " A leading zero may be lost." if found.isdigit() and len(found) < 12 else ""
            yield Problem(
                f"accountId of {account.name!r} is {found!r}, not twelve digits",
                remediation=f"Write the twelve digits of the AWS account, in quotes.{lost}",
                evidence=f"{len(found)} characters",
                location=account.where("account_id"),
                severity=severity,
            )


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
    for account, severity in judged_accounts(config, target):
        role = effective_assume_role(config.clouddriver.aws, account)
        if role.written is None:
            yield Blocked(f"the AWS account {account.name!r} has no assumeRole")
        elif role.is_opaque or is_opaque(role.written):
            yield Undetermined(f"the role of {account.name!r} is read by Spinnaker alone")
        elif role.arn and not role.written.startswith("arn:") and not _ACCOUNT_ID.fullmatch(account.account_id or ""):
            yield Blocked(f"accountId of {account.name!r}, which the role's ARN is made of, is invalid")
        elif problem := _malformed(role):
            yield Problem(
                f"the role of {account.name!r} {problem}",
                remediation=_role_to_write(role, account),
                evidence=f"assumeRole: {role.written!r} becomes {role.arn or 'nothing'}",
                location=account.where("assume_role"),
                severity=severity,
            )


def _malformed(role: AssumedRole) -> str | None:
    if role.arn is None:
        return f"cannot be rendered: {role.problem}"
    if role.unresolved:
        return f"keeps {', '.join(role.unresolved)}, which clouddriver does not know"
    if not (role.written or "").strip():
        return "is blank, and a blank defeats defaultAssumeRole"
    arn = Arn.parse(role.arn)
    if arn and arn.resource_type == "user":
        return "is an IAM user: only roles can be assumed"
    if arn and not arn.resource.startswith("role/"):
        return "lacks `role/` before its name"
    if arn and arn.resource.startswith("role/role/"):
        return "begins with `role/` twice"
    return None if _ROLE_ARN.fullmatch(role.arn) else "does not become the ARN of a role"


def _role_to_write(role: AssumedRole, account: AwsAccount) -> str:
    name = (role.written or "").rpartition("/")[2].rpartition(":")[2].strip()
    usable = name if re.fullmatch(r"[\w+=,.@-]+", name) else "SpinnakerManaged"
    return f"Write assumeRole: role/{usable}, or arn:aws:iam::{account.account_id or 'ACCOUNT_ID'}:role/{usable}."


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
        own = account.written("session_name")
        yield Problem(
            f"the session name {(name or '')[:40]!r} of {account.name!r} is one that STS refuses",
            remediation="Use 2 to 64 letters, digits or _+=,.@-, or delete the key: `Spinnaker` is the default.",
            evidence=f"it has {len(name)} characters" if name else "it is blank, or its template cannot be rendered",
            location=own.location if own else config.clouddriver.aws.where("default_session_name"),
        )


@check("ACCOUNT019", "partition-mismatch", Severity.FATAL, on=each_account_and_the_unmapped)
def regions_and_role_are_of_one_partition(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The regions of the AWS account are of the partition that its role's ARN names.

    ## Why it matters
    clouddriver makes `arn:aws:iam::...` of every short role, in China and GovCloud too: `the security token included in the
    request is invalid`. Regions of two partitions can never share a role.

    ## How to fix it
    Write the whole ARN: `arn:aws-cn:iam::...` in China, `arn:aws-us-gov:iam::...` in GovCloud.
    """
    aws = config.clouddriver.aws
    for account, severity in judged_accounts(config, target):
        role = effective_assume_role(aws, account)
        arn = Arn.parse(role.arn or "")
        if arn is None or role.is_opaque:
            yield Blocked(f"the AWS account {account.name!r} has no role ARN to compare its regions with")
            continue
        by_partition = Counter(partition_of_region(region.name) for region in effective_regions(aws, account))
        for partition in by_partition:
            if partition != arn.partition:
                names = [r.name for r in effective_regions(aws, account) if partition_of_region(r.name) == partition]
                yield Problem(
                    f"{account.name!r} has regions of {partition}, and its role is of {arn.partition}",
                    remediation=f"Write assumeRole: arn:{partition}:iam::{arn.account_id}:{arn.resource}",
                    evidence=f"{', '.join(names)}; the role is {role.arn}",
                    location=account.where("regions"),
                    severity=severity,
                )
