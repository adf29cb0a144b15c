"""A task definition artifact: what Orca and clouddriver require of it."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.rules.artifact import artifact_fits, artifact_is_given
from ecs_preflight.spinnaker.server_group_reader import read_server_group
from tests.spinnaker.rules.broken import violations
from tests.spinnaker.server_groups import GONE, a_group, a_task_definition, an_artifact_cluster, an_artifact_group, in_json


def found(artifact: dict[str, Any], **changed: Any) -> list[str]:
    return [violation.found for violation in violations(artifact_fits(an_artifact_group(**changed), artifact))]


def test_what_fits_fits() -> None:
    assert found(a_task_definition(executionRoleArn="arn:role", volumes=[], tags=[])) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"taskDefinitionArtifact": GONE}, ["no task definition artifact is named"]),
        ({"containerMappings": []}, ["no container is mapped to an image"]),
    ],
)
def test_a_stage_names_its_artifact_and_maps_a_container(changed: dict[str, Any], said: list[str]) -> None:
    assert [violation.found for violation in violations(artifact_is_given(an_artifact_group(**changed)))] == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"resolvedTaskDefinitionArtifact": {"type": "s3/object"}, "containerToImageMap": {"web": "web:7"}}, []),
        ({}, ["resolvedTaskDefinitionArtifact is missing", "containerToImageMap is missing"]),
    ],
)
def test_what_orca_sends_has_both_resolved(changed: dict[str, Any], said: list[str]) -> None:
    written = an_artifact_cluster(containerMappings=GONE, taskDefinitionArtifact=GONE, **changed)
    group = read_server_group(in_json(written), is_of_stage=False)
    assert [violation.found for violation in violations(artifact_is_given(group))] == said


def test_inputs_have_no_artifact() -> None:
    assert violations(artifact_is_given(a_group())) == []


@pytest.mark.parametrize(
    ("artifact", "said"),
    [
        (a_task_definition(revision=7, status="ACTIVE"), ["the artifact has revision, as DescribeTaskDefinition answers"]),
        (a_task_definition(taskRoleARN="arn"), ["the artifact has 'taskRoleARN', which clouddriver does not know"]),
        (a_task_definition(networkMode="bridge"), ["the artifact has networkMode 'bridge', the server group 'awsvpc'"]),
        (a_task_definition(networkMode=None), ["the artifact has no networkMode, and the server group awsvpc"]),
        (a_task_definition(cpu=None, memory=None), ["the artifact has no cpu and no memory for the task"]),
        (
            a_task_definition(containerDefinitions=[]),
            ["the artifact has no containers", "container 'web' is mapped, and the artifact has 0 of that name"],
        ),
        (
            a_task_definition(containerDefinitions=[{"name": "web"}, {"name": "web"}]),
            ["container 'web' is mapped, and the artifact has 2 of that name"],
        ),
    ],
)
def test_what_clouddriver_fails_on(artifact: dict[str, Any], said: list[str]) -> None:
    assert found(artifact) == said


def test_a_target_group_has_a_container_of_the_artifact() -> None:
    mapping = {"containerName": "proxy", "containerPort": 80, "targetGroup": "web-tg"}
    said = ["a target group is mapped to 'proxy', which the artifact lacks"]
    assert found(a_task_definition(), targetGroupMappings=[mapping]) == said


def test_on_instances_each_container_has_memory_or_the_task_has() -> None:
    containers = [{"name": "web", "memoryReservation": 512}, {"name": "side"}]
    artifact = a_task_definition(cpu=None, memory=None, containerDefinitions=containers)
    assert found(artifact, launchType="EC2") == ["container 'side' of the artifact has no memory"]


def test_a_mode_that_an_expression_decides_is_left_to_it() -> None:
    assert found(a_task_definition(), networkMode="${mode}") == []


def test_the_messages_are_clouddrivers_own() -> None:
    (violation,) = violations(artifact_fits(an_artifact_group(), a_task_definition(networkMode="host")))
    assert "networkMode does not match server group value. Found 'host' but expected 'awsvpc'" in violation.consequence
