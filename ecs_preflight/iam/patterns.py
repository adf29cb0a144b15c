"""Wildcards: `*` is any run of characters, `?` exactly one. No regular expression is ever built from a policy.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

    A text is matched by finding the chunks in order, leftmost first, or sign by sign where a `?` stands between two `*`:
    time is at most proportional to pattern x text.
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
            if len(chunk) > 1:
                return self.covers(Glob.literal(text))
            found = text.find(chunk[0], position, end)
            if found < 0:
                return False
            position = found + len(chunk[0])
        return True

    def covers(self, other: Glob) -> bool:
        """Whether every text that `other` matches is matched here too, as far as its signs show ("?*" covers no "*?").

        A wildcard of `other` stands for anything, so only a wildcard as wide takes it.
        """
        places = _Places.of(self.symbols())
        reached = places.past_runs(1)
        for sign in other.symbols():
            fitting = 0 if sign is Wildcard.ANY_RUN else places.any_one | places.characters.get(sign, 0)
            reached = places.past_runs(reached & places.any_run | (reached & fitting) << 1)
        return reached & places.end != 0

    def overlaps(self, other: Glob) -> bool:
        """Whether some text is matched by both."""
        places = _Places.of(self.symbols())
        reached = places.past_runs(1)
        for sign in other.symbols():
            if sign is Wildcard.ANY_RUN:
                reached = places.all_from(reached)
                continue
            fitting = places.any_character if sign is Wildcard.ANY_ONE else places.any_one | places.characters.get(sign, 0)
            reached = places.past_runs(reached & places.any_run | (reached & fitting) << 1)
        return reached & places.end != 0

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


@dataclass(frozen=True, slots=True)
class _Places:
    """Where each sign stands in a pattern: bit n of a mask is its n-th sign, so that all places are tried at once.

    A set of places is what can be reached with the part of a text that has been read.
    """

    characters: Mapping[Token, int]
    any_one: int
    any_run: int
    end: int

    @classmethod
    def of(cls, symbols: Iterable[Token]) -> _Places:
        masks: dict[Token, int] = {}
        place, before = 1, None
        for sign in symbols:
            if sign is Wildcard.ANY_RUN and before is sign:
                continue
            masks[sign] = masks.get(sign, 0) | place
            place, before = place << 1, sign
        any_one, any_run = masks.pop(Wildcard.ANY_ONE, 0), masks.pop(Wildcard.ANY_RUN, 0)
        return cls(masks, any_one, any_run, place)

    @property
    def any_character(self) -> int:
        return (self.end - 1) & ~self.any_run

    def past_runs(self, reached: int) -> int:
        """A run may be empty; no two stand side by side."""
        return reached | (reached & self.any_run) << 1

    def all_from(self, reached: int) -> int:
        """All places from the first one on: texts of any length may have been read."""
        first = reached & -reached
        return (self.end << 1) - first if first else 0
