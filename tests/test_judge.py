"""Outcomes: what outweighs what, what can never come out green, and the law over all of it."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight import questions
from ecs_preflight.checks._check import Check, Facts, Judgement
from ecs_preflight.facts import Absent, Fact, Gap, Known, Listing, Question, Snapshot, Unknown
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
from ecs_preflight.judge import judge
from tests.plans import config, made, plan, requiring, result

Out, S = Outcome, Severity
A, B = questions.clusters("ecs", "us-east-1"), questions.clusters("ecs", "eu-west-1")
NOON = datetime(2027, 3, 1, 12, tzinfo=timezone.utc)
PROBLEM = Problem("it is wrong")


def saying(*said: Problem | Verdict, raising: Verdict | None = None, severity: Severity = S.ERROR) -> Check:
    def says(*_: Any) -> Judgement:
        yield from said
        if raising:
            raise raising

    return made(says, severity=severity)


def judged(check: Check, snapshot: Snapshot | None = None) -> CheckResult:
    return judge(plan(check), snapshot or Snapshot(), NOON).results[0]


UNSEEN, NONE, ASIDE = Undetermined("not seen"), Blocked("not there"), NotApplicable("nothing to judge")
REMARK = Remark("by the way")

OUTCOMES: list[tuple[str, Check, Outcome, str]] = [
    ("nothing said", saying(), Out.PASSED, ""),
    ("a problem", saying(PROBLEM), Out.FAILED, ""),
    ("undetermined", saying(raising=UNSEEN), Out.UNDETERMINED, "not seen"),
    ("blocked", saying(raising=NONE), Out.BLOCKED, "not there"),
    ("not applicable", saying(raising=ASIDE), Out.NOT_APPLICABLE, "nothing to judge"),
    ("yielded and gone on", saying(UNSEEN), Out.UNDETERMINED, "not seen"),
    ("failed beside unseen", saying(UNSEEN, PROBLEM), Out.FAILED, "not seen"),
    ("failed beside missing", saying(PROBLEM, raising=NONE), Out.FAILED, "not there"),
    ("failed beside both", saying(NONE, PROBLEM, UNSEEN), Out.FAILED, "not seen"),
    ("unseen outweighs missing", saying(NONE, raising=UNSEEN), Out.UNDETERMINED, "not seen"),
    ("unseen outweighs aside", saying(UNSEEN, raising=ASIDE), Out.UNDETERMINED, "not seen"),
    ("missing outweighs aside", saying(NONE, raising=ASIDE), Out.BLOCKED, "not there"),
    ("a remark of a pass", saying(REMARK), Out.PASSED, "by the way"),
    ("a remark beside a problem", saying(REMARK, PROBLEM), Out.FAILED, ""),
    ("unseen outweighs a remark", saying(REMARK, UNSEEN), Out.UNDETERMINED, "not seen"),
    ("aside outweighs a remark", saying(REMARK, raising=ASIDE), Out.NOT_APPLICABLE, "nothing to judge"),
    ("failed outweighs aside", saying(PROBLEM, raising=ASIDE), Out.FAILED, ""),
]


@pytest.mark.parametrize(("check", "outcome", "reason"), [row[1:] for row in OUTCOMES], ids=[row[0] for row in OUTCOMES])
def test_outcomes(check: Check, outcome: Outcome, reason: str) -> None:
    found = judged(check)
    assert (found.outcome, found.reason) == (outcome, reason)
    assert (found.outcome is Out.FAILED) == bool(found.problems)


@pytest.mark.parametrize("said", list(permutations([PROBLEM, UNSEEN, NONE, ASIDE])), ids=str)
def test_the_order_of_what_is_said_does_not_matter(said: tuple[Any, ...]) -> None:
    found = judged(saying(*said))
    assert (found.outcome, found.reason) == (Out.FAILED, "not seen")


def test_the_first_reason_of_a_kind_is_given() -> None:
    assert judged(saying(Undetermined("first"), Undetermined("second"))).reason == "first"


SEVERITIES: list[tuple[Severity, list[Severity | None], Severity, list[Severity]]] = [
    (S.ERROR, [None], S.ERROR, [S.ERROR]),
    (S.ERROR, [S.INFO], S.INFO, [S.INFO]),
    (S.ERROR, [S.FATAL], S.ERROR, [S.ERROR]),  # never raised
    (S.ERROR, [S.INFO, S.WARNING], S.WARNING, [S.INFO, S.WARNING]),
    (S.ERROR, [S.INFO, None], S.ERROR, [S.INFO, S.ERROR]),
    (S.INFO, [S.FATAL, S.WARNING], S.INFO, [S.INFO, S.INFO]),
    (S.FATAL, [S.WARNING, S.ERROR], S.ERROR, [S.WARNING, S.ERROR]),
]


@pytest.mark.parametrize(("own", "stated", "whole", "each"), SEVERITIES)
def test_a_problem_lowers_its_checks_severity_and_never_raises_it(
    own: Severity, stated: list[Severity | None], whole: Severity, each: list[Severity]
) -> None:
    found = judged(saying(*(Problem("x", severity=severity) for severity in stated), severity=own))
    assert found.severity is whole
    assert [problem.severity for problem in found.problems] == each
    assert [finding.severity for finding in found.findings] == each


@pytest.mark.parametrize("beside", [UNSEEN, NONE], ids=["unseen", "missing"])
def test_a_mild_problem_beside_what_was_not_seen_counts_in_full(beside: Verdict) -> None:
    """The worst may be in the part that was not seen: the run must not exit with 0."""
    report = judge(plan(saying(Problem("mild", severity=S.INFO), beside)), Snapshot(), NOON)
    assert report.results[0].severity is S.ERROR
    assert report.results[0].problems[0].severity is S.INFO
    assert report.exit_code(S.ERROR) != 0


def test_a_mild_problem_beside_a_remark_stays_mild() -> None:
    found = judged(saying(Problem("mild", severity=S.INFO), ASIDE))
    assert (found.severity, found.reason) == (S.INFO, "")


def test_what_is_not_failed_has_the_checks_own_severity() -> None:
    assert judged(saying(raising=UNSEEN, severity=S.WARNING)).severity is S.WARNING
    assert judged(saying(severity=S.FATAL)).severity is S.FATAL


OVERLOOKED: list[tuple[Fact[Any], Outcome, str]] = [
    (Unknown("ecs:ListClusters", "AccessDenied: no"), Out.UNDETERMINED, "ecs:ListClusters: AccessDenied: no"),
    (Absent("there is none"), Out.BLOCKED, "there is none"),
    (Known(None), Out.PASSED, ""),
    (Known(Listing((), (Gap("page 2", "x"),))), Out.PASSED, ""),  # a check may prove a pass from part of a listing
]


@pytest.mark.parametrize("raising", [None, ASIDE], ids=["silent", "not applicable"])
@pytest.mark.parametrize(("fact", "outcome", "reason"), OVERLOOKED)
def test_a_declared_question_without_an_answer_cannot_be_overlooked(
    fact: Fact[Any], outcome: Outcome, reason: str, raising: Verdict | None
) -> None:
    def looks_at_nothing(*_: Any) -> Judgement:
        yield from ()
        if raising:
            raise raising

    found = judged(made(looks_at_nothing, lambda *_: (A,)), Snapshot({A: fact}))
    if outcome is Out.PASSED and raising:
        outcome, reason = Out.NOT_APPLICABLE, raising.reason
    assert (found.outcome, found.reason) == (outcome, reason)


def test_a_problem_is_said_even_where_another_question_has_no_answer() -> None:
    mild = Problem("mild", severity=S.INFO)
    found = judged(made(lambda *_: iter([mild]), lambda *_: (A,)), Snapshot({A: Absent("there is none")}))
    assert (found.outcome, found.reason, found.severity) == (Out.FAILED, "there is none", S.ERROR)


def test_a_check_sees_only_what_it_declares() -> None:
    def looks_aside(config: Any, target: Any, facts: Facts) -> Judgement:
        facts[B].require()
        yield PROBLEM

    with pytest.raises(LookupError, match="which it does not declare"):
        judged(made(looks_aside, lambda *_: (A,)), Snapshot({A: Known(None), B: Known(None)}))


def test_checks_of_results_see_all_others_and_stand_in_plan_order() -> None:
    seen: list[tuple[str, ...]] = []

    def looks(config: Any, target: Any, facts: Facts) -> Judgement:
        seen.append(tuple(other.check for other in facts.results))
        assert facts.selected == {"TEST001", "TEST002", "TEST003"}
        assert facts.as_of == NOON
        assert "TRUST001" in facts.existing
        yield from ()

    observed: list[str] = []
    report = judge(
        plan(made(looks, check_id="TEST002", judges_results=True), saying(PROBLEM), requiring(A, check_id="TEST003")),
        Snapshot(),
        NOON,
        lambda found: observed.append(found.check),
    )
    assert seen == [("TEST001", "TEST003")]
    assert [found.check for found in report.results] == ["TEST002", "TEST001", "TEST003"]
    assert observed == ["TEST001", "TEST003", "TEST002"]


def test_the_report_says_how_the_run_went() -> None:
    taken = datetime(2027, 2, 28, tzinfo=timezone.utc)
    snapshot = Snapshot({A: Known(None)}, taken, {A: "arn:role"}, {"ecs:ListClusters": 1}, source="sandbox")
    run = judge(plan(requiring(A)), snapshot, NOON).run
    assert (run.started_at, run.taken_at, run.source) == (NOON, taken, "sandbox")
    assert dict(run.calls) == {"ecs:ListClusters": 1}
    assert dict(run.answered_by) == {"clusters/ecs/us-east-1": "arn:role"}
    assert judge(plan(saying()), Snapshot(), NOON).run.taken_at is None


def test_waivers_are_applied_after_everything_was_judged() -> None:
    waiver = {"check": "TEST001", "target": "config", "until": "2027-03-01", "reason": "known"}
    of = config(waivers=[waiver])
    (found,) = judge(plan(saying(PROBLEM), of=of), Snapshot(), NOON).results
    assert found.outcome is Out.WAIVED
    assert found.findings == ()
    (after,) = judge(plan(saying(PROBLEM), of=of), Snapshot(), NOON.replace(day=2)).results
    assert after.outcome is Out.FAILED


EXIT_CODES: list[tuple[list[tuple[Outcome, Severity]], dict[Severity, int]]] = [
    ([(Out.PASSED, S.FATAL), (Out.NOT_APPLICABLE, S.FATAL), (Out.WAIVED, S.FATAL)], {S.INFO: 0, S.ERROR: 0}),
    ([(Out.FAILED, S.ERROR)], {S.INFO: 1, S.WARNING: 1, S.ERROR: 1, S.FATAL: 0}),
    ([(Out.FAILED, S.INFO)], {S.INFO: 1, S.WARNING: 0, S.ERROR: 0, S.FATAL: 0}),
    ([(Out.UNDETERMINED, S.ERROR)], {S.WARNING: 3, S.ERROR: 3, S.FATAL: 0}),
    ([(Out.BLOCKED, S.FATAL)], {S.ERROR: 3, S.FATAL: 3}),
    ([(Out.FAILED, S.WARNING), (Out.BLOCKED, S.ERROR)], {S.INFO: 1, S.WARNING: 1, S.ERROR: 3, S.FATAL: 0}),
    ([(Out.FAILED, S.FATAL), (Out.UNDETERMINED, S.FATAL)], {S.FATAL: 1}),
]


@pytest.mark.parametrize(("outcomes", "codes"), EXIT_CODES)
def test_exit_codes(outcomes: list[tuple[Outcome, Severity]], codes: dict[Severity, int]) -> None:
    report = Report(tuple(result(outcome=outcome, severity=severity) for outcome, severity in outcomes), RunInfo(NOON))
    assert {severity: report.exit_code(severity) for severity in codes} == codes


KINDS_OF_ANSWER = st.sampled_from([Known(None), Known(Listing(("x",))), Absent("there is none"), Unknown("x:Y", "no answer")])
QUESTIONS = [questions.cluster("ecs", "us-east-1", str(number)) for number in range(6)]


@st.composite
def made_up_checks(draw: st.DrawFn) -> list[Check]:
    """Checks that ask some questions outright and some once another is answered, and look at none, some or all of them."""
    checks = []
    for number in range(draw(st.integers(1, 4))):
        asked = tuple(draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=4, unique=True)))
        looked_at = tuple(question for question in asked if draw(st.booleans()))
        aside = draw(st.booleans())
        checks.append(_made_up(f"TEST{number:03}", asked, looked_at, aside=aside))
    return checks


def _made_up(check_id: str, asked: tuple[Question[Any], ...], looked_at: tuple[Question[Any], ...], *, aside: bool) -> Check:
    first, *further = asked

    def needs(config: Any, target: Any, known: Snapshot) -> tuple[Question[Any], ...]:
        """The further questions open once the first is known."""
        return (first, *further) if isinstance(known[first], Known) else (first,)

    def judges(config: Any, target: Any, facts: Facts) -> Judgement:
        for question in looked_at:
            if question in facts.declared:
                facts[question].require()
        if aside:
            raise NotApplicable("nothing here")
        yield from ()

    return made(judges, needs, check_id=check_id)


@given(made_up_checks(), st.data())
@settings(max_examples=60, deadline=None)
def test_hiding_any_declared_answer_of_a_green_run_makes_it_not_green(checks: list[Check], data: st.DataObject) -> None:
    """The one property that guards the whole (design): for every declared question, Absent or Unknown is not green."""
    of_all = plan(*checks)
    snapshot = Snapshot({question: data.draw(KINDS_OF_ANSWER) for question in QUESTIONS if data.draw(st.integers(0, 3))})
    declared = {question for item in of_all.items for question in item.questions(of_all.config, snapshot)}
    report = judge(of_all, snapshot, NOON)
    assert report.is_green == all(isinstance(snapshot[question], Known) for question in declared)

    green = Snapshot({question: Known(None) for question in QUESTIONS})
    assert judge(of_all, green, NOON).is_green
    for question in {question for item in of_all.items for question in item.questions(of_all.config, green)}:
        for hidden in (Absent("hidden"), Unknown("x:Y", "hidden")):
            report = judge(of_all, green.with_fact(question, hidden), NOON)
            assert not report.is_green
            assert report.exit_code(S.ERROR) == 3


@pytest.mark.parametrize(("problems", "outcome"), [([], Out.UNDETERMINED), ([PROBLEM], Out.FAILED)])
def test_what_the_reader_saw_in_the_managed_roles_place_fails_a_check_and_never_passes_one(
    problems: list[Problem], outcome: Out
) -> None:
    snapshot = Snapshot({A: Known(None)}, stand_ins={A: "ecs:ListClusters: AccessDenied"})
    found = judged(made(lambda *_: iter(problems), lambda *_: (A,)), snapshot)
    assert found.outcome is outcome
    assert ("the reader saw it" in found.reason) is (outcome is Out.UNDETERMINED)
