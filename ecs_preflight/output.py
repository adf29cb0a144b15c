"""Where documents go: to stdout whatever its encoding, or to a file; and whether colour is wanted."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ecs_preflight.errors import InputError, Location


def wants_colour() -> bool:
    """On a terminal, unless NO_COLOR says otherwise (https://no-color.org) or rich is not installed."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stdout.isatty():
        return False
    from importlib.util import find_spec

    return find_spec("rich") is not None


def write_document(document: str, output: str | None = None) -> None:
    """To stdout, or to the file `output`; InputError where it cannot be written."""
    if output in (None, "-"):
        _print_to_stdout(document)
        return
    assert output is not None
    try:
        Path(output).write_text(document, encoding="utf-8")
    except OSError as error:
        raise InputError(f"the report cannot be written: {error.strerror}", location=Location(output)) from error


def _print_to_stdout(document: str) -> None:
    """What the terminal's encoding lacks is replaced: a report with a `?` in it beats none. JSON has escapes for it."""
    encoding = sys.stdout.encoding or "utf-8"
    lacking = "backslashreplace" if document.startswith(("{", "[")) else "replace"
    try:
        sys.stdout.write(document.encode(encoding, lacking).decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(f"the report cannot be written: {error.strerror}", location=Location("stdout")) from error


def require_writable(path: str | None) -> None:
    """Said before AWS is asked, not when the report is lost."""
    if path in (None, "-"):
        return
    target = Path(str(path))
    folder = target.parent
    if target.is_dir() or not folder.is_dir() or not os.access(target if target.exists() else folder, os.W_OK):
        why = "it is a folder" if target.is_dir() else "there is no such folder" if not folder.is_dir() else "permission denied"
        raise InputError(f"the file cannot be written: {why}", location=Location(str(path)), hint="Name another file.")
