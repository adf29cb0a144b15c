"""CAPACITY005: an address for each copy."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.findings import CheckResult, Outcome, Severity
from tests.checks.cluster_facts import (
    DENIED,
    Facts,
    a_cluster,
    a_config,
    a_workload,
    an_instance,
    asked,
    assert_not_green_by_ignorance,
    cluster_fact,
    instances_fact,
    judged,
    tasks_fact,
)
from tests.checks.network_facts import VPC, a_subnet, deploying, running, service_facts, subnets_fact

# Four copies are wanted.
EC2 = {"launchType": "EC2"}


def on_fargate(*found: Subnet, **changed: Any) -> CheckResult:
    return judged("CAPACITY005", deploying(**changed), subnets_fact(*found))


def in_zone(number: int, zone: str, vpc: str = VPC) -> ContainerInstance:
    """An m5.large, which takes two awsvpc tasks."""
    place = {"ecs.availability-zone": f"us-east-1{zone}", "ecs.vpc-id": vpc, "com.amazonaws.ecs.capability.ecr-auth": None}
    return an_instance(number, attributes={**an_instance().attributes, **place})


def seeing(*instances: ContainerInstance) -> tuple[Facts, ...]:
    return cluster_fact(a_cluster()), instances_fact(*instances), tasks_fact()


def on_ec2(found: tuple[Subnet, ...], *instances: ContainerInstance, **changed: Any) -> CheckResult:
    return judged("CAPACITY005", deploying(**{**EC2, **changed}), subnets_fact(*found), *seeing(*instances))


@pytest.mark.parametrize(
    ("found", "changed", "outcome"),
    [
        ((a_subnet(free=4),), {}, Outcome.PASSED),
        ((a_subnet(free=3),), {}, Outcome.FAILED),
        ((a_subnet(free=2), a_subnet("subnet-b", "b", free=2)), {}, Outcome.PASSED),
        (
            (a_subnet(free=2), a_subnet("subnet-b", "b", free=2)),
            {"availabilityZones": {"us-east-1": ["us-east-1a"]}},
            Outcome.FAILED,
        ),
        ((a_subnet(free=0), a_subnet("subnet-x", purpose="external")), {}, Outcome.FAILED),
        ((a_subnet(free=None), a_subnet("subnet-b", "b", free=4)), {}, Outcome.PASSED),
        ((a_subnet(free=None), a_subnet("subnet-b", "b", free=3)), {}, Outcome.UNDETERMINED),
        ((a_subnet(free=3),), {"capacity": {"min": 1, "max": 4, "desired": "${parameters.copies}"}}, Outcome.UNDETERMINED),
        ((a_subnet(free=3),), {"subnetTypes": ["nothing"]}, Outcome.BLOCKED),
        ((a_subnet(free=3),), {"networkMode": "bridge", "launchType": "EC2"}, Outcome.NOT_APPLICABLE),
    ],
)
def test_on_fargate_the_subnets_together_must_have_enough(
    found: tuple[Subnet, ...], changed: dict[str, Any], outcome: Outcome
) -> None:
    result = on_fargate(*found, **changed)
    assert (result.outcome, result.severity) == (outcome, Severity.ERROR)


def test_what_is_free_is_told_by_subnet() -> None:
    (problem,) = on_fargate(a_subnet(free=2), a_subnet("subnet-b", "b", free=1)).problems
    assert problem.summary == "the subnets of 'web' have 3 free addresses for 4 copies"
    assert problem.evidence == "AvailableIpAddressCount: subnet-a (us-east-1a): 2, subnet-b (us-east-1b): 1"
    assert "with the purpose 'internal (main)'" in problem.remediation
    assert problem.location is not None


@pytest.mark.parametrize(
    ("found", "instances", "outcome"),
    [
        ((a_subnet(free=4),), (in_zone(1, "a"), in_zone(2, "a")), Outcome.PASSED),
        ((a_subnet(free=2), a_subnet("subnet-b", "b", free=2)), (in_zone(1, "a"), in_zone(2, "b")), Outcome.PASSED),
        ((a_subnet(free=3), a_subnet("subnet-b", "b", free=1)), (in_zone(1, "a"), in_zone(2, "b")), Outcome.FAILED),
        # Enough addresses, and none where an instance is.
        ((a_subnet(free=9),), (in_zone(1, "a"), in_zone(2, "b")), Outcome.FAILED),
        ((a_subnet(free=9),), (in_zone(1, "a"), in_zone(2, "a", "vpc-other")), Outcome.FAILED),
        # The instances hold two only: that more do not fit is CAPACITY001's to say.
        ((a_subnet(free=4),), (in_zone(1, "a"),), Outcome.PASSED),
        ((a_subnet(free=4),), (), Outcome.PASSED),
        ((a_subnet(free=3),), (in_zone(1, "a"), in_zone(2, "a")), Outcome.FAILED),
    ],
)
def test_on_ec2_an_address_must_be_where_the_instance_is(
    found: tuple[Subnet, ...], instances: tuple[ContainerInstance, ...], outcome: Outcome
) -> None:
    assert on_ec2(found, *instances).outcome is outcome


def test_instances_in_other_zones_are_counted() -> None:
    (problem,) = on_ec2((a_subnet(free=9),), in_zone(1, "a"), in_zone(2, "b")).problems
    assert problem.summary == "the subnets of 'web' have addresses for 2 of 4 copies"
    assert problem.evidence.startswith("the container instances have room for 4; AvailableIpAddressCount: ")
    assert problem.evidence.endswith("; container instances in no zone or VPC of theirs: 1")


def test_an_address_that_may_be_there_decides_nothing() -> None:
    found = (a_subnet(free=None), a_subnet("subnet-b", "b", free=4))
    assert on_ec2(found, in_zone(1, "a"), in_zone(2, "b")).outcome is Outcome.UNDETERMINED


def test_what_ecs_would_refuse_is_said_elsewhere() -> None:
    refused = {"placementConstraints": [{"type": "memberOf", "expression": "=="}]}
    assert on_ec2((a_subnet(free=9),), in_zone(1, "a"), **refused).outcome is Outcome.PASSED


def test_more_of_a_service_take_addresses_of_its_subnets() -> None:
    service = service_facts("subnet-a", "subnet-b")
    both = subnets_fact(a_subnet(free=1), a_subnet("subnet-b", purpose=None, free=1), a_subnet("subnet-c", free=9))
    assert judged("CAPACITY005", running(more=2), service, both).outcome is Outcome.PASSED
    assert judged("CAPACITY005", running(more=3), service, both).outcome is Outcome.FAILED
    assert judged("CAPACITY005", running(more=1), service, subnets_fact(a_subnet())).outcome is Outcome.UNDETERMINED


def test_nothing_is_green_by_ignorance_and_nothing_asked_in_vain() -> None:
    assert_not_green_by_ignorance("CAPACITY005", deploying(), subnets_fact(a_subnet()))
    assert_not_green_by_ignorance(
        "CAPACITY005", deploying(**EC2), subnets_fact(a_subnet()), *seeing(in_zone(1, "a"), in_zone(2, "a"))
    )
    assert asked("CAPACITY005", deploying()) == {"subnets"}
    assert asked("CAPACITY005", deploying(**EC2)) == {"subnets", "cluster"}
    sizes = a_config(workloads=[a_workload(network_mode="awsvpc")])
    assert asked("CAPACITY005", sizes) == set()
    assert judged("CAPACITY005", sizes).outcome is Outcome.NOT_APPLICABLE
    assert judged("CAPACITY005", deploying(**EC2), subnets_fact(a_subnet()), cluster_fact(DENIED)).outcome is Outcome.UNDETERMINED
