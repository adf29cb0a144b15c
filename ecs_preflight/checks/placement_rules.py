"""CAPACITY: what the answer of the others assumes, where AWS documents no rule."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import judge_each, require_role_and_region, shown
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import completed
from ecs_preflight.checks.workload_room import DECISIVE, ROOM_KINDS, ShareRoom, room_for, room_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.errors import InputError
from ecs_preflight.findings import Blocked, NotApplicable, Problem, Severity
from ecs_preflight.targets import Target


@check(
    "CAPACITY007",
    "placement-depends-on-undocumented-rule",
    Severity.INFO,
    on=each_workload,
    needs=room_questions(),
    asks=ROOM_KINDS,
)
def placement_follows_documented_rules(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Nothing that bears on where the workload's copies go is left open by the documentation of ECS: corners of the cluster query
    language, images that are built for another processor or system than an instance has, instances that are IMPAIRED, GPUs
    that are listed the wrong way round, shares of capacity providers that do not come out even.

    ## Why it matters
    CAPACITY001 takes the reading that is likeliest. ECS may take another.

    ## How to fix it
    Write the constraint in the form that the finding names, or pin what is assumed: `attribute:ecs.cpu-architecture == arm64`.
    """
    workload = config.workload(target)
    if workload.is_looked_up:
        require_role_and_region(config, target)
    if completed(target, workload, facts).runs_on_fargate:
        raise NotApplicable("Fargate places tasks itself")
    yield from judge_each(config, target, facts, _follows_rules)


def _follows_rules(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    workload = completed(target, config.workload(target), facts)
    workload.require(*DECISIVE)
    try:
        shares = tuple(room_for(target, workload, workload.desired_count, found, facts))
    except InputError as error:
        raise Blocked(f"ECS would refuse it (CAPACITY001): {error}") from None
    for caution in dict.fromkeys(caution for share in shares for caution in _cautions(share)):
        yield Problem(
            f"where copies of {shown(workload.name, 22)} go depends on what ECS does not document",
            remediation="See that the answer of CAPACITY001 holds for the other reading as well, or pin what is assumed.",
            evidence=caution,
            location=workload.location,
        )
    copies = sum(share.wanted.count for share in shares)
    if copies > workload.desired_count:
        names = ", ".join(workload.providers)
        yield Problem(
            f"how copies of {shown(workload.name, 22)} are shared among capacity providers is not documented",
            remediation="Choose weights that share the desired count evenly.",
            evidence=f"{workload.desired_count} copies among {names} leave a remainder; each was given the larger share",
            location=workload.location,
        )


def _cautions(share: ShareRoom) -> Iterator[str]:
    """Of the instances that take tasks: that some do not, CLUSTER003 and CLUSTER004 say."""
    taking = [instance for instance in share.instances.items if instance.status == "ACTIVE" and instance.agent_connected]
    return iter(share.wanted.on(taking, share.tasks).warnings if taking else ())
