"""Work on threads in fair turns: whoever has least under way goes next, so that one slow account holds up no other."""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

W = TypeVar("W")
R = TypeVar("R")


def in_turns(work: Iterable[W], lane: Callable[[W], Hashable], do: Callable[[W], R], threads: int) -> Iterator[R]:
    """What `do` gives for each piece of work, in no order that means anything.

    The first exception ends it: work that has not begun by then never does.
    """
    turns = _Turns(work, lane)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        workers = [pool.submit(_worked, turns, do) for _ in range(min(threads, turns.length))]
        for worker in workers:
            yield from worker.result()


def _worked(turns: _Turns[W], do: Callable[[W], R]) -> list[R]:
    done: list[R] = []
    for piece, lane in turns:
        try:
            done.append(do(piece))
        except BaseException:
            turns.end()
            raise
        turns.give_back(lane)
    return done


class _Turns(Generic[W]):
    """The work that waits, by lane, and how much of each lane is under way."""

    def __init__(self, work: Iterable[W], lane: Callable[[W], Hashable]) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, deque[W]] = {}
        for piece in work:
            self._waiting.setdefault(lane(piece), deque()).append(piece)
        self.length = sum(len(pieces) for pieces in self._waiting.values())
        self._under_way = dict.fromkeys(self._waiting, 0)
        self._place = {lane: place for place, lane in enumerate(self._waiting)}
        self._next = [(0, place, lane) for lane, place in self._place.items()]

    def __iter__(self) -> Iterator[tuple[W, Hashable]]:
        while taken := self._take():
            yield taken

    def _take(self) -> tuple[W, Hashable] | None:
        with self._lock:
            while self._next:
                count, _, lane = heapq.heappop(self._next)
                if count == self._under_way[lane] and self._waiting[lane]:  # else it stands elsewhere in the heap
                    piece = self._waiting[lane].popleft()
                    self._count(lane, 1)
                    return piece, lane
        return None

    def give_back(self, lane: Hashable) -> None:
        """A piece of this lane is done."""
        with self._lock:
            self._count(lane, -1)

    def end(self) -> None:
        """Nothing more is begun."""
        with self._lock:
            self._next.clear()
            for pieces in self._waiting.values():
                pieces.clear()

    def _count(self, lane: Hashable, by: int) -> None:
        self._under_way[lane] += by
        if self._waiting[lane]:
            heapq.heappush(self._next, (self._under_way[lane], self._place[lane], lane))
