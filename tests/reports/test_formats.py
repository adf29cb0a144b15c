"""Formats by name."""

from __future__ import annotations

import pytest

from ecs_preflight.errors import UsageError
from ecs_preflight.reports.formats import FORMATS, render
from ecs_preflight.reports.text import render_text
from tests.reports.reports import EMPTY, REPORT


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_renders_a_document_that_ends_in_one_line_feed(format: str) -> None:
    for report in (REPORT, EMPTY):
        document = render(report, format)
        assert document == render(report, format)
        assert document.endswith("\n")
        assert not document.endswith("\n\n")
        assert "\x1b" not in document


def test_text_is_the_format_where_none_is_named() -> None:
    assert render(REPORT) == render_text(REPORT)


def test_a_format_that_does_not_exist() -> None:
    with pytest.raises(UsageError, match="there is no format 'xml'") as caught:
        render(REPORT, "xml")
    assert caught.value.hint == f"The formats are: {', '.join(FORMATS)}."
    assert list(FORMATS) == sorted(FORMATS)
