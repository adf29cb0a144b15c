"""The report for people: what failed and how to mend it first, then what could not be seen, then what is well."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from ecs_preflight.findings import CheckResult, Outcome, Problem, Report, Severity


class Span(NamedTuple):
    """A run of text in one style; the styles are rich's names, and plain text leaves them out."""

    text: str
    style: str = ""


_SEVERITY_STYLE = {
    Severity.FATAL: "bold white on red",
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFO: "bold cyan",
}
_UNSEEN_TITLE = {
    Outcome.UNDETERMINED: "Could not be determined",
    Outcome.BLOCKED: "Blocked: what these judge does not exist",
}
SIMULATED = "SIMULATED: this ran against the embedded AWS of the sandbox. It says nothing about your AWS accounts."


def render_text(report: Report, *, colour: bool = False, verbose: bool = False) -> str:
    """The document, ending in a line feed. `colour` needs rich; `verbose` lists what passed and did not apply too."""
    spans = _printable(_document(report, verbose))
    return _coloured(spans) if colour else "".join(span.text for span in spans)


def render_result(result: CheckResult) -> str:
    """One result by itself, in the same words."""
    if result.outcome is Outcome.FAILED:
        return "".join(span.text for span in _printable(_failure(result))).rstrip()
    text = f"{result.outcome.value} {result.check} {result.slug}  {result.target.id}: {result.reason}"
    return _CONTROL.sub(_spelt, text)


def printable_text(text: str) -> str:
    """What a terminal takes as text, and as nothing else."""
    return "".join(span.text for span in _printable((Span(text),)))


# What a file or AWS said may hold what a terminal would obey, and halves of characters that no encoding takes.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _printable(spans: Iterable[Span]) -> Iterator[Span]:
    return (Span(_CONTROL.sub(_spelt, span.text.replace("\r\n", "\n")), span.style) for span in spans)


def _spelt(control: re.Match[str]) -> str:
    return "    " if control[0] == "\t" else repr(control[0])[1:-1]


def _coloured(spans: Iterable[Span]) -> str:
    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, force_terminal=True, soft_wrap=True, highlight=False)
    console.print(Text.assemble(*((span.text, span.style) for span in spans)), end="")
    return out.getvalue()


def _document(report: Report, verbose: bool) -> Iterator[Span]:
    if report.run.source == "sandbox":
        yield Span(f"{SIMULATED}\n\n", "bold magenta")
    for note in report.run.notes:
        yield Span(f"Note: {note}\n", "dim")
    if report.run.notes:
        yield Span("\n")
    yield from _failures(report)
    for outcome in (Outcome.UNDETERMINED, Outcome.BLOCKED):
        yield from _unseen(report, outcome)
    yield from _waived(report)
    if verbose:
        yield from _well(report)
    yield from _summary(report)


def _failures(report: Report) -> Iterator[Span]:
    for result in _worst_first(report):
        yield from _failure(result)


def _worst_first(report: Report) -> list[CheckResult]:
    failed = [result for result in report.results if result.outcome is Outcome.FAILED]
    return sorted(failed, key=lambda result: -result.severity)  # stable: plan order within a severity


def _failure(result: CheckResult) -> Iterator[Span]:
    yield Span(f"{result.severity.name:7}", _SEVERITY_STYLE[result.severity])
    yield Span(f" {result.check} ", "bold")
    yield Span(f"{result.slug}  ", "dim")
    yield Span(f"{result.target.id}\n", "cyan")
    for problem in result.problems:
        yield from _problem(problem, result)
    if result.reason:
        yield Span(f"  beside this, not everything could be looked at: {result.reason}\n", "dim")
    yield Span("\n")


def _problem(problem: Problem, result: CheckResult) -> Iterator[Span]:
    milder = problem.severity is not None and problem.severity < result.severity
    yield Span("  • ")
    if milder:
        yield Span(f"{problem.severity!s}: ", "yellow")
    yield Span(f"{problem.summary}\n", "bold")
    if problem.location:
        yield Span(f"    at   {problem.location}\n", "dim")
    if problem.evidence:
        yield Span(f"    seen {_indented(problem.evidence)}\n")
    if problem.remediation:
        yield Span(f"    fix  {_indented(problem.remediation)}\n", "green")


def _indented(text: str) -> str:
    return text.strip().replace("\n", "\n         ")


def _unseen(report: Report, outcome: Outcome) -> Iterator[Span]:
    unseen = [result for result in report.results if result.outcome is outcome]
    if not unseen:
        return
    yield Span(f"{_UNSEEN_TITLE[outcome]}\n", "bold yellow")
    for reason, group in groupby(sorted(unseen, key=lambda result: result.reason), key=lambda result: result.reason):
        results = sorted(group, key=lambda result: (result.target.id, result.check))
        yield Span(f"  • {reason}\n")
        for target, same in groupby(results, key=lambda result: result.target.id):
            yield Span(f"    {target}: ", "cyan")
            yield Span(f"{', '.join(result.check for result in same)}\n")
    yield Span("\n")


def _waived(report: Report) -> Iterator[Span]:
    waived = [result for result in report.results if result.waiver]
    if not waived:
        return
    yield Span("Waived\n", "bold")
    for result in waived:
        if result.waiver:
            yield Span(f"  • {result.check} {result.target.id}: {result.waiver.original.value}, ")
            yield Span(f"until {result.waiver.until.isoformat()}: {result.waiver.reason}\n")
            for problem in result.problems:
                yield Span(f"    {problem.summary}\n", "dim")
    yield Span("\n")


def _well(report: Report) -> Iterator[Span]:
    for outcome, title in ((Outcome.PASSED, "Passed"), (Outcome.NOT_APPLICABLE, "Not applicable")):
        results = [result for result in report.results if result.outcome is outcome]
        if results:
            yield Span(f"{title}\n", "bold green")
            for result in results:
                because = f": {result.reason}" if result.reason else ""
                yield Span(f"  {result.check} {result.slug}  {result.target.id}{because}\n")
            yield Span("\n")


def _summary(report: Report) -> Iterator[Span]:
    words = {outcome: outcome.value.lower().replace("_", " ") for outcome in Outcome}
    counts = [(outcome, count) for outcome in Outcome if (count := report.counts()[outcome.value])]
    told = ", ".join(f"{count} {words[outcome]}" for outcome, count in counts) or "nothing was checked"
    style = "bold green" if report.is_green else "bold"
    yield Span(f"{told}", style)
    yield Span(f" of {len(report.results)} checks.\n")
    for worst in _worst_first(report)[:1]:
        yield Span(f"Why each matters: ecs-preflight explain {worst.check}\n", "dim")
    if report.run.source == "sandbox":
        yield Span("(simulated AWS)\n", "bold magenta")
