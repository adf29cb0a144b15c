"""PERMISSION003: every role that deployments hand on may be passed."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.answers import SimulatedAction
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Absent, Known, Unknown
from ecs_preflight.findings import CheckResult, Severity
from ecs_preflight.questions import role
from tests.checks.permission_facts import POLICIES, POWER_USER, Change, holding, questions_of, refused, simulated
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    ECS_TASKS,
    FAILED,
    MANAGED,
    MANAGED_ROLE,
    NOT_APPLICABLE,
    PASSED,
    TRUSTED,
    UNDETERMINED,
    a_config,
    a_role,
    judged,
    may,
    told,
)

NEW, OLD = "1.37.0", "1.18.0"
WEB = f"arn:aws:iam::{MANAGED}:role/apps/webTaskRole"
WORKLOAD = {"name": "web", "cpu": 256, "memory": 512}
FARGATE = {**WORKLOAD, "launch_type": "FARGATE", "network_mode": "awsvpc"}
FOUND: Change = (role(ACCOUNT, "webTaskRole"), Known(a_role(TRUSTED, WEB)))


def passing(resource: str, service: str | None = ECS_TASKS) -> dict[str, Any]:
    condition = {"Condition": {"StringEquals": {"iam:PassedToService": service}}} if service else {}
    return {**may("iam:PassRole", resource), **condition}


def with_task_role(version: str | None = NEW, named: str = "webTaskRole") -> PreflightConfig:
    return a_config(version=version, task_roles=(named,))


def of_passing(config: PreflightConfig, *statements: Any, changes: tuple[Change, ...] = (FOUND,)) -> CheckResult:
    """By the policies alone."""
    held = holding(POWER_USER, *statements)
    return judged("PERMISSION003", config, held, *changes, *refused(questions_of("PERMISSION003", config, held, *changes)))


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        (passing(WEB), PASSED),
        (passing("*", None), PASSED),
        (passing(f"arn:aws:iam::{MANAGED}:role/apps/*"), PASSED),
        # IAM compares the ARN with its path, which the bare name in preflight.yml does not show.
        (passing(f"arn:aws:iam::{MANAGED}:role/webTaskRole"), FAILED),
        (passing(WEB, "ecs.amazonaws.com"), FAILED),
        (passing(WEB, "ec2.amazonaws.com"), FAILED),
    ],
)
def test_a_task_role_is_passed_to_ecs_tasks_by_its_whole_arn(statement: Any, outcome: Any) -> None:
    assert of_passing(with_task_role(), statement).outcome is outcome


def test_power_user_access_passes_nothing() -> None:
    result = of_passing(with_task_role())
    (problem,) = result.problems
    assert (result.outcome, result.severity) == (FAILED, Severity.ERROR)
    assert problem.summary == "'SpinnakerManaged' may not pass the role 'webTaskRole' to ecs-tasks.amazonaws.com"
    assert f'"Resource": "{WEB}"' in problem.remediation
    assert '"iam:PassedToService": "ecs-tasks.amazonaws.com"' in problem.remediation


def test_on_fargate_without_an_execution_role_the_managed_role_is_passed_itself() -> None:
    """CreateServerGroupAtomicOperation.java:421-441."""
    config = a_config(version=NEW, workloads=[FARGATE])
    assert "may not pass itself to ecs-tasks" in told(of_passing(config))
    assert of_passing(config, passing(MANAGED_ROLE)).outcome is PASSED
    own = a_config(version=NEW, workloads=[{**FARGATE, "execution_role": WEB}])
    assert of_passing(own, passing(WEB)).outcome is PASSED


@pytest.mark.parametrize(("version", "applies"), [(NEW, False), ("1.19.0", False), (OLD, True), (None, True)])
def test_up_to_1_18_the_managed_role_is_passed_to_both_services(version: str | None, applies: bool) -> None:
    config = a_config(version=version)
    result = of_passing(config)
    assert result.outcome is (FAILED if applies else NOT_APPLICABLE)
    if applies:
        assert "may not pass itself to ecs.amazonaws.com and 1 more" in told(result)
        assert ("State it as spinnaker.version" in told(result)) is (version is None)
        both = passing(MANAGED_ROLE, None)
        assert of_passing(config, both).outcome is PASSED
        one = of_passing(config, passing(MANAGED_ROLE, "ecs.amazonaws.com"))
        assert "itself to application-autoscaling.amazonaws.com" in one.problems[0].summary


def test_a_role_of_another_account_is_never_passed() -> None:
    config = with_task_role(named="arn:aws:iam::999999999999:role/webTaskRole")
    result = of_passing(config, passing("*", None))
    assert result.outcome is FAILED
    assert "can never be passed: it is not a role of account 100000000002" in result.problems[0].summary


@pytest.mark.parametrize(
    ("fact", "outcome"),
    [(Absent("there is no role webTaskRole"), BLOCKED), (Unknown("iam:GetRole", "AccessDenied"), UNDETERMINED)],
)
def test_a_role_that_is_not_known_is_not_judged(fact: Any, outcome: Any) -> None:
    config = with_task_role()
    assert of_passing(config, passing("*", None), changes=((FOUND[0], fact),)).outcome is outcome


def test_what_depends_on_a_tag_is_not_known() -> None:
    tagged = {**passing(WEB, None), "Condition": {"StringEquals": {"iam:ResourceTag/team": "web"}}}
    result = of_passing(with_task_role(), tagged)
    assert result.outcome is UNDETERMINED
    assert "iam:ResourceTag/team" in result.reason


def test_the_simulator_is_told_whom_the_role_is_passed_to() -> None:
    config = with_task_role()
    held = holding(POWER_USER, passing(WEB))
    asked = questions_of("PERMISSION003", config, held, FOUND)
    (question,) = asked
    assert question.arguments == (MANAGED_ROLE, "iam:PassRole", WEB, "iam:PassedToService=ecs-tasks.amazonaws.com")
    assert judged("PERMISSION003", config, held, FOUND, *simulated(asked)).outcome is PASSED
    by_organization = {"iam:PassRole": SimulatedAction("iam:PassRole", "implicitDeny", organizations_allow=False)}
    result = judged("PERMISSION003", config, held, FOUND, *simulated(asked, by_organization))
    assert (result.outcome, result.severity) == (FAILED, Severity.WARNING)
    assert "administrators of the organization" in told(result)


def test_policies_that_cannot_be_read_are_not_green() -> None:
    config = with_task_role()
    unread: Change = (POLICIES, Unknown("iam:GetRolePolicy", "AccessDenied"))
    asked = questions_of("PERMISSION003", config, unread, FOUND)
    assert judged("PERMISSION003", config, unread, FOUND, *simulated(asked)).outcome is UNDETERMINED


def test_without_a_role_there_is_nothing_to_judge() -> None:
    assert judged("PERMISSION003", a_config(assume_role="nothing")).outcome is BLOCKED
