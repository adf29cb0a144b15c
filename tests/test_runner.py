"""The whole run: plan, gather, judge, against a canned AWS and against what was saved of it."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import UsageError
from ecs_preflight.facts import Question, Snapshot
from ecs_preflight.findings import CheckResult, Outcome
from ecs_preflight.plan import make_plan
from ecs_preflight.reports.json import as_dict
from ecs_preflight.runner import run_preflight
from ecs_preflight.snapshot_file import load_snapshot, save_snapshot
from tests.aws.canned import CannedAccess, CannedAws, Refusal, session_of
from tests.plans import MANAGED, MANAGED_ROLE, MANAGING_IDENTITY, config

NOON = datetime(2027, 3, 1, 12, tzinfo=timezone.utc)
SELECTED = ("ROLE002", "CLUSTER001")
OF = config(accounts={"ecs": {"regions": {"us-east-1": {"clusters": {"production": None}}}}})


def aws() -> CannedAws:
    arn = f"arn:aws:ecs:us-east-1:{MANAGED}:cluster/production"
    cluster = {"clusterName": "production", "clusterArn": arn, "status": "ACTIVE"}
    return CannedAws({"AssumeRole": session_of, "DescribeClusters": {"clusters": [cluster], "failures": []}})


class Told:
    """Remembers how the run went on."""

    def __init__(self) -> None:
        self.questions: list[Question[object]] = []
        self.results: list[CheckResult] = []

    def answered(self, question: Question[object]) -> None:
        self.questions.append(question)

    def judged(self, result: CheckResult) -> None:
        self.results.append(result)


def test_a_run_plans_asks_and_judges() -> None:
    canned, told = aws(), Told()
    kept: list[Snapshot] = []
    report = run_preflight(OF, CannedAccess(aws=canned), select=SELECTED, as_of=NOON, progress=told, keep=kept.append)
    (snapshot,) = kept

    assert {result.check: result.outcome for result in report.results} == dict.fromkeys(SELECTED, Outcome.PASSED)
    assert report.exit_code() == 0
    assert told.results == list(report.results)
    assert set(told.questions) == set(snapshot.facts)
    assert len(told.questions) == len(snapshot.facts)
    assert (report.run.source, report.run.started_at, report.run.taken_at) == ("aws", NOON, snapshot.taken_at)
    assert report.run.calls == {"sts:GetCallerIdentity": 2, "sts:AssumeRole": 1, "ecs:DescribeClusters": 1}
    assert report.run.duration_seconds is not None
    assert report.run.duration_seconds >= 0


def test_only_what_the_selected_checks_need_is_asked() -> None:
    canned = aws()
    run_preflight(OF, CannedAccess(aws=canned), select=["CLUSTER001"], ignore=["ROLE"])
    assert set(canned.operations()) == {"GetCallerIdentity", "AssumeRole", "DescribeClusters"}
    canned.sent.clear()
    run_preflight(OF, CannedAccess(aws=canned), select=["ACCOUNT"])
    assert canned.sent == []


def test_what_was_saved_is_judged_alike_and_asks_nobody(tmp_path: Path) -> None:
    refused = CannedAws(
        {"AssumeRole": Refusal("AccessDenied", f"not authorized to perform: sts:AssumeRole on {MANAGED_ROLE}", 403)}
    )
    for canned in (aws(), refused):
        file = tmp_path / "snapshot.json"
        save = partial(save_snapshot, path=file)
        report = run_preflight(OF, CannedAccess(aws=canned), select=SELECTED, as_of=NOON, keep=save)
        again = run_preflight(OF, load_snapshot(file), select=SELECTED, as_of=NOON)
        assert again.results == report.results
        assert as_dict(again)["results"] == as_dict(report)["results"]
        assert again.run.source == "snapshot"
        assert again.run.taken_at == report.run.taken_at


def test_from_an_empty_snapshot_nothing_that_needs_aws_is_green() -> None:
    report = run_preflight(OF, Snapshot())
    asking = [bool(item.questions(OF, Snapshot())) for item in make_plan(OF).items]
    green = [result.check for result, asks in zip(report.results, asking, strict=True) if asks and result.outcome.is_green]
    assert sum(asking) > 10
    assert green == []
    assert not report.is_green
    assert report.exit_code() != 0


def test_an_empty_selection_stops_before_anything_is_asked() -> None:
    canned = aws()
    with pytest.raises(UsageError):
        run_preflight(OF, CannedAccess(aws=canned), select=["ROLE"], ignore=["ROLE"])
    assert canned.sent == []


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (config(), ["version is not stated", "managing_identity_arn is not stated"]),
        (config(offline=True), ["offline", "version is not stated"]),
        (config(managing_identity_arn=MANAGING_IDENTITY), ["version is not stated"]),
    ],
)
def test_the_report_notes_what_was_not_stated(of: PreflightConfig, told: list[str]) -> None:
    notes = run_preflight(of, Snapshot()).run.notes
    assert [part for note in notes for part in told if part in note] == told
    assert len(notes) == len(told)


def test_judging_a_snapshot_loads_no_boto(tmp_path: Path) -> None:
    path = tmp_path / "clouddriver.yml"
    path.write_text("aws: {enabled: true}\necs: {enabled: true, accounts: [{name: a, awsAccount: b}]}\n")
    program = (
        "import sys; from ecs_preflight import load_config, run_preflight, Snapshot, render;"
        f"render(run_preflight(load_config({str(path)!r}), Snapshot()), 'text');"
        "assert not {'boto3', 'botocore', 'moto'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
