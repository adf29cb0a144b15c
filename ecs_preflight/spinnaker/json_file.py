"""A JSON file of Spinnaker's or of ECS's: its value, and where each part of it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.iam.json_reader import JsonText, read_json
from ecs_preflight.yamlfile import read_text

KeyPath = tuple[str | int, ...]

# The reader was made for policies, and says what AWS would say of one.
_OF_POLICIES = ' (AWS: "Syntax errors in policy.")'


@dataclass(frozen=True, slots=True)
class JsonPart:
    """A value, and the place of each of its keys and elements by path; `()` is the place of the whole."""

    value: Any
    places: Mapping[KeyPath, Location]

    @property
    def location(self) -> Location:
        return self.places[()]

    def part(self, *path: str | int) -> JsonPart:
        """What stands at a path, which must exist."""
        value = self.value
        for step in path:
            value = value[step]
        length = len(path)
        return JsonPart(value, {place[length:]: where for place, where in self.places.items() if place[:length] == path})

    def elements(self, *path: str | int) -> tuple[JsonPart, ...]:
        """Every element of the list at a path, in one go: a file may hold all pipelines of an application."""
        whole = self.part(*path) if path else self
        places: list[dict[KeyPath, Location]] = [{} for _ in whole.value]
        for place, where in whole.places.items():
            if place:
                places[int(place[0])][place[1:]] = where
        return tuple(JsonPart(value, found) for value, found in zip(whole.value, places, strict=True))


def read_json_file(path: str | Path) -> JsonPart:
    """The value of a JSON file. Raises InputError where it cannot be read, SyntaxInputError where it is no JSON."""
    return parse_json(read_text(path), str(path))


def parse_json(text: str, file: str) -> JsonPart:
    """The same from a text; `file` is how errors call it."""
    try:
        document = read_json(text, file)
    except SyntaxInputError as error:
        message = error.message.removesuffix(_OF_POLICIES)
        raise SyntaxInputError(message, location=error.location, hint=error.hint) from None
    return JsonPart(document.value, _places(document, file))


def _places(document: JsonText, file: str) -> dict[KeyPath, Location]:
    starts = [0, *(index + 1 for index, character in enumerate(document.text) if character == "\n")]
    places: dict[KeyPath, Location] = {}
    for path, offset in document.offsets.items():
        line = bisect_right(starts, offset)
        places[path] = Location(file, line, offset - starts[line - 1] + 1)
    return places
