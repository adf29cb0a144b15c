"""What one task takes from the instance that it is placed on.

Mirrors `ToHostResources`, "resources which ECS takes into account when scheduling tasks on instances"
(amazon-ecs-agent agent/api/task/task.go).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.required_attributes import derived_attributes, likely_attributes
from ecs_preflight.ecs.task import ContainerDefinition, RequiredAttribute, TaskDefinition


@dataclass(frozen=True, slots=True)
class TaskRequirements:
    """The demand of one task: CPU units, MiB, static host ports of each protocol, whole GPUs, network interfaces.

    `attributes` must all be on the instance; of `likely_attributes` (only where the definition is not registered)
    that is not certain. `unreadable` says what the definition asks for that no published rule counts.
    """

    cpu: int
    memory: int
    ports: frozenset[int] = frozenset()
    ports_udp: frozenset[int] = frozenset()
    gpus: int = 0
    enis: int = 0
    attributes: tuple[RequiredAttribute, ...] = ()
    likely_attributes: tuple[RequiredAttribute, ...] = ()
    unreadable: tuple[str, ...] = ()


def task_requirements(task: TaskDefinition | Mapping[str, Any]) -> TaskRequirements:
    """The demand of one task of `task`, a definition in the shape of RegisterTaskDefinition or DescribeTaskDefinition.

    Raises InputError where the definition cannot be read.
    """
    task = read_shape(TaskDefinition, task, name="task definition")
    registered = task.requires_attributes is not None
    static_ports = set(_static_ports(task))
    gpus, unreadable = _gpus(task)
    return TaskRequirements(
        cpu=_cpu(task),
        memory=_memory(task),
        ports=frozenset(port for port, protocol in static_ports if protocol != "udp"),
        ports_udp=frozenset(port for port, protocol in static_ports if protocol == "udp"),
        gpus=gpus,
        enis=1 if task.is_awsvpc else 0,
        attributes=task.requires_attributes if task.requires_attributes is not None else derived_attributes(task),
        likely_attributes=() if registered else likely_attributes(task),
        unreadable=unreadable,
    )


def _cpu(task: TaskDefinition) -> int:
    if task.cpu and not task.is_windows:  # "Task-level CPU and memory parameters are ignored for Windows containers"
        return task.cpu
    return sum(container.cpu for container in task.container_definitions)


def _memory(task: TaskDefinition) -> int:
    if task.memory and not task.is_windows:
        return task.memory
    return sum(_container_memory(container) for container in task.container_definitions)


def _container_memory(container: ContainerDefinition) -> int:
    """ "If you specify memoryReservation, then that value is subtracted ... Otherwise, the value of memory is used"."""
    return max(container.memory_reservation or 0, 0) or container.memory or 0


def _static_ports(task: TaskDefinition) -> Iterator[tuple[int, str]]:
    """Host ports that are known before the task starts, with their protocol.

    awsvpc tasks bind their own interface; a port range of bridge mode is bound to ephemeral ports; in host mode the
    host port is the container's, "blank or 0" included.
    """
    if task.network_mode in ("awsvpc", "none"):
        return
    for container in task.container_definitions:
        for mapping in container.port_mappings:
            port = mapping.host_port or (mapping.container_port if task.network_mode == "host" else None)
            if port:
                yield port, mapping.protocol.lower()


def _gpus(task: TaskDefinition) -> tuple[int, tuple[str, ...]]:
    """Whole GPUs, and what cannot be counted: "ALL", a share of a device, another kind of device."""
    devices, unreadable = 0, []
    for container in task.container_definitions:
        for wish in container.resource_requirements:
            value = wish.value or ""
            if wish.type.upper() == "GPU" and wish.sharing_strategy is None and value.isdecimal():
                devices += int(value)
            else:
                share = "a share of " if wish.sharing_strategy else ""
                unreadable.append(f"container {container.name!r} asks for {share}{value or 'an'} {wish.type}".strip())
                devices += 1 if wish.type.upper() == "GPU" and wish.sharing_strategy is None else 0
    return devices, tuple(unreadable)
