"""Container instances as they would be: some drained, some fresh ones added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from ecs_preflight.capacity.wish import Added, Wish
from ecs_preflight.checks.fresh_instances import altered, fresh_of_type, is_documented_only, tasks_on
from ecs_preflight.checks.room import name_of
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.instance_types import documented_sizes
from ecs_preflight.errors import UsageError
from ecs_preflight.facts import Listing


def changed(listing: Listing[ContainerInstance], wish: Wish) -> Listing[ContainerInstance]:
    """The instances of one cluster as the wish has them. Raises UsageError for an instance type that nobody knows."""
    items = [_drained(instance) if is_drained(instance, wish) else instance for instance in listing.items]
    fresh = (one for added in wish.added for one in _fresh(added, listing.items))
    return replace(listing, items=(*items, *(_named(one, number) for number, one in enumerate(fresh, 1))))


def is_drained(instance: ContainerInstance, wish: Wish) -> bool:
    return not _names(instance).isdisjoint(wish.drained)


def require_drained_are_there(wish: Wish, instances: Iterable[ContainerInstance]) -> None:
    """Raises UsageError, with a near miss, for one that is to be drained and is nowhere."""
    there = list(instances)
    known = {name for instance in there for name in _names(instance)}
    for name in wish.drained:
        if name not in known:
            near = get_close_matches(name, sorted(name_of(instance) for instance in there), n=1)
            hint = f"Did you mean {near[0]}?" if near else "--per-instance lists those that there are."
            raise UsageError(f"--drain {name}: there is no such container instance", hint=hint)


def require_providers_are_there(wish: Wish, providers: Sequence[str]) -> None:
    """Raises UsageError, with a near miss, for a capacity provider that is to get instances and is not one of the cluster's."""
    for added in wish.added:
        name = added.capacity_provider
        if name is not None and name not in providers:
            near = get_close_matches(name, providers, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"It has {', '.join(providers) or 'none'}."
            raise UsageError(f"--add {added.instance_type}@{name}: the ECS cluster has no such capacity provider", hint=hint)


def notes_of(wish: Wish, items: Sequence[ContainerInstance], *, tasks_are_read: bool) -> Iterator[str]:
    """What the changes are, and what of them is not counted, a sentence each; `items` are the instances that are there."""
    for instance in items:
        if is_drained(instance, wish):
            yield f"what if {name_of(instance)} drains. {_displaced(tasks_on(instance), tasks_are_read)}".rstrip()
    for added in wish.added:
        guess = "as AWS documents the type, less an estimate of what the host keeps"
        size = guess if is_documented_only(added.instance_type, items) else "like those that are there"
        whose = (
            f"in capacity provider {added.capacity_provider} (whatever its group's maximum)"
            if added.capacity_provider
            else "in no capacity provider"
        )
        yield f"what if {added.count} x {added.instance_type} join, {whose}, {size}."


def _displaced(tasks: int, are_read: bool) -> str:
    if not tasks:
        return ""
    those = "1 task stops" if tasks == 1 else f"{tasks} tasks stop"
    if are_read:
        return f"{those}; those of services start elsewhere: counted where it says Together, but for their ports and constraints."
    return f"{those}, and which start elsewhere is not known: which tasks run was not read."


def _names(instance: ContainerInstance) -> set[str]:
    """All that a person may call it: EC2 id, ARN, or the end of the ARN."""
    arn = instance.container_instance_arn
    return {name for name in (instance.ec2_instance_id, arn, arn.rpartition("/")[2]) if name}


def _drained(instance: ContainerInstance) -> ContainerInstance:
    return altered(instance, status="DRAINING")


def _fresh(added: Added, beside: Sequence[ContainerInstance]) -> Iterator[ContainerInstance]:
    like = fresh_of_type(added.instance_type, beside, added.capacity_provider)
    if like is None:
        known = sorted({*documented_sizes(), *(instance.instance_type or "" for instance in beside)} - {""})
        raise _unknown_type(added.instance_type, known)
    yield from [like] * added.count


def _named(instance: ContainerInstance, number: int) -> ContainerInstance:
    name = f"added-{instance.instance_type}-{number}"
    return altered(instance, container_instance_arn=name, ec2_instance_id=name)


def _unknown_type(instance_type: str, known: Sequence[str]) -> UsageError:
    """Names those of the same family, else what is alike: there are more than a thousand."""
    family = instance_type.partition(".")[0]
    of_family = [name for name in known if name.partition(".")[0] == family]
    near = of_family or get_close_matches(instance_type, known, n=5)
    hint = f"Known are {', '.join(near)}." if near else "Such as m5.large; those of the cluster itself are known as well."
    return UsageError(f"--add {instance_type}: nobody knows how large an instance of this type is", hint=hint)
