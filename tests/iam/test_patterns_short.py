"""Every short pattern against every short text, and against every other short pattern."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

from ecs_preflight.iam.patterns import Glob


def _words(alphabet: str, longest: int) -> list[str]:
    return ["".join(letters) for length in range(longest + 1) for letters in product(alphabet, repeat=length)]


_PATTERNS = _words("ab*?", 3)
_TEXTS = _words("ab", 6)


@cache
def _matched(pattern: str) -> frozenset[str]:
    """By the definition, sign by sign."""
    if not pattern:
        return frozenset({""})
    rest = _matched(pattern[1:])
    if pattern[0] == "*":
        return frozenset(text for text in _TEXTS if any(text[start:] in rest for start in range(len(text) + 1)))
    return frozenset(text for text in _TEXTS if text and pattern[0] in ("?", text[0]) and text[1:] in rest)


@pytest.mark.parametrize("first", ["", "a", "b", "*", "?", "*?", "*a*"])
def test_a_pattern_matches_what_its_signs_say(first: str) -> None:
    for pattern in (first + rest for rest in _PATTERNS):
        assert {text for text in _TEXTS if Glob.of(pattern).matches(text)} == _matched(pattern), pattern


@pytest.mark.parametrize("first", ["", "a", "*", "?"])
def test_patterns_overlap_where_a_text_is_matched_by_both(first: str) -> None:
    for one, other in product([first + rest for rest in _words("ab*?", 2)], _PATTERNS):
        overlap = not _matched(one).isdisjoint(_matched(other))
        assert Glob.of(one).overlaps(Glob.of(other)) is overlap, (one, other)


@pytest.mark.parametrize("first", ["", "a", "*", "?"])
def test_a_pattern_covers_only_what_it_matches_whole(first: str) -> None:
    for one, other in product([first + rest for rest in _words("ab*?", 2)], _PATTERNS):
        if Glob.of(one).covers(Glob.of(other)):
            assert _matched(other) <= _matched(one), (one, other)
