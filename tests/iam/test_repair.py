"""What IAM refuses of a trust policy, put right where that needs no decision."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ecs_preflight.iam import PolicyDocument
from ecs_preflight.iam.repair import Change, repair_trust_policy
from tests.iam.builders import APP, ECS_TASKS, ROOT, SESSION, document, trusts

_PLURAL = 'the element "Principals" is written "Principal"'
_STANDS = ("Statement", 0)
# What was written, what it becomes, and what is said of it, with the place in the statement.
MENDED: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[tuple[str | int, str], ...]]] = {
    "a Resource": (
        trusts(Resource="*"),
        trusts(),
        (("Resource", "Resource is removed: a trust policy is about the role that it belongs to"),),
    ),
    "a NotResource": (
        trusts(NotResource=APP),
        trusts(),
        (("NotResource", "NotResource is removed: a trust policy is about the role that it belongs to"),),
    ),
    "Effect in small letters": (
        trusts(effect="allow"),
        trusts(),
        (("Effect", 'Effect is written "Allow": the case of its letters matters'),),
    ),
    "a Deny in capitals": (
        trusts(effect="DENY"),
        trusts(effect="Deny"),
        (("Effect", 'Effect is written "Deny": the case of its letters matters'),),
    ),
    "an Effect in white space": (
        trusts(effect=" Allow"),
        trusts(),
        (("Effect", 'Effect is written "Allow": the case of its letters matters'),),
    ),
    "elements in small letters": (
        {"effect": "Allow", "principal": {"AWS": ROOT}, "action": "sts:AssumeRole"},
        trusts(),
        (
            ("effect", 'the element "effect" is written "Effect"'),
            ("principal", 'the element "principal" is written "Principal"'),
            ("action", 'the element "action" is written "Action"'),
        ),
    ),
    "elements in the plural": (
        {"Effect": "Allow", "Principals": {"AWS": ROOT}, "Actions": "sts:AssumeRole"},
        trusts(),
        (("Principals", _PLURAL), ("Actions", 'the element "Actions" is written "Action"')),
    ),
    "no prefix": (
        trusts(Action="AssumeRole"),
        trusts(),
        (("Action", 'the action "AssumeRole" is written "sts:AssumeRole"'),),
    ),
    "white space in the action": (
        trusts(Action="sts: AssumeRole "),
        trusts(),
        (("Action", 'the action "sts: AssumeRole " is written "sts:AssumeRole"'),),
    ),
    "another service's action beside": (
        trusts(Action=["sts:AssumeRole", "ecs:RunTask", "sts:GetCallerIdentity"]),
        trusts(Action=["sts:AssumeRole"]),
        (
            ("Action", 'the action "ecs:RunTask" is removed: it does not assume a role'),
            ("Action", 'the action "sts:GetCallerIdentity" is removed: it does not assume a role'),
        ),
    ),
    "a bare ARN": (
        trusts(APP),
        trusts({"AWS": APP}),
        (("Principal", 'Principal is written {"AWS": ...}: only an object names principals'),),
    ),
    "a bare service": (
        trusts(ECS_TASKS),
        trusts({"Service": ECS_TASKS}),
        (("Principal", 'Principal is written {"Service": ...}: only an object names principals'),),
    ),
    "a bare provider": (
        trusts("cognito-identity.amazonaws.com", Action="sts:AssumeRoleWithWebIdentity"),
        trusts({"Federated": "cognito-identity.amazonaws.com"}, Action="sts:AssumeRoleWithWebIdentity"),
        (("Principal", 'Principal is written {"Federated": ...}: only an object names principals'),),
    ),
    "a list of bare ARNs": (
        trusts([APP, ROOT]),
        trusts({"AWS": [APP, ROOT]}),
        (("Principal", 'Principal is written {"AWS": ...}: only an object names principals'),),
    ),
    "kinds in small letters": (
        trusts({"aws": APP}),
        trusts({"AWS": APP}),
        (("Principal", 'the element "aws" is written "AWS"'),),
    ),
    "a service under AWS": (
        trusts({"AWS": ECS_TASKS}),
        trusts({"Service": ECS_TASKS}),
        (("Principal", f'{ECS_TASKS} is named as Service: under "AWS" IAM refuses it'),),
    ),
    "a service among ARNs": (
        trusts({"AWS": [APP, ECS_TASKS], "Service": "ec2.amazonaws.com"}),
        trusts({"AWS": [APP], "Service": ["ec2.amazonaws.com", ECS_TASKS]}),
        (("Principal", f'{ECS_TASKS} is named as Service: under "AWS" IAM refuses it'),),
    ),
    "a provider among ARNs": (
        trusts({"AWS": [APP, "accounts.google.com"]}),
        trusts({"AWS": [APP], "Federated": "accounts.google.com"}),
        (("Principal", 'accounts.google.com is named as Federated: under "AWS" IAM refuses it'),),
    ),
    "an ARN under Service": (
        trusts({"Service": APP}),
        trusts({"AWS": APP}),
        (("Principal", f'{APP} is named as AWS: under "Service" IAM refuses it'),),
    ),
    "everyone denied": (
        trusts("*", effect="Deny"),
        trusts({"AWS": "*"}, effect="Deny"),
        (("Principal", 'Principal is written {"AWS": "*"}: IAM refuses a bare "*" in a trust policy'),),
    ),
    "a Sid of other characters": (
        trusts(Sid="let in-ECS"),
        trusts(Sid="letinECS"),
        (("Sid", 'the Sid "let in-ECS" is written "letinECS": IAM takes letters and digits only'),),
    ),
    "a Sid of nothing else": (
        trusts(Sid="--"),
        trusts(),
        (("Sid", 'the Sid "--" is removed: none of its characters is a letter or digit'),),
    ),
    "an invisible sign": (
        trusts({"AWS": APP + "\u200b"}),
        trusts({"AWS": APP}),
        (("AWS", "the invisible character U+200B is removed"),),
    ),
    "an invisible sign in an action": (
        trusts(Action=["sts:\u200bAssumeRole"]),
        trusts(Action=["sts:AssumeRole"]),
        ((0, "the invisible character U+200B is removed"),),
    ),
}
_WHERE = {  # paths that lead deeper than one step into the statement
    "kinds in small letters": ("Principal", "aws"),
    "a service under AWS": ("Principal", "AWS"),
    "a service among ARNs": ("Principal", "AWS"),
    "a provider among ARNs": ("Principal", "AWS"),
    "an ARN under Service": ("Principal", "Service"),
    "an invisible sign": ("Principal", "AWS"),
    "an invisible sign in an action": ("Action", 0),
}


@pytest.mark.parametrize("name", MENDED)
def test_what_is_mended(name: str) -> None:
    written, right, told = MENDED[name]
    given = document(written)
    kept = deepcopy(given)
    repair = repair_trust_policy(given)
    assert repair.value == document(right)
    assert list(repair.value["Statement"][0]) == list(right) or set(right) == set(repair.value["Statement"][0])
    assert repair.changes == tuple(Change((*_STANDS, *_WHERE.get(name, (step,))), done) for step, done in told)
    assert given == kept
    assert not PolicyDocument.model_validate(repair.value).problems("trust")
    assert repair_trust_policy(repair.value) == (repair.value, ())


def test_each_change_has_its_path() -> None:
    repair = repair_trust_policy(document(trusts(), trusts(Resource="*", Action="AssumeRole")))
    assert [change.path for change in repair.changes] == [("Statement", 1, "Resource"), ("Statement", 1, "Action")]
    alone = repair_trust_policy({"Statement": trusts(Resource="*")})
    assert [change.path for change in alone.changes] == [("Statement", "Resource")]
    whole = repair_trust_policy({"version": "2012-10-17", "Statement": [trusts()]})
    assert whole.changes == (Change(("version",), 'the element "version" is written "Version"'),)


def test_sids_are_made_unique() -> None:
    sids = ["A", "A", "A3", "A", "A-", ""]
    repair = repair_trust_policy(document(*(trusts(Sid=sid) for sid in sids)))
    assert [statement["Sid"] for statement in repair.value["Statement"]] == ["A", "A2", "A3", "A4", "A5", ""]
    assert repair.changes == (
        Change(("Statement", 1, "Sid"), 'the Sid "A" is written "A2": a Sid stands once in a document'),
        Change(("Statement", 3, "Sid"), 'the Sid "A" is written "A4": a Sid stands once in a document'),
        Change(("Statement", 4, "Sid"), 'the Sid "A-" is written "A5": IAM takes letters and digits only'),
    )
    assert not PolicyDocument.model_validate(repair.value).problems("trust")


@pytest.mark.parametrize("version", ["2012-10-7", "2021-10-17", 2012, None])
def test_a_version_that_is_none_is_written(version: object) -> None:
    repair = repair_trust_policy({"Version": version, "Statement": [trusts()]})
    assert repair.value["Version"] == "2012-10-17"
    done = f'Version is "2012-10-17": "{version}" is no version of the policy language'
    assert repair.changes == (Change(("Version",), done),)


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
    "a kind without names": document(trusts({"AWS": ROOT, "Service": []})),
    "signs that can be seen": document(trusts(Condition={"StringEquals": {"sts:ExternalId": "\u00ff\u00ad"}})),
    "an empty Sid, twice": document(trusts(Sid=""), trusts(Sid="")),
    "a Deny": document(trusts(), trusts(effect="Deny", Condition={"Bool": {"aws:SecureTransport": False}})),
}


@pytest.mark.parametrize("value", ACCEPTED.values(), ids=ACCEPTED)
def test_what_iam_accepts_is_not_touched(value: dict[str, Any]) -> None:
    assert not PolicyDocument.model_validate(value).problems("trust")
    assert repair_trust_policy(value) == (value, ())


LEFT: dict[str, Any] = {
    "a sign that IAM does not have": document(trusts(Condition={"StringEquals": {"sts:ExternalId": "\u0100"}})),
    "everyone": document(trusts("*")),
    "all but": document(trusts(NotPrincipal={"AWS": APP}, effect="Deny")),
    "a wildcard in an ARN": document(trusts({"AWS": APP.replace("app", "*")})),
    "a name that is none": document(trusts({"AWS": "spinnaker"})),
    "no Statement": {"Version": "2012-10-17"},
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
