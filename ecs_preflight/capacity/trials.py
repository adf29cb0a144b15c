"""What makes all copies fit, found by trial: agents that come back, or fresh container instances like some that are there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from ecs_preflight.checks.each_cluster import some_of
from ecs_preflight.checks.fresh_instances import altered, fresh
from ecs_preflight.checks.room import Wanted, addable, name_of, number_of_instances, provider_of, without_agent
from ecs_preflight.ecs.instance import ContainerInstance

# Each trial places everything anew: of larger clusters nobody waits for it.
_MOST_INSTANCES = 400
_MOST_ADDED = 64
_MOST_KINDS = 4

Fits = Callable[[Sequence[ContainerInstance]], bool]


class Trial(NamedTuple):
    """What to do, and how many instances that adds."""

    told: str
    added: int = 0


def what_makes_all_fit(wanted: Wanted, items: Sequence[ContainerInstance], fits: Fits) -> Trial | None:
    """Agents, else fresh instances; None where neither does, or where that is too much to try."""
    return agents_that_help(items, fits) or instances_that_help(wanted, items, fits)


def agents_that_help(items: Sequence[ContainerInstance], fits: Fits) -> Trial | None:
    """All that are gone, if that is enough."""
    gone = without_agent(items)
    if len(items) > _MOST_INSTANCES or not gone or not fits([altered(one, agent_connected=True) for one in items]):
        return None
    return Trial(f"Bring back the ECS agent of {some_of([name_of(one) for one in gone])}: all fit then.")


def instances_that_help(wanted: Wanted, items: Sequence[ContainerInstance], fits: Fits) -> Trial | None:
    """The smallest number of the first type and zone of which any does."""
    samples = _samples(wanted, items) if len(items) <= _MOST_INSTANCES else []
    several_zones = len({sample.availability_zone for sample in samples}) > 1
    for sample in samples:
        enough = _fewest(partial(_fits_with, items, list(_copies(sample)), fits))
        if enough:
            where = f" in {sample.availability_zone}" if several_zones else ""
            kind = f"type {sample.instance_type or 'the same kind'}{where}{provider_of(sample, wanted)}"
            return Trial(f"Add {number_of_instances(enough)} of {kind}: all fit then.", enough)
    return None


def _samples(wanted: Wanted, items: Sequence[ContainerInstance]) -> list[ContainerInstance]:
    """One of each type and zone that might be added, the commonest first, as it would join."""
    own = addable(wanted, items)
    kinds = Counter((instance.instance_type, instance.availability_zone) for instance in own)
    like = {(instance.instance_type, instance.availability_zone): instance for instance in own}
    return [fresh(like[kind]) for kind, _ in kinds.most_common(_MOST_KINDS)]


def _fits_with(items: Sequence[ContainerInstance], more: Sequence[ContainerInstance], fits: Fits, count: int) -> bool:
    return fits([*items, *more[:count]])


def _copies(sample: ContainerInstance) -> Iterator[ContainerInstance]:
    names = (f"added-{number}" for number in range(_MOST_ADDED))
    return (altered(sample, container_instance_arn=name, ec2_instance_id=None) for name in names)


def _fewest(suffices: Callable[[int], bool]) -> int | None:
    """The smallest number up to a bound, by halving: what is added takes no room away."""
    if not suffices(_MOST_ADDED):
        return None
    low, high = 0, _MOST_ADDED
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high
