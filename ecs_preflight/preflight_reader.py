"""Reads preflight.yml. Every error names the file, the line, the key, what was found, what is expected, and a near miss."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ecs_preflight.errors import InputError, InputErrors, Location, SyntaxInputError
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.yamlfile import Mapping, Node, Scalar, Sequence, parse_yaml, read_text


def read_preflight_file(path: str | Path) -> PreflightFile:
    """preflight.yml from a file. Raises InputError (exit code 2) with everything that cannot be read in it."""
    return parse_preflight_file(read_text(path), str(path))


def parse_preflight_file(text: str, file: str) -> PreflightFile:
    """preflight.yml from its text; `file` is how errors call it."""
    node = parse_yaml(text, file)
    try:
        read = PreflightFile.model_validate(_plain(node))
    except ValidationError as error:
        explained = (_explained(details, node) for details in error.errors(include_url=False))
        errors = tuple(sorted(explained, key=_position))
        raise (errors[0] if len(errors) == 1 else InputErrors(errors)) from None
    for number, waiver in enumerate(read.waivers):
        waiver.written_at(_at(node, ("waivers", number))[0])
    return read


def locate(path: str | Path, keys: tuple[str | int, ...]) -> Location:
    """Where a key of preflight.yml was written."""
    return _at(parse_yaml(read_text(path), str(path)), keys)[0]


def _position(error: InputError) -> tuple[int, int]:
    where = error.location
    return (where.line or 0, where.column or 0) if where else (0, 0)


def _plain(node: Node) -> Any:
    """The document as pydantic takes it. Scalars stay as written: `1.10` is a version, not the number 1.1."""
    if isinstance(node, Mapping):
        return {entry.key: _plain(entry.node) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return None if node.is_blank else node.text


def _explained(details: Any, root: Node) -> InputError:
    path: tuple[str | int, ...] = tuple(details["loc"])
    where, found = _at(root, path)
    key = _spelled(path)
    match details["type"]:
        case "extra_forbidden":
            parent = _spelled(path[:-1]) or "preflight.yml"
            known = _fields_at(path[:-1])
            near = get_close_matches(str(path[-1]), known, n=1)
            return SyntaxInputError(
                f"`{path[-1]}` is not a key of {parent}",
                location=where,
                hint=f"Did you mean `{near[0]}`?" if near else f"Its keys are: {', '.join(known)}.",
            )
        case "missing":
            return SyntaxInputError(f"{key} is missing", location=where, hint="Add it.")
        case "model_type" | "model_attributes_type" | "dict_type":
            return SyntaxInputError(f"{key}: {_shown(found)} was found where a mapping is expected", location=where)
        case "tuple_type" | "list_type":
            return SyntaxInputError(
                f"{key}: {_shown(found)} was found where a list is expected", location=where, hint="Begin each element with `- `."
            )
        case _:
            expected = details["msg"].removeprefix("Value error, ")
            expected = expected[:1].lower() + expected[1:]
            return SyntaxInputError(f"{key}: {_shown(found)} was found: {expected}", location=where)


def _at(root: Node, path: tuple[str | int, ...]) -> tuple[Location, Node | None]:
    """Where the innermost part of `path` that was written stands, and what stands at `path` itself."""
    node: Node = root
    where = root.location
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            entry = node.entry(step)
            if entry is None:
                return where, None
            node, where = entry.node, entry.key_location
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            where = node.location
        else:
            break
    return where, node


def _spelled(path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _shown(node: Node | None) -> str:
    if isinstance(node, Scalar):
        return "nothing" if node.is_blank else f"`{node.text}`"
    if isinstance(node, Mapping):
        return "a mapping"
    return "a list" if isinstance(node, Sequence) else "nothing"


def _fields_at(path: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand at a path of preflight.yml, read from the models."""
    model: type[BaseModel] = PreflightFile
    annotation: Any = PreflightFile
    for step in path:
        current = _model_in(annotation)
        if current is not None and isinstance(step, str) and step in current.model_fields:
            annotation = current.model_fields[step].annotation
        else:  # the name of an account or region, or the place in a list
            arguments = get_args(annotation) or (annotation,)
            annotation = arguments[0] if isinstance(step, int) else arguments[-1]
        model = _model_in(annotation) or model
    return sorted(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is or, as in `Reader | None`, holds; None for a collection of models."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    origin_is_collection = getattr(annotation, "__origin__", None) in (dict, tuple)
    if origin_is_collection:
        return None
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
