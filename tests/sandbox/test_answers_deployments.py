"""The sandbox about services, task definitions, images, log groups and secrets: what AWS would say of the same world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecs_preflight.sandbox.world import Account, Cluster, Region, Role, Service, TaskDefinition
from tests.sandbox.builders import MANAGED, MANAGING, assumed, client, opened, world

CONTENTS = Account(
    roles={"SpinnakerManaged": Role(trusts=(MANAGING,), attached=("PowerUserAccess",))},
    regions={
        "us-east-1": Region(
            clusters={"main": Cluster(services={"web-v001": Service(task_definition="web:7", desired_count=3)})},
            task_definitions={"web": TaskDefinition(revision=7, cpu=128), "own": TaskDefinition(network_mode="awsvpc")},
            repositories={"shop/web": ("7", "latest")},
            log_groups=("/web", "/web/access"),
            secrets=("registry",),
        )
    },
)


@pytest.fixture(scope="module", autouse=True)
def held() -> Iterator[None]:
    with opened(world(CONTENTS)):
        yield


def ask(service: str, operation: str, **parameters: Any) -> Any:
    return getattr(client(service, keys=assumed()), operation)(**parameters)


def refused(service: str, operation: str, **parameters: Any) -> str:
    with pytest.raises(ClientError) as error:
        ask(service, operation, **parameters)
    return str(error.value.response["Error"]["Code"])


def test_services_are_described_and_missing_ones_are_failures() -> None:
    answer = ask("ecs", "describe_services", cluster="main", services=["web-v001", "gone"])
    assert [(found["serviceName"], found["desiredCount"]) for found in answer["services"]] == [("web-v001", 3)]
    assert answer["services"][0]["taskDefinition"].endswith(f"{MANAGED}:task-definition/web:7")
    assert [(failure["reason"], failure["arn"].rpartition("/")[2]) for failure in answer["failures"]] == [("MISSING", "gone")]
    assert refused("ecs", "describe_services", cluster="no", services=["web"]) == "ClusterNotFoundException"


@pytest.mark.parametrize("named", ["web", "web:7", f"arn:aws:ecs:us-east-1:{MANAGED}:task-definition/web:7"])
def test_task_definitions_are_described_by_any_name(named: str) -> None:
    definition = ask("ecs", "describe_task_definition", taskDefinition=named)["taskDefinition"]
    assert (definition["revision"], definition["containerDefinitions"][0]["cpu"]) == (7, 128)


def test_a_definition_with_a_network_interface_has_task_sizes() -> None:
    assert ask("ecs", "describe_task_definition", taskDefinition="own")["taskDefinition"]["memory"] == "512"


@pytest.mark.parametrize("named", ["web:8", "gone"])
def test_another_revision_does_not_exist(named: str) -> None:
    assert refused("ecs", "describe_task_definition", taskDefinition=named) == "ClientException"


def test_images() -> None:
    parameters = {"registryId": MANAGED, "repositoryName": "shop/web", "imageIds": [{"imageTag": "7"}]}
    assert ask("ecr", "describe_images", **parameters)["imageDetails"][0]["imageTags"] == ["7"]
    assert refused("ecr", "describe_images", **{**parameters, "imageIds": [{"imageTag": "8"}]}) == "ImageNotFoundException"
    assert refused("ecr", "describe_images", **{**parameters, "repositoryName": "no"}) == "RepositoryNotFoundException"
    assert refused("ecr", "describe_images", **{**parameters, "registryId": "100000000009"}) == "RepositoryNotFoundException"


def test_log_groups_by_prefix() -> None:
    groups = ask("logs", "describe_log_groups", logGroupNamePrefix="/web")["logGroups"]
    assert [group["logGroupName"] for group in groups] == ["/web", "/web/access"]


def test_secrets_by_name_and_arn() -> None:
    arn = ask("secretsmanager", "describe_secret", SecretId="registry")["ARN"]
    assert ask("secretsmanager", "describe_secret", SecretId=arn)["Name"] == "registry"
    assert refused("secretsmanager", "describe_secret", SecretId="gone") == "ResourceNotFoundException"
