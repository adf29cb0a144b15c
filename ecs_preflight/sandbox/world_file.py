"""Reads sandbox.yml: a world as a person describes it. Every error names the file, the line and what is expected."""

from __future__ import annotations

from pathlib import Path

from ecs_preflight.sandbox.world import World
from ecs_preflight.yamlfile import read_yaml
from ecs_preflight.yamlmodel import read_model

FILE_NAME = "sandbox.yml"


def read_world(path: str | Path) -> World:
    """The world of a file; policy documents that it names lie beside it. Raises InputError with everything amiss."""
    return read_model(World, read_yaml(path), FILE_NAME, {"folder": Path(path).parent})
