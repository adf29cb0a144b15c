"""ROLE004 and ROLE005: what the sessions of the managed role ask for, against what the role gives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecs_preflight.answers import CallerIdentity, Role
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import (
    became,
    is_managing_identity,
    managed_role,
    managed_role_arn,
    managed_role_question,
    managing_identity,
    managing_principal,
    says_whose_identity,
)
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import clouddriver_request, trust_document
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.questions import ASSUME_ROLE, CALLER_IDENTITY, ROLE, assume_role, caller_identity
from ecs_preflight.spinnaker.mapping import AccountMapping, RoleSession
from ecs_preflight.targets import Target

_CHAINED_SESSION = 3600
"""Seconds: the most of a session that is made with a session's credentials, and the least that a role can be set to.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
"""
# Seconds. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, DurationSeconds.
_SHORTEST_SESSION, _LONGEST_SESSION = 900, 43200
# EC2 names the session of an instance profile by the instance, and such a session is not chained upon.
_INSTANCE_SESSION = re.compile(r"i-[0-9a-f]{8,17}")
_NAME_OF_SESSION = {Asker.ECS_SESSION: "ECS account", Asker.AWS_SESSION: "AWS account"}


def _external_id(config: PreflightConfig, target: Target) -> str | None:
    """The external id that the AWS account's session sends, in this version of Spinnaker."""
    mapping = config.mapping_or_none(target.account)
    return mapping.session_a.external_id if mapping and mapping.session_a else None


