"""PERMISSION002: writes, by the simulator and by the policies, compared."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.answers import SimulatedAction
from ecs_preflight.facts import Absent, Unknown
from ecs_preflight.findings import Outcome, Severity
from tests.checks.permission_facts import (
    POLICIES,
    POWER_USER,
    holding,
    of_writes,
    questions_of,
    refused,
    simulated,
)
from tests.checks.role_facts import (
    BLOCKED,
    FAILED,
    MANAGED,
    MANAGED_ROLE,
    PASSED,
    UNDETERMINED,
    a_config,
    asked_for,
    document,
    judged,
    may,
    told,
)

WORKLOADS = [{"name": "web", "cpu": 256, "memory": 512}]
NO_CREATE = {"Effect": "Deny", "Action": "ecs:CreateService", "Resource": "*"}


@pytest.mark.parametrize("simulator", [True, False], ids=["with the simulator", "by the policies alone"])
def test_power_user_access_has_all_of_them(simulator: bool) -> None:
    assert of_writes(simulator=simulator).outcome is PASSED


@pytest.mark.parametrize(
    ("action", "severity", "breaks"),
    [
        ("ecs:CreateService", Severity.ERROR, "leaves a task definition behind"),
        ("ecs:RegisterTaskDefinition", Severity.ERROR, "every deployment fails"),
        ("ecs:UpdateService", Severity.ERROR, "resize, enable and disable fail"),
        ("ecs:StopTask", Severity.ERROR, "terminating an instance fails"),
        ("application-autoscaling:RegisterScalableTarget", Severity.ERROR, "the UI hides it"),
        ("cloudwatch:PutMetricAlarm", Severity.WARNING, "scaling policies are not copied"),
        ("ecs:TagResource", Severity.WARNING, "a deployment with tags fails"),
    ],
)
def test_what_breaks_decides_how_bad_a_denial_is(action: str, severity: Severity, breaks: str) -> None:
    result = of_writes(POWER_USER, may(action, "*", "Deny"), simulator=False)
    (problem,) = result.problems
    assert (result.outcome, problem.severity) == (FAILED, severity)
    assert problem.summary == f"'SpinnakerManaged' may not call {action}"
    assert breaks in problem.evidence
    assert action in problem.remediation


# What the policies say, what the simulator says, what comes of it.
IMPLICIT = SimulatedAction("ecs:CreateService", "implicitDeny")
COMPARED: dict[str, tuple[tuple[Any, ...], SimulatedAction | None, Outcome, Severity, str]] = {
    "both allow": ((POWER_USER,), SimulatedAction("ecs:CreateService", "allowed"), PASSED, Severity.ERROR, ""),
    "both deny": (
        (POWER_USER, NO_CREATE),
        SimulatedAction("ecs:CreateService", "explicitDeny"),
        FAILED,
        Severity.ERROR,
        "says explicitDeny; the policies read here",
    ),
    "the simulator denies and the policies allow": ((POWER_USER,), IMPLICIT, UNDETERMINED, Severity.ERROR, "says implicitDeny"),
    "the simulator allows and the policies deny": (
        (POWER_USER, NO_CREATE),
        SimulatedAction("ecs:CreateService", "allowed"),
        UNDETERMINED,
        Severity.ERROR,
        "says allowed; the policies read here",
    ),
    # F51: the classic false deny, of an SCP that allows some regions only.
    "the organization alone denies": (
        (POWER_USER,),
        SimulatedAction("ecs:CreateService", "implicitDeny", organizations_allow=False),
        FAILED,
        Severity.WARNING,
        "not allowed by service control policies",
    ),
    "the organization and the boundary deny": (
        (POWER_USER,),
        SimulatedAction("ecs:CreateService", "implicitDeny", organizations_allow=False, boundary_allows=False),
        UNDETERMINED,
        Severity.ERROR,
        "service control policies and the boundary",
    ),
    "the simulator lacks a key": (
        (POWER_USER,),
        SimulatedAction("ecs:CreateService", "implicitDeny", ("aws:SourceIp",)),
        UNDETERMINED,
        Severity.ERROR,
        "took these keys for absent: aws:SourceIp",
    ),
    "the simulator says nothing of it": ((POWER_USER,), None, UNDETERMINED, Severity.ERROR, "says nothing of ecs:CreateService"),
}


@pytest.mark.parametrize("name", COMPARED)
def test_the_simulator_and_the_policies_are_compared(name: str) -> None:
    statements, says, outcome, severity, words = COMPARED[name]
    result = of_writes(*statements, exceptions={"ecs:CreateService": says})
    assert (result.outcome, result.severity) == (outcome, severity), told(result)
    assert words in told(result)


FROM_THE_OFFICE = {**POWER_USER, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}


def test_what_depends_on_where_clouddriver_stands_is_not_known() -> None:
    result = of_writes(FROM_THE_OFFICE, simulator=False)
    assert result.outcome is UNDETERMINED
    assert "aws:SourceIp" in result.reason


def test_the_simulator_decides_what_the_policies_leave_open_where_it_lacks_no_key() -> None:
    assert of_writes(FROM_THE_OFFICE).outcome is PASSED
    lacking = SimulatedAction("ecs:CreateService", "allowed", ("aws:SourceIp",))
    assert of_writes(FROM_THE_OFFICE, exceptions={"ecs:CreateService": lacking}).outcome is UNDETERMINED


def test_a_boundary_counts() -> None:
    result = of_writes(simulator=False, boundary=document(may("ecs:*", "*")))
    assert result.outcome is FAILED
    assert "its permissions boundary does not allow it" in told(result)
    assert "ecs:CreateService" not in result.problems[0].summary


def test_the_region_is_known() -> None:
    """The usual fence of an organization or boundary: nothing outside of some regions."""
    fenced = {**POWER_USER, "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}
    assert of_writes(fenced, simulator=False).outcome is FAILED
    inside = {**POWER_USER, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}
    assert of_writes(inside, simulator=False).outcome is PASSED


def only_in(cluster: str) -> tuple[Any, ...]:
    """PowerUserAccess but for services and tasks, which are allowed in one ECS cluster."""
    here = f"arn:aws:ecs:us-east-1:{MANAGED}"
    in_cluster = {"ArnEquals": {"ecs:cluster": f"{here}:cluster/{cluster}"}}
    services = ["ecs:CreateService", "ecs:UpdateService", "ecs:DeleteService", "ecs:TagResource"]
    others = ["ecs:RegisterTaskDefinition", "ecs:DeregisterTaskDefinition", "application-autoscaling:*", "cloudwatch:*"]
    return (
        {"Effect": "Allow", "Action": services, "Resource": f"{here}:service/{cluster}/*", "Condition": in_cluster},
        {"Effect": "Allow", "Action": "ecs:StopTask", "Resource": "*", "Condition": in_cluster},
        {"Effect": "Allow", "Action": others, "Resource": "*"},
    )


def test_a_role_for_one_cluster_may_deploy_to_that_and_to_no_other() -> None:
    config = a_config(workloads=WORKLOADS)  # to production
    assert of_writes(*only_in("production"), config=config, simulator=False).outcome is PASSED
    result = of_writes(*only_in("staging"), config=config, simulator=False)
    assert result.outcome is FAILED
    assert f"ecs:CreateService on arn:aws:ecs:us-east-1:{MANAGED}:service/production/*" in told(result)


def test_where_no_cluster_is_named_a_role_for_one_is_not_known_to_do() -> None:
    assert of_writes(*only_in("production"), simulator=False).outcome is UNDETERMINED


def test_a_role_without_policies_may_do_nothing() -> None:
    result = of_writes(may("ecs:List*", "*"), simulator=False)
    assert [problem.severity for problem in result.problems] == [Severity.ERROR, Severity.WARNING]


def test_the_policy_for_tags_that_aws_shows_is_enough() -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html"""
    on_creation = {**may("ecs:TagResource", "*"), "Condition": {"StringEquals": {"ecs:CreateAction": "CreateService"}}}
    without = {**POWER_USER, "NotAction": [*POWER_USER["NotAction"], "ecs:TagResource"]}
    assert of_writes(without, on_creation, simulator=False).outcome is PASSED
    assert of_writes(without, simulator=False).outcome is FAILED


