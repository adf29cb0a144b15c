"""What IAM refuses in the elements that every kind of policy has: Action, Resource, Condition.

The sentences are AWS's, as moto records them from its API.
https://github.com/getmoto/moto/blob/master/moto/iam/policy_validation.py
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ecs_preflight.iam.caller import PARTITIONS
from ecs_preflight.iam.grammar import LEGACY_PARSING
from ecs_preflight.iam.instants import is_accepted_date
from ecs_preflight.iam.json_places import Path
from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.statement import Statement
from ecs_preflight.iam.variables import split_outside_variables


class Refusal(NamedTuple):
    """Where IAM refuses a document, with which sentence, and how to mend it."""

    path: Path
    message: str
    hint: str


_IAM_PATHS = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)
_VENDOR = re.compile(r"[a-zA-Z0-9\-.*?]+")
TRUST_ACTIONS = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:TagSession",
    "sts:SetSourceIdentity",
    "sts:SetContext",
)
# The two spaces are AWS's.
_TRUST_ACTION_MESSAGE = (
    "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and sts:AssumeRoleWithWebIdentity"
)


def find_refusals(statement: Statement, path: Path, *, trust: bool) -> Iterator[Refusal]:
    yield from _actions(statement, path, trust=trust)
    for name, resources in (("Resource", statement.resources), ("NotResource", statement.not_resources)):
        for number, resource in enumerate(resources or ()):
            refused = _resource(resource)
            if refused:
                yield Refusal((*path, name, number), *refused)
    for clause in statement.conditions:
        for number, value in enumerate(clause.values if clause.operator.takes_dates else ()):
            if not is_accepted_date(value):
                hint = f'"{value}" is no date: write 2017-07-01T00:00:00Z, or epoch seconds'
                yield Refusal((*path, "Condition", clause.operator.name, clause.key, number), LEGACY_PARSING, hint)


def find_missing_resources(statement: Statement, path: Path) -> Iterator[Refusal]:
    if not (statement.resources or statement.not_resources):
        yield Refusal(path, "Policy statement must contain resources.", 'add "Resource": an ARN, a list of ARNs, or "*"')


def _actions(statement: Statement, path: Path, *, trust: bool) -> Iterator[Refusal]:
    name, actions = ("Action", statement.actions) if statement.not_actions is None else ("NotAction", statement.not_actions)
    if not actions:
        yield Refusal(
            path, "Policy statement must contain actions.", 'add "Action": a service and an action, such as "sts:AssumeRole"'
        )
    for number, action in enumerate(actions or ()):
        place = (*path, name, number)
        message = _action(action)
        if message:
            yield Refusal(place, message, f'"{action}" is not of the form service:Action')
        elif trust and not may_assume(action):
            yield Refusal(place, _TRUST_ACTION_MESSAGE, f'"{action}" does not assume a role')


def _action(action: str) -> str | None:
    if Glob.of(action).is_everything:
        return None
    vendor, colon, name = action.partition(":")
    if not colon:
        return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    if ":" in name:
        return "Actions/Condition can contain only one colon."
    return None if _VENDOR.fullmatch(vendor) else f"Vendor {vendor} is not valid"


def may_assume(action: str) -> bool:
    """Whether a trust policy may have this action, or pattern of actions."""
    pattern = Glob.of(action.lower())
    return any(pattern.matches(known.lower()) for known in TRUST_ACTIONS)


def _resource(resource: str) -> tuple[str, str] | None:
    """AWS's sentence and a hint, where the resource is none."""
    example = "an ARN is arn:aws:service:region:account:resource"
    if Glob.of(resource).is_everything:
        return None
    parts = split_outside_variables(resource, ":", 5)
    if len(parts) == 1:
        return f'Resource {resource} must be in ARN format or "*".', example
    if parts[1] not in PARTITIONS and not _has_wildcard(parts[1]):
        completed = ":".join(["arn", *parts[1:], *["*"] * (6 - len(parts))])
        return (
            f'Partition "{parts[1]}" is not valid for resource "{completed}".',
            f"partitions are {', '.join(sorted(PARTITIONS))}",
        )
    if parts[0] != "arn" and not _has_wildcard(parts[0]):
        return f'Resource {resource} must be in ARN format or "*".', example
    if len(parts) == 2 or _has_wildcard(parts[2]):
        return "Resource vendor must be fully qualified and cannot contain regexes.", "spell the service out: arn:aws:s3:::..."
    if not parts[2] or (len(parts) < 6 and "::" in resource):
        return LEGACY_PARSING, f"{resource} has {len(parts)} components; {example}"
    return _iam_or_s3(resource, parts) if len(parts) == 6 else None


def _iam_or_s3(resource: str, parts: list[str]) -> tuple[str, str] | None:
    service, region, name = parts[2], parts[3], parts[5]
    has_region = bool(region) and not _has_wildcard(region)
    if service == "iam" and has_region:
        return f"IAM resource {resource} cannot contain region information.", f"leave the region empty: arn:{parts[1]}:iam::..."
    if service == "iam" and not _may_start_with(name, _IAM_PATHS):
        return f'IAM resource path must either be "*" or start with {", ".join(_IAM_PATHS)}.', f'"{name}" does not'
    if service == "s3" and has_region and not _may_start_with(name, ("accesspoint/", "storagelens/")):
        return f"Resource {resource} can not contain region information.", "leave the region empty: arn:aws:s3:::bucket"
    return None


def _may_start_with(name: str, starts: tuple[str, ...]) -> bool:
    """A wildcard or variable in the name may stand for the rest of a start."""
    fixed = re.split(r"[*?$]", name, maxsplit=1)[0]
    return any(fixed.startswith(start) or (fixed != name and start.startswith(fixed)) for start in starts)


def _has_wildcard(text: str) -> bool:
    return "*" in text or "?" in text
