"""The base of models that keep what they have prepared for many uses (cached properties)."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from typing_extensions import Self

_Model = TypeVar("_Model", bound=BaseModel)


class PreparedModel(BaseModel):
    """Frozen. A copy forgets what was prepared: `model_copy(update=...)` changes what it would be prepared from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __copy__(self) -> Self:
        return _forgetting(super().__copy__())

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return _forgetting(super().__deepcopy__(memo))


def _forgetting(model: _Model) -> _Model:
    for name in model.__dict__.keys() - type(model).model_fields.keys():
        del model.__dict__[name]
    return model
