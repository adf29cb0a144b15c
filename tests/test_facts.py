"""Answers, and what a check may make of each."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight import questions
from ecs_preflight.facts import Absent, Fact, Gap, Known, Listing, Question, Snapshot, Unknown, secret_token
from ecs_preflight.findings import Blocked, Undetermined, Verdict

WHOLE = Listing(("a", "b"))
GAPPED = Listing(("a",), (Gap("ListClusters after 1 items", "Throttling"),))
A, B = questions.clusters("ecs", "us-east-1"), questions.clusters("ecs", "eu-west-1")

REQUIRED: list[tuple[Fact[Any], Any]] = [
    (Known(3), 3),
    (Known(None), None),
    (Known(WHOLE), WHOLE),
    (Known(GAPPED), Undetermined("ListClusters after 1 items could not be read: Throttling")),
    (Absent("there is no role x"), Blocked("there is no role x")),
    (Unknown("iam:GetRole", "AccessDenied: no"), Undetermined("iam:GetRole: AccessDenied: no")),
]


@pytest.mark.parametrize(("fact", "expected"), REQUIRED, ids=[repr(fact)[:40] for fact, _ in REQUIRED])
def test_require_gives_the_value_or_the_verdict(fact: Fact[Any], expected: Any) -> None:
    if not isinstance(expected, Verdict):
        assert fact.require() == expected
        return
    with pytest.raises(type(expected)) as caught:
        fact.require()
    assert caught.value.reason == expected.reason


def test_partial_takes_gaps_and_nothing_less() -> None:
    assert Known(GAPPED).partial() is GAPPED
    with pytest.raises(Blocked):
        Absent("none").partial()
    with pytest.raises(Undetermined):
        Unknown("iam:GetRole", "no").partial()


def test_value_or_none_never_raises() -> None:
    facts: list[Fact[Any]] = [Known(GAPPED), Known(0), Absent("none"), Unknown("x", "y")]
    assert [fact.value_or_none() for fact in facts] == [GAPPED, 0, None, None]


def test_what_was_never_asked_is_unknown() -> None:
    fact = Snapshot()[A]
    assert isinstance(fact, Unknown)
    assert A not in Snapshot()
    with pytest.raises(Undetermined, match="never asked"):
        fact.require()


@pytest.mark.parametrize(
    ("question", "written"),
    [
        (questions.caller_identity(), "caller-identity/-/-"),
        (questions.clock("us-west-2"), "clock/-/us-west-2"),
        (questions.role("ecs", "SpinnakerManaged"), "role/ecs/-/SpinnakerManaged"),
        (questions.capacity_providers("ecs", "us-east-1", ("a", "b")), "capacity-providers/ecs/us-east-1/a/b"),
    ],
)
def test_the_id_of_a_question(question: Question[Any], written: str) -> None:
    assert question.id == str(question) == written


def test_equal_questions_are_one_key() -> None:
    again = questions.clusters("ecs", "us-east-1")
    assert {A: 1, again: 2} == {A: 2}
    assert len({A, B, questions.roles("ecs"), questions.role("ecs", "a"), questions.role("ecs", "b")}) == 5


def test_with_fact_leaves_the_old_snapshot_as_it_was() -> None:
    before = Snapshot({A: Known(WHOLE)}, salt="s")
    after = before.with_fact(A, Absent("gone")).with_fact(B, Known(WHOLE))
    assert before[A] == Known(WHOLE)
    assert B not in before
    assert (after[A], after[B], after.salt) == (Absent("gone"), Known(WHOLE), "s")


def test_merged_joins_the_answers_of_shards() -> None:
    early, late = datetime(2027, 3, 1, 12, tzinfo=timezone.utc), datetime(2027, 3, 1, 13, tzinfo=timezone.utc)
    merged = Snapshot.merged(
        iter(
            [
                Snapshot({A: Known(WHOLE)}, late, {A: "arn:a"}, {"ecs:ListClusters": 2}, "salt", "sandbox"),
                Snapshot({B: Absent("none")}, early, {B: "arn:b"}, {"ecs:ListClusters": 1, "sts:AssumeRole": 1}, "salt", "aws"),
            ]
        )
    )
    assert dict(merged.facts) == {A: Known(WHOLE), B: Absent("none")}
    assert (merged.taken_at, merged.salt, merged.source) == (early, "salt", "sandbox")
    assert dict(merged.answered_by) == {A: "arn:a", B: "arn:b"}
    assert dict(merged.calls) == {"ecs:ListClusters": 3, "sts:AssumeRole": 1}
    assert Snapshot.merged([]).source == "offline"


@given(st.text(), st.text(), st.text(), st.text())
def test_tokens_are_equal_for_equal_secrets_under_one_salt_and_tell_nothing(one: str, two: str, salt: str, other: str) -> None:
    token = secret_token(one, salt)
    assert token == Snapshot(salt=salt).token(one)
    assert (token == secret_token(two, salt)) == (one == two)
    if salt.strip("\0") != other.strip("\0"):  # HMAC pads its key with zeros
        assert token != secret_token(one, other)
    assert len(token) == len("token-") + 20
    assert len(one) < 4 or one not in token
