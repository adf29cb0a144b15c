"""The base of what AWS sends us: camelCase names, frozen values, keys that we do not know are ignored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from ecs_preflight.errors import InputError


class AwsShape(BaseModel):
    """A structure of an AWS API. A null member is read as an absent one, as the API itself never sends null."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, alias_generator=to_camel)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and None in value.values():
            return {key: member for key, member in value.items() if member is not None}
        return value


Shape = TypeVar("Shape", bound=AwsShape)


def read_shape(shape: type[Shape], value: Shape | Mapping[str, Any], *, name: str) -> Shape:
    """`value` as the model `shape`; raises InputError with the path of every member that cannot be read.

    `name` says in the message what was being read: "task definition", "container instance".
    """
    if isinstance(value, shape):
        return value
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(step) for step in fault['loc']) or name}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise InputError(f"This is not the {name} that the ECS API describes: {faults}.") from None
