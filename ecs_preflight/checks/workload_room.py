"""A workload on container instances: what to ask, where its copies would go, and what capacity providers would add."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ecs_preflight.checks._check import Facts, Questions
from ecs_preflight.checks.each_cluster import Needs, needs_of_each, shown
from ecs_preflight.checks.provider_groups import provider_questions, providers_of
from ecs_preflight.checks.room import Wanted, tasks_matter
from ecs_preflight.checks.scale_outs import Growth, growth_for, shares_of
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS, completed_if_known, workload_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Listing, Snapshot
from ecs_preflight.findings import Undetermined
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
from ecs_preflight.workloads.workload import Workload

ROOM_KINDS = (
    *WORKLOAD_KINDS,
    CLUSTERS,
    CLUSTER,
    CONTAINER_INSTANCES,
    RUNNING_TASKS,
    CAPACITY_PROVIDERS,
    AUTO_SCALING_GROUPS,
)
"""For the `asks` of every check that judges the room for a workload."""

# What of a workload must be known before anybody can say where it would go.
BUT_THE_COUNT = (
    "task_definition",
    "cpu",
    "memory",
    "ports",
    "network_mode",
    "launch_type",
    "capacity_provider_strategy",
    "placement_constraints",
    "placement_strategy",
)
DECISIVE = (*BUT_THE_COUNT, "desired_count")

CountOf: TypeAlias = Callable[[Workload], int | None]
"""How many copies a check is about; None where it is not about the workload at all."""


@dataclass(frozen=True)
class ShareRoom:
    """The copies of one capacity provider, or all of them: where they go, and what would be added for them."""

    wanted: Wanted
    placement: Placement
    instances: Listing[ContainerInstance]
    tasks: tuple[RunningTask, ...] | None
    """What runs on them, where it was asked for and read."""
    growth: Growth | None
    """None where all are certain to fit now, and where no capacity provider is asked."""


def desired(workload: Workload) -> int:
    """The copies that a deployment starts."""
    return workload.desired_count


def room_questions(count_of: CountOf = desired) -> Needs:
    """The needs of a check that judges the room for so many copies of a workload."""

    def needs(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
        workload = config.workload(target)
        yield from workload_questions(config, target, workload, known)
        found = completed_if_known(target, workload, known)
        if found and not found.runs_on_fargate and count_of(found) is not None:
            yield from needs_of_each(of_cluster)(config, target, known)

    def of_cluster(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
        asked = container_instances(target.account, target.region, target.cluster)
        yield asked
        listing = known[asked].value_or_none()
        workload = completed_if_known(target, config.workload(target), known)
        if workload is None or listing is None or any(name in workload.unknown for name in BUT_THE_COUNT):
            return
        wanted = wanted_copies(target, workload, count_of(workload) or 0)
        try:
            shares = shares_of(wanted)
            if any(_tasks_decide(share, listing) for share in shares):
                yield running_tasks(target.account, target.region, target.cluster)
            if any(_wants_more(share, listing) for share in shares):
                yield from provider_questions(target, found, known)
        except InputError:
            return  # the check says what ECS would refuse, whatever is there

    return needs


def wanted_copies(target: Target, workload: Workload, count: int) -> Wanted:
    what = f"copies of {shown(workload.name, 22)} in ECS cluster {shown(target.cluster, 22)}"
    return Wanted(what, workload, count)


def room_for(target: Target, workload: Workload, count: int, found: Cluster, facts: Facts) -> Iterator[ShareRoom]:
    """Share by share, of a workload that is complete.

    Raises InputError for what ECS would refuse, Undetermined where the answer hangs on something that was not seen.
    """
    listing = facts[container_instances(target.account, target.region, target.cluster)].partial()
    shares = shares_of(wanted_copies(target, workload, count))
    tasks: Listing[RunningTask] | None = None
    if any(_tasks_decide(share, listing) for share in shares):
        tasks = facts[running_tasks(target.account, target.region, target.cluster)].partial()
    providers = providers_of(target, found, facts) if any(_wants_more(share, listing) for share in shares) else ()
    for share in shares:
        read = None if tasks is None or tasks.gaps else tasks.items
        placement = share.on(listing.items, read)
        if tasks is not None and tasks.gaps and placement.at_least < share.count <= placement.max_placeable:
            gap = tasks.gaps[0]
            raise Undetermined(f"{placement.at_least} of {share.count} fit for certain; {gap.what}: {gap.error}")
        asks_more = bool(workload.providers) and placement.at_least < share.count
        growth = growth_for(share, placement, listing.items, providers) if asks_more else None
        yield ShareRoom(share, placement, listing, read, growth)


def _tasks_decide(share: Wanted, listing: Listing[ContainerInstance]) -> bool:
    """Whether the answer hangs on which tasks run."""
    if not tasks_matter(share.workload):
        return False
    if task_requirements(share.task_definition).gpus:
        return True
    placement = share.on(listing.items, None)
    return placement.at_least < share.count <= placement.max_placeable


def _wants_more(share: Wanted, listing: Listing[ContainerInstance]) -> bool:
    """Whether not all copies are certain to fit, so that it matters what capacity providers add."""
    return bool(share.workload.providers) and share.on(listing.items, None).at_least < share.count
