"""Everything that may be asked of AWS: each kind of question, and who may ask it. What answers look like stands in `answers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ecs_preflight.answers import (
    Attempt,
    AutoScalingGroup,
    CallerIdentity,
    ClockReading,
    PrincipalPolicies,
    RegionStatus,
    Role,
    Simulation,
    TriedCall,
)
from ecs_preflight.deploy_questions import DEPLOY_KINDS
from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Asker, Kind, Listing, Question
from ecs_preflight.fargate_questions import FARGATE_KINDS
from ecs_preflight.network_questions import NETWORK_KINDS

_CALLER = (Asker.CALLER,)
_IAM_READERS = (Asker.READER, Asker.ECS_SESSION, Asker.CALLER)
_ECS_READERS = (Asker.ECS_SESSION, Asker.READER)

CALLER_IDENTITY: Kind[CallerIdentity] = Kind("caller-identity", CallerIdentity, ("sts:GetCallerIdentity",), _CALLER)
CLOCK: Kind[ClockReading] = Kind("clock", ClockReading, ("sts:GetCallerIdentity",), _CALLER)
CALLER_REGIONS: Kind[Attempt] = Kind("caller-may-list-regions", Attempt, ("ec2:DescribeRegions",), _CALLER)
CALLER_ZONES: Kind[Attempt] = Kind("caller-may-list-zones", Attempt, ("ec2:DescribeAvailabilityZones",), _CALLER)
MANAGING_REGIONS: Kind[Listing[RegionStatus]] = Kind(
    "managing-account-regions", Listing[RegionStatus], ("ec2:DescribeRegions",), _CALLER
)
MANAGED_REGIONS: Kind[Listing[RegionStatus]] = Kind(
    "managed-account-regions", Listing[RegionStatus], ("ec2:DescribeRegions",), (Asker.READER, Asker.ECS_SESSION)
)
ASSUME_ROLE: Kind[Attempt] = Kind("assume-role", Attempt, ("sts:AssumeRole",), _CALLER)
ASSUMED_IDENTITY: Kind[CallerIdentity] = Kind(
    "assumed-identity", CallerIdentity, ("sts:GetCallerIdentity",), (Asker.ECS_SESSION,)
)
ROLE: Kind[Role] = Kind("role", Role, ("iam:GetRole",), _IAM_READERS, optional_actions=("iam:ListRoles",))
ROLES: Kind[Listing[Role]] = Kind("roles", Listing[Role], ("iam:ListRoles",), _IAM_READERS)
_POLICY_ACTIONS = (
    "iam:GetRole",
    "iam:ListRolePolicies",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:GetPolicy",
    "iam:GetPolicyVersion",
)
_USER_POLICY_ACTIONS = (
    "iam:GetUser",
    "iam:ListUserPolicies",
    "iam:GetUserPolicy",
    "iam:ListAttachedUserPolicies",
    "iam:ListGroupsForUser",
    "iam:ListGroupPolicies",
    "iam:GetGroupPolicy",
    "iam:ListAttachedGroupPolicies",
)
MANAGING_POLICIES: Kind[PrincipalPolicies] = Kind(
    "managing-identity-policies",
    PrincipalPolicies,
    _POLICY_ACTIONS,
    (Asker.READER, Asker.CALLER),
    optional_actions=_USER_POLICY_ACTIONS,
)
ROLE_POLICIES: Kind[PrincipalPolicies] = Kind("role-policies", PrincipalPolicies, _POLICY_ACTIONS, _IAM_READERS)
CLUSTERS: Kind[Listing[str]] = Kind("clusters", Listing[str], ("ecs:ListClusters",), _ECS_READERS)
CLUSTER: Kind[Cluster] = Kind("cluster", Cluster, ("ecs:DescribeClusters",), _ECS_READERS)
CONTAINER_INSTANCES: Kind[Listing[ContainerInstance]] = Kind(
    "container-instances",
    Listing[ContainerInstance],
    ("ecs:ListContainerInstances", "ecs:DescribeContainerInstances"),
    _ECS_READERS,
)
CONTAINER_INSTANCES_AGAIN: Kind[Listing[ContainerInstance]] = Kind(
    "container-instances-again", Listing[ContainerInstance], CONTAINER_INSTANCES.actions, _ECS_READERS
)
RUNNING_TASKS: Kind[Listing[RunningTask]] = Kind(
    "running-tasks", Listing[RunningTask], ("ecs:ListTasks", "ecs:DescribeTasks"), _ECS_READERS
)
CAPACITY_PROVIDERS: Kind[Listing[CapacityProvider]] = Kind(
    "capacity-providers", Listing[CapacityProvider], ("ecs:DescribeCapacityProviders",), _ECS_READERS
)
AUTO_SCALING_GROUPS: Kind[Listing[AutoScalingGroup]] = Kind(
    "auto-scaling-groups", Listing[AutoScalingGroup], ("autoscaling:DescribeAutoScalingGroups",), _ECS_READERS
)
ACCOUNT_SETTINGS: Kind[Mapping[str, str]] = Kind(
    "account-settings", dict[str, str], ("ecs:ListAccountSettings",), (Asker.ECS_SESSION,)
)
_ECS_READS = (
    "ecs:ListClusters",
    "ecs:DescribeTaskDefinition",
    "ecs:ListAccountSettings",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "cloudwatch:DescribeAlarms",
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingPolicies",
    "secretsmanager:ListSecrets",
    "servicediscovery:ListServices",
    "ecr:ListImages",
    "ecr:DescribeImages",
    "iam:ListRoles",
)
_CLUSTER_READS = (
    "ecs:DescribeClusters",
    "ecs:ListServices",
    "ecs:DescribeServices",
    "ecs:ListTasks",
    "ecs:DescribeTasks",
    "ecs:ListContainerInstances",
    "ecs:DescribeContainerInstances",
)
_AWS_READS = (
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeVpcs",
    "ec2:DescribeInstances",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetHealth",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeInstanceHealth",
    "autoscaling:DescribeAutoScalingGroups",
    "autoscaling:DescribePolicies",
    "autoscaling:DescribeScheduledActions",
    "autoscaling:DescribeLaunchConfigurations",
    "cloudwatch:DescribeAlarms",
    "ec2:DescribeImages",
    "ec2:DescribeAddresses",
    "ec2:DescribeKeyPairs",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeReservedInstances",
    "ec2:DescribeAccountAttributes",
    "iam:ListServerCertificates",
)
READS_AS_ECS_ACCOUNT: Kind[Listing[TriedCall]] = Kind(
    "reads-as-ecs-account", Listing[TriedCall], _ECS_READS, (Asker.ECS_SESSION,)
)
READS_OF_CLUSTER: Kind[Listing[TriedCall]] = Kind("reads-of-cluster", Listing[TriedCall], _CLUSTER_READS, (Asker.ECS_SESSION,))
READS_AS_AWS_ACCOUNT: Kind[Listing[TriedCall]] = Kind(
    "reads-as-aws-account", Listing[TriedCall], _AWS_READS, (Asker.AWS_SESSION,)
)
MAY_GET_ROLE: Kind[Attempt] = Kind("may-get-role", Attempt, ("iam:GetRole",), (Asker.ECS_SESSION,))
SIMULATION: Kind[Simulation] = Kind(
    "simulation", Simulation, ("iam:SimulatePrincipalPolicy",), _IAM_READERS, when_denied=Simulation(is_refused=True)
)

ALL_KINDS: tuple[Kind[Any], ...] = (
    *(value for value in list(globals().values()) if isinstance(value, Kind)),
    *DEPLOY_KINDS,
    *FARGATE_KINDS,
    *NETWORK_KINDS,
)
KIND_NAMED: Mapping[str, Kind[Any]] = {kind.name: kind for kind in ALL_KINDS}


def caller_identity() -> Question[CallerIdentity]:
    """Who runs the preflight."""
    return Question(CALLER_IDENTITY)


def clock(region: str) -> Question[ClockReading]:
    """This machine's clock against that of STS in a region."""
    return Question(CLOCK, region=region)


