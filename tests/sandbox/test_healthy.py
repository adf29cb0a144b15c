"""The healthy world follows from the configuration: every configuration that can work works in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ecs_preflight.findings import Outcome
from ecs_preflight.runner import run_preflight
from ecs_preflight.sandbox.healthy import healthy_world
from ecs_preflight.sandbox.healthy_network import network_of
from ecs_preflight.sandbox.run import sandbox
from ecs_preflight.workloads.making import workload_of_server_group
from ecs_preflight.workloads.reading import WorkloadFiles
from tests.sandbox.builders import CLOUDDRIVER, MANAGED, MANAGING, config
from tests.spinnaker.server_groups import a_group

WORKLOADS: dict[str, list[dict[str, Any]]] = {
    "ordinary": [{"name": "web", "cpu": 512, "memory": 1024, "desired_count": 10}],
    "large": [{"name": "db", "cpu": 16_000, "memory": 64_000, "desired_count": 3}],
    "many": [{"name": "web", "cpu": 1024, "memory": 2048, "desired_count": 400}],
    "ports": [{"name": "edge", "memory": 64, "network_mode": "host", "host_ports": [443], "desired_count": 7}],
    "apart": [{"name": "a", "memory": 64, "desired_count": 5, "placement_constraints": [{"type": "distinctInstance"}]}],
    "awsvpc": [{"name": "mesh", "memory": 64, "network_mode": "awsvpc", "desired_count": 9}],
    "gpus": [{"name": "train", "cpu": 1024, "memory": 4096, "gpus": 2, "desired_count": 3}],
    "fargate": [
        {"name": "f", "cpu": 4096, "memory": 8192, "network_mode": "awsvpc", "launch_type": "FARGATE", "desired_count": 20}
    ],
    "mixed": [
        {"name": "f", "cpu": 256, "memory": 512, "network_mode": "awsvpc", "launch_type": "FARGATE"},
        {"name": "e", "memory": 64, "task_role": "taskRole", "execution_role": "executionRole"},
    ],
}


def _with_workloads(workloads: list[dict[str, Any]]) -> dict[str, Any]:
    clusters = {"main": {"workloads": workloads}}
    return {"accounts": {"ecs": {"regions": {"us-east-1": {"clusters": clusters}}}}}


@pytest.mark.parametrize("kind", WORKLOADS)
def test_the_workloads_fit(kind: str) -> None:
    settings = config(**_with_workloads(WORKLOADS[kind]))
    with sandbox(settings) as access:
        report = run_preflight(settings, access)
    others = [
        (r.check, r.target.id, r.outcome) for r in report.results if r.outcome not in (Outcome.PASSED, Outcome.NOT_APPLICABLE)
    ]
    assert others == []


SERVER_GROUPS: dict[str, dict[str, Any]] = {
    "fargate": {"launchType": "FARGATE", "securityGroupNames": ["web", "default"]},
    "ec2": {"launchType": "EC2", "availabilityZones": {"us-east-1": ["us-east-1e", "us-east-1f"]}},
    "spot": {"launchType": None, "capacityProviderStrategy": [{"capacityProvider": "spot", "weight": 1}]},
    "balanced": {"launchType": "FARGATE", "targetGroupMappings": [{"containerPort": 80, "targetGroup": "web"}]},
    "datagrams": {
        "launchType": "FARGATE",
        "portProtocol": "udp",
        "targetGroupMappings": [{"containerPort": 53, "targetGroup": "dns"}],
    },
    "bridge": {"networkMode": "bridge", "targetGroupMappings": [{"containerPort": 80, "targetGroup": "web"}]},
    "two purposes": {"launchType": "FARGATE", "subnetTypes": ["internal (a)", "external (a)"]},
    "very many": {"launchType": "FARGATE", "capacity": {"min": 0, "max": 9000, "desired": 9000}},
}


@pytest.mark.parametrize("kind", SERVER_GROUPS)
def test_server_groups_have_their_network(kind: str) -> None:
    named = {"account": "ecs", "networkMode": "awsvpc", "subnetTypes": ["internal (main)"], "securityGroupNames": ["web"]}
    group = a_group(**{**named, **SERVER_GROUPS[kind]})
    clusters = {"production": {"workloads": [{"name": "web", "server_group": "web.json"}]}}
    settings = config(accounts={"ecs": {"regions": {"us-east-1": {"clusters": clusters}}}})
    settings = replace(settings, workload_files=WorkloadFiles(server_groups={"web.json": (group,)}))
    with sandbox(settings) as access:
        report = run_preflight(settings, access, select=["NETWORK", "CAPACITY005", "CLUSTER008"])
    others = [(r.check, r.reason, r.problems) for r in report.results if not r.outcome.is_green]
    assert others == []


def test_names_that_aws_refuses_and_zones_that_there_are_not_are_left_out() -> None:
    group = a_group(
        account="ecs",
        networkMode="awsvpc",
        subnetTypes=["internal"],
        availabilityZones={"us-east-1": ["us-east-1z"]},
        securityGroupNames=["sg-0123", "default"],
        targetGroupMappings=[{"containerPort": 80, "targetGroup": "no_such name"}],
    )
    assert network_of([workload_of_server_group("web", group)], "us-east-1") == {
        "subnets": (),
        "security_groups": (),
        "target_groups": {},
    }


@pytest.mark.parametrize(
    "reader", [{"profile": "auditor"}, {"role_arn": f"arn:aws:iam::{MANAGED}:role/audit/reader"}], ids=["profile", "role"]
)
def test_readers_can_read(reader: dict[str, str]) -> None:
    settings = config(accounts={"ecs": {"reader": reader}})
    with sandbox(settings) as access:
        report = run_preflight(settings, access)
    readers = {arn for question, arn in report.run.answered_by.items() if question.startswith("role/")}
    assert len(readers) == 1
    assert "auditor" in str(readers) or "reader" in str(readers)


def test_roles_and_their_paths_are_those_of_the_configuration() -> None:
    text = CLOUDDRIVER.replace("role/SpinnakerManaged", "role/teams/delivery/Deployer")
    roles = healthy_world(config(text, accounts={"ecs": {"task_roles": ["app"]}})).accounts[MANAGED].roles
    assert roles["Deployer"].path == "/teams/delivery/"
    assert roles["Deployer"].trusts == (MANAGING, "ecs.amazonaws.com", "application-autoscaling.amazonaws.com")
    assert roles["app"].trusts == ("ecs-tasks.amazonaws.com",)


def test_a_role_that_fargate_falls_back_to_trusts_ecs_tasks() -> None:
    settings = config(CLOUDDRIVER + "    - {name: other, awsAccount: aws}\n", **_with_workloads(WORKLOADS["fargate"]))
    assert "ecs-tasks.amazonaws.com" in healthy_world(settings).accounts[MANAGED].roles["SpinnakerManaged"].trusts


def test_two_ecs_accounts_of_one_account_share_it() -> None:
    text = CLOUDDRIVER + "    - {name: other, awsAccount: aws}\n"
    world = healthy_world(config(text, accounts={"other": {"regions": {"eu-west-1": {"clusters": {"extra": {}}}}}}))
    assert set(world.accounts[MANAGED].regions) == {"us-east-1", "eu-west-1"}


def test_a_session_as_long_as_is_asked_for_is_granted() -> None:
    text = CLOUDDRIVER.replace("aws:\n", "aws:\n  defaultSessionDurationSeconds: 7200\n", 1)
    assert healthy_world(config(text)).accounts[MANAGED].roles["SpinnakerManaged"].max_session_duration == 7200


@pytest.mark.parametrize(
    "text",
    [
        CLOUDDRIVER.replace("role/SpinnakerManaged", "user/SpinnakerManaged"),
        CLOUDDRIVER.replace(f'"{MANAGED}"', '"encrypted:s3!b:x!f:y"'),
        CLOUDDRIVER.replace(f'"{MANAGED}"', "123"),
        CLOUDDRIVER.replace("awsAccount: aws", "awsAccount: none"),
    ],
    ids=["a user", "opaque", "no account id", "no such account"],
)
def test_what_cannot_be_known_is_left_out(text: str) -> None:
    world = healthy_world(config(text))
    assert set(world.accounts) == {"100000000001"}
    with sandbox(config(text)):
        pass


def test_a_region_that_does_not_exist_is_left_out() -> None:
    world = healthy_world(config(CLOUDDRIVER.replace("us-east-1", "us-east-9")))
    assert world.accounts[MANAGED].regions == {}


@pytest.mark.parametrize(("partition", "region"), [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")])
def test_other_partitions_work(partition: str, region: str) -> None:
    text = CLOUDDRIVER.replace("role/SpinnakerManaged", f"arn:{partition}:iam::{MANAGED}:role/SpinnakerManaged")
    settings = config(
        text.replace("us-east-1", region),
        managing_identity_arn=f"arn:{partition}:iam::100000000001:role/spinnaker",
        spinnaker={"aws_region": region},
    )
    with sandbox(settings) as access:
        report = run_preflight(settings, access, select=["ROLE002", "TRUST001", "CLUSTER001"])
    assert {result.outcome for result in report.results} == {Outcome.PASSED}


def test_nobody_is_stated() -> None:
    settings = config()
    unstated = type(settings)(settings.clouddriver)
    assert healthy_world(unstated).managing_identity_arn == f"arn:aws:iam::{MANAGED}:role/SpinnakerAuthRole"


def test_an_iam_user_is_stated() -> None:
    settings = config(managing_identity_arn="arn:aws:iam::100000000001:user/bots/spinnaker")
    world = healthy_world(settings)
    assert world.accounts["100000000001"].users["spinnaker"].path == "/bots/"
    with sandbox(settings) as access:
        report = run_preflight(settings, access, select=["ROLE002"])
    assert {result.outcome for result in report.results} == {Outcome.PASSED}
