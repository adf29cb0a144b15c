"""Wildcards against a plain oracle, and patterns against patterns."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.iam.patterns import Glob, Wildcard

_patterns = st.text(alphabet="ab*?", max_size=8)
_texts = st.text(alphabet="ab", max_size=8)


def _oracle(pattern: str, text: str) -> bool:
    @cache
    def matches(i: int, j: int) -> bool:
        if i == len(pattern):
            return j == len(text)
        if pattern[i] == "*":
            return matches(i + 1, j) or (j < len(text) and matches(i, j + 1))
        return j < len(text) and pattern[i] in ("?", text[j]) and matches(i + 1, j + 1)

    return matches(0, 0)


@given(pattern=_patterns, text=_texts)
@settings(max_examples=500)
def test_a_glob_matches_what_its_definition_says(pattern: str, text: str) -> None:
    assert Glob.of(pattern).matches(text) is _oracle(pattern, text)


@given(one=_patterns, other=_patterns, text=_texts)
@settings(max_examples=500)
def test_a_pattern_that_covers_another_matches_what_it_matches(one: str, other: str, text: str) -> None:
    first, second = Glob.of(one), Glob.of(other)
    if second.matches(text):
        assert first.overlaps(second) or not first.matches(text)
        assert first.matches(text) or not first.covers(second)
    assert first.overlaps(second) is second.overlaps(first)


@pytest.mark.parametrize(
    ("one", "other", "covers", "overlaps"),
    [
        ("*", "*", True, True),
        ("*", "a?b*", True, True),
        ("a*", "a?b*", True, True),
        ("a?", "a?", True, True),
        ("a?", "ab", True, True),
        ("a?", "a*", False, True),
        ("ab", "a?", False, True),
        ("a*b", "a*", False, True),
        ("a*b", "ac*b", True, True),
        ("a*", "b*", False, False),
        ("*a", "*b", False, False),
        ("", "", True, True),
        ("", "*", False, True),
        ("*", "", True, True),
        ("a", "", False, False),
        ("a*c", "ab", False, False),
        ("*b*", "abab", True, True),
        ("*ab", "aab", True, True),
        ("*aab*", "*ab*", False, True),
    ],
)
def test_patterns_against_patterns(one: str, other: str, covers: bool, overlaps: bool) -> None:
    assert Glob.of(one).covers(Glob.of(other)) is covers
    assert Glob.of(one).overlaps(Glob.of(other)) is overlaps


def test_tokens_make_the_same_glob_as_text() -> None:
    tokens = ["a", "b", Wildcard.ANY_RUN, "", Wildcard.ANY_ONE, "c"]
    assert Glob.of_tokens(tokens) == Glob.of("ab*?c")
    assert Glob.of_tokens(["a*", "?"]) == Glob.literal("a*?")


def test_the_star_that_is_everything() -> None:
    assert [text for text in ("*", "***", "", "?", "*?", "a*") if Glob.of(text).is_everything] == ["*", "***"]
    assert [text for text in ("", "a", "?", "*", "a*") if Glob.of(text).is_literal] == ["", "a"]


@pytest.mark.parametrize(
    "pattern", ["a*" * 2000 + "b", "*a" * 2000 + "?b", "?" * 4000 + "*b", "*" * 4000 + "b", "a?*" * 1500 + "b"]
)
def test_no_pattern_makes_matching_explode(pattern: str) -> None:
    assert not Glob.of(pattern).matches("a" * 20_000)


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        ("*a" * 2048, "a?" * 2048 + "b"),
        ("?*" * 2048 + "b", "a" * 4096),
        ("*" + "a" * 4094 + "b", "a" * 4096),
        ("*a?" * 1365, "a*" * 2048),
    ],
)
def test_no_pair_of_patterns_makes_comparing_explode(pattern: str, other: str) -> None:
    """Cell by cell, two patterns of 4,096 signs are sixteen million comparisons; all places of a pattern are tried at once."""
    one, two = Glob.of(pattern), Glob.of(other)
    assert not two.covers(one)
    assert one.overlaps(two) is two.overlaps(one)
