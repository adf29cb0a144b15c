"""CAPACITY: what will be deployed fits beside what runs, now or once capacity providers have scaled out."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import judge_each, require_role_and_region, shown
from ecs_preflight.checks.room import Wanted, short_of
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import completed
from ecs_preflight.checks.workload_room import DECISIVE, ROOM_KINDS, ShareRoom, room_for, room_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Listing
from ecs_preflight.findings import NotApplicable, Problem, Remark, Severity, Undetermined
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


@check(
    "CAPACITY001",
    "tasks-do-not-fit",
    Severity.ERROR,
    on=each_workload,
    needs=room_questions(),
    asks=ROOM_KINDS,
)
def tasks_fit(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The workload's full desired count fits on the container instances of the ECS cluster as they stand now, beside all that
    runs: each copy whole on one instance, by CPU, memory, ports, GPUs, network interfaces, attributes and constraints. Where
    capacity providers can bring enough instances for the rest, that is CAPACITY002's to say, and this passes. Where several
    workloads are given for one cluster, each is judged as if it came alone.

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
        raise NotApplicable("Fargate brings its own capacity: CAPACITY004 judges its quota")
    yield from judge_each(config, target, facts, _workload_fits)


def _workload_fits(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    workload = completed(target, config.workload(target), facts)
    workload.require(*DECISIVE)
    try:
        shares = tuple(room_for(target, workload, workload.desired_count, found, facts))
    except InputError as error:
        yield refused_by_ecs(workload, error)
        return
    rivals = _rivals(config, target)
    names = ", ".join(f"{rival.workload.name} ({rival.count})" for rival in rivals)
    note = f"judged alone: {names} of the same cluster would take room as well" if rivals else ""
    for share in shares:
        yield from _share_fits(share, note)
        if share.placement.at_least >= share.wanted.count and _crowded(share, rivals):
            yield Remark(f"judged alone, it fits; with {names} of the same cluster there may be too little room for all")


def refused_by_ecs(workload: Workload, error: InputError) -> Problem:
    """What ECS itself would refuse as it is asked to place the workload."""
    return Problem(
        f"ECS would refuse the placement of {shown(workload.name)}",
        remediation=(
            "Correct the placement constraints, the placement strategy or the capacity provider strategy of the workload, "
            "here and in the deploy stage."
        ),
        evidence=str(error),
        location=workload.location,
    )


def _share_fits(share: ShareRoom, note: str) -> Iterator[Problem | Undetermined | Remark]:
    growth = share.growth
    if growth is None or growth.suffices is False:
        told = f"not even after scale-out: {growth.told}" if growth else ""
        yield from short_of(share.wanted, share.placement, share.instances, note="\n".join(filter(None, (told, note))))
    elif growth.suffices:
        yield Remark(f"{share.placement.at_least} of {share.wanted.count} fit now; {growth.told} (CAPACITY002)")
    else:
        yield Undetermined(f"{share.placement.at_least} of {share.wanted.count} fit for certain; {growth.told}")


def _crowded(share: ShareRoom, rivals: list[Wanted]) -> bool:
    """Whether the copies and those of the rivals may be more than all the room that there is."""
    return sum(_part_of_all(wanted, share.instances) for wanted in (share.wanted, *rivals)) > 1


def _rivals(config: PreflightConfig, target: Target) -> list[Wanted]:
    """The workloads that want room in the same cluster, and are judged as if this one were not there."""
    return [
        Wanted("", workload, workload.desired_count)
        for workload in config.workloads(target)
        if workload.name != target.workload
        and workload.task_definition is not None
        and not workload.runs_on_fargate
        and not any(name in workload.unknown for name in DECISIVE)
        and workload.desired_count
    ]


def _part_of_all(wanted: Wanted, listing: Listing[ContainerInstance]) -> float:
    """How much of all the room that there is for such tasks the copies would take; 1 is all of it."""
    try:
        room = wanted.on(listing.items, None).max_placeable
    except InputError:
        return 0  # the check of that workload says what is wrong with it
    return wanted.count / room if room else wanted.count
