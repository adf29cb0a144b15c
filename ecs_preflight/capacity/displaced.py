"""The tasks of services on instances that are taken to drain: as many start elsewhere, in the room that is asked for.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ecs_preflight.checks.largest_task import like
from ecs_preflight.checks.room import Wanted
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask

_SERVICE = "service:"
_Kind = tuple[str, int, int, bool, int, str | None, str]


def displaced(tasks: Iterable[RunningTask], drained: Iterable[ContainerInstance]) -> Iterator[Wanted]:
    """As many copies as run there, by service and size. What a daemon service runs is among them: no task tells it apart."""
    arns = {instance.container_instance_arn for instance in drained}
    there = [task for task in tasks if task.container_instance_arn in arns and task.is_wanted and task.group.startswith(_SERVICE)]
    examples = {_kind(task): task for task in there}
    named: Counter[str] = Counter()
    for kind, count in Counter(map(_kind, there)).items():
        task = examples[kind]
        name = f"{count} displaced of {task.group}"
        named[name] += 1
        workload = like(task, name if named[name] == 1 else f"{name} ({named[name]})", count)
        provider = task.capacity_provider_name
        yield Wanted(
            workload.name,
            replace(
                workload,
                service=task.group.removeprefix(_SERVICE),
                launch_type=None if provider else task.launch_type or "EC2",
                capacity_provider_strategy=({"capacityProvider": provider, "weight": 1},) if provider else (),
            ),
            count,
        )


def _kind(task: RunningTask) -> _Kind:
    gpus = sum(len(container.gpu_ids) for container in task.containers)
    return (task.group, *task.size, task.interfaces > 0, gpus, task.capacity_provider_name, task.launch_type)
