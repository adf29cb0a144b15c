"""The description of sandbox.yml in examples/README.md is one that can be read, and names every key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from ecs_preflight.sandbox.run import sandbox
from ecs_preflight.sandbox.world import World
from ecs_preflight.sandbox.world_file import read_world
from tests.sandbox.builders import config

README = Path(__file__).parents[2] / "examples" / "README.md"


@pytest.fixture
def text() -> str:
    found = re.search(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_it_can_be_opened(text: str, tmp_path: Path) -> None:
    (tmp_path / "boundary.json").write_text(
        '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}'
    )
    (tmp_path / "sandbox.yml").write_text(text)
    with sandbox(config(), read_world(tmp_path / "sandbox.yml")):
        pass


def test_it_names_every_key(text: str) -> None:
    missing = [key for key in sorted(set(_keys(World))) if not re.search(rf"\b{key}\b", text)]
    assert missing == []


def _keys(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields
        return [*fields, *(key for field in fields.values() for key in _keys(field.annotation))]
    return [key for part in get_args(annotation) for key in _keys(part)]
