"""What IAM refuses of a trust policy, put right where that needs no decision."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ecs_preflight.iam import PolicyDocument
from ecs_preflight.iam.repair import repair_trust_policy
from tests.iam.builders import APP, ECS_TASKS, ROOT, SESSION, document, trusts

# What was written, what it becomes, what is said of it.
MENDED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a Resource": (trusts(Resource="*"), trusts(), "Resource is removed"),
    "a NotResource": (trusts(NotResource=APP), trusts(), "NotResource is removed"),
    "Effect in small letters": (trusts(effect="allow"), trusts(), 'Effect is written "Allow"'),
    "a Deny in capitals": (trusts(effect="DENY"), trusts(effect="Deny"), 'Effect is written "Deny"'),
    "elements in small letters": (
        {"effect": "Allow", "principal": {"AWS": ROOT}, "action": "sts:AssumeRole"},
        trusts(),
        'the element "action" is written "Action"',
    ),
    "elements in the plural": (
        {"Effect": "Allow", "Principals": {"AWS": ROOT}, "Actions": "sts:AssumeRole"},
        trusts(),
        'the element "Principals" is written "Principal"',
    ),
    "no prefix": (trusts(Action="AssumeRole"), trusts(), '"AssumeRole" is written "sts:AssumeRole"'),
    "white space in the action": (trusts(Action="sts: AssumeRole "), trusts(), 'is written "sts:AssumeRole"'),
    "another service's action beside": (
        trusts(Action=["sts:AssumeRole", "ecs:RunTask", "sts:GetCallerIdentity"]),
        trusts(Action=["sts:AssumeRole"]),
        '"sts:GetCallerIdentity" is removed: it does not assume a role',
    ),
    "a bare ARN": (trusts(APP), trusts({"AWS": APP}), 'Principal is written {"AWS": ...}'),
    "a bare service": (trusts(ECS_TASKS), trusts({"Service": ECS_TASKS}), 'Principal is written {"Service": ...}'),
    "a list of bare ARNs": (trusts([APP, ROOT]), trusts({"AWS": [APP, ROOT]}), 'Principal is written {"AWS": ...}'),
    "kinds in small letters": (trusts({"aws": APP}), trusts({"AWS": APP}), 'the element "aws" is written "AWS"'),
    "a service under AWS": (trusts({"AWS": ECS_TASKS}), trusts({"Service": ECS_TASKS}), "is named as Service"),
    "a service among ARNs": (
        trusts({"AWS": [APP, ECS_TASKS], "Service": "ec2.amazonaws.com"}),
        trusts({"AWS": [APP], "Service": ["ec2.amazonaws.com", ECS_TASKS]}),
        "is named as Service",
    ),
    "an ARN under Service": (trusts({"Service": APP}), trusts({"AWS": APP}), "is named as AWS"),
    "everyone denied": (
        trusts("*", effect="Deny"),
        trusts({"AWS": "*"}, effect="Deny"),
        'IAM refuses a bare "*" in a trust policy',
    ),
    "a Sid of other characters": (trusts(Sid="let in-ECS"), trusts(Sid="letinECS"), 'is written "letinECS"'),
    "a Sid of nothing else": (trusts(Sid="--"), trusts(), 'the Sid "--" is removed'),
    "an invisible sign": (trusts({"AWS": APP + "\u200b"}), trusts({"AWS": APP}), "U+200B is removed"),
    "an invisible sign in an action": (trusts(Action=["sts:\u200bAssumeRole"]), trusts(Action=["sts:AssumeRole"]), "U+200B"),
}


@pytest.mark.parametrize(("written", "right", "told"), MENDED.values(), ids=MENDED)
def test_what_is_mended(written: dict[str, Any], right: dict[str, Any], told: str) -> None:
    given = document(written)
    kept = deepcopy(given)
    repair = repair_trust_policy(given)
    assert repair.value == document(right)
    assert list(repair.value["Statement"][0]) == list(right) or set(right) == set(repair.value["Statement"][0])
    assert told in " ".join(change.done for change in repair.changes)
    assert given == kept
    assert not PolicyDocument.model_validate(repair.value).problems("trust")
    assert repair_trust_policy(repair.value) == (repair.value, ())


def test_each_change_has_its_path() -> None:
    repair = repair_trust_policy(document(trusts(), trusts(Resource="*", Action="AssumeRole")))
    assert [change.path for change in repair.changes] == [("Statement", 1, "Resource"), ("Statement", 1, "Action")]
    alone = repair_trust_policy({"Statement": trusts(Resource="*")})
    assert [change.path for change in alone.changes] == [("Statement", "Resource")]


def test_sids_are_made_unique() -> None:
    repair = repair_trust_policy(document(trusts(Sid="A"), trusts(Sid="A2"), trusts(Sid="A"), trusts(Sid="A-"), trusts(Sid="")))
    assert [statement["Sid"] for statement in repair.value["Statement"]] == ["A", "A2", "A3", "A4", ""]
    assert not PolicyDocument.model_validate(repair.value).problems("trust")


@pytest.mark.parametrize("version", ["2012-10-7", "2021-10-17", 2012, None])
def test_a_version_that_is_none_is_written(version: object) -> None:
    repair = repair_trust_policy({"Version": version, "Statement": [trusts()]})
    assert repair.value["Version"] == "2012-10-17"
    assert [change.path for change in repair.changes] == [("Version",)]


ACCEPTED = {
    "the good one": document(trusts()),
    "no Version": {"Statement": [trusts()]},
    "a single statement": {"Version": "2008-10-17", "Statement": trusts()},
    "all of sts": document(trusts(Action="sts:*")),
    "everything": document(trusts(Action="*")),
    "the action in small letters": document(trusts(Action="sts:assumerole")),
    "several kinds": document(trusts({"AWS": [ROOT, SESSION], "Service": ECS_TASKS})),
    "everyone": document(trusts({"AWS": "*"})),
    "a provider that is a service too": document(trusts({"Service": "cognito-identity.amazonaws.com"})),
    "an empty Sid, twice": document(trusts(Sid=""), trusts(Sid="")),
    "a Deny": document(trusts(), trusts(effect="Deny", Condition={"Bool": {"aws:SecureTransport": False}})),
}


@pytest.mark.parametrize("value", ACCEPTED.values(), ids=ACCEPTED)
def test_what_iam_accepts_is_not_touched(value: dict[str, Any]) -> None:
    assert not PolicyDocument.model_validate(value).problems("trust")
    assert repair_trust_policy(value) == (value, ())


LEFT: dict[str, Any] = {
    "everyone": document(trusts("*")),
    "all but": document(trusts(NotPrincipal={"AWS": APP}, effect="Deny")),
    "a wildcard in an ARN": document(trusts({"AWS": APP.replace("app", "*")})),
    "a bare wildcard": document(trusts("arn:aws:iam::111122223333:role/*")),
    "another service's action alone": document(trusts(Action="ecs:RunTask")),
    "no Effect": document({"Principal": {"AWS": APP}, "Action": "sts:AssumeRole"}),
    "no Action": document({"Effect": "Allow", "Principal": {"AWS": APP}}),
    "an element that is none": document(trusts(Comment="x")),
    "an operator that is none": document(trusts(Condition={"StringEqual": {"a:b": "c"}})),
    "names of several kinds": document(trusts([APP, ECS_TASKS])),
    "a list": [trusts()],
    "a text": "*",
    "actions that are no texts": document(trusts(Action=[1])),
    "statements that are none": {"Version": "2012-10-17", "Statement": ["x", 3]},
}


@pytest.mark.parametrize("value", LEFT.values(), ids=LEFT)
def test_what_takes_a_decision_is_left(value: Any) -> None:
    assert repair_trust_policy(value) == (value, ())


def test_values_of_conditions_are_not_told() -> None:
    hidden = document(trusts(Resource="*", Condition={"StringEquals": {"sts:ExternalId": "s3cret\u200b"}}))
    repair = repair_trust_policy(hidden)
    assert len(repair.changes) == 2
    assert "s3cret" not in str(repair.changes)
