"""Columns of caps: the room that they leave, and what stops the next copy."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ecs_preflight.ecs.ruling import UNLIMITED, Doubt, Ruling, certain_rooms_of, codes_of, doubt_where, rooms_of


@pytest.mark.parametrize(
    ("columns", "rooms"),
    [
        ([], [7, 7, 7]),
        ([[3, 1, 0]], [3, 1, 0]),
        ([[3, 1, 2], [2, 5, 2]], [2, 1, 2]),
        ([[3, UNLIMITED, UNLIMITED], [UNLIMITED, UNLIMITED, 4]], [3, 7, 4]),
        # More is taken than there is.
        ([[-1, -2, 3], [4, UNLIMITED, -3]], [0, 0, 0]),
    ],
)
def test_the_room_is_the_lowest_cap(columns: list[Sequence[float]], rooms: list[float]) -> None:
    assert rooms_of([Ruling("CPU", caps) for caps in columns], 3, 7) == rooms


def test_a_doubt_lowers_what_is_certain() -> None:
    memory = Ruling("MEMORY", [5, 5, 5], (Doubt("x", [UNLIMITED, 2, -1]), Doubt("y", [4, 3, UNLIMITED])))
    assert certain_rooms_of([Ruling("CPU", [9, 9, 9]), memory], [5, 5, 5]) == [4, 2, 0]
    assert certain_rooms_of([Ruling("CPU", [9, 9, 9])], [5, 0, 7]) == [5, 0, 7]


def test_where_nothing_is_doubtful_there_is_no_doubt() -> None:
    assert doubt_where([False, False], [1, 1], "x") == ()
    assert doubt_where([False, True], [1, 1], "x") == (Doubt("x", [UNLIMITED, 1]),)


def test_what_stops_the_next_copy_are_the_caps_that_are_reached() -> None:
    rulings = [Ruling("CPU", [2, 1, 0]), Ruling("MEMORY", [1, UNLIMITED, -1])]
    assert codes_of(rulings, [1, 0, 0]) == [{"MEMORY"}, set(), {"CPU", "MEMORY"}]
