"""Reads sandbox.yml: a world as a person describes it. Every error names the file, the line and what is expected."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from ecs_preflight.errors import InputError, InputErrors, SyntaxInputError
from ecs_preflight.sandbox.world import World
from ecs_preflight.yamlfile import Mapping, Node, Sequence, locate, read_yaml

FILE_NAME = "sandbox.yml"


def read_world(path: str | Path) -> World:
    """The world of a file; policy documents that it names lie beside it. Raises InputError with everything amiss."""
    node = read_yaml(path)
    try:
        return World.model_validate(_plain(node), context={"folder": Path(path).parent})
    except ValidationError as error:
        explained = tuple(_explained(details, node) for details in error.errors(include_url=False))
        raise (explained[0] if len(explained) == 1 else InputErrors(explained)) from None


def _plain(node: Node) -> Any:
    """As pydantic takes it. Scalars stay as written, so that an account id keeps its zeros; but for what a policy says."""
    if isinstance(node, Mapping):
        return {entry.key: _plain(entry.node) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return None if node.is_blank else node.text


def _explained(details: Any, root: Mapping) -> InputError:
    path = tuple(step for step in details["loc"])
    where = locate(root, path)
    key = ".".join(str(step) for step in path)
    match details["type"]:
        case "extra_forbidden":
            known = sorted(_fields_at(path[:-1]))
            near = get_close_matches(str(path[-1]), known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Its keys are: {', '.join(known)}."
            return SyntaxInputError(f"`{path[-1]}` is not a key of {_parent(path)}", location=where, hint=hint)
        case "missing":
            return SyntaxInputError(f"{key} is missing", location=where, hint="Add it.")
        case _:
            found = _shown(details["input"])
            expected = details["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
            return SyntaxInputError(f"{key}: {found} was found; expected {expected}", location=where)


def _parent(path: tuple[Any, ...]) -> str:
    return ".".join(str(step) for step in path[:-1]) or FILE_NAME


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "nothing" if value is None else f"`{value}`"


def _fields_at(path: tuple[Any, ...]) -> Iterator[str]:
    """The keys that may stand at a path, read from the models."""
    annotation: Any = World
    for step in path:
        fields = annotation.model_fields if isinstance(annotation, type) and issubclass(annotation, BaseModel) else {}
        inner = fields[step].annotation if step in fields else get_args(annotation)[-1 if isinstance(step, str) else 0]
        annotation = _model_in(inner) if step not in fields else inner
    found = _model_in(annotation)
    yield from found.model_fields if found else ()


def _model_in(annotation: Any) -> Any:
    """The model that an annotation is, or wraps as Annotated and optional types do; a collection stays one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if getattr(annotation, "__origin__", None) in (dict, tuple):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)
