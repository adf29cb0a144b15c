"""Answers about services and registered task definitions; and what of a task definition is kept to itself."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.aws.failures import AwsFailure
from ecs_preflight.deploy_questions import service as service_question
from ecs_preflight.deploy_questions import task_definition as task_definition_question
from ecs_preflight.facts import Absent, Known, Unknown
from ecs_preflight.gather.services import service, task_definition
from tests.aws.canned import CannedAws, Refusal
from tests.checks.cluster_facts import ACCOUNT, NAME, REGION
from tests.gather.test_clusters import DENIED, E_SESSION, NO_CLUSTER, desk

WEB = service_question(ACCOUNT, REGION, NAME, "web-v001")
TASK = task_definition_question(ACCOUNT, REGION, "web:7")


def asked_for_service(answer: Any) -> Any:
    return service(desk(CannedAws({"DescribeServices": answer})), E_SESSION, WEB)


def asked_for_task(answer: Any) -> Any:
    return task_definition(desk(CannedAws({"DescribeTaskDefinition": answer})), E_SESSION, TASK)


def test_a_service_is_known() -> None:
    answer = {"services": [{"serviceName": "web-v001", "status": "ACTIVE", "desiredCount": 3, "taskDefinition": "arn:7"}]}
    fact = asked_for_service(answer)
    assert isinstance(fact, Known)
    assert (fact.value.desired_count, fact.value.task_definition) == (3, "arn:7")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"services": [], "failures": [{"arn": "arn:web", "reason": "MISSING"}]}, "there is no service 'web-v001'"),
        ({"services": [{"serviceName": "web-v001", "status": "INACTIVE"}]}, "the service 'web-v001' was deleted"),
        (NO_CLUSTER, f"there is no ECS cluster {NAME!r}"),
    ],
)
def test_a_service_that_is_not_there_is_absent(answer: Any, why: str) -> None:
    fact = asked_for_service(answer)
    assert isinstance(fact, Absent)
    assert fact.why.startswith(why)


def test_another_failure_is_no_absence() -> None:
    fact = asked_for_service({"failures": [{"arn": "arn:web", "reason": "ODD", "detail": "more"}]})
    assert fact == Unknown("ecs:DescribeServices", "ODD more")
    with pytest.raises(AwsFailure):
        asked_for_service(DENIED)


def test_a_task_definition_is_known_without_what_may_be_secret() -> None:
    container = {
        "name": "web",
        "image": "web:7",
        "memory": 512,
        "environment": [{"name": "TOKEN", "value": "s3cret"}],
        "command": ["--password", "s3cret"],
        "entryPoint": ["s3cret"],
        "dockerLabels": {"a": "s3cret"},
        "healthCheck": {"command": ["s3cret"]},
        "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": "s3cret", "awslogs-group": "/web"}},
    }
    fact = asked_for_task({"taskDefinition": {"family": "web", "requiresAttributes": [], "containerDefinitions": [container]}})
    assert isinstance(fact, Known)
    (kept,) = fact.value.container_definitions
    assert (kept.image, kept.memory, kept.health_check) == ("web:7", 512, {})
    assert kept.log_configuration is not None
    assert kept.log_configuration.options == {"awslogs-group": "/web"}
    assert "s3cret" not in fact.value.model_dump_json()
    assert fact.value.requires_attributes == ()


def test_a_task_definition_that_is_not_there_is_absent() -> None:
    fact = asked_for_task(Refusal("ClientException", "Unable to describe task definition."))
    assert isinstance(fact, Absent)
    assert "there is no task definition 'web:7'" in fact.why
    with pytest.raises(AwsFailure):
        asked_for_task(DENIED)
