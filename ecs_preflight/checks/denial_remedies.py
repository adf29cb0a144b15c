"""Who denied, found by evaluation; and what helps against each kind of denial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ecs_preflight.checks.denials import Denial, Layer
from ecs_preflight.checks.permission_statements import Condition, allow_on, in_organization
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_identity
from ecs_preflight.iam.request import AccessRequest, PolicySet


def denial_in(policies: PolicySet, request: AccessRequest, evaluation: Evaluation) -> Denial:
    """Which of a role's own policies denied a request that they do not allow."""
    if evaluation.decision is EvalDecision.EXPLICIT_DENY:
        in_boundary = all(matched.document.startswith("boundary") for matched in evaluation.matched_statements)
        return Denial(Layer.BOUNDARY if in_boundary else Layer.IDENTITY, True)
    without_boundary = evaluate_identity(policies.model_copy(update={"boundary": ()}), request)
    return Denial(Layer.BOUNDARY if without_boundary.allowed else Layer.IDENTITY, False)


@dataclass(frozen=True, slots=True)
class DeniedAction:
    """An action on a resource, and who denied it; None where nothing tells."""

    action: str
    denial: Denial | None
    resource: str = "*"
    condition: Condition | None = None


def remedies(role_arn: str, denied: Sequence[DeniedAction]) -> str:
    """What to change, one paragraph for each layer that denied."""
    grouped: dict[tuple[Any, ...], list[str]] = {}
    for one in denied:
        kind = (one.denial.layer, one.denial.is_explicit) if one.denial else (Layer.IDENTITY, False)
        key = (*kind, one.resource, _frozen(one.condition))
        actions = grouped.setdefault(key, [])
        if one.action not in actions:
            actions.append(one.action)
    conditions = {_frozen(one.condition): one.condition for one in denied}
    return "\n".join(
        _remedy(role_arn, layer, is_explicit, actions, allow_on(actions, resource, conditions.get(frozen)))
        for (layer, is_explicit, resource, frozen), actions in grouped.items()
    )


def _frozen(condition: Condition | None) -> str:
    return repr(condition)


def _remedy(role_arn: str, layer: Layer, is_explicit: bool, actions: list[str], statement: str) -> str:
    named = ", ".join(actions)
    if layer in (Layer.SCP, Layer.RCP):
        return in_organization(actions)
    if layer is Layer.SESSION:
        return f"{named}: the session that asked was made with a session policy. clouddriver's is not; ask as clouddriver does."
    if layer is Layer.ENDPOINT:
        return f"Allow {named} in the policy of the VPC endpoint that the call went through."
    if layer is Layer.TRUST:
        return f"Allow {named} in the policy of the resource itself."
    if is_explicit:
        where = "the permissions boundary" if layer is Layer.BOUNDARY else "the policies"
        return f"In {where} of {role_arn}, take away or narrow the Deny that applies to {named}: no Allow outweighs it."
    if layer is Layer.BOUNDARY:
        return f"Add this statement to the policy that is the permissions boundary of {role_arn}:\n{statement}"
    return f"Add this statement to a policy of {role_arn}:\n{statement}"
