"""From the JSON value of a policy to its statements; what is not in the grammar is refused, never skipped.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from ecs_preflight.iam.comparisons import write_number
from ecs_preflight.iam.conditions import ConditionClause
from ecs_preflight.iam.json_places import Path, is_encodable, printable
from ecs_preflight.iam.operators import OPERATOR_NAMES, ConditionOperator
from ecs_preflight.iam.principal import PrincipalEntry
from ecs_preflight.iam.statement import Effect, Statement

_T = TypeVar("_T")

# A number as long as the JSON reader takes; infinity and what is no number at all are not less either.
_TOO_LARGE = 10**64
SYNTAX_ERRORS = "Syntax errors in policy."
LEGACY_PARSING = "The policy failed legacy parsing"
VERSIONS = ("2008-10-17", "2012-10-17")
DOCUMENT_KEYS = ("Version", "Id", "Statement")
STATEMENT_KEYS = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")


class GrammarError(ValueError):
    """A document that is not in IAM's language: what was found and expected, AWS's own words, where, how to mend it."""

    def __init__(self, message: str, path: Path, hint: str | None = None, *, aws_says: str = SYNTAX_ERRORS) -> None:
        self.message = printable(f'{message} (AWS: "{aws_says}")')
        self.hint = hint and printable(hint)
        super().__init__(f"{self.message}; {self.hint}" if hint else self.message)
        self.path = path


class Elements(dict[str, object]):
    """The elements of a document that has been read: Version and Id as text, Statement as a tuple of statements."""


def read_policy(value: object) -> Elements:
    document = _object(value, (), "a policy document")
    _refuse_unknown(document, DOCUMENT_KEYS, (), "a policy document")
    if "Statement" not in document:
        raise GrammarError("the document has no Statement", (), 'a policy needs "Statement": [{"Effect": ..., ...}]')
    return Elements(
        Version=_version(document.get("Version", VERSIONS[0])),
        Id=_text(document["Id"], ("Id",), "Id") if "Id" in document else None,
        Statement=_statements(document["Statement"]),
    )


def _version(value: object) -> str:
    """A document without a Version is in the language of 2008."""
    if value not in VERSIONS:
        raise GrammarError(f"Version is {_found(value)}", ("Version",), 'write "Version": "2012-10-17"')
    return str(value)


def _statements(value: object) -> tuple[Statement, ...]:
    if isinstance(value, Mapping):
        return (_statement(value, ("Statement",)),)
    if isinstance(value, (list, tuple)):
        return tuple(_statement(item, ("Statement", number)) for number, item in enumerate(value))
    raise GrammarError(f"Statement is {_found(value)}; expected an object or a list of objects", ("Statement",))


def _statement(value: object, path: Path) -> Statement:
    elements = _object(value, path, "a statement")
    _refuse_unknown(elements, STATEMENT_KEYS, path, "a statement")
    for name in ("Principal", "Action", "Resource"):
        if name in elements and f"Not{name}" in elements:
            raise GrammarError(f"a statement has both {name} and Not{name}", (*path, f"Not{name}"), "keep one of the two")

    def read(name: str, reader: Callable[[object, Path], _T]) -> _T | None:
        return reader(elements[name], (*path, name)) if name in elements else None

    return Statement(
        effect=_effect(elements, path),
        sid=read("Sid", lambda sid, at: _text(sid, at, "Sid")),
        principals=read("Principal", _principals),
        not_principals=read("NotPrincipal", _principals),
        actions=read("Action", _texts),
        not_actions=read("NotAction", _texts),
        resources=read("Resource", _resources),
        not_resources=read("NotResource", _resources),
        conditions=read("Condition", _conditions) or (),
    )


def _effect(elements: Mapping[str, object], path: Path) -> Effect:
    if "Effect" not in elements:
        raise GrammarError("a statement has no Effect", path, 'add "Effect": "Allow" or "Effect": "Deny"')
    value = elements["Effect"]
    for effect in Effect:
        if value == effect.value:
            return effect
        if isinstance(value, str) and value.lower() == effect.value.lower():
            hint = f'write "{effect.value}": the case of its letters matters'
            raise GrammarError(f"Effect is {_found(value)}", (*path, "Effect"), hint, aws_says=LEGACY_PARSING)
    raise GrammarError(f'Effect is {_found(value)}; expected "Allow" or "Deny"', (*path, "Effect"))


def _principals(value: object, path: Path) -> tuple[PrincipalEntry, ...]:
    if value == "*":
        return (PrincipalEntry("*", "*"),)
    if isinstance(value, str):
        raise GrammarError(f"{path[-1]} is {_found(value)}", path, f'only "*" may stand alone; write {{"AWS": "{value}"}}')
    named = _object(value, path, str(path[-1]))
    _refuse_unknown(named, PRINCIPAL_KINDS, path, str(path[-1]))
    return tuple(PrincipalEntry(kind, name) for kind, names in named.items() for name in _texts(names, (*path, kind)))


def _resources(value: object, path: Path) -> tuple[str, ...]:
    # IAM accepts null among the resources of a list, and ignores it.
    if isinstance(value, (list, tuple)):
        return tuple(_text(item, (*path, number), str(path[-1])) for number, item in enumerate(value) if item is not None)
    return _texts(value, path)


def _texts(value: object, path: Path) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(_text(item, (*path, number), str(path[-1])) for number, item in enumerate(value))
    return (_text(value, path, str(path[-1])),)


def _conditions(value: object, path: Path) -> tuple[ConditionClause, ...]:
    clauses: list[ConditionClause] = []
    for name, keys in _object(value, path, "Condition").items():
        here = (*path, name)
        if isinstance(keys, str):  # not its text: an external id, say, where the operator was forgotten
            raise GrammarError(f"the condition operator {name} is a string; expected an object", here)
        block = _object(keys, here, f"the condition operator {name}")
        operator = ConditionOperator.parse(name)
        if operator is None and block:
            raise GrammarError(f'"{name}" is no condition operator', here, _near_miss(name, OPERATOR_NAMES))
        if operator is not None:
            clauses += [ConditionClause(operator, key, _scalars(values, (*here, key))) for key, values in block.items()]
    return tuple(clauses)


def _scalars(value: object, path: Path) -> tuple[str, ...]:
    """Condition values; quotes are optional for numbers and booleans, which are texts all the same."""
    items = value if isinstance(value, (list, tuple)) else [value]
    return tuple(_scalar(item, path) for item in items)


def _scalar(value: object, path: Path) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) and abs(value) < _TOO_LARGE:
        return write_number(value)
    return _text(value, path, f"the value of {path[-1]}")


def _object(value: object, path: Path, what: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise GrammarError(f"{what} is {_found(value)}; expected an object", path)
    for key in value:
        _text(key, path, f"a key of {what}")
    return value


def _text(value: object, path: Path, what: str) -> str:
    if not isinstance(value, str):
        raise GrammarError(f"{what} is {_found(value)}; expected a string", path)
    if not is_encodable(value):
        hint = "write a character beyond U+FFFF as both halves of its pair, or as itself"
        raise GrammarError(f"{what} is {_found(value)}, which holds half of a surrogate pair", path, hint)
    return value


def _refuse_unknown(found: Mapping[str, object], known: Sequence[str], path: Path, what: str) -> None:
    for key in found:
        if key not in known:
            raise GrammarError(f'{what} has no element "{key}"', (*path, str(key)), _near_miss(str(key), known))


def _near_miss(word: str, known: Collection[str]) -> str:
    by_lower_case = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower_case, n=1)
    return f'did you mean "{by_lower_case[close[0]]}"?' if close else f"expected one of {', '.join(known)}"


def _found(value: object) -> str:
    match value:
        case str():
            return f'"{value}"'
        case Mapping():
            return "an object"
        case list() | tuple():
            return "a list"
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value) if abs(value) < _TOO_LARGE else "a number that JSON or IAM does not have"
    return f"a {type(value).__name__}"
