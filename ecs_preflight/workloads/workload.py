"""A workload: one task definition, so many copies of it, and where they would go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ecs_preflight.errors import Location
from ecs_preflight.findings import Undetermined
from ecs_preflight.spinnaker.server_group import ServerGroup

FARGATE_PROVIDERS = frozenset({"FARGATE", "FARGATE_SPOT"})
_NAMES = {"task_definition": "task definition", "desired_count": "desired count", "launch_type": "launch type"}


@dataclass(frozen=True)
class Workload:
    """What will be deployed to one ECS cluster, as far as it is known before AWS is asked.

    Where the task definition must be looked up, `registered` or `service` names what to ask for: `checks.workload_facts`
    gives the workload that is complete. `unknown` has the fields that only a run of the pipeline tells, and what stands there.
    """

    name: str
    task_definition: Mapping[str, Any] | None = None
    """In the shape of RegisterTaskDefinition; None where it is to be looked up, or is not known at all."""
    registered: str | None = None
    """A registered task definition: its ARN, `family:revision`, or `family` for the latest."""
    service: str | None = None
    """A running service whose task definition it is."""
    desired_count: int = 1
    min_count: int | None = None
    max_count: int | None = None
    """What Spinnaker registers as the scalable target's; a rollback asks for the maximum."""
    launch_type: str | None = "EC2"
    """None where capacity providers decide, or where it is not known yet."""
    capacity_provider_strategy: tuple[Mapping[str, Any], ...] = ()
    network_mode: str | None = "bridge"
    placement_constraints: tuple[Mapping[str, Any], ...] = ()
    placement_strategy: tuple[Mapping[str, Any], ...] = ()
    task_role: str | None = None
    """Name or ARN."""
    execution_role: str | None = None
    """Name or ARN, as stated; see `executes_as_managed_role`."""
    task_role_is_read_by_clouddriver: bool = True
    """It reads the trust policy of the task role of inputs, never that of an artifact or of what is registered already."""
    images: tuple[str, ...] = ()
    subnet_types: tuple[str, ...] = ()
    """By their purpose, as Spinnaker calls subnets."""
    zones: tuple[str, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    """Of a running service, which has its subnets already."""
    assigns_public_ip: bool | None = None
    """None where nothing says, as of sizes alone."""
    security_groups: tuple[str, ...] = ()
    """By name, as Spinnaker takes them."""
    target_groups: tuple[str, ...] = ()
    """By name, as Spinnaker takes them."""
    deployment_strategy: str = ""
    """Orca's word: redblack, highlander, rollingredblack, custom; blank for none."""
    platform_version: str | None = None
    location: Location | None = field(default=None, compare=False)
    server_group: ServerGroup | None = None
    """What it was made of, where a pipeline or a description gave it."""
    unknown: Mapping[str, str] = field(default_factory=dict)

    def require(self, *fields: str) -> None:
        """Raises Undetermined where one of these fields is not known before the pipeline runs."""
        for name in fields:
            if name in self.unknown:
                told = self.unknown[name]
                raise Undetermined(f"the {_NAMES.get(name, name.replace('_', ' '))} of {self.name!r} is not known: {told}")

    @property
    def is_looked_up(self) -> bool:
        """Whether AWS must be asked for its task definition."""
        return self.registered is not None or self.service is not None

    @property
    def providers(self) -> tuple[str, ...]:
        """The capacity providers of its strategy."""
        return tuple(item["capacityProvider"] for item in self.capacity_provider_strategy if item.get("capacityProvider"))

    @property
    def runs_on_fargate(self) -> bool:
        """By its launch type, or by its capacity providers, which ECS does not let mix with others."""
        return self.launch_type == "FARGATE" or not FARGATE_PROVIDERS.isdisjoint(self.providers)

    @property
    def may_run_on_instances(self) -> bool:
        """Container instances of EC2 are wanted by its launch type or providers; not by what is not known yet."""
        return self.launch_type == "EC2" or (bool(self.providers) and not self.runs_on_fargate)

    @property
    def executes_as_managed_role(self) -> bool:
        """On Fargate, without an execution role of its own, clouddriver gives it the managed role."""
        return self.runs_on_fargate and self.execution_role is None and not self.is_looked_up

    @property
    def containers(self) -> tuple[Mapping[str, Any], ...]:
        """The container definitions, as far as they are known."""
        return tuple((self.task_definition or {}).get("containerDefinitions") or ())

    @property
    def log_configurations(self) -> Iterator[Mapping[str, Any]]:
        return (container["logConfiguration"] for container in self.containers if container.get("logConfiguration"))

    @property
    def registry_secrets(self) -> Iterator[str]:
        """Name or ARN of each secret that pulls an image."""
        for container in self.containers:
            secret = (container.get("repositoryCredentials") or {}).get("credentialsParameter")
            if secret:
                yield str(secret)
