"""What an open verdict waits for, and what it does not: the smallest set of unknown keys."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.iam import EvalDecision, evaluate_document, evaluate_request
from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    DENIED,
    ECS_TASKS,
    NOT_ALLOWED,
    SESSION,
    UNDECIDABLE,
    asks,
    document,
    grants,
    statement,
    trusts,
)

_EVERYBODY = {"AWS": "*"}
_MANY = [str(number) for number in range(63)]  # and anything else, and absent


def _is(key: str, value: Any) -> dict[str, Any]:
    return {"StringEquals": {key: value}}


def _is_not(key: str, value: Any) -> dict[str, Any]:
    return {"StringNotEquals": {key: value}}


# what is told of the statements (effect and Condition), the decision, the keys that it waits for
_DOCUMENTS: tuple[tuple[str, tuple[tuple[str, dict[str, Any]], ...], str, tuple[str, ...]], ...] = (
    ("a key that is something or not", (("Allow", _is("k:a", "1")), ("Allow", _is_not("k:a", "1"))), ALLOWED, ()),
    ("a key that is there or not", (("Allow", {"Null": {"k:a": "true"}}), ("Allow", {"Null": {"k:a": "false"}})), ALLOWED, ()),
    ("anything or nothing", (("Allow", {"StringLikeIfExists": {"k:a": "*"}}),), ALLOWED, ()),
    ("any set of values", (("Allow", {"ForAllValues:StringLike": {"aws:TagKeys": "*"}}),), ALLOWED, ()),
    (
        "several values are neither of the two",
        (("Allow", _is("aws:TagKeys", "1")), ("Allow", _is_not("aws:TagKeys", "1"))),
        UNDECIDABLE,
        ("aws:TagKeys",),
    ),
    (
        "some value is the one, or none is",
        (
            ("Allow", {"ForAnyValue:StringEquals": {"k:a": "1"}}),
            ("Allow", {"ForAllValues:StringNotEquals": {"k:a": "1"}}),
        ),
        ALLOWED,
        (),
    ),
    (
        "all values are the one, or some is not",
        (
            ("Allow", {"ForAllValues:StringEquals": {"aws:TagKeys": ["1", "2"]}}),
            ("Allow", {"ForAnyValue:StringNotEquals": {"aws:TagKeys": ["1", "2"]}}),
        ),
        ALLOWED,
        (),
    ),
    (
        "both values at once",
        (
            (
                "Allow",
                {"ForAnyValue:StringEquals": {"k:a": "1"}, "ForAnyValue:StringLike": {"k:a": "2"}},
            ),
        ),
        UNDECIDABLE,
        ("k:a",),
    ),
    (
        "no number is both",
        (("Allow", {"NumericLessThan": {"k:n": "5"}, "NumericGreaterThan": {"k:n": "10"}}),),
        NOT_ALLOWED,
        (),
    ),
    (
        "no date is both",
        (("Allow", {"DateEquals": {"aws:CurrentTime": "2020-01-01"}, "DateLessThan": {"aws:CurrentTime": "0"}}),),
        NOT_ALLOWED,
        (),
    ),
    (
        "no address is both",
        (("Allow", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "NotIpAddress": {"aws:SourceIp": "10.0.0.0/7"}}),),
        NOT_ALLOWED,
        (),
    ),
    (
        "no text is both",
        (("Allow", {"StringLike": {"k:a": "a*b"}, "StringEquals": {"k:a": "abc"}}),),
        NOT_ALLOWED,
        (),
    ),
    (
        "one in any case of letters, and another",
        (("Allow", {"StringEqualsIgnoreCase": {"k:a": "a"}, "StringNotEqualsIgnoreCase": {"k:a": "A"}}),),
        NOT_ALLOWED,
        (),
    ),
    (
        "no ARN is both",
        (("Allow", {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:1:*"}, "ArnEquals": {"aws:SourceArn": "arn:aws:ecs:*:2:*"}}),),
        NOT_ALLOWED,
        (),
    ),
    (
        "denied whichever it is",
        (("Allow", {}), ("Deny", _is("k:a", "1")), ("Deny", _is_not("k:a", "1"))),
        DENIED,
        (),
    ),
    (
        "denied, or not allowed",
        (("Allow", _is("k:a", "1")), ("Deny", _is("k:a", ["1", "2"]))),
        NOT_ALLOWED,
        (),
    ),
    (
        "one allow is within another",
        (("Allow", _is("k:a", "1")), ("Allow", {**_is("k:a", "1"), "Bool": {"k:b": "true"}})),
        UNDECIDABLE,
        ("k:a",),
    ),
    (
        "a deny where nothing is allowed",
        (("Allow", _is("k:a", "1")), ("Deny", {"StringEquals": {"k:a": "2", "k:b": "1"}})),
        UNDECIDABLE,
        ("k:a",),
    ),
    (
        "a deny of everything but what is allowed",
        (("Allow", _is("k:a", "1")), ("Deny", _is_not("k:a", "1")), ("Allow", _is_not("K:A", "3"))),
        UNDECIDABLE,
        ("k:a",),
    ),
    (
        "one key, or two others",
        (("Allow", _is("k:a", "1")), ("Allow", {"StringEquals": {"k:b": "1", "k:c": "1"}})),
        UNDECIDABLE,
        ("k:a", "k:b", "k:c"),
    ),
    (
        "a key that is compared with another one hides whether a third matters",
        (("Allow", {"StringEquals": {"k:a": "${k:b}"}}), ("Allow", _is("k:c", "1")), ("Allow", _is_not("k:c", "1"))),
        ALLOWED,
        (),
    ),
    (
        "and it does where it stays open",
        (("Allow", {"StringEquals": {"k:a": "${k:b}", "k:c": "1"}}), ("Allow", {"StringEquals": {"k:a": "${k:b}"}})),
        UNDECIDABLE,
        ("k:a", "k:b", "k:c"),
    ),
    (
        "a key of several types may do without",
        (("Allow", {"NumericLessThan": {"k:a": "5"}, "StringEquals": {"k:a": "1"}}), ("Allow", _is("k:c", "1"))),
        UNDECIDABLE,
        ("k:a", "k:c"),
    ),
    (
        "more keys than can be tried",
        (
            *(("Allow", _is(f"k:{number}", "1")) for number in range(9)),
            ("Allow", {**_is("k:0", "1"), "Null": {"k:x": "true"}}),
        ),
        UNDECIDABLE,
        (*(f"k:{number}" for number in range(9)), "k:x"),
    ),
    (
        "more values than can be tried",
        (("Allow", _is("k:a", [str(number) for number in range(80)])), ("Allow", {**_is("k:b", "1"), **_is_not("k:c", "x")})),
        UNDECIDABLE,
        ("k:a", "k:b", "k:c"),
    ),
    (
        "the one that matters not comes first",
        (("Allow", _is("k:b", "1")), ("Allow", {**_is("k:b", "1"), "Bool": {"k:a": "true"}})),
        UNDECIDABLE,
        ("k:b",),
    ),
    (
        "the one that matters not comes before one that does",
        (
            ("Allow", {"StringEquals": {"k:b": "1", "k:c": "1"}}),
            ("Allow", {"StringEquals": {"k:a": "1", "k:b": "1", "k:c": "1"}}),
        ),
        UNDECIDABLE,
        ("k:b", "k:c"),
    ),
    (
        "one value of what may hold several",
        (("Allow", _is("aws:TagKeys", "1")),),
        UNDECIDABLE,
        ("aws:TagKeys",),
    ),
    (
        "two values, and no third",
        (
            (
                "Allow",
                {
                    "ForAnyValue:StringEquals": {"k:a": "1"},
                    "ForAnyValue:StringLike": {"k:a": "2"},
                    "ForAllValues:StringLike": {"k:a": ["1", "2"]},
                },
            ),
        ),
        UNDECIDABLE,
        ("k:a",),
    ),
    ("as many values as are tried", (("Allow", _is("k:a", _MANY)), ("Allow", _is_not("k:a", _MANY))), ALLOWED, ()),
    (
        "as many completions as are tried",
        (*(("Allow", _is("k:a", value)) for value in _MANY), ("Allow", _is_not("k:a", _MANY)), ("Allow", _is("k:b", "1"))),
        ALLOWED,
        (),
    ),
    (
        "one completion more than are tried",
        (
            *(("Allow", _is("k:a", value)) for value in _MANY),
            ("Allow", _is_not("k:a", _MANY)),
            *(("Allow", _is("k:b", value)) for value in "12"),
        ),
        UNDECIDABLE,
        ("k:a", "k:b"),
    ),
    (
        "two pairs of keys that are compared with each other",
        (("Allow", {"StringEquals": {"k:a": "${k:b}"}}), ("Allow", {"StringEquals": {"k:c": "${k:d}"}})),
        UNDECIDABLE,
        ("k:a", "k:b", "k:c", "k:d"),
    ),
    (
        "one value more than are tried",
        (("Allow", _is("k:a", [*_MANY, "x"])), ("Allow", _is_not("k:a", [*_MANY, "x"]))),
        UNDECIDABLE,
        ("k:a",),
    ),
    (
        "as many sets of values as are not tried any more",
        (
            *(("Allow", {"ForAnyValue:StringEquals": {"k:a": str(number)}}) for number in range(10)),
            ("Allow", {"ForAllValues:StringNotEquals": {"k:a": [str(number) for number in range(10)]}}),
        ),
        UNDECIDABLE,
        ("k:a",),
    ),
    (
        "more sets of values than can be tried",
        tuple(("Allow", {"ForAnyValue:StringEquals": {"k:a": str(number)}}) for number in range(25)),
        UNDECIDABLE,
        ("k:a",),
    ),
)


@pytest.mark.parametrize(
    ("statements", "decision", "keys"), [case[1:] for case in _DOCUMENTS], ids=[case[0] for case in _DOCUMENTS]
)
def test_a_verdict_waits_for_what_matters(
    statements: tuple[tuple[str, dict[str, Any]], ...], decision: str, keys: tuple[str, ...]
) -> None:
    policy = document(*(trusts(_EVERYBODY, effect=effect, Condition=condition) for effect, condition in statements))
    evaluation = evaluate_document(policy, asks(context_complete=False))
    assert (evaluation.decision.value, evaluation.unknown_context_keys) == (decision, keys), evaluation.explanation


def test_an_allow_in_any_case_names_all_that_allow() -> None:
    policy = document(
        trusts(Condition=_is("k:a", "1")),
        trusts(Condition=_is("k:a", "2")),
        trusts(effect="Deny", Condition={"NumericEquals": {"k:a": "1"}, "Null": {"k:a": "true"}}),
        trusts(Condition=_is_not("k:a", "1")),
    )
    evaluation = evaluate_document(document(*policy["Statement"][:2], policy["Statement"][3]), asks(context_complete=False))
    assert evaluation.decision is EvalDecision.ALLOWED
    assert [matched.index for matched in evaluation.matched_statements] == [0, 1, 2]
    assert evaluation.explanation.endswith(
        "allowed by statement number 1 of document and statement number 2 of document "
        "and statement number 3 of document, whatever k:a may be."
    )


def test_a_deny_in_any_case_names_all_that_deny() -> None:
    policy = document(
        trusts(), trusts(effect="Deny", Condition=_is("k:a", "1")), trusts(effect="Deny", Condition=_is_not("k:a", "1"))
    )
    evaluation = evaluate_document(policy, asks(context_complete=False))
    assert [matched.index for matched in evaluation.matched_statements] == [1, 2]
    assert evaluation.explanation.endswith("and statement number 3 of document, whatever k:a may be.")


def test_what_is_never_allowed_names_no_statement() -> None:
    policy = document(trusts(Condition={"StringEquals": {"k:a": "1"}, "StringLike": {"k:a": "2*"}, "Null": {"k:b": "true"}}))
    evaluation = evaluate_document(policy, asks(context_complete=False))
    assert evaluation.matched_statements == ()
    assert evaluation.explanation.endswith(": nothing allows it, whatever k:a and k:b may be.")


def test_what_is_denied_or_not_allowed_says_so() -> None:
    policy = document(trusts(Condition=_is("k:a", "1")), trusts(effect="Deny", Condition=_is("k:a", ["1", "2"])))
    evaluation = evaluate_document(policy, asks(context_complete=False))
    assert evaluation.explanation.endswith(": it is denied, or nothing allows it, whatever k:a may be.")


def test_a_doubt_that_no_key_settles_waits_for_none() -> None:
    """AWS's pages disagree on whether "*" covers services, whatever the key is."""
    either = [trusts(_EVERYBODY, Condition=_is("k:a", "1")), trusts(_EVERYBODY, Condition=_is_not("k:a", "1"))]
    evaluation = evaluate_document(document(*either), asks(ECS_TASKS, context_complete=False))
    assert evaluation.decision is EvalDecision.UNDECIDABLE
    assert evaluation.unknown_context_keys == ()
    assert 'whether "*" covers the service principal' in evaluation.explanation
    assert len(evaluation.matched_statements) == 2


