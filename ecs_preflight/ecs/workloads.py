"""Several workloads at once: how many of their tasks any packing holds, and how many the strategies end up with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.bounds import certain_copies
from ecs_preflight.ecs.cautions import cautions
from ecs_preflight.ecs.demand import make_demand
from ecs_preflight.ecs.eni import InterfaceTable
from ecs_preflight.ecs.instance_table import Instances, InstanceTable, read_instances
from ecs_preflight.ecs.joint import Item, admission, certain_packing, entangled_items, likely_packing, present_groups
from ecs_preflight.ecs.packing import Packing, first_fit, optimum, solver
from ecs_preflight.ecs.placement import rulings_of, unknowns
from ecs_preflight.ecs.ruling import rooms_of
from ecs_preflight.ecs.running import RunningTask, read_tasks
from ecs_preflight.ecs.strategies import PlacementStrategy, effective_strategy, read_strategy
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.ecs.task import PlacementConstraint, TaskDefinition
from ecs_preflight.ecs.tie_breaks import Walk
from ecs_preflight.errors import UsageError


@dataclass(frozen=True, slots=True)
class Workload:
    """`count` tasks of one definition, placed together; a service unless `group` says otherwise.

    `constraints` and `strategy` are those of CreateService. A service without a strategy has ECS's default.
    """

    name: str
    task: TaskDefinition | Mapping[str, Any]
    count: int
    group: str | None = None
    constraints: Sequence[PlacementConstraint | Mapping[str, Any]] = ()
    strategy: Sequence[PlacementStrategy | Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class WorkloadRoom:
    """Copies of one workload: wanted, those of them held were it alone, and the range that ECS may end up with."""

    requested: int
    alone: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class JointPlacement:
    """Tasks of all workloads together.

    `optimal` is the most that any packing holds (None: no solver, or no proof); `feasible` says whether that is all
    (None: not known). `fewest` and `most` bound what the strategies reach, in the order of the workloads; both are
    reached where `range_is_exact`.
    """

    requested: int
    optimal: int | None
    feasible: bool | None
    fewest: int
    most: int
    range_is_exact: bool
    by_workload: Mapping[str, WorkloadRoom]
    unknowns: tuple[str, ...]
    warnings: tuple[str, ...]


def place_all(
    workloads: Iterable[Workload],
    on: Instances,
    running_tasks: Iterable[RunningTask | Mapping[str, Any]] | None = None,
    instance_types: InterfaceTable | None = None,
    launch_type: str | None = None,
    capacity_provider: str | Collection[str] | None = None,
    subnets: Iterable[Subnet | Mapping[str, Any]] | None = None,
) -> JointPlacement:
    """What the container instances `on` hold of all `workloads`; the arguments are those of `place`.

    Raises UsageError where two workloads have one name, and whatever `place` raises.
    """
    wanted = tuple(workloads)
    if len({workload.name for workload in wanted}) < len(wanted):
        raise UsageError("Two workloads have the same name.")
    table = read_instances(on)
    circumstances = {
        "launch_type": launch_type,
        "capacity_provider": capacity_provider,
        "subnets": None if subnets is None else tuple(subnets),
        "tasks": None if running_tasks is None else read_tasks(running_tasks),
        "interfaces": instance_types,
    }
    return _judge(tuple(_item(workload, table, circumstances) for workload in wanted), table)


def _item(workload: Workload, table: InstanceTable, circumstances: Mapping[str, Any]) -> Item:
    if workload.count < 0:
        raise UsageError(f"The workload {workload.name!r} wants {workload.count} copies: expected 0 or more.")
    task = read_shape(TaskDefinition, workload.task, name="task definition")
    group = f"service:{workload.name}" if workload.group is None else workload.group
    demand = make_demand(task, group=group, constraints=workload.constraints, **circumstances)
    strategy = effective_strategy(read_strategy(workload.strategy), group)
    rulings = rulings_of(table, demand)
    return Item(workload.name, workload.count, task, demand, rulings, rooms_of(rulings, len(table), workload.count), strategy)


def _judge(items: Sequence[Item], table: InstanceTable) -> JointPlacement:
    requested = sum(item.count for item in items)
    entangled = entangled_items(items, table)
    likely = certain = likely_packing(items, table, entangled)
    doubts = tuple(_doubts(items, likely, table))
    if entangled or any(item.is_doubted for item in items):
        certain = certain_packing(items, table, entangled)
    best = _best(likely)
    reach = _reach(items, table, likely, certain, entangled, walk=not doubts)
    fewest, most = reach.total_fewest, min(reach.total_most, best.ceiling)
    return JointPlacement(
        requested=requested,
        optimal=None if entangled else best.proven,
        feasible=_is_feasible(requested, best, certain, sound=not (entangled or doubts), reached=reach),
        fewest=fewest,
        most=most,
        range_is_exact=reach.exact or fewest == most,
        by_workload={
            parcel.name: WorkloadRoom(
                requested=parcel.count,
                alone=min(parcel.count, likely.rooms_alone[parcel.name]),
                fewest=reach.fewest[parcel.name],
                most=reach.most[parcel.name],
            )
            for parcel in likely.parcels
        },
        unknowns=doubts,
        warnings=tuple(f"{item.name}: {text}" for item in items for text in cautions(item.task, item.demand, table)),
    )


def _doubts(items: Sequence[Item], likely: Packing, table: InstanceTable) -> Iterator[str]:
    together = _interfaces_wanted(likely)
    for item, parcel in zip(items, likely.parcels, strict=True):
        doubted = [ruling for ruling in item.rulings if ruling.doubts]
        others = [ruling for ruling in doubted if ruling.code != "ENI"]
        shared = [ruling for ruling in doubted if ruling.code == "ENI"]
        with_others = [room and max(room, wanted) for room, wanted in zip(parcel.rooms, together, strict=True)] if shared else ()
        said = chain(unknowns(table, others, parcel.rooms, None), unknowns(table, shared, with_others, item.demand.zones))
        yield from (f"{item.name}: {text}" for text in said)
        spreads = any(rule.type == "spread" for rule in item.strategy)
        if spreads and len(items) > 1 and any(tasks is None for tasks in item.demand.tasks_on(table)):
            yield f"{item.name}: how many of its tasks run on each instance, which spread counts, was not read."


def _interfaces_wanted(likely: Packing) -> Sequence[int]:
    """Network interfaces of each instance that the workloads may want, all together."""
    columns = ([min(room, parcel.count) for room in parcel.rooms] for parcel in likely.parcels if parcel.wants_address)
    return list(map(sum, zip(*columns, strict=True)))


@dataclass(frozen=True, slots=True)
class _Best:
    """The most that a packing holds: as `proven`, and at any rate no more than `ceiling`."""

    proven: int | None
    ceiling: int


def _best(packing: Packing) -> _Best:
    ceiling = sum(min(parcel.count, packing.rooms_alone[parcel.name]) for parcel in packing.parcels)
    if sum(first_fit(packing).values()) == ceiling:
        return _Best(ceiling, ceiling)
    optimize = solver()
    packed = None if optimize is None else optimum(packing, optimize)
    if packed is None:
        return _Best(None, ceiling)
    return _Best(sum(packed.values()), sum(packed.values()))


@dataclass(frozen=True, slots=True)
class _Reach:
    """What the strategies end up with, by workload and in all; `exact` where every way was followed."""

    fewest: Mapping[str, int]
    most: Mapping[str, int]
    total_fewest: int
    total_most: int
    exact: bool


def _reach(
    items: Sequence[Item], table: InstanceTable, likely: Packing, certain: Packing, entangled: frozenset[str], *, walk: bool
) -> _Reach:
    fewest = certain_copies(certain)
    if sum(fewest.values()) == sum(item.count for item in items):
        return _Reach(fewest, fewest, sum(fewest.values()), sum(fewest.values()), exact=True)
    if walk:
        strategies = tuple(item.strategy for item in items)
        steps = Walk(likely, strategies, table, present_groups(items, table), admission(items, table, entangled))
        ends = steps.ends()
        if ends is not None:
            return _reach_of([[sum(held[index] for held in state) for index in range(len(items))] for state in ends], items)
    most = {parcel.name: min(parcel.count, likely.rooms_alone[parcel.name]) for parcel in likely.parcels}
    return _Reach(fewest, most, sum(fewest.values()), sum(most.values()), exact=False)


def _reach_of(ends: Sequence[Sequence[int]], items: Sequence[Item]) -> _Reach:
    columns = dict(zip((item.name for item in items), zip(*ends, strict=True), strict=True))
    totals = [sum(copies) for copies in ends]
    return _Reach(
        fewest={name: min(copies) for name, copies in columns.items()},
        most={name: max(copies) for name, copies in columns.items()},
        total_fewest=min(totals),
        total_most=max(totals),
        exact=True,
    )


def _is_feasible(requested: int, best: _Best, certain: Packing, *, sound: bool, reached: _Reach) -> bool | None:
    """No where even the ceiling is too low; yes where a packing, or a way of the strategies, is proven to do it."""
    if best.ceiling < requested:
        return False
    if sound and best.proven is not None:
        return True
    if reached.exact and reached.total_most == requested:
        return True
    return True if not sound and _best(certain).proven == requested else None
