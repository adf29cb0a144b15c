"""A trust policy made right by the smallest change, or left with what has to be decided on."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam import AccessRequest
from ecs_preflight.spinnaker.trust_fix import Ask, TrustFix, fix_trust_policy

MANAGING = "arn:aws:iam::100000000001:role/spinnaker"
OTHER = "arn:aws:iam::100000000001:role/other"
TASKS = "ecs-tasks.amazonaws.com"
HIDDEN = {"StringEquals": {"sts:ExternalId": "s3cret"}}
OWN = {"Effect": "Allow", "Principal": {"AWS": MANAGING}, "Action": "sts:AssumeRole"}


def asking(principal: Any = MANAGING, **context: Any) -> Ask:
    request = AccessRequest.model_validate(
        {"principal": principal, "action": "sts:AssumeRole", "context": context, "context_complete": False}
    )
    return lambda _document: request


def statement(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": MANAGING}, "Action": "sts:AssumeRole", **elements}


def fix(*statements: Any, ask: Ask | None = None, own_statement: bool = False) -> TrustFix:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=1)
    return fix_trust_policy(text, "trust.json", ask, own_statement=own_statement)


def statements_of(found: TrustFix) -> list[dict[str, Any]]:
    assert found.document is not None
    listed: list[dict[str, Any]] = found.document["Statement"]
    return listed


def test_nothing_is_changed_where_all_is_well() -> None:
    for found in (fix(statement()), fix(statement(), ask=asking())):
        assert statements_of(found) == [statement()]
        assert (found.changes, found.decisions, found.undecided) == ((), (), None)


def test_a_principal_joins_or_gets_a_statement() -> None:
    joined = fix(statement(Principal={"AWS": OTHER}), ask=asking())
    assert statements_of(joined) == [statement(Principal={"AWS": [OTHER, MANAGING]})]
    apart = fix(statement(Principal={"Service": TASKS}), ask=asking())
    assert statements_of(apart) == [statement(Principal={"Service": TASKS}), OWN]
    assert [change.line for change in apart.changes] == [3]


@pytest.mark.parametrize("value", [{}, {"Version": "2012-10-17"}, {"Version": "2012-10-17", "Statement": []}])
def test_a_document_without_statements_gets_one(value: dict[str, Any]) -> None:
    found = fix_trust_policy(json.dumps(value), "trust.json", asking())
    assert found.document == {**value, "Statement": [OWN]}
    assert fix_trust_policy(json.dumps(value), "trust.json").document is None


def test_what_is_to_be_mended_is_told_in_order_with_its_line() -> None:
    text = f'{{"Version": "2012-10-17",\n "Statement": {{\n "effect": "Allow",\n "Principal": {{"AWS": "{OTHER}"}},\n'
    text += '"Action": "AssumeRole",\n "Resource": "*"\n}'
    found = fix_trust_policy(text, "trust.json", asking())
    assert statements_of(found) == [statement(Principal={"AWS": [OTHER, MANAGING]})]
    assert [change.line for change in found.changes] == [7, 3, 6, 5, 2, 4]
    assert "is written where one was missing" in found.changes[0].sentence


def test_services_are_shown_to_the_reader_too() -> None:
    listed = statement(Principal={"Service": TASKS}, Action=["sts:AssumeRole"])
    assert statements_of(fix(listed, ask=asking(TASKS))) == [statement(Principal={"Service": TASKS})]
    extended = fix(statement(Principal={"Service": "ec2.amazonaws.com"}, Action=["sts:AssumeRole"]), ask=asking(TASKS))
    assert statements_of(extended) == [statement(Principal={"Service": ["ec2.amazonaws.com", TASKS]})]


DECISIONS: dict[str, tuple[dict[str, Any], Ask | None, str]] = {
    "everyone": (statement(Principal="*"), asking(), "open to everyone, and that is no fix"),
    "all but": (statement(Effect="Deny", NotPrincipal={"AWS": MANAGING}), None, "both Principal and NotPrincipal"),
    "a wildcard in an ARN": (statement(Principal={"AWS": MANAGING + "*"}), None, "Invalid principal in policy"),
    "another service's action": (statement(Action="ecs:RunTask"), asking(), "does not assume a role"),
    "an element that is none": (statement(Comment="x"), asking(), 'no element "Comment"'),
    "a Deny": (statement(Effect="Deny", Sid="No"), asking(), 'statement "No" denies arn:aws:iam::100000000001:role/spinnaker'),
    "a condition not met": (
        statement(Condition={"StringEquals": {"aws:PrincipalType": "User"}}),
        asking(),
        "if StringEquals of aws:PrincipalType were met",
    ),
    "a condition on what is absent": (
        statement(Condition=HIDDEN),
        asking(**{"sts:ExternalId": None}),
        "if StringEquals of sts:ExternalId were met",
    ),
    "a session": (statement(), asking("arn:aws:sts::100000000001:assumed-role/x/y"), "give the ARN of the role, path included"),
    "a unique id": (statement(), asking("AROAEXAMPLE123"), "a unique id names what was deleted"),
    "everybody": (statement(), asking("*"), "opening a role to everyone is no fix"),
    "a provider": (statement(), asking("cognito-identity.amazonaws.com"), "does not call sts:AssumeRole"),
    "no principal": (statement(), asking("spinnaker"), "this is no principal"),
    "a principal with a wildcard": (statement(), asking(MANAGING + "/*"), "Invalid principal in policy"),
}


@pytest.mark.parametrize(("written", "ask", "told"), DECISIONS.values(), ids=DECISIONS)
def test_what_takes_a_decision(written: dict[str, Any], ask: Ask | None, told: str) -> None:
    found = fix(written, ask=ask)
    assert found.document is None
    assert found.changes == ()
    assert found.undecided is None
    assert told in " ".join(decision.sentence for decision in found.decisions)
    assert "s3cret" not in str(found)


def test_not_principal_is_told_how_to_be_replaced() -> None:
    without = {"Effect": "Deny", "NotPrincipal": {"AWS": MANAGING}, "Action": "sts:AssumeRole"}
    (only,) = fix(without).decisions
    assert "ArnNotEquals of aws:PrincipalArn" in only.sentence
    assert only.line == 6


def test_a_document_too_long_for_another_statement() -> None:
    filler = [statement(Principal={"Service": f"service{number}.amazonaws.com"}) for number in range(21)]
    found = fix(*filler, ask=asking())
    assert found.document is None
    assert "Cannot exceed quota for ACLSizePerRole: 2048" in found.decisions[0].sentence


UNDECIDED = {
    "an open condition": (statement(Condition=HIDDEN),),
    "an open Deny": (statement(), statement(Effect="Deny", Condition=HIDDEN)),
    "an open Deny and no Allow": (statement(Effect="Deny", Condition=HIDDEN),),
}


@pytest.mark.parametrize("written", UNDECIDED.values(), ids=UNDECIDED)
def test_what_depends_on_what_is_not_known(written: tuple[dict[str, Any], ...]) -> None:
    found = fix(*written, ask=asking())
    assert found.document is None
    assert found.undecided
    assert "s3cret" not in found.undecided


def test_a_statement_of_its_own_where_it_is_asked_for() -> None:
    for context in ({}, {"sts:ExternalId": None}):
        found = fix(statement(Condition=HIDDEN), ask=asking(**context), own_statement=True)
        assert statements_of(found) == [statement(Condition=HIDDEN), OWN]
        assert "s3cret" not in str(found.changes)
    assert fix(statement(Effect="Deny", Condition=HIDDEN), ask=asking(), own_statement=True).document is None


def test_everyone_in_doubt_is_settled_by_a_name() -> None:
    """AWS's pages disagree on whether "*" covers services: naming the service settles it."""
    found = fix(statement(Principal={"AWS": "*"}), ask=asking(TASKS))
    assert statements_of(found)[-1] == statement(Principal={"Service": TASKS})


@pytest.mark.parametrize("text", ["", "{", "no policy", '{"Statement": ["}', "[]", '"x"', "null", "3"])
def test_what_cannot_be_read(text: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        fix_trust_policy(text, "trust.json", asking())
    assert "trust.json" in str(caught.value)


def test_an_orphaned_id_is_decided_on_where_the_policy_must_be_written() -> None:
    """IAM shows it as long as nobody writes the policy, and refuses it then: "Invalid principal in policy"."""
    orphan = statement(Principal={"AWS": "AROAEXAMPLE123"})
    fixed = fix(orphan, ask=asking())
    assert fixed.document is None
    (decision,) = fixed.decisions
    assert "IAM refuses to write AROAEXAMPLE123" in decision.sentence
    as_it_is = fix(orphan)
    assert (as_it_is.changes, as_it_is.decisions) == ((), ())
