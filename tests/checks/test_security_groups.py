"""NETWORK003: security groups, by name, in the VPC of the subnets."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.findings import CheckResult, Outcome
from ecs_preflight.spinnaker.security_groups import SecurityGroup
from tests.checks.cluster_facts import a_config, a_workload, asked, assert_not_green_by_ignorance, judged
from tests.checks.network_facts import BOTH, VPC, a_subnet, deploying, groups_fact, running, service_facts, subnets_fact

WEB = SecurityGroup("web", "sg-1", VPC)


def seeing(*groups: SecurityGroup, **changed: Any) -> CheckResult:
    return judged("NETWORK003", deploying(**changed), subnets_fact(*BOTH), groups_fact(*groups))


@pytest.mark.parametrize(
    ("groups", "changed", "outcome"),
    [
        ((WEB,), {}, Outcome.PASSED),
        ((), {}, Outcome.FAILED),
        ((SecurityGroup("Web", "sg-1", VPC),), {}, Outcome.FAILED),
        ((SecurityGroup("web", "sg-1", "vpc-other"),), {}, Outcome.FAILED),
        ((WEB,), {"securityGroupNames": ["sg-1"]}, Outcome.FAILED),
        ((WEB,), {"securityGroupNames": []}, Outcome.NOT_APPLICABLE),
        ((WEB,), {"securityGroupNames": ["${parameters.group}"]}, Outcome.UNDETERMINED),
        ((WEB,), {"securityGroupNames": ["web", "${parameters.group}"]}, Outcome.UNDETERMINED),
        ((WEB,), {"securityGroupNames": ["db", "${parameters.group}"]}, Outcome.FAILED),
        ((WEB,), {"subnetTypes": ["${parameters.subnet}"]}, Outcome.UNDETERMINED),
        ((WEB,), {"subnetTypes": ["nothing"]}, Outcome.BLOCKED),
        ((WEB,), {"networkMode": "bridge", "launchType": "EC2"}, Outcome.NOT_APPLICABLE),
        ((WEB,), {"version": "1.9"}, Outcome.NOT_APPLICABLE),
    ],
)
def test_a_security_group_is_found_by_name(groups: tuple[SecurityGroup, ...], changed: dict[str, Any], outcome: Outcome) -> None:
    assert seeing(*groups, **changed).outcome is outcome


def test_what_is_missing_is_named_with_where_it_is_and_what_is_there() -> None:
    groups = (SecurityGroup("web", "sg-2", "vpc-other"), SecurityGroup("webs", "sg-3", VPC))
    (problem,) = seeing(*groups).problems
    assert problem.summary == "no security group 'web' is in the VPC of the subnets of 'web'"
    assert problem.remediation.startswith("Did you mean 'webs'?")
    assert f"--group-name web --description web --vpc-id {VPC} --region us-east-1" in problem.remediation
    assert problem.evidence.endswith(f"in {VPC} are webs; one of that name is in vpc-other")
    assert problem.location is not None


def test_an_id_that_is_written_for_a_name_is_told_its_name() -> None:
    (problem,) = seeing(WEB, securityGroupNames=["sg-1"]).problems
    assert problem.remediation.startswith("Did you mean 'web'?")


def test_more_than_five_are_too_many() -> None:
    groups = [SecurityGroup(f"group{number}", f"sg-{number}", VPC) for number in range(6)]
    (problem,) = seeing(*groups, securityGroupNames=[group.name for group in groups]).problems
    assert problem.summary == "6 security groups are meant for 'web'; a service takes 5"


def test_with_subnets_of_two_vpcs_either_will_do() -> None:
    """That there are two is NETWORK002's to say."""
    subnets = (BOTH[0], a_subnet("subnet-b", "b", vpc="vpc-other"))
    groups = groups_fact(SecurityGroup("web", "sg-2", "vpc-other"))
    assert judged("NETWORK003", deploying(), subnets_fact(*subnets), groups).outcome is Outcome.PASSED


def test_nothing_is_green_by_ignorance_and_nothing_asked_in_vain() -> None:
    assert_not_green_by_ignorance("NETWORK003", deploying(), subnets_fact(*BOTH), groups_fact(WEB))
    assert asked("NETWORK003", deploying(securityGroupNames=[])) == set()
    sizes = a_config(workloads=[a_workload(network_mode="awsvpc")])
    assert judged("NETWORK003", sizes).outcome is Outcome.NOT_APPLICABLE
    assert judged("NETWORK003", running(), service_facts("subnet-a")).outcome is Outcome.NOT_APPLICABLE
