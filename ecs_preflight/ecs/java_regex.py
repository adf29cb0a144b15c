"""The regular expressions of `=~`: Java's, judged with RE2, which cannot be made to backtrack for ever.

Where RE2 (the optional google-re2) is missing, or a construct is Java's alone, the answer is "not decided".
https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from types import ModuleType

# What Java has and RE2 refuses: look-around, atomic groups, possessive quantifiers, back references, and escapes
# and flags of Java's own.
_JAVA_ONLY = re.compile(r"\(\?(?:[=!>]|<[=!]|[a-zA-Z-]*[xdu])|[*+?}]\+|\\[1-9kpPhHVRXZGecuN0x]")
# What RE2 takes and reads otherwise: Java refuses \C and (?P.
_READ_OTHERWISE = re.compile(r"\(\?(?:[a-zA-Z-]*U|P)|\\[vC]")
_BRACED_ESCAPE = re.compile(r"\\[pPxNk][{<][^}>]*[}>]")
_REPETITION = re.compile(r"\{\d+(?:,\d*)?\}")


@dataclass(frozen=True, slots=True)
class JavaRegex:
    """A pattern that Java would take; `undecided` says why it cannot be judged here, and is empty where it can."""

    pattern: str
    undecided: str
    _full_match: Callable[[str], object] | None

    def matches(self, text: str) -> bool | None:
        """Whether the whole of `text` matches, as `String.matches` reads it; None where that is not decided."""
        return None if self._full_match is None else self._full_match(text) is not None


def compile_java_regex(pattern: str) -> JavaRegex:
    """Raises ValueError with a reason where Java itself would refuse the pattern."""
    java_class = _scan(pattern)
    re2 = _re2()
    if re2 is None:
        return _undecided(pattern, "google-re2 is not installed (pip install 'ecs_preflight[capacity]')")
    otherwise = java_class or _first(_READ_OTHERWISE, pattern)
    if otherwise:
        return _undecided(pattern, f"Java reads {otherwise!r} in {pattern!r} in its own way")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        java_only = _first(_JAVA_ONLY, pattern)
        if java_only:
            return _undecided(pattern, f"only Java's own engine can judge {java_only!r} in {pattern!r}")
        reason = error.args[0]  # bytes or a text, as the release of google-re2 has it
        raise ValueError(reason.decode() if isinstance(reason, bytes) else str(reason)) from None
    # Few values, and many instances that have them: a call of RE2 costs as much as twenty look-ups.
    return JavaRegex(pattern, "", lru_cache(maxsize=1024)(compiled.fullmatch))


@cache
def _re2() -> ModuleType | None:
    try:
        return import_module("re2")
    except ImportError:
        return None


def _undecided(pattern: str, why: str) -> JavaRegex:
    return JavaRegex(pattern, why, None)


def _first(constructs: re.Pattern[str], pattern: str) -> str:
    """The first of them in `pattern`; a doubled backslash is no escape of what follows it."""
    found = constructs.search(pattern.replace(r"\\", "  "))
    return found[0] if found else ""


def _scan(pattern: str) -> str:
    """Refuse what is not well formed; returns `[` or `&&` where a class has Java's unions or intersections in it."""
    position, depth, after_atom, java_class = 0, 0, False, ""
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position = _end_of_escape(pattern, position)
            after_atom = True
        elif character == "[":
            position, foreign = _end_of_class(pattern, position)
            java_class = java_class or foreign
            after_atom = True
        elif character == "(":
            depth += 1
            after_atom = False
            position += 2 if pattern.startswith("(?", position) else 1
        elif character == ")":
            if depth == 0:
                raise ValueError("unmatched closing parenthesis")
            depth -= 1
            after_atom = True
            position += 1
        elif character in "*+?" or character == "{":
            position = _end_of_quantifier(pattern, position, after_atom)
        else:
            after_atom = character != "|"
            position += 1
    if depth:
        raise ValueError("unclosed group")
    return java_class


def _end_of_escape(pattern: str, position: int) -> int:
    if position + 1 == len(pattern):
        raise ValueError("a backslash at the end escapes nothing")
    if pattern[position + 1] == "Q":
        end = pattern.find(r"\E", position)
        return len(pattern) if end < 0 else end + 2
    named = _BRACED_ESCAPE.match(pattern, position)
    return named.end() if named else position + 2


def _end_of_quantifier(pattern: str, position: int, after_atom: bool) -> int:
    if not after_atom:
        raise ValueError(f"dangling {pattern[position]!r}: there is nothing to repeat")
    if pattern[position] != "{":
        return position + 1
    repetition = _REPETITION.match(pattern, position)
    if repetition is None:
        raise ValueError("illegal repetition: '{' wants a count such as {2} or {1,3}")
    return repetition.end()


def _end_of_class(pattern: str, start: int) -> tuple[int, str]:
    """Where the class that opens at `start` ends, and what in it RE2 would read otherwise."""
    position, depth, foreign = start + 1, 1, ""
    position += pattern.startswith("^", position)
    position += pattern.startswith("]", position)
    while position < len(pattern):
        if pattern[position] == "\\":
            position = _end_of_escape(pattern, position)
            continue
        if pattern[position] == "[":
            depth, foreign = depth + 1, foreign or "["
        elif pattern.startswith("&&", position):
            foreign = foreign or "&&"
        elif pattern[position] == "]":
            depth -= 1
            if depth == 0:
                return position + 1, foreign
        position += 1
    raise ValueError("unclosed character class")
