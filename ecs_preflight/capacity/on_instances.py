"""The room that container instances have for a workload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ecs_preflight.capacity.addresses import Addresses
from ecs_preflight.capacity.model import Answer, InstanceRow, Limit, WorkloadRoom
from ecs_preflight.checks.refusals import Refusal, refusals_of
from ecs_preflight.checks.room import Wanted, empty_ones, name_of, remedy
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement
from ecs_preflight.ecs.running import RunningTask
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
