"""Spring's `${NAME}` and `${NAME:default}`, nested, resolved as far as they can be.

spring-core: `PropertyPlaceholderHelper.parseStringValue`, with `ignoreUnresolvablePlaceholders` as Boot's binder sets it:
what has no value stays in the text, letter by letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Lookup = Callable[[str], "str | None"]

# Spring has no bound; a chain of `${a}${a}` doubles with every link.
MAX_LENGTH = 100_000


@dataclass(frozen=True, slots=True)
class Resolved:
    """`text` with every placeholder that has a value replaced; the names of those that have none."""

    text: str
    unresolved: tuple[str, ...] = ()
    circular: str | None = None
    """The placeholder that leads back to itself: Spring throws `Circular placeholder reference`."""


def resolve(text: str, lookup: Lookup) -> Resolved:
    """`text` with its placeholders replaced by what `lookup` gives."""
    if "${" not in text:
        return Resolved(text)
    run = _Run(lookup)
    try:
        return Resolved(run.parse(text, ()), tuple(dict.fromkeys(run.unresolved)))
    except _CircularError as error:
        return Resolved(text, (), str(error))


class _CircularError(Exception):
    pass


@dataclass(slots=True)
class _Run:
    lookup: Lookup
    unresolved: list[str] = field(default_factory=list)

    def parse(self, text: str, visited: tuple[str, ...]) -> str:
        parts = []
        for literal, inner in _pieces(text):
            parts.append(literal)
            if inner is None:
                continue
            if inner in visited:
                raise _CircularError(inner)
            # Spring first resolves what stands inside: `${A:${B}}` asks for B even where A has a value.
            outer, self.unresolved = self.unresolved, []
            value = self._value(self.parse(inner, (*visited, inner)))
            inside, self.unresolved = self.unresolved, outer
            if value is None:
                self.unresolved.extend(inside or [inner])
                parts.append("${" + inner + "}")
            else:
                parts.append(self.parse(value, (*visited, inner)))
        whole = "".join(parts)
        if len(whole) > MAX_LENGTH:
            raise _CircularError(text[:40])
        return whole

    def _value(self, name: str) -> str | None:
        whole = self.lookup(name)
        if whole is not None:
            return whole
        key, separator, default = name.partition(":")
        if not separator:
            return None
        value = self.lookup(key)
        return default if value is None else value


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """The text as (literal, placeholder after it); the last literal has none."""
    position = 0
    while (start := text.find("${", position)) != -1:
        end = _closing_brace(text, start)
        if end == -1:
            break
        yield text[position:start], text[start + 2 : end]
        position = end + 1
    yield text[position:], None


def _closing_brace(text: str, start: int) -> int:
    depth = 0
    for index in range(start + 2, len(text)):
        if text[index] == "{":
            depth += 1
        elif text[index] == "}":
            if depth == 0:
                return index
            depth -= 1
    return -1
