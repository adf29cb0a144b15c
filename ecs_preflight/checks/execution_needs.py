"""What ECS does with an execution role before a container starts: pull its image, read its secrets, open its log stream.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ecs_preflight.arn import Arn
from ecs_preflight.checks.permission_requests import Asked
from ecs_preflight.ecs.images import EcrImage
from ecs_preflight.workloads.workload import Workload

_TOKEN = ("ecr:GetAuthorizationToken",)
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
# Both are authorized on a log stream, and CreateLogGroup on the group with no stream: a policy on the bare group allows none.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
_WRITE_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
_MAKE_LOG_GROUP = ("logs:CreateLogGroup",)
_READ_SECRET = ("secretsmanager:GetSecretValue",)
_READ_PARAMETER = ("ssm:GetParameters",)


@dataclass(frozen=True, slots=True)
class Need:
    """Something that the role must be allowed, and what for. `is_certain`: the task definition says so; else it is usual."""

    asked: Asked
    purpose: str
    is_certain: bool = True


def needs_of_execution(workload: Workload, role: Arn, region: str) -> Iterator[Need]:
    """Of one workload in a region. Where no image is known, the usual: any repository of ECR, any log group."""
    if not workload.images:
        yield from _usual(role, region)
        return
    yield from _of_images(workload, role)
    for configuration in workload.log_configurations:
        yield from _of_logs(configuration, role, region)
    for secret in workload.registry_secrets:
        yield _of_secret(secret, role, region, f"the registry credentials {secret}")
    for container in workload.containers:
        yield from _of_values(container, role, region)


def _usual(role: Arn, region: str) -> Iterator[Need]:
    every_stream = _arn(role, "logs", region, "log-group:*:log-stream:*")
    yield Need(Asked(_TOKEN, "*", region), "images of ECR", is_certain=False)
    yield Need(Asked(_PULL, _arn(role, "ecr", region, "repository/*"), region), "images of ECR", is_certain=False)
    yield Need(Asked(_WRITE_LOGS, every_stream, region), "the awslogs driver", is_certain=False)


def _of_images(workload: Workload, role: Arn) -> Iterator[Need]:
    for address in workload.images:
        image = EcrImage.parse(address)
        if image:
            repository = f"arn:{role.partition}:ecr:{image.region}:{image.registry_id}:repository/{image.repository}"
            yield Need(Asked(_TOKEN, "*", image.region), address)
            yield Need(Asked(_PULL, repository, image.region), address)


def _of_logs(configuration: Mapping[str, Any], role: Arn, region: str) -> Iterator[Need]:
    options = configuration.get("options") or {}
    group = options.get("awslogs-group")
    if configuration.get("logDriver") != "awslogs" or not group:
        return
    there = options.get("awslogs-region") or region
    streams = _arn(role, "logs", there, f"log-group:{group}:log-stream:")
    yield Need(Asked(_WRITE_LOGS, f"{streams}*", there), f"the log group {group}")
    if str(options.get("awslogs-create-group", "")).lower() == "true":
        yield Need(Asked(_MAKE_LOG_GROUP, streams, there), f"the log group {group}")


def _of_values(container: Mapping[str, Any], role: Arn, region: str) -> Iterator[Need]:
    """Values that the container gets as environment, and that its log driver gets as options.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html
    """
    options = (container.get("logConfiguration") or {}).get("secretOptions")
    for value in (*(container.get("secrets") or ()), *(options or ())):
        written = str(value.get("valueFrom") or "")
        if ":secretsmanager:" in written:
            yield _of_secret(written, role, region, f"the secret of {value.get('name')}")
        elif written:
            arn = written if written.startswith("arn:") else _arn(role, "ssm", region, f"parameter/{written.lstrip('/')}")
            yield Need(Asked(_READ_PARAMETER, arn, region), f"the parameter of {value.get('name')}")
    for file in container.get("environmentFiles") or ():
        written = str(file.get("value") or "")
        if written.startswith("arn:"):
            yield Need(Asked(("s3:GetObject",), written, region), f"the environment file {written.rpartition('/')[2]}")


def _of_secret(written: str, role: Arn, region: str, purpose: str) -> Need:
    """By ARN, behind which a JSON key, a stage and a version may stand; or by name, to which AWS adds six characters."""
    if written.startswith("arn:"):
        return Need(Asked(_READ_SECRET, ":".join(written.split(":")[:7]), region), purpose)
    return Need(Asked(_READ_SECRET, _arn(role, "secretsmanager", region, f"secret:{written}-??????"), region), purpose)


def _arn(role: Arn, service: str, region: str, resource: str) -> str:
    return f"arn:{role.partition}:{service}:{region}:{role.account_id}:{resource}"
