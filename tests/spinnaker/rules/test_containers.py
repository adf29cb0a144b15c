"""Environment, role, registry secret, logs and tags of a server group."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.rules.containers import (
    environment_is_free,
    logs_are_well_configured,
    registry_secret_can_be_read,
    tags_are_well_formed,
    task_role_is_a_name,
)
from tests.spinnaker.rules.broken import codes, violations
from tests.spinnaker.server_groups import GONE, a_group, an_artifact_group


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (GONE, []),
        ({"PROFILE": "x", "server_group": "y"}, []),
        ({"SERVER_GROUP": "x"}, ["environmentVariables.invalid"]),
        ({"CLOUD_STACK": "${x}", "CLOUD_DETAIL": "y"}, ["environmentVariables.invalid"]),
        ("${variables}", ["?environmentVariables"]),
    ],
)
def test_three_names_are_spinnakers_own(variables: Any, said: list[str]) -> None:
    assert codes(environment_is_free(a_group(environmentVariables=variables))) == said


def test_values_of_the_environment_are_not_shown() -> None:
    (violation,) = violations(environment_is_free(a_group(environmentVariables={"SERVER_GROUP": "s3cret"})))
    assert "s3cret" not in str(violation)


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (GONE, []),
        ("webTask", []),
        ("None (No IAM role)", []),
        ("${role}", []),
        ("arn:aws:iam::1:role/webTask", ["-"]),
        ("path/webTask", ["-"]),
        ("", ["-"]),
    ],
)
def test_the_task_role_is_a_bare_name(role: Any, said: list[str]) -> None:
    assert codes(task_role_is_a_name(a_group(iamRole=role))) == said


def test_a_role_beside_an_artifact_is_ignored() -> None:
    (violation,) = violations(task_role_is_a_name(an_artifact_group(iamRole="webTask")))
    assert violation.is_degraded
    assert codes(task_role_is_a_name(an_artifact_group(iamRole="None (No IAM role)"))) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"dockerImageCredentialsSecret": "None (No registry credentials)"}, []),
        ({"dockerImageCredentialsSecret": "registry"}, ["-"]),
        ({"dockerImageCredentialsSecret": "${secret}"}, ["-"]),
        ({"dockerImageCredentialsSecret": "registry", "launchType": "FARGATE"}, []),
        ({"dockerImageCredentialsSecret": "", "launchType": "FARGATE"}, ["-"]),
        ({"dockerImageCredentialsSecret": "registry", "launchType": "${type}"}, []),
    ],
)
def test_only_fargate_gets_a_role_that_reads_the_registry_secret(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(registry_secret_can_be_read(a_group(**changed))) == said


GROUP = {"awslogs-group": "/web", "awslogs-region": "us-east-1"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"logDriver": "None"}, []),
        ({"logDriver": "json-file"}, []),
        ({"logDriver": "${driver}"}, ["?logDriver"]),
        ({"logDriver": "AWSLOGS"}, ["-"]),
        ({"logDriver": "json-file", "launchType": "FARGATE"}, ["-"]),
        ({"logDriver": "awslogs"}, ["-"]),
        ({"logDriver": "awslogs", "logOptions": GROUP}, []),
        ({"logDriver": "awslogs", "logOptions": GROUP, "launchType": "FARGATE"}, ["-"]),
        ({"logDriver": "awslogs", "logOptions": {**GROUP, "awslogs-stream-prefix": "web"}, "launchType": "FARGATE"}, []),
        ({"logDriver": "awslogs", "logOptions": {**GROUP, "awslogs-region": "eu-west-1"}}, ["-"]),
        ({"logDriver": "awslogs", "logOptions": {**GROUP, "awslogs-group": "${group}"}}, []),
        ({"logDriver": "awslogs", "logOptions": "${options}"}, []),
    ],
)
def test_logs(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(logs_are_well_configured(a_group(**changed))) == said


@pytest.mark.parametrize(
    ("tags", "strategy", "said"),
    [
        (GONE, "tags", []),
        ({"team": "web"}, "default", []),
        ({"aws:team": "web"}, "default", ["-"]),
        ({"team": "w" * 257}, "default", ["-"]),
        ({"moniker.spinnaker.io/stack": "x"}, "Tags", ["-"]),
        ({"moniker.spinnaker.io/stack": "x"}, None, []),
        ({f"t{number}": "x" for number in range(46)}, "tags", ["-"]),
        ({f"t{number}": "x" for number in range(46)}, "default", []),
        ("${tags}", "default", ["?tags"]),
    ],
)
def test_tags(tags: Any, strategy: str | None, said: list[str]) -> None:
    assert codes(tags_are_well_formed(a_group(tags=tags), strategy)) == said
