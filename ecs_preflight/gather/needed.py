"""Answers about what containers need before they can start: images, log groups, registry secrets. Nothing inside of them."""

from __future__ import annotations

from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure
from ecs_preflight.aws.operations import DESCRIBE_IMAGES, DESCRIBE_LOG_GROUPS, DESCRIBE_SECRET
from ecs_preflight.deploy_questions import Image, LogGroup, RegistrySecret
from ecs_preflight.facts import Absent, Fact, Known, Question
from ecs_preflight.gather.desk import Desk


def image(desk: Desk, identity: Identity, question: Question[Image]) -> Fact[Image]:
    """ECR says apart whether the repository or the image is missing."""
    registry_id, repository, named = question.arguments
    key = "imageDigest" if named.startswith("sha256:") else "imageTag"
    try:
        desk.gateway.call(
            DESCRIBE_IMAGES,
            identity,
            question.region,
            registryId=registry_id,
            repositoryName=repository,
            imageIds=[{key: named}],
        )
    except AwsFailure as failure:
        if failure.code == "RepositoryNotFoundException":
            return Absent(f"there is no repository {repository!r} in registry {registry_id} of {question.region}")
        if failure.code == "ImageNotFoundException":
            return Absent(f"repository {repository!r} of registry {registry_id} in {question.region} has no image {named!r}")
        raise
    return Known(Image(registry_id, repository, named))


def log_group(desk: Desk, identity: Identity, question: Question[LogGroup]) -> Fact[LogGroup]:
    """The API filters by prefix: the name must be the whole one."""
    (name,) = question.arguments
    for group in desk.gateway.pages(DESCRIBE_LOG_GROUPS, identity, question.region, logGroupNamePrefix=name):
        if group.get("logGroupName") == name:
            return Known(LogGroup(name))
    return Absent(f"there is no log group {name!r} in {question.account}/{question.region}")


def registry_secret(desk: Desk, identity: Identity, question: Question[RegistrySecret]) -> Fact[RegistrySecret]:
    """That it is there, by DescribeSecret alone: its value is nobody's business."""
    (name,) = question.arguments
    try:
        answer = desk.gateway.call(DESCRIBE_SECRET, identity, question.region, SecretId=name)
    except AwsFailure as failure:
        if failure.code == "ResourceNotFoundException":
            return Absent(f"there is no secret {name!r} in {question.account}/{question.region}")
        raise
    if answer.get("DeletedDate"):
        return Absent(f"the secret {name!r} is to be deleted, and cannot be read any more")
    return Known(RegistrySecret(answer["Name"], answer["ARN"]))
