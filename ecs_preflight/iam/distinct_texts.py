"""Texts that tell patterns apart: one for every combination of matches that any text at all brings about.

The patterns are read side by side, sign by sign, as automata are. https://en.wikipedia.org/wiki/Powerset_construction
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache

from ecs_preflight.iam.patterns import Token, Wildcard


class Within(Enum):
    """The wildcards of an ARN's first five components, which match no colon."""

    ANY_RUN = "*"
    ANY_ONE = "?"


Pattern = tuple[Token | Within, ...]
_State = tuple[frozenset[int], ...]

_RUNS = (Wildcard.ANY_RUN, Within.ANY_RUN)
# Patterns written by hand take a few hundred steps; what takes more is not worth the time.
_MOST_STEPS = 50_000


@lru_cache(maxsize=1024)
def distinct_texts(patterns: tuple[Pattern, ...]) -> tuple[str, ...] | None:
    """The texts, shortest first; None where finding them all would take too long. Characters stand alone in a pattern."""
    literals = {sign for pattern in patterns for sign in pattern if isinstance(sign, str)}
    other = next(character for character in map(chr, range(ord("a"), 0x10FFFF)) if character not in literals)
    start = tuple(_past_runs(pattern, {0}) for pattern in patterns)
    found: dict[tuple[bool, ...], str] = {}
    seen, waiting, steps = {start}, deque([(start, "")]), 0
    while waiting:
        state, text = waiting.popleft()
        matched = tuple(len(pattern) in positions for pattern, positions in zip(patterns, state, strict=True))
        found.setdefault(matched, text)
        for character in dict.fromkeys((other, *_expected(patterns, state))):
            steps += sum(map(len, state))
            after = tuple(_step(pattern, positions, character) for pattern, positions in zip(patterns, state, strict=True))
            if after not in seen:
                seen.add(after)
                waiting.append((after, text + character))
        if steps > _MOST_STEPS:
            return None
    return tuple(sorted(found.values(), key=lambda text: (len(text), text)))


def _expected(patterns: tuple[Pattern, ...], state: _State) -> Iterator[str]:
    """The characters that any of the patterns treats in a way of its own; it treats all others alike."""
    for pattern, positions in zip(patterns, state, strict=True):
        for position in positions:
            sign = pattern[position] if position < len(pattern) else None
            if isinstance(sign, str):
                yield sign
            elif isinstance(sign, Within):
                yield ":"


def _step(pattern: Pattern, positions: frozenset[int], character: str) -> frozenset[int]:
    reached = set()
    for position in positions:
        sign = pattern[position] if position < len(pattern) else None
        if sign is None or (isinstance(sign, Within) and character == ":"):
            continue
        if sign in _RUNS:
            reached.add(position)
        elif isinstance(sign, Enum) or sign == character:
            reached.add(position + 1)
    return _past_runs(pattern, reached)


def _past_runs(pattern: Pattern, positions: set[int]) -> frozenset[int]:
    """A run may be empty."""
    reached = set()
    for start in positions:
        position = start
        reached.add(position)
        while position < len(pattern) and pattern[position] in _RUNS:
            position += 1
            reached.add(position)
    return frozenset(reached)
