"""Everything that may be asked of AWS: each kind of question, what its answer looks like, and who may ask it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ecs_preflight.deploy_questions import DEPLOY_KINDS
from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Asker, Kind, Listing, Question

_CALLER = (Asker.CALLER,)
_IAM_READERS = (Asker.READER, Asker.ECS_SESSION, Asker.CALLER)
_ECS_READERS = (Asker.ECS_SESSION, Asker.READER)


@dataclass(frozen=True, slots=True)
class CallerIdentity:
    """What sts:GetCallerIdentity says."""

    arn: str
    account_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class ClockReading:
    """How far this machine's clock is ahead of AWS's, in seconds; behind is negative."""

    skew_seconds: float


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of a call that was made to see whether it is allowed."""

    allowed: bool
    by: str
    """The ARN of the principal that made it."""
    error_code: str = ""
    error_message: str = ""

    @property
    def said(self) -> str:
        return f"{self.error_code}: {self.error_message}" if self.error_message else self.error_code


@dataclass(frozen=True, slots=True)
class RegionStatus:
    """One element of DescribeRegions."""

    name: str
    opt_in_status: str

    @property
    def is_enabled(self) -> bool:
        return self.opt_in_status != "not-opted-in"


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role. `trust_policy` is the document's own text: clouddriver's reader cares for its shape, not its meaning."""

    arn: str
    name: str
    unique_id: str
    trust_policy: str
    max_session_duration: int = 3600
    """Seconds."""
    permissions_boundary: str | None = None
    """ARN; ListRoles does not tell, so None may mean "not told": see `read_with`."""
    read_with: str = "iam:GetRole"


@dataclass(frozen=True, slots=True)
class NamedPolicy:
    """A policy of a principal: the name of an inline one, the ARN of a managed one, and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class PrincipalPolicies:
    """All that a principal's own policies say."""

    arn: str
    policies: tuple[NamedPolicy, ...] = ()
    """Inline and attached; for a user those of its groups too."""
    boundary: NamedPolicy | None = None


@dataclass(frozen=True, slots=True)
class AutoScalingGroup:
    """What capacity needs of an element of DescribeAutoScalingGroups."""

    name: str
    arn: str
    min_size: int
    max_size: int
    desired_capacity: int
    instance_ids: tuple[str, ...] = ()
    """In service."""
    instance_types: tuple[str, ...] = ()
    suspended_processes: tuple[str, ...] = ()


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

ALL_KINDS: tuple[Kind[Any], ...] = (
    *(value for value in list(globals().values()) if isinstance(value, Kind)),
    *DEPLOY_KINDS,
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
