"""What an evaluation carries besides its decision."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from pydantic import ValidationError

import ecs_preflight.iam as iam
from ecs_preflight.iam import (
    AccessRequest,
    EvalDecision,
    PolicyDocument,
    PolicySet,
    evaluate_document,
    evaluate_identity,
    evaluate_request,
)
from ecs_preflight.iam.decision import MatchedStatement
from ecs_preflight.iam.statement import Effect
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
    trusts,
)

_ALL = document(grants(Sid="All"))


def test_the_public_names_are_sorted_and_there() -> None:
    assert iam.__all__ == sorted(iam.__all__)
    assert {
        "PolicyDocument", "AccessRequest", "PolicySet", "EvalDecision", "Evaluation", "evaluate_document", "evaluate_request",
    } <= set(iam.__all__)  # fmt: skip
    assert all(hasattr(iam, name) for name in iam.__all__)


def test_decisions_are_spelled_as_aws_spells_them() -> None:
    assert [decision.value for decision in EvalDecision] == ["allowed", "explicitDeny", "implicitDeny", "undecidable"]
    assert EvalDecision.EXPLICIT_DENY == "explicitDeny"


def test_an_allow_names_the_statements_that_allow() -> None:
    evaluation = evaluate_document(document(trusts({"AWS": OTHER}), trusts(Sid="Ours"), trusts({"AWS": ALICE})), asks())
    assert evaluation.allowed
    assert evaluation.matched_statements == (
        MatchedStatement("document", 1, "Ours", Effect.ALLOW),
        MatchedStatement("document", 2, None, Effect.ALLOW),
    )
    assert evaluation.unknown_context_keys == ()
    assert evaluation.explanation == (
        f'{ALICE} may call sts:AssumeRole on {ROLE}: allowed by statement "Ours" of document and statement number 3 of document.'
    )


def test_a_deny_names_the_statements_that_deny() -> None:
    evaluation = evaluate_document(document(trusts(), trusts(effect="Deny", Sid="No")), asks())
    assert evaluation.matched_statements == (MatchedStatement("document", 1, "No", Effect.DENY),)
    assert evaluation.unknown_context_keys == ()
    assert evaluation.explanation == f'{ALICE} may not call sts:AssumeRole on {ROLE}: denied by statement "No" of document.'


def test_braces_in_a_name_are_text() -> None:
    evaluation = evaluate_document(_ALL, asks("{a}", "s3:{b}", "arn:aws:s3:::{c}/{}"))
    assert evaluation.explanation == '{a} may call s3:{b} on arn:aws:s3:::{c}/{}: allowed by statement "All" of document.'


def test_the_root_user_is_allowed_by_no_statement() -> None:
    evaluation = evaluate_request({}, asks(ROOT, "s3:GetObject", "arn:aws:s3:::bucket"))
    assert evaluation.matched_statements == ()
    assert evaluation.explanation.endswith("on arn:aws:s3:::bucket: it needs no policy for that.")


def test_who_is_of_which_account_may_be_open_without_any_statement() -> None:
    policies = {"resource": document(trusts(NotPrincipal={"AWS": OTHER}))}
    evaluation = evaluate_request({**policies, "identity": []}, asks("AROAEXAMPLE123"))
    assert evaluation.decision is EvalDecision.UNDECIDABLE
    root = evaluate_request({}, asks(None, "s3:GetObject", f"arn:aws:sqs:us-east-1:{TRUSTING}:q"))
    assert root.decision is EvalDecision.IMPLICIT_DENY


def test_an_implicit_deny_names_no_statement() -> None:
    evaluation = evaluate_document(document(trusts({"AWS": OTHER})), asks(resource=None))
    assert evaluation.matched_statements == ()
    assert evaluation.explanation == (
        f"{ALICE} may not call sts:AssumeRole: no statement of the document allows it (statement number 1 names {OTHER})."
    )


def test_a_certain_no_of_unknown_kind_is_no_undecidable_access() -> None:
    open_deny = trusts(effect="Deny", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc"}})
    evaluation = evaluate_document(document(open_deny), asks(context_complete=False))
    assert evaluation.decision is EvalDecision.IMPLICIT_DENY
    assert evaluation.unknown_context_keys == ()
    assert evaluation.explanation.endswith(
        "no statement of the document allows it (it has no statement that allows anything), and a deny may apply besides."
    )


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        ([trusts({"Service": "ecs.amazonaws.com"})], "(statement number 1 names ecs.amazonaws.com)"),
        ([trusts({"AWS": list("abcde")}, Sid="Few")], '(statement "Few" names a, b, c, d and 1 more)'),
        ([trusts({"AWS": list("abcd")}, Sid="All")], '(statement "All" names a, b, c, d)'),
        ([trusts({"AWS": []})], "(statement number 1 names nobody)"),
        ([trusts(NotPrincipal={"Service": ECS_TASKS})], f"(statement number 1 excepts {ECS_TASKS})"),
        ([trusts({"Service": ECS_TASKS}, Action="sts:TagSession")], "(statement number 1 is about other actions)"),
        ([trusts({"Service": ECS_TASKS}, Resource=f"{ROLE}2")], "(statement number 1 is about other resources)"),
        (
            [trusts({"Service": ECS_TASKS}, Condition={"StringEquals": {"aws:SourceAccount": OTHER}})],
            "(statement number 1 requires StringEquals of aws:SourceAccount, which the request does not satisfy)",
        ),
        (
            [trusts({"Service": ECS_TASKS}, Condition={"Null": {"aws:SourceAccount": "false"}, "Bool": {"a:b": "true"}})],
            "(statement number 1 requires Bool of a:b, which the request does not have)",
        ),
        (
            [trusts({"AWS": name}) for name in "abc"],
            "(statement number 1 names a; statement number 2 names b; statement number 3 names c)",
        ),
        (
            [trusts({"AWS": name}) for name in "abcde"],
            "(statement number 1 names a; statement number 2 names b; statement number 3 names c; 2 more do not apply either)",
        ),
        ([], "no statement of the document allows it."),
    ],
)
def test_a_document_that_does_not_allow_says_why_not(statements: list[dict[str, Any]], words: str) -> None:
    evaluation = evaluate_document(document(*statements), asks(ECS_TASKS, context={"aws:SourceAccount": TRUSTING}))
    assert evaluation.decision is EvalDecision.IMPLICIT_DENY
    assert words in evaluation.explanation


def test_an_open_verdict_says_what_it_depends_on() -> None:
    condition = {"StringEquals": {"sts:ExternalId": "1"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
    evaluation = evaluate_document(document(trusts(Condition=condition, Sid="Guarded")), asks(context_complete=False))
    assert evaluation.unknown_context_keys == ("aws:SourceIp", "sts:ExternalId")
    assert evaluation.matched_statements == (MatchedStatement("document", 0, "Guarded", Effect.ALLOW),)
    assert evaluation.explanation == (
        f"Whether {ALICE} may call sts:AssumeRole on {ROLE} is undecidable: it depends on aws:SourceIp, sts:ExternalId "
        '(statement "Guarded" of document).'
    )


def test_an_open_verdict_names_no_statement_that_does_not_apply() -> None:
    condition = {"StringEquals": {"sts:ExternalId": "1"}}
    policy = document(trusts({"AWS": OTHER}, Sid="Others"), trusts(Condition=condition, Sid="Guarded"))
    evaluation = evaluate_document(policy, asks(context_complete=False))
    assert evaluation.matched_statements == (MatchedStatement("document", 1, "Guarded", Effect.ALLOW),)


def test_an_open_verdict_may_depend_on_what_is_no_key() -> None:
    evaluation = evaluate_document(document(trusts({"AWS": "*"})), asks(ECS_TASKS))
    assert evaluation.decision is EvalDecision.UNDECIDABLE
    assert evaluation.unknown_context_keys == ()
    assert f'AWS\'s pages disagree on whether "*" covers the service principal {ECS_TASKS}' in evaluation.explanation


def test_statements_of_several_policies_are_told_apart() -> None:
    policies = {
        "resource": document(trusts()),
        "identity": [document(), _ALL],
        "boundary": [_ALL],
        "scp": [[_ALL], [document(), _ALL]],
    }
    evaluation = evaluate_request(policies, asks())
    assert [matched.document for matched in evaluation.matched_statements] == [
        "identity[1]", "resource", "boundary[0]", "scp[0][0]", "scp[1][1]",
    ]  # fmt: skip


def test_statements_that_deny_are_told_apart_likewise() -> None:
    denies = document(trusts("*", effect="Deny"), grants(effect="Deny"))
    policies = {"session": [document(), document(grants(effect="Deny"))], "rcp": [[], [document(), denies]]}
    evaluation = evaluate_request(policies, asks(SESSION))
    assert [matched.document for matched in evaluation.matched_statements] == ["session[1]", "rcp[1][1]"]


@pytest.mark.parametrize(
    ("policies", "request_", "words"),
    [
        ({}, asks(), "the role's trust policy does not allow it"),
        ({"resource": document(trusts())}, asks(), "the role's trust policy names the account only"),
        ({}, asks(action="s3:GetObject"), "neither its own policies nor the resource's policy allow it"),
        ({"identity": [_ALL]}, asks(STRANGER), "the role's trust policy does not allow it, and it is another account's"),
        ({"resource": document(trusts({"AWS": OTHER}))}, asks(STRANGER), "its identity-based policies do not allow it"),
        ({"resource": document(trusts({"AWS": "*"}))}, asks(ROOT), "AWS lets no account root assume a role"),
        ({"scp": [[_ALL], []]}, asks(action="s3:GetObject"), "the service control policies of level 2 do not allow it"),
        ({"resource": document(trusts({"AWS": OTHER}))}, asks(ECS_TASKS), "the role's trust policy does not allow it"),
    ],
)
def test_an_implicit_deny_says_who_would_have_to_allow(policies: dict[str, Any], request_: dict[str, Any], words: str) -> None:
    evaluation = evaluate_request(policies, request_)
    assert evaluation.decision is EvalDecision.IMPLICIT_DENY
    assert words in evaluation.explanation


@pytest.mark.parametrize(
    ("policies", "principal", "expected"),
    [
        ({"identity": [_ALL]}, ALICE, EvalDecision.ALLOWED),
        ({"identity": [_ALL]}, STRANGER, EvalDecision.ALLOWED),
        ({}, ALICE, EvalDecision.IMPLICIT_DENY),
        ({"identity": [_ALL], "boundary": [document(grants("s3:*"))]}, ALICE, EvalDecision.IMPLICIT_DENY),
        ({"identity": [_ALL], "session": document(grants("s3:*"))}, SESSION, EvalDecision.IMPLICIT_DENY),
        ({"identity": [_ALL], "scp": [[document(grants("s3:*"))]]}, APP, EvalDecision.IMPLICIT_DENY),
        ({"identity": [_ALL], "scp": [[document(grants(effect="Deny"))]]}, APP, EvalDecision.EXPLICIT_DENY),
        ({"identity": [_ALL], "resource": document(trusts(effect="Deny"))}, ALICE, EvalDecision.ALLOWED),
        ({"identity": [_ALL], "rcp": [[document(trusts("*", effect="Deny"))]]}, ALICE, EvalDecision.ALLOWED),
        ({"resource": document(trusts({"AWS": ALICE}))}, ALICE, EvalDecision.IMPLICIT_DENY),
    ],
)
def test_the_callers_side_can_be_asked_alone(policies: dict[str, Any], principal: str, expected: EvalDecision) -> None:
    assert evaluate_identity(policies, asks(principal)).decision is expected


def test_models_and_dicts_are_taken_alike() -> None:
    policy, policies, request = (
        PolicyDocument.model_validate(_ALL),
        PolicySet(identity=[_ALL]),
        AccessRequest(**asks(action="a:b")),
    )
    assert evaluate_document(policy, request) == evaluate_document(_ALL, asks(action="a:b"))
    assert evaluate_request(policies, request) == evaluate_request({"identity": [policy]}, request)


def test_a_document_is_compiled_once() -> None:
    policy = PolicyDocument.model_validate(_ALL)
    evaluate_document(policy, asks())
    assert policy.compiled is policy.compiled


@pytest.mark.parametrize("deep", [False, True])
def test_a_changed_copy_is_compiled_afresh(deep: bool) -> None:
    policy, request = PolicyDocument.model_validate(document(trusts())), AccessRequest(**asks())
    assert evaluate_document(policy, request).allowed
    nobody = PolicyDocument.model_validate(document()).statements
    assert not evaluate_document(policy.model_copy(update={"statements": nobody}, deep=deep), request).allowed
    assert not evaluate_document(policy, request.model_copy(update={"action": "s3:GetObject"}, deep=deep)).allowed
    assert evaluate_document(copy.deepcopy(policy), copy.deepcopy(request)).allowed


@pytest.mark.parametrize(
    "wrong",
    [
        {"principal": ALICE},
        {"action": "a:b", "principal": {"type": "unknown"}},
        {"action": "a:b", "principal": {"Service": "a", "AWS": "b"}},
        {"action": "a:b", "context": ["k"]},
        {"action": "a:b", "context": {"k": {}}},
        {"action": "a:b", "contexts": {}},
    ],
)
def test_a_request_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        AccessRequest.model_validate(wrong)


@pytest.mark.parametrize(
    ("context", "action", "companions"),
    [
        ({}, "sts:AssumeRole", []),
        ({"aws:RequestTag/team": "x"}, "sts:AssumeRole", ["sts:TagSession"]),
        ({"aws:TagKeys": ["team"], "sts:SourceIdentity": "me"}, "sts:AssumeRole", ["sts:TagSession", "sts:SetSourceIdentity"]),
        ({"sts:TransitiveTagKeys": ["team"]}, "sts:AssumeRoleWithSAML", ["sts:TagSession"]),
        ({"aws:TagKeys": []}, "sts:AssumeRole", []),
        ({"aws:TagKeys": ["team"]}, "ecs:CreateService", []),
    ],
)
def test_one_call_may_need_several_authorisations(context: dict[str, Any], action: str, companions: list[str]) -> None:
    request = AccessRequest(principal=ALICE, action=action, resource=ROLE, context=context)
    assert [companion.action for companion in request.companions] == companions
    assert all(companion.question.action == companion.action.lower() for companion in request.companions)


def test_a_trust_policy_for_the_role_alone_does_not_let_tags_through() -> None:
    request = AccessRequest(principal=ALICE, action="sts:AssumeRole", resource=ROLE, context={"aws:TagKeys": ["team"]})
    policies = {"resource": document(trusts({"AWS": ALICE}))}
    assert evaluate_request(policies, request).allowed
    assert [evaluate_request(policies, companion).decision for companion in request.companions] == [EvalDecision.IMPLICIT_DENY]


def test_an_account_is_a_caller_by_its_id() -> None:
    assert evaluate_document(document(trusts()), asks(TRUSTING)).allowed
    assert evaluate_document(document(trusts({"AWS": "*"})), asks("*")).allowed
    assert not evaluate_document(document(trusts()), asks("a user")).allowed
    assert evaluate_document(document(trusts()), asks({"AWS": ALICE})).allowed
    assert evaluate_document(document(trusts()), asks(f"arn:aws:sts::{TRUSTING}:assumed-role")).allowed


@pytest.mark.parametrize(
    "deny",
    [
        grants([], effect="Deny"),
        grants("*", [], effect="Deny"),
        {"Effect": "Deny", "NotAction": [], "Resource": "*"},
        {"Effect": "Deny", "Action": "*", "NotResource": []},
    ],
)
def test_a_deny_with_an_element_without_values_is_no_leave(deny: dict[str, Any]) -> None:
    """IAM refuses to write it, and whoever meets it all the same promises nothing."""
    policies = {"identity": document(grants(), deny)}
    request = asks(action="s3:GetObject", resource="arn:aws:s3:::bucket/key")
    assert evaluate_identity(policies, request).decision is not EvalDecision.ALLOWED
