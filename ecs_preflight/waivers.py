"""Waivers are applied last: to what failed, and to what was not seen only where the waiver says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ecs_preflight.findings import CheckResult, Outcome, WaiverNote
from ecs_preflight.preflight_file import Waiver


def covers(waiver: Waiver, result: CheckResult) -> bool:
    """Whether a waiver names this check on this target, whatever the outcome and the day."""
    return waiver.check == result.check and matches(result.target.id, waiver.target)


def waive(results: Iterable[CheckResult], waivers: Sequence[Waiver], today: date) -> tuple[CheckResult, ...]:
    """The results with every waiver applied that holds today; the original outcome is kept."""
    return tuple(_waived(result, waivers, today) for result in results)


def _waived(result: CheckResult, waivers: Sequence[Waiver], today: date) -> CheckResult:
    for waiver in waivers:
        if covers(waiver, result) and _bears(waiver, result) and today <= waiver.until:
            return replace(
                result,
                outcome=Outcome.WAIVED,
                waiver=WaiverNote(waiver.reason, waiver.until, original=result.outcome),
            )
    return result


def _bears(waiver: Waiver, result: CheckResult) -> bool:
    """A failure beside which something was not seen is borne only where the waiver bears both."""
    borne = {result.outcome, result.beside or result.outcome}
    return all(outcome.value in waiver.outcomes for outcome in borne)


def matches(target_id: str, pattern: str) -> bool:
    """`*` is any run of characters; every other character, and `*` itself in an id, stands for itself."""
    first, *rest = pattern.split("*")
    if not rest:
        return target_id == pattern
    if not target_id.startswith(first):
        return False
    position = len(first)
    for part in rest[:-1]:
        found = target_id.find(part, position)
        if found < 0:
            return False
        position = found + len(part)
    return len(target_id) - len(rest[-1]) >= position and target_id.endswith(rest[-1])
