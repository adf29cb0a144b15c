"""What bars no placement as far as anything says, and yet deserves a second look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.instance_table import InstanceTable
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.ecs.task_rules import reversed_gpus


def cautions(task: TaskDefinition, demand: Demand, table: InstanceTable) -> Iterator[str]:
    """A sentence each."""
    if not table.instances:
        yield "There are no container instances."
    yield from demand.constraints.warnings
    yield from _about(
        table, table.unconnected, "has an agent that is not connected; if that lasts longer than a minute, it is down"
    )
    yield from _about(table, table.impaired, "is IMPAIRED, which bars no task but may stop one")
    platform = _platform(task)
    if platform:
        others = [
            number
            for number, (active, attributes) in enumerate(zip(table.active, table.attributes, strict=True))
            if active and not _is_same_platform(task, attributes)
        ]
        yield from _about(table, others, f"is not the {platform} that the images are built for, and nothing says that ECS minds")
    if demand.needs.gpus:
        yield from _about(
            table,
            reversed_gpus(table, demand),
            "lists GPUs of running tasks as remaining: its other registered GPUs are taken to be the free ones",
        )


def _about(table: InstanceTable, rows: Sequence[int], what: str) -> Iterator[str]:
    if rows:
        yield f"{table.arns[rows[0]]} {what}" + (f" (and {len(rows) - 1} more)." if len(rows) > 1 else ".")


def _platform(task: TaskDefinition) -> str:
    platform = task.runtime_platform
    return " ".join(part for part in (platform.operating_system_family, platform.cpu_architecture) if part)


def _is_same_platform(task: TaskDefinition, attributes: Mapping[str, str | None]) -> bool:
    """`X86_64` is `ecs.cpu-architecture` x86_64, `WINDOWS_...` is `ecs.os-type` windows; what is not said fits anything."""
    platform = task.runtime_platform
    wanted, there = (platform.cpu_architecture or "").lower(), (attributes.get("ecs.cpu-architecture") or "").lower()
    family, system = (platform.operating_system_family or "").lower(), (attributes.get("ecs.os-type") or "").lower()
    return (not wanted or not there or wanted == there) and (not family or family.startswith(system))
