"""The room that container instances have for a workload, and for several at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from ecs_preflight.capacity.addresses import Addresses, shared
from ecs_preflight.capacity.model import Answer, InstanceRow, Limit, TogetherRoom, TogetherShare, WorkloadRoom
from ecs_preflight.checks.each_cluster import some_of
from ecs_preflight.checks.fresh_instances import altered
from ecs_preflight.checks.refusals import Refusal, refusals_of
from ecs_preflight.checks.room import Wanted, empty_ones, name_of, provider_of, remedy
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.ecs.workloads import JointPlacement, place_all
from ecs_preflight.ecs.workloads import Workload as JointWorkload
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Listing

Tasks = Sequence[RunningTask] | None


def room_on_instances(wanted: Wanted, listing: Listing[ContainerInstance], tasks: Tasks, addresses: Addresses) -> WorkloadRoom:
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
        placement = wanted.on(listing.items, tasks, addresses.chosen)
        room = replace(room, size=wanted.size)
    except InputError as error:
        return replace(room, answer=Answer.DOES_NOT_FIT, at_most=0, unseen=f"ECS would refuse it: {error}")
    full = replace(placement, count=placement.max_placeable + 1, placed=placement.max_placeable)
    doubts = [*(f"{gap.what}: {gap.error}" for gap in listing.gaps), *placement.unknowns]
    if unknown:
        doubts.append(f"how many are wanted is not known: {unknown}")
    if addresses.doubt:
        doubts.append(addresses.doubt)
    room = replace(
        room,
        at_least=0 if addresses.doubt else placement.at_least,
        at_most=None if listing.gaps else placement.max_placeable,
        limits=tuple(_limits(full)),
        refusals=refusals_of(full),
        doubts=tuple(doubts),
        cautions=(*placement.warnings, *filter(None, (addresses.caution,))),
        instances=tuple(_rows(listing.items, placement, refusals_of(full))),
    )
    answer = _answer(room)
    if answer is Answer.DOES_NOT_FIT:
        return replace(room, answer=answer, fix="\n".join(_fixes(wanted, listing.items, tasks, addresses, placement)))
    more = f"For more: {addresses.fix}" if "SUBNET_IP" in full.binding else _for_more(wanted, listing.items)
    return replace(room, answer=answer, fix=more)


def _fixes(
    wanted: Wanted, items: Sequence[ContainerInstance], tasks: Tasks, addresses: Addresses, placement: Placement
) -> Iterator[str]:
    """What the addresses lack, and what the instances lack beside them."""
    unlimited = wanted.on(items, tasks) if addresses.chosen is not None else placement
    if placement.max_placeable < min(wanted.count, unlimited.max_placeable):
        yield addresses.fix
    if unlimited.max_placeable < wanted.count:
        yield remedy(wanted, unlimited, items)


Rival = tuple[Wanted, Addresses]


def together(rivals: Iterable[Rival], listing: Listing[ContainerInstance], tasks: Tasks) -> Iterator[TogetherRoom]:
    """Those that compete, at once: of one launch type, or of the same capacity providers."""
    groups: dict[tuple[str | None, tuple[str, ...]], list[Rival]] = {}
    for rival in rivals:
        one, _ = rival
        if one.count:
            groups.setdefault((one.workload.launch_type, one.workload.providers), []).append(rival)
    for those in groups.values():
        if len(those) > 1 and not listing.gaps:
            try:
                yield _at_once(those, listing.items, tasks)
            except InputError:
                continue  # said where the workload is judged by itself


def _at_once(those: Sequence[Rival], items: Sequence[ContainerInstance], tasks: Tasks) -> TogetherRoom:
    room = _room_at_once(those, items, tasks)
    return room if room.answer is not Answer.DOES_NOT_FIT else replace(room, fix=_fix_of_all(those, items, tasks))


def _room_at_once(those: Sequence[Rival], items: Sequence[ContainerInstance], tasks: Tasks) -> TogetherRoom:
    """Zones count where all have the same subnets. Where they differ, only the number of addresses does."""
    wanted = [one for one, _ in those]
    each = [addresses for one, addresses in those if one.workload.network_mode == "awsvpc"]
    all_of_them = shared(each)
    are_alike = all(addresses.chosen is not None and addresses.chosen == all_of_them.chosen for addresses in each)
    placed = place_all(
        [_joint(one) for one in wanted],
        on=items,
        running_tasks=tasks,
        launch_type=wanted[0].workload.launch_type,
        capacity_provider=wanted[0].workload.providers or None,
        subnets=all_of_them.chosen if are_alike else None,
    )
    room = _together(placed)
    in_need = sum(one.count for one, addresses in those if addresses.chosen is not None or addresses.doubt)
    is_doubtful = room.answer is Answer.FITS and all_of_them.certain < in_need
    return replace(room, answer=Answer.UNDETERMINED) if is_doubtful else room


_MOST_ADDED = 64


def _fix_of_all(those: Sequence[Rival], items: Sequence[ContainerInstance], tasks: Tasks) -> str:
    """Found by trial: agents that come back, or fresh instances of a type that is there, until all copies fit."""

    def fits(instances: Sequence[ContainerInstance]) -> bool:
        return _room_at_once(those, instances, tasks).answer is Answer.FITS

    def fits_with(more: Sequence[ContainerInstance], count: int) -> bool:
        return fits([*items, *more[:count]])

    gone = [instance for instance in items if instance.status == "ACTIVE" and not instance.agent_connected]
    if gone and fits([altered(instance, agent_connected=True) for instance in items]):
        return f"Bring back the ECS agent of {some_of([name_of(one) for one in gone])}: all fit then."
    first, _ = those[0]
    for like in empty_ones(first, items):
        more = list(_copies(like, _MOST_ADDED))
        enough = _fewest(partial(fits_with, more))
        if enough:
            instances = "1 container instance" if enough == 1 else f"{enough} container instances"
            return f"Add {instances} of type {like.instance_type or 'the same kind'}{provider_of(like, first)}: all fit then."
    return ""


def _fewest(suffices: Callable[[int], bool]) -> int | None:
    """The smallest number up to a bound, by halving: what is added takes no room away."""
    if not suffices(_MOST_ADDED):
        return None
    low, high = 0, _MOST_ADDED
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high


def _copies(like: ContainerInstance, count: int) -> Iterator[ContainerInstance]:
    return (altered(like, container_instance_arn=f"added-{number}", ec2_instance_id=None) for number in range(count))


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


def _together(placed: JointPlacement) -> TogetherRoom:
    if placed.fewest >= placed.requested:
        answer = Answer.FITS
    elif placed.feasible is False or (placed.range_is_exact and placed.most < placed.requested):
        answer = Answer.DOES_NOT_FIT
    else:
        answer = Answer.UNDETERMINED
    most = placed.most if math.isfinite(placed.most) else placed.requested
    shares = tuple(
        TogetherShare(name, room.requested, int(room.fewest), int(min(room.most, room.requested)))
        for name, room in placed.by_workload.items()
    )
    return TogetherRoom(placed.requested, placed.optimal, placed.fewest, most, answer, shares)
