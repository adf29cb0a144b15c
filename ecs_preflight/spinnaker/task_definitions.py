"""The task definition that clouddriver would register for a server group: from its inputs, or from an artifact.

clouddriver-ecs CreateServerGroupAtomicOperation.makeTaskDefinitionRequest and makeTaskDefinitionRequestFromArtifact.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ecs_preflight.spinnaker.opaque import Opaque, known
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_names import ServerGroupName, family_of

# Where host and container port are the same; in every other mode the agent picks a host port.
_PORTS_ON_THE_HOST = ("awsvpc", "host")


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A definition in the shape of RegisterTaskDefinition. `unknown` says what of it only a run of the pipeline tells, and as
    what it stands there: `cpu`, `memory`, `image`, `network_mode`, `ports`, `gpus`, `task_role`."""

    definition: Mapping[str, Any]
    unknown: Mapping[str, str] = field(default_factory=dict)


def task_from_inputs(group: ServerGroup, managed_role_arn: str | None) -> PlannedTask:
    """One container of the server group's sizes. `managed_role_arn` becomes the execution role of a task on Fargate."""
    family = _family(group)
    container: dict[str, Any] = {
        "name": ServerGroupName(family).container,
        "image": known(group.docker_image_address) or "",
        "cpu": known(group.compute_units) or 0,
        "portMappings": list(_port_mappings(group)),
        "environment": [
            {"name": name, "value": known(value) or ""} for name, value in (known(group.environment_variables) or {}).items()
        ],
    }
    memory = known(group.reserved_memory)
    if memory is not None:
        container["memoryReservation"] = memory
    if secret := known(group.registry_secret):
        container["repositoryCredentials"] = {"credentialsParameter": secret}
    if driver := known(group.log_driver_in_force):
        options = {name: known(value) or "" for name, value in (known(group.log_options) or {}).items()}
        container["logConfiguration"] = {"logDriver": driver, "options": options}
    definition: dict[str, Any] = {"family": family, "containerDefinitions": [container]}
    mode = known(group.network_mode)
    if mode and mode != "default":
        definition["networkMode"] = mode
    if role := known(group.task_role):
        definition["taskRoleArn"] = role
    if launch_type := known(group.launch_type):
        definition["requiresCompatibilities"] = [launch_type]
    if group.runs_on_fargate:
        definition |= {"requiresCompatibilities": ["FARGATE"], "cpu": str(container["cpu"]), "memory": str(memory or 0)}
        if managed_role_arn:
            definition["executionRoleArn"] = managed_role_arn
    return PlannedTask(definition, dict(_unknown_inputs(group)))


def task_from_artifact(group: ServerGroup, artifact: Mapping[str, Any], managed_role_arn: str | None) -> PlannedTask:
    """The artifact with the server group's family and images; on Fargate with the managed role, where it names no other.

    Whatever in it clouddriver would refuse is left as it stands: see `artifact_violations`.
    """
    definition: dict[str, Any] = copy.deepcopy(dict(artifact))
    definition["family"] = _family(group)
    images = known(group.container_to_image_map) or {}
    unknown: dict[str, str] = {}
    for container in definition.get("containerDefinitions") or ():
        image = images.get(container.get("name"))
        if isinstance(image, Opaque):
            unknown["image"] = image.text
            container["image"] = ""
        elif image is not None:
            container["image"] = image
    if group.runs_on_fargate and managed_role_arn and not definition.get("executionRoleArn"):
        definition["executionRoleArn"] = managed_role_arn
    return PlannedTask(definition, unknown)


def _family(group: ServerGroup) -> str:
    """A name is there for whoever reads it; nothing is decided by it."""
    family = family_of(group)
    return family if isinstance(family, str) else "unnamed"


def _port_mappings(group: ServerGroup) -> Iterator[dict[str, Any]]:
    """Of the target groups, and of service discovery where it has a port of its own; each once."""
    mode = known(group.network_mode)
    protocol = known(group.port_protocol) or "tcp"
    seen: set[tuple[int, str]] = set()
    ports = [known(mapping.container_port) for mapping in known(group.target_group_mappings) or ()]
    if known(group.target_group):
        ports.insert(0, known(group.container_port))
    for port in ports:
        if port is not None and (port, protocol) not in seen:
            seen.add((port, protocol))
            host = port if mode in _PORTS_ON_THE_HOST else 0
            yield {"containerPort": port, "hostPort": host, "protocol": protocol}
    for association in known(group.service_discovery_associations) or ():
        port = known(association.container_port)
        if port and port != known(group.container_port) and (port, "tcp") not in seen:
            seen.add((port, "tcp"))
            # Even in host mode: the code asks for awsvpc alone here.
            yield {"containerPort": port, "hostPort": port if mode == "awsvpc" else 0, "protocol": "tcp"}


def _unknown_inputs(group: ServerGroup) -> Iterator[tuple[str, str]]:
    mappings = group.target_group_mappings
    ports: list[object] = [group.container_port] if group.target_group else []
    ports += [mappings] if isinstance(mappings, Opaque) else [mapping.container_port for mapping in mappings or ()]
    fields: list[tuple[str, object]] = [
        ("cpu", group.compute_units),
        ("memory", group.reserved_memory),
        ("image", group.docker_image_address),
        ("network_mode", group.network_mode),
        ("task_role", group.task_role),
        *(("ports", port) for port in ports),
    ]
    for name, value in fields:
        if isinstance(value, Opaque):
            yield name, value.text
