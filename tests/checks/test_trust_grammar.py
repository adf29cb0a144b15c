"""TRUST010: what IAM would refuse of trust policies that it once took."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Known
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import role
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    ECS_TASKS,
    FAILED,
    GONE,
    MANAGED,
    MANAGED_QUESTION,
    MANAGED_ROLE,
    PASSED,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    a_role,
    allow,
    asked_for,
    document,
    judged,
    me,
    task_role,
    told,
    trusting,
)

WEB = a_config(task_roles=["web"], workloads=[{"name": "api", "memory": 512, "execution_role": "pull"}])
PULL = task_role("pull")
ORPHAN = "AROAEXAMPLEEXAMPLE12"


@pytest.mark.parametrize(
    ("statement", "place", "says"),
    [
        pytest.param({**me(), "Resource": "*"}, "Statement[1].Resource", "Has prohibited field Resource.", id="Resource"),
        pytest.param(allow("*"), "Statement[1].Principal", '"STAR":"*"', id="the bare star"),
        pytest.param(me(action="s3:GetObject"), "Statement[1].Action[0]", "can only be sts:AssumeRole", id="another action"),
        pytest.param({**me(), "Sid": "a b"}, "Statement[1].Sid", "must be alpha-numeric", id="a Sid"),
        pytest.param(
            allow({"AWS": f"arn:aws:iam::{MANAGED}:role/*"}), "Statement[1].Principal.AWS", "Invalid principal", id="a wildcard"
        ),
        pytest.param(
            me({"DateLessThan": {"aws:CurrentTime": "soon"}}),
            "Statement[1].Condition.DateLessThan.aws:CurrentTime[0]",
            "legacy parsing",
            id="a date that is none",
        ),
    ],
)
def test_what_iam_refuses_is_said_in_its_words_and_with_its_place(statement: Any, place: str, says: str) -> None:
    (problem,) = judged("TRUST010", None, trusting(me(), statement)).problems
    assert problem.severity is Severity.ERROR
    assert problem.summary.startswith("IAM would refuse the trust policy of SpinnakerManaged for Statement[1].")
    assert f"{place}: " in problem.evidence
    assert says in problem.evidence
    assert "aws accessanalyzer validate-policy" in problem.remediation
    assert "--role-name SpinnakerManaged" in problem.remediation


def test_all_that_is_refused_of_a_role_is_one_problem() -> None:
    (problem,) = judged("TRUST010", None, trusting({**me(), "Resource": "*"}, allow("*"))).problems
    assert problem.summary.endswith("for Statement[0].Resource and 1 more")
    assert len(problem.evidence.splitlines()) == 2


@pytest.mark.parametrize(
    "trust",
    [
        pytest.param(document(me(), allow({"Service": ECS_TASKS})), id="an ordinary one"),
        pytest.param('{"Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:*"}}', id="odd, and accepted"),
        pytest.param(document(me(), allow({"AWS": ORPHAN})), id="a deleted principal, which TRUST003 reports"),
        pytest.param(
            document(*(me({"StringEquals": {"aws:PrincipalTag/a": "x" * 300}}) for _ in range(9))), id="larger than the quota"
        ),
    ],
)
def test_what_iam_takes_passes(trust: str) -> None:
    result = judged("TRUST010", None, (MANAGED_QUESTION, Known(a_role(trust))))
    assert result.outcome is PASSED, told(result)


def test_task_and_execution_roles_are_judged_too() -> None:
    refused = allow({"Service": "ecs-tasks"})
    result = judged("TRUST010", WEB, task_role("web", refused), task_role("pull", refused))
    assert [problem.summary.split()[7] for problem in result.problems] == ["web", "pull"]
    assert asked_for("TRUST010", WEB) == {MANAGED_QUESTION, role(ACCOUNT, "web"), role(ACCOUNT, "pull")}


def test_the_managed_role_is_judged_once_where_containers_run_with_it_too() -> None:
    config = a_config(task_roles=["SpinnakerManaged"])
    assert len(judged("TRUST010", config, trusting({**me(), "Resource": "*"})).problems) == 1


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ([trusting(me(), allow({"AWS": ORPHAN}, effect="Deny")), task_role("web")], "SpinnakerManaged"),
        ([task_role("web", allow({"Service": ECS_TASKS}), allow({"AWS": [ORPHAN, MANAGED_ROLE]}))], "web"),
        ([task_role("web", {"Effect": "Deny", "NotPrincipal": {"AWS": ORPHAN}, "Action": "sts:TagSession"})], "web"),
    ],
    ids=["denied by the managed role", "allowed by a task role", "excepted by a task role"],
)
def test_a_deleted_principal_that_trust003_does_not_report_is_a_warning(changes: Any, name: str) -> None:
    problems = judged("TRUST010", WEB, PULL, *changes).problems
    warned = [problem for problem in problems if problem.severity is Severity.WARNING]
    assert [problem.summary for problem in warned] == [f"{name} names {ORPHAN}, a principal that was deleted"]
    assert f'"AWS":"{ORPHAN}"' in warned[0].evidence
    assert f"role/{name}" in warned[0].remediation


@pytest.mark.parametrize(
    ("changes", "outcome", "says"),
    [
        ([(MANAGED_QUESTION, UNREADABLE), task_role("web")], UNDETERMINED, "AccessDenied"),
        ([(MANAGED_QUESTION, GONE), task_role("web")], BLOCKED, "there is no such role"),
        ([(role(ACCOUNT, "web"), UNREADABLE)], UNDETERMINED, "AccessDenied"),
        ([(role(ACCOUNT, "web"), GONE)], BLOCKED, "there is no such role"),
        ([trusting({**me(), "Foo": 1}), task_role("web")], UNDETERMINED, 'has no element "Foo"'),
        ([task_role("web", {"Effect": "Maybe"})], UNDETERMINED, "role/web:1:42"),
    ],
    ids=["role not seen", "role not there", "task role not seen", "task role not there", "unreadable", "unreadable task role"],
)
def test_what_cannot_be_judged_is_no_pass(changes: Any, outcome: Outcome, says: str) -> None:
    result = judged("TRUST010", WEB, PULL, *changes)
    assert result.outcome is outcome
    assert says in result.reason


def test_what_is_not_seen_hides_no_other_role() -> None:
    result = judged("TRUST010", WEB, (MANAGED_QUESTION, UNREADABLE), task_role("web", allow("*")), PULL)
    assert result.outcome is FAILED
    assert "AccessDenied" in result.reason


@pytest.mark.parametrize("config", [a_config(assume_role=None), a_config(aws_account="missing")], ids=["no role", "no account"])
def test_without_a_managed_account_nothing_is_asked(config: Any) -> None:
    assert judged("TRUST010", config).outcome is BLOCKED
    assert asked_for("TRUST010", config) == frozenset()


def test_a_role_of_another_account_is_trust006s() -> None:
    config = a_config(task_roles=["arn:aws:iam::100000000009:role/web"])
    assert asked_for("TRUST010", config) == {MANAGED_QUESTION}
    assert judged("TRUST010", config).outcome is PASSED
