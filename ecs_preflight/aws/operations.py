"""Every operation that this package may call, and no other: all of them read, but for sts:AssumeRole.

Each row declares the IAM action that it takes, how its pages follow one another, and how many names one call may carry.
"""

from __future__ import annotations

from dataclasses import dataclass

from botocore import xform_name


@dataclass(frozen=True, slots=True)
class Operation:
    """One API operation, as botocore names it, with its paperwork."""

    service: str
    """botocore's name of the service."""
    name: str
    """The API's name of the operation, such as DescribeClusters."""
    method: str
    """The client's method."""
    action: str
    """The IAM action it takes."""
    items: str = ""
    """The member of the answer that holds the list, where it answers with one."""
    token: tuple[str, str] | None = None
    """The request's and the answer's member that carry the page token."""
    batch: tuple[str, int] | None = None
    """The request's member that takes names, and how many one call may carry."""


_NEXT = ("nextToken", "nextToken")
_MARKER = ("Marker", "Marker")
_NEXT_PASCAL = ("NextToken", "NextToken")

GET_CALLER_IDENTITY = Operation("sts", "GetCallerIdentity", "get_caller_identity", "sts:GetCallerIdentity")
ASSUME_ROLE = Operation("sts", "AssumeRole", "assume_role", "sts:AssumeRole")

DESCRIBE_REGIONS = Operation("ec2", "DescribeRegions", "describe_regions", "ec2:DescribeRegions", items="Regions")
DESCRIBE_AVAILABILITY_ZONES = Operation(
    "ec2", "DescribeAvailabilityZones", "describe_availability_zones", "ec2:DescribeAvailabilityZones"
)

GET_ROLE = Operation("iam", "GetRole", "get_role", "iam:GetRole")
LIST_ROLES = Operation("iam", "ListRoles", "list_roles", "iam:ListRoles", items="Roles", token=_MARKER)
LIST_ROLE_POLICIES = Operation(
    "iam", "ListRolePolicies", "list_role_policies", "iam:ListRolePolicies", items="PolicyNames", token=_MARKER
)
GET_ROLE_POLICY = Operation("iam", "GetRolePolicy", "get_role_policy", "iam:GetRolePolicy")
LIST_ATTACHED_ROLE_POLICIES = Operation(
    "iam",
    "ListAttachedRolePolicies",
    "list_attached_role_policies",
    "iam:ListAttachedRolePolicies",
    items="AttachedPolicies",
    token=_MARKER,
)
GET_POLICY = Operation("iam", "GetPolicy", "get_policy", "iam:GetPolicy")
GET_POLICY_VERSION = Operation("iam", "GetPolicyVersion", "get_policy_version", "iam:GetPolicyVersion")
GET_USER = Operation("iam", "GetUser", "get_user", "iam:GetUser")
LIST_USER_POLICIES = Operation(
    "iam", "ListUserPolicies", "list_user_policies", "iam:ListUserPolicies", items="PolicyNames", token=_MARKER
)
GET_USER_POLICY = Operation("iam", "GetUserPolicy", "get_user_policy", "iam:GetUserPolicy")
LIST_ATTACHED_USER_POLICIES = Operation(
    "iam",
    "ListAttachedUserPolicies",
    "list_attached_user_policies",
    "iam:ListAttachedUserPolicies",
    items="AttachedPolicies",
    token=_MARKER,
)
LIST_GROUPS_FOR_USER = Operation(
    "iam", "ListGroupsForUser", "list_groups_for_user", "iam:ListGroupsForUser", items="Groups", token=_MARKER
)
LIST_GROUP_POLICIES = Operation(
    "iam", "ListGroupPolicies", "list_group_policies", "iam:ListGroupPolicies", items="PolicyNames", token=_MARKER
)
GET_GROUP_POLICY = Operation("iam", "GetGroupPolicy", "get_group_policy", "iam:GetGroupPolicy")
LIST_ATTACHED_GROUP_POLICIES = Operation(
    "iam",
    "ListAttachedGroupPolicies",
    "list_attached_group_policies",
    "iam:ListAttachedGroupPolicies",
    items="AttachedPolicies",
    token=_MARKER,
)

