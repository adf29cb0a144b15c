"""NETWORK002: subnets that Spinnaker sees and can choose."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Absent, Unknown
from ecs_preflight.findings import CheckResult, Outcome, Severity
from ecs_preflight.network_questions import subnets
from tests.checks.cluster_facts import ACCOUNT, GAP, REGION, a_config, a_workload, asked, assert_not_green_by_ignorance, judged
from tests.checks.network_facts import (
    BOTH,
    PURPOSE,
    a_subnet,
    deploying,
    running,
    service_facts,
    subnets_fact,
)

BARE = a_subnet("subnet-bare", purpose=None)
EXTERNAL = a_subnet("subnet-x", purpose="external (main)")


def seeing(*found: Subnet, config: PreflightConfig | None = None, **changed: Any) -> CheckResult:
    return judged("NETWORK002", config or deploying(**changed), subnets_fact(*found))


@pytest.mark.parametrize(
    ("found", "changed", "outcome"),
    [
        (BOTH, {}, Outcome.PASSED),
        (BOTH[:1], {}, Outcome.PASSED),
        ((a_subnet(purpose=None, Name="main.internal.us-east-1a"),), {}, Outcome.PASSED),
        ((BARE,), {}, Outcome.FAILED),
        ((), {}, Outcome.FAILED),
        ((EXTERNAL,), {}, Outcome.FAILED),
        ((a_subnet(zone="c"),), {}, Outcome.FAILED),
        (BOTH, {"subnetTypes": ["Internal (main)"]}, Outcome.FAILED),
        (BOTH, {"subnetTypes": None, "subnetType": PURPOSE}, Outcome.PASSED),
        (BOTH, {"subnetTypes": None}, Outcome.BLOCKED),
        (BOTH, {"subnetTypes": ["${parameters.subnet}"]}, Outcome.UNDETERMINED),
        (BOTH, {"availabilityZones": {"us-east-1": ["${parameters.zone}"]}}, Outcome.UNDETERMINED),
        (BOTH, {"networkMode": "${parameters.mode}", "launchType": "EC2"}, Outcome.UNDETERMINED),
        (BOTH, {"networkMode": "bridge", "launchType": "EC2"}, Outcome.NOT_APPLICABLE),
        (BOTH, {"launchType": "EC2"}, Outcome.PASSED),
        (BOTH, {"version": "1.9"}, Outcome.NOT_APPLICABLE),
        (BOTH, {"version": None}, Outcome.PASSED),
    ],
)
def test_a_purpose_is_found_in_the_zones(found: tuple[Subnet, ...], changed: dict[str, Any], outcome: Outcome) -> None:
    assert seeing(*found, **changed).outcome is outcome


def test_the_purposes_that_there_are_and_a_near_miss_are_named() -> None:
    (problem,) = seeing(*BOTH, EXTERNAL, BARE, subnetTypes=["internal (man)"]).problems
    assert problem.summary == "no subnet has the purpose 'internal (man)', which 'web' names"
    assert problem.remediation.startswith("Did you mean 'internal (main)'?")
    assert "create-tags --resources subnet-bare --tags" in problem.remediation
    assert '"Value": "{\\"purpose\\": \\"internal (man)\\"}"' in problem.remediation
    assert "'external (main)' in us-east-1a, 'internal (main)' in us-east-1a, us-east-1b" in problem.evidence
    assert "1 of 4 subnets have none" in problem.evidence
    assert problem.location is not None
    assert problem.location.file == "group.json"


def test_a_purpose_that_is_elsewhere_names_its_zones() -> None:
    (problem,) = seeing(a_subnet(zone="c"), a_subnet("subnet-d", "d")).problems
    assert problem.summary == "the subnets 'internal (main)' are in none of the zones of 'web'"
    assert '{"us-east-1": ["us-east-1c", "us-east-1d"]}' in problem.remediation


def test_one_of_several_purposes_that_is_not_found_leaves_the_others() -> None:
    result = seeing(*BOTH, subnetTypes=[PURPOSE, "external (main)"])
    assert (result.outcome, result.severity) == (Outcome.FAILED, Severity.WARNING)


@pytest.mark.parametrize("tag", ["[]", '"internal"', "5"])
def test_a_tag_that_breaks_the_look_up_breaks_every_deployment(tag: str) -> None:
    breaking = a_subnet("subnet-odd", "f", purpose=None, immutable_metadata=tag)
    (problem,) = seeing(*BOTH, breaking).problems
    assert problem.summary == "the tag immutable_metadata of subnet-odd breaks clouddriver's look at subnets"
    assert tag in problem.evidence
    assert problem.severity is Severity.ERROR


def test_subnets_of_two_vpcs_are_refused_and_so_are_more_than_sixteen() -> None:
    (problem,) = seeing(BOTH[0], a_subnet("subnet-b", "b", vpc="vpc-other")).problems
    assert problem.summary == "the subnets of 'web' are of 2 VPCs"
    (problem,) = seeing(*(a_subnet(f"subnet-{number}") for number in range(17))).problems
    assert problem.summary == "17 subnets are meant for 'web'; a service takes 16"
    assert seeing(*(a_subnet(f"subnet-{number}") for number in range(16))).outcome is Outcome.PASSED


@pytest.mark.parametrize(("found", "outcome"), [((EXTERNAL,), Outcome.PASSED), ((BARE,), Outcome.FAILED), ((), Outcome.FAILED)])
def test_of_sizes_alone_any_purpose_will_do(found: tuple[Subnet, ...], outcome: Outcome) -> None:
    config = a_config(workloads=[a_workload(network_mode="awsvpc")], version="1.37.0")
    result = seeing(*found, config=config)
    assert result.outcome is outcome
    for problem in result.problems:
        assert problem.summary == "no subnet of us-east-1 has a purpose, so Spinnaker offers none to 'web'"


def test_a_service_that_runs_has_its_subnets() -> None:
    result = judged("NETWORK002", running(), service_facts("subnet-a"))
    assert result.outcome is Outcome.NOT_APPLICABLE
    assert asked("NETWORK002", running(), service_facts("subnet-a")) == {"service", "task-definition"}


def test_a_part_of_the_subnets_decides_nothing_and_no_answer_is_none() -> None:
    assert judged("NETWORK002", deploying(), subnets_fact(*BOTH, gaps=(GAP,))).outcome is Outcome.UNDETERMINED
    for fact, outcome in ((Unknown("ec2:DescribeSubnets", "denied"), Outcome.UNDETERMINED), (Absent("no"), Outcome.BLOCKED)):
        assert judged("NETWORK002", deploying(), {subnets(ACCOUNT, REGION): fact}).outcome is outcome
    assert_not_green_by_ignorance("NETWORK002", deploying(), subnets_fact(*BOTH))


def test_bridge_asks_nothing_and_without_a_role_nobody_is_asked() -> None:
    assert asked("NETWORK002", deploying(networkMode="bridge", launchType="EC2")) == set()
    config = a_config(workloads=[a_workload(network_mode="awsvpc")], assume_role="nothing")
    assert asked("NETWORK002", config) == set()
    assert judged("NETWORK002", config).outcome is Outcome.BLOCKED
