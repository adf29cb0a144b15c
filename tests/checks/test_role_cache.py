"""TRUST008: the roles that make clouddriver's role cache throw."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Gap, Known, Listing
from ecs_preflight.findings import Outcome, Severity
from tests.checks.role_facts import (
    BLOCKED,
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

ONE_OBJECT = '{"Statement": {"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": "sts:AssumeRole"}}'
STAR = document(allow("*"))
NO_PRINCIPAL = document({"Effect": "Allow", "NotPrincipal": {"AWS": "1"}, "Action": "sts:AssumeRole"})
WEB_IDENTITY = document({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRoleWithWebIdentity"})


def roles_with(*policies: str, gaps: Any = ()) -> Any:
    found = tuple(a_role(policy, f"arn:aws:iam::{MANAGED}:role/teams/role{n}") for n, policy in enumerate(policies))
    return EVERY_ROLE, Known(Listing(found, gaps))


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (ONE_OBJECT, "Statement is a single object"),
        (STAR, "the Principal of statement 1 is a string"),
        (NO_PRINCIPAL, "has no Principal"),
        ("{}", "no Statement"),
    ],
)
def test_shapes_that_make_the_reader_throw(policy: str, says: str) -> None:
    result = judged("TRUST008", None, roles_with(document(allow({"AWS": "1"})), policy))
    assert (result.outcome, result.severity) == (FAILED, Severity.WARNING)
    assert says in result.problems[0].evidence
    assert "teams/role1" in result.problems[0].summary
    assert "--role-name role1 " in result.problems[0].remediation


@pytest.mark.parametrize("policy", [document(), WEB_IDENTITY, "not JSON", "[]", document(allow({"AWS": "*"}, action=["sts:*"]))])
def test_shapes_that_it_passes_over(policy: str) -> None:
    assert judged("TRUST008", None, roles_with(policy)).outcome is PASSED


def test_a_handful_is_named_and_the_rest_counted() -> None:
    result = judged("TRUST008", None, roles_with(*[STAR] * 40))
    (problem,) = result.problems
    assert "40 roles" in problem.summary
    assert problem.evidence.count("ClassCastException") == 5
    assert "and 35 more" in problem.evidence


GAP = (Gap("roles after role0", "Throttling: Rate exceeded"),)


@pytest.mark.parametrize(
    ("config", "changes", "outcome", "says"),
    [
        (a_config(), [roles_with(document(), gaps=GAP)], UNDETERMINED, "roles after role0 could not be read"),
        (a_config(), [roles_with(STAR, gaps=GAP)], FAILED, "Rate exceeded"),
        (a_config(), [(EVERY_ROLE, UNREADABLE)], UNDETERMINED, "iam:GetRole"),
        (a_config(assume_role=None), [], BLOCKED, "no valid role ARN"),
    ],
    ids=["part is not seen", "part is not seen, and one throws", "none is seen", "no managed role"],
)
def test_what_is_not_seen_is_no_pass(config: Any, changes: Any, outcome: Outcome, says: str) -> None:
    result = judged("TRUST008", config, *changes)
    assert result.outcome is outcome
    assert says in told(result)
