"""Amazon ECS: its resources, and where the scheduler would place tasks."""

from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.ecs.fargate import is_fargate_size
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement, place
from ecs_preflight.ecs.query import UndecidedQueryError, compile_query
from ecs_preflight.ecs.query_text import QueryError
from ecs_preflight.ecs.requirements import TaskRequirements, task_requirements
from ecs_preflight.ecs.task import TaskDefinition

__all__ = [
    "CapacityProvider",
    "Cluster",
    "ContainerInstance",
    "Placement",
    "QueryError",
    "TaskDefinition",
    "TaskRequirements",
    "UndecidedQueryError",
    "compile_query",
    "is_fargate_size",
    "place",
    "task_requirements",
]
