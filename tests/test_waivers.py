"""What a waiver covers, and until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ecs_preflight.findings import Outcome
from ecs_preflight.preflight_file import Waiver
from ecs_preflight.waivers import covers, matches, waive
from tests.plans import result

TODAY = date(2027, 3, 1)


def waiver(**changes: Any) -> Waiver:
    return Waiver.model_validate(
        {"check": "CAPACITY001", "target": "ecs/us-east-1/*", "until": TODAY, "reason": "it grows in April", **changes}
    )


MATCHES: list[tuple[str, str, bool]] = [
    ("config", "config", True),
    ("config", "*", True),
    ("ecs", "ecs", True),
    ("ecs", "ECS", False),
    ("ecs", "ecs*", True),
    ("ecs2", "ecs", False),
    ("ecs/us-east-1/production", "ecs/us-east-1/*", True),
    ("ecs/us-east-1/production/web", "ecs/us-east-1/*", True),
    ("ecs/us-east-1", "ecs/us-east-1/*", False),
    ("ecs/eu-west-1/production", "ecs/us-east-1/*", False),
    ("ecs/us-east-1/*", "ecs/us-east-1/*", True),  # every ECS cluster
    ("ecs/us-east-1/*", "ecs/us-east-1/production", False),
    ("ecs/us-east-1/production", "*/production", True),
    ("ecs/us-east-1/production", "ecs/*/production", True),
    ("ecs/us-east-1/production", "e*s*e*1*n", True),
    ("ecs/us-east-1/production", "*west*", False),
    ("a", "a*a", False),
    ("aa", "a*a", True),
    ("aXbXc", "a*bX*Xc", False),
    ("abc", "a?c", False),  # only * is a pattern
    ("a[b]c", "a[b]c", True),
    ("a.c", "a.c", True),
    ("abc", "a.c", False),
]


@pytest.mark.parametrize(("target", "pattern", "does"), MATCHES)
def test_a_star_is_any_run_and_all_else_stands_for_itself(target: str, pattern: str, does: bool) -> None:
    assert matches(target, pattern) is does


@given(
    st.lists(st.text("ab/", max_size=4), min_size=1, max_size=4), st.lists(st.text("ab/*", max_size=3), min_size=4, max_size=4)
)
@example(["a", "a"], ["", "", "", ""])
def test_what_is_put_where_a_star_stands_is_matched(parts: list[str], runs: list[str]) -> None:
    filled = "".join(f"{part}{run}" for part, run in zip(parts, (*runs[: len(parts) - 1], ""), strict=False))
    assert matches(filled, "*".join(parts))


def test_it_covers_its_check_alone() -> None:
    there = result("CAPACITY001", "ecs/us-east-1/production")
    assert covers(waiver(), there)
    assert not covers(waiver(check="CAPACITY002"), there)
    assert not covers(waiver(check="CAPACITY"), there)
    assert not covers(waiver(check="capacity001"), there)


OUTCOMES: list[tuple[Outcome, tuple[str, ...], bool]] = [
    (Outcome.FAILED, ("FAILED",), True),
    (Outcome.UNDETERMINED, ("FAILED",), False),
    (Outcome.BLOCKED, ("FAILED",), False),
    (Outcome.UNDETERMINED, ("UNDETERMINED",), True),
    (Outcome.BLOCKED, ("FAILED", "BLOCKED"), True),
    (Outcome.FAILED, ("UNDETERMINED", "BLOCKED"), False),
    (Outcome.PASSED, ("FAILED", "UNDETERMINED", "BLOCKED"), False),
    (Outcome.NOT_APPLICABLE, ("FAILED", "UNDETERMINED", "BLOCKED"), False),
]


@pytest.mark.parametrize(("outcome", "outcomes", "waived"), OUTCOMES)
def test_it_covers_what_failed_and_more_only_where_it_says_so(outcome: Outcome, outcomes: tuple[str, ...], waived: bool) -> None:
    before = result("CAPACITY001", "ecs/us-east-1/production", outcome, reason="because")
    (after,) = waive([before], [waiver(outcomes=outcomes)], TODAY)

    if not waived:
        assert after == before
        return
    assert after.outcome is Outcome.WAIVED
    assert after.waiver
    assert (after.waiver.reason, after.waiver.until, after.waiver.original) == ("it grows in April", TODAY, outcome)
    assert (after.problems, after.severity, after.reason) == (before.problems, before.severity, "because")
    assert after.findings == ()


@pytest.mark.parametrize(("today", "waived"), [(date(2027, 2, 28), True), (TODAY, True), (date(2027, 3, 2), False)])
def test_its_last_day_is_its_own(today: date, waived: bool) -> None:
    (after,) = waive([result("CAPACITY001", "ecs/us-east-1/production", Outcome.FAILED)], [waiver()], today)
    assert (after.outcome is Outcome.WAIVED) is waived


def test_the_first_waiver_that_holds_is_named() -> None:
    waivers = [waiver(until=date(2027, 1, 1), reason="past"), waiver(reason="first"), waiver(reason="second")]
    failed = result("CAPACITY001", "ecs/us-east-1/production", Outcome.FAILED)
    (after,) = waive([failed], waivers, TODAY)
    assert after.waiver
    assert after.waiver.reason == "first"


def test_results_keep_their_order() -> None:
    results = [result("CAPACITY001", f"ecs/us-east-1/c{number}", Outcome.FAILED) for number in range(3)]
    after = waive([*results, result("TRUST001")], [waiver(target="ecs/us-east-1/c1")], TODAY)
    assert [found.outcome for found in after] == [Outcome.FAILED, Outcome.WAIVED, Outcome.FAILED, Outcome.PASSED]


@pytest.mark.parametrize(
    ("beside", "outcomes", "waived"),
    [
        (None, ("FAILED",), True),
        (Outcome.UNDETERMINED, ("FAILED",), False),
        (Outcome.UNDETERMINED, ("FAILED", "BLOCKED"), False),
        (Outcome.UNDETERMINED, ("FAILED", "UNDETERMINED"), True),
        (Outcome.BLOCKED, ("FAILED", "BLOCKED"), True),
    ],
)
def test_what_was_not_seen_beside_a_failure_is_waived_only_by_name(
    beside: Outcome | None, outcomes: tuple[str, ...], waived: bool
) -> None:
    failed = replace(result("CAPACITY001", "ecs/us-east-1/production", Outcome.FAILED, reason="because"), beside=beside)
    (after,) = waive([failed], [waiver(outcomes=outcomes)], TODAY)
    assert (after.outcome is Outcome.WAIVED) is waived
