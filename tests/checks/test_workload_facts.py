"""Workloads that are looked up: what is asked, in which order, and what becomes of it in CAPACITY001 and TRUST006."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks.workload_facts import completed_if_known
from ecs_preflight.config import PreflightConfig
from ecs_preflight.deploy_questions import service, task_definition
from ecs_preflight.ecs.service import Service
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.facts import Absent, Known, Snapshot, Unknown
from ecs_preflight.findings import Outcome
from ecs_preflight.plan import make_plan
from ecs_preflight.targets import Target
from tests.checks.cluster_facts import (
    ACCOUNT,
    ACCOUNT_ID,
    NAME,
    REGION,
    Facts,
    a_cluster,
    a_config,
    a_task,
    an_instance,
    assert_not_green_by_ignorance,
    cluster_fact,
    instances_fact,
    judged,
    tasks_fact,
)

ARN = f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:task-definition/web:7"
PLACE = Target(ACCOUNT, REGION, NAME, "web")
RUNNING = service(ACCOUNT, REGION, NAME, "web-v001")
THERE = cluster_fact(a_cluster())


def a_service(**changed: Any) -> Facts:
    raw = {
        "serviceName": "web-v001",
        "status": "ACTIVE",
        "taskDefinition": ARN,
        "desiredCount": 3,
        "launchType": "EC2",
        **changed,
    }
    return {RUNNING: Known(Service.model_validate(raw))}


def a_definition(named: str = ARN, **changed: Any) -> Facts:
    containers = [{"name": "web", "image": "web:7", "cpu": 256, "memoryReservation": 512}]
    raw = {"family": "web", "revision": 7, "requiresAttributes": [], "containerDefinitions": containers, **changed}
    return {task_definition(ACCOUNT, REGION, named): Known(TaskDefinition.model_validate(raw))}


def of_service(**keys: Any) -> PreflightConfig:
    return a_config(workloads=[{"name": "web", "service": "web-v001", **keys}])


def of_registered(named: str = "web:7", **keys: Any) -> PreflightConfig:
    return a_config(workloads=[{"name": "web", "task_definition": named, **keys}])


def open_questions(config: PreflightConfig, *parts: Facts) -> set[str]:
    snapshot = Snapshot({question: fact for part in parts for question, fact in part.items()})
    return {question.kind.name for question in make_plan(config, ["CAPACITY001"]).questions(snapshot)}


def test_a_service_is_asked_for_first_then_its_definition_then_the_room() -> None:
    config = of_service(more=2)
    assert open_questions(config) == {"service"}
    assert open_questions(config, a_service()) == {"task-definition"}
    assert open_questions(config, a_service(), a_definition()) == {"cluster"}


@pytest.mark.parametrize(("more", "outcome"), [(8, Outcome.PASSED), (9, Outcome.FAILED)])
def test_more_of_a_service_must_fit(more: int, outcome: Outcome) -> None:
    result = judged("CAPACITY001", of_service(more=more), a_service(), a_definition(), THERE, instances_fact(an_instance()))
    assert result.outcome is outcome


def test_a_registered_task_definition_must_fit_and_nothing_is_green_by_ignorance() -> None:
    facts = (a_definition("web:7"), THERE, instances_fact(an_instance()))
    assert judged("CAPACITY001", of_registered(desired_count=9), *facts).outcome is Outcome.FAILED
    assert_not_green_by_ignorance("CAPACITY001", of_registered(desired_count=8), *facts)
    assert_not_green_by_ignorance("CAPACITY001", of_service(), a_service(), a_definition(), *facts[1:])


@pytest.mark.parametrize(
    ("fact", "outcome", "reason"),
    [
        (Absent("there is no service 'web-v001'"), Outcome.BLOCKED, "there is no service"),
        (Unknown("ecs:DescribeServices", "AccessDeniedException"), Outcome.UNDETERMINED, "ecs:DescribeServices"),
    ],
)
def test_a_service_that_is_not_seen_decides_nothing(fact: Any, outcome: Outcome, reason: str) -> None:
    result = judged("CAPACITY001", of_service(), {RUNNING: fact})
    assert (result.outcome, reason in result.reason) == (outcome, True)


@pytest.mark.parametrize(
    "changed", [{"launchType": "FARGATE"}, {"launchType": None, "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}]
)
def test_a_service_on_fargate_needs_no_room(changed: dict[str, Any]) -> None:
    assert judged("CAPACITY001", of_service(), a_service(**changed), a_definition()).outcome is Outcome.NOT_APPLICABLE


def test_a_service_uses_the_instances_of_its_providers_alone() -> None:
    strategy = [{"capacityProvider": "large", "weight": 1}]
    facts = (a_service(launchType=None, capacityProviderStrategy=strategy), a_definition(), THERE)
    theirs = an_instance(capacityProviderName="large")
    assert judged("CAPACITY001", of_service(), *facts, instances_fact(theirs)).outcome is Outcome.PASSED
    assert judged("CAPACITY001", of_service(), *facts, instances_fact(an_instance())).outcome is Outcome.FAILED


def test_the_copies_are_of_the_service_where_each_wants_an_instance_of_its_own() -> None:
    apart = a_service(placementConstraints=[{"type": "distinctInstance"}])
    busy = an_instance(1, runningTasksCount=1)
    facts = (apart, a_definition(), THERE, instances_fact(busy))
    of_the_service, of_another = (tasks_fact(a_task(busy, group=f"service:{name}")) for name in ("web-v001", "web-v002"))
    assert judged("CAPACITY001", of_service(), *facts, of_the_service).outcome is Outcome.FAILED
    assert judged("CAPACITY001", of_service(), *facts, of_another).outcome is Outcome.PASSED


def test_roles_of_what_is_looked_up_are_looked_at() -> None:
    role = f"arn:aws:iam::{ACCOUNT_ID}:role/webTask"
    config = of_registered()
    (planned,) = make_plan(config, ["TRUST006"]).items
    known = Snapshot({**a_definition("web:7", taskRoleArn=role)})
    assert {question.kind.name for question in planned.questions(config, known)} == {"task-definition", "role"}
    unseen = judged("TRUST006", config, {task_definition(ACCOUNT, REGION, "web:7"): Unknown("ecs:X", "AccessDenied")})
    assert unseen.outcome is Outcome.UNDETERMINED
    assert unseen.reason.startswith("ecs:X: AccessDenied")


def test_a_service_has_its_subnets_and_says_whether_its_tasks_get_public_addresses() -> None:
    interface = {"subnets": ["subnet-a", "subnet-b"], "assignPublicIp": "ENABLED"}
    snapshot = Snapshot({**a_service(networkConfiguration={"awsvpcConfiguration": interface}), **a_definition()})
    found = completed_if_known(PLACE, of_service().workload(PLACE), snapshot)
    assert found is not None
    assert (found.subnet_ids, found.assigns_public_ip) == (("subnet-a", "subnet-b"), True)
    bare = completed_if_known(PLACE, of_service().workload(PLACE), Snapshot({**a_service(), **a_definition()}))
    assert bare is not None
    assert (bare.subnet_ids, bare.assigns_public_ip) == ((), False)
