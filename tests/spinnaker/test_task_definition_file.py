"""A task definition in a file: an artifact, or an answer of DescribeTaskDefinition."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.spinnaker.task_definition_file import read_task_definition_file
from tests.spinnaker.server_groups import a_task_definition, written


def test_both_shapes_are_read(tmp_path: Path) -> None:
    artifact = a_task_definition()
    assert read_task_definition_file(written(tmp_path, artifact)).value == artifact
    assert read_task_definition_file(written(tmp_path, {"taskDefinition": artifact, "tags": []})).value == artifact


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "this is no task definition: it has no list of `containerDefinitions`"),
        ({"family": "web"}, "this is no task definition: it has no list of `containerDefinitions`"),
        ({"ContainerDefinitions": [{}]}, "this is no task definition: it has no list of `containerDefinitions`"),
        ({"containerDefinitions": [], "cpu": "lots"}, "This is not the task definition that the ECS API describes: cpu: "),
        ({"containerDefinitions": [{"cpu": "x"}]}, "containerDefinitions.0.cpu: "),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, value: object, message: str) -> None:
    with pytest.raises(SyntaxInputError) as refused:
        read_task_definition_file(written(tmp_path, value, "task.json"))
    assert message in str(refused.value)
    assert "task.json:1:1: " in str(refused.value)
