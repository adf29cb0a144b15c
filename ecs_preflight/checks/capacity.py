"""CAPACITY: what will be deployed fits beside what runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import is_fargate_only, judge_each, needs_of_each, require_role_and_region, shown
from ecs_preflight.checks.provider_groups import provider_questions, providers_of
from ecs_preflight.checks.room import Wanted, short_of
from ecs_preflight.checks.scopes import each_cluster, each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS, completed, completed_if_known, workload_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Listing, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Remark, Severity, Undetermined
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.questions import (
    AUTO_SCALING_GROUPS,
    CAPACITY_PROVIDERS,
    CLUSTER,
    CLUSTERS,
    CONTAINER_INSTANCES,
    RUNNING_TASKS,
    container_instances,
    running_tasks,
)
from ecs_preflight.targets import Target
from ecs_preflight.workloads.making import workload_of_sizes
from ecs_preflight.workloads.workload import Workload

# What is taken for the next task where none runs that could be taken for it: the smallest size of Fargate.
_USUAL_CPU = 256
_USUAL_MEMORY = 512


def _of_workload(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    workload = config.workload(target)
    yield from workload_questions(config, target, workload, known)
    found = completed_if_known(target, workload, known)
    if found and not found.runs_on_fargate:
        yield from needs_of_each(_instances_and_tasks)(config, target, known)


def _instances_and_tasks(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    asked = container_instances(target.account, target.region, target.cluster)
    yield asked
    listing = known[asked].value_or_none()
    workload = completed_if_known(target, config.workload(target), known)
    if workload and not _blanks(workload) and listing is not None and _tasks_decide(_wanted(target, workload), listing):
        yield running_tasks(target.account, target.region, target.cluster)


# What of a workload must be known before anybody can say where it would go.
_DECISIVE = (
    "task_definition",
    "cpu",
    "memory",
    "ports",
    "network_mode",
    "launch_type",
    "capacity_provider_strategy",
    "placement_constraints",
    "placement_strategy",
    "desired_count",
)


def _blanks(workload: Workload) -> bool:
    return any(name in workload.unknown for name in _DECISIVE)


def _wanted(target: Target, workload: Workload) -> Wanted:
    what = f"copies of {shown(workload.name, 22)} in ECS cluster {shown(target.cluster, 22)}"
    return Wanted(what, workload, workload.desired_count)


def _tasks_decide(wanted: Wanted, listing: Listing[ContainerInstance]) -> bool:
    """Whether the answer hangs on which tasks run: network interfaces, groups and GPU ids are counted by task alone."""
    try:
        if task_requirements(wanted.task_definition).gpus:
            return True
        if wanted.workload.network_mode != "awsvpc" and not wanted.workload.placement_constraints:
            return False
        placement = wanted.on(listing.items, None)
    except InputError:
        return False  # the check says what ECS would refuse, whatever runs
    return placement.at_least < wanted.count <= placement.max_placeable


@check(
    "CAPACITY001",
    "tasks-do-not-fit",
    Severity.ERROR,
    on=each_workload,
    needs=_of_workload,
    asks=(*WORKLOAD_KINDS, CLUSTERS, CLUSTER, CONTAINER_INSTANCES, RUNNING_TASKS),
)
def tasks_fit(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The workload's full desired count fits on the container instances of the ECS cluster as they stand now, beside all that
    runs: each copy whole on one instance, by CPU, memory, ports, GPUs, network interfaces, attributes and constraints. Where
    several workloads are given for one cluster, each is judged as if it came alone.

    ## Why it matters
    Every deployment of Spinnaker's is a new ECS service with all its copies beside the old one. Where they do not fit,
    CreateService succeeds and the tasks are never placed: `was unable to place a task because no container instance met all of
    its requirements`. Spinnaker shows a deploy stage that waits for healthy instances until it times out.

    ## How to fix it
    Add container instances, make the task smaller, or lower the desired count. What binds is named, and what each instance
    refuses for.
    """
    workload = config.workload(target)
    if workload.is_looked_up:
        require_role_and_region(config, target)
    if completed(target, workload, facts).runs_on_fargate:
        raise NotApplicable("Fargate brings its own capacity")
    yield from judge_each(config, target, facts, _workload_fits)


