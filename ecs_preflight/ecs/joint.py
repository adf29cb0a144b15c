"""Workloads and instances as a packing: once as it may be, once as it is for certain.

Where constraints read the groups of tasks, what one workload may do depends on where the others went.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.packing import Packing, Parcel, Stock
from ecs_preflight.ecs.ruling import UNLIMITED, Rows, Ruling, certain_rooms_of, rooms_of
from ecs_preflight.ecs.strategies import Strategy
from ecs_preflight.ecs.subnets import certain_addresses, most_addresses
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.ecs.task_rules import free_gpus


@dataclass(frozen=True, slots=True)
class Item:
    """A workload as the placement rules see it."""

    name: str
    count: int
    task: TaskDefinition
    demand: Demand
    rulings: tuple[Ruling, ...]
    strategy: Strategy


def likely_packing(items: Sequence[Item], rows: Rows, entangled: frozenset[str]) -> Packing:
    """The most that is possible: every doubt resolved in favour, and what other workloads may bring about granted."""
    rooms = []
    for item in items:
        free = item.name in entangled
        rulings = [ruling for ruling in item.rulings if not (free and ruling.code == "CONSTRAINT")]
        rooms.append(rooms_of(rulings, len(rows), item.count))
    return _packing(items, rows, rooms, certain=False)


def certain_packing(items: Sequence[Item], rows: Rows, entangled: frozenset[str]) -> Packing:
    """What holds however the doubts are resolved; an entangled workload is certain of nothing."""
    rooms = [
        [0.0] * len(rows)
        if item.name in entangled
        else certain_rooms_of(item.rulings, rooms_of(item.rulings, len(rows), item.count))
        for item in items
    ]
    return _packing(items, rows, rooms, certain=True)


def _packing(items: Sequence[Item], rows: Rows, rooms: Sequence[Sequence[float]], *, certain: bool) -> Packing:
    zones = next((item.demand.zones for item in items if item.demand.zones is not None), None)
    return Packing(
        parcels=tuple(_parcel(item, room) for item, room in zip(items, rooms, strict=True)),
        stocks=tuple(_stocks(items, rows, certain=certain)) if items else (),
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
        rooms=tuple(int(room) for room in rooms),
    )


def _stocks(items: Sequence[Item], rows: Rows, *, certain: bool) -> list[Stock]:
    interfaces = _interfaces(items, rows, certain=certain)
    return [
        Stock(
            free=(
                row.cpu,
                row.memory,
                free_gpus(row, items[0].demand),
                slots,
            ),
            reserved_ports=len(row.ports) + len(row.ports_udp),
            zone=row.zone or "",
        )
        for row, slots in zip(rows, interfaces, strict=True)
    ]


def _interfaces(items: Sequence[Item], rows: Rows, *, certain: bool) -> Sequence[float]:
    """Free network interfaces: the same for every awsvpc workload, as each of its tasks takes one."""
    ruling = next((ruling for item in items for ruling in item.rulings if ruling.code == "ENI"), None)
    if ruling is None:
        return [UNLIMITED] * len(rows)
    return certain_rooms_of([ruling], list(ruling.caps)) if certain else ruling.caps


def entangled_items(items: Sequence[Item], rows: Rows) -> frozenset[str]:
    """The names of the items whose constraints read differently on some instance once other workloads are there."""
    return frozenset(
        item.name
        for item in items
        if item.demand.constraints.asks_about("task:group")
        and _changes_with(item, frozenset(other.demand.group for other in items if other is not item), rows)
    )


def _changes_with(item: Item, others: frozenset[str], rows: Rows) -> bool:
    """Looked at with each of the other groups alone and with all of them."""
    decide = item.demand.constraints.decide
    additions = [*(frozenset({group}) for group in others), others]
    for row in rows:
        there = item.demand.tasks_on(row)
        groups = frozenset(there.groups if there else ())
        now = decide(row.instance, groups)
        if any(decide(row.instance, groups | added) is not now for added in additions):
            return True
    return False


def admission(items: Sequence[Item], rows: Rows, entangled: frozenset[str]) -> Callable[[int, int, frozenset[str]], bool] | None:
    """Asked before each copy, (item, row, groups there) -> whether its constraints hold; None where nothing depends."""
    if not entangled:
        return None

    def admits(index: int, number: int, groups: frozenset[str]) -> bool:
        item = items[index]
        return item.name not in entangled or bool(item.demand.constraints.decide(rows[number].instance, groups))

    return admits


def present_groups(items: Sequence[Item], rows: Rows) -> tuple[Mapping[str, int], ...]:
    """Tasks of each group that run on each instance now, as far as they were read."""
    there = [items[0].demand.tasks_on(row) for row in rows]
    return tuple(tasks.groups if tasks else {} for tasks in there)
