"""What the checks say of themselves, and docs/checks.md made of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ecs_preflight.checks import ALL_CHECKS, FAMILIES
from ecs_preflight.checks._check import Check
from ecs_preflight.reports.explain import render_catalogue, render_documentation, render_explanation

DOCUMENTED = Path(__file__).parents[2] / "docs" / "checks.md"


def by_id(check: Check) -> str:
    return check.id


def test_the_catalogue_has_a_line_for_every_check_under_its_family() -> None:
    lines = render_catalogue().splitlines()
    for check in ALL_CHECKS:
        assert f"  {check.id}  {check.severity.name:7}  {check.slug}" in lines
    families = [line for line in lines if line.partition(":")[0] in FAMILIES]
    assert families == [
        f"{family}: {FAMILIES[family]}" for family in FAMILIES if any(check.family == family for check in ALL_CHECKS)
    ]
    assert lines[-1] == "ecs-preflight explain ID says more of one."


@pytest.mark.parametrize("check", ALL_CHECKS, ids=by_id)
def test_every_check_explains_itself(check: Check) -> None:
    text = render_explanation(check)
    head, *sections = text.split("\n\n")
    assert head.startswith(f"{check.id} {check.slug} ({check.severity.name}; ")
    assert ("needs no AWS" in head) == (not check.asks)
    assert [section.splitlines()[0] for section in sections if not section.startswith(" ")] == [
        "What it checks",
        "Why it matters",
        "How to fix it",
    ]
    assert text.endswith("\n")


def test_the_documentation_holds_every_check_once() -> None:
    text = render_documentation()
    assert [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")] == [
        check.id for check in ALL_CHECKS
    ]
    for check in ALL_CHECKS:
        for heading, paragraph in check.headings.items():
            assert f"**{heading}.** {paragraph}" in text


def test_docs_checks_md_is_what_make_docs_would_write() -> None:
    assert DOCUMENTED.read_text(encoding="utf-8") == render_documentation(), "run `make docs`"


def test_the_module_prints_it() -> None:
    done = subprocess.run([sys.executable, "-m", "ecs_preflight.reports.explain"], capture_output=True, text=True, check=True)
    assert done.stdout == render_documentation()


def test_without_docstrings_the_slug_is_left() -> None:
    """python -OO strips them."""
    program = (
        "from ecs_preflight.checks import ALL_CHECKS\n"
        "from ecs_preflight.reports.explain import render_explanation\n"
        "print(render_explanation(ALL_CHECKS[0]), ALL_CHECKS[0].documentation)"
    )
    done = subprocess.run([sys.executable, "-OO", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-1] == ALL_CHECKS[0].slug
