"""The placement rules that also depend on what runs already: GPUs, network interfaces, distinctInstance, memberOf."""

from __future__ import annotations

from collections.abc import Hashable

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.eni import slot_limit
from ecs_preflight.ecs.instance import ContainerInstance, InstanceRow
from ecs_preflight.ecs.ruling import UNLIMITED, Rows, Ruling


def gpu(rows: Rows, demand: Demand) -> Ruling | None:
    """Whole devices, all of one instance."""
    need, unreadable = demand.needs.gpus, demand.needs.unreadable
    if not need and not unreadable:
        return None
    doubts = dict.fromkeys(range(len(rows) if unreadable else 0), (0.0, _no_rule_for(unreadable)))
    return Ruling("GPU", [free_gpus(row, demand) // need if need else UNLIMITED for row in rows], doubts)


def _no_rule_for(unreadable: tuple[str, ...]) -> str:
    return f"{'; '.join(unreadable)}: no published rule counts that"


def has_reversed_gpus(row: InstanceRow, demand: Demand) -> bool:
    """Whether remaining GPUs name devices of running tasks: the list then says what is in use, not what is free.

    No public text says which; the ids of running tasks do.
    """
    there = demand.tasks_on(row)
    return there is not None and not there.gpu_ids.isdisjoint(row.instance.remaining_resources.gpus)


def free_gpus(row: InstanceRow, demand: Demand) -> int:
    """Devices that no task has."""
    listed = row.instance.remaining_resources.gpus
    if not has_reversed_gpus(row, demand):
        return len(listed)
    return len(set(row.instance.registered_resources.gpus) - set(listed))


def eni(rows: Rows, demand: Demand) -> Ruling | None:
    """Each awsvpc task has a network interface of its own."""
    if not demand.needs.enis:
        return None
    limits = {kind: slot_limit(*kind, demand.interfaces) for kind in {row.interfaces_as for row in rows}}
    caps: list[float] = []
    doubts: dict[int, tuple[float, str]] = {}
    for number, row in enumerate(rows):
        limit, there = limits[row.interfaces_as], demand.tasks_on(row)
        used = there.interfaces if there else 0
        caps.append(UNLIMITED if limit.most is None else limit.most - used)
        if there is None:
            doubts[number] = (limit.certain - row.tasks_count, "which tasks hold network interfaces was not read")
        elif limit.certain != limit.most:
            kind = row.interfaces_as[0] or "it"
            doubts[number] = (limit.certain - used, f"how many network interfaces {kind} has for tasks is not known")
    return Ruling("ENI", caps, doubts)


def distinct(rows: Rows, demand: Demand) -> Ruling | None:
    """One task of a group on an instance, by desired status: one that is being stopped does not count."""
    if not demand.constraints.distinct:
        return None
    there = [demand.tasks_on(row) for row in rows]
    return Ruling(
        "DISTINCT",
        [0 if tasks and tasks.groups[demand.group] else 1 for tasks in there],
        {
            number: (0, f"whether a task of {demand.group} runs there already was not read")
            for number, tasks in enumerate(there)
            if tasks is None
        },
    )


def member_of(rows: Rows, demand: Demand) -> Ruling | None:
    """Every expression matches the instance, before the first copy and before each further one."""
    if not demand.constraints.members:
        return None
    if demand.constraints.reads_attributes_only:
        verdicts = _by_attributes(rows, demand)
    else:
        verdicts = [_by_tasks(row, demand) for row in rows]
    return Ruling(
        "CONSTRAINT",
        [cap for cap, _, _ in verdicts],
        {number: (certain, why) for number, (cap, certain, why) in enumerate(verdicts) if certain < cap},
    )


# The copies that the constraints let in, those of them that are certain, and why not all.
_Verdict = tuple[float, float, str]
_UNDECIDED = "a placement constraint cannot be judged here"
_ABSENT = object()


def _by_attributes(rows: Rows, demand: Demand) -> list[_Verdict]:
    """Instances with equal values of the attributes that are asked for are judged once."""
    names, verdicts = demand.constraints.attributes, dict[Hashable, _Verdict]()
    keys = [tuple([row.instance.attributes.get(name, _ABSENT) for name in names]) for row in rows]
    for key, row in zip(keys, rows, strict=True):
        if key not in verdicts:
            verdicts[key] = _of_first_copy(demand.constraints.decide(row.instance, ()))
    return [verdicts[key] for key in keys]


def _of_first_copy(verdict: bool | None) -> _Verdict:
    if verdict is None:
        return UNLIMITED, 0, _UNDECIDED
    return (UNLIMITED, UNLIMITED, "") if verdict else (0, 0, "")


def _by_tasks(row: InstanceRow, demand: Demand) -> _Verdict:
    """A copy belongs to its group as soon as it is placed; it counts as running only once it runs."""
    constraints, there = demand.constraints, demand.tasks_on(row)
    groups = None if there is None else frozenset(there.groups)
    first = constraints.decide(row.instance, groups)
    if not first:
        return _of_first_copy(first)
    with_own = None if groups is None else groups | {demand.group}
    second = constraints.decide(row.instance, with_own)
    if second is None:
        return UNLIMITED, 1, _UNDECIDED
    if not second:
        return 1, 1, ""
    if not constraints.asks_about("runningTasksCount"):
        return UNLIMITED, UNLIMITED, ""
    certain = _copies_until_refused(row.instance, with_own, demand)
    return UNLIMITED, certain, "copies change the runningTasksCount that a placement constraint reads"


# Enough for any instance: the largest awsvpc limit that ECS has is 498.
_MOST_COPIES = 1000


def _copies_until_refused(instance: ContainerInstance, groups: frozenset[str] | None, demand: Demand) -> float:
    """The copies that go on one after the other where each is running before the next is placed."""
    for copies in range(1, _MOST_COPIES):
        later = instance.model_copy(update={"running_tasks_count": instance.running_tasks_count + copies})
        if not demand.constraints.decide(later, groups):
            return copies
    return UNLIMITED