def caller_may_list_regions(region: str) -> Question[Attempt]:
    """Whether the caller may call DescribeRegions, as clouddriver does at its start, in its own region."""
    return Question(CALLER_REGIONS, region=region)


def caller_may_list_zones(region: str) -> Question[Attempt]:
    """Whether the caller may call DescribeAvailabilityZones in a region, as clouddriver does at its start."""
    return Question(CALLER_ZONES, region=region)


def managing_account_regions(region: str) -> Question[Listing[RegionStatus]]:
    """Every region, and whether the caller's account has it enabled; asked in `region`."""
    return Question(MANAGING_REGIONS, region=region)


def managed_account_regions(account: str, region: str) -> Question[Listing[RegionStatus]]:
    """Every region, and whether the managed account has it enabled; asked in `region`."""
    return Question(MANAGED_REGIONS, account, region)


def assume_role(account: str, session: Asker) -> Question[Attempt]:
    """Whether the caller can assume the managed role as clouddriver does for that session (E or A)."""
    return Question(ASSUME_ROLE, account, arguments=(session.value,))


def assumed_identity(account: str) -> Question[CallerIdentity]:
    """Who the ECS account's session turns out to be."""
    return Question(ASSUMED_IDENTITY, account)


def role(account: str, name: str) -> Question[Role]:
    """A role of the managed account, by its bare name."""
    return Question(ROLE, account, arguments=(name,))


