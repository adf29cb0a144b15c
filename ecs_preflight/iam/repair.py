"""A trust policy that IAM refuses, put right where that changes nothing that was meant.

Every change here keeps who may assume the role and who may not: a spelling, an element that a trust policy does not have, a
principal under the wrong kind. What would need a decision (everyone as a principal, NotPrincipal, a wildcard in an ARN) is
left as it stands; `PolicyDocument.problems` still tells it afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from ecs_preflight.iam.caller import AWS_CALLERS, Caller, CallerKind
from ecs_preflight.iam.element_problems import TRUST_ACTIONS, may_assume
from ecs_preflight.iam.grammar import DOCUMENT_KEYS, PRINCIPAL_KINDS, STATEMENT_KEYS, VERSIONS
from ecs_preflight.iam.json_reader import Path

Json = dict[str, Any]


class Change(NamedTuple):
    """One thing that was changed: its path in the original document, and a sentence. Values of conditions are not in it."""

    path: Path
    done: str


class Repair(NamedTuple):
    """The document after the changes; the one that was given is left alone."""

    value: Any
    changes: tuple[Change, ...]


def repair_trust_policy(value: Any) -> Repair:
    """What can be put right without a decision; nothing is changed in what IAM accepts."""
    draft = deepcopy(value)
    if not isinstance(draft, dict):
        return Repair(draft, ())
    changes = [*_invisible_characters(draft, ()), *_names(draft, (), DOCUMENT_KEYS), *_version(draft)]
    sids: set[str] = set()
    for statement, path in _statements(draft):
        for mend in _STATEMENT_MENDS:
            changes += mend(statement, path)
        changes += _sid(statement, path, sids)
    return Repair(draft, tuple(changes))


def _statements(document: Json) -> Iterator[tuple[Json, Path]]:
    """Each statement with its path as it is written: a single one may stand without the list around it."""
    found = document.get("Statement")
    if isinstance(found, dict):
        yield found, ("Statement",)
    for number, statement in enumerate(found if isinstance(found, list) else ()):
        if isinstance(statement, dict):
            yield statement, ("Statement", number)


def _names(element: Json, path: Path, known: tuple[str, ...]) -> Iterator[Change]:
    """Names in another case of letters, or in the plural ("Actions")."""
    spelled = {name.lower(): name for name in known}
    renamed: dict[str, str] = {}
    for name in element:
        right = spelled.get(name.lower()) or spelled.get(name.lower().removesuffix("s"))
        if right and right not in element and right not in renamed.values():
            renamed[name] = right
    for name, right in renamed.items():
        yield Change((*path, name), f'the element "{name}" is written "{right}"')
    items = [(renamed.get(name, name), value) for name, value in element.items()]
    if renamed:
        element.clear()
        element.update(items)


def _version(document: Json) -> Iterator[Change]:
    """Another version is no language of IAM's. A missing one is (that of 2008), so that is not touched."""
    stated = document.get("Version", VERSIONS[1])
    if stated not in VERSIONS:
        document["Version"] = VERSIONS[1]
        yield Change(("Version",), f'Version is "{VERSIONS[1]}": "{stated}" is no version of the policy language')


def _elements(statement: Json, path: Path) -> Iterator[Change]:
    yield from _names(statement, path, STATEMENT_KEYS)
    effect = statement.get("Effect")
    if isinstance(effect, str) and effect not in ("Allow", "Deny") and effect.strip().title() in ("Allow", "Deny"):
        statement["Effect"] = effect.strip().title()
        yield Change((*path, "Effect"), f'Effect is written "{statement["Effect"]}": the case of its letters matters')


def _resources(statement: Json, path: Path) -> Iterator[Change]:
    for name in ("Resource", "NotResource"):
        if name in statement:
            del statement[name]
            yield Change((*path, name), f"{name} is removed: a trust policy is about the role that it belongs to")


def _actions(statement: Json, path: Path) -> Iterator[Change]:
    """A forgotten or misplaced prefix; and, beside an action that assumes a role, those that IAM refuses here."""
    if "Action" not in statement:
        return
    written = statement["Action"]
    listed = written if isinstance(written, list) else [written]
    if not all(isinstance(action, str) for action in listed):
        return
    spelled = [_spelled_action(action) for action in listed]
    kept = [action for action in spelled if may_assume(action)] or spelled
    if kept == listed:
        return
    statement["Action"] = kept if isinstance(written, list) else kept[0]
    for action, right in zip(listed, spelled, strict=True):
        if right not in kept:
            yield Change((*path, "Action"), f'the action "{action}" is removed: it does not assume a role')
        elif right != action:
            yield Change((*path, "Action"), f'the action "{action}" is written "{right}"')


