"""Reading, writing and asking a document."""

from __future__ import annotations

import json
import pickle
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam import EvalDecision, PolicyDocument, evaluate_document
from ecs_preflight.iam.principal import PrincipalEntry, is_unique_id
from ecs_preflight.iam.statement import Effect
from tests.iam.builders import ALICE, ROOT, asks, document, grants, trusts

# Both as https://docs.opsmx.com prints them, tabs included: what a reader of the guide pastes.
_GUIDE_MANAGED_ROLE = """\
\t{
\t "Version": "2012-10-17",
\t "Statement": [
\t  {
\t\t"Effect": "Allow",
\t\t"Principal": {
\t\t\t"Service": [
\t\t\t\t"ecs.amazonaws.com",
\t\t\t\t"application-autoscaling.amazonaws.com"
\t\t\t]
\t\t },
\t\t "Action": "sts:AssumeRole"
\t\t}
\t ]
}
"""
_GUIDE_TASK_ROLE = """\
\t{
\t  "Version": "2012-10-17",
\t  "Statement": [
\t\t{
\t\t  "Sid": "",
\t\t  "Effect": "Allow",
\t\t  "Principal": {
\t\t\t"Service": "ecs-tasks.amazonaws.com"
\t\t  },
\t\t  "Action": "sts:AssumeRole"
\t\t}
\t} ]
"""


def test_the_guides_first_policy_loads_as_it_stands() -> None:
    policy = PolicyDocument.parse(_GUIDE_MANAGED_ROLE)
    assert policy.statements[0].principals == (
        PrincipalEntry("Service", "ecs.amazonaws.com"),
        PrincipalEntry("Service", "application-autoscaling.amazonaws.com"),
    )
    assert policy.problems("trust") == ()
    assert evaluate_document(policy, asks("ecs.amazonaws.com")).allowed


def test_the_guides_second_policy_fails_at_its_swapped_brackets() -> None:
    with pytest.raises(SyntaxInputError) as caught:
        PolicyDocument.parse(_GUIDE_TASK_ROLE, file="task-role.json")
    assert str(caught.value) == (
        "task-role.json:12:2: the list opened at line 3 is closed by `}`; expected `]` "
        '(AWS: "Syntax errors in policy.")\n  write `] }` in place of `} ]`'
    )


def test_every_element_is_a_typed_attribute() -> None:
    policy = PolicyDocument.model_validate(
        {
            "Version": "2008-10-17",
            "Id": "an id",
            "Statement": {
                "Sid": "One",
                "Effect": "Deny",
                "NotPrincipal": {"AWS": [ALICE, "123456789012"], "Federated": "accounts.google.com"},
                "NotAction": "s3:*",
                "NotResource": ["arn:aws:s3:::a", None, "arn:aws:s3:::b"],
                "Condition": {"Bool": {"a:b": True}, "NumericEquals": {"a:n": [1, 2.5]}},
            },
        }
    )
    (statement,) = policy.statements
    assert (policy.version, policy.id, policy.has_principals) == ("2008-10-17", "an id", True)
    assert (statement.effect, statement.sid) == (Effect.DENY, "One")
    assert statement.not_principals == (("AWS", ALICE), ("AWS", "123456789012"), ("Federated", "accounts.google.com"))
    assert statement.not_actions == ("s3:*",)
    assert statement.not_resources == ("arn:aws:s3:::a", "arn:aws:s3:::b")
    assert [(clause.operator.name, clause.key, clause.values) for clause in statement.conditions] == [
        ("Bool", "a:b", ("true",)),
        ("NumericEquals", "a:n", ("1", "2.5")),
    ]
    assert statement.principals is statement.actions is statement.resources is None


def test_a_document_is_frozen_hashable_by_what_it_says_and_survives_pickling() -> None:
    one, other = PolicyDocument.model_validate(document(trusts())), PolicyDocument.model_validate(document(trusts()))
    evaluate_document(one, asks())
    assert one == other
    assert hash(one) == hash(other)
    assert one != PolicyDocument.model_validate(document(trusts(Sid="another")))
    assert one != document(trusts())
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(ValidationError):
        one.version = "2008-10-17"


_CANONICAL = (
    document(trusts()),
    document(trusts("*"), trusts({"AWS": [ROOT, ALICE], "Service": "ecs.amazonaws.com"}, effect="Deny")),
    document(grants(["a:b", "c:d"], [], Sid="x"), version="2008-10-17"),
    document(trusts(Condition={"StringLike": {"a:b": ["1", "2"], "c:d": "3"}, "ForAllValues:StringEquals": {"a:b": []}})),
    document(trusts(NotPrincipal={"AWS": ALICE}), {"Effect": "Allow", "NotAction": "a:b", "NotResource": "*"}),
    document(trusts(Condition={"Null": {"aws:SourceAccount": "true"}})),
    {"Version": "2012-10-17", "Id": "one", "Statement": []},
)


