"""What one placement rule says of every container instance: a column of caps.

A cap is the number of copies that the rule lets an instance hold: CPU left over CPU wanted, one for a static host
port, none where the status is wrong. The room of an instance is its lowest cap; what stops copy n+1 are caps of n.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from ecs_preflight.ecs.codes import Code
from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.instance import InstanceRow

Rows: TypeAlias = Sequence[InstanceRow]
UNLIMITED = math.inf


@dataclass(frozen=True, slots=True)
class Ruling:
    """`caps` in the order of the rows; `doubts` (row number -> cap, reason) are lower caps that may be the true ones."""

    code: Code
    caps: Sequence[float]
    doubts: Mapping[int, tuple[float, str]] = field(default_factory=dict)


Rule: TypeAlias = Callable[[Rows, Demand], "Ruling | None"]


def barring(code: Code, admitted: Sequence[bool]) -> Ruling | None:
    """None may go where `admitted` is false; nothing to say where all are admitted."""
    if all(admitted):
        return None
    return Ruling(code, [UNLIMITED if ok else 0 for ok in admitted])


def rooms_of(rulings: Sequence[Ruling], rows: int, unlimited: float) -> list[float]:
    """The copies that each instance holds; `unlimited` where no rule limits them."""
    columns = [ruling.caps for ruling in rulings]
    if not columns:
        return [unlimited] * rows
    lowest = columns[0] if len(columns) == 1 else map(min, *columns)
    return [room if 0 <= room < UNLIMITED else 0 if room < 0 else unlimited for room in lowest]


def certain_rooms_of(rulings: Sequence[Ruling], rooms: list[float]) -> list[float]:
    """The copies that each instance holds whatever the doubts turn out to be."""
    if not any(ruling.doubts for ruling in rulings):
        return rooms
    certain = list(rooms)
    for ruling in rulings:
        for number, (cap, _) in ruling.doubts.items():
            certain[number] = max(min(certain[number], cap), 0)
    return certain


def codes_of(rulings: Sequence[Ruling], filled: Sequence[float]) -> list[set[Code]]:
    """What stops one more copy on each instance once it holds as many as `filled` says."""
    codes: list[set[Code]] = [set() for _ in filled]
    for ruling in rulings:
        for number, (cap, copies) in enumerate(zip(ruling.caps, filled, strict=True)):
            if cap <= copies:
                codes[number].add(ruling.code)
    return codes