def test_what_a_deny_or_a_boundary_takes_away_no_further_allow_gives_back() -> None:
    denied = of_writes(POWER_USER, NO_CREATE, simulator=False)
    assert f"In the policies of {MANAGED_ROLE}, take away or narrow the Deny" in told(denied)
    capped = of_writes(simulator=False, boundary=document(may("ecs:*", "*")))
    assert "the policy that is the permissions boundary" in told(capped)


def test_tags_matter_where_the_naming_strategy_sets_them() -> None:
    config = a_config()
    account = config.clouddriver.ecs.accounts[0].model_copy(update={"naming_strategy": "Tags"})
    ecs = config.clouddriver.ecs.model_copy(update={"accounts": (account,)})
    tagging = type(config)(config.clouddriver.model_copy(update={"ecs": ecs}), config.preflight)
    result = of_writes(POWER_USER, may("ecs:TagResource", "*", "Deny"), config=tagging, simulator=False)
    assert result.severity is Severity.ERROR


def test_the_simulator_is_asked_for_several_actions_at_once() -> None:
    asked = questions_of("PERMISSION002", a_config(workloads=WORKLOADS))
    by_actions = {frozenset(question.arguments[1].split(",")): question.arguments for question in asked}
    on_services = by_actions[frozenset({"ecs:CreateService", "ecs:UpdateService", "ecs:DeleteService"})]
    assert on_services[0] == MANAGED_ROLE
    assert on_services[2] == f"arn:aws:ecs:us-east-1:{MANAGED}:service/production/*"
    assert f"ecs:cluster=arn:aws:ecs:us-east-1:{MANAGED}:cluster/production" in on_services
    assert "ecs:CreateAction=CreateService" in by_actions[frozenset({"ecs:TagResource"})]
    assert len(asked) == 7
    assert {question.region for question in asked} == {"us-east-1"}


def test_what_is_not_known_is_not_green() -> None:
    config = a_config()
    asked = questions_of("PERMISSION002", config)
    unknown = Unknown("iam:GetRolePolicy", "AccessDenied: no")
    assert judged("PERMISSION002", config, (POLICIES, unknown), *simulated(asked)).outcome is UNDETERMINED
    failed = [*simulated(asked[1:]), (asked[0], Unknown("iam:SimulatePrincipalPolicy", "Throttling"))]
    assert judged("PERMISSION002", config, holding(POWER_USER), *failed).outcome is UNDETERMINED
    gone = [*simulated(asked[1:]), (asked[0], Absent("there is no such role"))]
    assert judged("PERMISSION002", config, holding(POWER_USER), *gone).outcome is BLOCKED


def test_a_policy_that_nobody_can_read_decides_nothing() -> None:
    config = a_config()
    odd = holding({"Effect": "Allow", "Action": "*", "Resource": "*", "Unheard": 1})
    result = judged("PERMISSION002", config, odd, *refused(questions_of("PERMISSION002", config)))
    assert result.outcome is UNDETERMINED
    assert "Unheard" in result.reason


def test_without_a_role_there_is_nothing_to_judge() -> None:
    assert judged("PERMISSION002", a_config(assume_role="nothing")).outcome is BLOCKED
    assert asked_for("PERMISSION002", a_config(assume_role="nothing")) == frozenset()