def test_only_the_statements_that_may_decide_are_named() -> None:
    policy = document(
        trusts(Sid="Certain"),
        trusts(Sid="NotNeeded", Condition=_is("k:b", "1")),
        trusts(Sid="MayDeny", effect="Deny", Condition=_is("k:a", "1")),
        trusts(Sid="OfOthers", effect="Deny", Condition=_is("aws:PrincipalAccount", "444455556666")),
    )
    evaluation = evaluate_document(policy, asks(context_complete=False))
    assert [matched.sid for matched in evaluation.matched_statements] == ["Certain", "MayDeny"]


def test_what_a_doubt_depends_on_is_waited_for() -> None:
    """Whether a boundary limits a user that "*" names is asked only where the boundary does not allow."""
    policies = {
        "resource": document(trusts(_EVERYBODY)),
        "boundary": [document(grants(Condition=_is("k:a", "1")))],
    }
    evaluation = evaluate_request(policies, asks(context_complete=False))
    assert evaluation.unknown_context_keys == ("k:a",)
    assert evaluate_request(policies, asks(context={"k:a": "1"})).allowed
    assert evaluate_request(policies, asks(context={"k:a": "2"})).decision is EvalDecision.UNDECIDABLE


def test_whose_account_is_not_known_may_not_matter_under_some_key() -> None:
    policies = {"resource": document(trusts({"AWS": "AROAEXAMPLE123"}, Condition=_is("k:a", "1")))}
    evaluation = evaluate_request(policies, asks("AROAEXAMPLE123", context_complete=False))
    assert evaluation.decision is EvalDecision.UNDECIDABLE
    assert evaluation.unknown_context_keys == ("k:a",)


