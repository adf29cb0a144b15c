"""CAPACITY: where no workload is given, some room is left all the same."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import is_fargate_only, judge_each, needs_of_each, shown
from ecs_preflight.checks.largest_task import like_the_largest
from ecs_preflight.checks.provider_groups import provider_questions, providers_of
from ecs_preflight.checks.room import Wanted, short_of
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Listing, Snapshot
from ecs_preflight.findings import NotApplicable, Severity, Undetermined
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
    next_task = like_the_largest(tasks, listing.items)
    needs = task_requirements(next_task.task_definition or {})
    what = f"more tasks of {needs.cpu} CPU units, {needs.memory} MiB in {shown(target.cluster, 30)}"
    wanted = Wanted(what, next_task, config.thresholds.copies)
    placement = wanted.on(listing.items, tasks)
    some = placement.max_placeable > 0
    yield from short_of(wanted, placement, listing, severity=Severity.WARNING if some else None)
    if some and not placement.at_least and placement.max_placeable < wanted.count and not listing.gaps:
        yield Undetermined(f"whether even one more fits: {' '.join(placement.unknowns)}")
