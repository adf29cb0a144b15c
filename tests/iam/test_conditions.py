"""A condition by itself: what it makes of keys that are absent, unknown, or hold no values."""

from __future__ import annotations

import pytest

from ecs_preflight.iam.caller import Caller
from ecs_preflight.iam.conditions import CompiledClause, ConditionClause
from ecs_preflight.iam.context import RequestContext, is_documented_as_multivalued
from ecs_preflight.iam.operators import ConditionOperator
from ecs_preflight.iam.truth import Truth
from tests.iam.builders import ALICE

_YES, _NO, _OPEN = Truth.YES, Truth.NO, Truth.UNKNOWN
# operator, values, what the clause comes to where the key is unknown
_UNKNOWN_KEY: tuple[tuple[str, tuple[str, ...], Truth], ...] = (
    ("Null", ("true",), _OPEN),
    ("Null", ("FALSE",), _OPEN),
    ("Null", ("true", "false"), _YES),
    ("Null", ("true", "False", "x"), _YES),
    ("Null", ("x",), _NO),
    ("Null", (), _NO),
    ("StringEquals", (), _NO),
    ("StringNotEquals", (), _NO),
    ("StringEqualsIfExists", (), _OPEN),
    ("ForAllValues:StringEquals", (), _OPEN),
    ("ForAnyValue:StringEquals", (), _NO),
    ("ForAnyValue:StringEqualsIfExists", (), _NO),
)


@pytest.mark.parametrize(("operator", "values", "truth"), _UNKNOWN_KEY)
def test_an_unknown_key(operator: str, values: tuple[str, ...], truth: Truth) -> None:
    parsed = ConditionOperator.parse(operator)
    assert parsed
    clause = CompiledClause.compile(ConditionClause(parsed, "k:a", values), variables=True)
    answer = clause.answer(RequestContext({}, Caller.of(ALICE), complete=False))
    assert answer.truth is truth
    assert answer.keys == ({"k:a"} if truth is _OPEN else set())


@pytest.mark.parametrize(
    ("key", "several"),
    [("aws:TagKeys", True), ("AWS:tagkeys", True), ("www.amazon.com:amr", True), ("x:AMR", True), ("aws:SourceIp", False)],
)
def test_keys_that_may_hold_several_values(key: str, several: bool) -> None:
    assert is_documented_as_multivalued(key) is several
