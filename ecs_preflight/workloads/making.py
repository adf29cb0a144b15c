"""Makes workloads of what people have: sizes in preflight.yml, a server group, a task definition, a service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic.alias_generators import to_camel

from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.spinnaker.opaque import Opaque, is_blank, known
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_parts import DescriptionPart
from ecs_preflight.spinnaker.task_definitions import PlannedTask, task_from_artifact, task_from_inputs
from ecs_preflight.workloads.workload import Workload

_NOT_GIVEN = "its task definition is an artifact: give its file as `task_definition` beside it, in preflight.yml"


def workload_of_sizes(entry: WorkloadFile) -> Workload:
    """Of an entry with its sizes written out."""
    return Workload(
        name=entry.name,
        task_definition=entry.task_definition_of_sizes(),
        desired_count=entry.desired_count,
        launch_type=entry.launch_type,
        network_mode=entry.network_mode,
        placement_constraints=_dumped(entry.placement_constraints),
        placement_strategy=_dumped(entry.placement_strategy),
        task_role=entry.task_role,
        execution_role=entry.execution_role,
        location=entry.location,
    )


def workload_of_definition(entry: WorkloadFile, definition: Mapping[str, Any] | None) -> Workload:
    """Of an entry that names a task definition: one in a file, or (None) a registered one."""
    workload = Workload(
        name=entry.name,
        registered=None if definition is not None else entry.task_definition,
        desired_count=entry.desired_count,
        launch_type=entry.launch_type,
        network_mode=None,
        placement_constraints=_dumped(entry.placement_constraints),
        placement_strategy=_dumped(entry.placement_strategy),
        task_role_is_read_by_clouddriver=False,
        location=entry.location,
    )
    return workload if definition is None else with_definition(workload, definition)


def workload_of_service(entry: WorkloadFile) -> Workload:
    """So many more of a running service, as it is."""
    return Workload(
        name=entry.name,
        service=entry.service,
        desired_count=entry.more or 1,
        launch_type=None,
        network_mode=None,
        task_role_is_read_by_clouddriver=False,
        location=entry.location,
    )


def workload_of_server_group(
    name: str,
    group: ServerGroup,
    *,
    artifact: Mapping[str, Any] | None = None,
    managed_role_arn: str | None = None,
    desired_count: int | None = None,
) -> Workload:
    """Of a server group; `artifact` is its task definition where it names one, `desired_count` outweighs its own."""
    task = _task_of(group, artifact, managed_role_arn)
    definition = task.definition if task else None
    capacity = known(group.capacity)
    from_artifact = group.is_from_artifact
    stated_role = (definition or {}).get("executionRoleArn") if from_artifact else None
    zones = known(group.availability_zones) or {}
    return Workload(
        name=name,
        task_definition=definition,
        desired_count=desired_count if desired_count is not None else (capacity and known(capacity.desired)) or 0,
        min_count=known(capacity.min) if capacity else None,
        max_count=known(capacity.max) if capacity else None,
        launch_type=known(group.launch_type) or None,
        capacity_provider_strategy=_as_aws_has_them(known(group.capacity_provider_strategy)),
        network_mode=_network_mode(group, definition),
        placement_constraints=_as_aws_has_them(known(group.placement_constraints)),
        placement_strategy=_as_aws_has_them(known(group.placement_strategy_sequence)),
        task_role=known(group.task_role) or (definition or {}).get("taskRoleArn"),
        execution_role=None if stated_role == managed_role_arn else stated_role,
        task_role_is_read_by_clouddriver=not from_artifact,
        images=_images(definition),
        subnet_types=tuple(dict.fromkeys((*_texts(group.subnet_types), *_texts((group.subnet_type,))))),
        zones=_texts(zones.get(str(group.region))),
        assigns_public_ip=known(group.associate_public_ip_address) or False,
        security_groups=_texts(group.security_group_names),
        target_groups=_target_groups(group),
        deployment_strategy=known(group.strategy) or "",
        platform_version=known(group.platform_version),
        location=group.location,
        server_group=group,
        unknown=_unknown(group, task, desired_count),
    )


def with_definition(workload: Workload, definition: Mapping[str, Any]) -> Workload:
    """The workload with its task definition, and with what that says of network, roles and images."""
    return replace(
        workload,
        task_definition=definition,
        network_mode=definition.get("networkMode") or "bridge",
        task_role=definition.get("taskRoleArn"),
        execution_role=definition.get("executionRoleArn"),
        images=_images(definition),
    )


def _task_of(group: ServerGroup, artifact: Mapping[str, Any] | None, managed_role_arn: str | None) -> PlannedTask | None:
    if isinstance(group.use_task_definition_artifact, Opaque):
        return None
    if not group.is_from_artifact:
        return task_from_inputs(group, managed_role_arn)
    return task_from_artifact(group, artifact, managed_role_arn) if artifact is not None else None


def _unknown(group: ServerGroup, task: PlannedTask | None, desired_count: int | None) -> dict[str, str]:
    unknown = dict(task.unknown) if task else {"task_definition": _NOT_GIVEN}
    capacity = group.capacity
    desired = capacity if isinstance(capacity, Opaque) or capacity is None else capacity.desired
    if desired_count is None:
        if group.takes_capacity_of_source:
            unknown["desired_count"] = "useSourceCapacity takes that of the server group before it"
        elif desired is None or isinstance(desired, Opaque):
            unknown["desired_count"] = "there is none" if desired is None else desired.text
    for name, value in (
        ("launch_type", group.launch_type),
        ("platform_version", group.platform_version),
        ("capacity_provider_strategy", group.capacity_provider_strategy),
        ("network_mode", group.network_mode),
        ("placement_constraints", group.placement_constraints),
        ("placement_strategy", group.placement_strategy_sequence),
        ("subnet_types", (group.subnet_types, group.subnet_type)),
        ("zones", (known(group.availability_zones) or {}).get(str(group.region))),
        ("security_groups", group.security_group_names),
        ("target_groups", (group.target_group, _names_of_mappings(group))),
        ("assigns_public_ip", group.associate_public_ip_address),
        ("deployment_strategy", group.strategy),
    ):
        if opaque := _first_opaque(value):
            unknown[name] = opaque.text
    return unknown


def _first_opaque(value: object) -> Opaque | None:
    if isinstance(value, Opaque):
        return value
    if isinstance(value, tuple):
        return next((found for item in value if (found := _first_opaque(item))), None)
    if isinstance(value, DescriptionPart):
        return next((found for _, item in value if (found := _first_opaque(item))), None)
    return None


def _network_mode(group: ServerGroup, definition: Mapping[str, Any] | None) -> str | None:
    """An artifact's own is registered, whatever the server group says beside it; where nothing is said, ECS takes bridge."""
    if group.is_from_artifact and definition is not None:
        return definition.get("networkMode") or "bridge"
    stated = group.network_mode
    if isinstance(stated, Opaque):
        return None
    return "bridge" if is_blank(stated) or stated == "default" else stated


