"""May it: IAM's simulator and the policies themselves, each asked, and compared.

The simulator knows service control policies, and knows them wrong where it lacks context; the evaluation of the policies
knows what is unknown. Where they agree, that is the verdict. Where they do not, both are shown, and nothing is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from ecs_preflight.answers import PrincipalPolicies, SimulatedAction, Simulation
from ecs_preflight.checks.denial_remedies import denial_in
from ecs_preflight.checks.denials import Denial
from ecs_preflight.checks.permission_requests import Asked
from ecs_preflight.checks.trust_requests import identity_policies
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_identity

_ALLOWED = EvalDecision.ALLOWED.value


class May(Enum):
    """What is known of one action."""

    YES = "yes"
    NO = "no"
    NOT_BY_ORGANIZATION = "the simulator says that the organization denies it, and the role's own policies allow it"
    OPEN = "not known"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The verdict on one action on one resource, and what it rests on."""

    action: str
    resource: str
    may: May
    why: str
    denial: Denial | None = None
    """Which of the role's own policies denied, where they did."""


def rulings(asked: Asked, role_arn: str, simulated: Simulation, held: PrincipalPolicies) -> Iterator[Ruling]:
    """One for each action that was asked about. Raises Undetermined where a policy holds what the language does not have."""
    policies = identity_policies(held)
    by_action: Mapping[str, SimulatedAction] = {result.action.lower(): result for result in simulated.results}
    for action in asked.actions:
        request = asked.request(role_arn, action)
        evaluation = evaluate_identity(policies, request)
        is_denied = evaluation.decision in (EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY)
        denial = denial_in(policies, request, evaluation) if is_denied else None
        told = by_action.get(action.lower())
        if simulated.is_refused:
            yield Ruling(action, asked.resource, _OF_DECISION[evaluation.decision], evaluation.explanation, denial)
        elif told is None:
            yield Ruling(action, asked.resource, May.OPEN, f"iam:SimulatePrincipalPolicy says nothing of {action}")
        else:
            may, why = _compared(told, evaluation)
            yield Ruling(action, asked.resource, may, why, denial)


_OF_DECISION = {
    EvalDecision.ALLOWED: May.YES,
    EvalDecision.EXPLICIT_DENY: May.NO,
    EvalDecision.IMPLICIT_DENY: May.NO,
    EvalDecision.UNDECIDABLE: May.OPEN,
}


def _compared(told: SimulatedAction, evaluation: Evaluation) -> tuple[May, str]:
    says = f"iam:SimulatePrincipalPolicy says {told.decision}{_layer(told)}"
    both = f"{says}; the policies read here: {evaluation.explanation}"
    if told.decision == _ALLOWED:
        if evaluation.allowed:
            return May.YES, says
        if evaluation.decision is EvalDecision.UNDECIDABLE and not told.missing_context:
            return May.YES, says
        return May.OPEN, f"{both}{_missing(told)}"
    if evaluation.decision in (EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY):
        return May.NO, both
    if evaluation.allowed and told.organizations_allow is False and told.boundary_allows is not False:
        return May.NOT_BY_ORGANIZATION, both
    return May.OPEN, f"{both}{_missing(told)}"


def _layer(told: SimulatedAction) -> str:
    denying = [
        name
        for name, allows in (("service control policies", told.organizations_allow), ("the boundary", told.boundary_allows))
        if allows is False
    ]
    return f" (not allowed by {' and '.join(denying)})" if denying else ""


def _missing(told: SimulatedAction) -> str:
    if not told.missing_context:
        return ""
    return f" The simulator took these keys for absent: {', '.join(told.missing_context)}."
