"""WAIVER: the waivers judge themselves, at the time that the run is for."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.checks._check import Check, Facts
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import CheckResult, Outcome, Problem
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from ecs_preflight.preflight_reader import read_preflight_file
from ecs_preflight.targets import Target
from tests.plans import config, result

NOON = datetime(2027, 3, 1, 12, tzinfo=timezone.utc)
ALL = frozenset(check.id for check in ALL_CHECKS)
BY_ID = {check.id: check for check in ALL_CHECKS}
EXPIRED, MATCHES, HIDES, SOON = (BY_ID[f"WAIVER00{number}"] for number in (1, 2, 3, 4))
CLUSTER = "ecs/us-east-1/production"


def waived(**changes: Any) -> PreflightConfig:
    waiver = {"check": "CAPACITY001", "target": CLUSTER, "until": "2027-06-01", "reason": "it grows", **changes}
    return config(waivers=[waiver])


def summaries(
    check: Check, of: PreflightConfig, *results: CheckResult, selected: frozenset[str] = ALL, as_of: datetime = NOON
) -> list[str]:
    facts = Facts(Snapshot(), frozenset(), results, selected, as_of, ALL)
    said = list(check.judge(of, Target(), facts))
    assert all(isinstance(problem, Problem) and problem.remediation for problem in said)
    return [problem.summary for problem in said if isinstance(problem, Problem)]


@pytest.mark.parametrize("check", [EXPIRED, MATCHES, HIDES, SOON], ids=lambda check: check.id)
def test_without_waivers_there_is_nothing_to_judge(check: Check) -> None:
    assert list(check.targets(config())) == []
    assert list(check.targets(waived())) == [Target()]
    assert check.is_offline
    assert check.judges_results


@pytest.mark.parametrize(("until", "expired"), [("2027-02-28", True), ("2027-03-01", False), ("2027-03-02", False)])
def test_a_waiver_expires_on_the_day_after_its_last(until: str, expired: bool) -> None:
    said = summaries(EXPIRED, waived(until=until))
    assert said == ([f"the waiver of CAPACITY001 on {CLUSTER} ended on {until}"] if expired else [])


@pytest.mark.parametrize(
    ("until", "days", "soon"),
    [
        ("2027-02-28", 14, False),  # past: WAIVER001 says so
        ("2027-03-01", 14, True),
        ("2027-03-15", 14, True),
        ("2027-03-16", 14, False),
        ("2027-03-01", 0, True),
        ("2027-03-02", 0, False),
    ],
)
def test_a_waiver_that_ends_soon_is_told_of(until: str, days: int, soon: bool) -> None:
    waiver = {"check": "CAPACITY001", "target": CLUSTER, "until": until, "reason": "it grows"}
    of = config(waivers=[waiver], thresholds={"waiver_notice_days": days})
    assert summaries(SOON, of) == ([f"the waiver of CAPACITY001 on {CLUSTER} ends on {until}"] if soon else [])


FAILED = result("CAPACITY001", CLUSTER, Outcome.FAILED)
NOTHING: list[tuple[str, dict[str, Any], tuple[CheckResult, ...], frozenset[str], str | None]] = [
    ("it covers a result", {}, (FAILED,), ALL, None),
    ("another target", {"target": "ecs/us-east-1/producton"}, (FAILED,), ALL, "no such target"),
    ("another case", {"target": CLUSTER.upper()}, (FAILED,), ALL, "no such target"),
    ("not selected, so not judged", {}, (), ALL - {"CAPACITY001"}, None),
    ("a typo", {"check": "CAPACTY001"}, (FAILED,), ALL, "did you mean CAPACITY001?"),
    ("a typo of what is not selected", {"check": "CAPACTY001"}, (), ALL - {"CAPACITY001"}, "did you mean CAPACITY001?"),
    ("in small letters", {"check": "capacity001"}, (FAILED,), ALL, "did you mean CAPACITY001?"),
    ("no check at all", {"check": "XYZZY"}, (FAILED,), ALL, "no such check"),
    ("of this family", {"check": "WAIVER004", "target": "config"}, (), ALL, None),
    ("of this family, elsewhere", {"check": "WAIVER004", "target": "ecs"}, (), ALL, "no such target"),
]


@pytest.mark.parametrize(("changes", "results", "selected", "why"), [row[1:] for row in NOTHING], ids=[row[0] for row in NOTHING])
def test_a_waiver_of_nothing(
    changes: dict[str, Any], results: tuple[CheckResult, ...], selected: frozenset[str], why: str | None
) -> None:
    said = summaries(MATCHES, waived(**changes), *results, selected=selected)
    named = f"{changes.get('check', 'CAPACITY001')} on {changes.get('target', CLUSTER)}"
    assert said == ([f"the waiver of {named} matches nothing: {why}"] if why else [])


@pytest.mark.parametrize(
    ("outcomes", "hides"),
    [
        ([], False),
        ([Outcome.PASSED], True),
        ([Outcome.NOT_APPLICABLE], True),
        ([Outcome.FAILED], False),
        ([Outcome.UNDETERMINED], False),
        ([Outcome.PASSED, Outcome.BLOCKED], False),
        ([Outcome.PASSED, Outcome.PASSED], True),
    ],
)
def test_a_waiver_of_what_is_well_would_hide_the_next_failure(outcomes: list[Outcome], hides: bool) -> None:
    results = [result("CAPACITY001", f"ecs/us-east-1/c{number}", outcome) for number, outcome in enumerate(outcomes)]
    said = summaries(HIDES, waived(target="ecs/us-east-1/*"), *results)
    assert said == (["the waiver of CAPACITY001 on ecs/us-east-1/* covers what is well"] if hides else [])


def test_each_says_where_the_waiver_was_written(tmp_path: Path) -> None:
    file = tmp_path / "preflight.yml"
    file.write_text("waivers:\n  - {check: XYZZY, target: ecs, until: 2027-02-01, reason: gone}\n")
    of = PreflightConfig(config().clouddriver, read_preflight_file(file))
    (problem,) = EXPIRED.judge(of, Target(), Facts(Snapshot(), frozenset(), as_of=NOON))

    assert isinstance(problem, Problem)
    assert problem.location
    assert (problem.location.file, problem.location.line) == (str(file), 2)
    assert problem.evidence == "its reason: gone"


def test_a_whole_run_with_a_waiver_of_a_waivers_end() -> None:
    """The check of what ends soon can be waived itself, and is then neither a failure nor matching nothing."""
    of = config(
        waivers=[
            {"check": "ACCOUNT001", "target": "ecs", "until": "2027-03-05", "reason": "soon mended"},
            {"check": "WAIVER004", "target": "config", "until": "2027-03-05", "reason": "we know"},
            {"check": "WAIVER003", "target": "config", "until": date(2027, 12, 1), "reason": "kept on purpose"},
        ],
    )
    report = judge(make_plan(of, ["ACCOUNT001", "WAIVER"]), Snapshot(), NOON)
    assert {found.check: found.outcome.value for found in report.results} == {
        "ACCOUNT001": "PASSED",
        "WAIVER001": "PASSED",
        "WAIVER002": "PASSED",
        "WAIVER003": "WAIVED",
        "WAIVER004": "WAIVED",
    }
