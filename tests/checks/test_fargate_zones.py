"""NETWORK006: the zones that have Fargate."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Known, Listing
from ecs_preflight.findings import CheckResult, Outcome, Severity
from ecs_preflight.network_questions import subnets
from ecs_preflight.workloads.reading import WorkloadFiles
from tests.checks.cluster_facts import ACCOUNT, a_config, asked, assert_not_green_by_ignorance, judged
from tests.checks.network_facts import BOTH, PURPOSE, a_subnet, deploying, subnets_fact
from tests.spinnaker.server_groups import a_group, a_task_definition, an_artifact_group

WINDOWS = {"operatingSystemFamily": "windows_server_2022_core"}


def in_zone(number: int, zone_id: str | None) -> Subnet:
    return a_subnet(f"subnet-{number}", "a").model_copy(update={"availability_zone_id": zone_id})


def on_windows(**platform: Any) -> PreflightConfig:
    """A task definition artifact with a runtime platform, in us-east-1, where Windows has fewer zones."""
    entry = {"name": "web", "server_group": "web.json", "task_definition": "task.json"}
    group = an_artifact_group(account=ACCOUNT, subnetTypes=[PURPOSE])
    files = WorkloadFiles(
        server_groups={"web.json": (group,)}, task_definitions={"task.json": a_task_definition(runtimePlatform=platform)}
    )
    return replace(a_config(workloads=[entry], version="1.37.0"), workload_files=files)


def of(*zone_ids: str | None, **platform: Any) -> CheckResult:
    found = subnets_fact(*(in_zone(number, zone_id) for number, zone_id in enumerate(zone_ids)))
    return judged("NETWORK006", on_windows(**{**WINDOWS, **platform}), found)


@pytest.mark.parametrize(
    ("zone_ids", "outcome", "severity"),
    [
        (("use1-az1", "use1-az6"), Outcome.PASSED, None),
        (("use1-az3",), Outcome.FAILED, Severity.ERROR),
        (("use1-az3", "use1-az3"), Outcome.FAILED, Severity.ERROR),
        (("use1-az3", "use1-az2"), Outcome.FAILED, Severity.WARNING),
        ((None,), Outcome.UNDETERMINED, None),
        (("use1-az3", None), Outcome.UNDETERMINED, None),
    ],
)
def test_windows_has_fewer_zones(zone_ids: tuple[str | None, ...], outcome: Outcome, severity: Severity | None) -> None:
    result = of(*zone_ids)
    assert result.outcome is outcome
    assert severity is None or result.severity is severity


def test_a_failure_says_which_subnets_and_which_zones() -> None:
    (problem,) = of("use1-az3", "use1-az2").problems
    assert problem.summary == "1 of 2 subnets of 'web' are in zones without Fargate for its tasks"
    assert problem.evidence == (
        "subnet-0 is in us-east-1a (use1-az3); AWS names use1-az1, use1-az2, use1-az4, use1-az5, use1-az6 for us-east-1"
    )
    assert problem.remediation == 'Write "availabilityZones": {"us-east-1": ["us-east-1a"]}.'
    (problem,) = of("use1-az3").problems
    assert problem.remediation.startswith(f"Make a subnet with the purpose {PURPOSE!r} in a zone that has it: use1-az1,")


def test_a_system_that_is_not_known_is_not_taken_for_linux() -> None:
    assert of("use1-az3", operatingSystemFamily="${os}").outcome is Outcome.UNDETERMINED
    assert of("use1-az1", operatingSystemFamily="${os}").outcome is Outcome.PASSED
    config = on_windows(**WINDOWS)
    files = replace(config.workload_files, task_definitions={})
    bare = replace(a_config(workloads=[{"name": "web", "server_group": "web.json"}], version="1.37.0"), workload_files=files)
    assert judged("NETWORK006", bare, subnets_fact(in_zone(1, "use1-az3"))).outcome is Outcome.UNDETERMINED
    assert judged("NETWORK006", bare, subnets_fact(in_zone(1, "use1-az2"))).outcome is Outcome.PASSED


def test_linux_runs_in_every_zone_of_most_regions() -> None:
    assert of("use1-az3", operatingSystemFamily="LINUX").outcome is Outcome.PASSED
    assert judged("NETWORK006", deploying(), subnets_fact(*BOTH)).outcome is Outcome.PASSED


@pytest.mark.parametrize(("zone_id", "outcome"), [("usw1-az1", Outcome.PASSED), ("usw1-az2", Outcome.FAILED)])
def test_and_not_in_a_few(zone_id: str, outcome: Outcome) -> None:
    group = a_group(
        account=ACCOUNT,
        launchType="FARGATE",
        networkMode="awsvpc",
        subnetTypes=[PURPOSE],
        availabilityZones={"us-west-1": ["us-west-1b"]},
    )
    config = replace(
        a_config(
            workloads=[{"name": "web", "server_group": "web.json"}],
            regions=("us-west-1",),
            named_in="us-west-1",
            version="1.37.0",
        ),
        workload_files=WorkloadFiles(server_groups={"web.json": (group,)}),
    )
    subnet = in_zone(1, zone_id).model_copy(update={"availability_zone": "us-west-1b"})
    found = {subnets(ACCOUNT, "us-west-1"): Known(Listing((subnet,)))}
    assert judged("NETWORK006", config, found).outcome is outcome


def test_what_runs_on_instances_is_none_of_its_business() -> None:
    assert judged("NETWORK006", deploying(launchType="EC2"), subnets_fact(*BOTH)).outcome is Outcome.NOT_APPLICABLE
    assert asked("NETWORK006", deploying(launchType="EC2")) == set()
    assert asked("NETWORK006", deploying()) == {"subnets"}


def test_hiding_an_answer_never_passes() -> None:
    assert_not_green_by_ignorance("NETWORK006", deploying(), subnets_fact(*BOTH))
