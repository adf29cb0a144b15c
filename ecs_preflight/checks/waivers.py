"""WAIVER: the waivers themselves. Judged after everything else, at the time that the run is for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from difflib import get_close_matches

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.preflight_file import Waiver
from ecs_preflight.targets import Target
from ecs_preflight.waivers import covers, matches


def _where_there_are_waivers(config: PreflightConfig) -> Iterator[Target]:
    if config.waivers:
        yield Target()


@check("WAIVER001", "waiver-expired", Severity.ERROR, on=_where_there_are_waivers, judges_results=True)
def waivers_are_in_date(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The last day of no waiver is past.

    ## Why it matters
    A waiver that is past its day covers nothing any more: what it covered counts again, and whoever wrote it agreed to look
    again by then.

    ## How to fix it
    Mend what was waived and delete the waiver, or agree on a new day and write it to `until`.
    """
    for waiver in config.waivers:
        if waiver.until < facts.as_of.date():
            yield Problem(
                f"the waiver of {waiver.check} on {waiver.target} ended on {waiver.until.isoformat()}",
                remediation="Delete it from preflight.yml, or agree on a new `until`.",
                evidence=f"its reason: {waiver.reason}",
                location=waiver.location,
            )


@check("WAIVER002", "waiver-matches-nothing", Severity.WARNING, on=_where_there_are_waivers, judges_results=True)
def waivers_match_something(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every waiver of a check that was selected names a target that this check was judged on.

    ## Why it matters
    A waiver with a typo in its target, or for an account that is gone, covers nothing. When the finding that it was written for
    comes up, the run fails all the same.

    ## How to fix it
    Correct the check id or the target: `ecs-preflight plan` lists both. Or delete the waiver.
    """
    for waiver in config.waivers:
        if waiver.check not in facts.existing:
            near = get_close_matches(waiver.check.upper(), sorted(facts.existing), n=1, cutoff=0.8)
            yield _matches_nothing(waiver, f"did you mean {near[0]}?" if near else "no such check")
        elif waiver.check in facts.selected and not _names_a_target(waiver, facts):
            yield _matches_nothing(waiver, "no such target")


def _names_a_target(waiver: Waiver, facts: Facts) -> bool:
    """The checks of this module are judged on the configuration as a whole, and their results are not known here."""
    of_this_module = waiver.check.startswith("WAIVER") and matches(Target().id, waiver.target)
    return of_this_module or any(covers(waiver, result) for result in facts.results)


def _matches_nothing(waiver: Waiver, why: str) -> Problem:
    return Problem(
        f"the waiver of {waiver.check} on {waiver.target} matches nothing: {why}",
        remediation="Correct it: ecs-preflight plan lists every check with its targets. Or delete it.",
        evidence=f"its reason: {waiver.reason}",
        location=waiver.location,
    )


@check("WAIVER003", "waiver-hides-a-pass", Severity.WARNING, on=_where_there_are_waivers, judges_results=True)
def waivers_cover_something_unwell(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    At least one of the results that a waiver covers is not green.

    ## Why it matters
    What was waived is well by now. The waiver would hide the day on which it breaks again.

    ## How to fix it
    Delete the waiver.
    """
    for waiver in config.waivers:
        covered = [result for result in facts.results if covers(waiver, result)]
        if covered and all(result.outcome.is_green for result in covered):
            yield Problem(
                f"the waiver of {waiver.check} on {waiver.target} covers what is well",
                remediation="Delete it from preflight.yml.",
                evidence=", ".join(f"{result.target.id}: {result.outcome.value}" for result in covered[:3]),
                location=waiver.location,
            )


@check("WAIVER004", "waiver-expires-soon", Severity.INFO, on=_where_there_are_waivers, judges_results=True)
def waivers_last_a_while(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No waiver ends within `thresholds.waiver_notice_days` (default 14).

    ## Why it matters
    On the day after its end, what it covers fails the run.

    ## How to fix it
    Mend what was waived before that day.
    """
    today = facts.as_of.date()
    notice = timedelta(days=config.thresholds.waiver_notice_days)
    for waiver in config.waivers:
        if today <= waiver.until <= today + notice:
            yield Problem(
                f"the waiver of {waiver.check} on {waiver.target} ends on {waiver.until.isoformat()}",
                remediation="Mend what it covers before that day.",
                evidence=f"its reason: {waiver.reason}",
                location=waiver.location,
            )
