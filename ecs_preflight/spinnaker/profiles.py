"""Which documents of a file are in force: Spring's profile expressions.

spring-core: `ProfilesParser`; spring-boot: `spring.config.activate.on-profile`, and `spring.profiles` before it.
"""

from __future__ import annotations

import re

from ecs_preflight.spinnaker.properties import find
from ecs_preflight.yamlfile import Mapping, Scalar, Sequence

# What kork activates by default (DefaultPropertiesBuilder): netflix.environment is `test`.
DEFAULT_PROFILES = frozenset({"composite", "test", "local"})


def condition_of(document: Mapping) -> tuple[str, ...]:
    """The profile expressions of a document, one of which must hold; none: it is always in force."""
    for path in ("spring.config.activate.on-profile", "spring.profiles"):
        node = find(document, path)
        if isinstance(node, Scalar) and node.text.strip():
            return tuple(part.strip() for part in node.text.split(","))
        if isinstance(node, Sequence):
            return tuple(item.text.strip() for item in node.items if isinstance(item, Scalar))
    return ()


def is_active(document: Mapping, profiles: frozenset[str]) -> bool:
    """Whether a document is in force under these profiles."""
    expressions = condition_of(document)
    return not expressions or any(holds(expression, profiles) for expression in expressions)


def holds(expression: str, profiles: frozenset[str]) -> bool:
    """`prod & !canary | test`, with parentheses; what cannot be read holds never."""
    tokens = re.findall(r"[()&|!]|[^()&|!\s]+", expression)
    try:
        value, rest = _any_of(tokens, profiles)
    except IndexError:
        return False
    return value and not rest


def _any_of(tokens: list[str], profiles: frozenset[str]) -> tuple[bool, list[str]]:
    value, tokens = _all_of(tokens, profiles)
    while tokens and tokens[0] == "|":
        right, tokens = _all_of(tokens[1:], profiles)
        value = value or right
    return value, tokens


def _all_of(tokens: list[str], profiles: frozenset[str]) -> tuple[bool, list[str]]:
    value, tokens = _one(tokens, profiles)
    while tokens and tokens[0] == "&":
        right, tokens = _one(tokens[1:], profiles)
        value = value and right
    return value, tokens


def _one(tokens: list[str], profiles: frozenset[str]) -> tuple[bool, list[str]]:
    first, rest = tokens[0], tokens[1:]
    if first == "!":
        value, rest = _one(rest, profiles)
        return not value, rest
    if first == "(":
        value, rest = _any_of(rest, profiles)
        if rest[0] != ")":
            raise IndexError
        return value, rest[1:]
    return first in profiles, rest
