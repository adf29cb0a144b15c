"""What stands in a description and cannot be known before Spinnaker runs it: an expression of its pipeline language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

# Orca evaluates `${ ... }` (the Spring Expression Language) in every text of a stage, before the stage runs.
# https://spinnaker.io/docs/guides/user/pipeline/expressions/
_EXPRESSION = "${"


@dataclass(frozen=True, slots=True)
class Opaque:
    """Such a value; `text` as written. It is never guessed, and never taken for a value that is missing."""

    text: str

    def __str__(self) -> str:
        return self.text


def holds_expression(text: str) -> bool:
    """Whether any part of a text is an expression: the whole of it is unknown then."""
    return _EXPRESSION in text


def known(value: T | Opaque | None) -> T | None:
    """The value where it can be known, else None; for where both come to the same."""
    return None if isinstance(value, Opaque) else value


def is_blank(value: object) -> bool:
    """Whether clouddriver would find null, nothing or white space there (StringUtils.isBlank)."""
    return value is None or (isinstance(value, str) and not value.strip())
