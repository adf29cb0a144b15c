"""Letting one principal in: the smallest addition to a trust policy that allows it, and nobody else, sts:AssumeRole.

The measure is the number of texts and numbers that the change adds or takes away: one for a name more in the Principal of a
statement that is there, three (Effect, name, Action) for a statement of its own. Lists and objects around them count nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from ecs_preflight.iam.json_reader import Path
from ecs_preflight.iam.principal import PrincipalEntry
from ecs_preflight.iam.repair import Change, Json, Repair

ASSUME_ROLE = "sts:AssumeRole"


def let_in(document: Json, entry: PrincipalEntry, *, own_statement: bool = False) -> Repair:
    """The document, in the grammar of policies and with its statements in a list, with `entry` trusted without conditions.

    A name is added only to a statement that allows sts:AssumeRole and nothing more, without conditions, and names
    principals of the same kind already: a longer list then says nothing new. Otherwise, or with `own_statement`, it gets one.
    """
    candidates = [_with_statement(document, entry)]
    if not own_statement:
        candidates += [_with_name(document, number, entry) for number in _extensible(document, entry)]
    return min(candidates, key=lambda candidate: size_of_change(document, candidate.value))


def size_of_change(before: Any, after: Any) -> int:
    """The number of texts and numbers, each with the keys that lead to it, that only one of the two documents has."""
    one, other = Counter(_leaves(before, ())), Counter(_leaves(after, ()))
    return sum(((one - other) + (other - one)).values())


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, repr(value)


def _with_statement(document: Json, entry: PrincipalEntry) -> Repair:
    added = {"Effect": "Allow", "Principal": {entry.kind: entry.value}, "Action": ASSUME_ROLE}
    draft = deepcopy(document)
    draft["Statement"].append(added)
    done = f"a statement is added that allows {entry.value} {ASSUME_ROLE}, and nothing else"
    return Repair(draft, (Change(("Statement",), done),))


def _with_name(document: Json, number: int, entry: PrincipalEntry) -> Repair:
    draft = deepcopy(document)
    named = draft["Statement"][number]["Principal"]
    there = named[entry.kind]
    named[entry.kind] = [*(there if isinstance(there, list) else [there]), entry.value]
    done = f"{entry.value} is added to the principals of statement number {number + 1}, which has no conditions"
    return Repair(draft, (Change(("Statement", number, "Principal", entry.kind), done),))


def _extensible(document: Json, entry: PrincipalEntry) -> Iterator[int]:
    for number, statement in enumerate(document["Statement"]):
        named = statement.get("Principal")
        if (
            statement["Effect"] == "Allow"
            and statement.get("Action") in (ASSUME_ROLE, [ASSUME_ROLE])
            and not statement.get("Condition")
            and isinstance(named, dict)
            and named.get(entry.kind)
        ):
            yield number
