"""YAML as Spinnaker's SnakeYAML reads it (YAML 1.1), every value keeping the line that it was written on.

Nothing of Spinnaker is known here, and nothing is converted but scalars: a reader of these nodes can still say what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from ecs_preflight.errors import InputError, Location, SyntaxInputError
from ecs_preflight.yamlmistakes import explain

ScalarValue: TypeAlias = "str | int | float | bool | None"

# Spring lifts SnakeYAML's own limit on aliases (setMaxAliasesForCollections); what is judged here is what they unfold to.
MAX_UNFOLDED_NODES = 200_000


@dataclass(frozen=True, slots=True)
class Scalar:
    """`text` as written, `value` as YAML 1.1 resolves it: `012` is 10, `yes` is True, a blank is None."""

    text: str
    value: ScalarValue
    quoted: bool
    location: Location

    @property
    def is_blank(self) -> bool:
        """Nothing was written, or `~`, or `null`."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` line; `key` as written."""

    key: str
    key_location: Location
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """The entries in file order, merge keys (`<<`) already resolved."""

    entries: tuple[Entry, ...]
    location: Location

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def get(self, key: str) -> Node | None:
        found = self.entry(key)
        return found.node if found else None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(entry.key for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]
    location: Location


Node: TypeAlias = "Scalar | Mapping | Sequence"
PlainData: TypeAlias = "ScalarValue | list[PlainData] | dict[str, PlainData]"


def read_yaml(path: str | Path) -> Mapping:
    """The one document of a file; `InputError` where the file cannot be read, `SyntaxInputError` where it is not YAML."""
    return parse_yaml(read_text(path), str(path))


def read_text(path: str | Path) -> str:
    """The text of a UTF-8 file, or an `InputError` that says why there is none."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SyntaxInputError(
            f"the file is not UTF-8: byte 0x{error.object[error.start]:02x} cannot be read",
            location=Location(str(path), line),
            hint="Save it as UTF-8.",
        ) from error
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(f"the file cannot be read: {reason}", location=Location(str(path))) from error


def parse_yaml(text: str, file: str) -> Mapping:
    """The one document of `text`; an empty text is an empty mapping."""
    documents = parse_yaml_documents(text, file)
    if len(documents) > 1:
        raise SyntaxInputError(
            f"{len(documents)} YAML documents were found where one is expected",
            location=documents[1].location,
            hint="Remove the `---` lines, or split the file.",
        )
    return documents[0]


def parse_yaml_documents(text: str, file: str) -> tuple[Mapping, ...]:
    """Every document between the `---` lines, at least one; each is a mapping, a blank one has no entries."""
    text = text.removeprefix("\ufeff")
    try:
        reader = _Reader(file)
        documents = tuple(reader.document(root) for root in yaml.compose_all(text, _Loader))
    except yaml.MarkedYAMLError as error:
        raise explain(error, text, file) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        where = Location(file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        raise SyntaxInputError(
            f"a character stands here that YAML does not allow (U+{ord(text[error.position]):04X})",
            location=where,
            hint="Delete it.",
        ) from error
    except RecursionError as error:
        raise SyntaxInputError("the document is nested too deeply to be read", location=Location(file)) from error
    return documents or (Mapping((), Location(file)),)


def to_data(node: Node) -> PlainData:
    """Plain dicts, lists and scalars, for a model to validate."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [to_data(item) for item in node.items]
    return {entry.key: to_data(entry.node) for entry in node.entries}


def locate(node: Node, path: tuple[str | int, ...]) -> Location:
    """Where `path` was written: the key where it names one, and as deep as the document goes."""
    where = node.location
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str) and (entry := node.entry(step)):
            where, node = entry.key_location, entry.node
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
            where = node.location
        else:
            break
    return where


