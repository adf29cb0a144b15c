"""What capacity providers would add for the copies that do not fit now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ecs_preflight.capacity.addresses import Addresses
from ecs_preflight.capacity.model import Answer, ScaleOutRoom, WorkloadRoom
from ecs_preflight.checks.provider_groups import ProviderAndGroup
from ecs_preflight.checks.room import Wanted
from ecs_preflight.checks.scale_outs import Growth, growth_for, shares_of
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.errors import InputError

_OTHER_ZONES = "its capacity providers have instances in zones without its subnets, and may add further ones there"


def with_scale_out(
    room: WorkloadRoom,
    wanted: Wanted,
    instances: Sequence[ContainerInstance],
    tasks: Sequence[RunningTask] | None,
    providers: Sequence[ProviderAndGroup],
    addresses: Addresses,
) -> WorkloadRoom:
    """The room of a workload with a capacity provider strategy, judged share by share, and with what may be added for it."""
    try:
        shares = shares_of(wanted)
    except InputError as error:
        return replace(room, answer=Answer.DOES_NOT_FIT, at_least=0, at_most=0, unseen=f"ECS would refuse it: {error}")
    growths = []
    for share in shares:
        placement = share.on(instances, tasks, addresses.chosen)
        if placement.at_least < share.count:
            growths.append(growth_for(share, placement, instances, providers))
    if not growths or room.wanted is None or room.at_most is None:
        return room
    answer = _answer(growths)
    own = [instance for instance in instances if instance.capacity_provider_name in wanted.workload.providers]
    zones = None if addresses.chosen is None else {subnet.availability_zone for subnet in addresses.chosen}
    if answer is Answer.FITS_AFTER_SCALE_OUT and zones is not None and any(one.availability_zone not in zones for one in own):
        answer, room = Answer.UNDETERMINED, replace(room, doubts=(*room.doubts, _OTHER_ZONES))
    fix = "" if answer is Answer.FITS_AFTER_SCALE_OUT else room.fix  # nobody has to do anything
    return replace(room, answer=answer, fix=fix, scale_out=_summed(growths, wanted.count))


def _answer(growths: Sequence[Growth]) -> Answer:
    if any(growth.suffices is False for growth in growths):
        return Answer.DOES_NOT_FIT
    return Answer.FITS_AFTER_SCALE_OUT if all(growth.suffices for growth in growths) else Answer.UNDETERMINED


def _summed(growths: Sequence[Growth], wanted: int) -> ScaleOutRoom:
    missing = sum(growth.missing for growth in growths)
    there = max(wanted - missing, 0)
    return ScaleOutRoom(
        providers=tuple(growth.provider for growth in growths),
        instances=sum(growth.instances for growth in growths),
        at_least=min(there + sum(growth.at_least for growth in growths), wanted),
        at_most=min(there + sum(growth.at_most for growth in growths), wanted),
        notes=tuple(growth.told for growth in growths),
    )
