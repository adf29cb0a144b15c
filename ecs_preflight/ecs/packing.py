"""Several kinds of tasks on the same instances: how many fit at once, whatever strategy put them there.

First fit, largest first, is quick and often enough; the optimum is an integer programme (scipy's HiGHS).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import ModuleType

from ecs_preflight.ecs.resources import MAX_RESERVED_PORTS

# A solver that has not proven its answer by then is not believed, and one is not asked about more variables than
# that: an instance and a workload make one.
SOLVER_SECONDS = 10.0
SOLVER_VARIABLES = 20_000


@dataclass(frozen=True)
class Parcel:
    """One workload: `count` copies, each of `sizes` (CPU, memory, GPUs, interfaces).

    `rooms` are the copies that each instance holds where no other parcel is there.
    """

    name: str
    count: int
    sizes: tuple[int, int, int, int]
    ports: frozenset[tuple[str, int]]
    group: str
    distinct: bool
    rooms: tuple[int, ...]

    @cached_property
    def wants(self) -> Sequence[tuple[int, int]]:
        """The sizes that it has any of, by their numbers."""
        return [(index, size) for index, size in enumerate(self.sizes) if size]

    @property
    def wants_address(self) -> bool:
        """Each copy has a network interface, and an address of its zone."""
        return self.sizes[3] > 0


@dataclass(frozen=True, slots=True)
class Stock:
    """One instance: what is `free` of each size, how many ports are reserved, and its zone."""

    free: tuple[float, float, float, float]
    reserved_ports: int
    zone: str


class Load:
    """An instance with copies on it: what is left of each size, and the ports and groups that are there."""

    __slots__ = ("groups", "left", "ports", "reserved_ports")

    def __init__(self, stock: Stock) -> None:
        self.left = list(stock.free)
        self.reserved_ports = stock.reserved_ports
        self.ports: set[tuple[str, int]] = set()
        self.groups: set[str] = set()

    def take(self, parcel: Parcel, copies: int) -> None:
        """Put copies on the instance."""
        for index, size in parcel.wants:
            self.left[index] -= size * copies
        self.ports |= parcel.ports
        self.groups.add(parcel.group)

    def room_for(self, parcel: Parcel) -> float:
        """Copies of `parcel` that what is left of the instance holds."""
        if parcel.distinct and parcel.group in self.groups:
            return 0
        if parcel.ports and not (
            self.ports.isdisjoint(parcel.ports)
            and self.reserved_ports + len(self.ports) + len(parcel.ports) <= MAX_RESERVED_PORTS
        ):
            return 0
        return min((self.left[index] // size for index, size in parcel.wants), default=math.inf)


@dataclass(frozen=True)
class Packing:
    """The parcels, the instances, and the addresses that awsvpc tasks of a zone share."""

    parcels: tuple[Parcel, ...]
    stocks: tuple[Stock, ...]
    addresses: Mapping[str, float]

    @cached_property
    def rooms_alone(self) -> Mapping[str, int]:
        """The copies of each parcel that all instances hold where no other parcel is there."""
        return {parcel.name: self._room_alone(parcel) for parcel in self.parcels}

    def _room_alone(self, parcel: Parcel) -> int:
        if not parcel.wants_address or not self.addresses:
            return sum(parcel.rooms)
        in_zone: dict[str, int] = {}
        for stock, room in zip(self.stocks, parcel.rooms, strict=True):
            in_zone[stock.zone] = in_zone.get(stock.zone, 0) + room
        return int(sum(min(room, self.addresses.get(zone, room)) for zone, room in in_zone.items()))


def first_fit(packing: Packing) -> dict[str, int]:
    """Copies of each parcel, the largest parcels first, each on the first instances that hold it."""
    loads: dict[int, Load] = {}
    addresses = dict(packing.addresses)
    packed: dict[str, int] = {}
    for parcel in sorted(packing.parcels, key=_largest_share(packing), reverse=True):
        wanted = parcel.count
        for number, alone in enumerate(parcel.rooms):
            if not wanted:
                break
            load = loads.get(number)
            room = alone if load is None else min(alone, load.room_for(parcel))
            zone = packing.stocks[number].zone
            if parcel.wants_address:
                room = min(room, addresses.get(zone, room))
            if room <= 0:
                continue
            copies = min(wanted, int(room))
            wanted -= copies
            if load is None:
                load = loads[number] = Load(packing.stocks[number])
            load.take(parcel, copies)
            if parcel.wants_address and zone in addresses:
                addresses[zone] -= copies
        packed[parcel.name] = parcel.count - wanted
    return packed


def _largest_share(packing: Packing) -> Callable[[Parcel], float]:
    """By the largest part that one copy takes of what all instances have of anything."""
    totals = [sum(stock.free[index] for stock in packing.stocks) for index in range(4)]

    def share(parcel: Parcel) -> float:
        return max(size / total if total else 0 for size, total in zip(parcel.sizes, totals, strict=True))

    return share


def solver() -> ModuleType | None:
    """scipy.optimize, which comes with the extra `capacity`; imported only where a solver is wanted."""
    try:
        return import_module("scipy.optimize")
    except ImportError:
        return None


def optimum(packing: Packing, optimize: ModuleType) -> dict[str, int] | None:
    """Copies of each parcel in a packing of as many as possible; None where the solver did not prove it."""
    cells = [(parcel, number) for parcel in packing.parcels for number in range(len(packing.stocks)) if parcel.rooms[number] > 0]
    if len(cells) > SOLVER_VARIABLES:
        return None
    if not cells:
        return dict.fromkeys((parcel.name for parcel in packing.parcels), 0)
    column = {(parcel.name, number): index for index, (parcel, number) in enumerate(cells)}
    entries, limits = _matrix(packing, column)
    answer = optimize.milp(
        [-1] * len(cells),
        integrality=[1] * len(cells),
        bounds=optimize.Bounds(0, [min(parcel.count, parcel.rooms[number]) for parcel, number in cells]),
        constraints=optimize.LinearConstraint(
            import_module("scipy.sparse").csr_array(
                ([value for *_, value in entries], ([row for row, *_ in entries], [col for _, col, _ in entries])),
                shape=(len(limits), len(cells)),
            ),
            ub=limits,
        ),
        options={"time_limit": SOLVER_SECONDS, "mip_rel_gap": 0},
    )
    if answer.status != 0:
        return None
    packed = dict.fromkeys((parcel.name for parcel in packing.parcels), 0)
    for (parcel, _), copies in zip(cells, answer.x, strict=True):
        packed[parcel.name] += round(copies)
    return packed


def _matrix(packing: Packing, column: Mapping[tuple[str, int], int]) -> tuple[list[tuple[int, int, float]], list[float]]:
    """Sparse rows of "at most": (row, column, coefficient), and the limit of each row."""
    entries: list[tuple[int, int, float]] = []
    limits: list[float] = []
    for terms, limit in _inequalities(packing, column):
        entries += [(len(limits), column, coefficient) for column, coefficient in terms]
        limits.append(limit)
    return entries, limits


_Inequality = tuple[list[tuple[int, float]], float]


def _inequalities(packing: Packing, column: Mapping[tuple[str, int], int]) -> Iterator[_Inequality]:
    numbers = range(len(packing.stocks))
    for parcel in packing.parcels:
        yield [(column[parcel.name, number], 1) for number in numbers if (parcel.name, number) in column], parcel.count
    for number, stock in enumerate(packing.stocks):
        here = [(parcel, column[parcel.name, number]) for parcel in packing.parcels if (parcel.name, number) in column]
        yield from (inequality for inequality in _on_instance(stock, here) if inequality[0])
    for zone, addresses in packing.addresses.items():
        in_zone = [
            (column[parcel.name, number], 1.0)
            for parcel in packing.parcels
            for number in numbers
            if parcel.wants_address and packing.stocks[number].zone == zone and (parcel.name, number) in column
        ]
        yield in_zone, addresses


def _on_instance(stock: Stock, here: list[tuple[Parcel, int]]) -> Iterator[_Inequality]:
    for index, free in enumerate(stock.free):
        yield [(column, parcel.sizes[index]) for parcel, column in here if parcel.sizes[index]], free
    with_ports = [(parcel, column) for parcel, column in here if parcel.ports]
    for port in frozenset[tuple[str, int]]().union(*(parcel.ports for parcel, _ in with_ports)):
        yield [(column, 1) for parcel, column in with_ports if port in parcel.ports], 1
    yield [(column, len(parcel.ports)) for parcel, column in with_ports], MAX_RESERVED_PORTS - stock.reserved_ports
    for group in {parcel.group for parcel, _ in here if parcel.distinct}:
        yield [(column, 1) for parcel, column in here if parcel.distinct and parcel.group == group], 1
