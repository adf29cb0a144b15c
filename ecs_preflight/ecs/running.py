"""What already runs on each instance, from DescribeTasks: groups, network interfaces, GPUs in use.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import BeforeValidator

from ecs_preflight.ecs._model import AwsShape, read_shape
from ecs_preflight.ecs.sizes import parse_cpu, parse_memory


class Attachment(AwsShape):
    """Something that hangs on a task, such as its network interface."""

    type: str = ""
    status: str = ""


class RunningContainer(AwsShape):
    """A container of a task that runs; sizes are those of its definition, in CPU units and MiB."""

    cpu: int = 0
    memory: int = 0
    memory_reservation: int = 0
    gpu_ids: tuple[str, ...] = ()


class RunningTask(AwsShape):
    """An element of DescribeTasks; a task on Fargate has no container instance."""

    task_arn: str = ""
    container_instance_arn: str | None = None
    group: str = ""
    desired_status: str = "RUNNING"
    last_status: str = "RUNNING"
    attachments: tuple[Attachment, ...] = ()
    containers: tuple[RunningContainer, ...] = ()
    task_definition_arn: str = ""
    launch_type: str = ""
    capacity_provider_name: str | None = None
    cpu: Annotated[int, BeforeValidator(parse_cpu)] = 0
    memory: Annotated[int, BeforeValidator(parse_memory)] = 0

    @property
    def size(self) -> tuple[int, int]:
        """CPU units and MiB that the task takes of its instance: its own sizes before the sums of its containers'."""
        cpu = self.cpu or sum(container.cpu for container in self.containers)
        memory = self.memory or sum(container.memory_reservation or container.memory for container in self.containers)
        return cpu, memory

    @property
    def is_wanted(self) -> bool:
        """ECS counts by desired status: a task that is being stopped no longer keeps another one away."""
        return self.desired_status != "STOPPED" and self.last_status != "STOPPED"

    @property
    def interfaces(self) -> int:
        """Network interfaces of its own that it still holds; a stopping task holds them until they are detached."""
        if self.last_status == "STOPPED":
            return 0
        return sum(
            attachment.type == "ElasticNetworkInterface" and attachment.status not in ("DETACHED", "DELETED")
            for attachment in self.attachments
        )


@dataclass(slots=True)
class TasksOnInstance:
    """The tasks of one instance, summed up."""

    groups: Counter[str] = field(default_factory=Counter)
    interfaces: int = 0
    gpu_ids: set[str] = field(default_factory=set)


NOTHING_RUNS = TasksOnInstance()


def read_tasks(tasks: Iterable[RunningTask | Mapping[str, Any]]) -> dict[str, TasksOnInstance]:
    """Tasks by the ARN of their container instance; raises InputError where one cannot be read."""
    on_instance: dict[str, TasksOnInstance] = {}
    for item in tasks:
        task = read_shape(RunningTask, item, name="running task")
        if task.container_instance_arn is None:
            continue
        there = on_instance.setdefault(task.container_instance_arn, TasksOnInstance())
        there.interfaces += task.interfaces
        if task.is_wanted:
            there.groups[task.group] += 1
        if task.last_status == "RUNNING":
            there.gpu_ids.update(gpu for container in task.containers for gpu in container.gpu_ids)
    return on_instance
