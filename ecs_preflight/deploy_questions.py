"""What may be asked about a deployment: what is registered and runs already, and what its containers need to start.

`questions` lists these kinds with all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecs_preflight.ecs.service import Service
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.facts import Asker, Kind, Question

_ECS_READERS = (Asker.ECS_SESSION, Asker.READER)
# Spinnaker itself looks at none of these: whoever sees them sees enough.
_ANY_READER = (Asker.READER, Asker.ECS_SESSION)


@dataclass(frozen=True, slots=True)
class Image:
    """An image of ECR, as it was asked for: a tag, or a digest."""

    registry_id: str
    repository: str
    tag_or_digest: str


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A log group of CloudWatch Logs."""

    name: str


@dataclass(frozen=True, slots=True)
class RegistrySecret:
    """A secret of Secrets Manager; what is in it is never asked for."""

    name: str
    arn: str


SERVICE: Kind[Service] = Kind("service", Service, ("ecs:DescribeServices",), _ECS_READERS)
TASK_DEFINITION: Kind[TaskDefinition] = Kind("task-definition", TaskDefinition, ("ecs:DescribeTaskDefinition",), _ECS_READERS)
IMAGE: Kind[Image] = Kind("image", Image, ("ecr:DescribeImages",), _ANY_READER)
LOG_GROUP: Kind[LogGroup] = Kind("log-group", LogGroup, ("logs:DescribeLogGroups",), _ANY_READER)
REGISTRY_SECRET: Kind[RegistrySecret] = Kind("registry-secret", RegistrySecret, ("secretsmanager:DescribeSecret",), _ANY_READER)

DEPLOY_KINDS: tuple[Kind[Any], ...] = (SERVICE, TASK_DEFINITION, IMAGE, LOG_GROUP, REGISTRY_SECRET)


def service(account: str, region: str, cluster_name: str, name: str) -> Question[Service]:
    """A service of an ECS cluster, by its name."""
    return Question(SERVICE, account, region, (cluster_name, name))


def task_definition(account: str, region: str, name: str) -> Question[TaskDefinition]:
    """A registered task definition: by its ARN, as family:revision, or by its family alone, which means the latest."""
    return Question(TASK_DEFINITION, account, region, (name,))


def image(account: str, region: str, registry_id: str, repository: str, tag_or_digest: str) -> Question[Image]:
    """An image of the registry of an AWS account and region; a digest begins with `sha256:`."""
    return Question(IMAGE, account, region, (registry_id, repository, tag_or_digest))


def log_group(account: str, region: str, name: str) -> Question[LogGroup]:
    """A log group of the managed account, by its whole name."""
    return Question(LOG_GROUP, account, region, (name,))


def registry_secret(account: str, region: str, name: str) -> Question[RegistrySecret]:
    """A secret of the managed account, by name or ARN."""
    return Question(REGISTRY_SECRET, account, region, (name,))
