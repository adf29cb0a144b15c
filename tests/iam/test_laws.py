"""What holds for every document and request."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.iam import EvalDecision, PolicyDocument, PolicySet, evaluate_document, evaluate_request
from tests.iam.builders import ALICE, APP, SESSION, TRUSTING, document
from tests.iam.strategies import World, questions, worlds

_NOT_ALLOWED = (EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY)


def _open_or_closed(data: st.DataObject, world: World) -> dict[str, Any]:
    return {**data.draw(questions), "context": data.draw(world.contexts), "context_complete": data.draw(st.booleans())}


def _open(data: st.DataObject, world: World) -> dict[str, Any]:
    return {**data.draw(questions), "context": data.draw(world.contexts), "context_complete": False}


def _completed(data: st.DataObject, world: World, request: dict[str, Any]) -> dict[str, Any]:
    """The same request, had everything been told that was not."""
    return {**request, "context": {**data.draw(world.completions), **request["context"]}}


@given(world=worlds, data=st.data())
@settings(max_examples=80, deadline=None)
def test_adding_a_deny_never_allows(world: World, data: st.DataObject) -> None:
    statements, request = data.draw(st.lists(world.statements, max_size=4)), _open_or_closed(data, world)
    before = evaluate_document(document(*statements), request)
    deny = {**data.draw(world.statements), "Effect": "Deny"}
    after = evaluate_document(document(*statements, deny), request)
    if before.decision in _NOT_ALLOWED:
        assert after.decision in _NOT_ALLOWED
    if before.decision is EvalDecision.EXPLICIT_DENY:
        assert after.decision is EvalDecision.EXPLICIT_DENY
    assert not (after.allowed and not before.allowed)


@given(world=worlds, data=st.data())
@settings(max_examples=50, deadline=None)
def test_adding_a_deny_to_any_policy_of_the_caller_never_allows(world: World, data: st.DataObject) -> None:
    policies, request = data.draw(world.policy_sets), _open_or_closed(data, world)
    before = evaluate_request(policies, request)
    deny = document({**data.draw(world.identity_statements), "Effect": "Deny"})
    after = evaluate_request({**policies, "identity": [*policies["identity"], deny]}, request)
    assert not (after.allowed and not before.allowed)
    assert before.decision not in _NOT_ALLOWED or after.decision in _NOT_ALLOWED


@given(world=worlds, data=st.data())
@settings(max_examples=60, deadline=None)
def test_the_order_of_statements_means_nothing(world: World, data: st.DataObject) -> None:
    statements, request = data.draw(st.lists(world.statements, max_size=4)), _open_or_closed(data, world)
    shuffled = data.draw(st.permutations(statements))
    one, other = evaluate_document(document(*statements), request), evaluate_document(document(*shuffled), request)
    assert one.decision is other.decision
    assert one.unknown_context_keys == other.unknown_context_keys


@given(world=worlds, data=st.data())
@settings(max_examples=60, deadline=None)
def test_with_every_mentioned_key_given_nothing_is_unknown(world: World, data: st.DataObject) -> None:
    statements = data.draw(st.lists(world.statements, max_size=4))
    stated = _completed(data, world, _open(data, world))
    complete = evaluate_document(document(*statements), {**stated, "context_complete": True})
    assert complete == evaluate_document(document(*statements), stated)
    assert complete.unknown_context_keys == ()


@given(world=worlds, data=st.data())
@settings(max_examples=80, deadline=None)
def test_the_verdict_covers_every_completion(world: World, data: st.DataObject) -> None:
    policy = PolicyDocument.model_validate(document(*data.draw(st.lists(world.statements, min_size=1, max_size=4))))
    request = _open(data, world)
    open_verdict = evaluate_document(policy, request)
    for _ in range(8):
        completed = _completed(data, world, request)
        verdict = evaluate_document(policy, completed)
        assert _covers(open_verdict.decision, verdict.decision), (completed, open_verdict.explanation, verdict.explanation)


@given(world=worlds, data=st.data())
@settings(max_examples=50, deadline=None)
def test_the_verdict_of_all_policies_covers_every_completion(world: World, data: st.DataObject) -> None:
    policies, request = PolicySet.model_validate(data.draw(world.policy_sets)), _open(data, world)
    open_verdict = evaluate_request(policies, request)
    for _ in range(8):
        completed = _completed(data, world, request)
        verdict = evaluate_request(policies, completed)
        assert _covers(open_verdict.decision, verdict.decision), (completed, open_verdict.explanation, verdict.explanation)


@given(world=worlds, data=st.data())
@settings(max_examples=50, deadline=None)
def test_adding_an_allow_never_takes_away(world: World, data: st.DataObject) -> None:
    policies, request = data.draw(world.policy_sets), _open_or_closed(data, world)
    allowing = document({**data.draw(world.identity_statements), "Effect": "Allow"})
    before = evaluate_request(policies, request)
    after = evaluate_request({**policies, "identity": [*policies["identity"], allowing]}, request)
    assert after.allowed or not before.allowed
    assert after.decision is EvalDecision.EXPLICIT_DENY or before.decision is not EvalDecision.EXPLICIT_DENY


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


@given(world=worlds, data=st.data())
@settings(max_examples=70, deadline=None)
def test_the_unknown_keys_are_what_the_verdict_waits_for(world: World, data: st.DataObject) -> None:
    policies, request = PolicySet.model_validate(data.draw(world.policy_sets)), _open(data, world)
    verdict = evaluate_request(policies, request)
    assert set(verdict.unknown_context_keys).isdisjoint(request["context"])
    assert verdict.decision is EvalDecision.UNDECIDABLE or verdict.unknown_context_keys == ()
    completed = _completed(data, world, request)["context"]
    told = {key: completed[key] for key in verdict.unknown_context_keys}
    settled = evaluate_request(policies, {**request, "context": {**request["context"], **told}})
    assert settled.unknown_context_keys == ()
    for _ in range(4):
        others = _completed(data, world, {**request, "context": {**request["context"], **told}})
        assert _covers(settled.decision, evaluate_request(policies, others).decision), (others, settled.explanation)


_simple_conditions = st.dictionaries(
    st.sampled_from(("StringEquals", "StringNotEquals", "StringEqualsIfExists")),
    st.dictionaries(st.sampled_from(("k:x", "k:y", "k:z")), st.sampled_from(("1", "2")), max_size=2),
    max_size=2,
)


@given(allows=st.lists(_simple_conditions, max_size=3), denies=st.lists(_simple_conditions, max_size=2))
@settings(max_examples=80, deadline=None)
def test_the_unknown_keys_are_exactly_those_that_matter(allows: list[Any], denies: list[Any]) -> None:
    """Found out by trying everything: a key matters if a change of it alone changes whether the request is allowed."""
    everyone = {"Principal": {"AWS": TRUSTING}, "Action": "*"}
    statements = [{"Effect": "Allow", **everyone, "Condition": each} for each in allows]
    statements += [{"Effect": "Deny", **everyone, "Condition": each} for each in denies]
    policy = PolicyDocument.model_validate(document(*statements))
    request = {"principal": ALICE, "action": "sts:AssumeRole"}
    keys, values = ("k:x", "k:y", "k:z"), (None, "1", "2", "3")
    allowed = {
        told: evaluate_document(policy, {**request, "context": dict(zip(keys, told, strict=True))}).allowed
        for told in product(values, repeat=3)
    }
    mattering = tuple(
        key
        for place, key in enumerate(keys)
        if any(allowed[told] is not allowed[(*told[:place], value, *told[place + 1 :])] for told in allowed for value in values)
    )
    verdict = evaluate_document(policy, {**request, "context_complete": False})
    assert verdict.unknown_context_keys == mattering
    assert verdict.allowed is all(allowed.values())
    assert (verdict.decision in _NOT_ALLOWED) is not any(allowed.values())


@given(world=worlds, data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_document_reads_its_own_text(world: World, data: st.DataObject) -> None:
    policy = PolicyDocument.model_validate(document(*data.draw(st.lists(world.statements, max_size=3))))
    request = _open_or_closed(data, world)
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
