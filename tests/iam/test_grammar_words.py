"""Every refusal of the grammar word for word: what was found and expected, AWS's own words, and how to mend it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam import PolicyDocument
from tests.iam.builders import ALICE, ROOT, grants, trusts

_DOCUMENT = "expected one of Version, Id, Statement"
_STATEMENT = "expected one of Sid, Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition"
_KINDS = "expected one of AWS, Service, Federated, CanonicalUser"
_PAIR = "write a character beyond U+FFFF as both halves of its pair, or as itself"
_OPERATORS = (
    "expected one of StringEquals, StringEqualsIgnoreCase, StringLike, NumericEquals, NumericLessThan, NumericLessThanEquals, "
    "NumericGreaterThan, NumericGreaterThanEquals, DateEquals, DateLessThan, DateLessThanEquals, DateGreaterThan, "
    "DateGreaterThanEquals, Bool, BinaryEquals, IpAddress, ArnEquals, ArnLike, StringNotEquals, StringNotEqualsIgnoreCase, "
    "StringNotLike, NumericNotEquals, DateNotEquals, NotIpAddress, ArnNotEquals, ArnNotLike, Null"
)

# what is written, what was found, how to mend it
_WORDS: tuple[tuple[Any, str, str | None], ...] = (
    ("text", 'a policy document is "text"; expected an object', None),
    ([], "a policy document is a list; expected an object", None),
    ({"Version": "2012-10-17"}, "the document has no Statement", 'a policy needs "Statement": [{"Effect": ..., ...}]'),
    ({"Statment": []}, 'a policy document has no element "Statment"', 'did you mean "Statement"?'),
    ({"Xyzzy": []}, 'a policy document has no element "Xyzzy"', _DOCUMENT),
    ({"Version": "2013-10-17", "Statement": []}, 'Version is "2013-10-17"', 'write "Version": "2012-10-17"'),
    ({"Version": False, "Statement": []}, "Version is false", 'write "Version": "2012-10-17"'),
    ({"Version": 2012, "Statement": []}, "Version is 2012", 'write "Version": "2012-10-17"'),
    ({"Version": None, "Statement": []}, "Version is null", 'write "Version": "2012-10-17"'),
    ({"Id": {}, "Statement": []}, "Id is an object; expected a string", None),
    ({"Statement": "x"}, 'Statement is "x"; expected an object or a list of objects', None),
    ({"Statement": ["x"]}, 'a statement is "x"; expected an object', None),
    ({"Statement": {**trusts(), "Actoin": "*"}}, 'a statement has no element "Actoin"', 'did you mean "Action"?'),
    ({"Statement": {**trusts(), "Xyzzy": "*"}}, 'a statement has no element "Xyzzy"', _STATEMENT),
    ({"Statement": {**trusts(), "NotPrincipal": "*"}}, "a statement has both Principal and NotPrincipal", "keep one of the two"),
    ({"Statement": {**trusts(), "NotAction": "*"}}, "a statement has both Action and NotAction", "keep one of the two"),
    ({"Statement": {**grants(), "NotResource": "*"}}, "a statement has both Resource and NotResource", "keep one of the two"),
    ({"Statement": {"Action": "a:b"}}, "a statement has no Effect", 'add "Effect": "Allow" or "Effect": "Deny"'),
    ({"Statement": {"Effect": "Permit"}}, 'Effect is "Permit"; expected "Allow" or "Deny"', None),
    ({"Statement": trusts(Sid=7)}, "Sid is 7; expected a string", None),
    (
        {"Statement": trusts(ALICE)},
        f'Principal is "{ALICE}"',
        f'only "*" may stand alone; write {{"AWS": "{ALICE}"}}',
    ),
    ({"Statement": trusts(["*"])}, "Principal is a list; expected an object", None),
    ({"Statement": trusts(NotPrincipal=7)}, "NotPrincipal is 7; expected an object", None),
    ({"Statement": trusts({"Services": "x"})}, 'Principal has no element "Services"', 'did you mean "Service"?'),
    ({"Statement": trusts({"Xyzzy": "x"})}, 'Principal has no element "Xyzzy"', _KINDS),
    ({"Statement": trusts({"AWS": [ROOT, 7]})}, "AWS is 7; expected a string", None),
    ({"Statement": trusts({"AWS": {}})}, "AWS is an object; expected a string", None),
    ({"Statement": grants([["a:b"]])}, "Action is a list; expected a string", None),
    ({"Statement": grants("*", {"a": "b"})}, "Resource is an object; expected a string", None),
    ({"Statement": grants("*", [7])}, "Resource is 7; expected a string", None),
    ({"Statement": grants(Condition="a")}, 'Condition is "a"; expected an object', None),
    ({"Statement": grants(Condition={"Bool": "b"})}, "the condition operator Bool is a string; expected an object", None),
    ({"Statement": grants(Condition={"Bool": ["b"]})}, "the condition operator Bool is a list; expected an object", None),
    ({"Statement": trusts(Sid="a\ud800")}, 'Sid is "a\\ud800", which holds half of a surrogate pair', _PAIR),
    ({"Id\ud800": ""}, 'a key of a policy document is "Id\\ud800", which holds half of a surrogate pair', _PAIR),
    ({"Statement": grants(Condition={"Bool": {"k": {}}})}, "the value of k is an object; expected a string", None),
    (
        {"Statement": grants(Condition={"StringEqual": {"k": "b"}})},
        '"StringEqual" is no condition operator',
        'did you mean "StringEquals"?',
    ),
    ({"Statement": grants(Condition={"Xyzzy": {"k": "b"}})}, '"Xyzzy" is no condition operator', _OPERATORS),
)


@pytest.mark.parametrize(("written", "found", "mend"), _WORDS, ids=[row[1][:60] for row in _WORDS])
def test_what_is_not_in_the_grammar_is_refused_in_one_sentence_with_its_mend(written: Any, found: str, mend: str | None) -> None:
    message = f'{found} (AWS: "Syntax errors in policy.")'
    with pytest.raises(SyntaxInputError) as caught:
        PolicyDocument.parse(json.dumps(written))
    assert (caught.value.message, caught.value.hint) == (message, mend)
    with pytest.raises(ValidationError) as refused:
        PolicyDocument.model_validate(written)
    (error,) = refused.value.errors()
    assert error["msg"] == (f"Value error, {message}; {mend}" if mend else f"Value error, {message}")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (trusts(ALICE), f'Principal is "{ALICE}"'),
        (trusts(["*"]), "Principal is a list; expected an object"),
        (trusts({"Xyzzy": "x"}), 'Principal has no element "Xyzzy"'),
        (trusts({"AWS": 7}), "AWS is 7; expected a string"),
        (grants(7), "Action is 7; expected a string"),
        (grants("*", [7]), "Resource is 7; expected a string"),
    ],
)
def test_a_statement_in_a_list_is_refused_in_the_same_words(statement: dict[str, Any], found: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        PolicyDocument.parse(json.dumps({"Statement": [statement]}), file="role.json")
    assert caught.value.message == f'{found} (AWS: "Syntax errors in policy.")'
    assert str(caught.value.location).startswith("role.json:1:")


@pytest.mark.parametrize(("written", "meant"), [("allow", "Allow"), ("DENY", "Deny")])
def test_an_effect_in_other_letters_fails_as_aws_says(written: str, meant: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        PolicyDocument.parse(json.dumps({"Statement": {"Effect": written}}))
    assert caught.value.message == f'Effect is "{written}" (AWS: "The policy failed legacy parsing")'
    assert caught.value.hint == f'write "{meant}": the case of its letters matters'


def test_an_operator_that_nobody_knows_is_tolerated_where_it_compares_nothing() -> None:
    policy = PolicyDocument.model_validate({"Statement": grants(Condition={"Xyzzy": {}, "Bool": {}})})
    assert policy.statements[0].conditions == ()


def test_what_json_does_not_have_is_named_by_its_type() -> None:
    with pytest.raises(ValidationError, match="Id is a bytes; expected a string"):
        PolicyDocument.model_validate({"Id": b"x", "Statement": []})


@pytest.mark.parametrize("number", [10**64, -(10**64), float("inf")])
def test_a_number_beyond_all_bounds(number: float) -> None:
    found = "the value of k is a number that JSON or IAM does not have; expected a string"
    with pytest.raises(ValidationError, match=found):
        PolicyDocument.model_validate({"Statement": grants(Condition={"NumericEquals": {"k": number}})})
    largest = grants(Condition={"NumericEquals": {"k": 10**64 - 1}})
    (clause,) = PolicyDocument.model_validate({"Statement": largest}).statements[0].conditions
    assert clause.values == ("9" * 64,)
