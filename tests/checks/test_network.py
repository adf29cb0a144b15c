"""NETWORK001: awsvpc and the Spinnaker that can give it."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.errors import Location
from ecs_preflight.findings import Outcome, Severity
from tests.checks.cluster_facts import NAME, a_config, a_workload, a_written_config, asked, judged

AWSVPC = a_workload(network_mode="awsvpc")
FARGATE = a_workload(launch_type="FARGATE")


# The guide: "the ENIs are not yet supported in Spinnaker"; clouddriver.md 11: awsvpc and launch types are first in 1.10.
@pytest.mark.parametrize(
    ("version", "workloads", "outcome", "severity"),
    [
        ("1.9.5", [AWSVPC], Outcome.FAILED, Severity.ERROR),
        ("1.8", [FARGATE], Outcome.FAILED, Severity.ERROR),
        (None, [AWSVPC], Outcome.FAILED, Severity.WARNING),
        ("main", [AWSVPC], Outcome.FAILED, Severity.WARNING),
        ("1.10.0", [AWSVPC], Outcome.NOT_APPLICABLE, Severity.ERROR),
        ("2025.0", [AWSVPC], Outcome.NOT_APPLICABLE, Severity.ERROR),
        ("1.37.0", [], Outcome.NOT_APPLICABLE, Severity.ERROR),
        (None, [a_workload()], Outcome.PASSED, Severity.ERROR),
        ("1.9", [a_workload(network_mode="host")], Outcome.PASSED, Severity.ERROR),
        (None, None, Outcome.PASSED, Severity.ERROR),
    ],
)
def test_awsvpc_needs_a_spinnaker_that_knows_it(
    version: str | None, workloads: list[dict[str, Any]] | None, outcome: Outcome, severity: Severity
) -> None:
    config = a_config(version=version, workloads=workloads)
    result = judged("NETWORK001", config)
    assert (result.outcome, result.severity) == (outcome, severity)
    assert asked("NETWORK001", config) == set()


def test_an_unstated_version_is_told_how_to_be_stated() -> None:
    (problem,) = judged("NETWORK001", a_config(workloads=[AWSVPC])).problems
    assert problem.summary == "workload 'web' uses awsvpc; Spinnaker's version is not stated"
    assert "1.10 or later" in problem.remediation
    assert 'spinnaker: {version: "1.37.0"}' in problem.remediation
    assert "--spinnaker-version" in problem.remediation


def test_each_workload_has_its_own_problem() -> None:
    workloads = [AWSVPC, a_workload(name="api"), a_workload(name="w" * 200, launch_type="FARGATE")]
    problems = judged("NETWORK001", a_config(version="1.9", workloads=workloads)).problems
    assert len(problems) == 2
    assert max(len(problem.summary) for problem in problems) < 100


@pytest.mark.parametrize("version", ["1.9", None])
def test_the_line_of_the_workload_is_said(version: str | None) -> None:
    workloads = ("- {name: api, memory: 512}", "- {name: web, memory: 512, network_mode: awsvpc}")
    (problem,) = judged(
        "NETWORK001", a_written_config(f"{NAME}:", "  workloads:", *(f"    {w}" for w in workloads), version=version)
    ).problems
    assert problem.location == Location("preflight.yml", 9, 17)


def test_every_cluster_of_a_region_has_no_workloads_given() -> None:
    assert judged("NETWORK001", a_config(named=())).outcome is Outcome.PASSED
