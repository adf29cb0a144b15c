"""TRUST004: conditions under which alone the managing identity is let in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ecs_preflight.answers import Role
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role, managing_principal, says_whose_identity
from ecs_preflight.checks.managing_trust import request_of_ecs_account, role_and_principal, was_let_in
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import at_time, trust_document
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import Location
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.iam.conditions import ConditionClause
from ecs_preflight.iam.decision import EvalDecision, Evaluation, MatchedStatement
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.instants import Instant
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.questions import ASSUME_ROLE, CALLER_IDENTITY, ROLE, caller_identity
from ecs_preflight.spinnaker.mapping import AccountMapping, sts_region
from ecs_preflight.targets import Target

# What belongs to the managing identity wherever it is: one attempt of its own settles these for every place.
_OF_THE_IDENTITY = ("aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:principaltag/")
_TIME_KEYS = ("aws:currenttime", "aws:epochtime")
_SESSION_NAME, _REGION = "sts:RoleSessionName", "aws:RequestedRegion"
_ANY_OTHER = "any-other"
_YEAR_10000 = 253_402_300_800
"""Seconds since the epoch, beyond which there is no date to write."""


@dataclass(frozen=True, slots=True)
class _Trust:
    """The trust policy, the request that it is put to, and its answer."""

    managed: Role
    principal: str
    document: PolicyDocument
    request: AccessRequest
    now: Evaluation

    @property
    def who(self) -> str:
        return self.principal.rpartition(":")[2]

    def lines(self, keys: Sequence[str], among: Sequence[MatchedStatement]) -> str:
        """The conditions on these keys, each with its statement."""
        wanted = {key.lower() for key in keys}
        written = [
            f"{str(matched).removesuffix(' of document')}: {_written(clause)}"
            for matched in among
            for clause in self.document.statements[matched.index].conditions
            if clause.key.lower() in wanted
        ]
        return "\n".join(written)


def _is_settled_by_attempt(evaluation: Evaluation) -> bool:
    """Whether all that is open is the same wherever the managing identity asks from. Doubts about AWS itself are."""
    keys = (key.lower() for key in evaluation.unknown_context_keys)
    return evaluation.decision is EvalDecision.UNDECIDABLE and all(key.startswith(_OF_THE_IDENTITY) for key in keys)


def _role_and_principal(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    return role_and_principal(config, target, known, _is_settled_by_attempt)


@check(
    "TRUST004",
    "trust-depends-on-conditions",
    Severity.WARNING,
    on=each_account,
    needs=_role_and_principal,
    asks=(ROLE, CALLER_IDENTITY, ASSUME_ROLE),
)
@says_whose_identity
def trust_depends_on_no_condition(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role's trust policy lets the managing identity in whatever the conditions in it come to: where it calls from,
    with or without MFA, until any date. Conditions on who it is (aws:PrincipalArn, its account) count as naming it; what its own
    attempt settles for every place (its organization, its tags) counts as settled. INFO where all that decides is known from the
    configuration: the session name, the region of STS.

    ## Why it matters
    A condition on the source address, the VPC endpoint or MFA holds at the desk where a role is tried, and fails in
    clouddriver's pod; a date passes; a session name is changed. Then every call of the account fails with `is not authorized to
    perform: sts:AssumeRole`, though nobody touched the role.

    ## How to fix it
    Run the preflight as the managing identity, where clouddriver runs: ROLE002 then tries it, which proves it for that place and
    that moment. To depend on nothing, name the managing identity in a statement without conditions.
    """
    managed = managed_role(config, target, facts)
    caller_arn = "" if config.managing_identity_arn else facts[caller_identity()].require().arn
    principal = managing_principal(config, caller_arn)
    request = request_of_ecs_account(config, target, managed, principal, facts.taken_at)
    document = trust_document(managed)
    now = evaluate_document(document, request)
    if now.decision in (EvalDecision.IMPLICIT_DENY, EvalDecision.EXPLICIT_DENY):
        raise NotApplicable(f"the trust policy does not let {principal} in, which TRUST001 judges")
    trust = _Trust(managed, principal, document, request, now)
    is_settled = _is_settled_by_attempt(now) and was_let_in(config, target, facts)
    if not now.allowed and not is_settled:
        if not now.unknown_context_keys:
            raise Undetermined(now.explanation)
        yield _unproven(trust)
    yield from _until_a_date(trust, facts.taken_at)
    yield from _as_configured(config, config.mapping(target.account), trust)