LIST_CLUSTERS = Operation("ecs", "ListClusters", "list_clusters", "ecs:ListClusters", items="clusterArns", token=_NEXT)
DESCRIBE_CLUSTERS = Operation(
    "ecs", "DescribeClusters", "describe_clusters", "ecs:DescribeClusters", items="clusters", batch=("clusters", 100)
)
LIST_CONTAINER_INSTANCES = Operation(
    "ecs",
    "ListContainerInstances",
    "list_container_instances",
    "ecs:ListContainerInstances",
    items="containerInstanceArns",
    token=_NEXT,
)
DESCRIBE_CONTAINER_INSTANCES = Operation(
    "ecs",
    "DescribeContainerInstances",
    "describe_container_instances",
    "ecs:DescribeContainerInstances",
    items="containerInstances",
    batch=("containerInstances", 100),
)
LIST_TASKS = Operation("ecs", "ListTasks", "list_tasks", "ecs:ListTasks", items="taskArns", token=_NEXT)
DESCRIBE_TASKS = Operation("ecs", "DescribeTasks", "describe_tasks", "ecs:DescribeTasks", items="tasks", batch=("tasks", 100))
LIST_SERVICES = Operation("ecs", "ListServices", "list_services", "ecs:ListServices", items="serviceArns", token=_NEXT)
DESCRIBE_SERVICES = Operation(
    "ecs", "DescribeServices", "describe_services", "ecs:DescribeServices", items="services", batch=("services", 10)
)
DESCRIBE_TASK_DEFINITION = Operation("ecs", "DescribeTaskDefinition", "describe_task_definition", "ecs:DescribeTaskDefinition")
DESCRIBE_CAPACITY_PROVIDERS = Operation(
    "ecs",
    "DescribeCapacityProviders",
    "describe_capacity_providers",
    "ecs:DescribeCapacityProviders",
    items="capacityProviders",
    token=_NEXT,
    batch=("capacityProviders", 10),  # it takes 100, and answers with 10 a page unless told otherwise
)
LIST_ACCOUNT_SETTINGS = Operation(
    "ecs", "ListAccountSettings", "list_account_settings", "ecs:ListAccountSettings", items="settings", token=_NEXT
)
DESCRIBE_AUTO_SCALING_GROUPS = Operation(
    "autoscaling",
    "DescribeAutoScalingGroups",
    "describe_auto_scaling_groups",
    "autoscaling:DescribeAutoScalingGroups",
    items="AutoScalingGroups",
    token=_NEXT_PASCAL,
    batch=("AutoScalingGroupNames", 50),
)
DESCRIBE_IMAGES = Operation("ecr", "DescribeImages", "describe_images", "ecr:DescribeImages")
DESCRIBE_LOG_GROUPS = Operation(
    "logs", "DescribeLogGroups", "describe_log_groups", "logs:DescribeLogGroups", items="logGroups", token=_NEXT
)
DESCRIBE_SECRET = Operation("secretsmanager", "DescribeSecret", "describe_secret", "secretsmanager:DescribeSecret")

# AWS allows about five calls a second: https://docs.aws.amazon.com/general/latest/gr/servicequotas.html
GET_SERVICE_QUOTA = Operation("service-quotas", "GetServiceQuota", "get_service_quota", "servicequotas:GetServiceQuota")
GET_DEFAULT_SERVICE_QUOTA = Operation(
    "service-quotas",
    "GetAWSDefaultServiceQuota",
    "get_aws_default_service_quota",
    "servicequotas:GetAWSDefaultServiceQuota",
)
DESCRIBE_SUBNETS = Operation(
    "ec2", "DescribeSubnets", "describe_subnets", "ec2:DescribeSubnets", items="Subnets", token=_NEXT_PASCAL
)
DESCRIBE_SECURITY_GROUPS = Operation(
    "ec2",
    "DescribeSecurityGroups",
    "describe_security_groups",
    "ec2:DescribeSecurityGroups",
    items="SecurityGroups",
    token=_NEXT_PASCAL,
)
DESCRIBE_ROUTE_TABLES = Operation(
    "ec2", "DescribeRouteTables", "describe_route_tables", "ec2:DescribeRouteTables", items="RouteTables", token=_NEXT_PASCAL
)
DESCRIBE_VPC_ENDPOINTS = Operation(
    "ec2", "DescribeVpcEndpoints", "describe_vpc_endpoints", "ec2:DescribeVpcEndpoints", items="VpcEndpoints", token=_NEXT_PASCAL
)
DESCRIBE_TARGET_GROUPS = Operation(
    "elbv2",
    "DescribeTargetGroups",
    "describe_target_groups",
    "elasticloadbalancing:DescribeTargetGroups",
    items="TargetGroups",
    token=("Marker", "NextMarker"),
)

