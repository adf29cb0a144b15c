"""CAPACITY: a rollback finds room, which asks for more copies than the deployment did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.capacity import refused_by_ecs
from ecs_preflight.checks.each_cluster import judge_each, require_role_and_region, shown
from ecs_preflight.checks.room import short_of
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import completed
from ecs_preflight.checks.workload_room import BUT_THE_COUNT, ROOM_KINDS, ShareRoom, room_for, room_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.errors import InputError
from ecs_preflight.findings import NotApplicable, Problem, Remark, Severity, Undetermined
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

_DESTROYS_THE_OLD = "highlander"


def _why_not(workload: Workload) -> str | None:
    """Why no rollback would ask for more room on container instances than the deployment does."""
    if workload.runs_on_fargate:
        return "Fargate brings its own capacity"
    if workload.max_count is None:
        return "no maximum is stated: it is not a server group, or only a run of the pipeline tells"
    if workload.deployment_strategy == _DESTROYS_THE_OLD:
        return "highlander destroys the server group that a rollback would enable"
    if workload.max_count <= workload.desired_count and "desired_count" not in workload.unknown:
        return "it asks for no more than the deployment itself, which CAPACITY001 judges"
    return None


def _at_most(workload: Workload) -> int | None:
    return None if _why_not(workload) else workload.max_count


@check(
    "CAPACITY003",
    "rollback-does-not-fit",
    Severity.WARNING,
    on=each_workload,
    needs=room_questions(_at_most),
    asks=ROOM_KINDS,
)
def rollback_fits(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    As many copies as the server group's capacity has for its maximum fit beside all that runs now, on the container instances
    that are there or that capacity providers can bring. What runs now is taken for the server group that is rolled back from.

    ## Why it matters
    A rollback enables the server group before: Spinnaker sets its desired count to the MaxCapacity of its scalable target, not to
    what it had before (clouddriver-ecs EnableServiceAtomicOperation). Where these do not fit, the rollback waits for healthy
    instances until it times out, at the moment when it is needed most.

    ## How to fix it
    Leave room for the maximum, or lower `max` of the server group's capacity.
    """
    workload = config.workload(target)
    if why_not := _why_not(workload):
        raise NotApplicable(why_not)
    require_role_and_region(config, target)
    yield from judge_each(config, target, facts, _rollback_fits)


def _rollback_fits(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    workload = completed(target, config.workload(target), facts)
    workload.require(*BUT_THE_COUNT)
    try:
        shares = tuple(room_for(target, workload, workload.max_count or 0, found, facts))
    except InputError as error:
        yield refused_by_ecs(workload, error)
        return
    for share in shares:
        yield from _share_fits(share)


def _share_fits(share: ShareRoom) -> Iterator[Problem | Undetermined | Remark]:
    growth = share.growth
    wanted = replace(share.wanted, what=f"copies for a rollback of {shown(share.wanted.workload.name, 30)}")
    if growth is None or growth.suffices is False:
        told = f"a rollback asks for the maximum of {share.wanted.count}" + (f"; {growth.told}" if growth else "")
        yield from short_of(wanted, share.placement, share.instances, note=told)
    elif growth.suffices:
        yield Remark(f"{share.placement.at_least} of {share.wanted.count} fit now; {growth.told}")
    else:
        yield Undetermined(f"{share.placement.at_least} of {share.wanted.count} fit for certain; {growth.told}")
