"""What bars no placement as far as anything says, and yet deserves a second look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ecs_preflight.ecs.fit import Demand, has_reversed_gpus
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.task import TaskDefinition


def cautions(task: TaskDefinition, demand: Demand, instances: Sequence[ContainerInstance]) -> Iterator[str]:
    """A sentence each."""
    if not instances:
        yield "There are no container instances."
    yield from demand.constraints.warnings
    yield from _about(instances, _is_away, "has an agent that is not connected: short gaps are normal, look again")
    yield from _about(instances, _is_impaired, "is IMPAIRED, which bars no task but may stop one")
    yield from _about(
        instances,
        lambda instance: instance.status == "ACTIVE" and not _is_same_platform(task, instance),
        f"is not the {_platform(task)} that the images are built for; nothing says that ECS minds",
    )
    yield from _about(
        instances,
        lambda instance: has_reversed_gpus(instance.row, demand),
        "lists GPUs of running tasks as remaining: the others of its registered GPUs are taken to be free",
    )


def _about(instances: Sequence[ContainerInstance], applies: Callable[[ContainerInstance], bool], what: str) -> Iterator[str]:
    names = [instance.container_instance_arn for instance in instances if applies(instance)]
    if names:
        yield f"{names[0]} {what}" + (f" (and {len(names) - 1} more)." if len(names) > 1 else ".")


def _is_away(instance: ContainerInstance) -> bool:
    return instance.status == "ACTIVE" and not instance.agent_connected


def _is_impaired(instance: ContainerInstance) -> bool:
    return instance.health_status.overall_status == "IMPAIRED"


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
