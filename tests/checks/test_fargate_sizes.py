"""CAPACITY006: the sizes that Fargate offers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import CheckResult, Outcome
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from ecs_preflight.workloads.reading import WorkloadFiles
from tests.builders import CLOUDDRIVER, loaded
from tests.checks.cluster_facts import ACCOUNT, a_config, a_workload
from tests.spinnaker.server_groups import GONE, a_cluster, a_pipeline, a_task_definition, an_artifact_group, written


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


ARM = {"cpuArchitecture": "ARM64"}
WINDOWS = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
SPOT = {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}], "launchType": GONE}
BOTH = [{"capacityProvider": "FARGATE", "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 1}]


def of_artifact(group: dict[str, Any], definition: dict[str, Any]) -> CheckResult:
    """A server group, and the file of its task definition artifact."""
    entry = {"name": "web", "server_group": "web.json", "task_definition": "task.json"}
    files = WorkloadFiles(
        server_groups={"web.json": (an_artifact_group(**{"account": ACCOUNT, "networkMode": "awsvpc", **group}),)},
        task_definitions={"task.json": a_task_definition(**definition)},
    )
    return judged(replace(a_config(workloads=[entry]), workload_files=files))


@pytest.mark.parametrize(
    ("group", "definition", "summary"),
    [
        ({"launchType": "FARGATE"}, {"cpu": "1024", "memory": "2048", "runtimePlatform": WINDOWS}, None),
        (
            {"launchType": "FARGATE"},
            {"cpu": "256", "memory": "512", "runtimePlatform": WINDOWS},
            "'web': Fargate has no task of 256 CPU units and 512 MiB of that kind",
        ),
        (
            {"launchType": "FARGATE", "platformVersion": "1.3.0"},
            {"cpu": "8192", "memory": "16384"},
            "'web': Fargate has no task of 8192 CPU units and 16384 MiB of that kind",
        ),
        ({"launchType": "FARGATE", "platformVersion": "LATEST"}, {"cpu": "8192", "memory": "16384"}, None),
        (SPOT, {"cpu": "256", "memory": "512"}, None),
        (SPOT, {"cpu": "256", "memory": "512", "runtimePlatform": ARM}, None),
        (
            {**SPOT, "platformVersion": "1.3.0"},
            {"cpu": "256", "memory": "512", "runtimePlatform": ARM},
            "'web': FARGATE_SPOT does not run such tasks",
        ),
        (
            {**SPOT, "capacityProviderStrategy": BOTH},
            {"cpu": "1024", "memory": "2048", "runtimePlatform": WINDOWS},
            "'web': FARGATE_SPOT does not run such tasks",
        ),
        # DEPLOY011 says it.
        ({"launchType": "FARGATE", "networkMode": "bridge"}, {"cpu": "256", "memory": "512"}, None),
    ],
)
def test_what_fargate_has_no_hosts_for(group: dict[str, Any], definition: dict[str, Any], summary: str | None) -> None:
    result = of_artifact(group, definition)
    assert [problem.summary for problem in result.problems] == ([summary] if summary else [])
    assert result.outcome is (Outcome.FAILED if summary else Outcome.PASSED)


@pytest.mark.parametrize(
    ("group", "definition"),
    [
        ({"launchType": "FARGATE", "platformVersion": "${version}"}, {"cpu": "8192", "memory": "16384"}),
        (
            {**SPOT, "capacityProviderStrategy": [*BOTH, {"capacityProvider": "${name}", "weight": 1}]},
            {"cpu": "1024", "memory": "2048", "runtimePlatform": ARM},
        ),
    ],
)
def test_what_a_run_of_the_pipeline_decides_is_not_guessed(group: dict[str, Any], definition: dict[str, Any]) -> None:
    assert of_artifact(group, definition).outcome is not Outcome.PASSED


def test_network_mode_and_gpus() -> None:
    bridge = judged(a_config(workloads=[a_workload(cpu=256, memory=512, launch_type="FARGATE")]))
    assert [problem.summary for problem in bridge.problems] == ["'web': FARGATE runs tasks of network mode awsvpc alone"]
    assert bridge.problems[0].evidence == "networkMode bridge; runtimePlatform none; platform version LATEST"
    wish = a_workload(cpu=256, memory=512, launch_type="FARGATE", network_mode="awsvpc", gpus=1)
    assert [problem.summary for problem in judged(a_config(workloads=[wish])).problems] == ["'web': FARGATE has no GPUs"]


def test_a_size_that_an_expression_decides_is_undetermined(tmp_path: Path) -> None:
    cluster = a_cluster(launchType="FARGATE", computeUnits="${cpu}")
    config = loaded(tmp_path, CLOUDDRIVER, pipelines=[written(tmp_path, a_pipeline(cluster))])
    assert (judged(config).outcome, judged(config).reason) == (
        Outcome.UNDETERMINED,
        "the cpu of 'shop-live-web' is not known: ${cpu}",
    )
