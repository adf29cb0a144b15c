"""Small valid server groups and pipelines, for tests to change one thing at a time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ecs_preflight.spinnaker.json_file import JsonPart, parse_json
from ecs_preflight.spinnaker.pipelines import Pipeline, read_pipelines
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_reader import read_server_group

ECR = "100000000002.dkr.ecr.us-east-1.amazonaws.com"
ROLE = "arn:aws:iam::123456789012:role/SpinnakerManaged"
GONE = object()
"""Stands for a key that is to be left out."""


def a_cluster(**changed: Any) -> dict[str, Any]:
    """A cluster of a deploy stage, as Deck writes it, in inputs mode on EC2; `GONE` takes a key away."""
    written = {
        "account": "prod",
        "application": "shop",
        "stack": "live",
        "freeFormDetails": "web",
        "cloudProvider": "ecs",
        "provider": "ecs",
        "availabilityZones": {"us-east-1": ["us-east-1a", "us-east-1b"]},
        "capacity": {"min": 2, "max": 6, "desired": 4},
        "ecsClusterName": "production",
        "launchType": "EC2",
        "networkMode": "bridge",
        "placementStrategySequence": [],
        "placementConstraints": [],
        "computeUnits": 256,
        "reservedMemory": 512,
        "dockerImageAddress": f"{ECR}/shop/web:7",
        "useTaskDefinitionArtifact": False,
        "strategy": "redblack",
        **changed,
    }
    return {key: value for key, value in written.items() if value is not GONE}


def an_artifact_cluster(**changed: Any) -> dict[str, Any]:
    """The same with a task definition artifact, on Fargate."""
    return a_cluster(
        **{
            "computeUnits": GONE,
            "reservedMemory": GONE,
            "dockerImageAddress": GONE,
            "launchType": "FARGATE",
            "networkMode": "awsvpc",
            "subnetTypes": ["internal (main)"],
            "securityGroupNames": ["web"],
            "useTaskDefinitionArtifact": True,
            "taskDefinitionArtifact": {"artifactId": "1234"},
            "containerMappings": [{"containerName": "web", "imageDescription": {"imageId": f"{ECR}/shop/web:7"}}],
            **changed,
        }
    )


def a_task_definition(**changed: Any) -> dict[str, Any]:
    """What such an artifact holds."""
    return {
        "networkMode": "awsvpc",
        "cpu": "512",
        "memory": "1024",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [{"name": "web", "image": "placeholder"}],
        **changed,
    }


def in_json(value: Any) -> JsonPart:
    return parse_json(json.dumps(value, indent=2), "group.json")


def a_group(**changed: Any) -> ServerGroup:
    """A server group of a deploy stage."""
    return read_server_group(in_json(a_cluster(**changed)), is_of_stage=True, stage="Deploy")


def an_artifact_group(**changed: Any) -> ServerGroup:
    return read_server_group(in_json(an_artifact_cluster(**changed)), is_of_stage=True, stage="Deploy")


def a_pipeline(*clusters: dict[str, Any], **changed: Any) -> dict[str, Any]:
    stage = {"name": "Deploy", "type": "deploy", "refId": "1", "clusters": list(clusters)}
    return {"name": "ship", "application": "shop", "stages": [stage], **changed}


def written(folder: Path, value: Any, name: str = "pipeline.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), encoding="utf-8")
    return path


def read(folder: Path, pipeline: Any) -> Pipeline:
    """The one pipeline of a file."""
    (only,) = read_pipelines(written(folder, pipeline))
    return only
