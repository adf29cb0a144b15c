"""The words for what a role lacks: statements to paste, and lists of actions that fit into a summary."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

_MOST_CHARACTERS = 50
Condition = Mapping[str, Mapping[str, str | list[str]]]


def allow_on(actions: Sequence[str], resource: str = "*", condition: Condition | None = None) -> str:
    """A statement to paste into an identity policy."""
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": actions[0] if len(actions) == 1 else list(actions),
        "Resource": resource,
    }
    if condition:
        statement["Condition"] = {operator: dict(keys) for operator, keys in condition.items()}
    return json.dumps(statement)


def short_list(actions: Sequence[str]) -> str:
    """`ecs:ListServices`, or `ecs:ListServices and 3 more`."""
    first = actions[0] if len(actions[0]) <= _MOST_CHARACTERS else f"{actions[0][: _MOST_CHARACTERS - 3]}..."
    return first if len(actions) == 1 else f"{first} and {len(actions) - 1} more"


def in_organization(actions: Sequence[str]) -> str:
    """What to do where only the administrators of an organization can help."""
    return (
        f"No policy of the account can help: the administrators of the organization have to allow {', '.join(actions)} in its "
        "service or resource control policies, or exempt the managed role from what denies them."
    )
