"""The room that container instances have for a workload, and for several at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ecs_preflight.capacity.model import Answer, InstanceRow, Limit, TogetherRoom, WorkloadRoom
from ecs_preflight.checks.refusals import Refusal, refusals_of
from ecs_preflight.checks.room import Wanted, empty_ones, name_of, remedy
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.ecs.workloads import JointPlacement, place_all
from ecs_preflight.ecs.workloads import Workload as JointWorkload
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Listing

Tasks = Sequence[RunningTask] | None


def room_on_instances(wanted: Wanted, listing: Listing[ContainerInstance], tasks: Tasks) -> WorkloadRoom:
    """How many more fit, and what stops the next one. Part of a listing proves how many fit at the least."""
    workload = wanted.workload
    unknown = workload.unknown.get("desired_count")
    room = WorkloadRoom(
        name=workload.name,
        answer=Answer.UNDETERMINED,
        wanted=None if unknown else wanted.count,
        runs_on=" or ".join(workload.providers) or workload.launch_type or "EC2",
    )
    try:
        placement = wanted.on(listing.items, tasks)
        room = replace(room, size=wanted.size)
    except InputError as error:
        return replace(room, answer=Answer.DOES_NOT_FIT, at_most=0, unseen=f"ECS would refuse it: {error}")
    full = replace(placement, count=placement.max_placeable + 1, placed=placement.max_placeable)
    doubts = [*(f"{gap.what}: {gap.error}" for gap in listing.gaps), *placement.unknowns]
    if unknown:
        doubts.append(f"how many are wanted is not known: {unknown}")
    room = replace(
        room,
        at_least=placement.at_least,
        at_most=None if listing.gaps else placement.max_placeable,
        limits=tuple(_limits(full)),
        refusals=refusals_of(full),
        doubts=tuple(doubts),
        cautions=placement.warnings,
        instances=tuple(_rows(listing.items, placement, refusals_of(full))),
    )
    answer = _answer(room)
    fix = remedy(wanted, placement, listing.items) if answer is Answer.DOES_NOT_FIT else _for_more(wanted, listing.items)
    return replace(room, answer=answer, fix=fix)


def together(wanted: Sequence[Wanted], listing: Listing[ContainerInstance], tasks: Tasks) -> Iterator[TogetherRoom]:
    """Those that compete, at once: of one launch type, or of the same capacity providers."""
    rivals: dict[tuple[str | None, tuple[str, ...]], list[Wanted]] = {}
    for one in wanted:
        if one.count:
            rivals.setdefault((one.workload.launch_type, one.workload.providers), []).append(one)
    for (launch_type, providers), those in rivals.items():
        if len(those) > 1 and not listing.gaps:
            try:
                placed = place_all(
                    [_joint(one) for one in those],
                    on=listing.items,
                    running_tasks=tasks,
                    launch_type=launch_type,
                    capacity_provider=providers or None,
                )
            except InputError:
                continue  # said where the workload is judged by itself
            yield _together(tuple(one.workload.name for one in those), placed)


def _answer(room: WorkloadRoom) -> Answer:
    if room.wanted is None:
        return Answer.UNDETERMINED
    if room.at_least >= room.wanted:
        return Answer.FITS
    if room.at_most is not None and room.at_most < room.wanted:
        return Answer.DOES_NOT_FIT
    return Answer.UNDETERMINED


def _limits(full: Placement) -> Iterator[Limit]:
    for code in sorted(full.binding):
        without = full.relax.get(code)
        helps = without is not None and without > full.max_placeable
        yield Limit(code, without if helps else None)


def _rows(items: Iterable[ContainerInstance], placement: Placement, refusals: Iterable[Refusal]) -> Iterator[InstanceRow]:
    refusal_of = {arn: refusal for refusal in refusals for arn in refusal.instances}
    for instance in items:
        arn = instance.container_instance_arn
        yield InstanceRow(
            name=name_of(instance),
            arn=arn,
            instance_type=instance.instance_type or "",
            zone=instance.availability_zone or "",
            status=instance.status if instance.agent_connected else f"{instance.status}, agent gone",
            free_cpu=instance.remaining_resources.cpu,
            free_memory=instance.remaining_resources.memory,
            copies=placement.per_instance[arn],
            refusal=refusal_of.get(arn),
        )


def _for_more(wanted: Wanted, items: Sequence[ContainerInstance]) -> str:
    """What room for more than is wanted takes; nothing where no instance that is there tells it."""
    empty = empty_ones(wanted, items)
    room = wanted.on(empty, ())
    best = max(empty, key=lambda instance: room.per_instance[instance.container_instance_arn], default=None)
    copies = room.per_instance[best.container_instance_arn] if best else 0
    return f"For more, add container instances: an empty {best.instance_type} holds {copies}." if best and copies else ""


def _joint(one: Wanted) -> JointWorkload:
    workload = one.workload
    return JointWorkload(
        name=workload.name,
        task=one.task_definition,
        count=one.count,
        group=one.group,
        constraints=workload.placement_constraints,
        strategy=workload.placement_strategy,
    )


def _together(names: tuple[str, ...], placed: JointPlacement) -> TogetherRoom:
    if placed.fewest >= placed.requested:
        answer = Answer.FITS
    elif placed.feasible is False or (placed.range_is_exact and placed.most < placed.requested):
        answer = Answer.DOES_NOT_FIT
    else:
        answer = Answer.UNDETERMINED
    most = placed.most if math.isfinite(placed.most) else placed.requested
    return TogetherRoom(names, placed.requested, placed.optimal, placed.fewest, most, answer)
