"""NETWORK005: Fargate's tasks reach the registry of their images."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.findings import CheckResult, Outcome, Severity
from ecs_preflight.network_questions import RouteTable
from tests.checks.cluster_facts import Facts, a_config, a_workload, asked, assert_not_green_by_ignorance, judged
from tests.checks.network_facts import (
    BOTH,
    a_subnet,
    a_table,
    an_endpoint,
    deploying,
    endpoints_fact,
    running,
    service_facts,
    subnets_fact,
    tables_fact,
)

ECR_ENDPOINTS = ("ecr.api", "ecr.dkr", "s3")
LOGS = {"logDriver": "awslogs", "logOptions": {"awslogs-group": "/web"}}
NONE, NAT, INTERNET = a_table(""), a_table("nat-1"), a_table("igw-1")


def seeing(table: RouteTable, *endpoints: str, **changed: Any) -> CheckResult:
    return judged("NETWORK005", deploying(**changed), subnets_fact(*BOTH), tables_fact(table), endpoints_fact(*endpoints))


@pytest.mark.parametrize(
    ("table", "endpoints", "changed", "outcome"),
    [
        (NAT, (), {}, Outcome.PASSED),
        (NONE, (), {}, Outcome.FAILED),
        (NONE, ECR_ENDPOINTS, {}, Outcome.PASSED),
        (NONE, ECR_ENDPOINTS[:2], {}, Outcome.FAILED),
        (NONE, ECR_ENDPOINTS, LOGS, Outcome.FAILED),
        (NONE, (*ECR_ENDPOINTS, "logs"), LOGS, Outcome.PASSED),
        (NONE, ECR_ENDPOINTS, {"dockerImageCredentialsSecret": "registry"}, Outcome.FAILED),
        (NONE, (*ECR_ENDPOINTS, "secretsmanager"), {"dockerImageCredentialsSecret": "registry"}, Outcome.PASSED),
        (NONE, ECR_ENDPOINTS, {"dockerImageAddress": "nginx:1.27"}, Outcome.FAILED),
        (NAT, (), {"dockerImageAddress": "nginx:1.27"}, Outcome.PASSED),
        (NONE, ECR_ENDPOINTS, {"dockerImageAddress": "1" * 12 + ".dkr.ecr.eu-west-1.amazonaws.com/web:1"}, Outcome.FAILED),
        (NONE, ECR_ENDPOINTS, {"dockerImageAddress": "1" * 12 + ".dkr.ecr.us-east-1.amazonaws.com/web:${tag}"}, Outcome.PASSED),
        (NONE, ECR_ENDPOINTS, {"dockerImageAddress": "${parameters.image}"}, Outcome.UNDETERMINED),
        (NAT, (), {"dockerImageAddress": "${parameters.image}"}, Outcome.PASSED),
        (NONE, ECR_ENDPOINTS, {"dockerImageAddress": "docker.io/web:${tag}"}, Outcome.FAILED),
        (NONE, ECR_ENDPOINTS, {"useTaskDefinitionArtifact": True}, Outcome.UNDETERMINED),
        (NAT, (), {"useTaskDefinitionArtifact": True}, Outcome.PASSED),
        (INTERNET, (), {}, Outcome.FAILED),
        (INTERNET, (), {"associatePublicIpAddress": False}, Outcome.FAILED),
        (INTERNET, (), {"associatePublicIpAddress": True}, Outcome.PASSED),
        (INTERNET, (), {"associatePublicIpAddress": "${parameters.public}"}, Outcome.UNDETERMINED),
        (a_table("tgw-1"), (), {}, Outcome.PASSED),
        (NONE, (), {"launchType": "EC2"}, Outcome.NOT_APPLICABLE),
        (NONE, (), {"networkMode": "bridge", "launchType": "EC2"}, Outcome.NOT_APPLICABLE),
        (a_table("nat-1", "subnet-z"), (), {}, Outcome.UNDETERMINED),
        (NAT, (), {"subnetTypes": ["nothing"]}, Outcome.BLOCKED),
    ],
)
def test_a_registry_can_be_reached(table: RouteTable, endpoints: Any, changed: dict[str, Any], outcome: Outcome) -> None:
    result = seeing(table, *endpoints, **changed)
    assert (result.outcome, result.severity) == (outcome, Severity.WARNING)


def test_each_subnet_is_told_with_its_table_and_what_is_missing() -> None:
    facts = (tables_fact(NAT, a_table("", "subnet-b", name="rtb-b")), endpoints_fact("s3", "ecr.api"))
    (problem,) = judged("NETWORK005", deploying(), subnets_fact(*BOTH), *facts).problems
    assert problem.summary == "tasks of 'web' in subnet-b reach no registry"
    assert problem.evidence == ("subnet-b: route table rtb-b has no default route; endpoints are missing for ecr.dkr, s3")
    assert "--route-table-id rtb-b --destination-cidr-block 0.0.0.0/0" in problem.remediation
    assert "--service-name com.amazonaws.us-east-1.s3 --vpc-endpoint-type Gateway --route-table-ids rtb-b" in problem.remediation
    assert "com.amazonaws.us-east-1.ecr.dkr --vpc-endpoint-type Interface" in problem.remediation
    assert problem.location is not None


def test_no_endpoint_is_advised_for_a_registry_that_has_none() -> None:
    problem = seeing(NONE, dockerImageAddress="nginx:1.27").problems[0]
    assert problem.evidence.endswith("no default route; no endpoint leads to nginx:1.27")
    assert "create-vpc-endpoint" not in problem.remediation


def test_a_public_subnet_is_told_what_its_tasks_lack() -> None:
    problem = seeing(INTERNET).problems[0]
    assert "igw-1, and the tasks get no public address" in problem.evidence
    assert problem.remediation.startswith('Write "associatePublicIpAddress": true, or give the subnet')


def test_what_lies_behind_a_transit_gateway_is_said_not_to_be_known() -> None:
    assert "leads to tgw-1" in seeing(a_table("tgw-1")).reason


@pytest.mark.parametrize(("assigned", "outcome"), [("ENABLED", Outcome.PASSED), ("DISABLED", Outcome.FAILED)])
def test_a_service_that_runs_has_its_subnets_and_its_addresses(assigned: str, outcome: Outcome) -> None:
    found = (service_facts("subnet-a", assignPublicIp=assigned), subnets_fact(a_subnet(purpose=None)))
    assert judged("NETWORK005", running(), *found, tables_fact(INTERNET), endpoints_fact()).outcome is outcome


def facts(table: RouteTable, *endpoints: str) -> tuple[Facts, ...]:
    return subnets_fact(*BOTH), tables_fact(table), *((endpoints_fact(*endpoints),) if endpoints else ())


def test_nothing_is_green_by_ignorance_and_nothing_asked_in_vain() -> None:
    assert_not_green_by_ignorance("NETWORK005", deploying(), *facts(NAT))
    assert_not_green_by_ignorance("NETWORK005", deploying(), *facts(NONE, *ECR_ENDPOINTS))
    assert asked("NETWORK005", deploying()) == {"subnets"}
    assert asked("NETWORK005", deploying(), *facts(NAT)) == {"subnets", "route-tables"}
    assert asked("NETWORK005", deploying(), *facts(NONE)) == {"subnets", "route-tables", "vpc-endpoints"}
    assert asked("NETWORK005", deploying(launchType="EC2")) == set()


def test_each_vpc_has_its_tables() -> None:
    two = subnets_fact(BOTH[0], a_subnet("subnet-o", "b", vpc="vpc-o"))
    found = (two, tables_fact(NAT), tables_fact(a_table("nat-2"), vpc="vpc-o"))
    assert judged("NETWORK005", deploying(), *found).outcome is Outcome.PASSED
    assert judged("NETWORK005", deploying(), *found[:2]).outcome is Outcome.UNDETERMINED


def test_a_subnet_of_no_vpc_decides_nothing() -> None:
    of_none = BOTH[0].model_copy(update={"vpc_id": None})
    assert judged("NETWORK005", deploying(), subnets_fact(of_none)).outcome is Outcome.UNDETERMINED


def test_of_sizes_no_subnets_are_known() -> None:
    config = a_config(workloads=[a_workload(network_mode="awsvpc", launch_type="FARGATE")])
    result = judged("NETWORK005", config)
    assert (result.outcome, "nothing says which subnets" in result.reason) == (Outcome.NOT_APPLICABLE, True)
    assert an_endpoint("s3").type == "Gateway"
