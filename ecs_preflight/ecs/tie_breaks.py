"""Every way that the placement strategies leave open: where copies can end up, one after the other.

Strategies prefer some instances and tie between several; ECS says nothing about the tie. All of them are followed,
instances that are alike counting as one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ecs_preflight.ecs.instance_table import InstanceTable
from ecs_preflight.ecs.packing import Load, Packing, Parcel, Stock
from ecs_preflight.ecs.strategies import PlacementStrategy, Strategy

# Per instance, the copies of each parcel that it holds.
State: TypeAlias = tuple[tuple[int, ...], ...]

# Instances looked at before the walk is given up: about a second of work.
LOOKS = 100_000


@dataclass(frozen=True, slots=True)
class Walk:
    """The packing, its strategies (one for each parcel), and the tasks of each group that run on each instance now.

    `admits(parcel, instance, groups)` is asked before each copy, for constraints that read the groups.
    """

    packing: Packing
    strategies: tuple[Strategy, ...]
    table: InstanceTable
    present: tuple[Mapping[str, int], ...]
    admits: Callable[[int, int, frozenset[str]], bool] | None = None

    def ends(self) -> set[State] | None:
        """Every state in which the parcels, placed in their order, can end; None where there are too many ways."""
        if len(self.table) * sum(parcel.count for parcel in self.packing.parcels) > LOOKS:
            return None
        alike, looks = self._alike(), 0
        states = {tuple((0,) * len(self.packing.parcels) for _ in self.packing.stocks)}
        for index, parcel in enumerate(self.packing.parcels):
            full: set[State] = set()
            for _ in range(parcel.count):
                following: set[State] = set()
                for state in states:
                    numbers = {(alike[number], state[number]): number for number in self._preferred(state, index)}
                    looks += len(self.table) * (1 + len(numbers))
                    if looks > LOOKS:
                        return None
                    following.update(_one_more(state, number, index, alike[number]) for number in numbers.values())
                    if not numbers:
                        full.add(state)
                states = following
            states |= full
        return states

    def _alike(self) -> list[tuple[int, ...]]:
        """For each instance, those that nothing tells from it, as far as these parcels go; itself included."""
        attributes = sorted({rule.attribute for strategy in self.strategies for rule in strategy if rule.attribute})
        groups = sorted({parcel.group for parcel in self.packing.parcels})
        classes: dict[object, list[int]] = {}
        for number, values in enumerate(self.table.attributes):
            key = (
                self.packing.stocks[number],
                tuple(parcel.rooms[number] for parcel in self.packing.parcels),
                tuple(values.get(name) for name in attributes),
                tuple(self.present[number].get(group) for group in groups),
                number if self.admits else None,
            )
            classes.setdefault(key, []).append(number)
        alike: list[tuple[int, ...]] = [()] * len(self.table)
        for numbers in classes.values():
            for number in numbers:
                alike[number] = tuple(numbers)
        return alike

    def _preferred(self, state: State, index: int) -> list[int]:
        """The instances between which ECS may choose for one more copy of parcel `index`."""
        parcel = self.packing.parcels[index]
        numbers = list(self._fitting(state, index))
        for rule in self.strategies[index]:
            if rule.type != "random":
                numbers = _least(numbers, self._measure(rule, state, parcel))
        return numbers

    def _fitting(self, state: State, index: int) -> Iterator[int]:
        parcel, addresses = self.packing.parcels[index], self._addresses_left(state)
        for number, counts in enumerate(state):
            if counts[index] >= parcel.rooms[number]:
                continue
            stock = self.packing.stocks[number]
            if parcel.wants_address and addresses.get(stock.zone) == 0:
                continue
            if self._load(stock, counts).room_for(parcel) > 0 and self._is_admitted(index, number, counts):
                yield number

    def _load(self, stock: Stock, counts: tuple[int, ...]) -> Load:
        load = Load(stock)
        for parcel, copies in zip(self.packing.parcels, counts, strict=True):
            if copies:
                load.take(parcel, copies)
        return load

    def _addresses_left(self, state: State) -> dict[str, float]:
        left = dict(self.packing.addresses)
        for stock, counts in zip(self.packing.stocks if left else (), state if left else (), strict=True):
            if stock.zone in left:
                left[stock.zone] -= sum(
                    copies for parcel, copies in zip(self.packing.parcels, counts, strict=True) if parcel.wants_address
                )
        return left

    def _is_admitted(self, index: int, number: int, counts: tuple[int, ...]) -> bool:
        if self.admits is None:
            return True
        placed = {parcel.group for parcel, copies in zip(self.packing.parcels, counts, strict=True) if copies}
        return self.admits(index, number, frozenset(placed | {name for name, tasks in self.present[number].items() if tasks}))

    def _measure(self, rule: PlacementStrategy, state: State, parcel: Parcel) -> Callable[[int], float]:
        """What the rule wants least of: resources left (binpack), or tasks of the group (spread)."""
        if rule.type == "binpack":
            index = 0 if rule.field.lower() == "cpu" else 1
            return lambda number: self._left_of(index, state, number)
        tasks = [self._tasks_of(parcel.group, state, number) for number in range(len(state))]
        if not rule.attribute:
            return lambda number: tasks[number]
        values = [attributes.get(rule.attribute) for attributes in self.table.attributes]
        of_value: defaultdict[str | None, int] = defaultdict(int)
        for value, count in zip(values, tasks, strict=True):
            of_value[value] += count
        return lambda number: of_value[values[number]]

    def _left_of(self, index: int, state: State, number: int) -> float:
        used = sum(parcel.sizes[index] * copies for parcel, copies in zip(self.packing.parcels, state[number], strict=True))
        return self.packing.stocks[number].free[index] - used

    def _tasks_of(self, group: str, state: State, number: int) -> int:
        placed = sum(copies for parcel, copies in zip(self.packing.parcels, state[number], strict=True) if parcel.group == group)
        return self.present[number].get(group, 0) + placed


def _least(numbers: list[int], measure: Callable[[int], float]) -> list[int]:
    measured = {number: measure(number) for number in numbers}
    lowest = min(measured.values(), default=None)
    return [number for number, value in measured.items() if value == lowest]


def _one_more(state: State, number: int, index: int, alike: tuple[int, ...]) -> State:
    """The state with one more copy there, like instances put in one order so that equal states are equal."""
    counts = list(state)
    counts[number] = tuple(copies + (position == index) for position, copies in enumerate(counts[number]))
    for place, held in zip(alike, sorted((counts[other] for other in alike), reverse=True), strict=True):
        counts[place] = held
    return tuple(counts)
