"""Every way that the strategies leave open, for tasks of one kind and of several.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ecs_preflight.ecs.instance_table import read_instances
from ecs_preflight.ecs.packing import Packing, Parcel, Stock
from ecs_preflight.ecs.strategies import read_strategy
from ecs_preflight.ecs.tie_breaks import Walk
from tests.ecs.builders import instance

HOST = {"type": "spread", "field": "instanceId"}
ZONE = {"type": "spread", "field": "attribute:ecs.availability-zone"}
BINPACK = {"type": "binpack", "field": "memory"}
RANDOM = {"type": "random"}


def parcel(name: str = "x", cpu: int = 100, memory: int = 100, count: int = 1, group: str = "g", instances: int = 3) -> Parcel:
    return Parcel(name, count, (cpu, memory, 0, 0), frozenset(), group, False, (99,) * instances)


def ends(
    parcels: Sequence[Parcel],
    memory: Sequence[int],
    *strategies: Sequence[Mapping[str, str]],
    zones: str = "abc",
    present: Sequence[Mapping[str, int]] | None = None,
) -> set[tuple[int, ...]]:
    """Copies on each instance, all parcels together; 1000 CPU units and `memory` MiB each, one letter per zone."""
    numbered = list(zip(range(len(memory)), memory, zones, strict=False))
    stocks = tuple(Stock((1000, free, 0, 0), 0, zone) for _, free, zone in numbered)
    table = read_instances(instance(str(n), zone=zone) for n, _, zone in numbered)
    rules = tuple(read_strategy(strategy) for strategy in strategies)
    walk = Walk(Packing(tuple(parcels), stocks, {}), rules, table, tuple(present or [{}] * len(stocks)))
    states = walk.ends()
    assert states is not None
    return {tuple(sum(held) for held in state) for state in states}


@pytest.mark.parametrize(
    ("count", "memory", "strategy", "zones", "expected"),
    [
        # spread instanceId: one each before anybody has two.
        (3, [999] * 3, [HOST], "aaa", {(1, 1, 1)}),
        (5, [999] * 3, [HOST], "aaa", {(2, 2, 1)}),
        (4, [999, 100, 999], [HOST], "aaa", {(2, 1, 1)}),
        (4, [999, 100, 998], [HOST], "aaa", {(2, 1, 1), (1, 1, 2)}),
        # spread zone: zones are evened out, instances of a zone are not.
        (2, [999, 999, 999], [ZONE], "aab", {(1, 0, 1)}),
        (4, [999, 999, 999], [ZONE], "aab", {(2, 0, 2), (1, 1, 2)}),
        (4, [999, 999, 999], [ZONE, HOST], "aab", {(1, 1, 2)}),
        # Best effort: a full zone is left out.
        (4, [999, 100], [ZONE], "ab", {(3, 1)}),
        # binpack: the fullest instance that still holds one, until it holds no more.
        (4, [500, 300, 999], [BINPACK], "aaa", {(1, 3, 0)}),
        (4, [300, 300], [BINPACK], "aa", {(3, 1)}),
        (2, [99, 200], [BINPACK], "aa", {(0, 2)}),
        # spread and then binpack inside of the zone.
        (4, [300, 500, 500], [ZONE, BINPACK], "aab", {(2, 0, 2)}),
        # random: anything that holds one.
        (2, [999, 999], [RANDOM], "aa", {(2, 0), (1, 1)}),
        (2, [999, 100], [RANDOM], "aa", {(2, 0), (1, 1)}),
        (2, [999, 999], [], "aa", {(2, 0), (1, 1)}),
        (9, [200, 100], [RANDOM], "aa", {(2, 1)}),
        (0, [999], [HOST], "a", {(0,)}),
    ],
)
def test_one_kind_of_task(
    count: int, memory: list[int], strategy: list[dict[str, str]], zones: str, expected: set[tuple[int, ...]]
) -> None:
    assert ends([parcel(count=count, instances=len(memory))], memory, strategy, zones=zones) == expected


def test_instances_that_are_alike_count_as_one() -> None:
    # (0, 0, 1), (0, 1, 0) and (1, 0, 0) are one way.
    assert ends([parcel()], [999] * 3, [RANDOM], zones="aaa") == {(1, 0, 0)}
    assert ends([parcel()], [999] * 3, [RANDOM], zones="aab") == {(1, 0, 0), (0, 0, 1)}


def test_tasks_of_the_group_that_run_already_count() -> None:
    assert ends([parcel(count=2, instances=2)], [999] * 2, [HOST], zones="aa", present=[{"g": 2}, {}]) == {(0, 2)}
    assert ends([parcel(count=2, instances=2)], [999] * 2, [HOST], zones="aa", present=[{"other": 2}, {}]) == {(1, 1)}


def test_an_instance_with_tasks_of_the_group_is_like_none_without() -> None:
    assert ends([parcel(instances=2)], [999] * 2, [HOST], zones="aa", present=[{"g": 1}, {}]) == {(0, 1)}


def test_instances_of_other_racks_are_not_alike_where_racks_count() -> None:
    table = read_instances(instance(str(number), attributes={"rack": rack}) for number, rack in enumerate(("r1", "r1", "r2")))
    rack = read_strategy([{"type": "spread", "field": "attribute:rack"}])
    stocks = (Stock((1000, 999, 0, 0), 0, "a"),) * 3
    assert Walk(Packing((parcel(count=2),), stocks, {}), (rack,), table, ({},) * 3).ends() == {((1,), (0,), (1,))}


def test_parcels_of_one_group_are_spread_together() -> None:
    both = [parcel("x", count=1, instances=2), parcel("y", count=1, instances=2)]
    assert ends(both, [999] * 2, [HOST], [HOST], zones="aa") == {(1, 1)}


def test_parcels_are_placed_in_their_order() -> None:
    both = [parcel("x", memory=40, count=2, instances=2), parcel("y", memory=80, count=1, instances=2)]
    assert ends(both, [100] * 2, [HOST], [RANDOM], zones="aa") == {(1, 1)}
    assert ends(both, [100] * 2, [BINPACK], [RANDOM], zones="aa") == {(2, 1)}
    assert ends(both[::-1], [100] * 2, [HOST], [RANDOM], zones="aa") == {(1, 2)}


def test_instances_without_the_attribute_are_a_value_of_their_own() -> None:
    rack: dict[str, Any] = {"type": "spread", "field": "attribute:rack"}
    assert ends([parcel(count=2, instances=2)], [999] * 2, [rack], zones="aa") == {(2, 0), (1, 1)}


def test_addresses_run_out_in_the_zones_that_have_a_limit() -> None:
    awsvpc = Parcel("x", 4, (1, 1, 0, 1), frozenset(), "g", False, (2, 2))
    stocks = tuple(Stock((1000, 999, 0, 9), 0, zone) for zone in "ab")
    table = read_instances(instance(zone, zone=zone) for zone in "ab")
    assert Walk(Packing((awsvpc,), stocks, {"a": 1.0}), ((),), table, ({},) * 2).ends() == {((1,), (2,))}


ONE, TWO = ((2,), (0,), (0,)), ((1,), (1,), (0,))


@pytest.mark.parametrize(
    ("looks", "kind", "found"),
    [
        # A step looks at three instances, and once more at them for each way on: one for the first copy, two for the second.
        (15, parcel(count=2), {ONE, TWO}),
        (14, parcel(count=2), None),
        # Copies times instances are too many or not, whatever room there is: nobody begins in vain.
        (6, Parcel("x", 2, (9999, 1, 0, 0), frozenset(), "g", False, (0, 0, 0)), {((0,), (0,), (0,))}),
        (6, Parcel("x", 3, (9999, 1, 0, 0), frozenset(), "g", False, (0, 0, 0)), None),
    ],
)
def test_a_walk_with_too_many_ways_is_given_up(
    monkeypatch: pytest.MonkeyPatch, looks: int, kind: Parcel, found: set[Any] | None
) -> None:
    monkeypatch.setattr("ecs_preflight.ecs.tie_breaks.LOOKS", looks)
    stocks = (Stock((1000, 999, 0, 0), 0, "a"),) * 3
    table = read_instances(instance(str(n)) for n in range(3))
    assert Walk(Packing((kind,), stocks, {}), ((),), table, ({},) * 3).ends() == found