def _target_groups(group: ServerGroup) -> tuple[str, ...]:
    mapped = known(_names_of_mappings(group)) or ()
    return tuple(dict.fromkeys(_texts((group.target_group, *mapped))))


def _names_of_mappings(group: ServerGroup) -> tuple[str | Opaque | None, ...] | Opaque:
    mappings = group.target_group_mappings
    return mappings if isinstance(mappings, Opaque) else tuple(mapping.target_group for mapping in mappings or ())


def _texts(values: object) -> tuple[str, ...]:
    """The texts of a list that are known and say anything."""
    return tuple(value for value in values if isinstance(value, str) and value.strip()) if isinstance(values, tuple) else ()


def _images(definition: Mapping[str, Any] | None) -> tuple[str, ...]:
    containers = (definition or {}).get("containerDefinitions") or ()
    return tuple(dict.fromkeys(str(container["image"]) for container in containers if container.get("image")))


def _as_aws_has_them(items: tuple[DescriptionPart, ...] | None) -> tuple[Mapping[str, Any], ...]:
    """Those that are known in full, in the API's spelling."""
    written = [{to_camel(name): value for name, value in item if value is not None} for item in items or ()]
    return tuple(item for item in written if not any(isinstance(value, Opaque) for value in item.values()))


def _dumped(items: tuple[Any, ...]) -> tuple[Mapping[str, Any], ...]:
    return tuple(item.model_dump(exclude_none=True) for item in items)
