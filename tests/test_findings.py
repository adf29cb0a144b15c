"""Problems, results and reports: what they hold to, whoever makes them."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import date, datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    WaiverNote,
)
from tests.plans import result

RUN = RunInfo(started_at=datetime(2026, 11, 23, tzinfo=timezone.utc))


def report(*results: CheckResult) -> Report:
    return Report(results, RUN)


@pytest.mark.parametrize("length", [1, 98, 99])
def test_a_short_summary_stays_as_it_is(length: int) -> None:
    problem = Problem("x" * length, evidence="seen")

    assert (problem.summary, problem.evidence) == ("x" * length, "seen")


def test_what_a_summary_cannot_hold_stands_in_the_evidence() -> None:
    problem = Problem(f"the account {'x' * 200!r} is gone", evidence="seen")

    assert len(problem.summary) == 99
    assert problem.summary.endswith("xxx...")
    assert problem.evidence == f"the account {'x' * 200!r} is gone\nseen"


def test_a_problem_changed_afterwards_says_nothing_twice() -> None:
    problem = Problem("x" * 200)
    milder = dataclasses.replace(problem, severity=Severity.INFO)

    assert dataclasses.replace(milder, severity=None) == problem


@given(st.text(), st.text())
def test_a_summary_is_one_line_under_100_characters(summary: str, evidence: str) -> None:
    problem = Problem(summary, evidence=evidence)

    assert len(problem.summary) < 100
    assert len(problem.summary.splitlines()) <= 1
    assert evidence.rstrip() in problem.evidence


SEVERITIES = [Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.FATAL]


def test_severities_are_in_order_and_say_their_name() -> None:
    assert sorted(Severity) == SEVERITIES
    assert [str(severity) for severity in SEVERITIES] == ["INFO", "WARNING", "ERROR", "FATAL"]


def test_only_what_passed_or_does_not_apply_is_green() -> None:
    assert {outcome for outcome in Outcome if outcome.is_green} == {Outcome.PASSED, Outcome.NOT_APPLICABLE}


@pytest.mark.parametrize("verdict", [Blocked, Undetermined, NotApplicable, Remark])
def test_a_verdict_keeps_its_reason(verdict: type[Verdict]) -> None:
    assert verdict("there is no such role").reason == "there is no such role"
    assert str(verdict("there is no such role")) == "there is no such role"


def test_a_failed_result_gives_its_problems_their_papers() -> None:
    mild, own = Problem("mild", severity=Severity.WARNING), Problem("own")
    failed = result("TRUST001", "prod", Outcome.FAILED, Severity.FATAL, problems=(mild, own))
    (first, second) = failed.findings

    assert (first.check, first.slug, first.target.id) == ("TRUST001", "slug-of-trust001", "prod")
    assert (first.severity, first.problem) == (Severity.WARNING, mild)
    assert (second.severity, second.problem) == (Severity.FATAL, own)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome is not Outcome.FAILED])
def test_no_other_result_has_findings(outcome: Outcome) -> None:
    assert result(outcome=outcome, problems=(Problem("waived"),)).findings == ()


def test_a_result_is_known_by_check_target_and_outcome() -> None:
    said = result("TRUST001", "prod/us-east-1", Outcome.BLOCKED, reason="there is no role")

    assert said.key == ("TRUST001", "prod/us-east-1", Outcome.BLOCKED)


def test_counts_name_every_outcome() -> None:
    counts = report(result(), result(outcome=Outcome.FAILED), result(outcome=Outcome.FAILED)).counts()

    assert counts == {"PASSED": 1, "FAILED": 2, "BLOCKED": 0, "UNDETERMINED": 0, "NOT_APPLICABLE": 0, "WAIVED": 0}


def test_the_findings_of_a_report_are_those_of_its_results() -> None:
    failed = result(outcome=Outcome.FAILED, problems=(Problem("one"), Problem("two")))

    assert [finding.problem.summary for finding in report(result(), failed).findings] == ["one", "two"]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_report_is_as_green_as_its_results(outcome: Outcome) -> None:
    assert report(result(), result(outcome=outcome)).is_green is outcome.is_green


def test_a_report_of_nothing_failed() -> None:
    assert report().is_green
    assert report().exit_code() == 0


# outcome, its severity, --fail-on, the exit code: 1 findings, 3 nothing failed and not everything was seen (design)
EXITS = [
    (Outcome.FAILED, Severity.FATAL, Severity.ERROR, 1),
    (Outcome.FAILED, Severity.ERROR, Severity.ERROR, 1),
    (Outcome.FAILED, Severity.WARNING, Severity.ERROR, 0),
    (Outcome.FAILED, Severity.WARNING, Severity.WARNING, 1),
    (Outcome.FAILED, Severity.INFO, Severity.INFO, 1),
    (Outcome.FAILED, Severity.ERROR, Severity.FATAL, 0),
    (Outcome.UNDETERMINED, Severity.ERROR, Severity.ERROR, 3),
    (Outcome.UNDETERMINED, Severity.WARNING, Severity.ERROR, 0),
    (Outcome.BLOCKED, Severity.FATAL, Severity.ERROR, 3),
    (Outcome.BLOCKED, Severity.ERROR, Severity.FATAL, 0),
    (Outcome.WAIVED, Severity.FATAL, Severity.INFO, 0),
    (Outcome.NOT_APPLICABLE, Severity.FATAL, Severity.INFO, 0),
    (Outcome.PASSED, Severity.FATAL, Severity.INFO, 0),
]


@pytest.mark.parametrize(("outcome", "severity", "fail_on", "code"), EXITS)
def test_the_exit_code(outcome: Outcome, severity: Severity, fail_on: Severity, code: int) -> None:
    assert report(result(), result(outcome=outcome, severity=severity)).exit_code(fail_on) == code


RESULTS = st.builds(
    lambda outcome, severity: result(outcome=outcome, severity=severity), st.sampled_from(Outcome), st.sampled_from(Severity)
)


@given(st.lists(RESULTS, max_size=6), st.sampled_from(Severity))
def test_what_is_green_never_fails_a_run_and_a_lower_bar_never_mends_one(results: list[CheckResult], fail_on: Severity) -> None:
    whole = report(*results)

    assert not (whole.is_green and whole.exit_code(fail_on))
    assert whole.exit_code(Severity.INFO) or not whole.exit_code(fail_on)
    assert sum(whole.counts().values()) == len(results)


def test_what_failed_outweighs_what_was_not_seen() -> None:
    results = (result(outcome=Outcome.UNDETERMINED), result(outcome=Outcome.FAILED), result(outcome=Outcome.BLOCKED))

    assert {report(*order).exit_code() for order in itertools.permutations(results)} == {1}


def test_a_waived_result_says_what_it_was() -> None:
    note = WaiverNote("the cluster grows in February", date(2027, 3, 1), Outcome.FAILED)
    waived = result(outcome=Outcome.WAIVED, waiver=note, problems=(Problem("tasks do not fit"),))

    assert waived.waiver is note
    assert not report(waived).is_green


def test_a_run_info_cannot_be_written_to() -> None:
    with pytest.raises(TypeError):
        RUN.calls["ecs:DescribeClusters"] = 1  # type: ignore[index]
