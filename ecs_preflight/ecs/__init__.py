"""Amazon ECS: its resources, and where the scheduler would place tasks."""

from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.ecs.codes import CODES, Code
from ecs_preflight.ecs.daemon import DaemonDemand, daemon_demand
from ecs_preflight.ecs.deployment import RollingDeployment, rolling_deployment
from ecs_preflight.ecs.fargate import FargateRoom, fargate_room, is_fargate_size
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.instance_table import InstanceTable, read_instances
from ecs_preflight.ecs.managed_scaling import ScaleOut, scale_out
from ecs_preflight.ecs.placement import Placement, place
from ecs_preflight.ecs.provider_split import ProviderSplit, split_by_strategy
from ecs_preflight.ecs.query import UndecidedQueryError, compile_query
from ecs_preflight.ecs.query_text import QueryError
from ecs_preflight.ecs.requirements import TaskRequirements, task_requirements
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.ecs.workloads import JointPlacement, Workload, WorkloadRoom, place_all

__all__ = [
    "CODES",
    "CapacityProvider",
    "Cluster",
    "Code",
    "ContainerInstance",
    "DaemonDemand",
    "FargateRoom",
    "InstanceTable",
    "JointPlacement",
    "Placement",
    "ProviderSplit",
    "QueryError",
    "RollingDeployment",
    "ScaleOut",
    "TaskDefinition",
    "TaskRequirements",
    "UndecidedQueryError",
    "Workload",
    "WorkloadRoom",
    "compile_query",
    "daemon_demand",
    "fargate_room",
    "is_fargate_size",
    "place",
    "place_all",
    "read_instances",
    "rolling_deployment",
    "scale_out",
    "split_by_strategy",
    "task_requirements",
]
