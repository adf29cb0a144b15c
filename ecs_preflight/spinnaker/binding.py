"""From merged properties to models, as Spring's binder does it; what it would refuse or ignore becomes a Defect.

spring-boot: `Binder`, `JavaBeanBinder` (unknown keys are ignored), `CollectionBinder`; spring-core: `StringToBooleanConverter`.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from ecs_preflight.errors import Location
from ecs_preflight.spinnaker import misplaced
from ecs_preflight.spinnaker.accounts import OnUnlessFalse, Permissions, Region, near_misses
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from ecs_preflight.spinnaker.placeholders import Lookup, resolve
from ecs_preflight.spinnaker.properties import java_text, uniform
from ecs_preflight.spinnaker.secrets import is_secret_reference
from ecs_preflight.spinnaker.written import Written, WrittenModel, with_origin
from ecs_preflight.yamlfile import Entry, Mapping, Node, Scalar, Sequence

Model = TypeVar("Model", bound=WrittenModel)

ENVIRONMENT = "environment variable "
_TRUE, _FALSE = frozenset({"true", "on", "yes", "1"}), frozenset({"false", "off", "no", "0"})
_UNSET = object()
# The pattern FLOAT of SnakeYAML's Resolver took plain digits up to 1.31; an 8 or a 9 keeps them from being an octal.
_AMBIGUOUS = re.compile(r"^[-+]?0[0-9_]*[89][0-9_]*$")


def bind(model: type[Model], node: Mapping, path: str, lookup: Lookup) -> tuple[Model, tuple[Defect, ...]]:
    """The model of a block that needs no field, and everything that Spring would refuse or ignore in it."""
    binder = _Binder(lookup)
    bound = binder.model(model, node, path)
    return bound if bound is not None else model(), tuple(binder.defects)


@dataclass(slots=True)
class _Binder:
    lookup: Lookup
    defects: list[Defect] = field(default_factory=list)

    def model(self, model: type[Model], node: Mapping, path: str) -> Model | None:
        """None where a field is missing without which there is nothing to speak of: a name."""
        names = misplaced.fields_of(model)
        values: dict[str, Any] = {}
        written: dict[str, Written] = {}
        for entry in node.entries:
            name = names.get(uniform(entry.key))
            if name is None:
                self._unknown(model, entry, node, path)
                continue
            info = model.model_fields[name]
            value = self._value(info, entry.node, f"{path}.{entry.key}")
            written[name] = Written.of(entry.node, secret=not info.repr)
            if value is not _UNSET:
                values[name] = value
        if any(info.is_required() and values.get(name) is None for name, info in model.model_fields.items()):
            self._nameless(model, node, path)
            return None
        return with_origin(model(**values), node.location, written)

    def _value(self, info: FieldInfo, node: Node, path: str) -> Any:
        wanted = _without_none(info.annotation)
        if get_origin(wanted) is tuple:
            return self._list(get_args(wanted)[0], node, path)
        if isinstance(wanted, type) and issubclass(wanted, WrittenModel):
            return self._nested(wanted, node, path)
        if not isinstance(node, Scalar):
            return self._wrong(path, node, "a single value is expected")
        text = self._text(node, path, secret=not info.repr)
        if text is None or wanted is str:
            return _UNSET if text is None else text
        if any(isinstance(mark, OnUnlessFalse) for mark in info.metadata):
            return text.lower() != "false"
        return self._converted(text, node, path, _boolean if wanted is bool else _integer)

    def _converted(self, text: str, node: Scalar, path: str, convert: Callable[[str], bool | int | None]) -> Any:
        if not text:
            return _UNSET
        if is_secret_reference(text):
            self._report(DefectKind.OPAQUE_VALUE, path, node, f"`{node.text}` is read by Spinnaker alone", "state it in clear")
            return _UNSET
        value = convert(text)
        if value is None:
            wanted = "true or false is expected" if convert is _boolean else "a whole number is expected"
            return self._wrong(path, node, wanted)
        return value

    def _text(self, node: Scalar, path: str, *, secret: bool = False) -> str | None:
        """The String that Spring would hand over: a blank is the empty text, an unresolved placeholder stays."""
        if not node.quoted and _AMBIGUOUS.match(node.text):
            number = "a number" if secret else f"`{java_text(float(node.text.replace('_', '')))}`"
            found = f"a leading zero without quotes: SnakeYAML up to 1.31 reads {number}, later ones the text"
            self._report(DefectKind.AMBIGUOUS_NUMBER, path, node, found, "put it into quotes")
        resolved = resolve(java_text(node.value), self.lookup)
        if resolved.circular is not None:
            self._report(
                DefectKind.CIRCULAR_PLACEHOLDER,
                path,
                node,
                f"`${{{resolved.circular}}}` leads back to itself",
                "break the circle",
            )
            return None
        for name in resolved.unresolved:
            found = f"nothing gives `${{{'...' if secret else name}}}` a value"
            self._report(DefectKind.UNRESOLVED_PLACEHOLDER, path, node, found, "clouddriver keeps it as it is written")
        if not resolved.text:
            found = "nothing is written" if node.is_blank else "an empty text is written"
            self._report(DefectKind.BLANK_VALUE, path, node, found, "clouddriver takes the empty text, and no default applies")
        return resolved.text

    def _list(self, member: Any, node: Node, path: str) -> Any:
        is_model = isinstance(member, type) and issubclass(member, WrittenModel)
        if isinstance(node, Mapping):
            return self._wrong(path, node, "a list is expected")
        if isinstance(node, Scalar):
            resolved = "" if node.is_blank else resolve(java_text(node.value), self.lookup).text
            if not resolved.strip():
                return ()  # A blank empties a list: it flattens to the empty text, which converts to no elements.
            if not is_model:
                return tuple(part.strip() for part in (self._text(node, path) or "").split(","))
            return self._bare(member, node, path)
        if is_model:
            bound = (self._element(member, item, f"{path}[{index}]") for index, item in enumerate(node.items))
            return tuple(element for element in bound if element is not None)
        return tuple(self._members(node, path))

    def _members(self, node: Sequence, path: str) -> list[str]:
        texts = []
        for index, item in enumerate(node.items):
            if not isinstance(item, Scalar):
                self._wrong(f"{path}[{index}]", item, "a single value is expected")
            elif (text := self._text(item, f"{path}[{index}]")) is not None:
                texts.append(text)
        return texts

    def _element(self, model: type[Model], item: Node, path: str) -> Model | None:
        if isinstance(item, Mapping) and item.entries:
            return self.model(model, item, path)
        if isinstance(item, Scalar) and not item.is_blank:
            self._bare(model, item, path)
        elif isinstance(item, Sequence):
            self._wrong(path, item, "a mapping is expected")
        else:
            self._report(DefectKind.BLANK_ENTRY, path, item, "an entry of the list is blank", "a mapping is expected")
        return None

    def _bare(self, model: type[WrittenModel], node: Scalar, path: str) -> Any:
        if model is not Region:
            return self._wrong(
                path, node, "a list of mappings is expected" if not path.endswith("]") else "a mapping is expected"
            )
        names = [name.strip() for name in node.text.split(",")]
        mend = ", ".join(f"{{name: {name}}}" for name in names)
        expected = (
            f"clouddriver binds only mappings there: `- {mend}`"
            if len(names) == 1
            else f"clouddriver binds only mappings: `[{mend}]`"
        )
        self._report(DefectKind.BARE_STRING_REGION, path, node, f"the bare name `{node.text}`", expected)
        return _UNSET

    def _nested(self, model: type[WrittenModel], node: Node, path: str) -> Any:
        if isinstance(node, Mapping):
            bound = self.model(model, node, path)
            return _UNSET if bound is None else bound
        if isinstance(node, Scalar) and not java_text(node.value):
            return _UNSET
        return self._wrong(path, node, "a mapping is expected")

    def _wrong(self, path: str, node: Node, expected: str) -> Any:
        self._report(DefectKind.WRONG_TYPE, path, node, described(node), expected)
        return _UNSET

    def _nameless(self, model: type[WrittenModel], node: Mapping, path: str) -> None:
        kind = DefectKind.REGION_WITHOUT_NAME if model is Region else DefectKind.ENTRY_WITHOUT_NAME
        keys = ", ".join(f"`{key}`" for key in node.keys)
        self._report(kind, path, node, f"the entry has no `name` (its keys are {keys})", "clouddriver does not start without it")

    def _unknown(self, model: type[WrittenModel], entry: Entry, node: Mapping, path: str) -> None:
        where, key, at = entry.key_location, entry.key, f"{path}.{entry.key}"
        if where.file.startswith(ENVIRONMENT) or misplaced.is_read_by_others(model, key):
            return
        if model is Permissions:
            found, expected = f"`{key}` is no authorization", "READ, WRITE, EXECUTE and CREATE are"
            near = next(iter(near_misses(key.upper(), ("READ", "WRITE", "EXECUTE", "CREATE"))), None)
            self.defects.append(Defect(DefectKind.UNKNOWN_AUTHORIZATION, at, where, found, expected, near))
        elif why := misplaced.ignored_because(model, key):
            if not _is_empty(entry.node):
                self.defects.append(Defect(DefectKind.KEY_IGNORED, at, where, f"`{key}` has no effect", why))
        elif uniform(key) in ("aws", "ecs"):
            found, expected = (
                f"`{key}` stands in column {where.column}, under `{path}`",
                "it belongs to the top of the file, in column 1",
            )
            self.defects.append(Defect(DefectKind.MISPLACED_KEY, at, where, found, expected))
        elif owner := misplaced.owner_of(model, key):
            expected = f"it belongs to `{misplaced.PLACES[owner]}`{_column_of(owner, node)}"
            found = f"`{key}` stands in column {where.column}, directly under `{path}`"
            self.defects.append(Defect(DefectKind.MISPLACED_KEY, at, where, found, expected))
        else:
            known = tuple(misplaced.spelling_of(model, name) for name in model.model_fields)
            near = next(iter(near_misses(key, known)), None)
            found, expected = f"`{key}` is no key of clouddriver's", "clouddriver ignores it without a word"
            self.defects.append(Defect(DefectKind.UNKNOWN_KEY, at, where, found, expected, near))

    def _report(self, kind: DefectKind, path: str, node: Node, found: str, expected: str) -> None:
        self.defects.append(Defect(kind, path, node.location, found, expected))


def described(node: Node) -> str:
    """What stands there, for a sentence. Never the value of anything but a short plain word or number."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.is_blank else f"`{node.text}`"


def _column_of(owner: type[WrittenModel], node: Mapping) -> str:
    """Where the key would have to stand, when the list that it belongs to is a neighbour of it."""
    if not misplaced.PLACES[owner].endswith("accounts[]"):
        return ""
    accounts = next((entry.node for entry in node.entries if uniform(entry.key) == "accounts"), None)
    if not isinstance(accounts, Sequence) or not accounts.items or not isinstance(accounts.items[-1], Mapping):
        return ""
    sibling: Location = accounts.items[-1].entries[0].key_location
    return f": move it to column {sibling.column}, in line with `{accounts.items[-1].entries[0].key}` of line {sibling.line}"


def _is_empty(node: Node) -> bool:
    return Written.of(node).is_blank


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, types.UnionType):
        return next(option for option in get_args(annotation) if option is not type(None))
    return annotation


def _boolean(text: str) -> bool | None:
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _integer(text: str) -> int | None:
    try:
        number = int(text.strip(), 0 if text.strip().lower().startswith(("0x", "-0x")) else 10)
    except ValueError:
        return None
    return number if -(2**31) <= number < 2**31 else None
