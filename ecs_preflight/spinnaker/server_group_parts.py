"""What a server group's description is made of: values as Jackson reads them, and the structures inside of it.

Jackson turns numbers and texts into one another, and ignores properties that it does not know (clouddriver's ObjectMapper).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, InstanceOf, PlainValidator
from pydantic.alias_generators import to_camel

from ecs_preflight.spinnaker.opaque import Opaque, holds_expression


def read_text(value: Any) -> str | Opaque | None:
    """Jackson makes a text of a number and of a switch, and of nothing else."""
    if value is None or isinstance(value, Opaque):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        text = str(value)
        return Opaque(text) if holds_expression(text) else text
    raise ValueError("expected a text")


def read_whole(value: Any) -> int | Opaque | None:
    """Jackson makes an Integer of "256" and of 256.0, and null of an empty text."""
    if value is None or isinstance(value, Opaque):
        return value
    if isinstance(value, str):
        if holds_expression(value):
            return Opaque(value)
        if not value.strip():
            return None
    try:
        number = None if isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        number = None
    if number is None or abs(number) >= 2**31:
        raise ValueError("expected a whole number")
    return number


def read_switch(value: Any) -> bool | Opaque | None:
    if value is None or isinstance(value, bool | Opaque):
        return value
    if isinstance(value, str):
        if holds_expression(value):
            return Opaque(value)
        if value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
    raise ValueError("expected true or false")


def read_opaque(value: Any) -> Any:
    """An expression may stand for a whole list or mapping."""
    return Opaque(value) if isinstance(value, str) and holds_expression(value) else value


Text = Annotated[str | Opaque | None, PlainValidator(read_text)]
Whole = Annotated[int | Opaque | None, PlainValidator(read_whole)]
Switch = Annotated[bool | Opaque | None, PlainValidator(read_switch)]
Item = Annotated[str | Opaque | None, PlainValidator(read_text)]
AnOpaque = InstanceOf[Opaque]
OrOpaque = BeforeValidator(read_opaque)
Texts = Annotated[tuple[Item, ...] | AnOpaque | None, OrOpaque]
TextMap = Annotated[Mapping[str, Item] | AnOpaque | None, OrOpaque]


class DescriptionPart(BaseModel):
    """Frozen, in clouddriver's own names, and deaf to what it does not know: as Jackson is told to be."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True, hide_input_in_errors=True
    )


class Capacity(DescriptionPart):
    """How many copies."""

    min: Whole = None
    max: Whole = None
    desired: Whole = None


class Moniker(DescriptionPart):
    """The parts of a name; outweighs `application`, `stack` and `freeFormDetails`."""

    app: Text = None
    cluster: Text = None
    stack: Text = None
    detail: Text = None
    sequence: Whole = None


class PlacementStrategyItem(DescriptionPart):
    """As CreateService takes it."""

    type: Text = None
    field: Text = None


class PlacementConstraintItem(DescriptionPart):
    """As CreateService takes it."""

    type: Text = None
    expression: Text = None


class CapacityProviderItem(DescriptionPart):
    """As CreateService takes it."""

    capacity_provider: Text = None
    base: Whole = None
    weight: Whole = None


class Source(DescriptionPart):
    """The server group that this one follows; `asg_name` is its service."""

    account: Text = None
    region: Text = None
    asg_name: Text = None
    use_source_capacity: Switch = None


class TargetGroupMapping(DescriptionPart):
    """Which container's port is registered with which target group, by its name."""

    container_name: Text = None
    container_port: Whole = None
    target_group: Text = None


class ServiceRegistry(DescriptionPart):
    """A service of AWS Cloud Map."""

    arn: Text = None
    name: Text = None
    id: Text = None


class ServiceDiscoveryAssociation(DescriptionPart):
    """Where tasks are registered to be found by name."""

    registry: Annotated[ServiceRegistry | AnOpaque | None, OrOpaque] = None
    container_port: Whole = None
    container_name: Text = None
