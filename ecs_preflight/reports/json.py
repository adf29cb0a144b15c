"""The report as JSON, schema version 1: results in plan order; all that differs from run to run under `run`."""

from __future__ import annotations

import json
import re
from typing import Any

from ecs_preflight.errors import Location
from ecs_preflight.findings import CheckResult, Problem, Report, RunInfo

SCHEMA_VERSION = 1
_HALVES = re.compile(r"[\ud800-\udfff]")  # of characters: no encoding takes them, JSON's escapes do


def render_json(report: Report) -> str:
    """The document, ending in a line feed."""
    return document_text(as_dict(report))


def document_text(data: dict[str, Any]) -> str:
    """Plain data as a document of ours, ending in a line feed."""
    document = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", document)


def as_dict(report: Report) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "results": [_result(result) for result in report.results],
        "counts": report.counts(),
        "run": _run(report.run),
    }


def _result(result: CheckResult) -> dict[str, Any]:
    row: dict[str, Any] = {
        "check": result.check,
        "slug": result.slug,
        "target": result.target.id,
        "severity": result.severity.name,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "problems": [_problem(problem, result) for problem in result.problems],
    }
    if result.waiver:
        row["waiver"] = {
            "reason": result.waiver.reason,
            "until": result.waiver.until.isoformat(),
            "original_outcome": result.waiver.original.value,
        }
    return row


def _problem(problem: Problem, result: CheckResult) -> dict[str, Any]:
    return {
        "severity": result.severity_of(problem).name,
        "summary": problem.summary,
        "evidence": problem.evidence,
        "remediation": problem.remediation,
        "location": _location(problem.location),
    }


def _location(location: Location | None) -> dict[str, Any] | None:
    return {"file": location.file, "line": location.line} if location else None


def _run(run: RunInfo) -> dict[str, Any]:
    return {
        "source": run.source,
        "started_at": run.started_at.isoformat(),
        "taken_at": run.taken_at.isoformat() if run.taken_at else None,
        "duration_seconds": run.duration_seconds,
        "calls": dict(run.calls),
        "answered_by": dict(run.answered_by),
        "notes": list(run.notes),
    }
