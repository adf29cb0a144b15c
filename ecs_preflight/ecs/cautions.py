"""What bars no placement as far as anything says, and yet deserves a second look."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.instance import ContainerInstance, InstanceRow
from ecs_preflight.ecs.ruling import Rows
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.ecs.task_rules import has_reversed_gpus


def cautions(task: TaskDefinition, demand: Demand, rows: Rows) -> Iterator[str]:
    """A sentence each."""
    if not rows:
        yield "There are no container instances."
    yield from demand.constraints.warnings
    wary = [row for row in rows if row.active and (not row.connected or row.instance.is_impaired)]
    yield from _about(wary, lambda row: not row.connected, "has an agent that is not connected: look again in a minute")
    yield from _about(wary, lambda row: row.instance.is_impaired, "is IMPAIRED, which bars no task but may stop one")
    if task.runtime_platform.cpu_architecture or task.runtime_platform.operating_system_family:
        yield from _about(
            rows,
            lambda row: row.active and not _is_same_platform(task, row.instance),
            f"is not the {_platform(task)} that the images are built for, and nothing says that ECS minds",
        )
    if demand.needs.gpus:
        yield from _about(
            rows,
            lambda row: has_reversed_gpus(row, demand),
            "lists GPUs of running tasks as remaining: its other registered GPUs are taken to be the free ones",
        )


def _about(rows: Rows, applies: Callable[[InstanceRow], bool], what: str) -> Iterator[str]:
    arns = [row.arn for row in rows if applies(row)]
    if arns:
        yield f"{arns[0]} {what}" + (f" (and {len(arns) - 1} more)." if len(arns) > 1 else ".")


def _platform(task: TaskDefinition) -> str:
    platform = task.runtime_platform
    return " ".join(part for part in (platform.operating_system_family, platform.cpu_architecture) if part)


def _is_same_platform(task: TaskDefinition, instance: ContainerInstance) -> bool:
    """`X86_64` is `ecs.cpu-architecture` x86_64, `LINUX` is `ecs.os-type` linux; what is not said fits anything."""
    platform, attributes = task.runtime_platform, instance.attributes
    architecture = (attributes.get("ecs.cpu-architecture") or platform.cpu_architecture or "").lower()
    system = (attributes.get("ecs.os-type") or platform.operating_system_family or "").lower()
    return (platform.cpu_architecture or architecture).lower() == architecture and (
        (platform.operating_system_family or system).lower().startswith(system)
    )
