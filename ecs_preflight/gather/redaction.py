"""What is secret in what AWS says is replaced by a token before anybody sees it. Equal secrets keep equal tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ecs_preflight.iam.patterns import Glob

_SECRET_KEYS = {"sts:externalid"}


def redacted_policy(document: Any, token: Callable[[str], str], known: str | None = None) -> str:
    """The text of a policy document with the external ids in its conditions replaced.

    A pattern (`spin-*`) that the known external id matches becomes that id's token, so that a match stays a match.
    """
    if isinstance(document, str):  # not JSON: only what is known to be secret can be told apart
        return document.replace(known, token(known)) if known else document
    return json.dumps(_without_secrets(document, token, known))


def _without_secrets(document: Any, token: Callable[[str], str], known: str | None) -> Any:
    if not isinstance(document, dict):
        return document
    statements = document.get("Statement")
    if isinstance(statements, list):
        return {**document, "Statement": [_statement(statement, token, known) for statement in statements]}
    return {**document, "Statement": _statement(statements, token, known)} if "Statement" in document else document


def _statement(statement: Any, token: Callable[[str], str], known: str | None) -> Any:
    if not isinstance(statement, dict) or not isinstance(statement.get("Condition"), dict):
        return statement
    conditions = {operator: _keys(operator, keys, token, known) for operator, keys in statement["Condition"].items()}
    return {**statement, "Condition": conditions}


def _keys(operator: str, keys: Any, token: Callable[[str], str], known: str | None) -> Any:
    if not isinstance(keys, dict) or operator.lower() in ("null", "nullifexists"):
        return keys
    return {
        key: _values(operator, values, token, known) if key.lower() in _SECRET_KEYS else values for key, values in keys.items()
    }


def _values(operator: str, values: Any, token: Callable[[str], str], known: str | None) -> Any:
    if isinstance(values, list):
        return [_values(operator, value, token, known) for value in values]
    text = values if isinstance(values, str) else json.dumps(values)  # true and 5 are "true" and "5" to IAM
    if "like" in operator.lower() and known is not None and Glob.of(text).matches(known):
        return token(known)
    if "ignorecase" in operator.lower() and known is not None and text.lower() == known.lower():
        return token(known)
    return token(text)
