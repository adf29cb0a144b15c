"""A task definition in a file: the artifact of a deploy stage, or the answer of DescribeTaskDefinition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.errors import InputError, SyntaxInputError
from ecs_preflight.spinnaker.json_file import JsonPart, read_json_file


def read_task_definition_file(path: str | Path) -> JsonPart:
    """The file's task definition, in the shape of RegisterTaskDefinition; raises InputError where it is none."""
    whole = read_json_file(path)
    part = whole.part("taskDefinition") if isinstance(whole.value, dict) and "taskDefinition" in whole.value else whole
    require_task_definition(part)
    return part


def require_task_definition(part: JsonPart) -> Mapping[str, Any]:
    """The task definition; raises InputError, with the place, where the ECS API would not know it for one."""
    if not isinstance(part.value, dict) or not isinstance(part.value.get("containerDefinitions"), list):
        raise SyntaxInputError(
            "this is no task definition: it has no list of `containerDefinitions`",
            location=part.location,
            hint="Expected what RegisterTaskDefinition takes, or DescribeTaskDefinition gives, in the API's own spelling.",
        )
    try:
        read_shape(TaskDefinition, part.value, name="task definition")
    except InputError as error:
        raise SyntaxInputError(error.message, location=part.location) from None
    return part.value
