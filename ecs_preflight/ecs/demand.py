"""One kind of task and what limits where it may go: AWS-shaped arguments, read once and checked once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_preflight.ecs.constraints import Constraints, read_constraints
from ecs_preflight.ecs.eni import InterfaceTable
from ecs_preflight.ecs.instance_table import InstanceTable
from ecs_preflight.ecs.requirements import TaskRequirements, task_requirements
from ecs_preflight.ecs.running import NOTHING_RUNS, TasksOnInstance
from ecs_preflight.ecs.subnets import Subnet, ZoneAddresses, addresses_by_zone, read_subnets
from ecs_preflight.ecs.task import PlacementConstraint, TaskDefinition
from ecs_preflight.errors import UsageError

LAUNCH_TYPES = ("EC2", "EXTERNAL", "FARGATE", "MANAGED_INSTANCES")


@dataclass(frozen=True, slots=True)
class Demand:
    """What every copy wants. `zones` None: no subnets limit it. `tasks` None: DescribeTasks was not asked."""

    needs: TaskRequirements
    constraints: Constraints
    group: str
    wants_external: bool = False
    barred: bool = False
    providers: frozenset[str] | None = None
    zones: Mapping[str, ZoneAddresses] | None = None
    tasks: Mapping[str, TasksOnInstance] | None = None
    interfaces: InterfaceTable | None = None

    def tasks_on(self, table: InstanceTable) -> Sequence[TasksOnInstance | None]:
        """What runs on each instance; None where that was not read and something does run."""
        if self.tasks is None:
            return [None if count else NOTHING_RUNS for count in table.tasks_counts]
        there = self.tasks
        return [there.get(arn, NOTHING_RUNS) for arn in table.arns]


def make_demand(
    task: TaskDefinition,
    *,
    group: str | None = None,
    constraints: Iterable[PlacementConstraint | Mapping[str, Any]] = (),
    launch_type: str | None = None,
    capacity_provider: str | Collection[str] | None = None,
    subnets: Iterable[Subnet | Mapping[str, Any]] | None = None,
    tasks: Mapping[str, TasksOnInstance] | None = None,
    interfaces: InterfaceTable | None = None,
) -> Demand:
    """The demand of one task of `task`; without a launch type it is EC2's.

    Raises UsageError for a launch type that does not exist, and whatever reading the arguments raises.
    """
    if launch_type not in (None, *LAUNCH_TYPES):
        raise UsageError(f"There is no launch type {launch_type!r}: use one of {', '.join(LAUNCH_TYPES)}.")
    located = task.is_awsvpc and subnets is not None
    return Demand(
        needs=task_requirements(task),
        constraints=read_constraints(task, constraints),
        group=task.default_group if group is None else group,
        wants_external=launch_type == "EXTERNAL",
        barred=not _runs_on_instances(task, launch_type or "EC2"),
        providers=_providers(capacity_provider),
        zones=addresses_by_zone(read_subnets(subnets or ())) if located else None,
        tasks=tasks,
        interfaces=interfaces,
    )


def _providers(capacity_provider: str | Collection[str] | None) -> frozenset[str] | None:
    if capacity_provider is None:
        return None
    return frozenset({capacity_provider} if isinstance(capacity_provider, str) else capacity_provider)


def _runs_on_instances(task: TaskDefinition, launch_type: str) -> bool:
    """Fargate has no container instances; external ones take no awsvpc task; `compatibilities` is ECS's own verdict.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html#ecs-anywhere-considerations
    """
    if launch_type == "FARGATE" or (launch_type == "EXTERNAL" and task.is_awsvpc):
        return False
    return not task.compatibilities or launch_type in task.compatibilities
