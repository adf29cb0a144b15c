"""The attributes that a task wants of its instance, worked out as ECS does when it registers a definition.

What DescribeTaskDefinition returns as `requiresAttributes` is always to be preferred. The names are those
that the agent registers (amazon-ecs-agent agent/app/agent_capability.go and agent_capability_unix.go).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecs_preflight.ecs.task import ContainerDefinition, RequiredAttribute, Secret, TaskDefinition

_OLD = "com.amazonaws.ecs.capability."
_NEW = "ecs.capability."
_ECR_IMAGE = re.compile(r"\d{12}\.dkr[.-]ecr\.[a-z0-9-]+\.(amazonaws|on\.aws|c2s|sc2s|cloud|csp|eu)")


def derived_attributes(task: TaskDefinition) -> tuple[RequiredAttribute, ...]:
    """What a task of this definition cannot do without; sorted by name."""
    names = {*_of_task(task)}
    for container in task.container_definitions:
        names.update(_of_container(container, task))
    return tuple(RequiredAttribute(name=name) for name in sorted(names))


def likely_attributes(task: TaskDefinition) -> tuple[RequiredAttribute, ...]:
    """What ECS is likely to want as well: which definition wants these is published nowhere.

    An instance without one of them may refuse the task, so that it counts for nothing certain.
    """
    containers = task.container_definitions
    names = set()
    if any(mapping.container_port_range for container in containers for mapping in container.port_mappings):
        names.add(_NEW + "network.container-port-range")
    if any(container.restart_policy.enabled for container in containers):
        names.add(_NEW + "container-restart-policy")
    if any(volume.configured_at_launch for volume in task.volumes):
        names.add(_NEW + "storage.ebs-task-volume-attach")
    if task.enable_fault_injection:
        names.add(_NEW + "fault-injection")
    names.update(f"{_OLD}docker-remote-api.{version}" for version in _docker_versions(task))
    return tuple(RequiredAttribute(name=name) for name in sorted(names))


def _of_task(task: TaskDefinition) -> Iterator[str]:
    if task.is_awsvpc:
        yield _NEW + "task-eni"
    if task.task_role_arn:
        yield _OLD + ("task-iam-role-network-host" if task.network_mode == "host" else "task-iam-role")
    if (task.cpu or task.memory) and not task.is_windows:  # agents on Windows do not have it, and ECS ignores the size
        yield _NEW + "task-cpu-mem-limit"
    if task.pid_mode or task.ipc_mode:
        yield _NEW + "pid-ipc-namespace-sharing"
    for volume in task.volumes:
        efs = volume.efs_volume_configuration
        if efs:
            yield _NEW + "efs"
            if efs.authorization_config or efs.transit_encryption == "ENABLED":
                yield _NEW + "efsAuth"


def _of_container(container: ContainerDefinition, task: TaskDefinition) -> Iterator[str]:
    if container.privileged:
        yield _OLD + "privileged-container"
    if container.health_check:
        yield _NEW + "container-health-check"
    if container.environment_files:
        yield _NEW + "env-files.s3"
    if container.depends_on:
        yield _NEW + "container-ordering"
    if container.repository_credentials:
        yield _NEW + "private-registry-authentication.secretsmanager"
    if container.firelens_configuration:
        yield f"{_NEW}firelens.{container.firelens_configuration.get('type')}"
    if _ECR_IMAGE.match(container.image):
        yield _OLD + "ecr-auth"
        if task.execution_role_arn:
            yield _NEW + "execution-role-ecr-pull"
    yield from (f"{_NEW}secrets.{_store(secret)}.environment-variables" for secret in container.secrets)
    yield from _of_logging(container, task)


def _of_logging(container: ContainerDefinition, task: TaskDefinition) -> Iterator[str]:
    log = container.log_configuration
    if log is None:
        return
    yield f"{_OLD}logging-driver.{log.log_driver}"
    if log.log_driver == "awslogs" and task.execution_role_arn:
        yield _NEW + "execution-role-awslogs"
    for option in log.secret_options:
        yield f"{_NEW}secrets.{_store(Secret.model_validate(option))}.bootstrap.log-driver"


def _store(secret: Secret) -> str:
    """A full ARN of Secrets Manager names that service; anything else is a parameter of Systems Manager."""
    return "asm" if ":secretsmanager:" in secret.value_from else "ssm"


def _docker_versions(task: TaskDefinition) -> Iterator[str]:
    """The Docker API that a feature came with (agent_capability.go, appendDockerDependentCapabilities)."""
    if task.is_awsvpc or any(container.log_configuration for container in task.container_definitions):
        yield "1.18"
    if any(_ECR_IMAGE.match(container.image) for container in task.container_definitions):
        yield "1.19"
    if any(container.memory_reservation for container in task.container_definitions):
        yield "1.21"
