"""The report as JSON: schema version 1, compared whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from ecs_preflight.findings import Outcome, Report
from ecs_preflight.reports.json import as_dict, render_json
from tests.reports.reports import AGENTS, EMPTY, GREEN, REPORT, RUN, WAIVED

ACCENTED = "compte de développement 開発"
EXPECTED: dict[str, Any] = {
    "schema_version": 1,
    "results": [
        {
            "check": "CLUSTER004",
            "slug": "agents-disconnected",
            "target": "ecs/us-east-1/production",
            "severity": "ERROR",
            "outcome": "FAILED",
            "reason": "page 2 could not be read: Throttling",
            "problems": [
                {
                    "severity": "WARNING",
                    "summary": "1 of 3 agents is disconnected",
                    "evidence": "",
                    "remediation": "",
                    "location": None,
                },
                {
                    "severity": "ERROR",
                    "summary": "all agents of b are disconnected",
                    "evidence": "",
                    "remediation": "",
                    "location": {"file": "preflight.yml", "line": 7},
                },
            ],
        },
        {
            "check": "CAPACITY001",
            "slug": "tasks-do-not-fit",
            "target": "ecs/us-east-1/production/web",
            "severity": "ERROR",
            "outcome": "WAIVED",
            "reason": "",
            "problems": [
                {
                    "severity": "ERROR",
                    "summary": "only 1 of 4 copies of web fit",
                    "evidence": "",
                    "remediation": "",
                    "location": None,
                }
            ],
            "waiver": {"reason": "the cluster grows in April", "until": "2027-04-30", "original_outcome": "FAILED"},
        },
    ],
    "counts": {"PASSED": 0, "FAILED": 1, "BLOCKED": 0, "UNDETERMINED": 0, "NOT_APPLICABLE": 0, "WAIVED": 1},
    "run": {
        "source": "aws",
        "started_at": "2027-03-01T12:00:00+00:00",
        "taken_at": "2027-03-01T11:59:58+00:00",
        "duration_seconds": 1.5,
        "calls": {"sts:AssumeRole": 2},
        "answered_by": {"role/ecs/-/SpinnakerManaged": "arn:aws:sts::100000000002:assumed-role/Auditor/ecs-preflight"},
        "notes": ["Spinnaker's version is not stated"],
    },
}


def test_the_whole_document() -> None:
    report = Report((AGENTS, WAIVED), RUN)
    assert as_dict(report) == EXPECTED
    assert render_json(report) == json.dumps(EXPECTED, indent=2, ensure_ascii=False) + "\n"


def test_the_keys_are_those_of_the_design_in_its_order() -> None:
    document = json.loads(render_json(REPORT))
    assert list(document) == ["schema_version", "results", "counts", "run"]
    for row in document["results"]:
        keys = ["check", "slug", "target", "severity", "outcome", "reason", "problems"]
        assert list(row) == [*keys, *(["waiver"] if row["outcome"] == "WAIVED" else [])]
        for problem in row["problems"]:
            assert list(problem) == ["severity", "summary", "evidence", "remediation", "location"]
            assert problem["location"] is None or list(problem["location"]) == ["file", "line"]


def test_results_stand_in_plan_order_and_are_counted() -> None:
    document = json.loads(render_json(REPORT))
    assert [row["check"] for row in document["results"]] == [result.check for result in REPORT.results]
    assert document["counts"] == {outcome.value: sum(r.outcome is outcome for r in REPORT.results) for outcome in Outcome}
    assert sum(document["counts"].values()) == len(document["results"])


def test_all_that_differs_from_run_to_run_stands_under_run() -> None:
    one, other = as_dict(GREEN), as_dict(Report(GREEN.results, EMPTY.run))
    assert one.pop("run") != other.pop("run")
    assert one == other


def test_names_are_written_as_they_are() -> None:
    assert ACCENTED in render_json(Report((replace(AGENTS, reason=ACCENTED),), RUN))
    assert json.loads(render_json(EMPTY))["run"]["taken_at"] is None


def test_half_a_character_is_written_as_jsons_escape() -> None:
    """A YAML file may hold "\\ud800": the document must still be one that can be encoded."""
    document = render_json(Report((replace(AGENTS, reason="half \ud800 of one"),), RUN))
    assert "half \\ud800 of one" in document
    assert json.loads(document.encode())["results"][0]["reason"] == "half \ud800 of one"
