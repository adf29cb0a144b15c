"""What holds for every document and request."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.iam import EvalDecision, PolicyDocument, PolicySet, evaluate_document, evaluate_request
from tests.iam.builders import ALICE, APP, ECS_TASKS, OTHER, ROLE, ROOT, SESSION, STRANGER, TRUSTING, document

_NOT_ALLOWED = (EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY)
_KEYS = ("k:a", "k:b")
_VALUES = ("1", "2")
_OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringNotEqualsIfExists",
    "NumericLessThan",
    "ForAllValues:StringEquals",
    "ForAnyValue:StringNotEquals",
    "Null",
)
_CALLERS = (ALICE, APP, SESSION, STRANGER, ROOT, ECS_TASKS, "AROAEXAMPLE123", {"type": "anonymous"})

conditions = st.dictionaries(
    st.sampled_from(_OPERATORS),
    st.dictionaries(st.sampled_from(_KEYS), st.lists(st.sampled_from((*_VALUES, "*", "${k:b}", "true")), max_size=2), max_size=2),
    max_size=2,
)
principals = st.fixed_dictionaries(
    {"AWS": st.lists(st.sampled_from((ROOT, ALICE, APP, SESSION, OTHER, "*", "AROAEXAMPLE123")), min_size=1, max_size=3)},
    optional={"Service": st.just(ECS_TASKS)},
)


def _statements(named: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    actions = st.fixed_dictionaries({"Action": st.sampled_from(("*", "sts:*", "sts:Tag*"))}) | st.just(
        {"NotAction": "sts:TagSession"}
    )
    resources = st.sampled_from(({"Resource": "*"}, {"Resource": ROLE}, {"NotResource": "arn:aws:s3:::${k:a}"}))
    return st.builds(
        lambda effect, who, what, where, when: {"Effect": effect, **who, **what, **where, "Condition": when},
        st.sampled_from(("Allow", "Allow", "Deny")),
        named,
        actions,
        resources,
        conditions,
    )


identity_statements = _statements(st.just({}))
trust_statements = _statements(
    st.builds(lambda key, value: {key: value}, st.sampled_from(("Principal", "Principal", "NotPrincipal")), principals)
)
contexts = st.dictionaries(st.sampled_from(_KEYS), st.sampled_from((*_VALUES, ["1", "2"])))
requests = st.builds(
    lambda caller, action, context, complete: {
        "principal": caller,
        "action": action,
        "resource": ROLE,
        "context": context,
        "context_complete": complete,
    },
    st.sampled_from(_CALLERS),
    st.sampled_from(("sts:AssumeRole", "sts:TagSession", "s3:GetObject")),
    contexts,
    st.booleans(),
)


@given(statements=st.lists(trust_statements, max_size=4), deny=trust_statements, request=requests)
@settings(max_examples=200, deadline=None)
def test_adding_a_deny_never_allows(statements: list[dict[str, Any]], deny: dict[str, Any], request: dict[str, Any]) -> None:
    before = evaluate_document(document(*statements), request)
    after = evaluate_document(document(*statements, {**deny, "Effect": "Deny"}), request)
    if before.decision in _NOT_ALLOWED:
        assert after.decision in _NOT_ALLOWED
    if before.decision is EvalDecision.EXPLICIT_DENY:
        assert after.decision is EvalDecision.EXPLICIT_DENY
    assert not (after.allowed and not before.allowed)


@given(
    identity=st.lists(identity_statements, max_size=3),
    boundary=st.lists(identity_statements, max_size=2),
    trust=st.lists(trust_statements, max_size=3),
    deny=identity_statements,
    request=requests,
)
@settings(max_examples=150, deadline=None)
def test_adding_a_deny_to_any_policy_of_the_caller_never_allows(
    identity: list[Any], boundary: list[Any], trust: list[Any], deny: dict[str, Any], request: dict[str, Any]
) -> None:
    policies = {"resource": document(*trust), "boundary": [document(*boundary)]}
    before = evaluate_request({**policies, "identity": [document(*identity)]}, request)
    denying = document(*identity, {**deny, "Effect": "Deny"})
    after = evaluate_request({**policies, "identity": [denying]}, request)
    assert not (after.allowed and not before.allowed)
    assert before.decision not in _NOT_ALLOWED or after.decision in _NOT_ALLOWED


@given(statements=st.lists(trust_statements, max_size=4), request=requests, data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_order_of_statements_means_nothing(statements: list[Any], request: dict[str, Any], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(statements))
    one, other = evaluate_document(document(*statements), request), evaluate_document(document(*shuffled), request)
    assert one.decision is other.decision
    assert one.unknown_context_keys == other.unknown_context_keys


@given(statements=st.lists(trust_statements, max_size=4), request=requests)
@settings(max_examples=150, deadline=None)
def test_with_every_mentioned_key_given_nothing_is_unknown(statements: list[Any], request: dict[str, Any]) -> None:
    given_all = {key: request["context"].get(key) for key in _KEYS}
    complete = evaluate_document(document(*statements), {**request, "context_complete": True})
    stated = evaluate_document(document(*statements), {**request, "context": given_all, "context_complete": False})
    assert complete == stated
    assert complete.unknown_context_keys == ()


@given(statements=st.lists(trust_statements, min_size=1, max_size=4), request=requests)
@settings(max_examples=200, deadline=None)
def test_the_verdict_covers_every_completion(statements: list[Any], request: dict[str, Any]) -> None:
    policy = PolicyDocument.model_validate(document(*statements))
    open_verdict = evaluate_document(policy, {**request, "context_complete": False})
    missing = [key for key in _KEYS if key not in request["context"]]
    for values in product((None, *_VALUES, ["1", "2"], "*"), repeat=len(missing)):
        context = {**request["context"], **dict(zip(missing, values, strict=True))}
        verdict = evaluate_document(policy, {**request, "context": context})
        assert _covers(open_verdict.decision, verdict.decision), (context, open_verdict.explanation, verdict.explanation)


policy_sets = st.fixed_dictionaries(
    {
        "identity": st.lists(st.builds(document, identity_statements), max_size=2),
        "resource": st.builds(document, trust_statements, trust_statements) | st.none(),
    },
    optional={
        "boundary": st.lists(st.builds(document, identity_statements), min_size=1, max_size=1),
        "session": st.builds(document, identity_statements),
        "scp": st.lists(st.lists(st.builds(document, identity_statements), max_size=2), max_size=2),
        "rcp": st.lists(st.lists(st.builds(document, trust_statements), max_size=2), max_size=1),
    },
)


@given(policies=policy_sets, request=requests)
@settings(max_examples=150, deadline=None)
def test_the_verdict_of_all_policies_covers_every_completion(policies: dict[str, Any], request: dict[str, Any]) -> None:
    read = PolicySet.model_validate(policies)
    open_verdict = evaluate_request(read, {**request, "context_complete": False})
    missing = [key for key in _KEYS if key not in request["context"]]
    for values in product((None, *_VALUES), repeat=len(missing)):
        context = {**request["context"], **dict(zip(missing, values, strict=True))}
        verdict = evaluate_request(read, {**request, "context": context})
        assert _covers(open_verdict.decision, verdict.decision), (context, open_verdict.explanation, verdict.explanation)


@given(policies=policy_sets, more=identity_statements, request=requests)
@settings(max_examples=100, deadline=None)
def test_adding_an_allow_never_takes_away(policies: dict[str, Any], more: dict[str, Any], request: dict[str, Any]) -> None:
    allowing = document({**more, "Effect": "Allow"})
    before = evaluate_request(policies, request)
    after = evaluate_request({**policies, "identity": [*policies["identity"], allowing]}, request)
    assert after.allowed or not before.allowed
    assert (before.decision is EvalDecision.EXPLICIT_DENY) is (after.decision is EvalDecision.EXPLICIT_DENY)


@given(
    operator=st.sampled_from(
        ("ArnLike", "ArnNotLike", "StringLike", "StringNotLike", "StringEquals", "ArnEqualsIfExists", "Null")
    ),
    value=st.text(alphabet="ap*?/x", max_size=6).map(lambda name: f"arn:aws:iam::{TRUSTING}:role/{name}")
    | st.sampled_from(("*", APP)),
    effect=st.sampled_from(("Allow", "Deny")),
)
@settings(max_examples=200)
def test_the_verdict_on_a_session_covers_every_path_of_its_role(operator: str, value: str, effect: str) -> None:
    condition = {operator: {"aws:PrincipalArn": "true" if operator == "Null" else value}}
    everyone = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "*"}
    policy = document(*([everyone] if effect == "Deny" else []), {**everyone, "Effect": effect, "Condition": condition})
    request = {"principal": SESSION, "action": "sts:AssumeRole"}
    open_verdict = evaluate_document(policy, request)
    for path in ("", "a/", "x/p/", "app/"):
        role = f"arn:aws:iam::{TRUSTING}:role/{path}app"
        verdict = evaluate_document(policy, {**request, "context": {"aws:PrincipalArn": role}})
        assert _covers(open_verdict.decision, verdict.decision), (role, open_verdict.explanation)


@given(statements=st.lists(trust_statements, min_size=1, max_size=4), request=requests)
@settings(max_examples=150, deadline=None)
def test_the_unknown_keys_are_what_the_verdict_waits_for(statements: list[Any], request: dict[str, Any]) -> None:
    policy = PolicyDocument.model_validate(document(*statements))
    verdict = evaluate_document(policy, {**request, "context_complete": False})
    assert set(verdict.unknown_context_keys) <= set(_KEYS) - set(request["context"])
    assert verdict.decision is EvalDecision.UNDECIDABLE or verdict.unknown_context_keys == ()
    for value in (None, "1"):
        told = {**request["context"], **dict.fromkeys(verdict.unknown_context_keys, value)}
        settled = evaluate_document(policy, {**request, "context": told, "context_complete": False})
        assert settled.unknown_context_keys == ()


@given(statements=st.lists(trust_statements, max_size=3), request=requests)
@settings(max_examples=100, deadline=None)
def test_a_document_reads_its_own_text(statements: list[Any], request: dict[str, Any]) -> None:
    policy = PolicyDocument.model_validate(document(*statements))
    again = PolicyDocument.parse(policy.to_json())
    assert again == policy
    assert evaluate_document(again, request) == evaluate_document(policy, request)


def test_a_deny_of_everyone_beats_whatever_allows() -> None:
    everything = {"Effect": "Allow", "Principal": {"AWS": [TRUSTING, "*"]}, "Action": "*"}
    nothing = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*"}
    assert (
        evaluate_document(document(everything, nothing), {"principal": ALICE, "action": "a:b"}).decision
        is EvalDecision.EXPLICIT_DENY
    )


def _covers(verdict: EvalDecision, completion: EvalDecision) -> bool:
    """A request that is certainly not allowed may still be denied in either way."""
    if verdict is EvalDecision.IMPLICIT_DENY:
        return completion in _NOT_ALLOWED
    return verdict in (completion, EvalDecision.UNDECIDABLE)
