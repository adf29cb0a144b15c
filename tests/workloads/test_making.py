"""Workloads in one form: of sizes, of a server group with its inputs or its artifact, of a task definition, of a service."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.findings import Undetermined
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.workloads.making import (
    workload_of_definition,
    workload_of_server_group,
    workload_of_service,
    workload_of_sizes,
)
from ecs_preflight.workloads.workload import Workload
from tests.spinnaker.server_groups import ECR, GONE, ROLE, a_group, a_task_definition, an_artifact_group


def an_entry(**keys: Any) -> WorkloadFile:
    return WorkloadFile.model_validate({"name": "web", **keys})


def of_group(**changed: Any) -> Workload:
    return workload_of_server_group("web", a_group(**changed), managed_role_arn=ROLE)


def of_artifact(artifact: dict[str, Any] | None, **changed: Any) -> Workload:
    return workload_of_server_group("web", an_artifact_group(**changed), artifact=artifact, managed_role_arn=ROLE)


def test_sizes_are_a_workload_as_they_stand() -> None:
    entry = an_entry(cpu=256, memory=512, desired_count=3, task_role="web", placement_constraints=[{"type": "distinctInstance"}])
    workload = workload_of_sizes(entry)
    assert workload.task_definition == entry.task_definition_of_sizes()
    assert (workload.desired_count, workload.launch_type, workload.network_mode, workload.task_role) == (
        3,
        "EC2",
        "bridge",
        "web",
    )
    assert workload.placement_constraints == ({"type": "distinctInstance"},)
    assert workload.images == ()  # its name stands for an image that nobody knows


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"subnetTypes": ["internal", "${parameters.type}"]}, "subnet_types"),
        ({"subnetType": "${parameters.type}"}, "subnet_types"),
        ({"availabilityZones": {"us-east-1": "${parameters.zones}"}}, "zones"),
        ({"availabilityZones": {"us-east-1": ["us-east-1a", "${parameters.zone}"]}}, "zones"),
        ({"targetGroup": "${parameters.group}"}, "target_groups"),
        ({"targetGroupMappings": [{"containerPort": 80, "targetGroup": "${parameters.group}"}]}, "target_groups"),
        ({"targetGroupMappings": "${parameters.mappings}"}, "target_groups"),
        ({"associatePublicIpAddress": "${parameters.public}"}, "assigns_public_ip"),
    ],
)
def test_what_of_the_network_an_expression_decides_is_unknown(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Undetermined, match="parameters"):
        of_group(**changed).require(field)


def test_a_port_that_an_expression_decides_leaves_its_target_group_known() -> None:
    workload = of_group(targetGroupMappings=[{"containerPort": "${parameters.port}", "targetGroup": "web"}])
    assert workload.target_groups == ("web",)
    workload.require("target_groups")


@pytest.mark.parametrize(("written", "assigned"), [(True, True), (False, False), (GONE, False), (None, False)])
def test_ecs_gives_no_public_address_unless_it_is_told_to(written: Any, assigned: bool) -> None:
    assert of_group(associatePublicIpAddress=written).assigns_public_ip is assigned
    assert workload_of_sizes(an_entry(memory=4)).assigns_public_ip is None


def test_a_server_group_says_what_will_be_deployed() -> None:
    workload = of_group(
        iamRole="webTask",
        networkMode="awsvpc",
        subnetTypes=["internal (main)"],
        securityGroupNames=["web"],
        targetGroupMappings=[{"containerPort": 80, "targetGroup": "web-tg"}],
        placementStrategySequence=[{"type": "spread", "field": "instanceId"}],
        dockerImageCredentialsSecret="registry",
        logDriver="awslogs",
        logOptions={"awslogs-group": "/web"},
    )
    assert (workload.desired_count, workload.min_count, workload.max_count) == (4, 2, 6)
    assert (workload.launch_type, workload.network_mode, workload.task_role) == ("EC2", "awsvpc", "webTask")
    assert (workload.subnet_types, workload.zones) == (("internal (main)",), ("us-east-1a", "us-east-1b"))
    assert (workload.security_groups, workload.target_groups) == (("web",), ("web-tg",))
    assert workload.placement_strategy == ({"type": "spread", "field": "instanceId"},)
    assert (workload.images, tuple(workload.registry_secrets)) == ((f"{ECR}/shop/web:7",), ("registry",))
    assert [log["logDriver"] for log in workload.log_configurations] == ["awslogs"]
    assert (workload.deployment_strategy, workload.unknown) == ("redblack", {})
    assert workload.location == workload.server_group.location  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "fargate", "instances", "managed"),
    [
        ({}, False, True, False),
        ({"launchType": "FARGATE"}, True, False, True),
        ({"launchType": "EXTERNAL"}, False, False, False),
        ({"launchType": GONE, "capacityProviderStrategy": [{"capacityProvider": "large"}]}, False, True, False),
        ({"launchType": GONE, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, True, False, True),
        ({"launchType": "${where}"}, False, False, False),
    ],
)
def test_what_it_runs_on(changed: dict[str, Any], fargate: bool, instances: bool, managed: bool) -> None:
    workload = of_group(**changed)
    assert (workload.runs_on_fargate, workload.may_run_on_instances) == (fargate, instances)
    assert workload.executes_as_managed_role is managed


@pytest.mark.parametrize(
    ("stated", "role", "managed"), [({}, None, True), ({"executionRoleArn": "arn:execution"}, "arn:execution", False)]
)
def test_an_artifact_names_its_roles_and_clouddriver_reads_none(stated: dict[str, str], role: str | None, managed: bool) -> None:
    workload = of_artifact(a_task_definition(taskRoleArn="arn:task", **stated))
    assert (workload.task_role, workload.execution_role, workload.executes_as_managed_role) == ("arn:task", role, managed)
    assert not workload.task_role_is_read_by_clouddriver


def test_an_artifact_that_was_not_given_is_not_guessed() -> None:
    workload = of_artifact(None)
    assert workload.task_definition is None
    with pytest.raises(Undetermined, match="the task definition of 'web' is not known: its task definition is an artifact: give"):
        workload.require("task_definition")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"capacity": {"min": 1, "max": 2, "desired": "${n}"}}, "desired_count"),
        ({"capacity": "${n}"}, "desired_count"),
        ({"capacity": GONE}, "desired_count"),
        ({"useSourceCapacity": True}, "desired_count"),
        ({"computeUnits": "${n}"}, "cpu"),
        ({"launchType": "${n}"}, "launch_type"),
        ({"networkMode": "${n}"}, "network_mode"),
        ({"placementConstraints": [{"type": "memberOf", "expression": "${n}"}]}, "placement_constraints"),
        ({"securityGroupNames": ["web", "${n}"]}, "security_groups"),
    ],
)
def test_what_only_a_run_tells_is_required_in_vain(changed: dict[str, Any], field: str) -> None:
    workload = of_group(**changed)
    assert list(workload.unknown) == [field]
    with pytest.raises(Undetermined):
        workload.require("task_definition", field)


def test_a_count_of_ones_own_settles_the_count() -> None:
    group = a_group(capacity={"desired": "${n}"})
    workload = workload_of_server_group("web", group, desired_count=7)
    assert (workload.desired_count, workload.unknown) == (7, {})


def test_a_task_definition_in_a_file_has_counts_beside_it() -> None:
    workload = workload_of_definition(
        an_entry(task_definition="task.json", desired_count=2, launch_type="FARGATE"), a_task_definition()
    )
    assert (workload.network_mode, workload.desired_count, workload.launch_type) == ("awsvpc", 2, "FARGATE")
    assert not workload.is_looked_up


@pytest.mark.parametrize("named", ["web:7", "web", "arn:aws:ecs:us-east-1:123456789012:task-definition/web:7"])
def test_a_registered_task_definition_is_looked_up(named: str) -> None:
    workload = workload_of_definition(an_entry(task_definition=named), None)
    assert (workload.registered, workload.is_looked_up, workload.network_mode) == (named, True, None)


@pytest.mark.parametrize(("keys", "count"), [({}, 1), ({"more": 5}, 5)])
def test_more_of_a_service(keys: dict[str, Any], count: int) -> None:
    workload = workload_of_service(an_entry(service="shop-web-v004", **keys))
    assert (workload.service, workload.desired_count, workload.launch_type) == ("shop-web-v004", count, None)
    assert not workload.may_run_on_instances
