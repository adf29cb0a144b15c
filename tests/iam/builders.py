"""Small valid statements, documents and requests, changed one element at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TRUSTING = "111122223333"
OTHER = "444455556666"
ROLE = f"arn:aws:iam::{TRUSTING}:role/target"
ALICE = f"arn:aws:iam::{TRUSTING}:user/alice"
APP = f"arn:aws:iam::{TRUSTING}:role/app"
SESSION = f"arn:aws:sts::{TRUSTING}:assumed-role/app/session"
ROOT = f"arn:aws:iam::{TRUSTING}:root"
STRANGER = f"arn:aws:iam::{OTHER}:user/mallory"
ECS_TASKS = "ecs-tasks.amazonaws.com"

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
PRINCIPAL_PAGE = GUIDE + "reference_policies_elements_principal.html"
NOT_PRINCIPAL_PAGE = GUIDE + "reference_policies_elements_notprincipal.html"
ACTION_PAGE = GUIDE + "reference_policies_elements_action.html"
NOT_ACTION_PAGE = GUIDE + "reference_policies_elements_notaction.html"
RESOURCE_PAGE = GUIDE + "reference_policies_elements_resource.html"
NOT_RESOURCE_PAGE = GUIDE + "reference_policies_elements_notresource.html"
OPERATORS_PAGE = GUIDE + "reference_policies_elements_condition_operators.html"
MULTI_VALUE_PAGE = GUIDE + "reference_policies_multi-value-conditions.html"
VARIABLES_PAGE = GUIDE + "reference_policies_variables.html"
VERSION_PAGE = GUIDE + "reference_policies_elements_version.html"
KEYS_PAGE = GUIDE + "reference_policies_condition-keys.html"
LOGIC_PAGE = GUIDE + "reference_policies_evaluation-logic.html"
CROSS_ACCOUNT_PAGE = GUIDE + "reference_policies_evaluation-logic-cross-account.html"
BOUNDARIES_PAGE = GUIDE + "access_policies_boundaries.html"
GRAMMAR_PAGE = GUIDE + "reference_policies_grammar.html"
ASSUME_ROLE_API = "https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"

ALLOWED, DENIED, NOT_ALLOWED, UNDECIDABLE = "allowed", "explicitDeny", "implicitDeny", "undecidable"


def statement(effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    return {"Effect": effect, **elements}


def document(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def trusts(principal: Any = None, *, effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    """A statement of a trust policy; everybody of the trusting account by default."""
    named = {} if "NotPrincipal" in elements else {"Principal": {"AWS": ROOT} if principal is None else principal}
    action = {} if "NotAction" in elements else {"Action": "sts:AssumeRole"}
    return {"Effect": effect, **named, **action, **elements}


def grants(action: Any = "*", resource: Any = "*", *, effect: str = "Allow", **elements: Any) -> dict[str, Any]:
    """A statement of an identity-based policy."""
    return {"Effect": effect, "Action": action, "Resource": resource, **elements}


def asks(principal: Any = ALICE, action: str = "sts:AssumeRole", resource: str | None = ROLE, **rest: Any) -> dict[str, Any]:
    return {"principal": principal, "action": action, "resource": resource, **rest}


@dataclass(frozen=True)
class Case:
    """One document, or set of policies, one request, and what AWS decides according to `source`."""

    name: str
    policy: dict[str, Any]
    request: dict[str, Any]
    decision: str
    source: str
    keys: tuple[str, ...] = field(default=())
