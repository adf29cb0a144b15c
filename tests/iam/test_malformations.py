"""Ten thousand malformed documents: each is refused with a clear error, or at least allows nothing that it did not before."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam import AccessRequest, PolicyDocument, evaluate_document
from tests.iam.builders import Case
from tests.iam.cases import actions, conditions, principals, resources, sets_and_variables, traps, unknown_context
from tests.iam.malformations import Spoiled, spoil, spoil_text

_SEEDS = 25
_VALUES = 240
_TEXTS = 200


@cache
def _samples() -> list[tuple[Case, AccessRequest, bool]]:
    """The documents of the tables, trust and identity, each with its request and whether it allows that."""
    tables = (actions, conditions, principals, resources, sets_and_variables, traps, unknown_context)
    cases = [case for table in tables for case in table.CASES if "Statement" in case.policy]
    return [(case, AccessRequest.model_validate(case.request), case.decision == "allowed") for case in cases]


@pytest.mark.parametrize("seed", range(_SEEDS))
def test_a_spoiled_value_is_refused_or_allows_no_more(seed: int) -> None:
    random = Random(seed)
    for _ in range(_VALUES):
        case, request, allowed = random.choice(_samples())
        _check_value(spoil(case.policy, random), request, allowed)


def _check_value(spoiled: Spoiled, request: AccessRequest, allowed: bool) -> None:
    document = _validated(spoiled.value)
    if document is not None:
        assert not spoiled.must_be_refused, spoiled
        _use(document)
        assert allowed or not evaluate_document(document, request).allowed, spoiled
    text = _as_text(spoiled.value)
    if text is not None:
        assert (_parsed(text) is None) is (document is None), spoiled


@pytest.mark.parametrize("seed", range(_SEEDS))
def test_a_spoiled_text_is_refused_with_its_place(seed: int) -> None:
    random, malformed = Random(-1 - seed), 0
    while malformed < _TEXTS:
        case, request, _ = random.choice(_samples())
        text = spoil_text(case.policy, random)
        document = _parsed(text)
        malformed += document is None
        value = _as_json(text)
        if value is None or _validated(value) is None:
            assert document is None, text
        elif document is not None:
            assert document == _validated(value), text
            _use(document)
            evaluate_document(document, request)


def _use(document: PolicyDocument) -> None:
    """Whatever is read can be asked everything."""
    for kind in ("trust", "identity", "resource", "scp"):
        document.problems(kind)
    assert PolicyDocument.parse(document.to_json()) == document


def _validated(value: Any) -> PolicyDocument | None:
    try:
        return PolicyDocument.model_validate(value)
    except ValidationError:
        return None


def _parsed(text: str) -> PolicyDocument | None:
    try:
        return PolicyDocument.parse(text, file="policy.json")
    except SyntaxInputError as error:
        _check_place(error, text)
        return None


def _check_place(error: SyntaxInputError, text: str) -> None:
    place = error.location
    assert place is not None
    assert place.line is not None
    assert place.column is not None
    lines = text.removeprefix("\ufeff").split("\n")
    assert 1 <= place.line <= len(lines), text
    assert 1 <= place.column <= len(lines[place.line - 1]) + 1, text
    assert str(error).startswith(f"policy.json:{place.line}:{place.column}: ")
    assert str(error).encode()


def _as_text(value: Any) -> str | None:
    """None where JSON cannot write the value, or writes another one."""
    try:
        text = json.dumps(value, allow_nan=False, indent=2)
    except (TypeError, ValueError):
        return None
    return text if json.loads(text) == value else None


def _as_json(text: str) -> Any:
    """By the standard library, strictly; None of what it refuses, and of a key that stands twice."""
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
