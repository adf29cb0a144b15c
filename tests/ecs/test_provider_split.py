"""How a capacity provider strategy splits tasks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.ecs.provider_split import split_by_strategy
from ecs_preflight.errors import InputError, UsageError


def item(name: str, weight: int = 0, base: int = 0) -> dict[str, Any]:
    return {"capacityProvider": name, "weight": weight, "base": base}


@pytest.mark.parametrize(
    ("strategy", "count", "allowed"),
    [
        ([item("A", 1)], 5, [{"A": 5}]),
        ([item("A", 1), item("B", 1)], 4, [{"A": 2, "B": 2}]),
        # "if capacityProviderA has a weight of 1 and capacityProviderB has a weight of 4, then for every one task ..."
        ([item("A", 1), item("B", 4)], 5, [{"A": 1, "B": 4}]),
        ([item("A", 1), item("B", 4)], 10, [{"A": 2, "B": 8}]),
        ([item("A", 0), item("B", 1)], 4, [{"A": 0, "B": 4}]),
        ([item("FARGATE", 1, base=1), item("FARGATE_SPOT", 3)], 9, [{"FARGATE": 3, "FARGATE_SPOT": 6}]),
        ([item("A", 0, base=2), item("B", 1)], 5, [{"A": 2, "B": 3}]),
        ([item("A", 0, base=2), item("B", 1)], 1, [{"A": 1, "B": 0}]),
        ([item("A", 1, base=10), item("B", 1)], 4, [{"A": 4, "B": 0}]),
        ([item("A", 1), item("B", 1)], 0, [{"A": 0, "B": 0}]),
        # How a remainder goes is not documented: either way.
        ([item("A", 1), item("B", 1)], 3, [{"A": 2, "B": 1}, {"A": 1, "B": 2}]),
        ([item("A", 1), item("B", 3)], 2, [{"A": 1, "B": 1}, {"A": 0, "B": 2}]),
        (
            [item("A", 1), item("B", 1), item("C", 1)],
            4,
            [{"A": 2, "B": 1, "C": 1}, {"A": 1, "B": 2, "C": 1}, {"A": 1, "B": 1, "C": 2}],
        ),
    ],
)
def test_splits(strategy: list[dict[str, Any]], count: int, allowed: list[dict[str, int]]) -> None:
    split = split_by_strategy(strategy, count)
    assert list(split.allowed) == allowed
    for name in allowed[0]:
        assert split.fewest(name) == min(way[name] for way in allowed)
        assert split.most(name) == max(way[name] for way in allowed)


@pytest.mark.parametrize(
    ("strategy", "message"),
    [
        ([], "A capacity provider strategy needs a provider with a weight above 0."),
        ([item("A", 0, base=3)], "A capacity provider strategy needs a provider with a weight above 0."),
        ([item("A", 1, base=1), item("B", 1, base=1)], "Only one capacity provider of a strategy can have a base."),
        ([item("A", 1), item("A", 2)], "A capacity provider comes twice in the strategy."),
        (
            [item("A", 1), item("FARGATE", 1)],
            "A strategy has Fargate's capacity providers or Auto Scaling groups', never both.",
        ),
        ([item("A", 1001)], "A weight is 0 to 1000, a base 0 to 100000."),
        ([item("A", 1, base=100_001)], "A weight is 0 to 1000, a base 0 to 100000."),
        ([item("A", 1, base=-1)], "A weight is 0 to 1000, a base 0 to 100000."),
        ([item(str(number), 1) for number in range(21)], "21 capacity providers: a strategy takes 20."),
    ],
)
def test_what_ecs_would_refuse_is_refused(strategy: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        split_by_strategy(strategy, 3)
    assert str(refused.value) == message


def test_as_much_as_ecs_takes_is_taken() -> None:
    assert split_by_strategy([item("A", 1000, base=100_000)], 3).allowed == ({"A": 3},)
    twenty = split_by_strategy([item(str(number), 1) for number in range(20)], 20)
    assert set(twenty.certain.values()) == {1}


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(UsageError) as refused:
        split_by_strategy([item("A", 1)], -1)
    assert str(refused.value) == "The number of tasks is -1: expected 0 or more."
    with pytest.raises(InputError, match="This is not the capacity provider strategy item"):
        split_by_strategy([{"weight": 1}], 1)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any), st.integers(0, 3), st.integers(0, 30))
@settings(max_examples=80, deadline=None)
def test_every_split_is_of_all_tasks(weights: list[int], base: int, count: int) -> None:
    strategy = [item(str(number), weight, base if number == 0 else 0) for number, weight in enumerate(weights)]
    split = split_by_strategy(strategy, count)
    assert split.allowed
    assert all(sum(way.values()) == count for way in split.allowed)
    assert all(way["0"] >= min(base, count) for way in split.allowed)
