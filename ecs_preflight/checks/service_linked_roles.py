"""TRUST020 and TRUST021: the service-linked roles that ECS and Application Auto Scaling work with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ecs_preflight.answers import PrincipalPolicies
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role_arn, managed_role_question, says_whose_identity
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust import HOW_TO_STATE_THE_VERSION
from ecs_preflight.checks.trust_requests import identity_policies
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Absent, Question, Snapshot
from ecs_preflight.findings import Blocked, NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.iam.decision import EvalDecision
from ecs_preflight.iam.evaluate import evaluate_identity
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.questions import ROLE, ROLE_POLICIES, role, role_policies
from ecs_preflight.spinnaker.versions import is_at_least
from ecs_preflight.targets import Target

_CREATE = "iam:CreateServiceLinkedRole"


@dataclass(frozen=True, slots=True)
class ServiceLinkedRole:
    """A role that a service makes for itself, in a path that is the service's own."""

    name: str
    service: str

    def arn(self, managed: Arn) -> str:
        path = f"aws-service-role/{self.service}/{self.name}"
        return f"arn:{managed.partition}:iam::{managed.account_id}:role/{path}"


_FOR_ECS = ServiceLinkedRole("AWSServiceRoleForECS", "ecs.amazonaws.com")
_FOR_AUTO_SCALING = ServiceLinkedRole(
    "AWSServiceRoleForApplicationAutoScaling_ECSService", "ecs.application-autoscaling.amazonaws.com"
)


def _is_used(config: PreflightConfig) -> bool:
    """From 1.19 on; also where no version is stated: the newest release needs them."""
    return is_at_least(config.version, "1.19") is not False


def _role_then_rights(
    linked: ServiceLinkedRole,
) -> Callable[[PreflightConfig, Target, Snapshot], Questions]:
    """The service-linked role; what the managed role may do only where it is missing."""

    def needs(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
        if not _is_used(config) or not config.role_is_known(target.account):
            return
        question = role(target.account, linked.name)
        yield question
        if isinstance(known[question], Absent):
            yield _rights(config, target)

    return needs


def _rights(config: PreflightConfig, target: Target) -> Question[PrincipalPolicies]:
    return role_policies(target.account, managed_role_question(config, target).arguments[0])


def _judged(linked: ServiceLinkedRole, config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    managed = Arn.parse(managed_role_arn(config, target))
    assert managed is not None  # managed_role_arn gives nothing else
    if not _is_used(config):
        raise NotApplicable(f"Spinnaker {config.version} passes the managed role instead (TRUST002)")
    fact = facts[role(target.account, linked.name)]
    if isinstance(fact, Absent):
        yield from _missing(linked, config, target, facts, managed, fact.why)
        return
    found = fact.require()
    if found.arn != linked.arn(managed):
        yield Problem(
            f"{linked.name} in account {managed.account_id} is not the service's own role",
            remediation=f"Delete {found.arn}, or rename it; then: {_command(linked)}",
            evidence=f"{found.arn} was found where {linked.arn(managed)} is expected",
        )


def _missing(
    linked: ServiceLinkedRole, config: PreflightConfig, target: Target, facts: Facts, managed: Arn, why: str
) -> Iterator[Problem]:
    decision, explanation = _may_create(linked, config, target, facts, managed)
    may = decision is EvalDecision.ALLOWED
    besides = ""
    if config.version is None:
        besides = f"\nSpinnaker up to 1.18 does not need it. {HOW_TO_STATE_THE_VERSION}"
    yield Problem(
        f"{linked.name} is missing in account {managed.account_id}",
        remediation=f"With credentials of account {managed.account_id}: {_command(linked)}{besides}",
        evidence="\n".join(
            (
                why,
                "The managed role may create it: the first deployment does, and may fail once before the role is usable."
                if may
                else f"Whether the managed role may create it is not known: {explanation}"
                if decision is EvalDecision.UNDECIDABLE
                else f"The managed role may not create it: {explanation}",
            )
        ),
        severity=Severity.WARNING if may else None,
    )


def _may_create(
    linked: ServiceLinkedRole, config: PreflightConfig, target: Target, facts: Facts, managed: Arn
) -> tuple[EvalDecision, str]:
    """By the managed role's own policies and boundary; what cannot be read decides nothing."""
    try:
        held = facts[_rights(config, target)].require()
        policies = identity_policies(held)
    except (Undetermined, Blocked) as verdict:
        return EvalDecision.UNDECIDABLE, verdict.reason
    request = AccessRequest(
        principal=held.arn,
        action=_CREATE,
        resource=linked.arn(managed),
        context={"iam:AWSServiceName": linked.service},
        context_complete=False,
    )
    evaluation = evaluate_identity(policies, request)
    return evaluation.decision, evaluation.explanation


def _command(linked: ServiceLinkedRole) -> str:
    return f"aws iam create-service-linked-role --aws-service-name {linked.service}"


@check(
    "TRUST020",
    "ecs-service-linked-role-missing",
    Severity.ERROR,
    on=each_account,
    needs=_role_then_rights(_FOR_ECS),
    asks=(ROLE, ROLE_POLICIES),
)
@says_whose_identity
def ecs_service_linked_role_exists(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed account has `AWSServiceRoleForECS`. Required from Spinnaker 1.19 on, and where no version is stated; WARNING where
    the managed role may create it by its own policies.

    ## Why it matters
    ECS attaches network interfaces and registers with load balancers by this role. The first ecs:CreateService of the account
    creates it where the caller may, else it fails: `Unable to assume the service linked role. Please verify that the ECS
    service linked role exists`.

    ## How to fix it
    Create it once per account: `aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com`.
    """
    yield from _judged(_FOR_ECS, config, target, facts)


@check(
    "TRUST021",
    "autoscaling-service-linked-role-missing",
    Severity.ERROR,
    on=each_account,
    needs=_role_then_rights(_FOR_AUTO_SCALING),
    asks=(ROLE, ROLE_POLICIES),
)
@says_whose_identity
def autoscaling_service_linked_role_exists(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed account has `AWSServiceRoleForApplicationAutoScaling_ECSService`. Required from Spinnaker 1.19 on, and where no
    version is stated; WARNING where the managed role may create it by its own policies.

    ## Why it matters
    Every deployment registers a scalable target after it made the service. Where the role is missing and may not be created,
    RegisterScalableTarget fails: the service runs, and the UI hides its server group; resize, enable and disable fail.

    ## How to fix it
    Create it once per account: `aws iam create-service-linked-role --aws-service-name
    ecs.application-autoscaling.amazonaws.com`.
    """
    yield from _judged(_FOR_AUTO_SCALING, config, target, facts)
