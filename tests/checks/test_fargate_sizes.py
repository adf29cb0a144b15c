"""CAPACITY006: the sizes that Fargate offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import CheckResult, Outcome
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from tests.builders import CLOUDDRIVER, loaded
from tests.checks.cluster_facts import a_config, a_workload
from tests.spinnaker.server_groups import a_cluster, a_pipeline, written


def judged(config: PreflightConfig) -> CheckResult:
    (result,) = judge(make_plan(config, ["CAPACITY006"]), Snapshot()).results
    return result


def of_sizes(cpu: int, memory: int) -> CheckResult:
    return judged(a_config(workloads=[a_workload(cpu=cpu, memory=memory, launch_type="FARGATE", network_mode="awsvpc")]))


@pytest.mark.parametrize(
    ("cpu", "memory", "outcome"),
    [
        (256, 512, Outcome.PASSED),
        (16384, 122880, Outcome.PASSED),
        (256, 4096, Outcome.FAILED),
        (300, 512, Outcome.FAILED),
        (0, 512, Outcome.FAILED),
    ],
)
def test_sizes(cpu: int, memory: int, outcome: Outcome) -> None:
    assert of_sizes(cpu, memory).outcome is outcome


@pytest.mark.parametrize(
    ("cpu", "memory", "remedy"),
    [
        (256, 4096, "Ask for 512 CPU units and 4096 MiB, the smallest size that holds it."),
        (300, 512, "Ask for 512 CPU units and 1024 MiB, the smallest size that holds it."),
        (32768, 512, "Make the task smaller: Fargate has none as large. Or run it on EC2."),
    ],
)
def test_the_smallest_size_that_holds_it_is_named(cpu: int, memory: int, remedy: str) -> None:
    (problem,) = of_sizes(cpu, memory).problems
    assert problem.summary == f"'web': Fargate has no task of {cpu} CPU units and {memory} MiB"
    assert problem.remediation == remedy
    assert "256 with 512 to 2048 MiB" in problem.evidence


@pytest.mark.parametrize("workload", [a_workload(), {"name": "web", "task_definition": "web:7", "launch_type": "FARGATE"}])
def test_what_runs_on_instances_or_is_registered_is_not_judged(workload: dict[str, Any]) -> None:
    assert [item.check.id for item in make_plan(a_config(workloads=[workload])).items if item.check.id == "CAPACITY006"] == []


def test_a_size_that_an_expression_decides_is_undetermined(tmp_path: Path) -> None:
    cluster = a_cluster(launchType="FARGATE", computeUnits="${cpu}")
    config = loaded(tmp_path, CLOUDDRIVER, pipelines=[written(tmp_path, a_pipeline(cluster))])
    assert (judged(config).outcome, judged(config).reason) == (
        Outcome.UNDETERMINED,
        "the cpu of 'shop-live-web' is not known: ${cpu}",
    )
