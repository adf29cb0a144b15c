"""Attributes that a definition wants, by the capabilities that the agent registers.

agent/app/agent_capability.go of amazon-ecs-agent.
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.required_attributes import derived_attributes, likely_attributes
from ecs_preflight.ecs.task import TaskDefinition
from tests.ecs.builders import container, task

OLD, NEW = "com.amazonaws.ecs.capability.", "ecs.capability."
ECR = "111122223333.dkr.ecr.us-east-1.amazonaws.com/app:1"
EXECUTION = {"executionRoleArn": "arn:aws:iam::111122223333:role/execution"}
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:db"
AWSLOGS = {"logDriver": "awslogs"}


def efs(**members: Any) -> dict[str, Any]:
    return {"volumes": [{"name": "data", "efsVolumeConfiguration": {"fileSystemId": "fs-1", **members}}]}


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (task(), set()),
        (task(networkMode="awsvpc"), {NEW + "task-eni"}),
        (task(taskRoleArn="role"), {OLD + "task-iam-role"}),
        (task(taskRoleArn="role", networkMode="host"), {OLD + "task-iam-role-network-host"}),
        (task(cpu="256"), {NEW + "task-cpu-mem-limit"}),
        (task(memory="512"), {NEW + "task-cpu-mem-limit"}),
        (task(cpu="256", runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2019_FULL"}), set()),
        (task(pidMode="host"), {NEW + "pid-ipc-namespace-sharing"}),
        (task(ipcMode="task"), {NEW + "pid-ipc-namespace-sharing"}),
        (task(volumes=[{"name": "scratch"}]), set()),
        (task(**efs()), {NEW + "efs"}),
        (task(**efs(transitEncryption="ENABLED")), {NEW + "efs", NEW + "efsAuth"}),
        (task(**efs(authorizationConfig={"iam": "ENABLED"})), {NEW + "efs", NEW + "efsAuth"}),
        (task(container(privileged=True)), {OLD + "privileged-container"}),
        (task(container(healthCheck={"command": ["CMD", "true"]})), {NEW + "container-health-check"}),
        (task(container(environmentFiles=[{"type": "s3"}])), {NEW + "env-files.s3"}),
        (task(container(dependsOn=[{"containerName": "a"}])), {NEW + "container-ordering"}),
        (
            task(container(repositoryCredentials={"credentialsParameter": SECRET})),
            {NEW + "private-registry-authentication.secretsmanager"},
        ),
        (task(container(firelensConfiguration={"type": "fluentbit"})), {NEW + "firelens.fluentbit"}),
        (task(container(image=ECR)), {OLD + "ecr-auth"}),
        (task(container(image=ECR), **EXECUTION), {OLD + "ecr-auth", NEW + "execution-role-ecr-pull"}),
        (task(container(image="public.ecr.aws/app:1"), **EXECUTION), set()),
        (
            task(container(secrets=[{"name": "A", "valueFrom": SECRET}])),
            {NEW + "secrets.asm.environment-variables"},
        ),
        (
            task(container(secrets=[{"name": "A", "valueFrom": "/app/key"}])),
            {NEW + "secrets.ssm.environment-variables"},
        ),
        (task(container(logConfiguration={"logDriver": "splunk"})), {OLD + "logging-driver.splunk"}),
        (task(container(logConfiguration=AWSLOGS)), {OLD + "logging-driver.awslogs"}),
        (
            task(container(logConfiguration=AWSLOGS), **EXECUTION),
            {OLD + "logging-driver.awslogs", NEW + "execution-role-awslogs"},
        ),
        (
            task(container(logConfiguration={"logDriver": "splunk", "secretOptions": [{"name": "t", "valueFrom": SECRET}]})),
            {OLD + "logging-driver.splunk", NEW + "secrets.asm.bootstrap.log-driver"},
        ),
    ],
)
def test_attributes_that_a_definition_cannot_do_without(definition: dict[str, Any], expected: set[str]) -> None:
    assert {item.name for item in derived_attributes(TaskDefinition.model_validate(definition))} == expected


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (task(), set()),
        (task(container(portMappings=[{"containerPortRange": "80-90"}])), {NEW + "network.container-port-range"}),
        (task(container(restartPolicy={"enabled": True})), {NEW + "container-restart-policy"}),
        (task(container(restartPolicy={"enabled": False})), set()),
        (task(volumes=[{"name": "v", "configuredAtLaunch": True}]), {NEW + "storage.ebs-task-volume-attach"}),
        (task(enableFaultInjection=True), {NEW + "fault-injection"}),
        (task(networkMode="awsvpc"), {OLD + "docker-remote-api.1.18"}),
        (task(container(logConfiguration=AWSLOGS)), {OLD + "docker-remote-api.1.18"}),
        (task(container(image=ECR)), {OLD + "docker-remote-api.1.19"}),
        (task(container(memoryReservation=10)), {OLD + "docker-remote-api.1.21"}),
    ],
)
def test_attributes_that_ecs_is_likely_to_want_too(definition: dict[str, Any], expected: set[str]) -> None:
    assert {item.name for item in likely_attributes(TaskDefinition.model_validate(definition))} == expected