def test_a_doubt_about_the_account_waits_for_what_either_answer_waits_for() -> None:
    """Within one account the caller's own policies are enough; across, the queue's policy must allow it too."""
    orphan, queue = "AROADBQP57FF2AEXAMPLE", "arn:aws:sqs:us-east-1:111122223333:q"
    of_queue = statement(Principal={"AWS": orphan}, Action="sqs:*", Resource=queue, Condition=_is("k:a", "1"))
    policies = {"identity": [document(grants())], "resource": document(of_queue)}
    evaluation = evaluate_request(policies, asks(orphan, "sqs:SendMessage", queue, context_complete=False))
    assert (evaluation.decision, evaluation.unknown_context_keys) == (EvalDecision.UNDECIDABLE, ("k:a",))
    assert evaluate_request(policies, asks(orphan, "sqs:SendMessage", queue, context={"k:a": "1"})).allowed


@pytest.mark.parametrize(
    ("pattern", "decision", "keys"),
    [
        (APP, UNDECIDABLE, ("aws:PrincipalArn",)),
        ([APP, APP.replace("role/", "role/*/")], ALLOWED, ()),
        (APP.replace("role/app", "role/team/app"), UNDECIDABLE, ("aws:PrincipalArn",)),
    ],
)
def test_the_role_behind_a_session_has_some_path(pattern: Any, decision: str, keys: tuple[str, ...]) -> None:
    policy = document(trusts(Condition={"ArnLike": {"aws:PrincipalArn": pattern}}))
    evaluation = evaluate_document(policy, asks(SESSION, context_complete=False))
    assert (evaluation.decision.value, evaluation.unknown_context_keys) == (decision, keys)


def test_layers_of_policies_are_judged_together() -> None:
    """The trust policy waits for a key that the caller's own policies settle against it."""
    policies = {
        "resource": document(trusts({"AWS": ALICE}, Condition=_is("k:a", "1"))),
        "identity": [document(grants(effect="Deny", Condition={"StringLike": {"k:a": "*"}, "Null": {"k:b": "true"}}))],
        "scp": [[document(grants(), grants(effect="Deny", Condition={"Null": {"k:b": "false"}}))]],
    }
    evaluation = evaluate_request(policies, asks(context_complete=False))
    assert evaluation.decision is EvalDecision.IMPLICIT_DENY
    assert "whatever k:a and k:b may be" in evaluation.explanation


def test_a_value_that_is_compared_with_one_that_is_known() -> None:
    """The witnesses of the unknown key take what is known of the request into account."""
    same = {"k:a": "${k:known}"}
    policy = document(trusts(Condition={"StringEquals": same}), trusts(Condition={"StringNotEquals": same}))
    assert evaluate_document(policy, asks(context={"k:known": "x"}, context_complete=False)).allowed
