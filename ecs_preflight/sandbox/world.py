"""What a simulated AWS holds: accounts, their roles and users, and the ECS clusters of their regions.

Written in sandbox.yml, or made from the configuration (healthy.py). It describes, and does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationInfo

from ecs_preflight.preflight_file import PrincipalArn
from ecs_preflight.yamlmodel import Blank, Spelling

Name = Annotated[str, StringConstraints(min_length=1)]
AccountId = Annotated[str, Spelling("[0-9]{12}", "the twelve digits of an AWS account's id")]


def _read_document(value: Any, info: ValidationInfo) -> Any:
    """A policy document: written out, or the name of a JSON file beside the one that names it."""
    if isinstance(value, Mapping):
        return json.dumps(value)
    if isinstance(value, str) and not value.lstrip().startswith("{"):
        path = Path((info.context or {}).get("folder", ".")) / value
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            raise ValueError(f"a policy document, or the name of a JSON file: {path} cannot be read") from error
    return value


Document = Annotated[str, BeforeValidator(_read_document)]


class _Described(BaseModel):
    """Frozen, and nothing in it is overlooked."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Principal(_Described):
    """What roles and users have in common."""

    path: str = "/"
    policies: dict[Name, Document] = {}
    """Inline policies by name."""
    attached: tuple[Name, ...] = ()
    """AWS managed policies, by name: PowerUserAccess."""


class User(Principal):
    """An IAM user."""


class Role(Principal):
    """A role. Its trust policy is written out, or follows from whom it `trusts`."""

    trusts: tuple[Name, ...] = ()
    """ARNs and AWS services that may call sts:AssumeRole, without any condition."""
    trust_policy: Document | None = None
    boundary: Document | None = None
    """The document of the permissions boundary."""
    max_session_duration: int = Field(default=3600, ge=3600, le=43200)
    """Seconds."""

    @property
    def trust_document(self) -> str:
        """The text of the trust policy, as GetRole would give it."""
        return self.trust_policy if self.trust_policy is not None else trust_policy(*self.trusts)


class Tasks(_Described):
    """Copies of one task that run on every instance of a group."""

    family: Name
    count: int = Field(default=1, ge=1)
    cpu: int = Field(default=0, ge=0)
    """CPU units of one copy."""
    memory: int = Field(default=128, ge=4)
    """MiB of one copy."""
    network_mode: Literal["bridge", "host", "awsvpc", "none"] = "bridge"
    host_ports: tuple[int, ...] = ()


class Instances(_Described):
    """Container instances that are alike."""

    type: Name = "m5.large"
    count: int = Field(default=1, ge=0)
    cpu: int | None = Field(default=None, ge=0)
    """CPU units that each registers; what the type has where nothing is written."""
    memory: int | None = Field(default=None, ge=0)
    """MiB that each registers; what the type has, less what the host keeps, where nothing is written."""
    gpus: int | None = Field(default=None, ge=0)
    status: Literal["ACTIVE", "DRAINING"] = "ACTIVE"
    agent_connected: bool = True
    capacity_provider: Name | None = None
    attributes: dict[Name, str | None] = {}
    """Beside those that an agent on Linux registers."""
    lacks: tuple[Name, ...] = ()
    """Attributes of those that these instances do not have."""
    tasks: tuple[Tasks, ...] = ()


class StrategyItem(_Described):
    """As CreateCluster takes it."""

    provider: Name
    weight: int = Field(default=1, ge=0)
    base: int = Field(default=0, ge=0)


class Service(_Described):
    """A service that runs; its tasks are told of with the instances that they run on."""

    task_definition: Name
    """family:revision of one of the region's task_definitions."""
    desired_count: int = Field(default=1, ge=0)
    launch_type: Literal["EC2", "FARGATE", "EXTERNAL"] = "EC2"


class TaskDefinition(_Described):
    """A registered task definition of one container."""

    revision: int = Field(default=1, ge=1)
    cpu: int = Field(default=256, ge=0)
    """CPU units."""
    memory: int = Field(default=512, ge=4)
    """MiB."""
    network_mode: Literal["bridge", "host", "awsvpc", "none"] = "bridge"


class Cluster(_Described):
    """An ECS cluster."""

    status: Literal["ACTIVE", "INACTIVE"] = "ACTIVE"
    instances: tuple[Instances, ...] = ()
    capacity_providers: tuple[Name, ...] = ()
    """FARGATE, FARGATE_SPOT, or names of the region's capacity_providers."""
    default_strategy: tuple[StrategyItem, ...] = ()
    services: dict[Name, Service] = {}


