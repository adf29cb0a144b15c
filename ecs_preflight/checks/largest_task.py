"""The task that is taken for the next one where no workload is given: like the largest that runs."""

from __future__ import annotations

from collections.abc import Iterable

from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.workloads.making import workload_of_sizes
from ecs_preflight.workloads.workload import Workload

# Where none runs that could be taken for it: the smallest size of Fargate.
USUAL_CPU = 256
USUAL_MEMORY = 512


def like_the_largest(tasks: Iterable[RunningTask], instances: Iterable[ContainerInstance]) -> Workload:
    """The largest task that runs on a container instance of EC2, as a workload; static host ports are not told of it."""
    of_ec2 = {instance.container_instance_arn: instance for instance in instances if not instance.is_external}
    sized = [task for task in tasks if task.container_instance_arn in of_ec2 and task.is_wanted and task.size[1]]
    if not sized:
        return workload_of_sizes(WorkloadFile(name="next", cpu=USUAL_CPU, memory=USUAL_MEMORY))
    return like(max(sized, key=lambda task: (sum(task.size), task.size)), "next")


def like(task: RunningTask, name: str, count: int = 1) -> Workload:
    """More of what a task is, as far as ECS tells it of one that runs: neither host ports nor placement constraints."""
    cpu, memory = task.size
    return workload_of_sizes(
        WorkloadFile(
            name=name,
            cpu=cpu,
            memory=max(memory, 4),
            network_mode="awsvpc" if task.interfaces else "bridge",
            gpus=sum(len(container.gpu_ids) for container in task.containers),
            desired_count=count,
        )
    )
