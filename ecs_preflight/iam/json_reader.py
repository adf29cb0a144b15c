"""JSON as policies are written in it: strictly, with errors that name the cause, and with the place of every value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from ecs_preflight.iam.json_places import DEEPEST, LONGEST_NUMBER, Path, PlaceReader, position

__all__ = ["JsonText", "Path", "position", "read_json"]


@dataclass(frozen=True)
class JsonText:
    """A text, the value that it spells, and the name of the file in messages."""

    text: str
    value: Any
    file: str

    @cached_property
    def offsets(self) -> Mapping[Path, int]:
        """Where the value (or the key) of each path begins: asked only where there is something to say about a place."""
        reader = PlaceReader(self.text, self.file)
        reader.document()
        return reader.offsets

    def position_of(self, path: Path) -> tuple[int, int]:
        """Line and column, from 1, of the value at `path`, or of the nearest value around it."""
        while path not in self.offsets:
            path = path[:-1]
        return position(self.text, self.offsets[path])


def read_json(text: str, file: str) -> JsonText:
    """The value of a JSON text; SyntaxInputError with the place, the cause and the mend otherwise.

    What is well-formed the standard library reads, many times faster. What is not is read again, for the error.
    """
    text = text.removeprefix("\ufeff")
    try:
        value = _STRICT.decode(text)
    except (ValueError, RecursionError):
        value = PlaceReader(text, file).document()
    if text.count("[") + text.count("{") > DEEPEST and _is_deeper(value, DEEPEST):
        value = PlaceReader(text, file).document()
    return JsonText(text, value, file)


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)


def _refuse(what: str) -> NoReturn:
    raise ValueError(what)


def _integer(text: str) -> int:
    return int(text) if len(text) <= LONGEST_NUMBER else _refuse(text)


def _decimal(text: str) -> float:
    return float(text) if len(text) <= LONGEST_NUMBER else _refuse(text)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _refuse("a key stands twice")


_STRICT = json.JSONDecoder(object_pairs_hook=_each_key_once, parse_constant=_refuse, parse_int=_integer, parse_float=_decimal)
