"""Expressions that are none: refused, with the place and what was expected there.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

from __future__ import annotations

import pickle

import pytest

from ecs_preflight.ecs.query import MAX_DEPTH, compile_query
from ecs_preflight.ecs.query_text import QueryError
from ecs_preflight.errors import InputError


@pytest.mark.parametrize(
    ("expression", "position", "message"),
    [
        ("", 0, "the expression is empty"),
        ("   ", 3, "the expression is empty"),
        ("and attribute:a == b", 0, "there is no subject 'and'"),
        ("atribute:a == b", 0, "there is no subject 'atribute:a'; did you mean attribute"),
        ("agentconnected == true", 0, "did you mean agentConnected?"),
        ("task:family == x", 0, "there is no subject 'task:family'"),
        ("attribute == x", 0, "there is no subject 'attribute'"),
        ("attribute: == x", 0, "attribute: wants a name"),
        ("attribute:a$b == x", 0, "attribute: wants a name"),
        ("== x", 0, "expected a subject"),
        ("attribute:a", 11, "expected an operator"),
        ("attribute:a = b", 12, "expected an operator"),
        ("attribute:a equal b", 12, "there is no operator 'equal'; did you mean equals?"),
        ("attribute:a is b", 12, "there is no operator 'is'"),
        ("agentConnected > true", 15, "agentConnected does not take >; it takes != !in !~ == =~ in"),
        ("ec2InstanceId exists", 14, "ec2InstanceId does not take exists"),
        ("runningTasksCount in [1]", 18, "runningTasksCount does not take in; it takes != < <= == > >="),
        ("agentVersion =~ 1.*", 13, "agentVersion does not take =~"),
        ("registeredAt in [2018-01-01]", 13, "registeredAt does not take in"),
        ("agentConnected == yes", 18, "agentConnected is true or false, never 'yes'"),
        ("agentConnected in [true, no]", 18, "agentConnected is true or false, never 'no'"),
        ("runningTasksCount > many", 20, "runningTasksCount is compared with a whole number, not with 'many'"),
        ("agentVersion > latest", 15, "agentVersion is compared with a version such as 1.80.0, not with 'latest'"),
        ("registeredAt > yesterday", 15, "registeredAt is compared with a moment"),
        ("registeredAt > 2018-13-01", 15, "registeredAt is compared with a moment"),
        ("registeredAt > 2018-W25-1", 15, "registeredAt is compared with a moment"),
        ("attribute:a ==", 14, "expected a value"),
        ("attribute:a == (b)", 15, "expected a value"),
        ("attribute:a == 'b", 15, "this quote is never closed"),
        ("attribute:a == b c", 17, "expected and, or, or the end instead of 'c'"),
        ("attribute:a == b AND attribute:c == d", 17, "expected and, or, or the end instead of 'AND'"),
        ("attribute:a == b and", 20, "expected a subject"),
        ("attribute:a == b or or attribute:c == d", 20, "there is no subject 'or'"),
        ("attribute:a exists b", 19, "expected and, or, or the end instead of 'b'"),
        ("attribute:a in b", 15, "expected [, as in/!in compare with a list"),
        ("attribute:a in []", 16, "expected a value"),
        ("attribute:a in [b,]", 18, "expected a value"),
        ("attribute:a in [b c]", 18, "expected , or ] after an item of the list"),
        ("attribute:a in [b", 17, "expected , or ] after an item of the list"),
        ("(attribute:a == b", 0, "this parenthesis is never closed"),
        ("attribute:a == b)", 16, "this parenthesis was never opened"),
        ("()", 1, "expected a subject"),
        ("not", 3, "expected a subject"),
        ("attribute:a =~", 14, "expected a regular expression"),
        ("attribute:a =~ [", 15, "this regular expression is broken: unclosed character class"),
        ("attribute:a =~ (b", 15, "this regular expression is broken: unclosed group"),
        ("attribute:a =~ '*b'", 16, "this regular expression is broken: dangling '*'"),
        ("x" * 2001, 2000, "an expression has at most 2000 characters"),
        ("(" * (MAX_DEPTH + 1), MAX_DEPTH, f"more than {MAX_DEPTH} parentheses and nots"),
    ],
)
def test_a_bad_expression_is_refused_where_it_is_bad(expression: str, position: int, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        compile_query(expression)
    assert message in str(caught.value)
    assert caught.value.position == position
    assert isinstance(caught.value, InputError)
    assert isinstance(caught.value, ValueError)


def test_an_error_shows_the_place_under_the_expression() -> None:
    with pytest.raises(QueryError) as caught:
        compile_query("attribute:a in b")
    assert str(caught.value).splitlines()[1:] == ["  attribute:a in b", "  " + " " * 15 + "^"]


def test_an_error_shows_a_part_of_a_long_expression() -> None:
    with pytest.raises(QueryError) as caught:
        compile_query(" or ".join(["attribute:stack == prod"] * 20) + " or attribute:stack is dev")
    shown, mark = str(caught.value).splitlines()[1:]
    assert len(shown) < 160
    assert shown[mark.index("^") :] == "is dev"


def test_an_error_survives_pickling() -> None:
    error = QueryError("expected a value", "attribute:a ==", 14)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "the expression is empty"),
        ("attribute:a", "expected an operator such as == or exists"),
        ("== b", "expected a subject such as attribute:NAME or agentConnected"),
        ("attribute: == b", "attribute: wants a name of letters, digits and - _ . / \\ after it"),
        ("attribute:a ==", "expected a value"),
        ("attribute:a in b", "expected [, as in/!in compare with a list such as [a, b]"),
        ("attribute:a in [b c]", "expected , or ] after an item of the list (a value with a space wants quotes)"),
        ("attribute:a =~", "expected a regular expression"),
        ("attribute:a == 'b", "this quote is never closed"),
        ("(attribute:a == b", "this parenthesis is never closed"),
        ("attribute:a == b)", "this parenthesis was never opened"),
        ("stack == prod", "there is no subject 'stack'"),
        ("attribute == prod", "there is no subject 'attribute'; did you mean attribute:NAME?"),
        ("attribute:a like b", "there is no operator 'like'"),
        (
            "registeredAt > soon",
            "registeredAt is compared with a moment such as 2018-06-18T22:28:28+00:00, not with 'soon'",
        ),
    ],
)
def test_an_error_says_what_was_expected_and_no_more(expression: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        compile_query(expression)
    assert caught.value.message == f"{message} (at character {caught.value.position + 1})"


def test_an_expression_may_be_as_long_and_as_deep_as_the_limits_say() -> None:
    name = "a" * (2000 - len("attribute:b == "))
    assert compile_query(f"attribute:b == {name}").subjects == {"attribute:b"}
    assert compile_query("(" * (MAX_DEPTH - 1) + "attribute:a exists" + ")" * (MAX_DEPTH - 1)).subjects == {"attribute:a"}
    # Side by side is not inside each other.
    assert compile_query(" and ".join(["attribute:a exists"] * (MAX_DEPTH + 10))).subjects == {"attribute:a"}
    assert compile_query(" and ".join(["not(attribute:a exists)"] * (MAX_DEPTH + 10))).subjects == {"attribute:a"}
    deep_twice = " or ".join(["(" * (MAX_DEPTH - 1) + "attribute:a exists" + ")" * (MAX_DEPTH - 1)] * 2)
    assert compile_query(deep_twice).subjects == {"attribute:a"}
    with pytest.raises(QueryError, match="inside each other"):
        compile_query("attribute:a exists and " + "(" * MAX_DEPTH + "attribute:a exists" + ")" * MAX_DEPTH)


def test_an_error_on_several_lines_is_shown_on_one() -> None:
    with pytest.raises(QueryError) as caught:
        compile_query("attribute:a == b and\nattribute:c")
    assert str(caught.value).splitlines()[1:] == ["  attribute:a == b and attribute:c", "  " + " " * 32 + "^"]
