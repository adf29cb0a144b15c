"""What AWS's answers look like once they are read: one frozen value for each sort."""

from __future__ import annotations

from dataclasses import dataclass


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
    is_tagged_for_ecs: bool = True
    """It has the tag AmazonECSManaged, which ECS gives to the group of a capacity provider."""
    weighs_instances: bool = False
    """One of its instance types counts for more than one instance."""
    has_warm_pool: bool = False
    reuses_instances: bool = False
    """Its warm pool takes back what scales in."""


@dataclass(frozen=True, slots=True)
class TriedCall:
    """A call that was made to see whether it is allowed: its IAM action, and what AWS said where it is not."""

    action: str
    allowed: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class SimulatedAction:
    """What SimulatePrincipalPolicy says of one action on one resource."""

    action: str
    decision: str
    """allowed, explicitDeny or implicitDeny."""
    missing_context: tuple[str, ...] = ()
    """Condition keys that a policy asks for, and that were taken for absent."""
    organizations_allow: bool | None = None
    """What service control policies say; None where it tells nothing of them."""
    boundary_allows: bool | None = None


@dataclass(frozen=True, slots=True)
class Simulation:
    """The answers of the simulator, in the order of the actions; `is_refused` where nobody who might ask may use it."""

    results: tuple[SimulatedAction, ...] = ()
    is_refused: bool = False
