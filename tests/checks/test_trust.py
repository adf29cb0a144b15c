"""TRUST001 and TRUST002: whom the managed role lets in; and what of all three is blocked."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Known
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import caller_identity
from tests.checks.role_facts import (
    BLOCKED,
    CALLER,
    ECS,
    FAILED,
    GONE,
    IDENTITY,
    MANAGED,
    MANAGED_QUESTION,
    MANAGED_ROLE,
    MANAGING,
    OFFICE,
    PASSED,
    SCALING,
    STRANGER,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    a_role,
    allow,
    asked_for,
    attempt,
    denied,
    judged,
    me,
    told,
    trusting,
    who,
)

BY_A_STRANGER = (caller_identity(), who(STRANGER))
ORPHAN = "AROAEXAMPLEEXAMPLE12"
OPENID = "arn:aws:iam::100000000002:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/X"


@pytest.mark.parametrize(
    ("statements", "outcome", "says"),
    [
        pytest.param([me()], PASSED, "", id="by its ARN"),
        pytest.param([allow({"AWS": MANAGING})], PASSED, "", id="by its account"),
        pytest.param([allow({"AWS": f"arn:aws:iam::{MANAGING}:root"})], PASSED, "", id="by its account's root"),
        pytest.param([allow({"AWS": "*"})], PASSED, "", id="by everybody"),
        pytest.param([me(action=["sts:AssumeRole"])], PASSED, "", id="managed.yaml writes a list of actions"),
        pytest.param([allow({"AWS": STRANGER})], FAILED, f'"Principal": {{"AWS": "{IDENTITY}"}}', id="F21: somebody else"),
        pytest.param(
            [allow({"Service": [ECS, SCALING]})],
            FAILED,
            "does not trust role/spinnaker (implicitDeny)",
            id="the guide's policy alone",
        ),
        pytest.param([me(), allow({"AWS": "*"}, effect="Deny")], FAILED, "Change statement number 2", id="F31: a Deny"),
        pytest.param([me({"StringEquals": {"sts:ExternalId": "token-1"}})], FAILED, "implicitDeny", id="F24: an external id"),
        pytest.param([me({"StringEquals": {"aws:RequestTag/team": "x"}})], FAILED, "", id="a session tag, which is never sent"),
        pytest.param([me({"StringLike": {"sts:RoleSessionName": "Spin*"}})], PASSED, "", id="its session name"),
        pytest.param([me({"StringLike": {"sts:RoleSessionName": "jenkins-*"}})], FAILED, "", id="another session name"),
        pytest.param([me({"DateLessThan": {"aws:CurrentTime": "2026-11-24T12:00:01Z"}})], PASSED, "", id="a date to come"),
        pytest.param(
            [me({"DateLessThan": {"aws:CurrentTime": "2026-11-24T12:00:00Z"}})],
            FAILED,
            "requires DateLessThan of aws:CurrentTime",
            id="F25: a date that has passed",
        ),
        pytest.param([me({"NumericLessThan": {"aws:EpochTime": 1795521600}})], FAILED, "aws:EpochTime", id="F25: epoch seconds"),
        pytest.param(
            [allow({"Federated": OPENID}, action="sts:AssumeRoleWithWebIdentity")],
            FAILED,
            "lets federated identities in alone",
            id="F26: a role for pods",
        ),
        pytest.param(
            [allow({"AWS": IDENTITY.replace("role/", "role/apps/")})], FAILED, "the same name, and not the same path", id="a path"
        ),
        pytest.param([allow({"AWS": ORPHAN})], FAILED, "", id="F23: a deleted one"),
        pytest.param(
            [me({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})],
            UNDETERMINED,
            "MultiFactorAuth",
            id="F25: MFA",
        ),
        pytest.param([me(OFFICE)], UNDETERMINED, "aws:SourceIp", id="F25: an address"),
        pytest.param(
            [me({"StringEquals": {"aws:PrincipalOrgID": "o-1"}})],
            UNDETERMINED,
            "aws:PrincipalOrgID",
            id="F25: organization",
        ),
        pytest.param([{"Effect": "Maybe"}], UNDETERMINED, "cannot be read", id="no policy"),
        pytest.param([], FAILED, "", id="no statement at all"),
    ],
)
def test_the_trust_policy_is_evaluated_for_the_managing_identity_whoever_runs(
    statements: Any, outcome: Outcome, says: str
) -> None:
    result = judged("TRUST001", None, BY_A_STRANGER, trusting(*statements))
    assert result.outcome is outcome, told(result)
    assert says in told(result)
    assert all(problem.severity is Severity.FATAL for problem in result.problems)


@pytest.mark.parametrize(("fact", "outcome"), [(UNREADABLE, UNDETERMINED), (GONE, BLOCKED)])
@pytest.mark.parametrize("check_id", ["TRUST001", "TRUST002", "TRUST003"])
def test_a_role_that_is_not_seen_or_not_there(check_id: str, fact: Any, outcome: Outcome) -> None:
    assert judged(check_id, None, (MANAGED_QUESTION, fact)).outcome is outcome


@pytest.mark.parametrize("check_id", ["TRUST001", "TRUST002", "TRUST003"])
@pytest.mark.parametrize(
    ("config", "outcome"),
    [
        (a_config(aws_account="prod-awss"), BLOCKED),
        (a_config(assume_role=None), BLOCKED),
        (a_config(assume_role="user/spinnaker"), BLOCKED),
        (a_config(assume_role="${ROLE_ARN}"), UNDETERMINED),
    ],
    ids=["no AWS account", "no role", "no ARN of a role", "a placeholder"],
)
def test_without_mapping_or_role_there_is_nothing_to_judge(check_id: str, config: Any, outcome: Outcome) -> None:
    assert judged(check_id, config).outcome is outcome
    assert asked_for(check_id, config) == frozenset()


@pytest.mark.parametrize("check_id", ["TRUST001", "TRUST002", "TRUST003"])
def test_the_role_of_that_name_in_another_path_is_another_role(check_id: str) -> None:
    elsewhere = (MANAGED_QUESTION, Known(a_role(arn=f"arn:aws:iam::{MANAGED}:role/teams/SpinnakerManaged")))
    result = judged(check_id, None, elsewhere)
    assert result.outcome is BLOCKED
    assert "role/teams/SpinnakerManaged, and assumeRole must give its path" in result.reason


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "null",
        "[]",
        "5",
        '"text"',
        "{}",
        '{"Statement": null}',
        '{"Statement": [null]}',
        '{"Statement": [{"Condition": 5}]}',
        "%7B%7D",
    ],
)
@pytest.mark.parametrize("check_id", ["TRUST001", "TRUST002", "TRUST003"])
def test_odd_policies_are_never_an_exception_and_never_a_pass(check_id: str, policy: str) -> None:
    result = judged(check_id, None, BY_A_STRANGER, (MANAGED_QUESTION, Known(a_role(policy))))
    assert result.outcome in (UNDETERMINED, FAILED)
    assert told(result).strip()


def test_the_attempt_of_the_managing_identity_decides_what_the_policy_leaves_open() -> None:
    assert judged("TRUST001", None, trusting(me(OFFICE))).outcome is PASSED
    open_still = judged("TRUST001", None, trusting(me(OFFICE)), (attempt(), denied()))
    assert open_still.outcome is UNDETERMINED


def test_what_is_asked_follows_from_what_is_known() -> None:
    config = a_config()
    assert asked_for("TRUST001", config) == {MANAGED_QUESTION}
    assert asked_for("TRUST001", a_config(identity=None)) == {MANAGED_QUESTION, caller_identity()}
    assert asked_for("TRUST001", config, trusting(me(OFFICE))) == {MANAGED_QUESTION, caller_identity(), attempt()}
    assert asked_for("TRUST001", config, trusting(me(OFFICE)), BY_A_STRANGER) == {MANAGED_QUESTION, caller_identity()}


@pytest.mark.parametrize(
    ("principal", "outcome"),
    [
        (IDENTITY, PASSED),
        (IDENTITY.replace("role/", "role/a/path/"), PASSED),
        (CALLER, PASSED),
        (STRANGER, FAILED),
    ],
    ids=["the role", "with the path that the session has lost", "this very session", "somebody else"],
)
def test_where_nobody_is_stated_the_callers_session_is_judged(principal: str, outcome: Outcome) -> None:
    result = judged("TRUST001", a_config(identity=None), trusting(allow({"AWS": principal})), (attempt(), denied()))
    assert result.outcome is outcome
    if outcome is FAILED:
        assert f'{{"AWS": "{IDENTITY}"}}' in result.problems[0].remediation


@pytest.mark.parametrize(
    ("version", "statements", "outcome", "severity", "says"),
    [
        pytest.param(None, [me(), allow({"Service": [ECS, SCALING]})], PASSED, None, "", id="the guide's policy"),
        pytest.param("1.18.5", [allow({"Service": ECS}), allow({"Service": SCALING})], PASSED, None, "", id="in two statements"),
        pytest.param(None, [me()], FAILED, Severity.ERROR, "--spinnaker-version", id="neither, no version stated"),
        pytest.param("1.18.5", [me()], FAILED, Severity.ERROR, f'["{ECS}", "{SCALING}"]', id="neither, 1.18"),
        pytest.param("1.19.0", [me()], FAILED, Severity.INFO, "Nothing needs it from 1.19 on", id="neither, 1.19"),
        pytest.param("2025.1.0", [me()], FAILED, Severity.INFO, "", id="neither, newest"),
        pytest.param(
            "1.18.5", [allow({"Service": ECS})], FAILED, Severity.ERROR, f"does not trust {SCALING}", id="one of the two"
        ),
        pytest.param(
            "1.18.5",
            [allow({"Service": ["ecs-tasks.amazonaws.com", SCALING]})],
            FAILED,
            Severity.ERROR,
            "",
            id="ecs-tasks is another",
        ),
        pytest.param(
            "1.18.5",
            [allow({"Service": [ECS, f"{SCALING}.cn"]})],
            FAILED,
            Severity.ERROR,
            "",
            id="China has no names of its own, spinnaker #5710",
        ),
        pytest.param(
            "1.18.5",
            [allow({"Service": [ECS, SCALING]}, {"StringEquals": {"aws:SourceAccount": MANAGED}})],
            UNDETERMINED,
            None,
            "aws:SourceAccount",
            id="under a condition",
        ),
        pytest.param(
            "1.19.0",
            [allow({"Service": [ECS, SCALING]}, {"StringEquals": {"aws:SourceAccount": MANAGED}})],
            FAILED,
            Severity.INFO,
            "without conditions",
            id="under a condition that no longer matters",
        ),
        pytest.param(
            "1.18.5",
            [allow({"Service": [ECS, SCALING]}), allow({"Service": ECS}, effect="Deny")],
            FAILED,
            Severity.ERROR,
            "denied by",
            id="and a Deny",
        ),
    ],
)
def test_ecs_services_are_trusted(
    version: str | None, statements: Any, outcome: Outcome, severity: Severity | None, says: str
) -> None:
    result = judged("TRUST002", a_config(version=version), trusting(*statements))
    assert result.outcome is outcome
    assert says in told(result)
    if severity is not None:
        assert result.severity is severity
    if outcome is FAILED:
        assert MANAGED_ROLE in told(result)
