"""The image that Orca takes from a stage: EcsServerGroupCreator.getImageAddressFromDescription."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecs_preflight.spinnaker.opaque import Opaque, holds_expression


def image_in_stage(description: Mapping[str, Any]) -> str | Opaque | None:
    """The image that an `imageDescription` comes to; opaque where a trigger or an earlier stage decides it."""
    if description.get("fromContext"):
        return Opaque("the image that an earlier stage finds")
    address = _address(description)
    if description.get("fromTrigger"):
        return Opaque(f"{_repository(description)}, with the tag of the trigger")
    image = description.get("imageId") or address
    return Opaque(str(image)) if holds_expression(str(image)) else image


def images_in_mappings(mappings: Iterable[Any]) -> dict[str, str | Opaque | None]:
    """The image of each container that `containerMappings` name."""
    return {
        str(mapping.get("containerName")): image_in_stage(mapping.get("imageDescription") or {})
        for mapping in mappings
        if isinstance(mapping, dict)
    }


def _repository(description: Mapping[str, Any]) -> str:
    registry = description.get("registry")
    return f"{registry}/{description.get('repository')}" if registry else str(description.get("repository"))


def _address(description: Mapping[str, Any]) -> str:
    """Orca's buildImageId: a tag that is not there becomes the word null."""
    return f"{_repository(description)}:{description.get('tag') or 'null'}"
