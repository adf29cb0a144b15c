"""What several checks ask about identities: who is the managing identity, and which role it is to assume."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from ecs_preflight.answers import Attempt, Role
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Question
from ecs_preflight.findings import Blocked, Problem, Remark, Undetermined, Verdict
from ecs_preflight.questions import role
from ecs_preflight.targets import Target

Judge = Callable[[PreflightConfig, Target, Facts], Judgement]
_TAKEN_FOR_IT = "managing_identity_arn is not stated in preflight.yml: the caller is taken for it"


def managed_role_arn(config: PreflightConfig, target: Target) -> str:
    """The ARN of the role that clouddriver assumes for an ECS account; Blocked where the configuration gives none."""
    mapping = config.mapping(target.account)
    if mapping.role_arn is None or not config.role_is_known(target.account):
        written = mapping.role.written if mapping.role else None
        if mapping.role and mapping.role.is_opaque:
            raise Undetermined(f"the role of {target.account!r} is read by Spinnaker alone (assumeRole: {written})")
        raise Blocked(f"the configuration gives no valid role ARN for {target.account!r} (assumeRole: {written})")
    return mapping.role_arn


def managed_role_question(config: PreflightConfig, target: Target) -> Question[Role]:
    """Asks for the managed role by its bare name, which is all that GetRole takes."""
    return role(target.account, _parsed(managed_role_arn(config, target)).resource_name)


def managed_role(config: PreflightConfig, target: Target, facts: Facts) -> Role:
    """The managed role as IAM has it; Blocked where there is none of exactly that ARN.

    IAM finds a role by its name alone; STS wants the ARN with its path.
    """
    arn = managed_role_arn(config, target)
    found = facts[managed_role_question(config, target)].require()
    if found.arn.casefold() != arn.casefold():  # whether STS compares the case of names is not documented
        raise Blocked(f"there is no role {arn}: the role of that name is {found.arn}, and assumeRole must give its path")
    return found


def as_role_or_user(arn: str) -> str:
    """The principal behind a session: `assumed-role/NAME/SESSION` of STS is the role NAME, whose path a session loses."""
    parsed = Arn.parse(arn)
    if parsed is None or parsed.service != "sts" or parsed.resource_type != "assumed-role":
        return arn
    name = parsed.resource.split("/")[1]
    return f"arn:{parsed.partition}:iam::{parsed.account_id}:role/{name}"


def is_same_principal(arn: str, other: str) -> bool:
    """Whether two ARNs name one role or user; the path of a role, which sessions lose, is not compared."""
    one, two = Arn.parse(as_role_or_user(arn)), Arn.parse(as_role_or_user(other))
    if one is None or two is None:
        return arn == other
    return (one.partition, one.account_id, one.resource_type, one.resource_name) == (
        two.partition,
        two.account_id,
        two.resource_type,
        two.resource_name,
    )


def is_managing_identity(config: PreflightConfig, caller_arn: str) -> bool:
    """Whether the caller is who Spinnaker is. Where nobody is stated, the caller is taken for it."""
    stated = config.managing_identity_arn
    return stated is None or is_same_principal(caller_arn, stated)


def managing_identity(config: PreflightConfig, caller_arn: str) -> str:
    """The ARN of the role or user that Spinnaker is: as stated, else what stands behind the caller."""
    return config.managing_identity_arn or as_role_or_user(caller_arn)


def managing_principal(config: PreflightConfig, caller_arn: str) -> str:
    """The principal that policies are evaluated for: as stated, else the caller itself.

    A session is left one: its ARN has lost the role's path, and evaluation knows that.
    """
    return config.managing_identity_arn or caller_arn


def became(attempt: Attempt) -> str:
    """What came of an attempt, as the end of a sentence."""
    return "succeeded" if attempt.allowed else f"was denied: {attempt.said}"


def says_whose_identity(judge: Judge) -> Judge:
    """Let every result of a check say, where no managing identity is stated, that the caller is taken for it."""

    @wraps(judge)
    def saying(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
        if config.managing_identity_arn is not None:
            yield from judge(config, target, facts)
            return
        try:
            for said in judge(config, target, facts):
                if isinstance(said, Problem):
                    yield replace(said, evidence=f"{said.evidence}\n{_TAKEN_FOR_IT}".strip())
                else:
                    yield _saying_besides(said)
        except Verdict as verdict:
            raise _saying_besides(verdict) from verdict
        yield Remark(_TAKEN_FOR_IT)

    return saying


def _saying_besides(verdict: Verdict) -> Verdict:
    return type(verdict)(f"{verdict.reason} ({_TAKEN_FOR_IT})")


def _parsed(arn: str) -> Arn:
    parsed = Arn.parse(arn)
    assert parsed is not None  # managed_role_arn gives nothing else
    return parsed
