"""Network interfaces for tasks, by instance type.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
"""

from __future__ import annotations

import math

import pytest

from ecs_preflight.ecs.eni import SlotLimit, shipped_table, slot_limit

GIVEN = {"m5.large": {"MaximumNetworkInterfaces": 5}, "x9.large": {"MaximumNetworkInterfaces": 3, "ecsTrunkTaskLimit": 12}}


@pytest.mark.parametrize(
    ("kind", "trunk", "limit"),
    [
        ("c5.large", False, 2),
        ("c5.large", True, 10),
        ("m5.large", True, 10),
        ("m5.xlarge", False, 3),
        ("m5.xlarge", True, 20),
        ("m5.2xlarge", True, 40),
        ("m5.4xlarge", False, 7),
        ("m5.4xlarge", True, 60),
        ("m6g.medium", True, 4),
        ("t3.medium", False, 2),
        ("i4i.16xlarge", True, 248),
        ("p3.2xlarge", True, 40),
    ],
)
def test_the_shipped_table_has_the_limits_of_the_guide(kind: str, trunk: bool, limit: int) -> None:
    assert slot_limit(kind, trunk, None) == SlotLimit(most=limit, certain=limit)


def test_what_is_given_wins_over_the_shipped_table() -> None:
    assert slot_limit("m5.large", False, GIVEN) == SlotLimit(4, 4)
    assert slot_limit("m5.large", True, GIVEN) == SlotLimit(10, 10)
    assert slot_limit("x9.large", True, GIVEN) == SlotLimit(12, 12)
    assert slot_limit("c5.large", False, GIVEN) == SlotLimit(2, 2)


def test_a_trunk_on_a_type_that_has_none_is_certain_of_nothing() -> None:
    assert slot_limit("t3.medium", True, None) == SlotLimit(most=2, certain=0)
    assert slot_limit("m5.large", True, {"m5.large": {"ecsTrunkTaskLimit": None}}) == SlotLimit(most=2, certain=0)


@pytest.mark.parametrize("kind", ["x9.large", ""])
def test_an_unknown_type_has_no_known_limit(kind: str) -> None:
    assert slot_limit(kind, False, None) == SlotLimit(most=math.inf, certain=0)


def test_the_shipped_table_is_whole() -> None:
    table = shipped_table()
    assert len(table) > 1000
    assert all(interfaces >= 1 and (trunk is None or trunk > 0) for interfaces, trunk in table.values())