@pytest.mark.parametrize("written", _CANONICAL)
def test_the_canonical_text_spells_the_same_document(written: dict[str, Any]) -> None:
    policy = PolicyDocument.model_validate(written)
    assert json.loads(policy.to_json()) == written
    assert PolicyDocument.parse(policy.to_json()) == policy
    assert PolicyDocument.model_validate(policy.model_dump()) == policy
    assert PolicyDocument.model_validate_json(policy.model_dump_json()) == policy


def test_the_canonical_text_has_one_form() -> None:
    loose = {"Statement": {"Action": ["sts:AssumeRole"], "Principal": {"AWS": [ROOT]}, "Effect": "Allow"}}
    assert PolicyDocument.model_validate(loose).to_json() == (
        f'{{"Version":"2008-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{ROOT}"}},"Action":"sts:AssumeRole"}}]}}'
    )


def test_a_document_is_a_field_of_other_models() -> None:
    class Role(BaseModel):
        trust_policy: PolicyDocument

    role = Role.model_validate({"trust_policy": document(trusts())})
    assert Role.model_validate_json(role.model_dump_json()) == role


# what is wrong, the text that the error points at, words of the message
_REFUSED: tuple[tuple[Any, str, str], ...] = (
    ([], "[", "a policy document is a list; expected an object"),
    ("text", '"text"', 'a policy document is "text"; expected an object'),
    ({"Version": "2012-10-17"}, "{", "the document has no Statement"),
    ({"Statement": "x"}, '"Statement"', 'Statement is "x"; expected an object or a list of objects'),
    ({"Statement": None}, '"Statement"', "Statement is null"),
    ({"Statement": ["x"]}, '"x"', 'a statement is "x"; expected an object'),
    ({"Statments": []}, '"Statments"', 'a policy document has no element "Statments"'),
    ({"Version": "2013-10-17", "Statement": []}, '"Version"', 'Version is "2013-10-17"'),
    ({"Version": True, "Statement": []}, '"Version"', "Version is true"),
    ({"Id": {}, "Statement": []}, '"Id"', "Id is an object; expected a string"),
    ({"Statement": {**trusts(), "Principals": "*"}}, '"Principals"', 'a statement has no element "Principals"'),
    ({"Statement": {**trusts(), "NotAction": "a:b"}}, '"NotAction"', "a statement has both Action and NotAction"),
    ({"Statement": {**trusts(), "NotPrincipal": "*"}}, '"NotPrincipal"', "a statement has both Principal and NotPrincipal"),
    ({"Statement": {**grants(), "NotResource": "*"}}, '"NotResource"', "a statement has both Resource and NotResource"),
    ({"Statement": {"Action": "a:b"}}, '"Statement"', "a statement has no Effect"),
    ({"Statement": {"Effect": "deny"}}, '"Effect"', 'Effect is "deny" (AWS: "The policy failed legacy parsing")'),
    ({"Statement": {"Effect": "Permit"}}, '"Effect"', 'Effect is "Permit"; expected "Allow" or "Deny" (AWS: "Syntax errors'),
    ({"Statement": {"Effect": ["Allow"]}}, '"Effect"', "Effect is a list"),
    ({"Statement": trusts(Sid=7)}, '"Sid"', "Sid is 7; expected a string"),
    ({"Statement": trusts(ALICE)}, '"Principal"', f'Principal is "{ALICE}"'),
    ({"Statement": trusts(["*"])}, '"Principal"', "Principal is a list; expected an object"),
    ({"Statement": trusts({"Aws": ROOT})}, '"Aws"', 'Principal has no element "Aws"'),
    ({"Statement": trusts({"AWS": {}})}, '"AWS"', "AWS is an object; expected a string"),
    ({"Statement": trusts({"AWS": [ROOT, 7]})}, "7", "AWS is 7; expected a string"),
    ({"Statement": grants([["a:b"]])}, "[", "Action is a list; expected a string"),
    ({"Statement": grants(None)}, '"Action"', "Action is null; expected a string"),
    ({"Statement": grants("*", {"a": "b"})}, '"Resource"', "Resource is an object; expected a string"),
    ({"Statement": grants("*", [7])}, "7", "Resource is 7; expected a string"),
    ({"Statement": grants(Condition="a")}, '"Condition"', 'Condition is "a"; expected an object'),
    ({"Statement": grants(Condition={"Bool": "b"})}, '"Bool"', "the condition operator Bool is a string; expected an object"),
    ({"Statement": grants(Condition={"Bool": {"a": {}}})}, '"a"', "the value of a is an object; expected a string"),
    ({"Statement": grants(Condition={"Bool": {"a": [None]}})}, '"a"', "the value of a is null; expected a string"),
    ({"Statement": grants(Condition={"StringEqual": {"a": "b"}})}, '"StringEqual"', '"StringEqual" is no condition operator'),
    (
        {"Statement": grants(Condition={"ForAnyValue::Bool": {"a": "b"}})},
        '"ForAnyValue::Bool"',
        '"ForAnyValue::Bool" is no condition',
    ),
    (
        {"Statement": grants(Condition={"ForAllValues:Null": {"a": "b"}})},
        '"ForAllValues:Null"',
        '"ForAllValues:Null" is no condition',
    ),
    ({"Statement": grants(Condition={"NullIfExists": {"a": "b"}})}, '"NullIfExists"', '"NullIfExists" is no condition operator'),
)


