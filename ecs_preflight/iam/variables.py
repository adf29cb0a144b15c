"""Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}`, `${$}`.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ecs_preflight.iam.context import Absent, RequestContext, Shape, Unknown
from ecs_preflight.iam.patterns import WILDCARDS, Glob, Token, Wildcard
from ecs_preflight.iam.truth import Answer, all_of, doubt, unknown_key

_OPENING = "${"


@dataclass(frozen=True, slots=True)
class Variable:
    """A placeholder for the value of a context key."""

    key: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A text of a policy in which variables await their values; without any it is `fixed` once and for all.

    `outline` has `*` in place of the variables: what it does not match, no value will. `parts` are kept for variables only.
    """

    parts: tuple[Token | Variable, ...]
    outline: Glob
    fixed: Glob | None

    def resolve(self, context: RequestContext) -> Glob | Answer | None:
        """The pattern for this request; None where a variable has no value; an unknown answer where it is not known.

        A value is taken literally: a `*` in it is no wildcard.
        """
        if self.fixed is not None:
            return self.fixed
        tokens: list[Token] = []
        unknown: list[Answer] = []
        for part in self.parts:
            if not isinstance(part, Variable):
                tokens.append(part)
                continue
            value = _value(part, context)
            if value is None:
                return None
            if isinstance(value, Answer):
                unknown.append(value)
            else:
                tokens.append(value)
        return all_of(unknown) if unknown else Glob.of_tokens(tokens)


def parse_template(text: str, *, variables: bool, wildcards: bool = True) -> Template:
    """`variables` is whether the document's version has them; without `wildcards`, `*` and `?` are plain characters."""
    if not variables or _OPENING not in text:
        fixed = Glob.of(text) if wildcards else Glob.literal(text)
        return Template((), fixed, fixed)
    parts = tuple(_parts(text, wildcards=wildcards))
    outline = Glob.of_tokens(Wildcard.ANY_RUN if isinstance(part, Variable) else part for part in parts)
    is_fixed = not any(isinstance(part, Variable) for part in parts)
    return Template(parts, outline, outline if is_fixed else None)


def split_outside_variables(text: str, separator: str, limit: int) -> list[str]:
    """Cut at the first `limit` separators, none of which stands inside `${...}`."""
    if _OPENING not in text:
        return text.split(separator, limit)
    pieces: list[str] = []
    start = position = 0
    while len(pieces) < limit and position < len(text):
        if text.startswith(_OPENING, position):
            end = text.find("}", position)
            position = len(text) if end < 0 else end + 1
        elif text[position] == separator:
            pieces.append(text[start:position])
            start = position = position + 1
        else:
            position += 1
    return [*pieces, text[start:]]


def has_variable(text: str) -> bool:
    return _OPENING in text and any(isinstance(part, Variable) for part in _parts(text, wildcards=False))


def _parts(text: str, *, wildcards: bool) -> Iterator[Token | Variable]:
    position = 0
    while (start := text.find(_OPENING, position)) >= 0 and (end := text.find("}", start)) >= 0:
        yield from _signs(text[position:start], wildcards)
        yield _placeholder(text[start + 2 : end])
        position = end + 1
    yield from _signs(text[position:], wildcards)


def _signs(text: str, wildcards: bool) -> Iterator[Token]:
    if not wildcards:
        yield text
        return
    start = 0
    for position, character in enumerate(text):
        if character in WILDCARDS:
            yield text[start:position]
            yield WILDCARDS[character]
            start = position + 1
    yield text[start:]


def _placeholder(inside: str) -> str | Variable:
    if inside in ("*", "?", "$"):
        return inside
    key, comma, rest = inside.partition(",")
    default = rest.strip()
    if comma and len(default) >= 2 and default[0] == default[-1] == "'":
        return Variable(key.strip(), default[1:-1])
    return Variable(inside.strip())


def _value(variable: Variable, context: RequestContext) -> str | Answer | None:
    state = context.look_up(variable.key)
    if state is Absent.ABSENT:
        return variable.default
    if state is Unknown.UNKNOWN or isinstance(state, Shape):
        return unknown_key(variable.key)
    if len(state) > 1:
        return doubt(f"${{{variable.key}}} stands for a key with several values, and AWS allows single-valued keys only")
    return state[0]