SIMULATE_PRINCIPAL_POLICY = Operation(
    "iam",
    "SimulatePrincipalPolicy",
    "simulate_principal_policy",
    "iam:SimulatePrincipalPolicy",
    items="EvaluationResults",
    token=_MARKER,
)


def _tried(service: str, name: str, prefix: str | None = None) -> Operation:
    """A read that is made only to see whether it is allowed; `prefix` is that of its IAM action where it is not the service."""
    return Operation(service, name, xform_name(name), f"{prefix or service}:{name}")


_ELB = "elasticloadbalancing"
DESCRIBE_TARGET_HEALTH = _tried("elbv2", "DescribeTargetHealth", _ELB)
DESCRIBE_TARGET_GROUP_ATTRIBUTES = _tried("elbv2", "DescribeTargetGroupAttributes", _ELB)
DESCRIBE_LOAD_BALANCERS = _tried("elbv2", "DescribeLoadBalancers", _ELB)
DESCRIBE_LOAD_BALANCER_ATTRIBUTES = _tried("elbv2", "DescribeLoadBalancerAttributes", _ELB)
DESCRIBE_LISTENERS = _tried("elbv2", "DescribeListeners", _ELB)
DESCRIBE_RULES = _tried("elbv2", "DescribeRules", _ELB)
DESCRIBE_LOAD_BALANCER_TAGS = _tried("elbv2", "DescribeTags", _ELB)
DESCRIBE_INSTANCE_HEALTH = _tried("elb", "DescribeInstanceHealth", _ELB)
DESCRIBE_ALARMS = _tried("cloudwatch", "DescribeAlarms")
DESCRIBE_SCALABLE_TARGETS = _tried("application-autoscaling", "DescribeScalableTargets")
DESCRIBE_SCALING_POLICIES = _tried("application-autoscaling", "DescribeScalingPolicies")
LIST_SECRETS = _tried("secretsmanager", "ListSecrets")
LIST_DISCOVERY_SERVICES = _tried("servicediscovery", "ListServices")
LIST_IMAGES = _tried("ecr", "ListImages")
DESCRIBE_IMAGES = _tried("ecr", "DescribeImages")
LIST_SERVER_CERTIFICATES = _tried("iam", "ListServerCertificates")
DESCRIBE_VPCS = _tried("ec2", "DescribeVpcs")
DESCRIBE_INSTANCES = _tried("ec2", "DescribeInstances")
DESCRIBE_MACHINE_IMAGES = _tried("ec2", "DescribeImages")
DESCRIBE_ADDRESSES = _tried("ec2", "DescribeAddresses")
DESCRIBE_KEY_PAIRS = _tried("ec2", "DescribeKeyPairs")
DESCRIBE_INSTANCE_TYPES = _tried("ec2", "DescribeInstanceTypes")
DESCRIBE_RESERVED_INSTANCES = _tried("ec2", "DescribeReservedInstances")
DESCRIBE_ACCOUNT_ATTRIBUTES = _tried("ec2", "DescribeAccountAttributes")
DESCRIBE_AUTO_SCALING_POLICIES = _tried("autoscaling", "DescribePolicies")
DESCRIBE_SCHEDULED_ACTIONS = _tried("autoscaling", "DescribeScheduledActions")
DESCRIBE_LAUNCH_CONFIGURATIONS = _tried("autoscaling", "DescribeLaunchConfigurations")

ALL_OPERATIONS: tuple[Operation, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Operation))
OPERATION_OF_ACTION = {operation.action: operation for operation in ALL_OPERATIONS}
