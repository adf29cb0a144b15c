"""What an execution role is used for, by what a task definition says."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.arn import Arn
from ecs_preflight.checks.execution_needs import needs_of_execution
from ecs_preflight.workloads.workload import Workload

ROLE = Arn.parse("arn:aws-cn:iam::100000000002:role/run")
IN_ECR = "100000000009.dkr.ecr.eu-west-1.amazonaws.com/team/web:1.2"
PULL = {"ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"}


def needs(image: str = "", region: str = "cn-north-1", **container: Any) -> list[tuple[str, str, str, bool]]:
    """(action, resource, region, certain) of a workload of one container."""
    assert ROLE is not None
    definition = {"containerDefinitions": [{"name": "web", "image": image, **container}]}
    workload = Workload("web", definition, images=(image,) if image else ())
    return [
        (action, need.asked.resource, need.asked.region, need.is_certain)
        for need in needs_of_execution(workload, ROLE, region)
        for action in need.asked.actions
    ]


def test_an_image_of_ecr_is_pulled_from_its_registry_and_region() -> None:
    """https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html"""
    repository = "arn:aws-cn:ecr:eu-west-1:100000000009:repository/team/web"
    assert set(needs(IN_ECR)) == {
        ("ecr:GetAuthorizationToken", "*", "eu-west-1", True),
        *((action, repository, "eu-west-1", True) for action in PULL),
    }


@pytest.mark.parametrize(
    "image", ["nginx", "nginx:1.27", "public.ecr.aws/nginx/nginx", "ghcr.io/a/b@sha256:00", "registry:5000/a"]
)
def test_images_of_other_registries_need_nothing(image: str) -> None:
    assert needs(image) == []


@pytest.mark.parametrize("suffix", ["", ":1", f"@sha256:{0:064}", f":1@sha256:{0:064}"])
def test_tags_and_digests_are_not_of_the_repository(suffix: str) -> None:
    found = needs(f"100000000009.dkr.ecr.cn-north-1.amazonaws.com.cn/web{suffix}")
    assert {resource for _, resource, _, _ in found} == {"*", "arn:aws-cn:ecr:cn-north-1:100000000009:repository/web"}


def test_a_log_group_is_written_to_in_its_region() -> None:
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/web", "awslogs-region": "eu-west-1"}}
    assert needs("nginx", logConfiguration=logs) == [
        ("logs:CreateLogStream", "arn:aws-cn:logs:eu-west-1:100000000002:log-group:/web:log-stream:*", "eu-west-1", True),
        ("logs:PutLogEvents", "arn:aws-cn:logs:eu-west-1:100000000002:log-group:/web:log-stream:*", "eu-west-1", True),
    ]


def test_a_log_group_may_be_made() -> None:
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/web", "awslogs-create-group": "true"}}
    asked = {action: resource for action, resource, *_ in needs("nginx", logConfiguration=logs)}
    group = "arn:aws-cn:logs:cn-north-1:100000000002:log-group:/web"
    assert asked == {
        "logs:CreateLogStream": f"{group}:log-stream:*",
        "logs:PutLogEvents": f"{group}:log-stream:*",
        "logs:CreateLogGroup": f"{group}:log-stream:",
    }


@pytest.mark.parametrize(
    "logs", [{"logDriver": "json-file"}, {"logDriver": "awslogs"}, {"logDriver": "awslogs", "options": None}]
)
def test_other_drivers_and_no_group_need_nothing(logs: dict[str, Any]) -> None:
    assert needs("nginx", logConfiguration=logs) == []


@pytest.mark.parametrize(
    ("secret", "resource"),
    [
        ("arn:aws-cn:secretsmanager:cn-north-1:1:secret:hub-AbCdEf", "arn:aws-cn:secretsmanager:cn-north-1:1:secret:hub-AbCdEf"),
        ("hub", "arn:aws-cn:secretsmanager:cn-north-1:100000000002:secret:hub-??????"),
    ],
)
def test_registry_credentials_are_read(secret: str, resource: str) -> None:
    found = needs("registry.example/web", repositoryCredentials={"credentialsParameter": secret})
    assert found == [("secretsmanager:GetSecretValue", resource, "cn-north-1", True)]


SECRET = "arn:aws-cn:secretsmanager:cn-north-1:1:secret:db-AbCdEf"


@pytest.mark.parametrize(
    ("value", "action", "resource"),
    [
        (SECRET, "secretsmanager:GetSecretValue", SECRET),
        (f"{SECRET}:password::", "secretsmanager:GetSecretValue", SECRET),
        ("arn:aws-cn:ssm:cn-north-1:1:parameter/db", "ssm:GetParameters", "arn:aws-cn:ssm:cn-north-1:1:parameter/db"),
        ("/shop/db", "ssm:GetParameters", "arn:aws-cn:ssm:cn-north-1:100000000002:parameter/shop/db"),
    ],
)
def test_values_of_the_environment_are_read(value: str, action: str, resource: str) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html"""
    as_environment = needs("nginx", secrets=[{"name": "DB", "valueFrom": value}])
    as_option = needs("nginx", logConfiguration={"logDriver": "splunk", "secretOptions": [{"name": "t", "valueFrom": value}]})
    assert as_environment == as_option == [(action, resource, "cn-north-1", True)]


def test_environment_files_are_read() -> None:
    found = needs("nginx", environmentFiles=[{"type": "s3", "value": "arn:aws-cn:s3:::bucket/web.env"}])
    assert found == [("s3:GetObject", "arn:aws-cn:s3:::bucket/web.env", "cn-north-1", True)]


def test_where_no_image_is_known_the_usual_is_not_certain() -> None:
    found = needs()
    assert {action for action, *_ in found} == {"ecr:GetAuthorizationToken", *PULL, "logs:CreateLogStream", "logs:PutLogEvents"}
    assert not any(certain for *_, certain in found)
