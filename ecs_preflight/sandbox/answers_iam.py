"""What the sandbox's IAM answers where moto has nothing: the policy simulator.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from __future__ import annotations

from typing import Any

from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.sandbox.authorization import simulated, unknown_keys
from ecs_preflight.sandbox.calls import Call, Refusal
from ecs_preflight.sandbox.keyring import principal

_LONGEST_PAGE = 1000
_WORST_FIRST = (EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY, EvalDecision.UNDECIDABLE, EvalDecision.ALLOWED)


def simulate_principal_policy(call: Call) -> dict[str, Any]:
    """One result for each action, over all resources together; the resources one by one stand beneath it.

    A context key that a policy asks for and the call does not give counts as absent, and is named as missing.
    """
    source = call.get("PolicySourceArn", "")
    if principal(source) is None:
        raise Refusal("NoSuchEntity", f"The principal {source} cannot be found.", 404)
    for unsupported in ("PolicyInputList", "PermissionsBoundaryPolicyInputList", "ResourcePolicy"):
        if call.get(unsupported):
            raise Refusal("NotSimulated", f"the sandbox does not simulate SimulatePrincipalPolicy with {unsupported}")
    context = {entry["ContextKeyName"]: entry.get("ContextKeyValues", ()) for entry in call.get("ContextEntries", ())}
    resources = call.get("ResourceArns") or ["*"]
    results = [_result(source, action, resources, context) for action in call.get("ActionNames", ())]
    start = int(call.get("Marker", "0"))
    end = start + int(call.get("MaxItems", _LONGEST_PAGE))
    following = {"Marker": str(end)} if end < len(results) else {}
    return {"EvaluationResults": results[start:end], "IsTruncated": bool(following), **following}


def _result(source: str, action: str, resources: list[str], context: dict[str, Any]) -> dict[str, Any]:
    found = {resource: simulated(source, action, resource, context) for resource in resources}
    worst = min(found.values(), key=lambda evaluation: _WORST_FIRST.index(evaluation.decision))
    missing = sorted({key for resource in resources for key in unknown_keys(source, action, resource, context)})
    single = resources[0] if len(resources) == 1 else "*"
    each = [
        {"EvalResourceName": resource, "EvalResourceDecision": _decision(evaluation), "MatchedStatements": _matched(evaluation)}
        for resource, evaluation in found.items()
    ]
    return {
        "EvalActionName": action,
        "EvalResourceName": single,
        "EvalDecision": _decision(worst),
        "MatchedStatements": _matched(worst),
        "MissingContextValues": missing,
        "ResourceSpecificResults": [] if resources == ["*"] else each,
    }


def _decision(evaluation: Evaluation) -> str:
    """AWS knows three; what is undecidable is certainly not shown to be allowed."""
    undecidable = evaluation.decision is EvalDecision.UNDECIDABLE
    return EvalDecision.IMPLICIT_DENY.value if undecidable else evaluation.decision.value


def _matched(evaluation: Evaluation) -> list[dict[str, str]]:
    return [{"SourcePolicyId": matched.document, "SourcePolicyType": "IAM Policy"} for matched in evaluation.matched_statements]
