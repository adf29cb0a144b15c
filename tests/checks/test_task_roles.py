"""TRUST006 and TRUST007: the roles that containers run with."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks.task_roles import UsedRole, used_roles
from ecs_preflight.facts import Known
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import role
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    ECS,
    ECS_TASKS,
    FAILED,
    GONE,
    MANAGED,
    NOT_APPLICABLE,
    PASSED,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    a_role,
    allow,
    asked_for,
    document,
    judged,
    task_role,
    told,
)

WEB = a_config(task_roles=["web"])
TWO_REGIONS = a_config(task_roles=["web"], regions=["us-east-1", "eu-west-1"])
RUNNER = {"name": "api", "memory": 512, "task_role": "web", "execution_role": "pull"}
BOTH_CHECKS = pytest.mark.parametrize("check_id", ["TRUST006", "TRUST007"])


def tasks(condition: Any = None, **more: Any) -> Any:
    return allow({"Service": ECS_TASKS}, condition, **more)


def under(account: str = MANAGED, source: str = f"arn:aws:ecs:us-east-1:{MANAGED}:*") -> dict[str, Any]:
    """The confused-deputy conditions as AWS documents them (task-iam-roles.html)."""
    return {"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": account}}


@pytest.mark.parametrize(
    ("statements", "outcome", "says"),
    [
        pytest.param([tasks()], PASSED, "", id="the guide's policy, mended"),
        pytest.param([tasks(action=["sts:AssumeRole", "sts:TagSession"])], PASSED, "", id="a list of actions"),
        pytest.param([allow({"Service": [ECS, ECS_TASKS]})], PASSED, "", id="among others"),
        pytest.param([tasks(under())], PASSED, "", id="of this account and region"),
        pytest.param([tasks({"StringEquals": {"aws:SourceAccount": [MANAGED, "1"]}})], PASSED, "", id="of this account"),
        pytest.param([allow({"Service": ECS})], FAILED, f"does not trust {ECS_TASKS}", id="F35: ecs is another service"),
        pytest.param([allow({"Service": "ec2.amazonaws.com"})], FAILED, "", id="F35: ec2 is another service"),
        pytest.param([tasks(under(account="100000000009"))], FAILED, f"aws:SourceAccount {MANAGED}", id="F38: another account"),
        pytest.param(
            [tasks(under(source=f"arn:aws:ecs:eu-west-1:{MANAGED}:*"))],
            FAILED,
            f"arn:aws:ecs:us-east-1:{MANAGED}:*",
            id="F38: region",
        ),
        pytest.param([tasks(under(source=f"arn:aws-cn:ecs:us-east-1:{MANAGED}:*"))], FAILED, "", id="another partition"),
        pytest.param(
            [tasks(under(source=f"arn:aws:ecs:us-east-1:{MANAGED}:cluster/production"))],
            FAILED,
            "",
            id="an ECS cluster: unsupported",
        ),
        pytest.param(
            [tasks(under(source=f"arn:aws:ecs:us-east-1:{MANAGED}:task/*"))],
            UNDETERMINED,
            "aws:SourceArn",
            id="narrower than documented",
        ),
        pytest.param(
            [tasks({"StringEquals": {"aws:SourceOrgID": "o-1"}})],
            UNDETERMINED,
            "aws:SourceOrgID",
            id="an organization",
        ),
        pytest.param([tasks(), tasks(effect="Deny")], FAILED, "denied by", id="a Deny"),
        pytest.param([tasks({"StringEquals": {"sts:ExternalId": "token-1"}})], FAILED, "", id="ECS sends no external id"),
        pytest.param([{"Effect": "Allow"}], UNDETERMINED, "which IAM refuses", id="no policy"),
    ],
)
def test_a_task_role_lets_ecs_tasks_in(statements: Any, outcome: Outcome, says: str) -> None:
    result = judged("TRUST006", WEB, task_role("web", *statements))
    assert result.outcome is outcome, told(result)
    assert says in told(result)
    assert all(problem.severity is Severity.ERROR for problem in result.problems)


def test_every_region_counts() -> None:
    result = judged("TRUST006", TWO_REGIONS, task_role("web", tasks(under())))
    (problem,) = result.problems
    assert problem.summary == f"role web does not trust {ECS_TASKS} in eu-west-1"


def test_each_role_is_a_problem_of_its_own_and_what_is_not_seen_hides_none() -> None:
    config = a_config(task_roles=["web", "gone", "hidden"], workloads=[RUNNER])
    result = judged(
        "TRUST006",
        config,
        task_role("web", allow({"Service": ECS})),
        task_role("pull"),
        (role(ACCOUNT, "gone"), GONE),
        (role(ACCOUNT, "hidden"), UNREADABLE),
    )
    assert result.outcome is FAILED
    assert [problem.summary.split()[1].rstrip(",") for problem in result.problems] == ["web", "gone"]
    assert "aws iam create-role --role-name gone" in result.problems[1].remediation
    assert "iam:GetRole" in result.reason


def test_a_role_of_another_account_is_never_taken() -> None:
    """failure-modes.md F39."""
    config = a_config(task_roles=["arn:aws:iam::100000000009:role/web"])
    result = judged("TRUST006", config)
    assert result.outcome is FAILED
    assert "is of account 100000000009, not of 100000000002" in result.problems[0].summary
    assert asked_for("TRUST006", config) == frozenset()


def test_an_arn_or_a_path_is_asked_for_by_its_bare_name() -> None:
    config = a_config(task_roles=[f"arn:aws:iam::{MANAGED}:role/apps/web", "apps/api"])
    assert asked_for("TRUST006", config) == {role(ACCOUNT, "web"), role(ACCOUNT, "api")}
    result = judged("TRUST006", config, task_role("web", path="/apps/"), task_role("api", path="/apps/"))
    assert result.outcome is PASSED


def test_which_roles_are_used_where() -> None:
    config = a_config(task_roles=["web", "cron"], workloads=[RUNNER], regions=["us-east-1", "eu-west-1"])
    assert used_roles(config, ACCOUNT) == (
        UsedRole("web", ("us-east-1", "eu-west-1"), True),
        UsedRole("cron", ("us-east-1", "eu-west-1"), True),
        UsedRole("pull", ("us-east-1",), False),
    )


@BOTH_CHECKS
def test_where_none_is_named_there_is_nothing_to_judge(check_id: str) -> None:
    assert judged(check_id).outcome is NOT_APPLICABLE
    only_pulls = a_config(workloads=[{"name": "api", "memory": 512, "execution_role": "pull"}])
    assert judged("TRUST007", only_pulls).outcome is NOT_APPLICABLE


@BOTH_CHECKS
@pytest.mark.parametrize(
    ("config", "fact", "outcome"),
    [
        (WEB, UNREADABLE, UNDETERMINED),
        (a_config(task_roles=["web"], assume_role=None), UNREADABLE, BLOCKED),
        (a_config(task_roles=["web"], aws_account="missing"), UNREADABLE, BLOCKED),
    ],
    ids=["not seen", "no managed role", "no AWS account"],
)
def test_what_cannot_be_asked_is_no_pass(check_id: str, config: Any, fact: Any, outcome: Outcome) -> None:
    assert judged(check_id, config, (role(ACCOUNT, "web"), fact)).outcome is outcome


def test_a_role_that_is_missing_is_a_failure_of_one_and_blocks_the_other() -> None:
    assert judged("TRUST006", WEB, (role(ACCOUNT, "web"), GONE)).outcome is FAILED
    assert judged("TRUST007", WEB, (role(ACCOUNT, "web"), GONE)).outcome is BLOCKED


def test_without_a_region_nothing_says_where_tasks_would_run() -> None:
    nowhere = a_config(task_roles=["web"], regions=[], default_regions=[])
    assert judged("TRUST006", nowhere, task_role("web")).outcome is BLOCKED
    unread = judged("TRUST007", nowhere, task_role("web", tasks(action=["sts:AssumeRole"])))
    assert unread.outcome is BLOCKED
    assert "no region in which web could be used" in unread.reason
    assert judged("TRUST007", nowhere, task_role("web")).outcome is PASSED  # the reader sees it, whatever the region


@pytest.mark.parametrize(
    "written",
    [
        f"arn:aws:iam::{MANAGED}:role/web",
        f"arn:aws:iam::{MANAGED}:role/teams/web",
        f"arn:aws-cn:iam::{MANAGED}:role/apps/web",
        f"arn:aws:iam::{MANAGED}:user/apps/web",
    ],
)
def test_an_arn_names_a_role_with_its_path_partition_and_type(written: str) -> None:
    (problem,) = judged("TRUST006", a_config(task_roles=[written]), task_role("web", path="/apps/")).problems
    assert problem.severity is Severity.ERROR
    assert f"there is no role {written}: the role of that name is arn:aws:iam::{MANAGED}:role/apps/web" in problem.evidence


def test_the_roles_own_arn_and_its_bare_name_are_found() -> None:
    for written in (f"arn:aws:iam::{MANAGED}:role/apps/web", "web"):
        assert judged("TRUST006", a_config(task_roles=[written]), task_role("web", path="/apps/")).outcome is PASSED


@pytest.mark.parametrize(
    ("trust", "outcome", "says"),
    [
        # clouddriver.md section 4: what IamPolicyReader makes of each shape
        pytest.param(document(tasks()), PASSED, "", id="a text and a list"),
        pytest.param(
            document(tasks(action=["sts:AssumeRole"])),
            FAILED,
            "it sees these services: none",
            id="F30: a list of actions",
        ),
        pytest.param(document(tasks(action="sts:*")), FAILED, "", id="a wildcard"),
        pytest.param(document(tasks(action="sts:assumerole")), FAILED, "", id="another case"),
        pytest.param(document(tasks(action=["sts:AssumeRole"]), tasks()), PASSED, "", id="one statement that it reads is enough"),
        pytest.param(
            '{"Statement": {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}}',
            FAILED,
            "ClassCastException: Statement is a single object",
            id="a single statement",
        ),
        pytest.param(document(allow({"Service": ECS})), PASSED, "", id="what IAM denies too is TRUST006's"),
        pytest.param(document(tasks({"StringEquals": {"aws:SourceOrgID": "o"}})), PASSED, "", id="it looks at no condition"),
        pytest.param(
            document(tasks({"StringEquals": {"aws:SourceOrgID": "o"}}, action=["sts:AssumeRole"])),
            UNDETERMINED,
            "aws:SourceOrgID",
            id="IAM leaves it open, the reader does not see it",
        ),
        pytest.param(document(allow({"Service": "a+b"}), tasks()), PASSED, "", id="a plus is not decoded"),
        pytest.param("not JSON", UNDETERMINED, "cannot be read", id="no policy"),
    ],
)
def test_clouddrivers_reader_sees_what_iam_allows(trust: str, outcome: Outcome, says: str) -> None:
    found = role(ACCOUNT, "web"), Known(a_role(trust, f"arn:aws:iam::{MANAGED}:role/web"))
    result = judged("TRUST007", WEB, found)
    assert result.outcome is outcome, told(result)
    assert says in told(result)
    assert all(problem.severity is Severity.ERROR for problem in result.problems)


@pytest.mark.parametrize("written", [f"arn:aws:iam::{MANAGED}:role/web", "apps/web", "/web"])
def test_clouddriver_takes_bare_names_only(written: str) -> None:
    """failure-modes.md F32: The specified value for roleName is invalid."""
    result = judged("TRUST007", a_config(task_roles=[written]), task_role("web", path="/apps/"))
    (problem,) = result.problems
    assert problem.summary == "task role web is not named by its bare name"
    assert written in problem.evidence
