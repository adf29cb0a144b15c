"""PERMISSION007: execution roles can pull images and write logs."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.answers import NamedPolicy, PrincipalPolicies
from ecs_preflight.facts import Absent, Known, Unknown
from ecs_preflight.findings import CheckResult, Severity
from ecs_preflight.questions import role_policies
from tests.checks.permission_facts import POWER_USER, Change, holding
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    FAILED,
    MANAGED,
    NOT_APPLICABLE,
    PASSED,
    UNDETERMINED,
    a_config,
    document,
    judged,
    may,
    told,
)

RUN = f"arn:aws:iam::{MANAGED}:role/run"
WORKLOAD = {"name": "web", "cpu": 256, "memory": 512}
FARGATE = {**WORKLOAD, "launch_type": "FARGATE", "network_mode": "awsvpc"}
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonECSTaskExecutionRolePolicy.html
PULL = ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"]
LOG = ["logs:CreateLogStream", "logs:PutLogEvents"]


def allowing(*actions: str, resource: str = "*") -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def held(*statements: Any) -> Change:
    policies = PrincipalPolicies(RUN, (NamedPolicy("inline", document(*statements)),))
    return role_policies(ACCOUNT, "run"), Known(policies)


def of_execution(change: Change, workload: dict[str, Any] | None = None) -> CheckResult:
    config = a_config(workloads=[workload or {**WORKLOAD, "execution_role": "run"}])
    return judged("PERMISSION007", config, change)


@pytest.mark.parametrize(
    ("statements", "outcome"),
    [
        ((allowing(*PULL, *LOG),), PASSED),
        ((allowing("ecr:*", "logs:*"),), PASSED),
        ((allowing(*PULL),), FAILED),
        ((allowing(*LOG),), FAILED),
        ((allowing(*PULL, *LOG), may("ecr:BatchGetImage", "*", "Deny")), FAILED),
        # Only one repository: no image is known, so nobody can say whether it is that one.
        ((allowing(*PULL[:1], *LOG), allowing(*PULL[1:], resource="arn:aws:ecr:us-east-1:*:repository/web")), UNDETERMINED),
        # The token belongs to the registry, not to a repository: it is never had on less than `*`.
        ((allowing(*PULL, resource="arn:aws:ecr:us-east-1:*:repository/*"), allowing(*LOG)), FAILED),
    ],
)
def test_an_execution_role_can_pull_and_log(statements: tuple[Any, ...], outcome: Any) -> None:
    assert of_execution(held(*statements)).outcome is outcome


def test_what_is_missing_is_named_with_the_policy_that_has_it() -> None:
    result = of_execution(held(allowing(*LOG)))
    (problem,) = result.problems
    assert problem.severity is Severity.WARNING
    assert problem.summary == "execution role 'run' may not call ecr:GetAuthorizationToken and 3 more"
    assert "--role-name run --policy-arn arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy" in told(result)


def test_on_fargate_without_one_the_managed_role_is_the_execution_role() -> None:
    assert of_execution(holding(POWER_USER), FARGATE).outcome is PASSED
    result = of_execution(holding(may("ecs:*", "*")), FARGATE)
    assert "execution role 'SpinnakerManaged'" in told(result)
    assert of_execution(held(allowing(*PULL, *LOG)), {**FARGATE, "execution_role": "run"}).outcome is PASSED


def test_on_container_instances_without_one_the_instance_pulls() -> None:
    assert of_execution(holding(POWER_USER), WORKLOAD).outcome is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("fact", "outcome"), [(Unknown("iam:GetRolePolicy", "AccessDenied"), UNDETERMINED), (Absent("no role"), BLOCKED)]
)
def test_policies_that_are_not_known_are_not_green(fact: Any, outcome: Any) -> None:
    assert of_execution((role_policies(ACCOUNT, "run"), fact)).outcome is outcome


def test_without_a_role_there_is_nothing_to_judge() -> None:
    assert judged("PERMISSION007", a_config(assume_role="nothing")).outcome is BLOCKED
