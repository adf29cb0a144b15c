"""Ways of spoiling a policy document: its value, and its text. Each is drawn from a seeded generator."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Spoiled:
    """A document that is spoiled, and how. `must_be_refused`: else it may be read, but must not allow what it did not."""

    how: str
    value: Any
    must_be_refused: bool = True


_ODD: tuple[Any, ...] = (None, 0, 1.5, True, math.nan, math.inf, 10**5000, b"Allow", {"a", "b"}, object())
# What the grammar takes in no place of its kind.
_WRONG: dict[str, tuple[Any, ...]] = {
    "document": (*_ODD, "Allow", [], ()),
    "Version": (*_ODD, "", "2012-10-18", "2012", 20121017, [], {}, ["2012-10-17"]),
    "Statement": (*_ODD, "Allow"),
    "statement": (*_ODD, "Allow", [], [[]], {}),
    "Sid": (*_ODD, [], {}, ["a"], "\ud800"),
    "Effect": (*_ODD, "allow", "DENY", "Permit", "", " Allow", [], {}, ["Allow"]),
    "Principal": (
        *_ODD, "", "everyone", [], ["*"], {"Aws": "*"}, {"*": "*"}, {"AWS": None}, {"AWS": {}}, {"AWS": [["*"]]}, {1: "*"},
        {"AWS": "\udfff"},
    ),
    "Action": (*_ODD, {}, {"Service": "*"}, [None], [1], [["*"]], ["sts:AssumeRole", {}], "sts:\ud800"),
    "Resource": (*_ODD, {}, [1], [["*"]], ["*", {}], [[None]], "\ud800"),
    "Condition": (None, 0, 1.5, True, "x", b"x", [], [{}], [[]], object()),
    "operator": (None, 0, 1.5, True, "x", b"x", [], [{}], ["k:a"], object()),
    "values": (None, {}, {"a": "b"}, [None], [[]], [["a"]], [{}], math.nan, -math.inf, [math.nan], 10**5000, b"x", "\udc00"),
}  # fmt: skip
_KIND_OF_ELEMENT = {
    "Sid": "Sid",
    "Effect": "Effect",
    "Principal": "Principal",
    "NotPrincipal": "Principal",
    "Action": "Action",
    "NotAction": "Action",
    "Resource": "Resource",
    "NotResource": "Resource",
    "Condition": "Condition",
}
_NO_OPERATORS = (
    "", "String", "StringEqual", "StringEqualss", "StringEqualsIfExist", "IfExists", "IfExistsStringEquals", "NullIfExists",
    "ForAllValues:Null", "ForAnyValue:", "ForAllValue:StringEquals", "AnyValue:StringEquals", "StringEquals:ForAllValues",
    "ForAllValues:ForAnyValue:StringEquals", "BoolNot", "NumericLike", "ArnNotEqualsLike", "StringEquals ", "\ud800",
)  # fmt: skip
_NO_ELEMENTS = (
    "Actions",
    "action",
    "NotEffect",
    "Conditions",
    "principal",
    "Resources",
    "Comment",
    "",
    " Action",
    "Ac\u200btion",
)
_EMPTY: dict[str, tuple[Any, ...]] = {
    "Principal": ({}, {"AWS": []}, {"AWS": [], "Service": []}),
    "Action": ([],),
    "Resource": ([],),
}


def spoil(document: dict[str, Any], random: Random) -> Spoiled:
    """One of the ways, in one of the places that the document has for it."""
    return random.choice(_WAYS)(copy.deepcopy(document), random)


def _wrong_type(document: dict[str, Any], random: Random) -> Spoiled:
    path, kind = random.choice(list(_places(document)))
    value = random.choice(_WRONG[kind])
    return Spoiled(f"{path} is {str(value)[:30]!r}" if value != 10**5000 else f"{path} is huge", _replaced(document, path, value))


def _unknown_element(document: dict[str, Any], random: Random) -> Spoiled:
    path = random.choice([(), *(path for path, kind in _places(document) if kind == "statement")])
    name = random.choice((*_NO_ELEMENTS, 7, None))
    _at(document, path)[name] = random.choice(("*", None, {}, []))
    return Spoiled(f"{path} has {name!r}", document)


def _renamed_element(document: dict[str, Any], random: Random) -> Spoiled:
    path = random.choice([path for path, kind in _places(document) if kind in _KIND_OF_ELEMENT.values()])
    parent, name = _at(document, path[:-1]), str(path[-1])
    spelled = random.choice((name.lower(), name.upper(), name + "s", name[1:], f" {name}", name[:-1], 0))
    parent[spelled] = parent.pop(name)
    return Spoiled(f"{path} is spelled {spelled!r}", document)


def _unknown_operator(document: dict[str, Any], random: Random) -> Spoiled:
    statement = random.choice(_statements(document))
    name = random.choice((*_NO_OPERATORS, 1, None))
    statement["Condition"] = {**statement.get("Condition", {}), name: {"aws:username": "alice"}}
    return Spoiled(f"an operator {name!r}", document)


def _no_key_of_a_condition(document: dict[str, Any], random: Random) -> Spoiled:
    key = random.choice((1, None, True, b"aws:username", ("aws:username",), "\ud800"))
    random.choice(_statements(document))["Condition"] = {random.choice(("StringEquals", "Null", "Bool")): {key: "true"}}
    return Spoiled(f"a condition key {key!r}", document)


def _both_of_a_pair(document: dict[str, Any], random: Random) -> Spoiled:
    name = random.choice(("Principal", "Action", "Resource"))
    value = {"AWS": "*"} if name == "Principal" else "*"
    random.choice(_statements(document)).update({name: value, f"Not{name}": value})
    return Spoiled(f"both {name} and Not{name}", document)


def _missing(document: dict[str, Any], random: Random) -> Spoiled:
    """Without an Effect there is no statement; what else a kind of policy needs is refused when it is written.

    A statement that names principals needs no Resource: it may be one of a trust policy.
    """
    elements = [path for path, kind in _places(document) if kind in ("Effect", *_EMPTY)]
    needed = [path for path in elements if not (path[-1] in ("Resource", "NotResource") and _names_somebody(document, path))]
    path = random.choice([("Statement",), *needed])
    del _at(document, path[:-1])[path[-1]]
    return Spoiled(f"{path} is missing", document, must_be_refused=path[-1] in ("Statement", "Effect"))


def _names_somebody(document: dict[str, Any], path: Path) -> bool:
    return not {"Principal", "NotPrincipal"}.isdisjoint(_at(document, path[:-1]))


def _emptied(document: dict[str, Any], random: Random) -> Spoiled:
    path, kind = random.choice([*((path, kind) for path, kind in _places(document) if kind in _EMPTY)])
    return Spoiled(f"{path} is empty", _replaced(document, path, random.choice(_EMPTY[kind])), must_be_refused=False)


def _too_deep(document: dict[str, Any], random: Random) -> Spoiled:
    path, _ = random.choice(list(_places(document)))
    value: Any = "*"
    for _ in range(random.choice((2, 10, 70, 400))):
        value = [value] if random.random() < 0.5 else {"a": value}
    return Spoiled(f"{path} is deep", _replaced(document, path, [value] if path != ("Statement",) else [[value]]))


_WAYS: tuple[Callable[[dict[str, Any], Random], Spoiled], ...] = (
    *(_wrong_type,) * 4,
    _unknown_element,
    _renamed_element,
    _unknown_operator,
    _no_key_of_a_condition,
    _both_of_a_pair,
    _missing,
    _emptied,
    _too_deep,
)


def _places(document: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    yield (), "document"
    yield ("Statement",), "Statement"
    if "Version" in document:
        yield ("Version",), "Version"
    for number, statement in enumerate(_statements(document)):
        here: Path = ("Statement", number) if isinstance(document["Statement"], list) else ("Statement",)
        yield here, "statement"
        for name in statement:
            yield (*here, name), _KIND_OF_ELEMENT[name]
        for operator, keys in statement.get("Condition", {}).items():
            yield (*here, "Condition", operator), "operator"
            for key in keys:
                yield (*here, "Condition", operator, key), "values"


def _statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def _at(value: Any, path: Path) -> Any:
    for part in path:
        value = value[part]
    return value


def _replaced(document: dict[str, Any], path: Path, value: Any) -> Any:
    if not path:
        return value
    _at(document, path[:-1])[path[-1]] = value
    return document


_SIGNS = (
    "{", "}", "[", "]", ",", ":", '"', "'", "\\", "\\u", "\\ud800", "\x00", "\x1f", "\t", "\n", "\r", " ", "0", "-", "1e999",
    "NaN", "null", "True", "//", "/*", "#", "\u201c", "\u200b", "\u00a0", "\ufeff", "\ud800", "\U0001f600", "[" * 70, "9" * 70,
    '{"a":' * 70,
)  # fmt: skip


def spoil_text(document: dict[str, Any], random: Random) -> str:
    """The text of a document, changed in one or two places; it may happen to be a well-formed document still."""
    text = json.dumps(document, indent=random.choice((None, 1, 4)))
    for _ in range(random.choice((1, 1, 1, 2))):
        text = random.choice((_cut, _cut_out, _put_in, _put_in, _written_over, _twice, _key_twice))(text, random)
    return text


def _cut(text: str, random: Random) -> str:
    return text[: random.randrange(len(text) + 1)]


def _cut_out(text: str, random: Random) -> str:
    start = random.randrange(len(text) + 1)
    return text[:start] + text[start + random.choice((1, 1, 2, 10)) :]


def _put_in(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(_SIGNS) + text[place:]


def _written_over(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(_SIGNS) + text[place + 1 :]


def _twice(text: str, random: Random) -> str:
    start = random.randrange(len(text) + 1)
    end = min(len(text), start + random.choice((1, 5, 40)))
    return text[:end] + text[start:]


def _key_twice(text: str, random: Random) -> str:
    keys = [place for place in range(len(text)) if text.startswith(('"Effect"', '"Statement"', '"Action"'), place)]
    if not keys:
        return text
    place = random.choice(keys)
    key = text[place : text.index('"', place + 1) + 1]
    return f'{text[:place]}{key}: "Deny", {text[place:]}'
