"""Reads preflight.yml. Every error names the file, the line, the key, what was found, what is expected, and a near miss."""

from __future__ import annotations

from pathlib import Path

from ecs_preflight.errors import Location
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.preflight_model import PreflightModel
from ecs_preflight.yamlfile import Mapping, Node, Sequence, parse_yaml, read_text
from ecs_preflight.yamlmodel import read_model


def read_preflight_file(path: str | Path) -> PreflightFile:
    """preflight.yml from a file. Raises InputError (exit code 2) with everything that cannot be read in it."""
    return parse_preflight_file(read_text(path), str(path))


def parse_preflight_file(text: str, file: str) -> PreflightFile:
    """preflight.yml from its text; `file` is how errors call it."""
    node = parse_yaml(text, file)
    read = read_model(PreflightFile, node, "preflight.yml")
    _tell_where(read, node, node.location)
    return read


def _tell_where(value: object, node: Node, where: Location) -> None:
    """Every model in `value` learns where it was written, as the node that it was read from has it."""
    if isinstance(value, PreflightModel):
        value.written_at(where)
        value = dict(value)
    if isinstance(value, dict) and isinstance(node, Mapping):
        for entry in node.entries:
            _tell_where(value[entry.key], entry.node, entry.key_location)
    elif isinstance(value, tuple) and isinstance(node, Sequence):
        for part, item in zip(value, node.items, strict=True):
            _tell_where(part, item, item.location)
