"""Reads preflight.yml. Every error names the file, the line, the key, what was found, what is expected, and a near miss."""

from __future__ import annotations

from pathlib import Path

from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.yamlfile import locate, parse_yaml, read_text
from ecs_preflight.yamlmodel import read_model


def read_preflight_file(path: str | Path) -> PreflightFile:
    """preflight.yml from a file. Raises InputError (exit code 2) with everything that cannot be read in it."""
    return parse_preflight_file(read_text(path), str(path))


def parse_preflight_file(text: str, file: str) -> PreflightFile:
    """preflight.yml from its text; `file` is how errors call it."""
    node = parse_yaml(text, file)
    read = read_model(PreflightFile, node, "preflight.yml")
    for number, waiver in enumerate(read.waivers):
        waiver.written_at(locate(node, ("waivers", number)))
    for name, account in read.accounts.items():
        account.written_at(locate(node, ("accounts", name)))
    return read
