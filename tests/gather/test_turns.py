"""Work in fair turns."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.gather.turns import in_turns


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers())), st.integers(min_value=1, max_value=5))
@settings(max_examples=40, deadline=None)
def test_everything_is_done_once(work: list[tuple[str, int]], threads: int) -> None:
    done = in_turns(work, lambda piece: piece[0], lambda piece: piece, threads)
    assert sorted(done) == sorted(work)


def test_whoever_has_least_under_way_goes_next() -> None:
    order: list[str] = []

    def do(piece: str) -> None:
        order.append(piece)

    list(in_turns(["a1", "a2", "a3", "b1", "c1", "c2"], lambda piece: piece[0], do, threads=1))
    assert order[:1] == ["a1"]
    assert sorted(order) == ["a1", "a2", "a3", "b1", "c1", "c2"]


def test_one_lane_that_hangs_holds_up_no_other() -> None:
    """Lane a hangs until all of b and c are done: only if at least one thread stays with them is this ever over."""
    others_done = threading.Semaphore(0)
    work = [f"a{number}" for number in range(50)] + [f"{lane}{number}" for lane in "bc" for number in range(20)]
    first_of_a = threading.Lock()

    def do(piece: str) -> str:
        if piece.startswith("a"):
            with first_of_a:
                for _ in range(40):
                    assert others_done.acquire(timeout=30), "the other lanes were starved"
                for _ in range(40):
                    others_done.release()
        else:
            others_done.release()
        return piece

    assert sorted(in_turns(work, lambda piece: piece[0], do, threads=3)) == sorted(work)


def test_no_more_threads_than_asked_for_work_at_once() -> None:
    lock = threading.Lock()
    under_way = most = 0

    def do(_: int) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        with lock:
            under_way -= 1

    list(in_turns(range(200), lambda piece: piece % 7, do, threads=4))
    assert 1 <= most <= 4


def test_an_exception_ends_it_and_nothing_more_is_begun() -> None:
    begun: list[int] = []

    def do(piece: int) -> None:
        begun.append(piece)
        if piece == 3:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(in_turns(range(100), lambda _: "one", do, threads=1))
    assert begun == [0, 1, 2, 3]


def test_no_work_is_no_result() -> None:
    assert list(in_turns([], lambda piece: piece, lambda piece: piece, threads=4)) == []
