"""Whether a caller of the sandbox may do what it asks: by the policies that the sandbox holds, as IAM would decide."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from typing import Any

from moto.iam.models import iam_backends
from pydantic import ValidationError

from ecs_preflight.arn import Arn
from ecs_preflight.errors import InputError
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_identity, evaluate_request
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest, PolicySet
from ecs_preflight.sandbox.calls import Call, Caller, Refusal
from ecs_preflight.sandbox.keyring import principal
from ecs_preflight.sandbox.resources import resources_of

# "No permissions are required to perform this operation": API_GetCallerIdentity.html. AssumeRole asks the role too.
_ASKED_ELSEWHERE = frozenset({"sts:GetCallerIdentity", "sts:AssumeRole"})
_QUERY_SERVICES = frozenset({"iam", "sts", "autoscaling", "elb", "elbv2", "cloudwatch", "cloudformation", "s3"})
# A boundary that does not exist caps everything.
_NOTHING = '{"Version": "2012-10-17", "Statement": []}'
# What the sandbox says of the network that its calls come from (RFC 5737: for documentation).
_SOURCE_IP = "192.0.2.1"


def require_allowed(call: Call) -> None:
    """Refuse the call, in its service's own way, unless its caller's policies allow it on everything it touches."""
    if call.caller.seeds or call.action in _ASKED_ELSEWHERE:
        return
    if call.caller.expires and call.caller.expires < datetime.now(timezone.utc):
        code = "ExpiredToken" if call.service in _QUERY_SERVICES else "ExpiredTokenException"
        raise Refusal(code, "The security token included in the request is expired", 403)
    policies = policies_of(call.caller)
    for resource in resources_of(call):
        found = evaluate_identity(policies, _request(call, call.action, resource, {}))
        if not found.allowed:
            raise denial(call, resource, found)


def decide_assume_role(call: Call, role: Any, external_id: str | None, session_name: str) -> Evaluation:
    """By the caller's policies and the role's trust policy together."""
    given = {"sts:RoleSessionName": session_name, "sts:ExternalId": external_id}
    trust = document(role.assume_role_policy_document)
    policies = policies_of(call.caller).model_copy(update={"resource": trust})
    return evaluate_request(policies, _request(call, "sts:AssumeRole", role.arn, given))


def simulated(arn: str, action: str, resource: str, context: Mapping[str, Any]) -> Evaluation:
    """What the simulator says of a principal: its own policies alone, and only the context that is given."""
    request = AccessRequest(principal=arn, action=action, resource=resource, context=dict(context))
    return evaluate_identity(policies_of(Caller(arn, arn)), request)


def unknown_keys(arn: str, action: str, resource: str, context: Mapping[str, Any]) -> tuple[str, ...]:
    """The context keys that the answer depends on and that are not given."""
    request = AccessRequest(principal=arn, action=action, resource=resource, context=dict(context), context_complete=False)
    return evaluate_identity(policies_of(Caller(arn, arn)), request).unknown_context_keys


def policies_of(caller: Caller) -> PolicySet:
    """Inline and attached, of a user those of its groups too, and the boundary of a role."""
    held = principal(caller.principal_arn)
    if held is None:
        return PolicySet()
    return PolicySet(
        identity=tuple(found for text in _texts(held) if (found := document(text))),
        boundary=tuple(found for text in _boundary(held) if (found := document(text))),
    )


@lru_cache(maxsize=512)
def document(text: str) -> PolicyDocument | None:
    """A policy from its text; None of one that nobody can read: it allows nothing."""
    try:
        return PolicyDocument.model_validate(json.loads(text))
    except (ValueError, ValidationError, InputError):
        return None


def _texts(held: Any) -> Iterator[str]:
    for owner in (held, *_groups(held)):
        yield from owner.policies.values()
        yield from (_default_version(policy) for policy in owner.managed_policies.values())


def _groups(held: Any) -> tuple[Any, ...]:
    arn = Arn.parse(held.arn)
    groups = iam_backends[arn.account_id][arn.partition].groups if arn else {}
    return tuple(group for group in list(groups.values()) if held in group.users)


def _boundary(held: Any) -> Iterator[str]:
    given = getattr(held, "permissions_boundary", None)  # moto's users have none
    arn = Arn.parse(held.arn)
    if given and arn:
        policies = iam_backends[arn.account_id][arn.partition].managed_policies
        found = policies.get(given["PermissionsBoundaryArn"])
        yield _default_version(found) if found else _NOTHING


def _default_version(policy: Any) -> str:
    return next(str(version.document) for version in policy.versions if version.is_default)


def _request(call: Call, action: str, resource: str, given: Mapping[str, Any]) -> AccessRequest:
    context = {
        "aws:PrincipalArn": call.caller.principal_arn,
        "aws:userid": call.caller.user_id,
        "aws:CurrentTime": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:RequestedRegion": call.region,
        "aws:SourceIp": _SOURCE_IP,
        "aws:SecureTransport": True,
        **given,
    }
    return AccessRequest(principal=call.caller.arn, action=action, resource=resource, context=context)


def denial(call: Call, resource: str, found: Evaluation) -> Refusal:
    """In AWS's words. JSON services say AccessDeniedException, query services AccessDenied, EC2 UnauthorizedOperation.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    """
    if found.decision is EvalDecision.EXPLICIT_DENY:
        why = "with an explicit deny in an identity-based policy"
    else:
        why = f"because no identity-based policy allows the {call.action} action"
    said = f"User: {call.caller.arn} is not authorized to perform: {call.action} on resource: {resource} {why}"
    if call.service == "ec2":
        return Refusal("UnauthorizedOperation", f"You are not authorized to perform this operation. {said}", 403)
    if call.service in _QUERY_SERVICES:
        return Refusal("AccessDenied", said, 403)
    return Refusal("AccessDeniedException", said, 400)
