"""Placement constraints of a task definition and of a service or task start; all of them must hold.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.query import ClusterQuery, compile_query
from ecs_preflight.ecs.query_terms import all_of
from ecs_preflight.ecs.task import PlacementConstraint, TaskDefinition
from ecs_preflight.errors import UsageError

# "You can specify a maximum of 10 constraints for each task. This limit includes constraints in the task definition
# and those specified at runtime." https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
MAX_CONSTRAINTS = 10


@dataclass(frozen=True, slots=True)
class Constraints:
    """At most one task of the group on an instance (`distinct`), and every query of `members` matches it."""

    distinct: bool = False
    members: tuple[ClusterQuery, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Where the expressions leave what the guide documents."""
        return tuple(f"{query.expression}: {warning}" for query in self.members for warning in query.warnings)

    @property
    def subjects(self) -> frozenset[str]:
        """What the expressions read of an instance itself: equal values mean an equal verdict where the groups are equal."""
        return frozenset(subject for query in self.members for subject in query.subjects)

    @property
    def running_tasks_counts(self) -> frozenset[int]:
        """The numbers that the expressions compare runningTasksCount with."""
        return frozenset(count for query in self.members for count in query.running_tasks_counts)

    @property
    def reads_groups(self) -> bool:
        """Whether an expression reads task:group."""
        return any(query.reads_groups for query in self.members)

    def decide(self, instance: ContainerInstance, groups: Collection[str] | None) -> bool | None:
        """Whether every expression matches; None where that cannot be told."""
        return all_of(query.decide(instance, groups) for query in self.members)


def read_constraints(task: TaskDefinition, constraints: Iterable[PlacementConstraint | Mapping[str, Any]]) -> Constraints:
    """The constraints of `task` and those given beside it, in the shape of CreateService.

    Raises QueryError for an expression that is none, UsageError for what the ECS API itself would refuse.
    """
    beside = [read_shape(PlacementConstraint, item, name="placement constraint") for item in constraints]
    if any(constraint.type == "distinctInstance" for constraint in task.placement_constraints):
        raise UsageError(
            f"The task definition {task.family!r} has the placement constraint distinctInstance.",
            hint="A task definition takes memberOf only: give distinctInstance to the service.",
        )
    together = [*task.placement_constraints, *beside]
    if len(together) > MAX_CONSTRAINTS:
        raise UsageError(f"{len(together)} placement constraints: ECS takes {MAX_CONSTRAINTS} in all.")
    members = [compile_query(_expression(constraint)) for constraint in together if constraint.type != _DISTINCT]
    for constraint in together:
        if constraint.type == _DISTINCT and constraint.expression is not None:
            raise UsageError("The placement constraint distinctInstance takes no expression, not even an empty one.")
    return Constraints(distinct=len(members) < len(together), members=tuple(members))


_DISTINCT = "distinctInstance"


def _expression(constraint: PlacementConstraint) -> str:
    if constraint.type != "memberOf":
        raise UsageError(f"There is no placement constraint {constraint.type!r}, only memberOf and distinctInstance.")
    if constraint.expression is None:
        raise UsageError("The placement constraint memberOf has no expression.")
    return constraint.expression
