"""PERMISSION005 and PERMISSION006: the boundary of the managed role, and whether the role may do everything."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Absent, Unknown
from ecs_preflight.findings import Severity
from tests.checks.permission_facts import POLICIES, POWER_USER, holding
from tests.checks.role_facts import (
    BLOCKED,
    FAILED,
    MANAGED_ROLE,
    PASSED,
    UNDETERMINED,
    a_config,
    document,
    judged,
    may,
    rights,
    told,
)

EVERYTHING = may("*", "*")
OFFICE_ONLY = {**EVERYTHING, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}


def test_without_a_boundary_nothing_is_capped() -> None:
    result = judged("PERMISSION005", None, holding(POWER_USER))
    assert result.outcome is PASSED
    assert "no permissions boundary" in result.reason


@pytest.mark.parametrize(
    ("boundary", "outcome"),
    [
        (document(EVERYTHING), PASSED),
        (document(POWER_USER), PASSED),
        (document(may("ecs:*", "*")), FAILED),
        (document(EVERYTHING, may("ecs:CreateService", "*", "Deny")), FAILED),
        (document(OFFICE_ONLY), UNDETERMINED),
        ('{"Version": "2012-10-17", "Statement": [{"Effect": "Perhaps"}]}', UNDETERMINED),
    ],
)
def test_a_boundary_leaves_room_or_does_not(boundary: str, outcome: Any) -> None:
    assert judged("PERMISSION005", None, holding(POWER_USER, boundary=boundary)).outcome is outcome


def test_what_the_boundary_takes_away_is_named_with_the_boundary() -> None:
    result = judged("PERMISSION005", None, holding(POWER_USER, boundary=document(may("ecs:*", "*"))))
    (problem,) = result.problems
    assert problem.severity is Severity.WARNING
    assert problem.summary == "its boundary denies 'SpinnakerManaged' application-autoscaling:RegisterScalableTarget and 4 more"
    assert "arn:aws:iam::1:policy/cap" in problem.remediation
    assert '"cloudwatch:DeleteAlarms"' in problem.remediation
    assert "ecs:CreateService" not in told(result)


def test_a_boundary_may_fence_regions() -> None:
    fenced = {**EVERYTHING, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}
    config = a_config(regions=("us-east-1", "eu-west-1"))
    result = judged("PERMISSION005", config, holding(POWER_USER, boundary=document(fenced)))
    assert result.outcome is FAILED
    assert "in eu-west-1" in told(result)
    assert "in us-east-1" not in told(result)


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        (POWER_USER, PASSED),
        (may("iam:PassRole", "*"), PASSED),
        (may("iam:Get*", "*"), PASSED),
        (EVERYTHING, FAILED),
        (may("*:*", "*"), FAILED),
        ({"Effect": "Allow", "NotAction": "ecs:DeleteCluster", "Resource": "*"}, FAILED),
        (may("iam:*", "*"), FAILED),
        (may("iam:PutRolePolicy", "*"), FAILED),
        (may("iam:CreateAccessKey", "arn:aws:iam::100000000002:user/*"), FAILED),
        (may("iam:SetDefaultPolicyVersion", "*"), FAILED),
        # Some roles alone: a remark says so.
        (may("iam:PutRolePolicy", "arn:aws:iam::100000000002:role/app-*"), PASSED),
        (OFFICE_ONLY, UNDETERMINED),
    ],
)
def test_whether_the_role_may_give_itself_everything(statement: Any, outcome: Any) -> None:
    assert judged("PERMISSION006", None, holding(statement)).outcome is outcome


def test_the_policy_that_gives_it_is_named() -> None:
    result = judged("PERMISSION006", None, holding(EVERYTHING))
    (problem,) = result.problems
    assert problem.severity is Severity.WARNING
    assert problem.summary == "'SpinnakerManaged' may call iam:AttachRolePolicy and 14 more"
    assert f"Take inline away from {MANAGED_ROLE}" in problem.remediation


def test_what_it_may_do_to_some_is_told() -> None:
    result = judged("PERMISSION006", None, holding(may("iam:PutRolePolicy", "arn:aws:iam::100000000002:role/app-*")))
    assert "it may call iam:PutRolePolicy" in result.reason


def test_iam_is_called_in_the_region_of_its_partition() -> None:
    role = "arn:aws-cn:iam::100000000002:role/SpinnakerManaged"
    config = a_config(assume_role=role, regions=("cn-north-1",), default_regions=("cn-north-1",))
    fenced = {**EVERYTHING, "Condition": {"StringEquals": {"aws:RequestedRegion": "cn-north-1"}}}
    assert judged("PERMISSION006", config, (POLICIES, rights(fenced, arn=role))).outcome is FAILED


def test_a_boundary_takes_the_power_away() -> None:
    assert judged("PERMISSION006", None, holding(EVERYTHING, boundary=document(POWER_USER))).outcome is PASSED


@pytest.mark.parametrize("check_id", ["PERMISSION005", "PERMISSION006"])
@pytest.mark.parametrize(
    ("fact", "outcome"), [(Unknown("iam:GetRolePolicy", "AccessDenied"), UNDETERMINED), (Absent("no role"), BLOCKED)]
)
def test_policies_that_are_not_known_are_not_green(check_id: str, fact: Any, outcome: Any) -> None:
    assert judged(check_id, None, (POLICIES, fact)).outcome is outcome


@pytest.mark.parametrize("check_id", ["PERMISSION005", "PERMISSION006"])
def test_without_a_role_there_is_nothing_to_judge(check_id: str) -> None:
    assert judged(check_id, a_config(assume_role="nothing")).outcome is BLOCKED
