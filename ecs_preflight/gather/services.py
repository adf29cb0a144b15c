"""Answers about what is registered and runs already: services and task definitions."""

from __future__ import annotations

from typing import Any

from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.operations import DESCRIBE_SERVICES, DESCRIBE_TASK_DEFINITION
from ecs_preflight.ecs.service import Service
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.facts import Absent, Fact, Known, Question, Unknown
from ecs_preflight.gather.desk import Desk

# What a log driver is told in other options may be a token of Splunk's or Fluentd's.
_HARMLESS_OPTIONS = "awslogs-"


def service(desk: Desk, identity: Identity, question: Question[Service]) -> Fact[Service]:
    """A missing service is in `failures[]`, with HTTP 200; a deleted one is described for a while, as INACTIVE."""
    cluster, name = question.arguments
    absent = Absent(f"there is no service {name!r} in ECS cluster {cluster!r} of {question.account}/{question.region}")
    try:
        (answer,) = desk.gateway.batches(DESCRIBE_SERVICES, identity, question.region, [name], cluster=cluster)
    except AwsFailure as failure:
        if failure.kind is FailureKind.MISSING:
            return Absent(f"there is no ECS cluster {cluster!r} in {question.account}/{question.region}")
        raise
    for raw in answer.get("services", ()):
        found = Service.model_validate(raw)
        return Known(found) if found.status != "INACTIVE" else Absent(f"the service {name!r} was deleted")
    for unseen in answer.get("failures", ()):
        if unseen.get("reason") != "MISSING":
            return Unknown("ecs:DescribeServices", f"{unseen.get('reason', '')} {unseen.get('detail', '')}".strip())
    return absent


def task_definition(desk: Desk, identity: Identity, question: Question[TaskDefinition]) -> Fact[TaskDefinition]:
    """Without what may be a secret in it: environment, commands, labels, and the options of log drivers but awslogs."""
    (name,) = question.arguments
    try:
        answer = desk.gateway.call(DESCRIBE_TASK_DEFINITION, identity, question.region, taskDefinition=name)
    except AwsFailure as failure:
        if failure.kind is FailureKind.MISSING or "Unable to describe task definition" in failure.said:
            return Absent(f"there is no task definition {name!r} in {question.account}/{question.region}")
        raise
    raw = answer["taskDefinition"]
    return Known(TaskDefinition.model_validate({**raw, "containerDefinitions": [_bare(c) for c in raw["containerDefinitions"]]}))


def _bare(container: dict[str, Any]) -> dict[str, Any]:
    """A container definition without what is nobody's business; that there is a health check matters, not what it runs."""
    bare = {key: value for key, value in container.items() if key not in ("environment", "command", "entryPoint", "dockerLabels")}
    if "healthCheck" in bare:
        bare["healthCheck"] = {}
    logs = bare.get("logConfiguration")
    if logs:
        options = {name: value for name, value in (logs.get("options") or {}).items() if name.startswith(_HARMLESS_OPTIONS)}
        bare["logConfiguration"] = {**logs, "options": options}
    return bare
