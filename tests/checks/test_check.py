"""What a check is: its papers, and the one window through which it looks."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight import questions
from ecs_preflight.checks._check import Facts, Judgement, check, needs_nothing
from ecs_preflight.facts import Absent, Known, Snapshot, Unknown
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.targets import Target
from tests.plans import config

A, B = questions.clusters("ecs", "us-east-1"), questions.clusters("ecs", "eu-west-1")


@check("TEST001", "door-open", Severity.WARNING, on=lambda config: (Target(),))
def door_is_shut(config: Any, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The door is shut.
    And locked.

    ## Why it matters
    It draws.
    ### It does
    Really.

    ## How to fix it
    Shut it.
    """
    yield Problem(f"the door of {target.id} is open")


def test_the_decorator_makes_a_check_of_a_function() -> None:
    assert (door_is_shut.id, door_is_shut.slug, door_is_shut.severity) == ("TEST001", "door-open", Severity.WARNING)
    assert (door_is_shut.name, door_is_shut.family) == ("door_is_shut", "TEST")
    assert door_is_shut.is_offline
    assert not door_is_shut.judges_results
    assert door_is_shut.needs is needs_nothing
    assert list(door_is_shut.needs(config(), Target(), Snapshot())) == []
    (problem,) = door_is_shut.judge(config(), Target("ecs"), Facts(Snapshot(), frozenset()))
    assert problem == Problem("the door of ecs is open")


def test_headings_hold_the_text_under_them() -> None:
    assert door_is_shut.headings == {
        "What it checks": "The door is shut.\nAnd locked.",
        "Why it matters": "It draws.\n### It does\nReally.",
        "How to fix it": "Shut it.",
    }


def test_a_check_that_asks_is_not_offline() -> None:
    asking = check("TEST002", "x-y", Severity.INFO, on=lambda _: (), needs=lambda *_: (A,), asks=(questions.CLUSTERS,))(
        door_is_shut.judge
    )
    assert not asking.is_offline
    assert asking.needs(config(), Target(), Snapshot()) == (A,)


def test_facts_give_what_was_declared_and_nothing_else() -> None:
    facts = Facts(Snapshot({A: Known(1), B: Known(2)}, salt="s"), frozenset({A}))
    assert facts[A] == Known(1)
    with pytest.raises(LookupError, match="a check looked at clusters/ecs/eu-west-1, which it does not declare"):
        facts[B]
    assert facts.token("secret") == Snapshot(salt="s").token("secret")


@pytest.mark.parametrize("fact", [Known(None), Absent("none"), Unknown("a:B", "no")])
def test_facts_give_every_answer_as_it_is(fact: Any) -> None:
    assert Facts(Snapshot({A: fact}), frozenset({A}))[A] is fact


def test_what_was_declared_and_never_asked_is_unknown() -> None:
    assert isinstance(Facts(Snapshot(), frozenset({A}))[A], Unknown)
