"""Workloads and instances as a packing: once as it may be, once as it is for certain.

Where constraints read the groups of tasks, what one workload may do depends on where the others went.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.instance_table import InstanceTable
from ecs_preflight.ecs.packing import Packing, Parcel, Stock
from ecs_preflight.ecs.ruling import UNLIMITED, Ruling, certain_rooms_of, rooms_of
from ecs_preflight.ecs.strategies import Strategy
from ecs_preflight.ecs.subnets import certain_addresses, most_addresses
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.ecs.task_rules import constraint_keys, free_gpus


@dataclass(frozen=True, slots=True)
class Item:
    """A workload as the placement rules see it; `rooms` are the copies that each instance holds of it alone."""

    name: str
    count: int
    task: TaskDefinition
    demand: Demand
    rulings: tuple[Ruling, ...]
    rooms: Sequence[float]
    strategy: Strategy

    @property
    def is_doubted(self) -> bool:
        """Something was not read that its room depends on."""
        zones = (self.demand.zones or {}).values()
        return any(ruling.doubts for ruling in self.rulings) or any(zone.most is None for zone in zones)


def likely_packing(items: Sequence[Item], table: InstanceTable, entangled: frozenset[str]) -> Packing:
    """The most that is possible: every doubt resolved in favour, and what other workloads may bring about granted."""
    rooms = [_rooms_without_constraint(item, len(table)) if item.name in entangled else item.rooms for item in items]
    return _packing(items, table, rooms, certain=False)


def _rooms_without_constraint(item: Item, rows: int) -> Sequence[float]:
    return rooms_of([ruling for ruling in item.rulings if ruling.code != "CONSTRAINT"], rows, item.count)


def certain_packing(items: Sequence[Item], table: InstanceTable, entangled: frozenset[str]) -> Packing:
    """What holds however the doubts are resolved; an entangled workload is certain of nothing."""
    rooms = [[0.0] * len(table) if item.name in entangled else certain_rooms_of(item.rulings, item.rooms) for item in items]
    return _packing(items, table, rooms, certain=True)


def _packing(items: Sequence[Item], table: InstanceTable, rooms: Sequence[Sequence[float]], *, certain: bool) -> Packing:
    zones = next((item.demand.zones for item in items if item.demand.zones is not None), None)
    return Packing(
        parcels=tuple(_parcel(item, room) for item, room in zip(items, rooms, strict=True)),
        stocks=tuple(_stocks(items, table, certain=certain)) if items else (),
        addresses=certain_addresses(zones) if certain else most_addresses(zones),
    )


def _parcel(item: Item, rooms: Sequence[float]) -> Parcel:
    needs = item.demand.needs
    ports = chain((("tcp", port) for port in needs.ports), (("udp", port) for port in needs.ports_udp))
    return Parcel(
        name=item.name,
        count=item.count,
        sizes=(needs.cpu, needs.memory, needs.gpus, needs.enis),
        ports=frozenset(ports),
        group=item.demand.group,
        distinct=item.demand.constraints.distinct,
        rooms=tuple(map(int, rooms)),
    )


def _stocks(items: Sequence[Item], table: InstanceTable, *, certain: bool) -> list[Stock]:
    interfaces = _interfaces(items, table, certain=certain)
    free = zip(table.cpu, table.memory, free_gpus(table, items[0].demand), interfaces, strict=True)
    return [
        Stock(sizes, len(left.ports) + len(left.ports_udp), zone)
        for sizes, left, zone in zip(free, table.remaining, table.zones, strict=True)
    ]


def _interfaces(items: Sequence[Item], table: InstanceTable, *, certain: bool) -> Sequence[float]:
    """Free network interfaces: the same for every awsvpc workload, as each of its tasks takes one."""
    ruling = next((ruling for item in items for ruling in item.rulings if ruling.code == "ENI"), None)
    if ruling is None:
        return [UNLIMITED] * len(table)
    return certain_rooms_of([ruling], ruling.caps) if certain else ruling.caps


def entangled_items(items: Sequence[Item], table: InstanceTable) -> frozenset[str]:
    """The names of the items whose constraints read differently on some instance once other workloads are there."""
    return frozenset(
        item.name
        for item in items
        if item.demand.constraints.reads_groups
        and _changes_with(item, frozenset(other.demand.group for other in items if other is not item), table)
    )


def _changes_with(item: Item, others: frozenset[str], table: InstanceTable) -> bool:
    """Looked at with each of the other groups alone and with all of them, before a copy of its own is there and after."""
    decide = item.demand.constraints.decide
    additions = [*(frozenset({group}) for group in others), others]
    alike = dict(zip(constraint_keys(table, item.demand), table.instances, strict=True))
    for (there, *_), instance in alike.items():
        before = there or frozenset()
        for groups in (before, before | {item.demand.group}):
            now = decide(instance, groups)
            if any(decide(instance, groups | added) is not now for added in additions):
                return True
    return False


def admission(
    items: Sequence[Item], table: InstanceTable, entangled: frozenset[str]
) -> Callable[[int, int, frozenset[str]], bool] | None:
    """Asked before each copy, (item, row, groups there) -> whether its constraints hold; None where nothing depends."""
    if not entangled:
        return None

    def admits(index: int, number: int, groups: frozenset[str]) -> bool:
        item = items[index]
        return item.name not in entangled or bool(item.demand.constraints.decide(table.instances[number], groups))

    return admits


def present_groups(items: Sequence[Item], table: InstanceTable) -> tuple[Mapping[str, int], ...]:
    """Tasks of each group that run on each instance now, as far as they were read."""
    return tuple(tasks.groups if tasks else {} for tasks in items[0].demand.tasks_on(table))
