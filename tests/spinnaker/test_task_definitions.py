"""The task definition that clouddriver registers: CreateServerGroupAtomicOperation, branch for branch."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.spinnaker.task_definitions import task_from_artifact, task_from_inputs
from tests.spinnaker.server_groups import ECR, GONE, ROLE, a_group, a_task_definition, an_artifact_group


def inputs(**changed: Any) -> dict[str, Any]:
    return dict(task_from_inputs(a_group(**changed), ROLE).definition)


def container(**changed: Any) -> dict[str, Any]:
    (only,) = inputs(**changed)["containerDefinitions"]
    assert isinstance(only, dict)
    return only


def test_inputs_are_one_container_with_a_soft_memory_limit() -> None:
    assert inputs() == {
        "family": "shop-live-web",
        "networkMode": "bridge",
        "requiresCompatibilities": ["EC2"],
        "containerDefinitions": [
            {
                "name": "v000",
                "image": f"{ECR}/shop/web:7",
                "cpu": 256,
                "memoryReservation": 512,
                "portMappings": [],
                "environment": [],
            }
        ],
    }
    assert TaskDefinition.model_validate(inputs()).family == "shop-live-web"


@pytest.mark.parametrize(("mode", "written"), [("default", None), (None, None), ("host", "host"), ("none", "none")])
def test_the_network_mode_default_is_not_sent(mode: str | None, written: str | None) -> None:
    assert inputs(networkMode=mode).get("networkMode") == written


@pytest.mark.parametrize(
    ("changed", "ports"),
    [
        ({"containerPort": 80}, []),
        ({"containerPort": 80, "targetGroup": "web"}, [(80, 0, "tcp")]),
        ({"containerPort": 80, "targetGroup": "web", "networkMode": "host"}, [(80, 80, "tcp")]),
        (
            {"targetGroupMappings": [{"containerPort": 80, "targetGroup": "a"}, {"containerPort": 80, "targetGroup": "b"}]},
            [(80, 0, "tcp")],
        ),
        ({"targetGroupMappings": [{"containerPort": 80, "targetGroup": "a"}], "networkMode": "awsvpc"}, [(80, 80, "tcp")]),
        ({"targetGroupMappings": [{"containerPort": 53, "targetGroup": "a"}], "portProtocol": "udp"}, [(53, 0, "udp")]),
        (
            {"serviceDiscoveryAssociations": [{"registry": {"arn": "a"}, "containerPort": 90}], "networkMode": "host"},
            [(90, 0, "tcp")],
        ),
        (
            {"serviceDiscoveryAssociations": [{"registry": {"arn": "a"}, "containerPort": 90}], "networkMode": "awsvpc"},
            [(90, 90, "tcp")],
        ),
        ({"serviceDiscoveryAssociations": [{"registry": {"arn": "a"}, "containerPort": 0}]}, []),
    ],
)
def test_ports_stand_on_the_host_in_two_modes(changed: dict[str, Any], ports: list[tuple[int, int, str]]) -> None:
    mappings = container(**changed)["portMappings"]
    assert [(m["containerPort"], m["hostPort"], m["protocol"]) for m in mappings] == ports


def test_what_deck_adds_to_the_container() -> None:
    made = container(
        dockerImageCredentialsSecret="registry",
        logDriver="awslogs",
        logOptions={"awslogs-group": "/web"},
        environmentVariables={"A": "1", "B": "${x}"},
    )
    assert made["repositoryCredentials"] == {"credentialsParameter": "registry"}
    assert made["logConfiguration"] == {"logDriver": "awslogs", "options": {"awslogs-group": "/web"}}
    assert made["environment"] == [{"name": "A", "value": "1"}, {"name": "B", "value": ""}]


@pytest.mark.parametrize(
    "changed",
    [
        {"launchType": "FARGATE"},
        {"launchType": GONE, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]},
    ],
)
def test_fargate_has_the_sizes_on_the_task_and_the_managed_role_executes(changed: dict[str, Any]) -> None:
    made = inputs(networkMode="awsvpc", **changed)
    assert (made["cpu"], made["memory"], made["executionRoleArn"]) == ("256", "512", ROLE)
    assert made["requiresCompatibilities"] == ["FARGATE"]
    assert "executionRoleArn" not in inputs()


def test_what_only_a_run_tells_is_said_and_not_guessed() -> None:
    group = a_group(
        computeUnits="${cpu}",
        reservedMemory="${memory}",
        dockerImageAddress="web:${tag}",
        networkMode="${mode}",
        iamRole="${role}",
        targetGroupMappings=[{"containerPort": "${port}", "targetGroup": "a"}],
    )
    assert task_from_inputs(group, ROLE).unknown == {
        "cpu": "${cpu}",
        "memory": "${memory}",
        "image": "web:${tag}",
        "network_mode": "${mode}",
        "task_role": "${role}",
        "ports": "${port}",
    }


def test_an_artifact_gets_family_and_images_and_keeps_the_rest() -> None:
    artifact = a_task_definition(family="mine", taskRoleArn="arn:role")
    made = task_from_artifact(an_artifact_group(), artifact, ROLE)
    assert made.definition == {
        **artifact,
        "family": "shop-live-web",
        "executionRoleArn": ROLE,
        "containerDefinitions": [{"name": "web", "image": f"{ECR}/shop/web:7"}],
    }
    assert made.unknown == {}
    assert artifact["family"] == "mine"  # what was read stays as it is


@pytest.mark.parametrize(
    ("changed", "stated", "role"),
    [
        ({}, None, ROLE),
        ({}, "", ROLE),
        ({}, "arn:execution", "arn:execution"),
        ({"launchType": "EC2"}, None, None),
        ({"launchType": "EC2"}, "arn:execution", "arn:execution"),
        ({"launchType": GONE, "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}, None, ROLE),
    ],
)
def test_the_managed_role_executes_an_artifact_on_fargate_that_names_no_other(
    changed: dict[str, Any], stated: str | None, role: str | None
) -> None:
    artifact = a_task_definition() if stated is None else a_task_definition(executionRoleArn=stated)
    assert task_from_artifact(an_artifact_group(**changed), artifact, ROLE).definition.get("executionRoleArn") == role


def test_an_image_of_the_trigger_is_not_known() -> None:
    mapping = {"containerName": "web", "imageDescription": {"fromTrigger": True, "repository": "shop/web"}}
    made = task_from_artifact(an_artifact_group(containerMappings=[mapping]), a_task_definition(), ROLE)
    assert made.unknown == {"image": "shop/web, with the tag of the trigger"}
    assert made.definition["containerDefinitions"] == [{"name": "web", "image": ""}]