def _workload_fits(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    workload = completed(target, config.workload(target), facts)
    workload.require(*_DECISIVE)
    wanted = _wanted(target, workload)
    listing = facts[container_instances(target.account, target.region, target.cluster)].partial()
    tasks: Listing[RunningTask] | None = None
    if _tasks_decide(wanted, listing):
        tasks = facts[running_tasks(target.account, target.region, target.cluster)].partial()
    try:
        placement = wanted.on(listing.items, None if tasks is None or tasks.gaps else tasks.items)
    except InputError as error:
        yield Problem(
            f"ECS would refuse the placement of {shown(wanted.workload.name)}",
            remediation="Correct placement_constraints or placement_strategy of the workload, here and in the deploy stage.",
            evidence=str(error),
            location=wanted.workload.location,
        )
        return
    if tasks is not None and tasks.gaps and placement.at_least < wanted.count <= placement.max_placeable:
        gap = tasks.gaps[0]
        yield Undetermined(f"{placement.at_least} of {wanted.count} fit for certain; {gap.what}: {gap.error}")
        return
    rivals = _rivals(config, target)
    names = ", ".join(f"{rival.workload.name} ({rival.count})" for rival in rivals)
    note = f"judged alone: {names} of the same cluster would take room as well" if rivals else ""
    yield from short_of(wanted, placement, listing, note=note)
    if placement.at_least >= wanted.count and _share(wanted, listing) + sum(_share(rival, listing) for rival in rivals) > 1:
        yield Remark(f"judged alone, it fits; with {names} of the same cluster there may be too little room for all")


def _rivals(config: PreflightConfig, target: Target) -> list[Wanted]:
    """The workloads that want room in the same cluster, and are judged as if this one were not there."""
    return [
        Wanted("", workload, workload.desired_count)
        for workload in config.workloads(target)
        if workload.name != target.workload
        and workload.task_definition is not None
        and not workload.runs_on_fargate
        and not _blanks(workload)
        and workload.desired_count
    ]


def _share(wanted: Wanted, listing: Listing[ContainerInstance]) -> float:
    """How much of all the room that there is for such tasks the copies would take; 1 is all of it."""
    try:
        room = wanted.on(listing.items, None).max_placeable
    except InputError:
        return 0  # the check of that workload says what is wrong with it
    return wanted.count / room if room else wanted.count


def _each_cluster_without_workloads(config: PreflightConfig) -> Iterator[Target]:
    return (target for target in each_cluster(config) if not config.workloads(target))


def _instances_and_largest(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    if is_fargate_only(found):
        return
    if not found.registered_container_instances_count:
        yield from provider_questions(target, found, known)
        return
    yield container_instances(target.account, target.region, target.cluster)
    yield running_tasks(target.account, target.region, target.cluster)


@check(
    "CAPACITY010",
    "little-room-left",
    Severity.ERROR,
    on=_each_cluster_without_workloads,
    needs=needs_of_each(_instances_and_largest),
    asks=(CLUSTERS, CLUSTER, CONTAINER_INSTANCES, RUNNING_TASKS, CAPACITY_PROVIDERS, AUTO_SCALING_GROUPS),
)
def room_is_left(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where no workload is given for an ECS cluster: more copies of its largest running task (by CPU units and MiB; with its network
    interface and GPUs) fit on its container instances; where none runs, of a task of 256 CPU units and 512 MiB. ERROR when not
    one fits, WARNING below `thresholds.copies` (default 3). A cluster that is Fargate only brings its own capacity, and one whose
    capacity provider can scale from zero may well stand at zero.

    ## Why it matters
    Enough space for the containers to come is a prerequisite: Spinnaker deploys every new version beside the old one, and a
    cluster that is full takes no deployment at all.

    ## How to fix it
    Add container instances, or say in preflight.yml which workloads will come, so that these are judged instead.
    """
    yield from judge_each(config, target, facts, _some_room)


def _some_room(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    if is_fargate_only(found):
        raise NotApplicable("Fargate only: it brings its own capacity")
    listing: Listing[ContainerInstance] = Listing()
    tasks: tuple[RunningTask, ...] = ()
    if found.registered_container_instances_count:
        listing = facts[container_instances(target.account, target.region, target.cluster)].partial()
        tasks = facts[running_tasks(target.account, target.region, target.cluster)].require().items
    elif any(provider.can_scale_from_zero for provider in providers_of(target, found, facts)):
        raise NotApplicable("no container instance is there, and a capacity provider brings them when tasks come")
    next_task = _like_the_largest(tasks, listing.items)
    what = f"more tasks of {next_task.cpu} CPU units, {next_task.memory} MiB in {shown(target.cluster, 30)}"
    wanted = Wanted(what, workload_of_sizes(next_task), config.thresholds.copies)
    placement = wanted.on(listing.items, tasks)
    some = placement.max_placeable > 0
    yield from short_of(wanted, placement, listing, severity=Severity.WARNING if some else None)
    if some and not placement.at_least and placement.max_placeable < wanted.count and not listing.gaps:
        yield Undetermined(f"whether even one more fits: {' '.join(placement.unknowns)}")


def _like_the_largest(tasks: Iterable[RunningTask], instances: Iterable[ContainerInstance]) -> WorkloadFile:
    """The largest task that runs on a container instance of EC2, as a workload; static host ports are not told of it."""
    of_ec2 = {instance.container_instance_arn for instance in instances if not instance.is_external}
    sized = [task for task in tasks if task.container_instance_arn in of_ec2 and task.is_wanted and task.size[1]]
    if not sized:
        return WorkloadFile(name="next", cpu=_USUAL_CPU, memory=_USUAL_MEMORY)
    largest = max(sized, key=lambda task: (sum(task.size), task.size))
    cpu, memory = largest.size
    return WorkloadFile(
        name="next",
        cpu=cpu,
        memory=max(memory, 4),
        network_mode="awsvpc" if largest.interfaces else "bridge",
        gpus=sum(len(container.gpu_ids) for container in largest.containers),
    )
