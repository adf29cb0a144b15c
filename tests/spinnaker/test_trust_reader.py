"""clouddriver's IamPolicyReader, shape by shape; read by the role picker and by deployments."""

from __future__ import annotations

import json
import pickle
from typing import Any
from urllib.parse import quote

import pytest

from ecs_preflight.spinnaker.trust_reader import ECS_TASKS, read_trust_policy, trusted_services_as_clouddriver_reads_them


def policy(*statements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def statement(**changed: Any) -> dict[str, Any]:
    whole = {"Effect": "Allow", "Principal": {"Service": ECS_TASKS}, "Action": "sts:AssumeRole", **changed}
    return {key: value for key, value in whole.items() if value is not ...}


READ = [
    ("a service as a string", policy(statement()), {ECS_TASKS}),
    (
        "a list of services",
        policy(statement(Principal={"Service": ["ecs.amazonaws.com", ECS_TASKS]})),
        {"ecs.amazonaws.com", ECS_TASKS},
    ),
    (
        "two statements",
        policy(statement(), statement(Principal={"Service": "ec2.amazonaws.com"})),
        {ECS_TASKS, "ec2.amazonaws.com"},
    ),
    ("an account is no service", policy(statement(Principal={"AWS": "arn:aws:iam::1:root"})), set()),
    ("an account beside a service", policy(statement(Principal={"AWS": "*", "Service": ECS_TASKS})), {ECS_TASKS}),
    ("type in another case", policy(statement(Principal={"service": ECS_TASKS})), set()),
    ("Action as a list is ignored", policy(statement(Action=["sts:AssumeRole"])), set()),
    ("several actions are ignored", policy(statement(Action=["sts:AssumeRole", "sts:TagSession"])), set()),
    ("sts:* is ignored", policy(statement(Action="sts:*")), set()),
    ("* is ignored", policy(statement(Action="*")), set()),
    ("another case is ignored", policy(statement(Action="sts:assumerole")), set()),
    ("NotAction is ignored", policy(statement(Action=..., NotAction="sts:TagSession")), set()),
    ("Deny counts as trust", policy(statement(Effect="Deny")), {ECS_TASKS}),
    ("no Effect at all", policy(statement(Effect=...)), {ECS_TASKS}),
    ("a Condition is not read", policy(statement(Condition={"StringEquals": {"aws:SourceAccount": "1"}})), {ECS_TASKS}),
    ("web identity is passed over", policy(statement(Action="sts:AssumeRoleWithWebIdentity", Principal=...)), set()),
    ("no statements", policy(), set()),
    ("an empty principal", policy(statement(Principal={})), set()),
    ("an empty list of services", policy(statement(Principal={"Service": []})), set()),
]


@pytest.mark.parametrize(("document", "services"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_the_services_are_those_that_clouddriver_finds(document: dict[str, Any], services: set[str]) -> None:
    read = trusted_services_as_clouddriver_reads_them(document)
    assert read == services
    assert read.throws is None
    assert trusted_services_as_clouddriver_reads_them(json.dumps(document)) == services
    assert trusted_services_as_clouddriver_reads_them(quote(json.dumps(document))) == services


NPE, CCE = "NullPointerException: ", "ClassCastException: "
NO_OBJECT = "not an object"
THROWN = [
    ({"Statement": statement()}, CCE + "Statement is a single object, not a list"),
    ({"Statement": "x"}, CCE + "Statement is a string, not a list"),
    ({"Version": "2012-10-17"}, NPE + "the document has no Statement"),
    ({"Statement": None}, NPE + "the document has no Statement"),
    (policy(None), NPE + "statement 1 is null"),
    (policy(statement(), 7), CCE + f"statement 2 is a number or a boolean, {NO_OBJECT}"),
    (policy([]), CCE + f"statement 1 is a list, {NO_OBJECT}"),
    (policy(statement(Principal="*")), CCE + f"the Principal of statement 1 is a string, {NO_OBJECT}"),
    (policy(statement(Principal=["*"])), CCE + f"the Principal of statement 1 is a list, {NO_OBJECT}"),
    (
        policy(statement(Principal=..., NotPrincipal={"AWS": "*"})),
        NPE + "statement 1 names sts:AssumeRole and has no Principal",
    ),
    (policy(statement(Principal={"Service": None})), NPE + "the Service principal of statement 1 is null"),
    (policy(statement(Principal={"Service": [ECS_TASKS, None]})), NPE + "the Service principal of statement 1 is null"),
]


@pytest.mark.parametrize(("document", "throws"), THROWN)
def test_some_shapes_make_the_reader_throw(document: dict[str, Any], throws: str) -> None:
    read = trusted_services_as_clouddriver_reads_them(document)
    assert read.throws == throws
    assert read == frozenset()


@pytest.mark.parametrize("text", ["{not json", "[]", '"text"', "7"])
def test_what_is_no_json_object_is_only_logged(text: str) -> None:
    reading = read_trust_policy(text)
    assert reading.logged is not None
    assert reading.throws is None
    assert reading.services == frozenset()


def test_json_null_is_thrown_upon() -> None:
    assert read_trust_policy("null").throws == "NullPointerException: the document is null"


def test_entities_keep_their_type() -> None:
    reading = read_trust_policy(policy(statement(Principal={"AWS": ["1", "2"], "Service": ECS_TASKS, "Federated": True})))
    assert reading.entities == {("AWS", "1"), ("AWS", "2"), ("Service", ECS_TASKS), ("Federated", "true")}


def test_the_result_survives_a_pickle() -> None:
    read = trusted_services_as_clouddriver_reads_them({"Statement": {}})
    copy = pickle.loads(pickle.dumps(read))
    assert (copy, copy.throws) == (read, read.throws)
