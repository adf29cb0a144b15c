"""Parcels on instances: what first fit packs, what the solver packs, and what no order can take away."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from ecs_preflight.ecs.bounds import certain_copies
from ecs_preflight.ecs.packing import Load, Packing, Parcel, Stock, first_fit, optimum, solver

HTTP = frozenset({("tcp", 80)})
DNS = frozenset({("udp", 53)})


def parcel(
    name: str = "x",
    cpu: int = 10,
    memory: int = 10,
    count: int = 1,
    *,
    eni: int = 0,
    ports: frozenset[tuple[str, int]] = frozenset(),
    group: str = "g",
    distinct: bool = False,
    rooms: tuple[int, ...] = (9, 9),
) -> Parcel:
    return Parcel(name, count, (cpu, memory, 0, eni), ports, group, distinct, rooms)


def on_port(name: str, ports: frozenset[tuple[str, int]], count: int) -> Parcel:
    return parcel(name, ports=ports, count=count, rooms=(1, 1))


def apart(name: str, group: str) -> Parcel:
    return parcel(name, group=group, distinct=True, rooms=(1, 0))


def packing(
    *parcels: Parcel,
    free: tuple[int, int] = (100, 100),
    reserved: int = 5,
    addresses: Mapping[str, float] | None = None,
    interfaces: float = math.inf,
) -> Packing:
    """Two equal instances in the zones a and b."""
    stocks = tuple(Stock((*free, 0, interfaces), reserved, zone) for zone in "ab")
    return Packing(parcels, stocks, addresses or {})


def best(problem: Packing) -> dict[str, int] | None:
    optimize = solver()
    assert optimize is not None
    return optimum(problem, optimize)


@pytest.mark.parametrize(
    ("problem", "packed"),
    [
        (packing(), {}),
        (packing(parcel(count=0)), {"x": 0}),
        (packing(parcel(count=3)), {"x": 3}),
        (packing(parcel(count=99)), {"x": 18}),
        (packing(parcel(count=99, rooms=(0, 4))), {"x": 4}),
        (packing(parcel(count=9, rooms=(0, 0))), {"x": 0}),
        (packing(parcel("x", 60, count=2), parcel("y", 40, count=2)), {"x": 2, "y": 2}),
        (packing(parcel("y", 40, count=2), parcel("x", 60, count=2)), {"x": 2, "y": 2}),
        # Ports: one holder of each, and a hundred of them on an instance.
        (
            packing(parcel("x", ports=HTTP, count=2, rooms=(1, 1)), parcel("y", ports=HTTP, count=1, rooms=(1, 1))),
            {"x": 2, "y": 0},
        ),
        (
            packing(parcel("x", ports=HTTP, count=1, rooms=(1, 1)), parcel("y", ports=DNS, count=2, rooms=(1, 1))),
            {"x": 1, "y": 2},
        ),
        (
            packing(parcel("x", ports=HTTP, rooms=(1, 0)), parcel("y", ports=DNS, rooms=(1, 0)), reserved=99),
            {"x": 1, "y": 0},
        ),
        (packing(parcel("x", ports=HTTP, rooms=(1, 0)), parcel("y", count=3), reserved=99), {"x": 1, "y": 3}),
        (packing(parcel("y", count=3), reserved=105), {"y": 3}),
        # Whoever has all its copies takes no port of the instances that come after, nor where it has no room.
        (
            packing(parcel("x", ports=HTTP, rooms=(1, 1)), parcel("y", ports=HTTP, rooms=(1, 1))),
            {"x": 1, "y": 1},
        ),
        (
            packing(parcel("x", ports=HTTP, rooms=(0, 1)), parcel("y", ports=HTTP, rooms=(1, 0))),
            {"x": 1, "y": 1},
        ),
        # Copies that take nothing.
        (packing(parcel("x", 0, 0, count=3), parcel("y", 0, 0, rooms=(0, 0))), {"x": 3, "y": 0}),
        # distinctInstance is of a group, and only between those who ask for it.
        (packing(apart("x", "g"), apart("y", "g")), {"x": 1, "y": 0}),
        (
            packing(parcel("x", distinct=True, rooms=(1, 0)), parcel("y", distinct=True, rooms=(1, 0), group="h")),
            {"x": 1, "y": 1},
        ),
        # Interfaces and addresses.
        (packing(parcel("x", eni=1, count=9, rooms=(2, 2)), interfaces=2), {"x": 4}),
        (packing(parcel("x", eni=1, count=9), addresses={"a": 1, "b": 2}), {"x": 3}),
        (packing(parcel("x", eni=1, count=9), addresses={"a": math.inf, "b": 2}), {"x": 9}),
        (packing(parcel("x", eni=1, count=99), addresses={"a": 3}), {"x": 12}),
        (packing(parcel("x", count=9), addresses={"a": 0, "b": 0}), {"x": 9}),
        (packing(parcel("x", eni=1, count=2), parcel("y", eni=1, count=2), addresses={"a": 1, "b": 2}), {"x": 2, "y": 1}),
    ],
)
def test_first_fit_and_the_solver_agree_on_what_is_easy(problem: Packing, packed: dict[str, int]) -> None:
    assert first_fit(problem) == packed
    proven = best(problem)
    assert proven is not None
    assert sum(proven.values()) == sum(packed.values())


def test_the_solver_finds_what_first_fit_misses() -> None:
    # 5 + 4 + 3 fills an instance of 12, twice; first fit puts both fives on one and leaves two of it unused.
    problem = Packing(
        tuple(parcel(str(size), size, 1, count, rooms=(9, 9)) for size, count in ((5, 2), (4, 2), (3, 2))),
        tuple(Stock((12, 99, 0, 0), 5, "a") for _ in range(2)),
        {},
    )
    assert sum(first_fit(problem).values()) < 6
    assert best(problem) == {"5": 2, "4": 2, "3": 2}


@pytest.mark.parametrize(
    ("earlier", "later", "certain"),
    [
        (parcel("x", 10, count=2), parcel("y", 10, count=99), 16),
        (parcel("x", 20, count=2), parcel("y", 10, count=99), 14),
        (parcel("x", 25, count=2), parcel("y", 10, count=99), 12),
        (parcel("x", 10, count=2), parcel("y", 10, count=3), 3),
        (parcel("x", 10, count=99), parcel("y", 10, count=3), 0),
        (parcel("x", 0, 0, count=5), parcel("y", 10, count=99), 18),
        (parcel("x", 0, 0, count=1, ports=HTTP), parcel("y", ports=HTTP, count=2, rooms=(1, 1)), 1),
        (parcel("x", 0, 0, count=1), parcel("y", distinct=True, count=2, rooms=(1, 1)), 1),
        (parcel("x", 0, 0, count=1, group="h"), parcel("y", distinct=True, count=2, rooms=(1, 1)), 2),
        (parcel("x", 10, count=2), parcel("y", 0, 0, count=99), 18),
        (parcel("x", 0, 0, count=1, ports=HTTP), parcel("y", 10, count=99), 18),
        (parcel("x", 10, count=1), parcel("y", 0, 0, ports=HTTP, count=2, rooms=(1, 1)), 2),
    ],
)
def test_earlier_parcels_cost_the_later_ones_what_they_may(earlier: Parcel, later: Parcel, certain: int) -> None:
    assert certain_copies(packing(earlier, later))["y"] == certain


def test_alone_a_parcel_has_its_rooms_and_the_addresses_of_its_zones() -> None:
    assert packing(parcel()).rooms_alone == {"x": 18}
    assert packing(parcel(eni=1), addresses={"a": 1}).rooms_alone == {"x": 10}
    assert packing(parcel(), addresses={"a": 1}).rooms_alone == {"x": 18}


def test_first_fit_puts_the_largest_first() -> None:
    # Two of 40 on the first instance would leave one of 60 without room.
    small, large = parcel("small", 40, 10, count=2), parcel("large", 60, 10, count=2, rooms=(1, 1))
    assert first_fit(packing(small, large)) == {"small": 2, "large": 2}
    assert first_fit(packing(large, small)) == {"small": 2, "large": 2}


def test_the_largest_is_the_one_that_takes_the_largest_part_of_anything() -> None:
    # 30 of 200 CPU units against 90 of 2,000 MiB: the CPU says which is larger.
    wide, tall = parcel("wide", 30, 10, count=6, rooms=(3, 3)), parcel("tall", 1, 90, count=1)
    sorted_by_share = first_fit(packing(tall, wide, free=(100, 1000)))
    assert sorted_by_share == {"wide": 6, "tall": 1}


def test_what_is_large_is_told_by_its_part_and_not_by_its_number() -> None:
    # 60 of 200 CPU units are more than 260 of 2,000 MiB: two of 40 on one instance would leave it without room for the 60.
    heavy, small = parcel("heavy", 60, 10, count=2, rooms=(1, 1)), parcel("small", 40, 260, count=2)
    assert first_fit(packing(small, heavy, free=(100, 1000))) == {"small": 2, "heavy": 2}


def test_an_instance_remembers_all_that_it_holds() -> None:
    load = Load(Stock((100, 100, 0, 0), 96, "a"))
    load.take(parcel("x", 10, ports=HTTP), 1)
    load.take(parcel("y", 20, ports=DNS, group="h"), 2)
    assert load.left[:2] == [50, 70]
    assert load.room_for(parcel("z", 20, ports=HTTP)) == 0
    assert load.room_for(parcel("z", 20, ports=DNS)) == 0
    assert load.room_for(parcel("z", 20, ports=frozenset({("tcp", 1), ("tcp", 2)}))) == 2  # 100 ports in all
    assert load.room_for(parcel("z", 20, ports=frozenset({("tcp", 1), ("tcp", 2), ("tcp", 3)}))) == 0
    assert load.room_for(parcel("z", 20, distinct=True)) == 0
    assert load.room_for(parcel("z", 20, distinct=True, group="h")) == 0
    assert load.room_for(parcel("z", 20, distinct=True, group="i")) == 2
    assert load.room_for(parcel("z", 0, 0)) == math.inf
    three = [parcel(name, 40, 10, rooms=(2, 0)) for name in "xyz"]
    assert sum(first_fit(packing(*three)).values()) == 2


def test_addresses_are_those_of_their_own_zone() -> None:
    limited = packing(parcel("x", eni=1, count=99, rooms=(9, 2)), addresses={"b": 1})
    assert first_fit(limited) == best(limited) == {"x": 10}


def test_parcels_without_a_room_pack_nothing() -> None:
    nothing = packing(parcel("x", rooms=(0, 0)), parcel("y", rooms=(0, 0)))
    assert first_fit(nothing) == best(nothing) == {"x": 0, "y": 0}


def test_as_many_variables_as_the_limit_are_solved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecs_preflight.ecs.packing.SOLVER_VARIABLES", 2)
    assert best(packing(parcel("x", count=3))) == {"x": 3}
    # An instance without room for a parcel is no variable.
    assert best(packing(parcel("x", count=3, rooms=(9, 0)), parcel("y", rooms=(0, 9)))) == {"x": 3, "y": 1}
