"""A pydantic model out of YAML that people write for us: every error names the line, the key, and what is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_after_validator_function, no_info_before_validator_function

from ecs_preflight.errors import InputError, InputErrors, Location, SyntaxInputError
from ecs_preflight.yamlfile import Mapping, Node, Scalar, Sequence, locate

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Blank:
    """Annotates a mapping or a list that may be left blank, as when all that stands under its key is commented out."""

    empty: tuple[()] | dict[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(lambda value: self.empty if value is None else value, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "null"}]}


@dataclass(frozen=True)
class Spelling:
    """Annotates a text of one pattern; `expected` says in words what that is."""

    pattern: str
    expected: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._matching, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}

    def _matching(self, text: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError(f"expected {self.expected}")
        return text


def read_model(model: type[Model], node: Mapping, whole: str, context: Any = None) -> Model:
    """The model that a document spells; `whole` is how messages call the document, `context` is for its validators.

    Raises InputError, or InputErrors with every one of several, in the order of the lines.
    """
    try:
        return model.model_validate(_as_written(node), context=context)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        errors = tuple(sorted((_explained(detail, model, node, whole) for detail in details), key=_position))
        raise (errors[0] if len(errors) == 1 else InputErrors(errors)) from None


def _as_written(node: Node) -> Any:
    """Scalars stay as written: `1.10` is a version and no number, an account id keeps its zeros."""
    if isinstance(node, Mapping):
        return {entry.key: _as_written(entry.node) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_as_written(item) for item in node.items]
    return None if node.is_blank else node.text


def _explained(detail: Any, model: type[BaseModel], root: Mapping, whole: str) -> InputError:
    path: Path = detail["loc"]
    if path and path[-1] == "[key]" and _at(root, path) is None:  # pydantic's way to say that a key itself is amiss
        where, key, found = locate(root, path[:-1]), _spelled(path[:-2]), f"the key `{path[-2]}`"
    else:
        where, key, found = locate(root, path), _spelled(path), _shown(_at(root, path))
    match detail["type"]:
        case "extra_forbidden":
            known = sorted(_keys_at(model, path[:-1]))
            near = get_close_matches(str(path[-1]), known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Its keys are: {', '.join(known)}."
            return SyntaxInputError(f"`{path[-1]}` is not a key of {_spelled(path[:-1]) or whole}", location=where, hint=hint)
        case "missing":
            return SyntaxInputError(f"{key} is missing", location=where, hint="Add it.")
        case "model_type" | "dict_type":
            return SyntaxInputError(f"{key}: {found} was found where a mapping is expected", location=where)
        case "tuple_type":
            hint = "Begin each element with `- `."
            return SyntaxInputError(f"{key}: {found} was found where a list is expected", location=where, hint=hint)
        case _:
            expected = _EXPECTED.get(detail["type"]) or detail["msg"].removeprefix("Value error, ").removeprefix(
                "Input should be "
            )
            return SyntaxInputError(f"{key}: {found} was found; expected {expected.removeprefix('expected ')}", location=where)


_EXPECTED = {
    "string_type": "a text",
    "string_too_short": "a text that is not empty",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
}


def _position(error: InputError) -> tuple[int, int]:
    where = error.location or Location("")
    return where.line or 0, where.column or 0


def _at(node: Node, path: Path) -> Node | None:
    """What stands at a path; None where nothing does."""
    found: Node | None = node
    for step in path:
        if isinstance(found, Mapping) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, Sequence) and isinstance(step, int) and step < len(found.items):
            found = found.items[step]
        else:
            return None
    return found


def _spelled(path: Path) -> str:
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


def _keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand at a path, read from the models: through lists, and mappings by any name."""
    annotation: Any = model
    for step in path:
        current = _model_in(annotation)
        if current is not None and isinstance(step, str) and step in current.model_fields:
            annotation = current.model_fields[step].annotation
        else:  # a name in a mapping, or a place in a list
            collection = _collection_in(annotation)
            annotation = get_args(collection)[0 if isinstance(step, int) else -1]
    found = _model_in(annotation)
    return list(found.model_fields) if found else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is or, as in `Reader | None` and Annotated, holds; None for a collection of models."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if getattr(annotation, "__origin__", None) in (dict, tuple):
        return None
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _collection_in(annotation: Any) -> Any:
    """The dict or tuple type that an annotation is, or holds."""
    if getattr(annotation, "__origin__", None) in (dict, tuple):
        return annotation
    return next((found for part in get_args(annotation) if (found := _collection_in(part))), annotation)
