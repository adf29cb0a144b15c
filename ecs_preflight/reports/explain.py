"""What the checks say of themselves: on the command line, and in docs/checks.md."""

from __future__ import annotations

from itertools import groupby

from ecs_preflight.checks import ALL_CHECKS, FAMILIES
from ecs_preflight.checks._check import Check


def render_catalogue() -> str:
    """One line for each check, by family."""
    lines: list[str] = []
    for family, checks in groupby(ALL_CHECKS, key=lambda check: check.family):
        lines.append(f"{family}: {FAMILIES[family]}")
        lines += [f"  {check.id}  {check.severity.name:7}  {check.slug}" for check in checks]
        lines.append("")
    lines.append("ecs-preflight explain ID says more of one.")
    return "\n".join(lines) + "\n"


def render_explanation(check: Check) -> str:
    """All that a check says of itself."""
    offline = "needs no AWS" if check.is_offline else f"asks: {', '.join(_actions(check))}"
    head = f"{check.id} {check.slug} ({check.severity.name}; {offline})"
    sections = (f"{heading}\n{_indented(text)}" for heading, text in check.headings.items())
    return "\n\n".join((head, *sections)) + "\n"


def render_documentation() -> str:
    """docs/checks.md, generated: `make docs`."""
    parts = ["# Checks\n\nGenerated from the checks' own docstrings by `make docs`; edit those.\n"]
    for family, checks in groupby(ALL_CHECKS, key=lambda check: check.family):
        parts.append(f"\n## {family}: {FAMILIES[family]}\n")
        for check in checks:
            asks = ", ".join(f"`{action}`" for action in _actions(check)) or "nothing: it needs no AWS"
            parts.append(f"\n### {check.id}\n\n`{check.slug}`, {check.severity.name}. Asks {asks}.\n")
            parts += [f"\n**{heading}.** {text}\n" for heading, text in check.headings.items()]
    return "".join(parts)


def _actions(check: Check) -> list[str]:
    return list(dict.fromkeys(action for kind in check.asks for action in kind.actions))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    print(render_documentation(), end="")  # noqa: T201  # `make docs`
