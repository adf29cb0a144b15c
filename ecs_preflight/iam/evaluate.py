"""How AWS decides: one document alone, all policies together, the caller's side alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ecs_preflight.iam.accounts import (
    Layers,
    Requirement,
    acts_for_itself,
    identity_requirements,
    is_assuming,
    is_service_linked,
    requirements,
)
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.explain import shortfalls
from ecs_preflight.iam.layers import Layer, apply_document, apply_documents, merge
from ecs_preflight.iam.matching import PolicyRole
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest, PolicySet
from ecs_preflight.iam.settling import settle
from ecs_preflight.iam.truth import all_of
from ecs_preflight.iam.verdict import Hearing, conclude

_Required = Callable[[Layers, AccessRequest], Sequence[Requirement]]

_IDENTITY = PolicyRole()
_RCP = PolicyRole(matches_principals=True, covers_services=True)


def evaluate_document(document: PolicyDocument | Mapping[str, Any], request: AccessRequest | Mapping[str, Any]) -> Evaluation:
    """What one document says of a request, all other policies left aside.

    Where it names principals (a trust policy does), the caller must be among them; its account's being named counts.
    """
    policy, asked = PolicyDocument.model_validate(document), AccessRequest.model_validate(request)
    role = PolicyRole(matches_principals=policy.has_principals)

    def hear(asked: AccessRequest) -> Hearing:
        layer = apply_document(policy, "document", asked.question, role)
        return Hearing(layer.deny, layer.allow, layer.statements)

    hearing = hear(asked)
    if hearing.decision is EvalDecision.UNDECIDABLE:
        return settle(hear, asked, hearing)
    missing = "no statement of the document allows it"
    if policy.has_principals and hearing.decision is EvalDecision.IMPLICIT_DENY:
        missing = f"{missing} ({shortfalls(policy, asked.question, role)})"
    return conclude(hearing, asked, missing)


def evaluate_request(policies: PolicySet | Mapping[str, Any], request: AccessRequest | Mapping[str, Any]) -> Evaluation:
    """Whether AWS would allow a request under all the policies that bear on it; a policy not given does not exist."""
    return _evaluate(policies, request, requirements)


def evaluate_identity(policies: PolicySet | Mapping[str, Any], request: AccessRequest | Mapping[str, Any]) -> Evaluation:
    """The caller's side alone: identity policies within boundary, session policy and SCPs. Resource and RCPs are left aside.

    It answers whether the caller's own account lets it call sts:AssumeRole, say, apart from the role's trust policy.
    """
    caller_side = PolicySet.model_validate(policies).model_copy(update={"resource": None, "rcp": ()})
    return _evaluate(caller_side, request, identity_requirements)


def _evaluate(
    policies: PolicySet | Mapping[str, Any],
    request: AccessRequest | Mapping[str, Any],
    required: _Required,
) -> Evaluation:
    asked, given = AccessRequest.model_validate(request), PolicySet.model_validate(policies)
    hearing, needs = _hear(given, asked, required)
    if hearing.decision is EvalDecision.UNDECIDABLE:
        return settle(lambda completed: _hear(given, completed, required)[0], asked, hearing)
    missing = next((need.otherwise for need in needs if not need.answer.possible), "nothing allows it")
    return conclude(hearing, asked, missing)


def _hear(policies: PolicySet, asked: AccessRequest, required: _Required) -> tuple[Hearing, Sequence[Requirement]]:
    layers = _layers(policies, asked)
    kinds = (layers.identity, layers.resource, layers.boundary, layers.session, *layers.scp, *layers.rcp)
    every = merge(layer for layer in kinds if layer is not None)
    needs = required(layers, asked)
    return Hearing(every.deny, all_of(need.answer for need in needs), every.statements), needs


def _layers(policies: PolicySet, request: AccessRequest) -> Layers:
    """The policies that bear on this caller: those of an account and its organization say nothing of AWS services."""
    question = request.question
    own = acts_for_itself(question.context.caller)
    restricted = not is_service_linked(request)

    def of_kind(documents: Sequence[PolicyDocument], name: str, role: PolicyRole = _IDENTITY) -> Layer:
        return apply_documents(documents, name, question, role)

    bounded = own and bool(policies.boundary)
    resource_role = PolicyRole(matches_principals=True, not_principal_always_denies=bounded and not is_assuming(question.action))
    return Layers(
        identity=of_kind(policies.identity if own else (), "identity"),
        resource=apply_document(policies.resource, "resource", question, resource_role)
        if policies.resource is not None
        else None,
        boundary=of_kind(policies.boundary, "boundary") if bounded else None,
        session=of_kind(policies.session, "session") if own and policies.session else None,
        scp=tuple(of_kind(level, f"scp[{n}]") for n, level in enumerate(policies.scp)) if own and restricted else (),
        rcp=tuple(of_kind(level, f"rcp[{n}]", _RCP) for n, level in enumerate(policies.rcp)) if restricted else (),
    )
