"""Checks x snapshot -> report. Pure: nothing here can reach the outside, and nothing unseen comes out green."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.checks._check import Facts
from ecs_preflight.facts import Absent, Snapshot, Unknown
from ecs_preflight.findings import (
    Blocked,
    CheckResult,
    NotApplicable,
    Outcome,
    Problem,
    Remark,
    Report,
    RunInfo,
    Severity,
    Undetermined,
    Verdict,
)
from ecs_preflight.plan import Plan, PlannedCheck
from ecs_preflight.waivers import waive

_EXISTING = frozenset(check.id for check in ALL_CHECKS)


def judge(
    plan: Plan,
    snapshot: Snapshot,
    as_of: datetime | None = None,
    observe: Callable[[CheckResult], None] | None = None,
) -> Report:
    """Judge every planned check from the snapshot; waivers are judged at `as_of` (default: now).

    `observe` is told each result as it is reached, before waivers: for progress.
    """
    moment = as_of or datetime.now().astimezone()
    results: dict[PlannedCheck, CheckResult] = {}
    for item in plan.items:
        if not item.check.judges_results:
            results[item] = judge_one(item, plan, snapshot, moment)
            if observe:
                observe(results[item])
    others = tuple(results.values())
    for item in plan.items:
        if item.check.judges_results:
            results[item] = judge_one(item, plan, snapshot, moment, others)
            if observe:
                observe(results[item])
    waived = waive((results[item] for item in plan.items), plan.config.waivers, moment.date())
    return Report(
        waived,
        RunInfo(
            started_at=moment,
            taken_at=snapshot.taken_at if snapshot.facts else None,
            source=snapshot.source,
            calls=dict(snapshot.calls),
            answered_by={question.id: arn for question, arn in snapshot.answered_by.items()},
        ),
    )


def judge_one(
    item: PlannedCheck,
    plan: Plan,
    snapshot: Snapshot,
    as_of: datetime,
    others: tuple[CheckResult, ...] = (),
) -> CheckResult:
    """One check on one target."""
    declared = item.questions(plan.config, snapshot)
    selected = frozenset(check.id for check in plan.selected)
    facts = Facts(snapshot, declared, others, selected, as_of, existing=_EXISTING)
    problems: list[Problem] = []
    verdicts: list[Verdict] = []
    try:
        for said in item.check.judge(plan.config, item.target, facts):
            if isinstance(said, Problem):
                problems.append(_at_most(said, item))
            else:
                verdicts.append(said)
    except Verdict as verdict:
        verdicts.append(verdict)
    outcome, reason, beside = _outcome(problems, verdicts, facts)
    severity = _severity(problems, item.check.severity, whole=beside is None)
    return CheckResult(item.check.id, item.check.slug, item.target, severity, outcome, reason, tuple(problems), beside=beside)


def _at_most(problem: Problem, item: PlannedCheck) -> Problem:
    """The problem with its severity stated: a problem may lower its check's, never raise it."""
    own = item.check.severity
    return replace(problem, severity=own if problem.severity is None else min(problem.severity, own))


def _severity(problems: list[Problem], own: Severity, *, whole: bool) -> Severity:
    """That of the worst problem. Where a part was not seen, the check's own: the worst may be in that part."""
    stated = [problem.severity for problem in problems if problem.severity is not None]
    return max(stated, default=own) if whole else own


def _outcome(problems: list[Problem], verdicts: list[Verdict], facts: Facts) -> tuple[Outcome, str, Outcome | None]:
    """What failed outweighs what could not be seen; what could not be seen outweighs a pass."""
    unseen = next((verdict for verdict in verdicts if isinstance(verdict, Undetermined)), None)
    missing = next((verdict for verdict in verdicts if isinstance(verdict, Blocked)), None)
    if unseen:
        beside: tuple[Outcome, str] | None = (Outcome.UNDETERMINED, unseen.reason)
    elif missing:
        beside = (Outcome.BLOCKED, missing.reason)
    else:
        beside = _overlooked(facts, failed=bool(problems))
    if problems:
        return (Outcome.FAILED, beside[1], beside[0]) if beside else (Outcome.FAILED, "", None)
    if beside:
        return *beside, None
    aside = next((verdict for verdict in verdicts if isinstance(verdict, NotApplicable)), None)
    if aside:
        return Outcome.NOT_APPLICABLE, aside.reason, None
    remark = next((verdict for verdict in verdicts if isinstance(verdict, Remark)), None)
    return Outcome.PASSED, remark.reason if remark else "", None


def _overlooked(facts: Facts, *, failed: bool) -> tuple[Outcome, str] | None:
    """The guard of the whole: no check is green, or wholly judged, while a question that it declared has no answer.

    That something is absent may be the failure itself: of a failed check only an absence that it did not look at counts.
    """
    for question in sorted(facts.declared, key=lambda question: question.id):
        fact = facts.snapshot[question]
        if isinstance(fact, Unknown):
            return Outcome.UNDETERMINED, f"{fact.call}: {fact.error}"
        if question in facts.snapshot.stand_ins and not failed:
            told = facts.snapshot.stand_ins[question]
            return Outcome.UNDETERMINED, f"{told} (the reader saw it in its place, and Spinnaker would not)"
        if isinstance(fact, Absent) and not (failed and question in facts.looked_at):
            return Outcome.BLOCKED, fact.why
    return None
