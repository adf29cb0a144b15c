"""What every part of preflight.yml is: frozen, strict, and mindful of where it was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PrivateAttr, StringConstraints

from ecs_preflight.errors import Location

Name = Annotated[str, StringConstraints(min_length=1)]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Not compared: two workloads with the same values are the same, wherever they were written."""

    location: Location | None = field(default=None, compare=False)


class PreflightModel(BaseModel):
    """What people write for us: frozen, and nothing in it is overlooked."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    _origin: _Origin = PrivateAttr(_Origin())

    @property
    def location(self) -> Location | None:
        """Where it was written: its key, or its place in a list; None for one made in Python."""
        return self._origin.location

    def written_at(self, location: Location) -> None:
        self._origin = _Origin(location)