def roles(account: str) -> Question[Listing[Role]]:
    """Every role of the managed account."""
    return Question(ROLES, account)


def managing_policies(arn: str) -> Question[PrincipalPolicies]:
    """What the managing identity's own policies say."""
    return Question(MANAGING_POLICIES, arguments=(arn,))


def role_policies(account: str, name: str) -> Question[PrincipalPolicies]:
    """What a managed account's role may do by its own policies."""
    return Question(ROLE_POLICIES, account, arguments=(name,))


def clusters(account: str, region: str) -> Question[Listing[str]]:
    """The names of every ECS cluster of an account and region."""
    return Question(CLUSTERS, account, region)


def cluster(account: str, region: str, name: str) -> Question[Cluster]:
    """One ECS cluster."""
    return Question(CLUSTER, account, region, (name,))


def container_instances(account: str, region: str, name: str) -> Question[Listing[ContainerInstance]]:
    """The container instances of an ECS cluster."""
    return Question(CONTAINER_INSTANCES, account, region, (name,))


def container_instances_again(account: str, region: str, name: str) -> Question[Listing[ContainerInstance]]:
    """The same a little later: agents drop and reconnect several times an hour."""
    return Question(CONTAINER_INSTANCES_AGAIN, account, region, (name,))


def running_tasks(account: str, region: str, name: str) -> Question[Listing[RunningTask]]:
    """The tasks of an ECS cluster that are not stopped."""
    return Question(RUNNING_TASKS, account, region, (name,))


def capacity_providers(account: str, region: str, names: tuple[str, ...]) -> Question[Listing[CapacityProvider]]:
    """Capacity providers by name; one that does not exist is simply not in the answer."""
    return Question(CAPACITY_PROVIDERS, account, region, names)


def auto_scaling_groups(account: str, region: str, names: tuple[str, ...]) -> Question[Listing[AutoScalingGroup]]:
    """Auto Scaling groups by name; one that does not exist is simply not in the answer."""
    return Question(AUTO_SCALING_GROUPS, account, region, names)


def account_settings(account: str, region: str) -> Question[Mapping[str, str]]:
    """The effective ECS settings of the managed role in a region."""
    return Question(ACCOUNT_SETTINGS, account, region)


def reads_as_ecs_account(account: str, region: str) -> Question[Listing[TriedCall]]:
    """Which reads of a region clouddriver may make in the ECS account's session."""
    return Question(READS_AS_ECS_ACCOUNT, account, region)


def reads_of_cluster(account: str, region: str, cluster: str) -> Question[Listing[TriedCall]]:
    """Which reads of one ECS cluster clouddriver may make in the ECS account's session."""
    return Question(READS_OF_CLUSTER, account, region, (cluster,))


def reads_as_aws_account(account: str, region: str) -> Question[Listing[TriedCall]]:
    """Which reads of a region clouddriver may make in the AWS account's session."""
    return Question(READS_AS_AWS_ACCOUNT, account, region)


def may_get_role(account: str, name: str) -> Question[Attempt]:
    """Whether the managed role itself may call iam:GetRole on a role, by its bare name."""
    return Question(MAY_GET_ROLE, account, arguments=(name,))


def simulation(
    account: str, region: str, role_arn: str, actions: tuple[str, ...], resource: str, context: Mapping[str, str]
) -> Question[Simulation]:
    """What IAM's simulator says of a role: these actions on a resource, with these condition keys and the region."""
    given = tuple(f"{key}={value}" for key, value in sorted(context.items()))
    return Question(SIMULATION, account, region, (role_arn, ",".join(actions), resource, *given))
