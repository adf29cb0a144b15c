"""Elements of DescribeClusters and DescribeCapacityProviders."""

from __future__ import annotations

from ecs_preflight.ecs.cluster import CapacityProvider, CapacityProviderStrategyItem, Cluster


def test_a_cluster_is_read_and_what_is_not_known_ignored() -> None:
    cluster = Cluster.model_validate(
        {
            "clusterArn": "arn:aws:ecs:us-east-1:111122223333:cluster/demo",
            "clusterName": "demo",
            "status": "ACTIVE",
            "registeredContainerInstancesCount": 3,
            "capacityProviders": ["cp-a", "FARGATE"],
            "defaultCapacityProviderStrategy": [{"capacityProvider": "cp-a", "weight": 1}],
            "settings": [{"name": "containerInsights", "value": "enabled"}],
        }
    )
    assert cluster.registered_container_instances_count == 3
    assert cluster.capacity_providers == ("cp-a", "FARGATE")
    assert cluster.default_capacity_provider_strategy == (
        CapacityProviderStrategyItem(capacity_provider="cp-a", weight=1, base=0),
    )


def test_a_capacity_provider_without_managed_scaling_has_it_disabled() -> None:
    provider = CapacityProvider.model_validate(
        {"name": "cp-a", "autoScalingGroupProvider": {"autoScalingGroupArn": "arn:aws:autoscaling:demo"}}
    )
    assert provider.auto_scaling_group_provider is not None
    assert provider.auto_scaling_group_provider.managed_scaling.status == "DISABLED"
    assert CapacityProvider.model_validate({"name": "FARGATE"}).auto_scaling_group_provider is None
