"""CAPACITY: what will be deployed needs no container instance that is not there yet."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.capacity import refused_by_ecs
from ecs_preflight.checks.each_cluster import judge_each, require_role_and_region
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import completed
from ecs_preflight.checks.workload_room import DECISIVE, ROOM_KINDS, ShareRoom, room_for, room_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.errors import InputError
from ecs_preflight.findings import Blocked, NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


def _of_providers(workload: Workload) -> int | None:
    return workload.desired_count if workload.providers else None


@check(
    "CAPACITY002",
    "only-fits-after-scale-out",
    Severity.WARNING,
    on=each_workload,
    needs=room_questions(_of_providers),
    asks=ROOM_KINDS,
)
def tasks_fit_without_scale_out(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The copies of a workload with a capacity provider strategy fit on the container instances that are there. Where they do not,
    and the Auto Scaling groups of its capacity providers may grow enough for the rest, up to MaxSize and by managed scaling,
    it says how many instances that takes. Tasks of a launch type make no capacity provider scale out.

    ## Why it matters
    Such tasks wait in PROVISIONING until instances have started and joined, some minutes for every step of managed scaling;
    Spinnaker's deploy stage waits with them. Where EC2 has no capacity for the type, or an instance does not join, they stop
    after a while, and the deployment never gets healthy.

    ## How to fix it
    Nothing need be done where waiting is all right. Else raise the group's desired capacity before the deployment, or lower
    targetCapacity of the managed scaling below 100, which keeps instances spare.
    """
    workload = config.workload(target)
    if workload.is_looked_up:
        require_role_and_region(config, target)
    whole = completed(target, workload, facts)
    if whole.runs_on_fargate:
        raise NotApplicable("Fargate has no instances to wait for")
    whole.require("capacity_provider_strategy", "launch_type")
    if not whole.providers:
        raise NotApplicable("tasks of a launch type make no capacity provider scale out")
    yield from judge_each(config, target, facts, _fits_now)


def _fits_now(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    workload = completed(target, config.workload(target), facts)
    workload.require(*DECISIVE)
    try:
        shares = tuple(room_for(target, workload, workload.desired_count, found, facts))
    except InputError as error:
        yield refused_by_ecs(workload, error)
        return
    for share in shares:
        yield from _share_waits(share, target)


def _share_waits(share: ShareRoom, target: Target) -> Iterator[Problem | Blocked | Undetermined]:
    growth, placement, wanted = share.growth, share.placement, share.wanted
    if growth is None:
        return
    if share.instances.gaps:
        gap = share.instances.gaps[0]
        yield Undetermined(f"{placement.at_least} of {wanted.count} fit on what could be read; {gap.what}: {gap.error}")
    elif placement.max_placeable >= wanted.count:
        yield Undetermined(f"{placement.at_least} of {wanted.count} fit for certain: {' '.join(placement.unknowns)}")
    elif growth.suffices is None:
        yield Undetermined(f"{placement.at_least} of {wanted.count} fit for certain; {growth.told}")
    elif not growth.suffices:
        yield Blocked(f"not all fit even after scale-out (CAPACITY001): {growth.told}")
    else:
        capacity = growth.desired_capacity + growth.needed
        yield Problem(
            f"{growth.missing} of {wanted.count} {wanted.what} wait for scale-out",
            remediation=(
                f"To have instances before the deployment: aws autoscaling set-desired-capacity --auto-scaling-group-name "
                f"{growth.group_name} --desired-capacity {capacity} --region {target.region}"
                if growth.group_name
                else "Nothing need be done where waiting for instances is all right."
            ),
            evidence=f"one copy takes {wanted.size}; {placement.max_placeable} fit now; {growth.told}",
            location=wanted.workload.location,
        )
