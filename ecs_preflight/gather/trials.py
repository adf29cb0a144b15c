"""The cheapest form of every read that clouddriver makes, to see whether it is allowed; nothing of the answers is kept.

AWS decides whether a call is allowed before it looks for what the call names. So what is named here need not exist: the
error that says so comes after the decision, and is listed with the call. Any other error decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ecs_preflight.aws import operations as op
from ecs_preflight.aws.operations import Operation

# Names that nobody has. `{...}` is filled in with the account, region, partition and ECS cluster that are asked about.
_TASK = "arn:{partition}:ecs:{region}:{account_id}:task/{cluster}/0123456789abcdef0123456789abcdef"
_INSTANCE = "arn:{partition}:ecs:{region}:{account_id}:container-instance/{cluster}/0123456789abcdef0123456789abcdef"
_ELB = "arn:{partition}:elasticloadbalancing:{region}:{account_id}:"
_TARGET_GROUP = _ELB + "targetgroup/ecs-preflight/0123456789abcdef"
_LOAD_BALANCER = _ELB + "loadbalancer/app/ecs-preflight/0123456789abcdef"
_LISTENER = _ELB + "listener/app/ecs-preflight/0123456789abcdef/0123456789abcdef"
_NOBODY = "ecs-preflight"


@dataclass(frozen=True, slots=True)
class Trial:
    """One call, and the error codes that only an allowed call is answered with."""

    operation: Operation
    parameters: Mapping[str, Any] = field(default_factory=dict)
    not_found: tuple[str, ...] = ()

    def parameters_for(self, place: Mapping[str, str]) -> dict[str, Any]:
        return {name: _filled(value, place) for name, value in self.parameters.items()}


def _filled(value: Any, place: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return value.format_map(place)
    return [_filled(item, place) for item in value] if isinstance(value, list) else value


_NO_TARGET_GROUP = ("TargetGroupNotFound", "TargetGroupNotFoundException")
_NO_LOAD_BALANCER = ("LoadBalancerNotFound", "LoadBalancerNotFoundException", "AccessPointNotFound")
_NO_LISTENER = ("ListenerNotFound", "ListenerNotFoundException", "RuleNotFound", "RuleNotFoundException")
_NO_REPOSITORY = ("RepositoryNotFoundException",)
_FEW = {"MaxResults": 5}
_FEW_RECORDS = {"MaxRecords": 1}

AS_ECS_ACCOUNT: tuple[Trial, ...] = (
    Trial(op.LIST_CLUSTERS, {"maxResults": 1}),
    Trial(op.DESCRIBE_TASK_DEFINITION, {"taskDefinition": _NOBODY}, ("ClientException",)),
    Trial(op.LIST_ACCOUNT_SETTINGS, {"maxResults": 1}),
    Trial(op.DESCRIBE_TARGET_GROUPS, {"PageSize": 1}),
    Trial(op.DESCRIBE_TARGET_HEALTH, {"TargetGroupArn": _TARGET_GROUP}, _NO_TARGET_GROUP),
    Trial(op.DESCRIBE_ALARMS, _FEW_RECORDS),
    Trial(op.DESCRIBE_SCALABLE_TARGETS, {"ServiceNamespace": "ecs", "MaxResults": 1}),
    Trial(op.DESCRIBE_SCALING_POLICIES, {"ServiceNamespace": "ecs", "MaxResults": 1}),
    Trial(op.LIST_SECRETS, {"MaxResults": 1}),
    Trial(op.LIST_DISCOVERY_SERVICES, {"MaxResults": 1}),
    Trial(op.LIST_IMAGES, {"repositoryName": _NOBODY, "maxResults": 1}, _NO_REPOSITORY),
    Trial(op.DESCRIBE_IMAGES, {"repositoryName": _NOBODY, "maxResults": 1}, _NO_REPOSITORY),
    Trial(op.LIST_ROLES, {"MaxItems": 1}),
)
_NO_CLUSTER = ("ClusterNotFoundException",)
OF_CLUSTER: tuple[Trial, ...] = (
    Trial(op.DESCRIBE_CLUSTERS, {"clusters": ["{cluster}"]}),
    Trial(op.LIST_SERVICES, {"cluster": "{cluster}", "maxResults": 1}, _NO_CLUSTER),
    Trial(op.DESCRIBE_SERVICES, {"cluster": "{cluster}", "services": [_NOBODY]}, _NO_CLUSTER),
    Trial(op.LIST_TASKS, {"cluster": "{cluster}", "maxResults": 1}, _NO_CLUSTER),
    Trial(op.DESCRIBE_TASKS, {"cluster": "{cluster}", "tasks": [_TASK]}, _NO_CLUSTER),
    Trial(op.LIST_CONTAINER_INSTANCES, {"cluster": "{cluster}", "maxResults": 1}, _NO_CLUSTER),
    Trial(op.DESCRIBE_CONTAINER_INSTANCES, {"cluster": "{cluster}", "containerInstances": [_INSTANCE]}, _NO_CLUSTER),
)
AS_AWS_ACCOUNT: tuple[Trial, ...] = (
    Trial(op.DESCRIBE_SUBNETS, _FEW),
    Trial(op.DESCRIBE_SECURITY_GROUPS, _FEW),
    Trial(op.DESCRIBE_VPCS, _FEW),
    Trial(op.DESCRIBE_INSTANCES, _FEW),
    Trial(op.DESCRIBE_TARGET_GROUPS, {"PageSize": 1}),
    Trial(op.DESCRIBE_TARGET_HEALTH, {"TargetGroupArn": _TARGET_GROUP}, _NO_TARGET_GROUP),
    Trial(op.DESCRIBE_TARGET_GROUP_ATTRIBUTES, {"TargetGroupArn": _TARGET_GROUP}, _NO_TARGET_GROUP),
    Trial(op.DESCRIBE_LOAD_BALANCERS, {"PageSize": 1}),
    Trial(op.DESCRIBE_LOAD_BALANCER_ATTRIBUTES, {"LoadBalancerArn": _LOAD_BALANCER}, _NO_LOAD_BALANCER),
    Trial(op.DESCRIBE_LISTENERS, {"LoadBalancerArn": _LOAD_BALANCER}, _NO_LOAD_BALANCER),
    Trial(op.DESCRIBE_RULES, {"ListenerArn": _LISTENER}, _NO_LISTENER),
    Trial(op.DESCRIBE_LOAD_BALANCER_TAGS, {"ResourceArns": [_LOAD_BALANCER]}, _NO_LOAD_BALANCER),
    Trial(op.DESCRIBE_INSTANCE_HEALTH, {"LoadBalancerName": _NOBODY}, _NO_LOAD_BALANCER),
    Trial(op.DESCRIBE_AUTO_SCALING_GROUPS, _FEW_RECORDS),
    Trial(op.DESCRIBE_AUTO_SCALING_POLICIES, _FEW_RECORDS),
    Trial(op.DESCRIBE_SCHEDULED_ACTIONS, _FEW_RECORDS),
    Trial(op.DESCRIBE_LAUNCH_CONFIGURATIONS, _FEW_RECORDS),
    Trial(op.DESCRIBE_ALARMS, _FEW_RECORDS),
    Trial(op.DESCRIBE_MACHINE_IMAGES, {"Owners": ["self"]}),
    Trial(op.DESCRIBE_ADDRESSES),
    Trial(op.DESCRIBE_KEY_PAIRS),
    Trial(op.DESCRIBE_INSTANCE_TYPES, {"InstanceTypes": ["t3.micro"]}, ("InvalidInstanceType",)),
    Trial(op.DESCRIBE_RESERVED_INSTANCES),
    Trial(op.DESCRIBE_ACCOUNT_ATTRIBUTES, {"AttributeNames": ["default-vpc"]}),
    Trial(op.LIST_SERVER_CERTIFICATES, {"MaxItems": 1}),
)
