"""A pipeline of Spinnaker's, as `GET /applications/APP/pipelineConfigs` or `spin pipeline get` gives it: what it does to ECS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.spinnaker.json_file import JsonPart, read_json_file
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_reader import read_server_group

_DEPLOY = ("deploy", "createServerGroup")
# Stages that find or make an image which a later deploy stage takes where it names none.
_WITH_IMAGE = frozenset({"bake", "findImage", "findImageFromTags", "findImageFromCluster", "findAmi"})


@dataclass(frozen=True, slots=True)
class OtherStage:
    """A stage that does something else to server groups of ECS than deploy them."""

    type: str
    name: str
    location: Location


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a pipeline deploys to ECS; what it does elsewhere is left out."""

    name: str
    file: str
    server_groups: tuple[ServerGroup, ...] = ()
    others: tuple[OtherStage, ...] = ()
    """Resizing, cloning and the like, of ECS."""


def read_pipelines(path: str | Path) -> tuple[Pipeline, ...]:
    """The pipelines of a file: one, or a list of them. Raises InputError for what is none, with its place."""
    whole = read_json_file(path)
    parts = whole.elements() if isinstance(whole.value, list) else (whole,)
    return tuple(_pipeline(part, str(path)) for part in parts)


def read_server_group_file(path: str | Path) -> ServerGroup:
    """One server group: a cluster of a deploy stage, or what Orca sends to clouddriver. Raises InputError for what is none."""
    whole = read_json_file(path)
    if isinstance(whole.value, dict) and "stages" in whole.value:
        raise SyntaxInputError(
            "this is a pipeline, and one server group is expected",
            location=whole.location,
            hint="Give it as `pipeline`, or one of its `clusters` as `server_group`.",
        )
    return read_server_group(whole, is_of_stage=_is_of_stage(whole.value))


def _is_of_stage(value: Any) -> bool:
    """A cluster of a stage names its provider, and images and artifacts that Orca resolves yet."""
    keys = ("cloudProvider", "provider", "imageDescription", "containerMappings", "taskDefinitionArtifact", "strategy")
    return isinstance(value, dict) and "resolvedTaskDefinitionArtifact" not in value and any(key in value for key in keys)


def _pipeline(part: JsonPart, file: str) -> Pipeline:
    if not isinstance(part.value, dict) or not isinstance(part.value.get("stages"), list):
        raise SyntaxInputError(
            "this is no pipeline: it has no list of `stages`",
            location=part.location,
            hint="Expected what `spin pipeline get` prints. A server group by itself goes into preflight.yml, as `server_group`.",
        )
    stages = part.elements("stages")
    for stage in stages:
        if not isinstance(stage.value, dict):
            raise SyntaxInputError("a stage is expected here: { ... }", location=stage.location)
    finds_images = any(stage.value.get("type") in _WITH_IMAGE for stage in stages)
    return Pipeline(
        name=str(part.value.get("name") or "unnamed"),
        file=file,
        server_groups=tuple(group for stage in stages for group in _deployed(stage, finds_images)),
        others=tuple(other for stage in stages if (other := _other(stage)) is not None),
    )


def _deployed(stage: JsonPart, finds_images: bool) -> Iterator[ServerGroup]:
    """The server groups of ECS that a deploy stage makes; it holds them as `clusters`, or is one itself."""
    if stage.value.get("type") not in _DEPLOY:
        return
    clusters = stage.value.get("clusters")
    if clusters is None:
        parts: tuple[JsonPart, ...] = (stage,)
    elif isinstance(clusters, list):
        parts = stage.elements("clusters")
    else:
        raise SyntaxInputError("`clusters` of a deploy stage is a list", location=stage.places[("clusters",)])
    for part in parts:
        if _is_of_ecs(part.value):
            yield read_server_group(
                part,
                is_of_stage=True,
                stage=str(stage.value.get("name") or "unnamed"),
                image_may_come_from_stages=finds_images,
            )


def _is_of_ecs(value: Any) -> bool:
    """Orca asks for `cloudProvider` first; older pipelines have `provider` or `cloudProviderType`."""
    named = isinstance(value, dict) and (value.get("cloudProvider") or value.get("provider") or value.get("cloudProviderType"))
    return named == "ecs"


def _other(stage: JsonPart) -> OtherStage | None:
    kind = stage.value.get("type")
    if kind in _DEPLOY or not isinstance(kind, str) or not kind.endswith(("ServerGroup", "Cluster")):
        return None
    return OtherStage(kind, str(stage.value.get("name") or kind), stage.location) if _is_of_ecs(stage.value) else None
