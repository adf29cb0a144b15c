"""The requests that trust policies are evaluated for: what is known of them, known to be absent, and not known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Asker
from ecs_preflight.findings import Undetermined
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.questions import Role
from ecs_preflight.spinnaker.mapping import AccountMapping, sts_region

# clouddriver sends neither tags nor a source identity with sts:AssumeRole. clouddriver.md section 2.
_NEVER_SENT = ("sts:SourceIdentity", "sts:TransitiveTagKeys", "aws:TagKeys")
_TAG_KEYS = "aws:requesttag/"


def trust_document(role: Role) -> PolicyDocument:
    """The role's trust policy; Undetermined where it holds what the policy language does not have."""
    try:
        return PolicyDocument.parse(role.trust_policy, file=f"trust policy of {role.name}")
    except (InputError, ValidationError) as error:
        raise Undetermined(f"the trust policy of {role.arn} cannot be read: {error}") from error


def clouddriver_request(
    config: PreflightConfig, mapping: AccountMapping, role: Role, principal: str, session: Asker, external_id: str | None
) -> AccessRequest:
    """clouddriver's sts:AssumeRole on a managed role, as the managing identity.

    `external_id` is the token that stands for it, None where none is sent. Source address, organization, principal tags and
    MFA are unknown: they belong to the place that clouddriver runs in.
    """
    shape = mapping.session_e if session is Asker.ECS_SESSION else mapping.session_a
    context: dict[str, Any] = {
        "sts:ExternalId": external_id,
        "sts:RoleSessionName": shape.session_name if shape else None,
        "aws:RequestedRegion": sts_region(role.arn, config.aws_region),
        **dict.fromkeys(_NEVER_SENT),
        **dict.fromkeys(_mentioned_tags(role.trust_policy)),
    }
    return AccessRequest(
        principal=principal,
        action="sts:AssumeRole",
        resource=role.arn,
        context=context,
        context_complete=False,
    )


def _mentioned_tags(policy: str) -> Iterator[str]:
    """The session tags that the conditions of a policy ask for: each is known to be absent."""
    for statement in _statements(json.loads(policy)):
        for keys in (statement.get("Condition") or {}).values():
            yield from (key for key in keys if key.lower().startswith(_TAG_KEYS))


def _statements(document: Any) -> list[Any]:
    found = document.get("Statement", []) if isinstance(document, dict) else []
    listed = found if isinstance(found, list) else [found]
    return [statement for statement in listed if isinstance(statement, dict)]
