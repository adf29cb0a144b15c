"""TRUST011: what the role picker offers, and what IAM lets tasks run with."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Gap, Known, Listing
from ecs_preflight.findings import Outcome, Severity
from tests.checks.role_facts import (
    BLOCKED,
    ECS_TASKS,
    EVERY_ROLE,
    FAILED,
    MANAGED,
    PASSED,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    a_role,
    allow,
    document,
    judged,
    told,
)

TASKS = {"Service": ECS_TASKS}
GAP = (Gap("roles after role0", "Throttling"),)


def of_roles(*policies: str, gaps: Any = (), config: Any = None) -> Any:
    found = tuple(a_role(policy, f"arn:aws:iam::{MANAGED}:role/role{n}") for n, policy in enumerate(policies))
    return judged("TRUST011", config, (EVERY_ROLE, Known(Listing(found, gaps))))


@pytest.mark.parametrize(
    "policy",
    [
        document(allow(TASKS)),
        document(allow({"Service": "ec2.amazonaws.com"})),
        document(allow({"Service": "ec2.amazonaws.com"}, action=["sts:AssumeRole"])),
        document(allow(TASKS, {"StringEquals": {"aws:SourceAccount": MANAGED}})),
        document(),
        "not JSON",
    ],
)
def test_both_agree(policy: str) -> None:
    assert of_roles(policy).outcome is PASSED


@pytest.mark.parametrize(
    "policy",
    [
        document(allow(TASKS, effect="Deny")),
        document(allow(TASKS), allow(TASKS, effect="Deny")),
        document(allow(TASKS, {"StringEquals": {"aws:SourceAccount": "999999999999"}})),
        document(allow(TASKS, {"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{MANAGED}:*"}})),
    ],
)
def test_a_role_that_is_offered_and_that_no_task_can_run_with(policy: str) -> None:
    """IamPolicyReader looks at neither Effect nor Condition."""
    result = of_roles(document(allow(TASKS)), policy)
    (problem,) = result.problems
    assert (result.outcome, problem.severity) == (FAILED, Severity.WARNING)
    assert problem.summary == "the role picker offers 'role1', which no task can run with"


@pytest.mark.parametrize("action", [["sts:AssumeRole"], ["sts:AssumeRole", "sts:TagSession"], "sts:*", "sts:assumerole", "*"])
def test_a_role_that_tasks_could_run_with_and_that_is_not_offered(action: Any) -> None:
    result = of_roles(document(allow(TASKS, action=action)), document(allow(TASKS)))
    (problem,) = result.problems
    assert (result.outcome, problem.severity) == (FAILED, Severity.INFO)
    assert problem.summary == "the role picker leaves out 'role0', which tasks could run with"
    assert '"Action": "sts:AssumeRole"' in problem.remediation


def test_a_role_that_serves_one_of_the_regions_is_well_offered() -> None:
    policy = document(allow(TASKS, {"ArnLike": {"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{MANAGED}:*"}}))
    assert of_roles(policy, config=a_config(regions=("us-east-1", "eu-west-1"))).outcome is PASSED


def test_a_role_that_makes_the_reader_throw_is_of_the_cache_check() -> None:
    """TRUST008 says that it ends the run for all roles."""
    assert of_roles('{"Statement": {"Effect": "Allow", "Principal": {"Service": "x.amazonaws.com"}}}').outcome is PASSED


def test_the_first_are_named_and_the_rest_counted() -> None:
    result = of_roles(*[document(allow(TASKS, effect="Deny"))] * 9)
    assert "'role0' and 8 more" in result.problems[0].summary
    assert "and 4 more" in result.problems[0].evidence


@pytest.mark.parametrize(
    ("changes", "config", "outcome"),
    [
        ([(EVERY_ROLE, UNREADABLE)], a_config(), UNDETERMINED),
        ([(EVERY_ROLE, Known(Listing((), GAP)))], a_config(), UNDETERMINED),
        ([], a_config(assume_role=None), BLOCKED),
        ([], a_config(regions=(), default_regions=()), BLOCKED),
    ],
)
def test_what_is_not_seen_is_no_pass(changes: Any, config: Any, outcome: Outcome) -> None:
    assert judged("TRUST011", config, *changes).outcome is outcome


def test_a_difference_outweighs_what_was_not_seen() -> None:
    result = of_roles(document(allow(TASKS, effect="Deny")), gaps=GAP)
    assert (result.outcome, result.beside) == (FAILED, UNDETERMINED)
    assert "Throttling" in told(result)
