"""From AWS-shaped arguments to the demand that placement works on: read once, checked once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.constraints import read_constraints
from ecs_preflight.ecs.eni import InterfaceTable
from ecs_preflight.ecs.fit import Demand
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.ecs.running import TasksOnInstance
from ecs_preflight.ecs.subnets import Subnet, addresses_by_zone, read_subnets
from ecs_preflight.ecs.task import PlacementConstraint, TaskDefinition
from ecs_preflight.errors import UsageError

LAUNCH_TYPES = ("EC2", "EXTERNAL", "FARGATE", "MANAGED_INSTANCES")


def read_instances(instances: Iterable[ContainerInstance | Mapping[str, Any]]) -> tuple[ContainerInstance, ...]:
    """Container instances as models; raises InputError where one cannot be read or comes twice."""
    models = tuple(read_shape(ContainerInstance, item, name="container instance") for item in instances)
    if len({model.container_instance_arn for model in models}) < len(models):
        raise UsageError("A container instance is given twice: each ARN may come once.")
    return models


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
    needs = task_requirements(task)
    located = task.is_awsvpc and subnets is not None
    return Demand(
        needs=needs,
        constraints=read_constraints(task, constraints),
        group=task.default_group if group is None else group,
        external=launch_type == "EXTERNAL",
        barred=not _runs_on_instances(task, launch_type or "EC2"),
        providers=_providers(capacity_provider),
        zones=addresses_by_zone(read_subnets(subnets or ())) if located else None,
        tasks=tasks,
        interfaces=interfaces,
        attribute_names=frozenset(attribute.name for attribute in needs.attributes),
        attribute_values=tuple((item.name, item.value) for item in needs.attributes if item.value is not None),
        likely_names=frozenset(attribute.name for attribute in needs.likely_attributes),
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
