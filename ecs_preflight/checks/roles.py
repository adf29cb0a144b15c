"""ROLE: who Spinnaker is, and the role that it assumes."""

from __future__ import annotations

from ecs_preflight.answers import Attempt
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.denials import Layer, read_denial
from ecs_preflight.checks.identity import (
    as_role_or_user,
    became,
    is_managing_identity,
    managed_role_arn,
    managing_identity,
    says_whose_identity,
)
from ecs_preflight.checks.scopes import each_account, whole_config
from ecs_preflight.checks.trust_requests import allow_assume_role
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.questions import ASSUME_ROLE, ASSUMED_IDENTITY, CALLER_IDENTITY, assume_role, assumed_identity, caller_identity
from ecs_preflight.spinnaker.mapping import AccountMapping, sts_region
from ecs_preflight.spinnaker.secrets import is_opaque
from ecs_preflight.targets import Target


def _caller(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    yield caller_identity()


@check(
    "ROLE001",
    "caller-is-not-managing-identity",
    Severity.WARNING,
    on=whole_config,
    needs=_caller,
    asks=(CALLER_IDENTITY,),
)
@says_whose_identity
def caller_is_managing_identity(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Whoever runs the preflight is the managing identity that preflight.yml states: the role or user that Spinnaker is. A session
    of that role is the role. Where none is stated, the caller is taken for it, and this does not apply.

    ## Why it matters
    What is tried live (to assume the managed role, to list regions) speaks for the caller. Where that is somebody else, only
    policies can be evaluated for the managing identity: ROLE002 and ROLE007 stay undetermined, and what no policy shows, such
    as a service control policy, is not seen at all.

    ## How to fix it
    Run the preflight where Spinnaker runs, with Spinnaker's credentials. Or correct `managing_identity_arn`.
    """
    caller = facts[caller_identity()].require()
    if config.managing_identity_arn is None:
        raise NotApplicable("there is no stated identity to compare the caller with")
    if not is_managing_identity(config, caller.arn):
        yield Problem(
            f"{_short(caller.arn)} runs this, not {_short(config.managing_identity_arn)}",
            remediation=(
                f"Run this with the credentials of {config.managing_identity_arn}, in clouddriver's own container for example; "
                f"or set managing_identity_arn: {as_role_or_user(caller.arn)} in preflight.yml, if that is who Spinnaker is."
            ),
            evidence=f"sts:GetCallerIdentity says {caller.arn}; preflight.yml says {config.managing_identity_arn}",
        )


def _attempt_of_ecs_account(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield caller_identity()
        yield assume_role(target.account, Asker.ECS_SESSION)


@check(
    "ROLE002",
    "managed-role-not-assumable",
    Severity.FATAL,
    on=each_account,
    needs=_attempt_of_ecs_account,
    asks=(CALLER_IDENTITY, ASSUME_ROLE),
)
@says_whose_identity
def managed_role_is_assumable(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    sts:AssumeRole on the managed role, called as clouddriver calls it for the ECS account: without an external id, with its
    session name and duration, in its STS region. Undetermined where anybody else than the managing identity runs this.

    ## Why it matters
    clouddriver assumes the role lazily: it starts, and then every caching agent of the account fails with `User: ... is not
    authorized to perform: sts:AssumeRole`. Screens stay empty, deployments fail, and the log does not say which account.

    ## How to fix it
    Let the role's trust policy name the managing identity (TRUST001), and let the managing identity's own policies allow
    sts:AssumeRole on the role (ROLE009). The evidence says which policy denied, where AWS does; for a role that does not exist
    it says the same as for one that may not be assumed.
    """
    role_arn = managed_role_arn(config, target)
    caller = facts[caller_identity()].require()
    attempt = facts[assume_role(target.account, Asker.ECS_SESSION)].require()
    if not is_managing_identity(config, caller.arn):
        raise Undetermined(
            f"{caller.arn} ran this, not the managing identity {config.managing_identity_arn}; its own attempt {became(attempt)}"
        )
    if not attempt.allowed:
        denial = read_denial(attempt.error_message)
        yield Problem(
            f"{_short(caller.arn)} cannot assume {_short(role_arn)} of {role_arn.split(':')[4]}",
            remediation=_mend(attempt, role_arn, managing_identity(config, caller.arn), config),
            evidence=f"{attempt.said}\n{denial.sentence}" if denial else attempt.said,
        )


def _mend(attempt: Attempt, role_arn: str, identity: str, config: PreflightConfig) -> str:
    """What to do about what STS said. It says the same of a missing role as of a trust policy that does not name the caller."""
    trust = f"Add this statement to the trust policy of {role_arn}:\n{allow_assume_role({'AWS': identity})}"
    grant = (
        f"Add this statement to a policy of {identity}:\n"
        f'{{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "{role_arn}"}}'
    )
    message = attempt.error_message
    if attempt.error_code == "RegionDisabledException":
        region = sts_region(role_arn, config.aws_region)
        return (
            f"Activate STS in {region} for account {role_arn.split(':')[4]} (IAM console, Account settings, Security Token "
            "Service), or give clouddriver another region in AWS_REGION."
        )
    folded = message.casefold()  # STS writes durationSeconds, botocore DurationSeconds
    if "role chaining" in folded or "maxsessionduration" in folded:
        return "Lower aws.defaultSessionDurationSeconds; ROLE005 says to what."
    if "durationseconds" in folded:
        return "Set aws.defaultSessionDurationSeconds to 900 to 43200, as ROLE005 says."
    if "rolesessionname" in folded:
        return "Set sessionName (or aws.defaultSessionName) to 2 to 64 characters out of A-Z a-z 0-9 _ + = , . @ -"
    if "root account" in folded:
        return "Let clouddriver run as a role or an IAM user: AWS lets no account root assume a role."
    denial = read_denial(message)
    if denial is None:
        return f"Make sure that {role_arn} exists, path and case included.\n{trust}\n{grant}"
    if denial.layer is Layer.TRUST:
        return f"Take the Deny statement out of the trust policy of {role_arn}." if denial.is_explicit else trust
    if denial.layer is Layer.IDENTITY:
        return f"Take the Deny statement out of the policies of {identity}." if denial.is_explicit else grant
    if denial.is_explicit:
        return f"Have sts:AssumeRole on {role_arn} taken out of what the {denial.layer.value} denies to {identity}."
    return f"Have sts:AssumeRole on {role_arn} allowed to {identity} by the {denial.layer.value}."


def _assumed_identity(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield assumed_identity(target.account)


@check(
    "ROLE003",
    "assumed-identity-unexpected",
    Severity.FATAL,
    on=each_account,
    needs=_assumed_identity,
    asks=(ASSUMED_IDENTITY,),
)
@says_whose_identity
def assumed_identity_is_as_configured(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Once the managed role is assumed, sts:GetCallerIdentity answers with that very role, in the AWS account whose `accountId`
    Spinnaker's configuration gives.

    ## Why it matters
    clouddriver never asks who it has become. With a role of another account it lists that account's ECS clusters, deploys
    into it, and shows everything under the configured account's name; images and target groups, which it looks up by
    `accountId`, are not found.

    ## How to fix it
    Make `accountId` and the account in `assumeRole` the same.
    """
    role_arn = Arn.parse(managed_role_arn(config, target))
    assert role_arn is not None  # managed_role_arn gives nothing else
    mapping = config.mapping(target.account)
    account_id = mapping.account_id
    if account_id and account_id != role_arn.account_id:
        yield _other_account(mapping, role_arn, account_id)
    identity = facts[assumed_identity(target.account)].require()
    session = Arn.parse(identity.arn)
    name = as_role_or_user(identity.arn).rpartition("/")[2]
    if session is None or identity.account_id != role_arn.account_id or name.casefold() != role_arn.resource_name.casefold():
        yield Problem(
            f"assuming {role_arn.resource_name} of {role_arn.account_id} gave {name} of {identity.account_id}",
            remediation=(
                "Take away what answers in place of STS: an AWS_ENDPOINT_URL, a proxy, or a profile whose own role_arn is "
                "applied to every call."
            ),
            evidence=f"asked for {role_arn}; sts:GetCallerIdentity says {identity.arn}",
        )
    if mapping.aws_account and is_opaque(mapping.aws_account.account_id):
        yield Undetermined(
            f"accountId of {mapping.aws_account.name!r} is read by Spinnaker alone: it is not known whether "
            f"{role_arn.account_id} is what it says"
        )


def _other_account(mapping: AccountMapping, role_arn: Arn, account_id: str) -> Problem:
    account = mapping.aws_account
    return Problem(
        f"the role is of account {role_arn.account_id}, and accountId is {account_id}",
        remediation=f'Set accountId: "{role_arn.account_id}", or give assumeRole as a role of account {account_id}.',
        evidence=f"assumeRole comes to {role_arn}",
        location=account.where("account_id") if account else None,
    )


def _short(arn: str) -> str:
    """`role/NAME` of an ARN, for a summary."""
    return as_role_or_user(arn).rpartition(":")[2]
