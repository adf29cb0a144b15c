"""Rules of a task definition artifact: what Orca and clouddriver require of it before it is registered.

orca EcsServerGroupCreator.groovy; clouddriver-ecs CreateServerGroupAtomicOperation.makeTaskDefinitionRequestFromArtifact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from ecs_preflight.spinnaker.opaque import Opaque, known
from ecs_preflight.spinnaker.rules.violation import Broken, Violation
from ecs_preflight.spinnaker.server_group import ServerGroup

_BY_CLOUDDRIVER = "clouddriver fails, before anything is registered"
# What only DescribeTaskDefinition gives: an answer of it is no artifact as it stands.
_OF_DESCRIBE = frozenset(
    {"taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy"}
)
# Members of RegisterTaskDefinition in the AWS SDK for Java that clouddriver has (1.12.261), which it reads artifacts with.
_MEMBERS = frozenset(
    {
        "containerDefinitions",
        "cpu",
        "ephemeralStorage",
        "executionRoleArn",
        "family",
        "inferenceAccelerators",
        "ipcMode",
        "memory",
        "networkMode",
        "pidMode",
        "placementConstraints",
        "proxyConfiguration",
        "requiresCompatibilities",
        "runtimePlatform",
        "tags",
        "taskRoleArn",
        "volumes",
    }
)


def artifact_is_given(group: ServerGroup) -> Broken:
    """What the server group itself must say of its artifact."""
    if not group.is_from_artifact:
        return
    if group.is_of_stage:
        if not group.task_definition_artifact and not group.resolved_task_definition_artifact:
            yield Violation(
                ("useTaskDefinitionArtifact",),
                "no task definition artifact is named",
                'Orca fails: "No task definition artifact found in context for operation."',
                'Write "taskDefinitionArtifact": {"artifactId": "ID of an expected artifact"}.',
            )
        if not group.container_to_image_map:
            yield Violation(
                ("useTaskDefinitionArtifact",),
                "no container is mapped to an image",
                'Orca fails: "No container mappings for task definition artifact found in context for operation."',
                'Write "containerMappings": [{"containerName": "NAME", "imageDescription": {...}}].',
            )
        return
    if group.resolved_task_definition_artifact is None and group.spel_processed_task_definition_artifact is None:
        yield Violation(
            ("useTaskDefinitionArtifact",),
            "resolvedTaskDefinitionArtifact is missing",
            f'{_BY_CLOUDDRIVER}: "Task definition artifact can not be null"',
            'Write "resolvedTaskDefinitionArtifact": {"type": "...", "reference": "..."}.',
        )
    if group.container_to_image_map is None:
        yield Violation(
            ("useTaskDefinitionArtifact",),
            "containerToImageMap is missing",
            f"{_BY_CLOUDDRIVER}: NullPointerException",
            'Write "containerToImageMap": {"CONTAINER": "IMAGE"}.',
        )


def artifact_fits(group: ServerGroup, artifact: Mapping[str, Any]) -> Broken:
    """What the artifact itself, a definition in the shape of RegisterTaskDefinition, must be beside this server group."""
    yield from _unknown_members(artifact)
    yield from _network_mode(group, artifact)
    containers = artifact.get("containerDefinitions") or ()
    if not containers:
        yield Violation(
            (),
            "the artifact has no containers",
            f'{_BY_CLOUDDRIVER}: "Provided task definition does not contain any container definitions."',
            "Describe at least one container in containerDefinitions.",
        )
    names = [container.get("name") for container in containers]
    for name in known(group.container_to_image_map) or {}:
        matching = names.count(name)
        if matching != 1:
            found = ", ".join(str(other) for other in names) or "none"
            yield Violation(
                ("containerMappings",) if group.is_of_stage else ("containerToImageMap",),
                f"container {name!r} is mapped, and the artifact has {matching} of that name",
                f"{_BY_CLOUDDRIVER}: \"Invalid number of matching containers found for mapping '{name}'. "
                f'Have {matching} but expected 1."',
                f"Map containers that the artifact has: {found}.",
            )
    for mapping in known(group.target_group_mappings) or ():
        if isinstance(mapping.container_name, str) and mapping.container_name.strip() and mapping.container_name not in names:
            yield Violation(
                ("targetGroupMappings",),
                f"a target group is mapped to {mapping.container_name!r}, which the artifact lacks",
                "clouddriver does not check this, and CreateService refuses a load balancer for a container that there is not",
                f"Name a container that the artifact has: {', '.join(map(str, names)) or 'none'}.",
            )
    yield from _sizes(group, artifact)


def _unknown_members(artifact: Mapping[str, Any]) -> Iterator[Violation]:
    of_describe = sorted(_OF_DESCRIBE.intersection(artifact))
    if of_describe:
        yield Violation(
            (),
            f"the artifact has {of_describe[0]}, as DescribeTaskDefinition answers",
            f"{_BY_CLOUDDRIVER}: it reads artifacts with unknown members refused (UnrecognizedPropertyException)",
            f"Take these out: {', '.join(of_describe)}.",
        )
    for name in sorted(set(artifact) - _MEMBERS - _OF_DESCRIBE):
        near = get_close_matches(name, _MEMBERS, n=1)
        yield Violation(
            (),
            f"the artifact has {name!r}, which clouddriver does not know",
            f"{_BY_CLOUDDRIVER}: UnrecognizedPropertyException, where its AWS SDK does not have that member either",
            f"Write {near[0]!r}." if near else "Take it out, or use a release of Spinnaker whose AWS SDK has it.",
        )


def _network_mode(group: ServerGroup, artifact: Mapping[str, Any]) -> Iterator[Violation]:
    stated, beside = artifact.get("networkMode"), group.network_mode
    if isinstance(beside, Opaque):
        return
    if stated and stated != beside:
        yield Violation(
            ("networkMode",),
            f"the artifact has networkMode {stated!r}, the server group {beside!r}",
            f"{_BY_CLOUDDRIVER}: \"Task definition networkMode does not match server group value. Found '{stated}' but "
            f"expected '{'null' if beside is None else beside}'\"",
            f'Write "networkMode": "{stated}" in the server group.',
        )
    elif not stated and beside == "awsvpc":
        yield Violation(
            ("networkMode",),
            "the artifact has no networkMode, and the server group awsvpc",
            "clouddriver registers the artifact as it stands, in bridge mode, and ECS refuses a network configuration for it",
            'Write "networkMode": "awsvpc" in the artifact.',
        )


def _sizes(group: ServerGroup, artifact: Mapping[str, Any]) -> Iterator[Violation]:
    """RegisterTaskDefinition: a task size, or a memory limit on each container; on Fargate both, on the task."""
    missing = [name for name in ("cpu", "memory") if not artifact.get(name)]
    if group.runs_on_fargate and missing:
        yield Violation(
            (),
            f"the artifact has no {' and no '.join(missing)} for the task",
            "clouddriver adds none to an artifact, and ECS refuses a task on Fargate without them",
            'Write "cpu": "256" and "memory": "512" at its top.',
        )
    elif not artifact.get("memory"):
        for container in artifact.get("containerDefinitions") or ():
            if not container.get("memory") and not container.get("memoryReservation"):
                yield Violation(
                    (),
                    f"container {container.get('name')!r} of the artifact has no memory",
                    "RegisterTaskDefinition refuses it: memory or memoryReservation must be there where the task has no memory",
                    'Write "memoryReservation": 512 in it.',
                )
