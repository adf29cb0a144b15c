"""The requests that policies are evaluated for: what is known of them, known to be absent, and not known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from typing import Any

from pydantic import ValidationError

from ecs_preflight.answers import PrincipalPolicies, Role
from ecs_preflight.arn import Arn
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Asker
from ecs_preflight.findings import Undetermined
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest, PolicySet
from ecs_preflight.spinnaker.mapping import AccountMapping, RoleSession, sts_region
from ecs_preflight.spinnaker.secrets import is_opaque

ASSUME_ROLE_ACTION = "sts:AssumeRole"
# clouddriver sends neither tags nor a source identity with sts:AssumeRole, and ECS does not either. clouddriver.md section 2.
_NEVER_SENT = ("sts:SourceIdentity", "sts:TransitiveTagKeys", "aws:TagKeys")
_TAG_KEYS = "aws:requesttag/"


def trust_document(role: Role) -> PolicyDocument:
    """The role's trust policy; Undetermined where it holds what the policy language does not have."""
    return _document(role.trust_policy, f"trust policy of {role.arn}")


def identity_policies(held: PrincipalPolicies) -> PolicySet:
    """A principal's own policies and its boundary; Undetermined where one cannot be read."""
    boundary = held.boundary
    return PolicySet(
        identity=tuple(_document(policy.text, f"policy {policy.name} of {held.arn}") for policy in held.policies),
        boundary=(_document(boundary.text, f"permissions boundary {boundary.name} of {held.arn}"),) if boundary else (),
    )


def clouddriver_request(
    config: PreflightConfig,
    mapping: AccountMapping,
    role_arn: str,
    principal: str,
    session: Asker,
    *,
    external_id: str | None,
    policies: Iterable[str],
) -> AccessRequest:
    """clouddriver's sts:AssumeRole on a managed role, as the managing identity.

    `external_id` is the token that stands for it, None where none is sent; `policies` are the texts that the request will be
    put to: the session tags that they mention are known to be absent. Source address, organization, principal tags and MFA
    are unknown: they belong to the place that clouddriver runs in. So is the region of STS where neither the role's partition
    nor preflight.yml says it, and what the configuration leaves to Spinnaker to read.
    """
    shape = mapping.session_e if session is Asker.ECS_SESSION else mapping.session_a
    context: dict[str, Any] = {
        **_of_session(shape, external_id),
        **_region_of_sts(config, role_arn),
        **_account_of(role_arn),
        **never_sent(policies),
    }
    return AccessRequest(
        principal=principal, action=ASSUME_ROLE_ACTION, resource=role_arn, context=context, context_complete=False
    )


def _of_session(shape: RoleSession | None, external_id: str | None) -> dict[str, str | None]:
    """The session's name and the token of its external id; what Spinnaker alone can read is left out, and so unknown."""
    name, written_id = (shape.session_name, shape.external_id) if shape else (None, None)
    known: dict[str, str | None] = {} if is_opaque(name) else {"sts:RoleSessionName": name}
    if external_id is None or not is_opaque(written_id):
        known["sts:ExternalId"] = external_id
    return known


def _region_of_sts(config: PreflightConfig, role_arn: str) -> dict[str, str]:
    """Where clouddriver calls STS. What its environment says is not guessed, though it is called somewhere all the same."""
    region = sts_region(role_arn, config.preflight.spinnaker.aws_region or "")
    return {"aws:RequestedRegion": region} if region else {}


def at_time(request: AccessRequest, moment: datetime) -> AccessRequest:
    """The same request, made at a moment."""
    utc = moment.astimezone(timezone.utc)
    known = {"aws:CurrentTime": (utc.strftime("%Y-%m-%dT%H:%M:%SZ"),), "aws:EpochTime": (str(int(utc.timestamp())),)}
    return request.model_copy(update={"context": {**request.context, **known}})


def service_request(service: str, role: Role, known: dict[str, str] | None = None) -> AccessRequest:
    """An AWS service's sts:AssumeRole on a role. `known` are condition keys with their values; the others are unknown."""
    context: dict[str, Any] = {
        "sts:ExternalId": None,
        **_account_of(role.arn),
        **never_sent((role.trust_policy,)),
        **(known or {}),
    }
    return AccessRequest(
        principal={"Service": service}, action=ASSUME_ROLE_ACTION, resource=role.arn, context=context, context_complete=False
    )


def allow_assume_role(principal: dict[str, Any]) -> str:
    """A statement to paste into a trust policy."""
    return json.dumps({"Effect": "Allow", "Principal": principal, "Action": ASSUME_ROLE_ACTION})


def _document(text: str, name: str) -> PolicyDocument:
    try:
        return PolicyDocument.parse(text, file=name)
    except (InputError, ValidationError) as error:
        raise Undetermined(f"the {name} cannot be read: {' '.join(str(error).split())}") from error


def _account_of(role_arn: str) -> dict[str, str]:
    arn = Arn.parse(role_arn)
    return {"aws:ResourceAccount": arn.account_id} if arn else {}


def never_sent(policies: Iterable[str]) -> dict[str, None]:
    """The condition keys that are known to be absent, with the session tags that the policies' texts mention."""
    mentioned = (key for policy in policies for key in _mentioned_tags(policy))
    return {**dict.fromkeys(_NEVER_SENT), **dict.fromkeys(mentioned)}


def _mentioned_tags(policy: str) -> Iterator[str]:
    """The session tags that the conditions of a policy ask for: each is known to be absent."""
    for statement in _statements(policy):
        conditions = statement.get("Condition")
        for keys in conditions.values() if isinstance(conditions, dict) else ():
            yield from (key for key in keys if key.lower().startswith(_TAG_KEYS)) if isinstance(keys, dict) else ()


def _statements(policy: str) -> list[Any]:
    """The objects that stand as statements; the document itself has been read by whoever evaluates it."""
    try:
        document = json.loads(policy)
    except ValueError:
        return []
    found = document.get("Statement", []) if isinstance(document, dict) else []
    listed = found if isinstance(found, list) else [found]
    return [statement for statement in listed if isinstance(statement, dict)]
