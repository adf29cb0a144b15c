"""How Spring puts files on top of each other: maps merge key by key, a list replaces the list below it, spelling is relaxed.

spring-boot: `YamlProcessor.buildFlattenedMap`, `IndexedElementsBinder.bindIndexed`, `ConfigurationPropertyName`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dict
from dataclasses import dataclass

from ecs_preflight.errors import Location
from ecs_preflight.yamlfile import Entry, Mapping, Node, Scalar, ScalarValue, Sequence

_INDEX = re.compile(r"^\[(\d+)\]$")
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


@dataclass(frozen=True, slots=True)
class ReplacedList:
    """A list of a lower layer that a higher one replaced as a whole."""

    path: str
    lower: Sequence
    upper: Node


def uniform(key: str) -> str:
    """The form in which Spring compares keys: `awsAccount`, `aws-account` and `AWS_ACCOUNT` are one."""
    return key if _INDEX.match(key) else re.sub(r"[^a-z0-9]", "", key.lower())


def layered(layers: Iterable[Mapping]) -> tuple[Mapping, tuple[ReplacedList, ...]]:
    """All layers as one mapping, lowest layer first, and the lists that were lost on the way."""
    replaced: list[ReplacedList] = []
    whole = Mapping((), Location("(nothing)"))
    for layer in layers:
        whole = _merge_mappings(whole, unfolded(layer), "", replaced)
    return whole, tuple(replaced)


def unfolded(document: Mapping) -> Mapping:
    """The document with dotted and indexed keys (`aws.enabled: true`, `aws.accounts[0].name: a`) written as nesting."""
    node = _indexed(_nested(document))
    return node if isinstance(node, Mapping) else document


def find(root: Node, path: str) -> Node | None:
    """What `aws.accounts[0].account-id` names, whatever the spelling."""
    node: Node | None = root
    for step in _STEP.findall(path):
        if isinstance(node, Sequence) and (index := _INDEX.match(step)):
            position = int(index[1])
            node = node.items[position] if position < len(node.items) else None
        elif isinstance(node, Mapping):
            node = next((entry.node for entry in reversed(node.entries) if uniform(entry.key) == uniform(step)), None)
        else:
            return None
    return node


def written_twice(node: Node, path: str) -> Iterator[tuple[str, Entry, Entry]]:
    """Keys of one mapping that are one key to Spring: the path, the first entry and the second."""
    if isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from written_twice(item, f"{path}[{index}]")
    elif isinstance(node, Mapping):
        first: dict[str, Entry] = {}
        for entry in node.entries:
            inner = f"{path}.{entry.key}" if path else entry.key
            known = first.setdefault(uniform(entry.key), entry)
            if known is not entry:
                yield inner, known, entry
            yield from written_twice(entry.node, inner)


def java_text(value: ScalarValue) -> str:
    """What Spring makes of a YAML value where a String is wanted: `true`, `1402433619`, `1.0E10`, and of nothing ``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _java_double(value) if isinstance(value, float) else str(value)


def environment_layer(environ: Dict[str, str], prefixes: tuple[str, ...]) -> Mapping:
    """The variables that Spring binds as properties: `AWS_ACCOUNTS_0_ACCOUNTID` is `aws.accounts[0].accountid`."""
    entries = []
    for name, value in sorted(environ.items()):
        steps = name.lower().split("_")
        if steps[0] in prefixes and len(steps) > 1 and all(steps):
            path = steps[0] + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps[1:])
            where = Location(f"environment variable {name}")
            entries.append(Entry(path, where, Scalar(value, value, True, where)))
    return Mapping(tuple(entries), Location("environment variables"))


def _merge(lower: Node, upper: Node, path: str, replaced: list[ReplacedList]) -> Node:
    if isinstance(lower, Mapping):
        # A scalar above a mapping hides nothing: the flattened keys below it are still there.
        return _merge_mappings(lower, upper, path, replaced) if isinstance(upper, Mapping) else _not_above(lower, upper)
    if isinstance(lower, Sequence):
        if isinstance(upper, Mapping):
            return lower
        replaced.append(ReplacedList(path, lower, upper))
    elif isinstance(upper, Mapping) and not upper.entries:
        return lower  # An empty mapping flattens to nothing.
    return upper


def _not_above(lower: Mapping, upper: Node) -> Node:
    return upper if isinstance(upper, Sequence) and upper.items else lower


def _merge_mappings(lower: Mapping, upper: Mapping, path: str, replaced: list[ReplacedList]) -> Mapping:
    merged = {uniform(entry.key): entry for entry in lower.entries}
    for entry in upper.entries:
        below = merged.get(uniform(entry.key))
        inner = f"{path}.{entry.key}" if path and not entry.key.startswith("[") else f"{path}{entry.key}"
        node = _merge(below.node, entry.node, inner, replaced) if below else entry.node
        merged[uniform(entry.key)] = below if below and node is below.node else Entry(entry.key, entry.key_location, node)
    return Mapping(tuple(merged.values()), upper.location if upper.entries else lower.location)


def _nested(node: Node) -> Node:
    if isinstance(node, Sequence):
        return Sequence(tuple(_nested(item) for item in node.items), node.location)
    if isinstance(node, Scalar):
        return node
    if not any(re.search(r"[.\[]", entry.key) for entry in node.entries):
        return Mapping(tuple(Entry(entry.key, entry.key_location, _nested(entry.node)) for entry in node.entries), node.location)
    whole = Mapping((), node.location)
    for entry in node.entries:
        steps = _STEP.findall(entry.key) if re.search(r"[.\[]", entry.key) else [entry.key]
        value = _nested(entry.node)
        for step in reversed(steps or [entry.key]):
            value = Mapping((Entry(step, entry.key_location, value),), entry.key_location)
        whole = _merge_mappings(whole, value, "", []) if isinstance(value, Mapping) else whole
    return Mapping(whole.entries, node.location)


def _indexed(node: Node) -> Node:
    if isinstance(node, Sequence):
        return Sequence(tuple(_indexed(item) for item in node.items), node.location)
    if isinstance(node, Scalar):
        return node
    positions = [_INDEX.match(entry.key) for entry in node.entries]
    if positions and all(positions):
        ordered = sorted(node.entries, key=lambda entry: int(entry.key[1:-1]))
        return Sequence(tuple(_indexed(entry.node) for entry in ordered), node.location)
    return Mapping(tuple(Entry(entry.key, entry.key_location, _indexed(entry.node)) for entry in node.entries), node.location)


def _java_double(value: float) -> str:
    """`Double.toString`: plain between 1e-3 and 1e7, else in scientific notation."""
    if value != value or value in (float("inf"), float("-inf")):
        return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(value)]
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        plain = format(value, "f").rstrip("0") if "e" in repr(value) else repr(value)
        return plain + "0" if plain.endswith(".") else plain
    shortest = next(text for precision in range(17) if float(text := format(value, f".{precision}e")) == value)
    digits, _, exponent = shortest.partition("e")
    return f"{digits if '.' in digits else digits + '.0'}E{int(exponent)}"
