"""Reads the files that workloads are taken from, as preflight.yml names them, and the pipelines of the command line."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ecs_preflight.errors import InputError, SyntaxInputError
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.spinnaker.json_file import parse_json
from ecs_preflight.spinnaker.pipelines import Pipeline, read_pipelines, read_server_group_file
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.task_definition_file import read_task_definition_file, require_task_definition


@dataclass(frozen=True)
class WorkloadFiles:
    """Everything that was read: by the name that preflight.yml gives it, and in the order of the command line."""

    server_groups: Mapping[str, tuple[ServerGroup, ...]] = field(default_factory=dict)
    """Of a pipeline all that it deploys to ECS."""
    task_definitions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    pipelines: tuple[Pipeline, ...] = ()
    """Of the command line, and those that preflight.yml names."""


def read_workload_files(settings: PreflightFile, folder: Path, pipelines: Iterable[str | Path] = ()) -> WorkloadFiles:
    """The files that preflight.yml names, relative to `folder`, and the pipelines beside it.

    Raises InputError for a file that cannot be read, with the place that names it where it does not exist.
    """
    server_groups: dict[str, tuple[ServerGroup, ...]] = {}
    task_definitions: dict[str, Mapping[str, Any]] = {}
    read = [pipeline for path in pipelines for pipeline in read_pipelines(path)]
    for entry in entries_of(settings):
        if entry.pipeline and entry.pipeline not in server_groups:
            named = read_pipelines(_existing(entry, entry.pipeline, folder))
            server_groups[entry.pipeline] = tuple(group for pipeline in named for group in pipeline.server_groups)
        if entry.server_group and entry.server_group not in server_groups:
            server_groups[entry.server_group] = (read_server_group_file(_existing(entry, entry.server_group, folder)),)
        named_file = entry.task_definition_file
        if named_file and named_file not in task_definitions:
            task_definitions[named_file] = read_task_definition_file(_existing(entry, named_file, folder)).value
        if entry.source in ("pipeline", "server_group") and entry.task_definition and not named_file:
            raise SyntaxInputError(
                f"the workload {entry.name!r}: `{entry.task_definition}` is a registered task definition",
                location=entry.location,
                hint="Beside a pipeline or a server group, `task_definition` is the file of its artifact.",
            )
    return WorkloadFiles(server_groups, task_definitions, tuple(read))


def entries_of(settings: PreflightFile) -> Iterator[WorkloadFile]:
    """Every workload of preflight.yml."""
    for account in settings.accounts.values():
        for region in account.regions.values():
            for cluster in region.clusters.values():
                yield from cluster.workloads


def artifact_within(group: ServerGroup) -> Mapping[str, Any] | None:
    """The task definition that a server group carries in itself (an artifact `embedded/base64`); None where it does not.

    Raises SyntaxInputError where it carries one that is none.
    """
    stated = group.resolved_task_definition_artifact or group.task_definition_artifact
    artifact = stated.get("artifact", stated) if isinstance(stated, dict) else None
    if not isinstance(artifact, dict) or artifact.get("type") != "embedded/base64":
        return None
    where = group.where("resolvedTaskDefinitionArtifact" if group.resolved_task_definition_artifact else "taskDefinitionArtifact")
    try:
        text = base64.b64decode(str(artifact.get("reference") or ""), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise SyntaxInputError("the embedded task definition is no base64 of a text", location=where) from None
    try:
        return require_task_definition(parse_json(text, "the embedded task definition"))
    except SyntaxInputError as error:
        raise SyntaxInputError(f"{error.location}: {error.message}", location=where, hint=error.hint) from None


def _existing(entry: WorkloadFile, named: str, folder: Path) -> Path:
    path = folder / os.path.expanduser(named)
    if path.exists():
        return path
    beside = sorted(item.name for item in path.parent.iterdir()) if path.parent.is_dir() else []
    near = get_close_matches(path.name, beside, n=1)
    raise InputError(
        f"the workload {entry.name!r} names the file {named}, which does not exist",
        location=entry.location,
        hint=f"Did you mean {near[0]}?" if near else f"Names are relative to {folder}.",
    )