def _unproven(trust: _Trust) -> Problem:
    keys = trust.now.unknown_context_keys
    state = "State spinnaker.aws_region in preflight.yml. " if _REGION.lower() in {key.lower() for key in keys} else ""
    return Problem(
        f"{trust.managed.name} lets {trust.who} in depending on {', '.join(keys)}",
        remediation=(
            f"{state}Run this with the credentials of {trust.principal} where clouddriver runs, in its container for example: "
            "ROLE002 then tries it, which proves it for that place and that moment. Or take "
            f"{' and '.join(keys)} out of what the trust policy of {trust.managed.arn} demands of it."
        ),
        evidence=f"{trust.now.explanation}\n{trust.lines(keys, trust.now.matched_statements)}".rstrip(),
    )


def _until_a_date(trust: _Trust, at: datetime) -> Iterator[Problem]:
    """The first moment written in the policy at which the answer turns worse."""
    for moment in _moments(trust.document, at):
        for instant in (moment, moment + timedelta(seconds=1)):
            then = evaluate_document(trust.document, at_time(trust.request, instant))
            if _is_worse(then, trust.now):
                yield Problem(
                    f"{trust.managed.name} lets {trust.who} in until {moment:%Y-%m-%d %H:%M} UTC",
                    remediation=(
                        f"Move the date in the trust policy of {trust.managed.arn} before it passes, or take the condition out."
                    ),
                    evidence=f"now: {trust.now.explanation}\nthen: {then.explanation}",
                )
                return


def _moments(document: PolicyDocument, at: datetime) -> list[datetime]:
    """The instants after `at` that conditions on the time compare with, in order."""
    clauses = (clause for statement in document.statements for clause in statement.conditions)
    read = (Instant.read(value) for clause in clauses if clause.key.lower() in _TIME_KEYS for value in clause.values)
    seconds = {int(instant.seconds) for instant in read if instant}
    return [
        datetime.fromtimestamp(second, timezone.utc) for second in sorted(seconds) if at.timestamp() < second < _YEAR_10000 - 1
    ]


def _as_configured(config: PreflightConfig, mapping: AccountMapping, trust: _Trust) -> Iterator[Problem]:
    """What holds only as long as the configuration stays as it is."""
    session = mapping.session_e
    if where := _where_it_matters(trust, _SESSION_NAME):
        name = session.session_name if session else None
        yield Problem(
            f"{trust.managed.name} lets {trust.who} in only with the session name {name}",
            remediation=f"Leave sessionName at {name}; whoever changes it changes the trust policy of {trust.managed.arn} first.",
            evidence=trust.lines((_SESSION_NAME,), where),
            location=_where_the_session_name_is(config, mapping),
            severity=Severity.INFO,
        )
    is_fixed = bool(sts_region(trust.managed.arn, ""))
    if not is_fixed and (where := _where_it_matters(trust, _REGION)):
        region = config.preflight.spinnaker.aws_region
        yield Problem(
            f"{trust.managed.name} lets {trust.who} in only where STS is called in {region}",
            remediation=(
                f"Leave AWS_REGION of clouddriver's environment at {region}; whoever changes it changes the trust policy of "
                f"{trust.managed.arn} first."
            ),
            evidence=trust.lines((_REGION,), where),
            severity=Severity.INFO,
        )


def _where_it_matters(trust: _Trust, key: str) -> tuple[MatchedStatement, ...]:
    """The statements that tell this known value from any other; none where it is not known, or any other does as well."""
    if key not in trust.request.context:
        return ()
    context = {**trust.request.context, key: (_ANY_OTHER,)}
    then = evaluate_document(trust.document, trust.request.model_copy(update={"context": context}))
    return (*trust.now.matched_statements, *then.matched_statements) if _is_worse(then, trust.now) else ()


def _is_worse(then: Evaluation, now: Evaluation) -> bool:
    return then.decision is not now.decision and not then.allowed


def _where_the_session_name_is(config: PreflightConfig, mapping: AccountMapping) -> Location | None:
    account = mapping.aws_account
    if account and account.session_name is not None:
        return account.where("session_name")
    return config.clouddriver.aws.where("default_session_name")


def _written(clause: ConditionClause) -> str:
    return f"{clause.operator.name} {clause.key} {', '.join(clause.values)}"
