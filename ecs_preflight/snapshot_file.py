"""Snapshots on disk: a run from one needs no AWS and gives the same report. Mode 0600; secrets are tokens already."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from ecs_preflight.errors import InputError, Location, SyntaxInputError
from ecs_preflight.facts import Absent, Fact, Known, Question, Snapshot, Unknown
from ecs_preflight.questions import KIND_NAMED

_FORMAT = "ecs_preflight-snapshot/1"


def save_snapshot(snapshot: Snapshot, path: str | Path) -> None:
    """Write a snapshot, readable by its owner alone."""
    text = json.dumps(_as_json(snapshot), indent=1)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
    except OSError as error:
        raise InputError(f"the snapshot cannot be written: {error.strerror}", location=Location(str(path))) from error


def load_snapshot(path: str | Path) -> Snapshot:
    """Read a snapshot. Raises InputError where the file is none, or is of another version."""
    try:
        text = Path(path).read_text(encoding="utf-8")
        raw = json.loads(text)
    except OSError as error:
        raise InputError(f"the snapshot cannot be read: {error.strerror}", location=Location(str(path))) from error
    except (ValueError, RecursionError) as error:
        raise SyntaxInputError(f"this is no snapshot: {error}", location=Location(str(path))) from error
    if not isinstance(raw, dict) or raw.get("format") != _FORMAT:
        raise SyntaxInputError(
            f"this is no snapshot of format {_FORMAT}",
            location=Location(str(path)),
            hint="Make one with ecs-preflight check --save-snapshot FILE.",
        )
    try:
        return _from_document(_Document.model_validate(raw))
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in fault["loc"])
        raise SyntaxInputError(
            f"the snapshot is damaged: {where}: {fault['msg']}", location=Location(str(path)), hint="Make it anew."
        ) from None


class _Written(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class _Unknown(_Written):
    call: str
    error: str


class _Row(_Written):
    kind: Literal[tuple(KIND_NAMED)]  # type: ignore[valid-type]  # the kinds that there are
    account: str
    region: str
    arguments: list[str]
    answered_by: str
    stand_in: str = ""
    known: Any = None
    absent: str | None = None
    unknown: _Unknown | None = None

    @model_validator(mode="after")
    def _has_an_answer(self) -> _Row:
        if len({"known", "absent", "unknown"} & self.model_fields_set) != 1:
            raise ValueError("expected one of known, absent and unknown")
        return self


class _Document(_Written):
    taken_at: Annotated[AwareDatetime, Field(strict=False)]
    source: str
    salt: str
    calls: dict[str, int]
    facts: list[_Row]


def _as_json(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "taken_at": snapshot.taken_at.isoformat(),
        "source": snapshot.source,
        "salt": snapshot.salt,
        "calls": dict(snapshot.calls),
        "facts": [
            {
                "kind": question.kind.name,
                "account": question.account,
                "region": question.region,
                "arguments": list(question.arguments),
                "answered_by": snapshot.answered_by.get(question, ""),
                "stand_in": snapshot.stand_ins.get(question, ""),
                **_fact_as_json(question, fact),
            }
            for question, fact in snapshot.facts.items()
        ],
    }


def _fact_as_json(question: Question[Any], fact: Fact[Any]) -> dict[str, Any]:
    if isinstance(fact, Known):
        return {"known": _adapter(question.kind.name).dump_python(fact.value, mode="json", by_alias=True)}
    if isinstance(fact, Absent):
        return {"absent": fact.why}
    return {"unknown": {"call": fact.call, "error": fact.error}}


def _from_document(document: _Document) -> Snapshot:
    facts: dict[Question[Any], Fact[Any]] = {}
    answered_by: dict[Question[Any], str] = {}
    stand_ins: dict[Question[Any], str] = {}
    for row in document.facts:
        question: Question[Any] = Question(KIND_NAMED[row.kind], row.account, row.region, tuple(row.arguments))
        facts[question] = _fact_of(row)
        if row.answered_by:
            answered_by[question] = row.answered_by
        if row.stand_in:
            stand_ins[question] = row.stand_in
    return Snapshot(
        facts=facts,
        taken_at=document.taken_at,
        answered_by=answered_by,
        stand_ins=stand_ins,
        calls=document.calls,
        salt=document.salt,
        source="sandbox" if document.source == "sandbox" else "snapshot",
    )


def _fact_of(row: _Row) -> Fact[Any]:
    if row.unknown is not None:
        return Unknown(row.unknown.call, row.unknown.error)
    if row.absent is not None:
        return Absent(row.absent)
    return Known(_adapter(row.kind).validate_python(row.known))


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KIND_NAMED[kind].answer)
