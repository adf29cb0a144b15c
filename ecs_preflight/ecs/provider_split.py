"""How a capacity provider strategy splits tasks: the base first, then by weight.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.cluster import CapacityProviderStrategyItem
from ecs_preflight.errors import UsageError

MAX_PROVIDERS = 20
MAX_WEIGHT = 1000
MAX_BASE = 100_000
_FARGATE = frozenset({"FARGATE", "FARGATE_SPOT"})


@dataclass(frozen=True, slots=True)
class ProviderSplit:
    """Tasks by capacity provider: every split that the documentation allows.

    How shares are rounded is not documented: `certain` has them rounded down, and the `remainder` goes, one task
    each, to some of the `uneven` providers.
    """

    certain: Mapping[str, int]
    uneven: tuple[str, ...]
    remainder: int

    @property
    def allowed(self) -> tuple[Mapping[str, int], ...]:
        """All of them, each as provider -> tasks."""
        return tuple(
            {name: tasks + (name in rounded_up) for name, tasks in self.certain.items()}
            for rounded_up in combinations(self.uneven, self.remainder)
        )

    def fewest(self, capacity_provider: str) -> int:
        """The fewest tasks that the provider gets."""
        return self.certain[capacity_provider]

    def most(self, capacity_provider: str) -> int:
        """The most tasks that the provider gets."""
        return self.certain[capacity_provider] + (capacity_provider in self.uneven)


def split_by_strategy(strategy: Iterable[CapacityProviderStrategyItem | Mapping[str, Any]], count: int) -> ProviderSplit:
    """How `count` tasks are split; `strategy` is that of CreateService.

    Raises UsageError for what the ECS API would refuse: no weight above 0, two bases, Fargate beside Auto Scaling
    groups, too many providers; InputError for what cannot be read.
    """
    if count < 0:
        raise UsageError(f"The number of tasks is {count}: expected 0 or more.")
    items = tuple(read_shape(CapacityProviderStrategyItem, item, name="capacity provider strategy item") for item in strategy)
    _check(items)
    left = count
    based = {}
    for item in items:
        based[item.capacity_provider] = min(item.base, left)
        left -= based[item.capacity_provider]
    total = sum(item.weight for item in items)
    shares = {item.capacity_provider: divmod(left * item.weight, total) for item in items}
    return ProviderSplit(
        certain={name: based[name] + share for name, (share, _) in shares.items()},
        uneven=tuple(name for name, (_, rest) in shares.items() if rest),
        remainder=left - sum(share for share, _ in shares.values()),
    )


def _check(items: Sequence[CapacityProviderStrategyItem]) -> None:
    names = [item.capacity_provider for item in items]
    if not items or all(item.weight == 0 for item in items):
        raise UsageError("A capacity provider strategy needs a provider with a weight above 0.")
    if len(items) > MAX_PROVIDERS:
        raise UsageError(f"{len(items)} capacity providers: a strategy takes {MAX_PROVIDERS}.")
    if len(set(names)) < len(names):
        raise UsageError("A capacity provider comes twice in the strategy.")
    if any(not 0 <= item.weight <= MAX_WEIGHT or not 0 <= item.base <= MAX_BASE for item in items):
        raise UsageError(f"A weight is 0 to {MAX_WEIGHT}, a base 0 to {MAX_BASE}.")
    if sum(item.base > 0 for item in items) > 1:
        raise UsageError("Only one capacity provider of a strategy can have a base.")
    if 0 < len(_FARGATE.intersection(names)) < len(names):
        raise UsageError("A strategy has Fargate's capacity providers or Auto Scaling groups', never both.")
