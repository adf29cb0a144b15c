"""What the sandbox's ECS answers about clusters, capacity providers and account settings.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from moto.ecs.models import ecs_backends

from ecs_preflight.sandbox.calls import Call
from ecs_preflight.sandbox.fleet import Fleet
from ecs_preflight.sandbox.pages import page

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
DEFAULT_ACCOUNT_SETTINGS = {
    "awsvpcTrunking": "disabled",
    "containerInsights": "disabled",
    "containerInstanceLongArnFormat": "enabled",
    "defaultLogDriverMode": "non-blocking",
    "dualStackIPv6": "enabled",
    "fargateFIPSMode": "disabled",
    "fargateTaskRetirementWaitPeriod": "7",
    "guardDutyActivate": "off",
    "serviceLongArnFormat": "enabled",
    "tagResourceAuthorization": "off",
    "taskLongArnFormat": "enabled",
}
_FARGATE = ("FARGATE", "FARGATE_SPOT")


def cluster_answerers(fleet: Fleet) -> dict[tuple[str, str], Callable[[Call], Mapping[str, Any]]]:
    """The answerers, by service and operation."""
    return {
        ("ecs", "ListClusters"): list_clusters,
        ("ecs", "DescribeClusters"): partial(describe_clusters, fleet),
        ("ecs", "DescribeCapacityProviders"): describe_capacity_providers,
        ("ecs", "ListAccountSettings"): list_account_settings,
    }


def list_clusters(call: Call) -> dict[str, Any]:
    """Deleted clusters are described for a while, and not listed."""
    clusters = ecs_backends[call.account_id][call.region].clusters.values()
    return page(call, "clusterArns", [cluster.arn for cluster in clusters if cluster.status == "ACTIVE"])


def describe_clusters(fleet: Fleet, call: Call) -> dict[str, Any]:
    known = ecs_backends[call.account_id][call.region].clusters
    names = [name.rpartition("/")[2] for name in call.get("clusters") or ("default",)]
    return {
        "clusters": [_described(fleet, call, known[name]) for name in names if name in known],
        "failures": [{"arn": call.arn(f"cluster/{name}"), "reason": "MISSING"} for name in names if name not in known],
    }


def describe_capacity_providers(call: Call) -> dict[str, Any]:
    """Fargate's two are in every account; moto knows neither, and fails where none is named."""
    own = ecs_backends[call.account_id][call.region].capacity_providers
    named = [name.rpartition("/")[2] for name in call.get("capacityProviders") or (*_FARGATE, *own)]
    found = [_provider(call, name, own.get(name)) for name in named if name in own or name in _FARGATE]
    missing = [name for name in named if name not in own and name not in _FARGATE]
    return {
        "capacityProviders": found,
        "failures": [{"arn": call.arn(f"capacity-provider/{name}"), "reason": "MISSING"} for name in missing],
    }


def list_account_settings(call: Call) -> dict[str, Any]:
    """With effectiveSettings the defaults too, which moto leaves out; by name where one is asked for."""
    own = {setting.name: setting.value for setting in ecs_backends[call.account_id][call.region].account_settings.values()}
    settings = {**DEFAULT_ACCOUNT_SETTINGS, **own} if call.get("effectiveSettings") else own
    root = call.arn("root", "iam")
    return {
        "settings": [
            {"name": name, "value": value, "principalArn": root, "type": "user"}
            for name, value in sorted(settings.items())
            if call.get("name") in (None, name)
        ]
    }


def _described(fleet: Fleet, call: Call, cluster: Any) -> dict[str, Any]:
    instances = fleet.instances(call.account_id, call.region, cluster.name).values()
    tasks = sum(len(instance.tasks) for instance in instances)
    backend = ecs_backends[call.account_id][call.region]
    services = sum(1 for service in backend.services.values() if service.cluster_name == cluster.name)
    counts = {
        "registeredContainerInstancesCount": len(instances),
        "runningTasksCount": tasks,
        "pendingTasksCount": 0,
        "activeServicesCount": services,
    }
    statistics = [{"name": "runningEC2TasksCount", "value": str(tasks)}, {"name": "runningFargateTasksCount", "value": "0"}]
    return {
        "clusterArn": cluster.arn,
        "clusterName": cluster.name,
        "status": cluster.status,
        **counts,
        "settings": cluster.settings or [],
        "statistics": statistics if "STATISTICS" in call.get("include", ()) else [],
        "capacityProviders": cluster.capacity_providers or [],
        "defaultCapacityProviderStrategy": cluster.default_capacity_provider_strategy or [],
        "tags": [],
    }


def _provider(call: Call, name: str, own: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "capacityProviderArn": call.arn(f"capacity-provider/{name}"),
        "name": name,
        "status": "ACTIVE",
        "tags": [],
    }
    if own is not None:
        described |= {"status": own.status, "autoScalingGroupProvider": own.auto_scaling_group_provider}
    return described