class CapacityProvider(_Described):
    """A capacity provider and the Auto Scaling group behind it, which holds the instances that name the provider."""

    instance_type: Name = "m5.large"
    max_size: int = Field(default=10, ge=0)
    managed_scaling: bool = True
    target_capacity: int = Field(default=100, ge=1, le=100)
    unregistered: int = Field(default=0, ge=0)
    """Instances of the group that never joined the cluster."""


class Subnet(_Described):
    """A subnet of the region's default VPC, beside those that AWS has put there, which have no purpose."""

    zone: Name
    """`us-east-1a`."""
    purpose: Name | None = None
    """What Spinnaker calls it, written into its tag immutable_metadata."""
    tags: dict[Name, str] = {}
    prefix: int = Field(default=22, ge=16, le=28)
    """How large it is: /28 has eleven addresses for tasks, /22 has 1019."""
    default_route: Literal["nat", "internet", "none"] = "nat"
    """What its route for 0.0.0.0/0 leads to, if it has one: a NAT gateway, or an internet gateway."""


class TargetGroup(_Described):
    """A target group of the region's default VPC, with a load balancer in front of it."""

    target_type: Literal["instance", "ip", "lambda"] = "instance"
    protocol: Literal["HTTP", "HTTPS", "TCP", "UDP", "TCP_UDP", "TLS"] = "HTTP"
    port: int = Field(default=80, ge=1, le=65535)
    load_balancer: bool = True


class Region(_Described):
    """What one region of an account holds."""

    subnets: tuple[Subnet, ...] = ()
    security_groups: tuple[Name, ...] = ()
    """Of the default VPC, by name."""
    target_groups: dict[Name, Annotated[TargetGroup, Blank({})]] = {}
    vpc_endpoints: tuple[Name, ...] = ()
    """Of the default VPC, by the last part of the service's name: ecr.api, ecr.dkr, logs, s3."""
    clusters: dict[Name, Annotated[Cluster, Blank({})]] = {}
    capacity_providers: dict[Name, Annotated[CapacityProvider, Blank({})]] = {}
    account_settings: dict[Name, Name] = {}
    """ECS account settings that differ from AWS's defaults."""
    task_definitions: dict[Name, Annotated[TaskDefinition, Blank({})]] = {}
    """By family."""
    repositories: dict[Name, tuple[Name, ...]] = {}
    """Of ECR, with the tags and digests of their images."""
    log_groups: tuple[Name, ...] = ()
    secrets: tuple[Name, ...] = ()
    """Of Secrets Manager, by name."""
    quotas: dict[Name, float] = {}
    """Service quotas that differ from AWS's defaults, by `service/code`."""


class Account(_Described):
    """An AWS account."""

    partition: Literal["aws", "aws-cn", "aws-us-gov"] = "aws"
    roles: dict[Name, Annotated[Role, Blank({})]] = {}
    users: dict[Name, Annotated[User, Blank({})]] = {}
    service_linked_roles: tuple[Literal["ecs", "autoscaling"], ...] = ("ecs", "autoscaling")
    """Those of ECS and of its service auto scaling."""
    disabled_regions: tuple[Name, ...] = ()
    regions: dict[Name, Annotated[Region, Blank({})]] = {}


class World(_Described):
    """The whole of it."""

    managing_identity_arn: PrincipalArn
    """Who Spinnaker is, and who the run speaks as."""
    accounts: dict[AccountId, Annotated[Account, Blank({})]] = {}
    profiles: dict[Name, PrincipalArn] = {}
    """Which principal each profile that preflight.yml names holds the keys of."""


def trust_policy(*principals: str) -> str:
    """A trust policy for these ARNs and services, without any condition."""
    services = [name for name in principals if not name.startswith("arn:")]
    others = [name for name in principals if name.startswith("arn:")]
    named = {kind: names for kind, names in (("AWS", others), ("Service", services)) if names}
    statement = [{"Effect": "Allow", "Principal": named, "Action": "sts:AssumeRole"}] if named else []
    return json.dumps({"Version": "2012-10-17", "Statement": statement})


def permission_policy(*actions: str, resource: str | list[str] = "*") -> str:
    """An identity policy that allows these actions."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