class _Loader(yaml.SafeLoader):
    """PyYAML's resolver with the two differences of SnakeYAML's: Spring resolves no timestamps, and `1e3` is a number."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.NodeEvent) and not isinstance(event, yaml.AliasEvent):
            self.anchors.pop(event.anchor, None)  # YAML lets an anchor be written anew; PyYAML alone does not.
        return super().compose_node(parent, index)


_FLOAT = re.compile(  # SnakeYAML's org.yaml.snakeyaml.resolver.Resolver.FLOAT
    r"""^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?
    |[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$""",
    re.VERBOSE,
)
_KNOWN = "tag:yaml.org,2002:"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.removeprefix(_KNOWN) not in ("timestamp", "float", "value")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_KNOWN + "float", _FLOAT, list("-+0123456789."))

_CONSTRUCTOR = yaml.SafeLoader("")
_CONSTRUCTORS: dict[str, Callable[[yaml.SafeLoader, yaml.ScalarNode], ScalarValue]] = {
    "bool": yaml.SafeLoader.construct_yaml_bool,
    "int": yaml.SafeLoader.construct_yaml_int,
    "float": yaml.SafeLoader.construct_yaml_float,
    "null": lambda _loader, _node: None,
    "str": lambda _loader, node: str(node.value),
    "timestamp": lambda _loader, node: str(node.value),
}


class _Reader:
    """From PyYAML's nodes to ours: shared nodes once, recursion and alias bombs refused."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._done: dict[yaml.Node, tuple[Node, int]] = {}
        self._open: set[yaml.Node] = set()
        self._unfolded = 0

    def document(self, root: yaml.Node) -> Mapping:
        node = self._node(root)
        if isinstance(node, Mapping):
            return node
        if isinstance(node, Scalar) and node.is_blank:
            return Mapping((), node.location)
        found = "a list" if isinstance(node, Sequence) else "a single value"
        raise SyntaxInputError(
            f"the document is {found} where a mapping is expected",
            location=node.location,
            hint="Write `key: value` lines at its top.",
        )

    def _node(self, raw: yaml.Node) -> Node:
        return self._weighed(raw)[0]

    def _weighed(self, raw: yaml.Node) -> tuple[Node, int]:
        if raw in self._open:
            raise SyntaxInputError("an alias stands inside the value that it repeats", location=self._at(raw.start_mark))
        if raw in self._done:
            self._unfolded += self._done[raw][1]
            if self._unfolded > MAX_UNFOLDED_NODES:
                raise SyntaxInputError(
                    f"its aliases unfold to more than {MAX_UNFOLDED_NODES} values",
                    location=self._at(raw.start_mark),
                    hint="Write the values out, or use fewer aliases.",
                )
            return self._done[raw]
        before = len(self._done) + self._unfolded
        self._open.add(raw)
        node = self._fresh(raw)
        self._open.discard(raw)
        self._done[raw] = (node, len(self._done) + self._unfolded - before + 1)
        return self._done[raw]

    def _fresh(self, raw: yaml.Node) -> Node:
        where = self._at(raw.start_mark)
        if isinstance(raw, yaml.ScalarNode):
            return self._scalar(raw, where)
        if isinstance(raw, yaml.MappingNode) and raw.tag == _KNOWN + "map":
            return Mapping(self._entries(raw), where)
        if isinstance(raw, yaml.SequenceNode) and raw.tag == _KNOWN + "seq":
            return Sequence(tuple(self._node(item) for item in raw.value), where)
        raise self._unknown_tag(raw.tag, where)

    def _scalar(self, raw: yaml.ScalarNode, where: Location) -> Scalar:
        construct = _CONSTRUCTORS.get(raw.tag.removeprefix(_KNOWN))
        if construct is None:
            raise self._unknown_tag(raw.tag, where)
        try:
            value = construct(_CONSTRUCTOR, raw)
        except (ValueError, KeyError) as error:
            kind = raw.tag.removeprefix(_KNOWN)
            raise SyntaxInputError(f"`{raw.value}` is read as {kind} and is none", location=where, hint="Quote it.") from error
        return Scalar(raw.value, value, raw.style is not None, where)

    def _entries(self, raw: yaml.MappingNode) -> tuple[Entry, ...]:
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in raw.value:
            where = self._at(key.start_mark)
            if not isinstance(key, yaml.ScalarNode):
                raise SyntaxInputError(
                    "a key is expected here, not a list or a mapping",
                    location=where,
                    hint="Quote a value that starts with `{` or `[`.",
                )
            if key.tag == _KNOWN + "merge":
                for entry in self._merged_in(value):
                    merged.setdefault(entry.key, entry)
            elif key.value in own:
                raise SyntaxInputError(
                    f"the key `{key.value}` stands twice: in line {own[key.value].key_location.line} and in line {where.line}",
                    location=where,
                    hint="Spring refuses such a file, other readers keep the last one. Delete one of the two, or join them.",
                )
            else:
                own[key.value] = Entry(key.value, where, self._node(value))
        return (*own.values(), *(entry for key, entry in merged.items() if key not in own))

    def _merged_in(self, value: yaml.Node) -> Iterator[Entry]:
        for raw in value.value if isinstance(value, yaml.SequenceNode) else [value]:
            node = self._node(raw)
            if not isinstance(node, Mapping):
                raise SyntaxInputError("`<<` takes a mapping, or a list of mappings", location=self._at(value.start_mark))
            yield from node.entries

    def _unknown_tag(self, tag: str, where: Location) -> SyntaxInputError:
        return SyntaxInputError(
            f"the tag `{tag.replace(_KNOWN, '!!')}` is not one that Spinnaker reads", location=where, hint="Remove it."
        )

    def _at(self, mark: yaml.Mark) -> Location:
        return Location(self._file, mark.line + 1, mark.column + 1)
