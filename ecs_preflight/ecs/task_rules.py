"""The placement rules that also depend on what runs already: GPUs, network interfaces, distinctInstance, memberOf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.eni import slot_limit
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.instance_table import InstanceTable
from ecs_preflight.ecs.ruling import UNLIMITED, Ruling, doubt_where


def gpu(table: InstanceTable, demand: Demand) -> Ruling | None:
    """Whole devices, all of one instance."""
    need, unreadable = demand.needs.gpus, demand.needs.unreadable
    if not need and not unreadable:
        return None
    caps = [free // need for free in free_gpus(table, demand)] if need else [UNLIMITED] * len(table)
    everywhere = [bool(unreadable)] * len(table)
    why = f"{'; '.join(unreadable)}: no published rule counts that"
    return Ruling("GPU", caps, doubt_where(everywhere, [0] * len(table), why))


def reversed_gpus(table: InstanceTable, demand: Demand) -> Sequence[int]:
    """The rows whose remaining GPUs name devices of running tasks: the list says what is in use, not what is free.

    No public text says which; the ids of running tasks do.
    """
    there = zip(demand.tasks_on(table), table.remaining, strict=True)
    return [
        number
        for number, (tasks, left) in enumerate(there)
        if tasks is not None and tasks.gpu_ids and not tasks.gpu_ids.isdisjoint(left.gpus)
    ]


def free_gpus(table: InstanceTable, demand: Demand) -> Sequence[int]:
    """Devices that no task has."""
    free = [len(left.gpus) for left in table.remaining]
    for number in reversed_gpus(table, demand):
        free[number] = len(set(table.instances[number].registered_resources.gpus) - set(table.remaining[number].gpus))
    return free


def eni(table: InstanceTable, demand: Demand) -> Ruling | None:
    """Each awsvpc task has a network interface of its own."""
    if not demand.needs.enis:
        return None
    types, trunked, there = table.instance_types, table.trunked, demand.tasks_on(table)
    limit_of = {kind: slot_limit(*kind, demand.interfaces) for kind in sorted(set(zip(types, trunked, strict=True)))}
    limits = [limit_of[kind] for kind in zip(types, trunked, strict=True)]
    used = [tasks.interfaces if tasks else 0 for tasks in there]
    doubts = doubt_where(
        [tasks is None for tasks in there],
        [limit.certain - count for limit, count in zip(limits, table.tasks_counts, strict=True)],
        "which tasks hold network interfaces was not read",
    )
    for kind, limit in limit_of.items():
        if limit.certain != limit.most:
            doubts += doubt_where(
                [each == kind for each in zip(types, trunked, strict=True)],
                [limit.certain - held for held in used],
                f"how many network interfaces {kind[0] or 'it'} has for tasks is not known",
            )
    return Ruling("ENI", [limit.most - held for limit, held in zip(limits, used, strict=True)], doubts)


def distinct(table: InstanceTable, demand: Demand) -> Ruling | None:
    """One task of a group on an instance, by desired status: one that is being stopped does not count."""
    if not demand.constraints.distinct:
        return None
    there = demand.tasks_on(table)
    return Ruling(
        "DISTINCT",
        [0 if tasks and tasks.groups.get(demand.group) else 1 for tasks in there],
        doubt_where(
            [tasks is None for tasks in there],
            [0] * len(table),
            f"whether a task of {demand.group} runs there already was not read",
        ),
    )


def member_of(table: InstanceTable, demand: Demand) -> Ruling | None:
    """Every expression matches the instance, before the first copy and before each further one."""
    if not demand.constraints.members:
        return None
    keys = constraint_keys(table, demand)
    alike = dict(zip(keys, table.instances, strict=True))
    verdicts = {key: _verdict(instance, key[0], demand) for key, instance in alike.items()}
    of_each = [verdicts[key] for key in keys]
    certain = [certain for _, certain, _ in of_each]
    doubts = tuple(
        doubt
        for why in sorted({why for *_, why in verdicts.values()} - {""})
        for doubt in doubt_where([why == each for *_, each in of_each], certain, why)
    )
    return Ruling("CONSTRAINT", [cap for cap, _, _ in of_each], doubts)


# The groups of the tasks that are there (None: not read), and whatever else the expressions read.
ConstraintKey = tuple[Any, ...]


def constraint_keys(table: InstanceTable, demand: Demand) -> Sequence[ConstraintKey]:
    """Equal for instances that no expression of the constraints can tell apart, so that each kind is judged once."""
    groups: Sequence[frozenset[str] | None] = [frozenset()] * len(table)
    if demand.constraints.reads_groups:
        groups = [None if tasks is None else frozenset(tasks.groups) for tasks in demand.tasks_on(table)]
    return list(zip(groups, *map(table.values_of, demand.constraints.subjects), strict=True))


# The copies that the constraints let in, those of them that are certain, and why not all.
_Verdict = tuple[float, float, str]
_UNDECIDED = "a placement constraint cannot be judged here"
_COUNTED = "copies change the runningTasksCount that a placement constraint reads"


def _verdict(instance: ContainerInstance, groups: frozenset[str] | None, demand: Demand) -> _Verdict:
    """A copy belongs to its group as soon as it is placed; it counts as running only once it runs."""
    first = demand.constraints.decide(instance, groups)
    if first is None:
        return UNLIMITED, 0, _UNDECIDED
    if not first:
        return 0, 0, ""
    with_own = None if groups is None else groups | {demand.group}
    second = demand.constraints.decide(instance, with_own)
    if second is None:
        return UNLIMITED, 1, _UNDECIDED
    if not second:
        return 1, 1, ""
    certain = _copies_until_refused(instance, with_own, demand)
    return UNLIMITED, certain, "" if certain == UNLIMITED else _COUNTED


def _copies_until_refused(instance: ContainerInstance, groups: frozenset[str] | None, demand: Demand) -> float:
    """The copies that go on one after the other where each is running before the next is placed.

    A verdict changes where the count reaches a number that it is compared with, or passes it.
    """
    now = instance.running_tasks_count
    turning_points = {count + passed for count in demand.constraints.running_tasks_counts for passed in (0, 1)}
    for count in sorted(count for count in turning_points if count > now):
        if not demand.constraints.decide(instance.model_copy(update={"running_tasks_count": count}), groups):
            return count - now
    return UNLIMITED
