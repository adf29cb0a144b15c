"""The sentences for the person who has to act on a decision, word for word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ecs_preflight.iam import Evaluation, evaluate_document, evaluate_identity, evaluate_request
from tests.iam.builders import (
    ALICE,
    APP,
    ECS_TASKS,
    OTHER,
    ROLE,
    ROOT,
    SESSION,
    STRANGER,
    TRUSTING,
    asks,
    document,
    grants,
    statement,
    trusts,
)

_Evaluate = Callable[[dict[str, Any], dict[str, Any]], Evaluation]
_ALL = document(grants())
_S3_ONLY = document(grants("s3:*"))
_QUEUE = f"arn:aws:sqs:us-east-1:{TRUSTING}:q"
_OIDC = f"arn:aws:iam::{TRUSTING}:oidc-provider/idp"
_ORPHAN = "AROADBQP57FF2AEXAMPLE"
_CANONICAL = "79a59df900b949e5"


def _trust(principal: Any) -> dict[str, Any]:
    return document(trusts(principal))


# how it is asked, the policies, the request, why it is not allowed
_MISSING: tuple[tuple[_Evaluate, dict[str, Any], dict[str, Any], str], ...] = (
    (evaluate_identity, {}, asks(), "its identity-based policies do not allow it"),
    (evaluate_identity, {"identity": _ALL, "boundary": _S3_ONLY}, asks(), "its permissions boundary does not allow it"),
    (evaluate_identity, {"identity": _ALL, "session": _S3_ONLY}, asks(SESSION), "its session policy does not allow it"),
    (
        evaluate_identity,
        {"identity": _ALL, "scp": [[_ALL], [_S3_ONLY]]},
        asks(),
        "the service control policies of level 2 do not allow it",
    ),
    (
        evaluate_request,
        {"resource": _trust({"AWS": ALICE}), "scp": [[_S3_ONLY]]},
        asks(),
        "the service control policies of level 1 do not allow it",
    ),
    (
        evaluate_request,
        {"resource": _trust({"AWS": ALICE}), "rcp": [[document(statement(Principal="*", Action="*", Resource="*"))], []]},
        asks(),
        "the resource control policies of level 2 do not allow it",
    ),
    (evaluate_request, {}, asks(), "the role's trust policy does not allow it"),
    (evaluate_request, {"resource": _trust({"AWS": OTHER})}, asks(ECS_TASKS), "the role's trust policy does not allow it"),
    (evaluate_request, {}, asks(ECS_TASKS, "sqs:SendMessage", _QUEUE), "the resource's policy does not allow it"),
    (
        evaluate_request,
        {"resource": _trust({"AWS": ROOT})},
        asks(),
        "the role's trust policy names the account only, and the caller's own policies do not allow it",
    ),
    (
        evaluate_request,
        {},
        asks(action="sqs:SendMessage", resource=_QUEUE),
        "neither its own policies nor the resource's policy allow it",
    ),
    (
        evaluate_request,
        {"identity": _ALL},
        asks(STRANGER),
        "the role's trust policy does not allow it, and it is another account's",
    ),
    (
        evaluate_request,
        {"resource": _trust({"AWS": OTHER})},
        asks(STRANGER),
        "its identity-based policies do not allow it, and the resource is another account's",
    ),
    (evaluate_request, {}, asks(_ORPHAN, "sqs:SendMessage", _QUEUE), "neither side allows it"),
    (evaluate_request, {"resource": _trust({"AWS": "*"})}, asks(ROOT), "AWS lets no account root assume a role"),
    (
        evaluate_request,
        {"resource": _trust({"AWS": "*"})},
        asks(f"arn:aws:sts::{TRUSTING}:federated-user/bob"),
        "AWS lets no federated user session assume a role",
    ),
    (
        evaluate_request,
        {"resource": _trust({"AWS": "*"})},
        asks({"type": "anonymous"}),
        "AWS lets no anonymous assume a role",
    ),
    (
        evaluate_request,
        {"resource": _trust({"AWS": "*"}), "identity": _ALL},
        asks(f"arn:aws-cn:iam::{TRUSTING}:user/alice"),
        "no access crosses from partition aws-cn to aws",
    ),
)


@pytest.mark.parametrize(("evaluate", "policies", "request_", "words"), _MISSING, ids=[row[3] for row in _MISSING])
def test_who_would_have_to_allow_is_named(
    evaluate: _Evaluate, policies: dict[str, Any], request_: dict[str, Any], words: str
) -> None:
    evaluation = evaluate(policies, request_)
    assert evaluation.decision.value == "implicitDeny"
    assert evaluation.explanation.endswith(f" on {request_['resource']}: {words}.")


# the policies, the request, what the pages leave open
_DOUBTS: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    (
        {"identity": _ALL},
        asks(_ORPHAN, "sqs:SendMessage", _QUEUE),
        "it is not known whether caller and resource are of one account",
    ),
    (
        {"resource": _trust({"AWS": "*"}), "boundary": _S3_ONLY},
        asks(),
        'AWS does not document whether a boundary limits what a user gets through "*"',
    ),
    (
        {"resource": _trust({"AWS": ALICE}), "boundary": _S3_ONLY},
        asks(),
        "AWS's pages disagree on whether a user named by ARN needs sts:AssumeRole in its boundary",
    ),
    (
        {"resource": _trust({"AWS": SESSION}), "session": _S3_ONLY},
        asks(SESSION),
        "AWS's pages disagree on whether a session policy limits what names the session's own ARN",
    ),
)


@pytest.mark.parametrize(("policies", "request_", "words"), _DOUBTS, ids=[row[2] for row in _DOUBTS])
def test_what_all_policies_leave_open_is_said(policies: dict[str, Any], request_: dict[str, Any], words: str) -> None:
    evaluation = evaluate_request(policies, request_)
    assert evaluation.decision.value == "undecidable"
    assert f" is undecidable: {words}" in evaluation.explanation


# a document that leaves it open, the request, why
_OPEN_DOCUMENTS: tuple[tuple[dict[str, Any], dict[str, Any], str], ...] = (
    (
        document(grants("*:AssumeRole")),
        asks(),
        'AWS does not document what the action "*:AssumeRole" matches: its service prefix is not spelled out',
    ),
    (
        document(grants("ecs:DescribeTasks")),
        asks(action="ecs:Describe*"),
        'only some of the actions of "ecs:describe*" are covered',
    ),
    (
        document(grants("s3:*", "arn:aws:s3:::bucket/a*")),
        asks(action="s3:GetObject", resource="arn:aws:s3:::bucket/*"),
        "arn:aws:s3:::bucket/a* covers only some of the resources of arn:aws:s3:::bucket/*",
    ),
    (
        document(grants("s3:*", "arn:aws:s3:::bucket")),
        asks(action="s3:GetObject", resource=None),
        "the request does not say which resource it is about",
    ),
    (
        document(grants("*", "arn:aws:iam::${aws:PrincipalAccount}:role/target")),
        asks(),
        "AWS documents variables only after the fifth colon of a resource, and "
        "arn:aws:iam::${aws:PrincipalAccount}:role/target has one before",
    ),
    (document(statement(Resource="*")), asks(), "a statement has neither Action nor NotAction, which IAM refuses"),
    (document(statement(Action="*")), asks(), "a statement has neither Principal nor Resource, which IAM refuses"),
    (
        document(trusts({"AWS": OTHER}), statement(Action="sts:AssumeRole", Resource="*")),
        asks(),
        "a statement of a resource-based policy has no Principal, which IAM refuses",
    ),
    (_trust({"AWS": ALICE}), asks(None), "the request does not say who its principal is"),
    (
        document(trusts(), trusts(NotPrincipal={"AWS": ROOT}, effect="Deny")),
        asks(),
        f"NotPrincipal names {ROOT}, and services differ in whether that excepts {ALICE}",
    ),
    (
        document(trusts(), trusts({"AWS": f"{APP}*"}, effect="Deny")),
        asks(),
        f'"{APP}*" is no principal that IAM accepts',
    ),
    (
        _trust({"AWS": "*"}),
        asks(ECS_TASKS),
        f'AWS\'s pages disagree on whether "*" covers the service principal {ECS_TASKS}',
    ),
    (
        _trust({"AWS": "*"}),
        asks(_OIDC),
        f'AWS\'s pages do not say whether "*" covers the federated provider {_OIDC}',
    ),
    *(
        (_trust({"AWS": "*"}), asks(name), f'AWS\'s pages do not say whether "*" covers the federated provider {name}')
        for name in ("cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com")
    ),
    (
        _trust({"AWS": "*"}),
        asks({"Federated": "idp.example.com"}),
        'AWS\'s pages do not say whether "*" covers the federated provider idp.example.com',
    ),
    (_trust({"AWS": ROOT}), asks(_ORPHAN), f"the unique id {_ORPHAN} does not say which account it belongs to"),
    (
        _trust({"CanonicalUser": _CANONICAL}),
        asks(),
        "a canonical user id does not say which account it stands for",
    ),
    (
        document(trusts(), trusts({"AWS": SESSION}, effect="Deny")),
        asks(APP),
        f"{SESSION} is one session of {APP}, and the request does not say which session asks",
    ),
    (
        _trust({"AWS": f"arn:aws:iam::{TRUSTING}:role/App"}),
        asks(APP),
        f"arn:aws:iam::{TRUSTING}:role/App differs from the caller only in the case of its letters, "
        "and AWS's pages disagree on that",
    ),
    (
        _trust({"AWS": f"arn:aws:iam::{TRUSTING}:role/App"}),
        asks(SESSION),
        f"arn:aws:iam::{TRUSTING}:role/App differs from the caller only in the case of its letters, "
        "and AWS's pages disagree on that",
    ),
    (
        document(grants("*:AssumeRole", Condition={"Bool": {"k:a": "${k:b}"}})),
        asks(context={"k:a": "true"}),
        'AWS does not document what the action "*:AssumeRole" matches: its service prefix is not spelled out; '
        "AWS's pages disagree on policy variables with Bool",
    ),
    (
        document(trusts(Condition={"StringNotEquals": {"k:a": "1"}})),
        asks(context={"k:a": ["1", "2"]}),
        "k:a has several values and StringNotEquals no ForAllValues or ForAnyValue",
    ),
    (
        document(trusts(Condition={"NumericNotEquals": {"k:a": "ten"}})),
        asks(context={"k:a": "10"}),
        "what NumericNotEquals makes of a malformed value is not documented",
    ),
    (
        document(trusts(Condition={"ForAnyValue:StringEqualsIfExists": {"k:a": "1"}})),
        asks(),
        "AWS's pages disagree on ForAnyValue:StringEqualsIfExists where k:a is absent",
    ),
    (
        document(trusts(Condition={"DateEquals": {"k:a": "2016-06-30T19:42:23Z"}})),
        asks(context={"k:a": "1467315743000"}),
        'AWS documents epoch seconds; "1467315743000" looks like milliseconds',
    ),
    (
        document(trusts(Condition={"Bool": {"k:a": "${k:b}"}})),
        asks(context={"k:a": "true"}),
        "AWS's pages disagree on policy variables with Bool",
    ),
    (
        document(trusts(Condition={"BinaryEquals": {"k:a": "QmluYXJ5"}})),
        asks(context={"k:a": "Binary"}),
        "AWS does not say whether a request's binary value is given raw or in base64",
    ),
    (
        document(trusts(Condition={"StringEquals": {"k:a": "${k:b}"}})),
        asks(context={"k:a": "1", "k:b": ["1", "2"]}),
        "${k:b} stands for a key with several values, and AWS allows single-valued keys only",
    ),
)


@pytest.mark.parametrize(("written", "request_", "words"), _OPEN_DOCUMENTS, ids=[row[2][:60] for row in _OPEN_DOCUMENTS])
def test_what_a_document_leaves_open_is_said(written: dict[str, Any], request_: dict[str, Any], words: str) -> None:
    evaluation = evaluate_document(written, request_)
    assert evaluation.decision.value == "undecidable", evaluation.explanation
    assert f" is undecidable: {words} (statement number " in evaluation.explanation


def test_an_identity_policy_that_names_principals_is_doubted() -> None:
    policies = {"identity": document(statement(Principal="*", Action="*", Resource="*"))}
    evaluation = evaluate_identity(policies, asks())
    assert evaluation.explanation == (
        f"Whether {ALICE} may call sts:AssumeRole on {ROLE} is undecidable: "
        "a statement names principals in a policy that IAM refuses with them (statement number 1 of identity[0])."
    )


@pytest.mark.parametrize(
    ("principal", "words"),
    [
        ({"type": "anonymous"}, "the anonymous caller may call "),
        ("*", "the anonymous caller may call "),
        (None, "the not stated caller may call "),
        (TRUSTING, f"{ROOT} may call "),
        ({"Service": "ecs"}, "ecs may call "),
    ],
)
def test_a_caller_without_a_name_is_described(principal: Any, words: str) -> None:
    assert evaluate_document(_ALL, asks(principal)).explanation.startswith(words)


def test_a_principal_of_an_unknown_shape_is_refused_with_what_may_stand_there() -> None:
    with pytest.raises(ValueError) as caught:
        evaluate_document(_ALL, asks({"type": "unknown"}))
    assert (
        'a principal is an ARN, an account id, a service name, {"type": "anonymous"}, or an object with one of '
        "AWS, Service, Federated; found {'type': 'unknown'}"
    ) in str(caught.value)
