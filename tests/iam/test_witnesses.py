"""No value shows more than the witnesses do."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.iam.caller import Caller
from ecs_preflight.iam.comparisons import Comparison
from ecs_preflight.iam.context import ANYTHING, RequestContext, Shape
from ecs_preflight.iam.distinct_texts import Pattern, Within, distinct_texts
from ecs_preflight.iam.operators import ConditionOperator, compile_value
from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.truth import Truth
from ecs_preflight.iam.witnesses import witnesses
from tests.iam.builders import ALICE, APP, SESSION

_CONTEXT = RequestContext({"k:known": ("a",), "k:absent": ()}, Caller.of(ALICE), complete=False)
_arns = st.sampled_from(
    ("arn:aws:iam::1:role/a", "arn:aws:iam::*:role/a*", "arn:aws:i*::?:*", "arn:*:*:*:*:*", "arn:aws:iam::1:a:b", "nonsense", "*")
)
_seconds = st.sampled_from(("2020-01-01", "2020-01-01T00:00:00.5Z", "1577836800", "-5", "soon", "99999999999"))
_networks = st.sampled_from(("10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0", "255.255.255.255", "::/0", "2001:db8::/32", "nonsense"))
# operators of one type, values in a policy, values in a request
_FAMILIES: tuple[tuple[tuple[str, ...], st.SearchStrategy[str], st.SearchStrategy[str]], ...] = (
    (("StringEquals", "StringLike"), st.text(alphabet="ab*?", max_size=5), st.text(alphabet="ab*?c", max_size=6)),
    (("StringLike",), st.sampled_from(("${k:known}*", "${k:absent, 'b'}", "a")), st.text(alphabet="abc", max_size=3)),
    (("StringEqualsIgnoreCase",), st.text(alphabet="aAß", max_size=3), st.text(alphabet="aAsSß", max_size=4)),
    (("ArnLike", "StringLike", "ArnEquals"), _arns, _arns | st.text(alphabet="arn:*b", max_size=9)),
    (
        ("NumericLessThan", "NumericEquals", "NumericGreaterThanEquals"),
        st.sampled_from(("1", "1.5", "-3", "20", "x")),
        st.decimals(-5, 25, places=2).map(str) | st.just("x"),
    ),
    (
        ("DateLessThan", "DateEquals", "DateGreaterThanEquals"),
        _seconds,
        _seconds | st.integers(-(10**13), 10**13).map(str) | st.sampled_from(("1577836800000", "1577836800001", "9999-12-31")),
    ),
    (
        ("IpAddress",),
        _networks,
        st.ip_addresses().map(str) | st.sampled_from(("10.1.2.3", "10.2.3.4", "255.255.255.255", "::1", "2001:db8::1", "x")),
    ),
    (("Bool",), st.sampled_from(("true", "FALSE", "x", "${k:known}")), st.sampled_from(("true", "false", "True", "y"))),
)


def _compiled(operator: str, value: str) -> Comparison:
    parsed = ConditionOperator.parse(operator)
    assert parsed
    return compile_value(parsed, value, variables=True)


def _seen(comparisons: list[Comparison], value: str) -> tuple[tuple[Truth, bool], ...]:
    answers = [comparison.answer(value, _CONTEXT) for comparison in comparisons]
    return tuple((answer.truth, bool(answer.doubts)) for answer in answers)


@pytest.mark.parametrize("family", range(len(_FAMILIES)), ids=lambda number: _FAMILIES[number][0][0])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_no_value_shows_more_than_the_witnesses(family: int, data: st.DataObject) -> None:
    operators, of_policy, of_request = _FAMILIES[family]
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(operators), of_policy), min_size=1, max_size=4))
    comparisons = [_compiled(*pair) for pair in pairs]
    found = witnesses(comparisons, _CONTEXT, ANYTHING)
    assert found
    assert _seen(comparisons, data.draw(of_request)) in {_seen(comparisons, value) for value in found}


@given(patterns=st.lists(st.text(alphabet="ab*?", max_size=6), max_size=3), text=st.text(alphabet="abc", max_size=7))
@settings(max_examples=300, deadline=None)
def test_every_text_matches_as_one_of_the_distinct_texts_does(patterns: list[str], text: str) -> None:
    globs = [Glob.of(pattern) for pattern in patterns]
    found = distinct_texts(tuple(tuple(glob.symbols()) for glob in globs))
    assert found
    seen = [tuple(glob.matches(each) for glob in globs) for each in found]
    assert tuple(glob.matches(text) for glob in globs) in seen
    assert len(set(seen)) == len(seen)


def test_patterns_that_take_too_long_are_left() -> None:
    assert distinct_texts((tuple(Glob.of("*a" * 400).symbols()),)) is None


_COLON_FREE: Pattern = ("a", Within.ANY_RUN, "b")
_ONE_SIGN: Pattern = (Within.ANY_ONE,)
# the patterns, and one text for every combination of matches, shortest first
DISTINCT: dict[str, tuple[tuple[Pattern, ...], tuple[str, ...]]] = {
    "no pattern": ((), ("",)),
    "anything": ((tuple(Glob.of("*").symbols()),), ("",)),
    "one text": ((tuple("ab"),), ("", "ab")),
    "the length counts before the letters": ((tuple("c"), tuple("bb")), ("", "c", "bb")),
    "what is first in the alphabet": ((tuple("b"), tuple("a")), ("", "a", "b")),
    "one sign": ((tuple(Glob.of("?").symbols()),), ("", "a")),
    "any but a colon": ((_COLON_FREE, tuple(Glob.of("a*b").symbols())), ("", "ab", "a:b")),
    "one that is no colon": ((_ONE_SIGN, tuple(Glob.of("?").symbols())), ("", ":", "a")),
    "an end that is overrun": ((tuple("a"), tuple(Glob.of("a*").symbols())), ("", "a", "ab")),
}


@pytest.mark.parametrize(("patterns", "texts"), DISTINCT.values(), ids=DISTINCT)
def test_the_distinct_texts(patterns: tuple[Pattern, ...], texts: tuple[str, ...]) -> None:
    assert distinct_texts(patterns) == texts


# Values of a condition key: those of a policy with their operators, and the witnesses.
WITNESSES: dict[str, tuple[list[tuple[str, str]], tuple[str, ...]]] = {
    "numbers": ([("NumericEquals", "1"), ("NumericLessThan", "5")], ("0", "1", "5", "3", "6", "?")),
    "no number": ([("NumericEquals", "x")], ("-1", "0", "1", "?")),
    "as large as they may be": (
        [("NumericEquals", "100000000000000")],
        ("99999999999999", "100000000000000", "100000000000001", "?"),
    ),
    "as fine as they may be": (
        [("NumericEquals", "0.000000000001")],
        ("-0.999999999999", "0.000000000001", "1.000000000001", "?"),
    ),
    "no date": ([("DateEquals", "soon")], ("-100000000001", "-100000000000", "100000000000", "0", "100000000001", "?")),
    "seconds that are read as milliseconds too": (
        [("DateEquals", "99999999999")],
        (
            *("-100000000001", "-100000000000", "99999999999", "100000000000", "99999999999000"),
            *("-0.5", "99999999999.5", "50049999999500", "99999999999001", "?"),
        ),
    ),
    "the last second": (
        [("DateEquals", "100000000000")],
        (
            *("-100000000001", "-100000000000", "100000000000", "100000000000000"),
            *("0", "50050000000000", "100000000000001", "?"),
        ),
    ),
    "a block": ([("IpAddress", "10.0.0.0/8")], ("0.0.0.0", "10.0.0.0", "11.0.0.0", "::", "?")),
    "a block of the new addresses": ([("IpAddress", "2001:db8::/32")], ("0.0.0.0", "2001:db8::", "2001:db9::", "::", "?")),
    "the last address": ([("IpAddress", "255.255.255.255")], ("0.0.0.0", "255.255.255.255", "::", "?")),
    "the last but one": ([("IpAddress", "255.255.255.254")], ("0.0.0.0", "255.255.255.254", "255.255.255.255", "::", "?")),
    "all of the new addresses": ([("IpAddress", "::/0")], ("0.0.0.0", "::", "?")),
    "no address": ([("IpAddress", "x")], ("0.0.0.0", "::", "?")),
    "booleans": ([("Bool", "true")], ("true", "false", "?")),
    "texts in any case of letters": (
        [("StringEqualsIgnoreCase", "Ab"), ("StringEqualsIgnoreCase", "xyz")],
        ("Ab", "xyz", "xxxx"),
    ),
    "a letter that is two in capitals": ([("StringEqualsIgnoreCase", "\u00df")], ("\u00df", "xxx")),
    "no text": ([("StringEqualsIgnoreCase", "")], ("", "x")),
    "a variable without a value": ([("StringEqualsIgnoreCase", "${k:absent}")], ("x",)),
    "texts": ([("StringEquals", "ab"), ("StringLike", "a*")], ("", "a", "ab")),
    "a text that is never met": ([("StringEquals", "a"), ("StringLike", "${k:absent}")], ("", "a")),
    "any text": ([("StringLike", "*")], ("",)),
    "an ARN": ([("ArnLike", "arn:aws:s3:::b")], ("", ":::::", "arn:aws:s3:::b")),
    "a pattern for ARNs beside a text": (
        [("ArnLike", "arn:*:s3:::b*"), ("StringEquals", "arn:aws:s3:::b")],
        ("", ":::::", "arn::s3:::b", "arn:aws:s3:::b"),
    ),
    "no ARN": ([("ArnLike", "a:b")], ("", ":::::")),
}


@pytest.mark.parametrize(("pairs", "found"), WITNESSES.values(), ids=WITNESSES)
def test_the_witnesses(pairs: list[tuple[str, str]], found: tuple[str, ...]) -> None:
    assert witnesses([_compiled(*pair) for pair in pairs], _CONTEXT, ANYTHING) == found


def test_colons_may_stand_in_the_last_component_of_an_arn() -> None:
    """`key:1` in place of a variable fits there, and in the components before it nowhere."""
    context = RequestContext({"k:a": ("x:y",)}, Caller.of(ALICE), complete=False)
    comparison = _compiled("ArnLike", "arn:aws:s3:::${k:a}")
    assert witnesses([comparison], context, ANYTHING) == ("", ":::::", "arn:aws:s3:::x:y")
    astray = _compiled("ArnLike", "arn:aws:s3:${k:a}::b")
    assert witnesses([astray], context, ANYTHING) == ("", ":::::")


def test_the_witnesses_of_a_session_are_roles_of_its_name() -> None:
    shape = _CONTEXT.look_up("aws:CurrentTime")
    assert shape is ANYTHING
    of_session = RequestContext({}, Caller.of(SESSION), complete=False).look_up("aws:PrincipalArn")
    assert isinstance(of_session, Shape)
    found = witnesses([_compiled("ArnLike", APP)], _CONTEXT, of_session)
    assert found
    assert APP in found
    assert len(found) == 2
    assert all(any(glob.matches(text) for glob in of_session.alternatives) for text in found)


@pytest.mark.parametrize(
    ("pairs", "shape"),
    [
        ([("StringEquals", "1"), ("NumericEquals", "1")], ANYTHING),
        ([("DateEquals", "1"), ("NumericEquals", "1")], ANYTHING),
        ([("StringEquals", "1"), ("StringEqualsIgnoreCase", "1")], ANYTHING),
        ([("StringEqualsIgnoreCase", "1")], Shape((Glob.of("a*"),))),
        ([("NumericEquals", "1")], Shape((Glob.of("a*"),))),
        ([("StringEquals", "${k:unknown}")], ANYTHING),
        ([("StringEqualsIgnoreCase", "${k:unknown}")], ANYTHING),
        ([("ArnLike", "arn:aws:s3:::${k:unknown}")], ANYTHING),
        ([("StringLike", "*a" * 400)], ANYTHING),
        ([("NumericEquals", "1" * 20)], ANYTHING),
        ([("DateEquals", "1577836800000")], ANYTHING),
        ([("BinaryEquals", "QQ==")], ANYTHING),
    ],
)
def test_what_cannot_be_told_apart_has_no_witnesses(pairs: list[tuple[str, str]], shape: Shape) -> None:
    assert witnesses([_compiled(*pair) for pair in pairs], _CONTEXT, shape) is None


def test_a_component_with_a_colon_in_it_matches_nothing() -> None:
    context = RequestContext({"k:a": ("x:y",)}, Caller.of(ALICE), complete=False)
    comparison = _compiled("ArnLike", "arn:aws:${k:a}:::b")
    found = witnesses([comparison], context, ANYTHING)
    assert found
    assert not [text for text in found if comparison.answer(text, context).possible]
