"""Wildcards: `*` is any run of characters, `?` exactly one. No regular expression is ever built from a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Wildcard(Enum):
    """The two signs that stand for other characters."""

    ANY_RUN = "*"
    ANY_ONE = "?"


Token = str | Wildcard
WILDCARDS = {"*": Wildcard.ANY_RUN, "?": Wildcard.ANY_ONE}


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern, cut at its `*` into chunks and each chunk at its `?` into pieces of plain text.

    A text is matched by finding the chunks in order, leftmost first: time is at most proportional to pattern x text.
    """

    chunks: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, pattern: str) -> Glob:
        return cls(tuple(tuple(chunk.split("?")) for chunk in pattern.split("*")))

    @classmethod
    def literal(cls, text: str) -> Glob:
        return cls(((text,),))

    @classmethod
    def of_tokens(cls, tokens: Iterable[Token]) -> Glob:
        """From texts, taken literally, and wildcards."""
        chunks: list[list[str]] = [[""]]
        for token in tokens:
            if token is Wildcard.ANY_RUN:
                chunks.append([""])
            elif token is Wildcard.ANY_ONE:
                chunks[-1].append("")
            else:
                chunks[-1][-1] += token
        return cls(tuple(tuple(chunk) for chunk in chunks))

    @property
    def is_literal(self) -> bool:
        return len(self.chunks) == 1 and len(self.chunks[0]) == 1

    @property
    def is_everything(self) -> bool:
        """`*`, `**`, ...: what matches every text."""
        return len(self.chunks) > 1 and all(chunk == ("",) for chunk in self.chunks)

    def matches(self, text: str) -> bool:
        chunks = self.chunks
        first = chunks[0]
        if len(first) == 1 and len(chunks) == 1:
            return text == first[0]
        if len(first) == 1 and len(chunks) == 2 and chunks[1] == ("",):
            return text.startswith(first[0])
        if len(chunks) == 1:
            return _length(first) == len(text) and _stands_at(first, text, 0)
        last = chunks[-1]
        end = len(text) - _length(last)
        position = _length(first)
        if end < position or not _stands_at(first, text, 0) or not _stands_at(last, text, end):
            return False
        for chunk in chunks[1:-1]:
            found = _find(chunk, text, position, end)
            if found < 0:
                return False
            position = found + _length(chunk)
        return True

    def covers(self, other: Glob) -> bool:
        """Whether every text that `other` matches is surely matched here too (no may also mean: not proven)."""
        return _absorbs(self.symbols(), other.symbols())

    def overlaps(self, other: Glob) -> bool:
        """Whether some text is matched by both."""
        mine, theirs = self.symbols(), other.symbols()
        below = [False] * (len(theirs) + 1)
        for i in range(len(mine), -1, -1):
            row = [False] * (len(theirs) + 1)
            for j in range(len(theirs), -1, -1):
                row[j] = _meet(mine[i : i + 1], theirs[j : j + 1], below, row, j)
            below = row
        return below[0]

    def symbols(self) -> list[Token]:
        """The pattern sign by sign: characters and wildcards."""
        symbols: list[Token] = []
        for number, chunk in enumerate(self.chunks):
            if number:
                symbols.append(Wildcard.ANY_RUN)
            for place, piece in enumerate(chunk):
                if place:
                    symbols.append(Wildcard.ANY_ONE)
                symbols.extend(piece)
        return symbols


def _length(chunk: tuple[str, ...]) -> int:
    return sum(map(len, chunk)) + len(chunk) - 1


def _stands_at(chunk: tuple[str, ...], text: str, position: int) -> bool:
    for piece in chunk:
        if not text.startswith(piece, position):
            return False
        position += len(piece) + 1
    return True


def _find(chunk: tuple[str, ...], text: str, start: int, end: int) -> int:
    if len(chunk) == 1:
        return text.find(chunk[0], start, end)
    last = end - _length(chunk)
    return next((position for position in range(start, last + 1) if _stands_at(chunk, text, position)), -1)


def _absorbs(pattern: Sequence[Token], symbols: Sequence[Token]) -> bool:
    """Glob matching in which the text is itself made of characters and wildcards: only `*` absorbs a `*`."""
    here = there = 0
    star, resume = -1, 0
    while there < len(symbols):
        sign = pattern[here] if here < len(pattern) else None
        symbol = symbols[there]
        if sign is Wildcard.ANY_RUN:
            star, resume, here = here, there, here + 1
        elif sign is not None and (sign == symbol or (sign is Wildcard.ANY_ONE and symbol is not Wildcard.ANY_RUN)):
            here, there = here + 1, there + 1
        elif star >= 0:
            here, resume = star + 1, resume + 1
            there = resume
        else:
            return False
    return all(sign is Wildcard.ANY_RUN for sign in pattern[here:])


def _meet(mine: Sequence[Token], theirs: Sequence[Token], below: list[bool], row: list[bool], j: int) -> bool:
    """Whether the rests of two patterns share a text, from the answers for the shorter rests."""
    if not mine and not theirs:
        return True
    if Wildcard.ANY_RUN in mine or Wildcard.ANY_RUN in theirs:
        return (bool(mine) and below[j]) or (bool(theirs) and row[j + 1])
    if not mine or not theirs:
        return False
    return below[j + 1] and (mine[0] == theirs[0] or Wildcard.ANY_ONE in (mine[0], theirs[0]))
