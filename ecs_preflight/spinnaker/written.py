"""Where a value was written: what every model of a loaded configuration remembers beside its values."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, PrivateAttr
from pydantic.alias_generators import to_camel

from ecs_preflight.errors import Location
from ecs_preflight.yamlfile import Mapping, Node, Scalar, ScalarValue

REDACTED = "(not shown)"
_BARE_PLACEHOLDER = re.compile(r"^\$\{[^:{}]+\}$")


@dataclass(frozen=True, slots=True)
class Written:
    """One value as the file has it. `text` before placeholders, `value` as YAML 1.1 resolves it (an octal is an int);
    of a list or a mapping `members` counts the entries and `text` is empty. Of a secret neither text nor value is kept."""

    text: str
    value: ScalarValue
    quoted: bool
    location: Location
    members: int | None = None

    @classmethod
    def of(cls, node: Node, *, secret: bool = False) -> Written:
        if isinstance(node, Scalar):
            if secret and node.text and not node.is_blank and not _BARE_PLACEHOLDER.match(node.text):
                return cls(REDACTED, REDACTED, node.quoted, node.location)
            return cls(node.text, node.value, node.quoted, node.location)
        members = node.entries if isinstance(node, Mapping) else node.items
        return cls("", None, False, node.location, len(members))

    @property
    def is_blank(self) -> bool:
        """Nothing stands there: no text or `~`, an empty list, an empty mapping."""
        return self.value is None or not self.text.strip() if self.members is None else self.members == 0


@dataclass(frozen=True, slots=True)
class Origin:
    """Not compared: two accounts with the same values are the same account, wherever they were written."""

    location: Location | None = field(default=None, compare=False)
    fields: Dict[str, Written] = field(default_factory=lambda: MappingProxyType({}), compare=False)

    def __reduce__(self) -> tuple[object, ...]:
        return _restore_origin, (self.location, dict(self.fields))


def _restore_origin(location: Location | None, fields: dict[str, Written]) -> Origin:
    return Origin(location, MappingProxyType(fields))


class WrittenModel(BaseModel):
    """A frozen model whose field names are clouddriver's in snake_case; clouddriver's own spelling is the alias."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )

    _origin: Origin = PrivateAttr(default_factory=Origin)

    def written(self, field_name: str) -> Written | None:
        """How the field was written; None where no file has it (a default, or a model made in Python)."""
        if field_name not in type(self).model_fields:
            raise KeyError(f"{type(self).__name__} has no field {field_name!r}")
        return self._origin.fields.get(field_name)

    @property
    def location(self) -> Location | None:
        """Where this entry starts; None for a model made in Python."""
        return self._origin.location

    def where(self, field_name: str) -> Location | None:
        """The best place to show for a field: its value, else the entry."""
        written = self.written(field_name)
        return written.location if written else self.location


Model = TypeVar("Model", bound=WrittenModel)


def with_origin(model: Model, location: Location, fields: dict[str, Written]) -> Model:
    """The model, knowing where it was written."""
    model._origin = Origin(location, MappingProxyType(fields))
    return model
