"""Snapshots on disk: a run from one needs no AWS and gives the same report. Mode 0600; secrets are tokens already."""

from __future__ import annotations

import json
import os
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

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
    except ValueError as error:
        raise SyntaxInputError(f"this is no snapshot: {error}", location=Location(str(path))) from error
    if not isinstance(raw, dict) or raw.get("format") != _FORMAT:
        raise SyntaxInputError(
            f"this is no snapshot of format {_FORMAT}",
            location=Location(str(path)),
            hint="Make one with ecs-preflight check --save-snapshot FILE.",
        )
    try:
        return _from_json(raw)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise SyntaxInputError(f"the snapshot is damaged: {error}", location=Location(str(path))) from error


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


def _from_json(raw: dict[str, Any]) -> Snapshot:
    facts: dict[Question[Any], Fact[Any]] = {}
    answered_by: dict[Question[Any], str] = {}
    for row in raw["facts"]:
        question: Question[Any] = Question(KIND_NAMED[row["kind"]], row["account"], row["region"], tuple(row["arguments"]))
        facts[question] = _fact_from_json(question, row)
        if row["answered_by"]:
            answered_by[question] = row["answered_by"]
    return Snapshot(
        facts=facts,
        taken_at=datetime.fromisoformat(raw["taken_at"]),
        answered_by=answered_by,
        calls=raw["calls"],
        salt=raw["salt"],
        source=raw["source"] if raw["source"] == "sandbox" else "snapshot",
    )


def _fact_from_json(question: Question[Any], row: dict[str, Any]) -> Fact[Any]:
    if "known" in row:
        return Known(_adapter(question.kind.name).validate_python(row["known"]))
    if "absent" in row:
        return Absent(row["absent"])
    return Unknown(row["unknown"]["call"], row["unknown"]["error"])


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KIND_NAMED[kind].answer)
