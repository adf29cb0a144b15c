"""What one placement rule says of every container instance: a column of caps.

A cap is the number of copies that the rule lets an instance hold: CPU left over CPU wanted, one for a static host
port, none where the status is wrong. The room of an instance is its lowest cap; what stops copy n+1 are caps of n.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ecs_preflight.ecs.codes import Code
from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.instance_table import InstanceTable

UNLIMITED = math.inf


@dataclass(frozen=True, slots=True)
class Doubt:
    """Lower caps that may be the true ones, in the order of the rows, UNLIMITED where there is no doubt; and `why`."""

    why: str
    caps: Sequence[float]


@dataclass(frozen=True, slots=True)
class Ruling:
    """`caps` in the order of the rows, and what is doubtful about them."""

    code: Code
    caps: Sequence[float]
    doubts: tuple[Doubt, ...] = ()


Rule: TypeAlias = Callable[[InstanceTable, Demand], "Ruling | None"]


def barring(code: Code, admitted: Sequence[bool]) -> Ruling | None:
    """None may go where `admitted` is false; nothing to say where all are admitted."""
    if all(admitted):
        return None
    return Ruling(code, [UNLIMITED if ok else 0 for ok in admitted])


def doubt_where(doubtful: Sequence[bool], caps: Iterable[float], why: str) -> tuple[Doubt, ...]:
    """The doubt whether `caps` hold where `doubtful`; none where nothing is."""
    if True not in doubtful:
        return ()
    return (Doubt(why, [cap if doubted else UNLIMITED for doubted, cap in zip(doubtful, caps, strict=True)]),)


def rooms_of(rulings: Sequence[Ruling], rows: int, unlimited: float) -> Sequence[float]:
    """The copies that each instance holds; `unlimited` where no rule limits them."""
    if not rulings:
        return [unlimited] * rows
    lowest = _lowest([ruling.caps for ruling in rulings])
    return [unlimited if room == UNLIMITED else room if room > 0 else 0 for room in lowest]


def certain_rooms_of(rulings: Sequence[Ruling], rooms: Sequence[float]) -> Sequence[float]:
    """The copies that each instance holds whatever the doubts turn out to be."""
    doubts = [doubt.caps for ruling in rulings for doubt in ruling.doubts]
    return [max(room, 0) for room in _lowest([rooms, *doubts])] if doubts else rooms


def _lowest(columns: Sequence[Sequence[float]]) -> Sequence[float]:
    """The lowest of each row; a comprehension, as a call of min for each row costs three times as much."""
    lowest = columns[0]
    for column in columns[1:]:
        lowest = [cap if cap < room else room for cap, room in zip(column, lowest, strict=True)]
    return lowest


def codes_of(rulings: Sequence[Ruling], filled: Sequence[float]) -> list[set[Code]]:
    """What stops one more copy on each instance once it holds as many as `filled` says."""
    codes: list[set[Code]] = [set() for _ in filled]
    for ruling in rulings:
        for number, (cap, copies) in enumerate(zip(ruling.caps, filled, strict=True)):
            if cap <= copies:
                codes[number].add(ruling.code)
    return codes