@pytest.mark.parametrize(("written", "place", "words"), _REFUSED, ids=[row[2][:40] for row in _REFUSED])
def test_what_the_grammar_does_not_have_is_refused(written: Any, place: str, words: str) -> None:
    text = json.dumps(written)
    with pytest.raises(SyntaxInputError) as caught:
        PolicyDocument.parse(text)
    assert caught.value.location
    assert caught.value.location.line == 1
    assert text[(caught.value.location.column or 0) - 1 :].startswith(place)
    assert words in caught.value.message
    with pytest.raises(ValidationError) as refused:
        PolicyDocument.model_validate(written)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ({"Statments": []}, 'did you mean "Statement"?'),
        ({"Statement": {"effect": "Allow"}}, 'did you mean "Effect"?'),
        ({"Statement": trusts({"Services": "x"})}, 'did you mean "Service"?'),
        ({"Statement": grants(Condition={"StringEqual": {"a": "b"}})}, 'did you mean "StringEquals"?'),
        ({"Statement": grants(Condition={"Xyzzy": {"a": "b"}})}, "expected one of StringEquals, "),
        ({"Statement": trusts(ALICE)}, f'only "*" may stand alone; write {{"AWS": "{ALICE}"}}'),
        ({"Statement": {"Effect": "allow"}}, 'write "Allow": the case of its letters matters'),
    ],
)
def test_a_refusal_says_how_to_mend_it(written: Any, hint: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        PolicyDocument.parse(json.dumps(written))
    assert hint in str(caught.value.hint)


def test_a_duplicate_key_is_refused_where_it_stands() -> None:
    text = '{"Statement": [{"Effect": "Deny",\n "Effect": "Allow"}]}'
    with pytest.raises(SyntaxInputError, match='the key "Effect" stands twice') as caught:
        PolicyDocument.parse(text)
    assert str(caught.value.location) == "policy:2:2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AROADBQP57FF2AEXAMPLE", True),
        ("AIDACKCEVSQ6C2EXAMPLE", True),
        ("AKIAIOSFODNN7EXAMPLE", False),
        ("AROA", False),
        ("aroadbqp57ff2aexample", False),
        ("arn:aws:iam::111122223333:role/AROADBQP57FF2AEXAMPLE", False),
        ("111122223333", False),
    ],
)
def test_unique_ids_are_recognised(text: str, expected: bool) -> None:
    assert is_unique_id(text) is expected


def test_an_empty_document_decides_nothing() -> None:
    evaluation = evaluate_document({"Statement": []}, asks())
    assert evaluation.decision is EvalDecision.IMPLICIT_DENY
    assert evaluation.matched_statements == ()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('{"Statement": [\n{"Effect": "Allow"},\n\n{"Effect": "Deny"}]}', [2, 4]),
        ('{\n"Statement":\n{"Effect": "Allow"}}', [2]),
    ],
)
def test_a_document_knows_the_line_of_each_statement(text: str, lines: list[int]) -> None:
    """A single statement stands at its key."""
    parsed = PolicyDocument.parse(text)
    assert [parsed.line_of(number) for number in range(len(lines))] == lines
    assert PolicyDocument.model_validate(json.loads(text)).line_of(0) is None


def test_a_mapping_that_is_no_dict_is_a_document_too() -> None:
    frozen = MappingProxyType({"Version": "2012-10-17", "Statement": (MappingProxyType(trusts()),)})
    found = PolicyDocument.model_validate(frozen)
    assert found == PolicyDocument.model_validate(document(trusts()))
    assert found.problems("trust") == ()
