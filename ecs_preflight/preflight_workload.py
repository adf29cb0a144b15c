"""A workload in preflight.yml: its sizes written out, or the name of what has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.config import JsonDict, JsonValue
from pydantic_core import PydanticCustomError

from ecs_preflight.preflight_model import Name, PreflightModel

# A pipeline and a server group may have a task definition beside them, hence the order.
WORKLOAD_SOURCES = ("pipeline", "server_group", "service", "task_definition")
_PLACEMENT = ("placement_constraints", "placement_strategy")
_BESIDE = {
    "pipeline": ("task_definition", "desired_count"),
    "server_group": ("task_definition", "desired_count"),
    "service": ("more",),
    "task_definition": ("desired_count", "launch_type", *_PLACEMENT),
}


_SOURCES_OF_THEIR_OWN: list[JsonValue] = [{"required": [key]} for key in ("memory", "pipeline", "server_group", "service")]
_ONE_SOURCE: JsonDict = {
    "oneOf": [
        *_SOURCES_OF_THEIR_OWN,
        {"required": ["task_definition"], "not": {"anyOf": [{"required": ["pipeline"]}, {"required": ["server_group"]}]}},
    ]
}


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


class PlacementConstraint(PreflightModel):
    """As CreateService takes it."""

    type: Literal["distinctInstance", "memberOf"]
    expression: Name | None = None


class PlacementStrategy(PreflightModel):
    """As CreateService takes it."""

    type: Literal["random", "spread", "binpack"]
    field: Name | None = None


class WorkloadFile(PreflightModel):
    """What is to be deployed: its sizes, or what has them: a pipeline, a server group, a task definition, a service."""

    model_config = ConfigDict(json_schema_extra=_ONE_SOURCE)

    name: Name
    pipeline: Name | None = None
    """File of a Spinnaker pipeline, as `spin pipeline get` prints it: what its deploy stages bring to this ECS cluster."""
    server_group: Name | None = None
    """File of one server group: a cluster of a deploy stage, or what Orca sends to clouddriver."""
    task_definition: Name | None = None
    """File of a task definition, or a registered one: its ARN, family:revision, or the family. Beside a pipeline or a server
    group, the file of its artifact."""
    service: Name | None = None
    """A service that runs in this ECS cluster: as it is, `more` copies of it."""
    more: int | None = Field(default=None, ge=1)
    """How many more of the service; 1 where it is not said."""
    cpu: int = Field(default=0, ge=0)
    """CPU units of one copy; 1024 is one vCPU."""
    memory: int | None = Field(default=None, ge=4, validate_default=True)
    """MiB of one copy."""
    network_mode: Literal["bridge", "host", "awsvpc", "none"] = "bridge"
    launch_type: Literal["EC2", "FARGATE", "EXTERNAL"] = "EC2"
    desired_count: int = Field(default=1, ge=0)
    host_ports: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()
    """Static TCP ports that one copy takes on its container instance."""
    host_ports_udp: tuple[Annotated[int, Field(ge=1, le=65535)], ...] = ()
    gpus: int = Field(default=0, ge=0)
    placement_constraints: tuple[PlacementConstraint, ...] = ()
    placement_strategy: tuple[PlacementStrategy, ...] = ()
    task_role: Name | None = None
    """Name of the role that the containers run with."""
    execution_role: Name | None = None
    """Name of the role that pulls images and writes logs; for Fargate without one the managed role serves."""

    @field_validator("memory")
    @classmethod
    def _is_there_where_nothing_else_gives_it(cls, memory: int | None, info: ValidationInfo) -> int | None:
        if memory is None and not any(info.data.get(source) for source in WORKLOAD_SOURCES):
            raise PydanticCustomError("missing", "Field required")
        return memory

    @model_validator(mode="after")
    def _says_one_thing(self) -> WorkloadFile:
        """Of what it is taken from there is one, and beside it stands only what that leaves open."""
        source = self.source
        allowed = _BESIDE.get(source)
        if allowed is None:
            return self
        superfluous = sorted(self.model_fields_set - {"name", source, *allowed})
        if superfluous:
            raise ValueError(f"expected only {_listed(('name', *allowed))} beside `{source}`, not {_listed(superfluous)}")
        return self

    @property
    def source(self) -> str:
        """The key that says what the workload is taken from; `memory` where its sizes are written out."""
        return next((key for key in WORKLOAD_SOURCES if getattr(self, key) is not None), "memory")

    @property
    def task_definition_file(self) -> str | None:
        """The file that `task_definition` names; None where it names a registered one, whose name has neither dot nor slash."""
        named = self.task_definition
        if named is None or named.startswith("arn:") or re.fullmatch(r"[\w-]{1,255}(:[0-9]+)?", named, re.ASCII):
            return None
        return named

    def task_definition_of_sizes(self) -> dict[str, Any]:
        """The task as RegisterTaskDefinition takes it: one container of the workload's sizes, as clouddriver registers it."""
        tcp = [{"containerPort": port, "hostPort": port, "protocol": "tcp"} for port in self.host_ports]
        udp = [{"containerPort": port, "hostPort": port, "protocol": "udp"} for port in self.host_ports_udp]
        container: dict[str, Any] = {
            "name": self.name,
            "image": self.name,
            "cpu": self.cpu,
            "memoryReservation": self.memory,
            "portMappings": tcp + udp,
        }
        if self.gpus:
            container["resourceRequirements"] = [{"type": "GPU", "value": str(self.gpus)}]
        definition: dict[str, Any] = {
            "family": self.name,
            "networkMode": self.network_mode,
            "containerDefinitions": [container],
        }
        if self.launch_type == "FARGATE":
            definition |= {"cpu": str(self.cpu), "memory": str(self.memory)}
        return definition
