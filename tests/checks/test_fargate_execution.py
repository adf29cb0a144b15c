"""TRUST009: Fargate without an execution role takes the managed role for one."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks.fargate_execution import fargate_without_execution_role, is_execution_role
from ecs_preflight.findings import Outcome, Severity
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    ECS,
    ECS_TASKS,
    FAILED,
    GONE,
    MANAGED,
    MANAGED_QUESTION,
    MANAGED_ROLE,
    NOT_APPLICABLE,
    PASSED,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    allow,
    asked_for,
    judged,
    me,
    told,
    trusting,
)

FAR = {"name": "far", "memory": 512, "launch_type": "FARGATE"}
FARGATE = a_config(workloads=[FAR, {"name": "web", "memory": 512}])


def tasks(condition: Any = None, **more: Any) -> Any:
    return allow({"Service": ECS_TASKS}, condition, **more)


@pytest.mark.parametrize(
    ("statements", "outcome", "says"),
    [
        pytest.param([tasks()], PASSED, "", id="it trusts ecs-tasks"),
        pytest.param([allow({"Service": [ECS, ECS_TASKS]})], PASSED, "", id="among others"),
        pytest.param([tasks({"StringEquals": {"aws:SourceAccount": MANAGED}})], PASSED, "", id="for tasks of the account"),
        pytest.param(
            [tasks({"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:us-east-1:{MANAGED}:*"}})], PASSED, "", id="and of the region"
        ),
        pytest.param([], FAILED, "role SpinnakerManaged does not trust ecs-tasks.amazonaws.com", id="F37: it does not"),
        pytest.param(
            [allow({"Service": ECS})], FAILED, '"Principal": {"Service": "ecs-tasks.amazonaws.com"}', id="ecs is another"
        ),
        pytest.param(
            [tasks({"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{MANAGED}:*"}})], FAILED, "us-east-1", id="F38: a region"
        ),
        pytest.param([tasks(), tasks(effect="Deny")], FAILED, "denied by statement number 3", id="a Deny"),
        pytest.param([tasks({"StringEquals": {"aws:SourceOrgID": "o-1"}})], UNDETERMINED, "aws:SourceOrgID", id="a condition"),
        pytest.param([{"Effect": "Maybe"}], UNDETERMINED, "cannot be read", id="no policy"),
    ],
)
def test_fargate_may_take_the_managed_role(statements: Any, outcome: Outcome, says: str) -> None:
    result = judged("TRUST009", FARGATE, trusting(me(), *statements))
    assert result.outcome is outcome, told(result)
    assert says in told(result)
    for problem in result.problems:
        assert problem.severity is Severity.ERROR
        assert "it is to be the execution role of far in us-east-1" in problem.evidence
        assert MANAGED_ROLE in problem.remediation


@pytest.mark.parametrize(
    "workloads",
    [[], [{"name": "web", "memory": 512}], [{**FAR, "execution_role": "pull"}]],
    ids=["none is named", "none is on Fargate", "it has an execution role"],
)
def test_where_no_workload_falls_back_there_is_nothing_to_judge(workloads: Any) -> None:
    config = a_config(workloads=workloads)
    assert judged("TRUST009", config, (MANAGED_QUESTION, GONE)).outcome is NOT_APPLICABLE
    assert asked_for("TRUST009", config) == frozenset()
    assert not is_execution_role(config, MANAGED_ROLE)


@pytest.mark.parametrize(
    ("config", "fact", "outcome"),
    [
        (FARGATE, UNREADABLE, UNDETERMINED),
        (FARGATE, GONE, BLOCKED),
        (a_config(workloads=[FAR], assume_role=None), GONE, BLOCKED),
        (a_config(workloads=[FAR], aws_account="missing"), GONE, BLOCKED),
    ],
    ids=["not seen", "not there", "no role", "no AWS account"],
)
def test_a_role_that_is_not_seen_or_not_there(config: Any, fact: Any, outcome: Outcome) -> None:
    assert judged("TRUST009", config, (MANAGED_QUESTION, fact)).outcome is outcome


def test_which_workloads_fall_back_to_which_role() -> None:
    assert fargate_without_execution_role(FARGATE, ACCOUNT) == {"us-east-1": ("far",)}
    assert is_execution_role(FARGATE, MANAGED_ROLE)
    assert not is_execution_role(FARGATE, f"{MANAGED_ROLE}2")
