"""How many copies a deploy stage wants at once, and a rollback after it."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.errors import UsageError
from ecs_preflight.spinnaker import rollout_demand

OLD = {"desired": 4, "scalableTargetMax": 10}


@pytest.mark.parametrize(
    ("strategy", "peak", "after", "rollback"),
    [
        ("redblack", 10, 0, 10),
        ("RedBlack", 10, 0, 10),  # Orca compares without regard to case
        ("highlander", 10, 0, None),  # destroyed: there is nothing to enable again
        ("none", 10, 4, 10),
        ("", 10, 4, 10),
        ("custom", 10, None, 10),
    ],
)
def test_the_new_one_stands_beside_the_old_one_whatever_the_strategy(
    strategy: str, peak: int, after: int | None, rollback: int | None
) -> None:
    demand = rollout_demand(strategy, capacity_desired=6, old=OLD)
    assert (demand.new_desired, demand.peak_running, demand.old_after) == (6, peak, after)
    assert (demand.rollback_enable_desired, demand.extra) == (rollback, 6)


@pytest.mark.parametrize(
    ("given", "new", "peak", "rollback"),
    [
        ({"capacity_desired": 10, "old": {"desired": 4, "scalableTargetMax": None}}, 10, 14, None),
        ({"capacity_desired": 10, "old": OLD, "use_source_capacity": True}, 4, 8, 10),
        ({"capacity_desired": 3}, 3, 3, None),
        ({"capacity_desired": 3, "use_source_capacity": True}, 3, 3, None),
        ({"capacity_desired": 0, "old": {"desired": 0, "scalableTargetMax": 2}}, 0, 0, 2),
    ],
)
def test_counts(given: dict[str, Any], new: int, peak: int, rollback: int | None) -> None:
    demand = rollout_demand("redblack", **given)
    assert (demand.new_desired, demand.peak_running, demand.rollback_enable_desired) == (new, peak, rollback)


@pytest.mark.parametrize("strategy", ["rollingredblack", "monitored"])
@pytest.mark.parametrize(("steps", "peak"), [((), 8), ((25, 50), 5), ((50, 100), 6), ((10,), 5), ((200,), 8)])
def test_what_grows_in_steps_becomes_as_large_as_the_old_one(strategy: str, steps: tuple[int, ...], peak: int) -> None:
    # The first step stands beside the whole old one; disabling it by any percentage stops it.
    demand = rollout_demand(strategy, capacity_desired=6, old=OLD, target_percentages=steps)
    assert (demand.new_desired, demand.peak_running, demand.old_after) == (4, peak, 0)
    assert rollout_demand(strategy, capacity_desired=6).new_desired == 6


def test_a_rollback_enables_the_old_one_at_its_maximum_beside_the_new_one() -> None:
    assert rollout_demand("redblack", capacity_desired=4, old=OLD).rollback_peak == 14
    assert rollout_demand("redblack", capacity_desired=4).rollback_peak is None


@pytest.mark.parametrize(
    ("strategy", "hint"), [("red/black", "Did you mean 'redblack'?"), ("canary", "Expected one of custom, highlander, monitored")]
)
def test_a_strategy_that_orca_does_not_have_is_refused(strategy: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        rollout_demand(strategy, capacity_desired=1)
    assert str(refused.value.hint).startswith(hint)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(UsageError, match="0 or more"):
        rollout_demand("redblack", capacity_desired=-1)
