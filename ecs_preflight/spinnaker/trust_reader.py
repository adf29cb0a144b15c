"""What clouddriver itself makes of a role's trust policy, which is not what IAM makes of it.

clouddriver-ecs: `IamPolicyReader.getTrustedEntities`, read by the role picker (`IamRoleCachingAgent`) and, for a task role of an
"inputs" deployment, by `CreateServerGroupAtomicOperation.checkRoleTrustRelations`. It never looks at Effect or Condition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

ECS_TASKS = "ecs-tasks.amazonaws.com"


@dataclass(frozen=True, slots=True)
class TrustReading:
    """The trusted entities as (type, value), such as ("Service", "ecs-tasks.amazonaws.com"), or the exception that is thrown."""

    entities: frozenset[tuple[str, str]] = frozenset()
    throws: str | None = None
    """The Java exception and the shape that causes it. In the caching agent it ends the run: no role of the account is read."""
    logged: str | None = None
    """What clouddriver only logs, going on with no entities at all."""

    @property
    def services(self) -> frozenset[str]:
        """Both the type and the value are compared letter by letter."""
        return frozenset(value for kind, value in self.entities if kind == "Service")


class TrustedServices(frozenset[str]):
    """The services that clouddriver finds; `throws` says why it finds none, where its reader ends with an exception."""

    throws: str | None

    def __new__(cls, services: frozenset[str], throws: str | None) -> TrustedServices:
        made = super().__new__(cls, services)
        made.throws = throws
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (frozenset(self), self.throws)


class _ReaderError(Exception):
    """What Java throws past the one catch clause of the reader."""


def trusted_services_as_clouddriver_reads_them(policy: Mapping[str, Any] | str) -> TrustedServices:
    """The service principals of a trust policy, as clouddriver reads it: a dict as boto3 gives it, or (URL-encoded) JSON."""
    reading = read_trust_policy(policy)
    return TrustedServices(reading.services, reading.throws)


def read_trust_policy(policy: Mapping[str, Any] | str) -> TrustReading:
    """The same with every entity, and with what is thrown or logged."""
    try:
        document = json.loads(unquote_plus(policy)) if isinstance(policy, str) else policy
    except ValueError:
        return TrustReading(logged="Unable to extract trusted entities: the document is not JSON")
    if document is not None and not isinstance(document, Mapping):
        return TrustReading(logged="Unable to extract trusted entities: the document is no JSON object")
    try:
        return TrustReading(frozenset(_entities(document)))
    except _ReaderError as error:
        return TrustReading(throws=str(error))


def _entities(document: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    if document is None:
        raise _ReaderError("NullPointerException: the document is null")
    statements = document.get("Statement")
    if statements is None:
        raise _ReaderError("NullPointerException: the document has no Statement")
    if not isinstance(statements, list | tuple):
        raise _ReaderError(f"ClassCastException: Statement is {_kind(statements)}, not a list")
    for number, statement in enumerate(statements, 1):
        yield from _entities_of_statement(statement, f"statement {number}")


def _entities_of_statement(statement: Any, place: str) -> Iterator[tuple[str, str]]:
    if statement is None:
        raise _ReaderError(f"NullPointerException: {place} is null")
    if not isinstance(statement, Mapping):
        raise _ReaderError(f"ClassCastException: {place} is {_kind(statement)}, not an object")
    if statement.get("Action") != "sts:AssumeRole":  # A list, sts:*, another case: the statement is passed over.
        return
    principal = statement.get("Principal")
    if principal is None:
        raise _ReaderError(f"NullPointerException: {place} names sts:AssumeRole and has no Principal")
    if not isinstance(principal, Mapping):
        raise _ReaderError(f"ClassCastException: the Principal of {place} is {_kind(principal)}, not an object")
    for kind, values in principal.items():
        for value in values if isinstance(values, list | tuple) else (values,):
            if value is None:
                raise _ReaderError(f"NullPointerException: the {kind} principal of {place} is null")
            yield kind, value if isinstance(value, str) else json.dumps(value)


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "a string"
    if isinstance(value, Mapping):
        return "a single object"
    return "a list" if isinstance(value, list | tuple) else "a number or a boolean"
