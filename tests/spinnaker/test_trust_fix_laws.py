"""What holds for every trust policy that is made right."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.iam import AccessRequest, EvalDecision, PolicyDocument, evaluate_document
from ecs_preflight.iam.admission import size_of_change
from ecs_preflight.iam.repair import repair_trust_policy
from ecs_preflight.spinnaker.trust_fix import fix_trust_policy
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS, read_trust_policy
from ecs_preflight.spinnaker.trust_shape import with_statements_in_a_list

ACCOUNT = "100000000001"
MANAGING = f"arn:aws:iam::{ACCOUNT}:role/spinnaker"
ALICE = f"arn:aws:iam::{ACCOUNT}:user/alice"
OTHER = f"arn:aws:iam::{ACCOUNT}:role/other"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/other/1"
STRANGER = "arn:aws:iam::200000000002:role/spinnaker"
ASKING = (MANAGING, ALICE, ECS_TASKS)
EVERYBODY = (*ASKING, OTHER, SESSION, STRANGER, "ecs.amazonaws.com", "300000000003")
CONTEXTS: tuple[dict[str, Any], ...] = (
    {},
    {"sts:ExternalId": None},
    {"sts:ExternalId": "x"},
    {"sts:ExternalId": None, "aws:SourceAccount": ACCOUNT},
)

names = st.sampled_from((MANAGING, ALICE, OTHER, SESSION, STRANGER, ACCOUNT, "AROAEXAMPLE123", "*"))
services = st.sampled_from((ECS_TASKS, "ecs.amazonaws.com"))


def one_or_many(items: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return items | st.lists(items, min_size=1, max_size=3)


statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(("Allow", "Allow", "Allow", "allow", "Deny")),
        "Principal": st.fixed_dictionaries({"AWS": one_or_many(names)}, optional={"Service": one_or_many(services)})
        | st.fixed_dictionaries({"Service": one_or_many(services)})
        | st.just(MANAGING),
        "Action": st.sampled_from(
            (
                "sts:AssumeRole",
                "AssumeRole",
                ["sts:AssumeRole"],
                ["sts:AssumeRole", "sts:TagSession"],
                ["sts:AssumeRole", "ecs:RunTask"],
                "sts:*",
                "sts:TagSession",
            )
        ),
    },
    optional={
        "Sid": st.sampled_from(("", "A", "A b", "B")),
        "Resource": st.just("*"),
        "Condition": st.sampled_from(
            (
                {"StringEquals": {"sts:ExternalId": "x"}},
                {"StringNotEqualsIfExists": {"sts:ExternalId": "x"}},
                {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
                {"StringEquals": {"aws:PrincipalType": "User"}},
            )
        ),
    },
)
documents = st.fixed_dictionaries(
    {"Statement": st.lists(statements, max_size=3) | statements},
    optional={"Version": st.sampled_from(("2012-10-17", "2012-10-7"))},
)


def asked(principal: str, context: dict[str, Any]) -> AccessRequest:
    return AccessRequest.model_validate(
        {"principal": principal, "action": "sts:AssumeRole", "context": context, "context_complete": False}
    )


def decided(document: Any, principal: str, context: dict[str, Any]) -> EvalDecision:
    return evaluate_document(document, asked(principal, context)).decision


@given(document=documents, principal=st.sampled_from(ASKING), context=st.sampled_from(CONTEXTS), own_statement=st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_comes_out_is_right_and_opens_nothing_else(
    document: dict[str, Any], principal: str, context: dict[str, Any], own_statement: bool
) -> None:
    request = asked(principal, context)
    found = fix_trust_policy(json.dumps(document), "trust.json", lambda _: request, own_statement=own_statement)
    if found.document is None:
        assert found.decisions or found.undecided
        assert not found.changes
        return
    fixed = PolicyDocument.parse(json.dumps(found.document))
    reading = read_trust_policy(found.document)
    assert not fixed.problems("trust")
    assert evaluate_document(fixed, request).allowed
    assert reading.throws is None
    assert principal != ECS_TASKS or ECS_TASKS in reading.services

    again = fix_trust_policy(json.dumps(found.document), "trust.json", lambda _: request, own_statement=own_statement)
    assert again.document == found.document
    assert not again.changes

    before = repair_trust_policy(document).value
    for anybody in set(EVERYBODY) - {principal}:
        for known in CONTEXTS:
            assert decided(found.document, anybody, known) is decided(before, anybody, known)
    for known in CONTEXTS:
        if decided(before, principal, known) is EvalDecision.EXPLICIT_DENY:
            assert decided(found.document, principal, known) is EvalDecision.EXPLICIT_DENY


@given(document=documents, principal=st.sampled_from((MANAGING, ALICE)), context=st.sampled_from(CONTEXTS))
@settings(max_examples=200, deadline=None)
def test_no_smaller_addition_would_do(document: dict[str, Any], principal: str, context: dict[str, Any]) -> None:
    request = asked(principal, context)
    found = fix_trust_policy(json.dumps(document), "trust.json", lambda _: request)
    if found.document is None:
        return
    before = with_statements_in_a_list(repair_trust_policy(document).value).value
    size = size_of_change(before, found.document)
    assert (size == 0) is evaluate_document(before, request).allowed
    assert size in (0, 1, 3)
    if size == 3:
        assert not any(_lets_in(before, number, principal, request) for number in range(len(before["Statement"])))


def _lets_in(document: dict[str, Any], number: int, principal: str, request: AccessRequest) -> bool:
    """Whether one name more in this statement lets the principal in, alone and with nothing but sts:AssumeRole."""
    draft = deepcopy(document)
    statement = draft["Statement"][number]
    named = statement["Principal"]
    if statement["Action"] not in ("sts:AssumeRole", ["sts:AssumeRole"]) or "Condition" in statement or "AWS" not in named:
        return False
    named["AWS"] = [principal]
    return evaluate_document(draft, request).allowed


@given(document=documents)
@settings(max_examples=200, deadline=None)
def test_without_a_principal_nobodys_access_changes(document: dict[str, Any]) -> None:
    found = fix_trust_policy(json.dumps(document), "trust.json")
    if found.document is None:
        assert found.decisions
        return
    assert not PolicyDocument.model_validate(found.document).problems("trust")
    assert size_of_change(repair_trust_policy(document).value, found.document) == 0
    assert not fix_trust_policy(json.dumps(found.document), "trust.json").changes
