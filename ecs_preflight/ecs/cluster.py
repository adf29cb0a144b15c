"""An ECS cluster and its capacity providers, as DescribeClusters and DescribeCapacityProviders give them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProvider.html
"""

from __future__ import annotations

from ecs_preflight.ecs._model import AwsShape


class CapacityProviderStrategyItem(AwsShape):
    """How many tasks a provider gets: `base` of them first, then by `weight`; weight 0 without a base means none."""

    capacity_provider: str
    weight: int = 0
    base: int = 0


class ManagedScaling(AwsShape):
    """Whether ECS scales the provider's Auto Scaling group, towards which reservation and in which steps.

    The defaults are those of the API; a provider without the structure has managed scaling disabled.
    """

    status: str = "DISABLED"
    target_capacity: int = 100
    minimum_scaling_step_size: int = 1
    maximum_scaling_step_size: int = 10_000
    instance_warmup_period: int = 300


class AutoScalingGroupProvider(AwsShape):
    """The Auto Scaling group behind a capacity provider."""

    auto_scaling_group_arn: str = ""
    managed_scaling: ManagedScaling = ManagedScaling()
    managed_termination_protection: str = "DISABLED"
    managed_draining: str = "ENABLED"


class CapacityProvider(AwsShape):
    """FARGATE, FARGATE_SPOT, or one that stands for an Auto Scaling group."""

    name: str
    capacity_provider_arn: str | None = None
    status: str = "ACTIVE"
    update_status: str | None = None
    update_status_reason: str | None = None
    auto_scaling_group_provider: AutoScalingGroupProvider | None = None


class Cluster(AwsShape):
    """An ECS cluster; the counts are those of DescribeClusters."""

    cluster_arn: str
    cluster_name: str = ""
    status: str = ""
    registered_container_instances_count: int = 0
    running_tasks_count: int = 0
    pending_tasks_count: int = 0
    active_services_count: int = 0
    capacity_providers: tuple[str, ...] = ()
    default_capacity_provider_strategy: tuple[CapacityProviderStrategyItem, ...] = ()
    attachments_status: str | None = None
