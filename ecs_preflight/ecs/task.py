"""A task definition: what RegisterTaskDefinition takes and DescribeTaskDefinition gives back.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from ecs_preflight.ecs._model import AwsShape
from ecs_preflight.ecs.sizes import parse_cpu, parse_memory


class PortMapping(AwsShape):
    """A port of a container; without a host port, or with 0, the agent picks one as the container starts."""

    container_port: int | None = None
    host_port: int | None = None
    protocol: str = "tcp"
    container_port_range: str | None = None


class ResourceRequirement(AwsShape):
    """Devices that a container wants: type GPU with a number of whole devices, or with "ALL"."""

    type: str
    value: str | None = None
    sharing_strategy: Mapping[str, Any] | None = None


class LogConfiguration(AwsShape):
    """Where a container's output goes."""

    log_driver: str
    options: Mapping[str, str] = {}
    secret_options: tuple[Mapping[str, Any], ...] = ()


class Secret(AwsShape):
    """A value taken from Secrets Manager or the Parameter Store as the container starts."""

    name: str = ""
    value_from: str


class RestartPolicy(AwsShape):
    """Whether the agent restarts the container inside its task."""

    enabled: bool = False


class ContainerDefinition(AwsShape):
    """One container of a task; `memory` is its hard limit and `memory_reservation` its soft one, both in MiB."""

    name: str = ""
    image: str = ""
    cpu: int = 0
    memory: int | None = None
    memory_reservation: int | None = None
    port_mappings: tuple[PortMapping, ...] = ()
    resource_requirements: tuple[ResourceRequirement, ...] = ()
    privileged: bool = False
    log_configuration: LogConfiguration | None = None
    repository_credentials: Mapping[str, Any] | None = None
    secrets: tuple[Secret, ...] = ()
    environment_files: tuple[Mapping[str, Any], ...] = ()
    health_check: Mapping[str, Any] | None = None
    depends_on: tuple[Mapping[str, Any], ...] = ()
    firelens_configuration: Mapping[str, Any] | None = None
    restart_policy: RestartPolicy = RestartPolicy()


class EfsVolumeConfiguration(AwsShape):
    """A volume on the Elastic File System."""

    authorization_config: Mapping[str, Any] | None = None
    transit_encryption: str = "DISABLED"


class Volume(AwsShape):
    """A volume that the task's containers mount."""

    name: str = ""
    efs_volume_configuration: EfsVolumeConfiguration | None = None
    configured_at_launch: bool = False


class RuntimePlatform(AwsShape):
    """Which machine the images are built for; absent members leave it open."""

    cpu_architecture: str | None = None
    operating_system_family: str | None = None


class RequiredAttribute(AwsShape):
    """An attribute that an instance must have, with that value where one is given."""

    name: str
    value: str | None = None


class PlacementConstraint(AwsShape):
    """`memberOf` with an expression of the cluster query language, or `distinctInstance` without one."""

    type: str
    expression: str | None = None


class TaskDefinition(AwsShape):
    """A task definition; `cpu` is in CPU units and `memory` in MiB, however they were spelled.

    `requires_attributes` is None where the definition was never registered: ECS works the list out then.
    A whole answer of DescribeTaskDefinition is accepted as well as the structure inside of it.
    """

    family: str = ""
    task_definition_arn: str | None = None
    network_mode: str | None = None
    cpu: Annotated[int | None, BeforeValidator(parse_cpu)] = None
    memory: Annotated[int | None, BeforeValidator(parse_memory)] = None
    container_definitions: tuple[ContainerDefinition, ...] = ()
    task_role_arn: str | None = None
    execution_role_arn: str | None = None
    requires_compatibilities: tuple[str, ...] = ()
    compatibilities: tuple[str, ...] = ()
    requires_attributes: tuple[RequiredAttribute, ...] | None = None
    placement_constraints: tuple[PlacementConstraint, ...] = ()
    runtime_platform: RuntimePlatform = RuntimePlatform()
    volumes: tuple[Volume, ...] = ()
    pid_mode: str | None = None
    ipc_mode: str | None = None
    enable_fault_injection: bool = False
    revision: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, value: Any) -> Any:
        return value["taskDefinition"] if isinstance(value, Mapping) and "taskDefinition" in value else value

    @property
    def is_awsvpc(self) -> bool:
        """Each task has a network interface, and an address, of its own."""
        return self.network_mode == "awsvpc"

    @property
    def is_windows(self) -> bool:
        """The runtime platform says Windows; EC2 definitions may well not say what they are for."""
        return (self.runtime_platform.operating_system_family or "").upper().startswith("WINDOWS")

    @property
    def default_group(self) -> str:
        """The group of a task that is started on its own, "family:<family>"."""
        return f"family:{self.family}"
