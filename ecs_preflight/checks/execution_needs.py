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
_OPEN_STREAM = ("logs:CreateLogStream",)
_WRITE = ("logs:PutLogEvents",)


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
        arn = secret if secret.startswith("arn:") else _arn(role, "secretsmanager", region, f"secret:{secret}-*")
        yield Need(Asked(("secretsmanager:GetSecretValue",), arn, region), f"the registry credentials {secret}")


def _usual(role: Arn, region: str) -> Iterator[Need]:
    yield Need(Asked(_TOKEN, "*", region), "images of ECR", is_certain=False)
    yield Need(Asked(_PULL, _arn(role, "ecr", region, "repository/*"), region), "images of ECR", is_certain=False)
    yield Need(Asked(_OPEN_STREAM, _arn(role, "logs", region, "log-group:*"), region), "the awslogs driver", is_certain=False)
    yield Need(
        Asked(_WRITE, _arn(role, "logs", region, "log-group:*:log-stream:*"), region), "the awslogs driver", is_certain=False
    )


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
    purpose = f"the log group {group}"
    yield Need(Asked(_OPEN_STREAM, _arn(role, "logs", there, f"log-group:{group}"), there), purpose)
    yield Need(Asked(_WRITE, _arn(role, "logs", there, f"log-group:{group}:log-stream:*"), there), purpose)
    if str(options.get("awslogs-create-group", "")).lower() == "true":
        yield Need(Asked(("logs:CreateLogGroup",), _arn(role, "logs", there, f"log-group:{group}"), there), purpose)


def _arn(role: Arn, service: str, region: str, resource: str) -> str:
    return f"arn:{role.partition}:{service}:{region}:{role.account_id}:{resource}"