def _spelled_action(action: str) -> str:
    bare = "".join(action.split())
    if may_assume(bare):
        return bare
    return next((known for known in TRUST_ACTIONS if known.lower() == f"sts:{bare.lower()}"), action)


def _principals(statement: Json, path: Path) -> Iterator[Change]:
    """A principal that stands bare, or under a kind that it is not of."""
    here = (*path, "Principal")
    named = statement.get("Principal")
    if isinstance(named, str | list) and named != "*":
        kinds = {_kind_of(name) for name in (named if isinstance(named, list) else [named])}
        if len(kinds) == 1 and (kind := kinds.pop()):
            statement["Principal"] = {kind: named}
            yield Change(here, f'Principal is written {{"{kind}": ...}}: only an object names principals')
    elif named == "*" and statement.get("Effect") == "Deny":
        statement["Principal"] = {"AWS": "*"}
        yield Change(here, 'Principal is written {"AWS": "*"}: IAM refuses a bare "*" in a trust policy')
    if isinstance(statement.get("Principal"), dict):
        yield from _kinds(statement["Principal"], here)


def _kinds(named: Json, path: Path) -> Iterator[Change]:
    yield from _names(named, path, PRINCIPAL_KINDS)
    for kind in _STRAYS:
        values = named.get(kind, [])
        listed = values if isinstance(values, list) else [values]
        strays = [value for value in listed if _kind_of(value) in _STRAYS[kind]]
        for value in strays:
            right = str(_kind_of(value))
            _move(named, value, kind, right)
            yield Change((*path, kind), f'{value} is named as {right}: under "{kind}" IAM refuses it')


def _move(named: Json, value: str, kind: str, right: str) -> None:
    left = [other for other in (named[kind] if isinstance(named[kind], list) else [named[kind]]) if other != value]
    there = named.get(right, [])
    moved = [*(there if isinstance(there, list) else [there]), value]
    if left:
        named[kind] = left
    else:
        del named[kind]
    named[right] = moved if len(moved) > 1 else value


def _kind_of(value: Any) -> str | None:
    """The kind of principal that a name can only be; None where it may be several, or none."""
    if not isinstance(value, str) or "*" in value:
        return None
    kind = Caller.of(value).kind
    if kind in AWS_CALLERS or kind is CallerKind.UNIQUE_ID:
        return "AWS"
    if kind is CallerKind.FEDERATED:
        return "Federated"
    return "Service" if _SERVICE.fullmatch(value) else None


# What IAM refuses under each kind. Some services that are providers too may stand under Service.
_STRAYS = {"AWS": ("Service", "Federated"), "Service": ("AWS",)}
_SERVICE = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?")
_STATEMENT_MENDS: tuple[Callable[[Json, Path], Iterator[Change]], ...] = (_elements, _resources, _actions, _principals)


def _sid(statement: Json, path: Path, taken: set[str]) -> Iterator[Change]:
    """Letters and digits alone, and unique; one that has none of either goes."""
    sid = statement.get("Sid")
    if not isinstance(sid, str) or not sid:
        return
    base = re.sub(r"[^0-9A-Za-z]", "", sid)
    right = next(name for name in _numbered(base) if name not in taken)
    taken.add(right)
    if right == sid:
        return
    if not base:
        del statement["Sid"]
        yield Change((*path, "Sid"), f'the Sid "{sid}" is removed: none of its characters is a letter or digit')
        return
    statement["Sid"] = right
    why = "IAM takes letters and digits only" if base != sid else "a Sid stands once in a document"
    yield Change((*path, "Sid"), f'the Sid "{sid}" is written "{right}": {why}')


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}{number}"
        number += 1


def _invisible_characters(value: Any, path: Path) -> Iterator[Change]:
    """What copying out of a page or a chat leaves in a text, such as U+200B; IAM refuses the document for it."""
    for key, item in [*(value.items() if isinstance(value, dict) else enumerate(value))]:
        if isinstance(item, str) and (seen := _unseen(item)):
            value[key] = "".join(character for character in item if character not in seen)
            yield Change((*path, key), f"the invisible character U+{ord(seen[0]):04X} is removed")
        elif isinstance(item, dict | list):
            yield from _invisible_characters(item, (*path, key))


def _unseen(text: str) -> list[str]:
    return [character for character in text if ord(character) > 0xFF and unicodedata.category(character) == "Cf"]