def _both_attempts_or_trust(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """The managing identity's attempts, with the external id and without. Else the trust policy."""
    if not config.role_is_known(target.account) or _external_id(config, target) is None:
        return
    yield caller_identity()
    caller = known[caller_identity()].value_or_none()
    if caller is None:
        return
    if not is_managing_identity(config, caller.arn):
        yield managed_role_question(config, target)
        return
    yield assume_role(target.account, Asker.ECS_SESSION)
    yield assume_role(target.account, Asker.AWS_SESSION)


@check(
    "ROLE004",
    "external-id-required",
    Severity.FATAL,
    on=each_account,
    needs=_both_attempts_or_trust,
    asks=(CALLER_IDENTITY, ASSUME_ROLE, ROLE),
)
@says_whose_identity
def role_is_assumable_without_external_id(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where the AWS account has an `externalId`: the managed role can be assumed without it too, and with it (ERROR). Tried by the
    managing identity; where somebody else runs this, the trust policy is evaluated with and without it.

    ## Why it matters
    clouddriver does not copy `externalId` from the AWS account to the ECS account that maps to it. Where the trust policy
    demands `sts:ExternalId`, the EC2 provider works and every call of the ECS provider fails with AccessDenied on
    sts:AssumeRole. The other way round, what the EC2 provider caches is missing: the subnets and security groups that awsvpc
    and Fargate are deployed into.

    ## How to fix it
    Take the `sts:ExternalId` condition out of the managed role's trust policy, or move it to a statement beside one that names
    the managing identity alone. Up to the newest Spinnaker there is no setting that passes it on.
    """
    role_arn = managed_role_arn(config, target)
    external_id = _external_id(config, target)
    if external_id is None:
        raise NotApplicable("no externalId reaches the AWS account's session")
    caller = facts[caller_identity()].require()
    principal = managing_principal(config, caller.arn)
    if is_managing_identity(config, caller.arn):
        yield from _tried(target, facts, role_arn, managing_identity(config, caller.arn))
        return
    role = managed_role(config, target, facts)
    without = _evaluated(config, target, role, principal, Asker.ECS_SESSION, None)
    sent = _evaluated(config, target, role, principal, Asker.AWS_SESSION, facts.token(external_id))
    if without.allowed:
        if sent.decision is EvalDecision.UNDECIDABLE:
            raise Undetermined(sent.explanation)
        if not sent.allowed:
            yield _refused_with_it(role_arn, without.explanation, sent.explanation)
        return
    if without.decision is EvalDecision.UNDECIDABLE:
        raise Undetermined(without.explanation)
    if sent.decision in (EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY):
        raise Undetermined(f"the trust policy lets the managing identity in neither with nor without it: {sent.explanation}")
    yield _required(role_arn, principal, f"without: {without.explanation}\nwith: {sent.explanation}")


def _tried(target: Target, facts: Facts, role_arn: str, identity: str) -> Iterator[Problem]:
    without = facts[assume_role(target.account, Asker.ECS_SESSION)].require()
    sent = facts[assume_role(target.account, Asker.AWS_SESSION)].require()
    if without.allowed:
        if not sent.allowed:
            yield _refused_with_it(role_arn, became(without), became(sent))
        return
    if not sent.allowed:
        raise Undetermined(f"the role cannot be assumed with it either; that {became(sent)}")
    yield _required(role_arn, identity, f"without: {became(without)}\nwith: {became(sent)}")


def _evaluated(
    config: PreflightConfig, target: Target, role: Role, principal: str, session: Asker, token: str | None
) -> Evaluation:
    mapping = config.mapping(target.account)
    request = clouddriver_request(config, mapping, role.arn, principal, session, external_id=token, policies=(role.trust_policy,))
    return evaluate_document(trust_document(role), request)


def _required(role_arn: str, principal: str, evidence: str) -> Problem:
    return Problem(
        f"{role_arn.rpartition(':')[2]} wants an external id, which an ECS account never sends",
        remediation=(
            f"Add a statement without the sts:ExternalId condition to the trust policy of {role_arn}:\n"
            f'{{"Effect": "Allow", "Principal": {{"AWS": "{principal}"}}, "Action": "sts:AssumeRole"}}'
        ),
        evidence=evidence,
    )


def _refused_with_it(role_arn: str, without: str, sent: str) -> Problem:
    """The ECS account's session is made and the AWS account's is not, which reads subnets and security groups."""
    return Problem(
        f"{role_arn.rpartition(':')[2]} cannot be assumed with the AWS account's externalId",
        remediation=(
            f"Let the trust policy of {role_arn} take the AWS account's externalId too, or take it out of the AWS account."
        ),
        evidence=f"without: {without}\nwith: {sent}",
        severity=Severity.ERROR,
    )


def _long_sessions(mapping: AccountMapping | None) -> Iterator[tuple[Asker, RoleSession]]:
    """The sessions that ask for more than every role gives: no role can be set to less than an hour."""
    for asker, session in _sessions(mapping):
        if _CHAINED_SESSION < session.duration_seconds <= _LONGEST_SESSION:
            yield asker, session


def _sessions(mapping: AccountMapping | None) -> Iterator[tuple[Asker, RoleSession]]:
    if mapping is None:
        return
    for asker, session in ((Asker.ECS_SESSION, mapping.session_e), (Asker.AWS_SESSION, mapping.session_a)):
        if session:
            yield asker, session


def _never_granted(config: PreflightConfig, mapping: AccountMapping) -> Iterator[Problem]:
    """The sessions that STS gives of no role at all: the request itself is not valid."""
    for asker, session in _sessions(mapping):
        if _SHORTEST_SESSION <= session.duration_seconds <= _LONGEST_SESSION:
            continue
        account = mapping.aws_account
        is_own = asker is Asker.AWS_SESSION and account is not None and account.session_duration_seconds is not None
        key = "sessionDurationSeconds" if is_own else "aws.defaultSessionDurationSeconds"
        aws = config.clouddriver.aws
        yield Problem(
            f"{session.duration_seconds} seconds for the {_NAME_OF_SESSION[asker]} are not within 900 to 43200",
            remediation=f"Set {key} to 900 to 43200, and to no more than the role's MaxSessionDuration.",
            evidence="sts:AssumeRole takes 900 to 43200 as DurationSeconds, and refuses anything else as not valid",
            location=account.where("session_duration_seconds")
            if account and is_own
            else aws.where("default_session_duration_seconds"),
        )


def _attempts_then_role(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """The role only where no attempt of the managing identity itself shows that it gives that long a session."""
    long_sessions = list(_long_sessions(config.mapping_or_none(target.account)))
    if not config.role_is_known(target.account) or not long_sessions:
        return
    yield caller_identity()
    caller = known[caller_identity()].value_or_none()
    if caller is None:
        return
    if not is_managing_identity(config, caller.arn):
        yield managed_role_question(config, target)
        return
    for asker, _ in long_sessions:
        yield assume_role(target.account, asker)
        attempt = known[assume_role(target.account, asker)].value_or_none()
        if attempt and not attempt.allowed:
            yield managed_role_question(config, target)


@check(
    "ROLE005",
    "session-duration-too-long",
    Severity.ERROR,
    on=each_account,
    needs=_attempts_then_role,
    asks=(CALLER_IDENTITY, ASSUME_ROLE, ROLE),
)
@says_whose_identity
def session_duration_is_granted(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The duration that reaches each session of the managed role (that of the ECS account, that of the AWS account) is one that STS
    takes, 900 to 43200 seconds, and within the role's MaxSessionDuration; and within an hour where the managing identity is
    itself a role's session, unless it is an EC2 instance's.

    ## Why it matters
    STS refuses a longer session outright: `The requested DurationSeconds exceeds the MaxSessionDuration set for this role`, or
    `... exceeds the 1 hour session limit for roles assumed by role chaining`. Then no call of the account succeeds. Read
    from Spinnaker 1.37 on; the account's own `sessionDurationSeconds` never reaches the ECS account.

    ## How to fix it
    Lower `aws.defaultSessionDurationSeconds` (or the account's own), or raise the role's MaxSessionDuration. What is under 900
    seconds is to be raised.
    """
    managed_role_arn(config, target)
    yield from _never_granted(config, config.mapping(target.account))
    long_sessions = list(_long_sessions(config.mapping(target.account)))
    if not long_sessions:
        return
    caller = facts[caller_identity()].require()
    for asker, session in long_sessions:
        yield from _refused(config, target, facts, caller, asker, session.duration_seconds)


def _refused(
    config: PreflightConfig, target: Target, facts: Facts, caller: CallerIdentity, asker: Asker, seconds: int
) -> Iterator[Problem | Verdict]:
    whose = f"{seconds} seconds for the {_NAME_OF_SESSION[asker]}"
    said = ""
    if is_managing_identity(config, caller.arn):
        attempt = facts[assume_role(target.account, asker)].require()
        if attempt.allowed:
            return
        said = attempt.said
    role = managed_role(config, target, facts)
    if seconds > role.max_session_duration:
        yield Problem(
            f"{whose} are beyond {role.name}'s {role.max_session_duration}",
            remediation=(
                f"aws iam update-role --role-name {role.name} --max-session-duration {seconds}\n"
                f"or set aws.defaultSessionDurationSeconds: {role.max_session_duration}"
            ),
            evidence=f"MaxSessionDuration of {role.arn}, by {role.read_with}, is {role.max_session_duration} seconds",
        )
    elif "role chaining" in said:
        yield Problem(
            f"{whose} are beyond the hour of a session that a session makes",
            remediation=(
                f"Set aws.defaultSessionDurationSeconds: {_CHAINED_SESSION}, or run clouddriver on an EC2 instance's profile."
            ),
            evidence=said,
        )
    elif _may_be_chained(config, caller):
        tried = f"; the attempt was denied: {said}" if said else ""
        yield Undetermined(
            f"{whose}: {managing_identity(config, caller.arn)} is a role, and unless it is an EC2 instance's, what it assumes "
            f"lasts an hour at most{tried}"
        )


def _may_be_chained(config: PreflightConfig, caller: CallerIdentity) -> bool:
    """Whether clouddriver's own credentials may be those of a session that is not an EC2 instance's."""
    identity = Arn.parse(managing_identity(config, caller.arn))
    if identity is None or identity.resource_type == "user":
        return False
    session = caller.arn.rpartition("/")[2]
    return not (is_managing_identity(config, caller.arn) and _INSTANCE_SESSION.fullmatch(session))
