"""The formats that a report can be rendered in, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ecs_preflight.errors import UsageError
from ecs_preflight.findings import Report
from ecs_preflight.reports.json import render_json
from ecs_preflight.reports.text import render_text

FORMATS: Mapping[str, Callable[[Report], str]] = {"json": render_json, "text": render_text}


def render(report: Report, format: str = "text") -> str:
    """The report as a document that ends in a line feed. Raises UsageError for a format that does not exist."""
    try:
        return FORMATS[format](report)
    except KeyError:
        raise UsageError(f"there is no format {format!r}", hint=f"The formats are: {', '.join(FORMATS)}.") from None
