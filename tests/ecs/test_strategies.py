"""Placement strategies, and what the ECS API refuses of them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementStrategy.html
"""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.strategies import SERVICE_DEFAULT, effective_strategy, read_strategy
from ecs_preflight.errors import UsageError


def test_rules_are_read_in_their_order() -> None:
    rules = read_strategy(
        [
            {"type": "spread", "field": "attribute:ecs.availability-zone"},
            {"type": "spread", "field": "host"},
            {"type": "binpack", "field": "MEMORY"},
            {"type": "random"},
        ]
    )
    assert [rule.attribute for rule in rules[:2]] == ["ecs.availability-zone", ""]
    assert [rule.type for rule in rules] == ["spread", "spread", "binpack", "random"]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([{"type": "pack"}], "There is no placement strategy 'pack'"),
        ([{"type": "binpack", "field": "gpu"}], "binpack takes the field cpu or memory, not 'gpu'"),
        ([{"type": "binpack"}], "binpack takes the field cpu or memory, not ''"),
        ([{"type": "spread", "field": "zone"}], "spread takes the field instanceId, host or attribute:NAME, not 'zone'"),
        ([{"type": "random"}] * 6, "6 placement strategies: ECS takes 5"),
    ],
)
def test_what_ecs_would_refuse_is_refused(rules: list[dict[str, str]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_strategy(rules)


def test_a_service_without_a_strategy_spreads_and_a_single_task_does_not() -> None:
    assert effective_strategy((), "service:web") == SERVICE_DEFAULT
    assert effective_strategy((), "family:web") == ()
    binpack = read_strategy([{"type": "binpack", "field": "cpu"}])
    assert effective_strategy(binpack, "service:web") == binpack
