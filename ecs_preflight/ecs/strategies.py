"""Placement strategies: which of the instances that can hold a task ECS prefers; never whether one can.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from ecs_preflight.ecs._model import AwsShape, read_shape
from ecs_preflight.errors import UsageError

# "You can specify a maximum of 5 strategy rules for each service."
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
MAX_STRATEGIES = 5


class PlacementStrategy(AwsShape):
    """`spread` over instanceId or an attribute, `binpack` on cpu or memory, or `random`."""

    type: str
    field: str = ""

    @property
    def attribute(self) -> str:
        """The attribute that tasks are spread over; empty where they are spread over instances."""
        return self.field.removeprefix("attribute:") if self.field not in ("instanceId", "host") else ""


Strategy: TypeAlias = tuple[PlacementStrategy, ...]

# "By default, tasks are placed randomly with RunTask or spread across Availability Zones with CreateService."
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementStrategy.html; the service scheduler then
# prefers the instances with the fewest tasks of the service.
SERVICE_DEFAULT: Strategy = (
    PlacementStrategy(type="spread", field="attribute:ecs.availability-zone"),
    PlacementStrategy(type="spread", field="instanceId"),
)


def read_strategy(strategy: Iterable[PlacementStrategy | Mapping[str, Any]]) -> Strategy:
    """The rules of CreateService, in their order; raises UsageError for what the ECS API would refuse."""
    rules = tuple(read_shape(PlacementStrategy, item, name="placement strategy") for item in strategy)
    if len(rules) > MAX_STRATEGIES:
        raise UsageError(f"{len(rules)} placement strategies: ECS takes {MAX_STRATEGIES} of them.")
    for rule in rules:
        _check(rule)
    return rules


def effective_strategy(rules: Strategy, group: str) -> Strategy:
    """The rules themselves, or the default of what starts the tasks of `group`: a service spreads, RunTask does not."""
    return rules or (SERVICE_DEFAULT if group.startswith("service:") else ())


def _check(rule: PlacementStrategy) -> None:
    if rule.type not in ("random", "spread", "binpack"):
        raise UsageError(f"There is no placement strategy {rule.type!r}: use random, spread or binpack.")
    if rule.type == "binpack" and rule.field.lower() not in ("cpu", "memory"):
        raise UsageError(f"binpack takes the field cpu or memory, not {rule.field!r}.")
    if rule.type == "spread" and rule.field not in ("instanceId", "host") and not rule.field.startswith("attribute:"):
        raise UsageError(f"spread takes the field instanceId, host or attribute:NAME, not {rule.field!r}.")
