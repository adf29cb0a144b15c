"""A service as DescribeServices gives it: the task definition that it runs, how often, and where.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
"""

from __future__ import annotations

from ecs_preflight.ecs._model import AwsShape
from ecs_preflight.ecs.task import PlacementConstraint


class StrategyItem(AwsShape):
    """An element of a capacity provider strategy."""

    capacity_provider: str
    base: int = 0
    weight: int = 0


class PlacementStrategy(AwsShape):
    """An element of a placement strategy."""

    type: str
    field: str | None = None


class LoadBalancerOfService(AwsShape):
    """A target group, by ARN, and the container's port that is registered with it."""

    target_group_arn: str | None = None
    container_name: str | None = None
    container_port: int | None = None


class AwsVpcConfiguration(AwsShape):
    """Where awsvpc tasks get their network interfaces: subnets and security groups, by id."""

    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    assign_public_ip: str = "DISABLED"


class NetworkConfiguration(AwsShape):
    """Of services whose tasks are awsvpc."""

    awsvpc_configuration: AwsVpcConfiguration = AwsVpcConfiguration()


class Service(AwsShape):
    """One service; `desired_count` copies of `task_definition`, an ARN."""

    service_name: str
    service_arn: str = ""
    status: str = ""
    task_definition: str = ""
    desired_count: int = 0
    running_count: int = 0
    launch_type: str | None = None
    capacity_provider_strategy: tuple[StrategyItem, ...] = ()
    platform_version: str | None = None
    placement_constraints: tuple[PlacementConstraint, ...] = ()
    placement_strategy: tuple[PlacementStrategy, ...] = ()
    load_balancers: tuple[LoadBalancerOfService, ...] = ()
    network_configuration: NetworkConfiguration = NetworkConfiguration()
