"""A workload of preflight.yml says one thing, and nothing beside it that would be overlooked."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ecs_preflight.errors import InputError
from ecs_preflight.preflight_reader import parse_preflight_file
from ecs_preflight.preflight_workload import WorkloadFile


def an_entry(**keys: Any) -> WorkloadFile:
    return WorkloadFile.model_validate({"name": "web", **keys})


@pytest.mark.parametrize(
    ("keys", "source"),
    [
        ({"memory": 512}, "memory"),
        ({"pipeline": "p.json"}, "pipeline"),
        ({"pipeline": "p.json", "task_definition": "t.json", "desired_count": 3}, "pipeline"),
        ({"server_group": "g.json", "task_definition": "t.json"}, "server_group"),
        ({"task_definition": "web:7", "desired_count": 2, "launch_type": "FARGATE"}, "task_definition"),
        ({"service": "web-v001", "more": 2}, "service"),
    ],
)
def test_what_it_is_taken_from(keys: dict[str, Any], source: str) -> None:
    assert an_entry(**keys).source == source


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"pipeline": "p.json", "memory": 512},
            "expected only `name`, `task_definition`, `desired_count` beside `pipeline`, not `memory`",
        ),
        ({"pipeline": "p.json", "server_group": "g.json"}, "beside `pipeline`, not `server_group`"),
        (
            {"service": "web", "desired_count": 2, "cpu": 1},
            "expected only `name`, `more` beside `service`, not `cpu`, `desired_count`",
        ),
        ({"task_definition": "web:7", "network_mode": "host"}, "beside `task_definition`, not `network_mode`"),
    ],
)
def test_what_would_be_overlooked_is_refused(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        an_entry(**keys)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("named", "file"),
    [
        ("task.json", "task.json"),
        ("./web", "./web"),
        ("tasks/web", "tasks/web"),
        ("web:7", None),
        ("web", None),
        ("arn:aws:ecs:us-east-1:123456789012:task-definition/web:7", None),
    ],
)
def test_a_family_has_no_dot_and_no_slash(named: str, file: str | None) -> None:
    assert an_entry(task_definition=named).task_definition_file == file


def test_the_line_is_told() -> None:
    text = "accounts: {prod: {regions: {us-east-1: {clusters: {web: {workloads: [\n  {name: a, service: b, cpu: 3}]}}}}}}"
    with pytest.raises(
        InputError, match=r"preflight\.yml:2:3: accounts\.prod\..*workloads\[0\]: a mapping was found; expected only"
    ):
        parse_preflight_file(text, "preflight.yml")
