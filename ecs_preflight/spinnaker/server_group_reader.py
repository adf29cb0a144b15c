"""Reads a server group: a cluster of a deploy stage, or the description that Orca sends to clouddriver.

What clouddriver would refuse to read, or ignore, is in `defects`: it is told of, and the rest is judged all the same.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.spinnaker.images import image_in_stage, images_in_mappings
from ecs_preflight.spinnaker.json_file import JsonPart, KeyPath
from ecs_preflight.spinnaker.opaque import Opaque, holds_expression
from ecs_preflight.spinnaker.server_group import DescriptionDefect, ServerGroup

_NOT_WRITTEN = frozenset({"defects", "is_of_stage"})
_FIELDS: Mapping[str, str] = {
    field.alias or name: name for name, field in ServerGroup.model_fields.items() if name not in _NOT_WRITTEN
}
# What Deck and Orca keep beside clouddriver's own fields; clouddriver ignores them, and nothing is wrong with that.
_OF_STAGES = frozenset(
    {
        "amiName",
        "cloudProvider",
        "cloudProviderType",
        "containerMappings",
        "delayBeforeCleanup",
        "delayBeforeDisableSec",
        "delayBeforeScaleDownSec",
        "enableAutoBake",
        "failureMode",
        "imageDescription",
        "imageId",
        "imageName",
        "interestingHealthProviderNames",
        "loadBalancers",
        "maxInitialAsgs",
        "maxRemainingAsgs",
        "name",
        "notifications",
        "onFailure",
        "overrideTimeout",
        "pinMinimumCapacity",
        "placementStrategyName",
        "preferSourceCapacity",
        "provider",
        "reason",
        "refId",
        "region",
        "requisiteStageRefIds",
        "restrictedExecutionWindow",
        "rollback",
        "scaleDown",
        "securityGroups",
        "selectedProvider",
        "showProvider",
        "stageTimeoutMs",
        "suspendedProcesses",
        "target",
        "targetHealthyDeployPercentage",
        "targetSize",
        "terminationPolicies",
        "traffic",
        "type",
        "user",
        "viewState",
        "zones",
    }
)


def read_server_group(
    part: JsonPart, *, is_of_stage: bool, stage: str = "", image_may_come_from_stages: bool = False
) -> ServerGroup:
    """The server group that a JSON object describes; of a stage, as Orca would complete it.

    `image_may_come_from_stages`: an earlier stage of the pipeline finds or bakes an image. Raises SyntaxInputError where it is
    no object.
    """
    if not isinstance(part.value, dict):
        raise SyntaxInputError("a server group is expected here: { ... }", location=part.location)
    data = {_FIELDS[key]: copy.deepcopy(value) for key, value in part.value.items() if key in _FIELDS}
    if is_of_stage:
        data |= _as_orca_completes(part.value, image_may_come_from_stages)
    data["is_of_stage"] = is_of_stage
    group, refused = _read(data, part)
    read = group.model_copy(update={"defects": (*refused, *_misspelt(part))})
    read.written_at(part.places, stage)
    return read


def _as_orca_completes(written: Mapping[str, Any], image_may_come_from_stages: bool) -> dict[str, Any]:
    """Orca's EcsServerGroupCreator.groovy: the account, the image, the images of an artifact's containers."""
    completed: dict[str, Any] = {}
    if written.get("account") and not written.get("credentials"):
        completed["credentials"] = written["account"]
    if isinstance(written.get("imageDescription"), dict) and written["imageDescription"]:
        completed["docker_image_address"] = image_in_stage(written["imageDescription"])
    elif not written.get("dockerImageAddress") and image_may_come_from_stages:
        completed["docker_image_address"] = Opaque("the image that an earlier stage finds")
    if isinstance(written.get("containerMappings"), list) and written["containerMappings"]:
        completed["container_to_image_map"] = images_in_mappings(written["containerMappings"])
    return completed


def _read(data: dict[str, Any], part: JsonPart) -> tuple[ServerGroup, list[DescriptionDefect]]:
    """The model; each value that it cannot be made of is put aside, as one that is not known, and told of."""
    refused: list[DescriptionDefect] = []
    while True:
        try:
            return ServerGroup.model_validate(data), refused
        except ValidationError as error:
            for path, expected in _faults(data, error).items():
                value = _at(data, path)
                written = (_alias(str(path[0])), *path[1:])
                found = _shown(value)
                if not _may_come_to_anything(value):
                    refused.append(
                        DescriptionDefect(_spelled(written), found, expected, _nearest(part, written), is_refused=True)
                    )
                _at(data, path[:-1])[path[-1]] = value if isinstance(value, Opaque) else Opaque(found)


def _may_come_to_anything(value: Any) -> bool:
    """An expression in the place of an object; or a list that holds one."""
    if isinstance(value, list):
        return any(isinstance(item, Opaque) for item in value)
    return isinstance(value, str) and holds_expression(value)


def _faults(data: dict[str, Any], error: ValidationError) -> dict[KeyPath, str]:
    """What is expected at each place that is amiss. Of a union every branch complains: the deepest fault is the cause."""
    faults: dict[KeyPath, str] = {}
    for detail in error.errors(include_url=False, include_context=False):
        path = _path_in(data, detail["loc"])
        while isinstance(_at(data, path), Opaque):  # nor can a value of its own be unknown there: then all around it is
            path = path[:-1]
        expected = _EXPECTED.get(detail["type"]) or detail["msg"].removeprefix("Value error, expected ")
        if not any(other[: len(path)] == path for other in faults):
            faults[path] = expected
    return faults


_EXPECTED = {
    "tuple_type": "a list",
    "dict_type": "an object",
    "mapping_type": "an object",
    "model_type": "an object",
}


def _path_in(data: Mapping[str, Any], loc: tuple[Any, ...]) -> KeyPath:
    """The part of an error's path that leads through the data: pydantic names the branches of a union, too."""
    path: list[str | int] = []
    value: Any = data
    for step in loc:
        is_key = isinstance(value, dict) and step in value
        if is_key or (isinstance(value, list) and isinstance(step, int) and step < len(value)):
            path.append(step)
            value = value[step]
    return tuple(path)


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _misspelt(part: JsonPart) -> Iterator[DescriptionDefect]:
    for key in part.value:
        if key in _FIELDS or key in _OF_STAGES:
            continue
        near = _meant(key)
        if near:
            found = "clouddriver has no field of that name, and ignores it"
            yield DescriptionDefect(key, found, f"`{near}`", part.places.get((key,)), near)


def _meant(key: str) -> str | None:
    """The field that somebody may have meant; None for a key of Deck's or a plugin's own, which is like none."""
    folded = {name.casefold(): name for name in _FIELDS}
    plain = key.replace("_", "").replace("-", "").casefold()
    if plain in folded:
        return folded[plain]
    near = get_close_matches(plain, list(folded), n=1, cutoff=0.86)
    return folded[near[0]] if near else None


def _alias(name: str) -> str:
    return ServerGroup.model_fields[name].alias or name


def _spelled(path: KeyPath) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _nearest(part: JsonPart, path: KeyPath) -> Location:
    return next(part.places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in part.places)


def _shown(value: Any) -> str:
    """What stands there in a few words; not what is inside of it, which may be a secret."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return f"`{value}`" if isinstance(value, int | float) else "a text" if isinstance(value, str) else f"`{value}`"
