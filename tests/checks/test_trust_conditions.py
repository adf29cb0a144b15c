"""TRUST004: what the managing identity's way in depends on."""

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
    MANAGED_QUESTION,
    MANAGED_ROLE,
    NOT_APPLICABLE,
    OFFICE,
    PASSED,
    STRANGER,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    a_role,
    allow,
    asked_for,
    attempt,
    denied,
    document,
    judged,
    me,
    told,
    trusting,
    who,
    without,
)

ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
BY_A_STRANGER = (caller_identity(), who(STRANGER))
WARNING, INFO = Severity.WARNING, Severity.INFO


def under(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {operator: {key: value}}


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([me()], id="no condition"),
        pytest.param([me(under("ArnLike", "aws:PrincipalArn", IDENTITY))], id="who it is"),
        pytest.param([me(under("StringEquals", "aws:PrincipalAccount", "100000000001"))], id="its account"),
        pytest.param([me(under("Bool", "aws:SecureTransport", "true"))], id="TLS, which clouddriver always speaks"),
        pytest.param([me(under("Null", "sts:ExternalId", "true"))], id="no external id, which clouddriver never sends"),
        pytest.param([me(OFFICE), me()], id="another statement that asks for nothing"),
        pytest.param([me(), allow({"AWS": STRANGER}, OFFICE)], id="a condition on somebody else"),
        pytest.param([me(), allow({"Service": ECS}, under("StringEquals", "aws:SourceAccount", "1"))], id="of a service"),
        pytest.param([me(under("DateGreaterThan", "aws:CurrentTime", "2026-11-24T11:00:00Z"))], id="a date that is past"),
        pytest.param([me(under("DateLessThan", "aws:CurrentTime", "2027-01-01")), me()], id="a date in one of two statements"),
        pytest.param(
            [
                me(under("DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:00Z")),
                me(under("DateGreaterThanEquals", "aws:CurrentTime", "2027-01-01T00:00:00Z")),
            ],
            id="two dates without a gap",
        ),
        pytest.param([me(under("StringLike", "sts:RoleSessionName", "*"))], id="any session name"),
        pytest.param([me(under("StringNotEquals", "sts:RoleSessionName", "jenkins"))], id="all session names but one"),
        pytest.param([me(ORGANIZATION)], id="the organization, which the attempt settles wherever it is made"),
        pytest.param([me(under("StringEquals", "aws:PrincipalTag/team", "ops"))], id="a tag, likewise"),
    ],
)
def test_where_no_condition_decides_it_passes(statements: Any) -> None:
    result = judged("TRUST004", None, trusting(*statements))
    assert result.outcome is PASSED, told(result)


@pytest.mark.parametrize(
    ("statements", "severity", "says"),
    [
        pytest.param([me(OFFICE)], WARNING, ["depending on aws:SourceIp", "IpAddress aws:SourceIp 10.0.0.0/8"], id="address"),
        pytest.param([me(under("StringEquals", "aws:SourceVpce", "vpce-1"))], WARNING, ["aws:SourceVpce vpce-1"], id="endpoint"),
        pytest.param([me(under("Bool", "aws:MultiFactorAuthPresent", "true"))], WARNING, ["aws:MultiFactorAuth"], id="MFA"),
        pytest.param(
            [me(), me(under("NotIpAddress", "aws:SourceIp", "10.0.0.0/8"), effect="Deny")],
            WARNING,
            ["statement number 2: NotIpAddress aws:SourceIp 10.0.0.0/8"],
            id="a Deny",
        ),
        pytest.param(
            [me({**OFFICE, **ORGANIZATION})], WARNING, ["depending on aws:PrincipalOrgID, aws:SourceIp"], id="more than one key"
        ),
        pytest.param(
            [me(under("StringEquals", "aws:RequestedRegion", "us-west-2"))],
            WARNING,
            ["State spinnaker.aws_region in preflight.yml"],
            id="a region of STS that is not stated",
        ),
        pytest.param(
            [me(under("DateLessThan", "aws:CurrentTime", "2027-03-01T00:00:00Z"))],
            WARNING,
            ["in until 2027-03-01 00:00 UTC", "then: ", "requires DateLessThan of aws:CurrentTime", "Move the date"],
            id="a date",
        ),
        pytest.param(
            [me(under("NumericLessThan", "aws:EpochTime", "4000000000"))], WARNING, ["until 2096-10-02"], id="epoch seconds"
        ),
        pytest.param(
            [me(), me(under("DateGreaterThan", "AWS:currenttime", "2027-03-01T00:00:00Z"), effect="Deny")],
            WARNING,
            ["until 2027-03-01", "then: ", "denied by statement number 2"],
            id="a Deny that begins later, one second after its date",
        ),
        pytest.param(
            [me(under("StringEquals", "sts:RoleSessionName", "Spinnaker"))],
            INFO,
            ["only with the session name Spinnaker", "StringEquals sts:RoleSessionName Spinnaker", "Leave sessionName"],
            id="session name",
        ),
        pytest.param(
            [me(), me(under("StringNotEquals", "sts:RoleSessionName", "Spinnaker"), effect="Deny")],
            INFO,
            ["statement number 2: StringNotEquals sts:RoleSessionName Spinnaker"],
            id="a Deny of every other session name",
        ),
    ],
)
def test_the_condition_that_decides_is_named_with_its_statement(statements: Any, severity: Severity, says: list[str]) -> None:
    result = judged("TRUST004", None, trusting(*statements))
    (problem,) = result.problems
    assert problem.severity is severity
    assert problem.summary.startswith("SpinnakerManaged lets role/spinnaker in ")
    for said in says:
        assert said in told(result)


def test_how_to_prove_it_is_said_and_that_it_holds_for_one_place() -> None:
    (problem,) = judged("TRUST004", None, trusting(me(OFFICE))).problems
    assert f"Run this with the credentials of {IDENTITY} where clouddriver runs" in problem.remediation
    assert "ROLE002 then tries it, which proves it for that place and that moment" in problem.remediation
    assert MANAGED_ROLE in problem.remediation


def test_the_accounts_own_session_name_is_the_one_in_force() -> None:
    only_that = trusting(me(under("StringEquals", "sts:RoleSessionName", "deploys")))
    (problem,) = judged("TRUST004", a_config(session_name="deploys"), only_that).problems
    assert problem.summary.endswith("only with the session name deploys")
    assert judged("TRUST004", a_config(), only_that).outcome is NOT_APPLICABLE


def test_a_date_and_a_place_are_two_things() -> None:
    both = {**OFFICE, **under("DateLessThan", "aws:CurrentTime", "2027-03-01T00:00:00Z")}
    result = judged("TRUST004", None, trusting(me(both)))
    assert [problem.summary.split(" in ")[1].split()[0] for problem in result.problems] == ["depending", "until"]


def test_the_region_of_sts_is_clouddrivers_environments() -> None:
    only_there = trusting(me(under("StringEquals", "aws:RequestedRegion", "eu-west-1")))
    (problem,) = judged("TRUST004", a_config(aws_region="eu-west-1"), only_there).problems
    assert problem.severity is INFO
    assert "Leave AWS_REGION of clouddriver's environment at eu-west-1" in problem.remediation
    assert judged("TRUST004", a_config(aws_region="us-west-2"), only_there).outcome is NOT_APPLICABLE


def test_clouddriver_fixes_the_region_of_china_itself() -> None:
    identity, role_arn = (arn.replace("arn:aws:", "arn:aws-cn:") for arn in (IDENTITY, MANAGED_ROLE))
    trust = document(allow({"AWS": identity}, under("StringEquals", "aws:RequestedRegion", "cn-north-1")))
    config = a_config(assume_role=role_arn, identity=identity)
    assert judged("TRUST004", config, (MANAGED_QUESTION, Known(a_role(trust, role_arn)))).outcome is PASSED


@pytest.mark.parametrize(
    "changes",
    [[(attempt(), denied())], [BY_A_STRANGER]],
    ids=["the attempt was denied", "it was somebody else's"],
)
def test_only_the_managing_identitys_own_success_settles_an_organization(changes: Any) -> None:
    result = judged("TRUST004", None, trusting(me(ORGANIZATION)), *changes)
    assert result.outcome is FAILED
    assert "depending on aws:PrincipalOrgID" in told(result)


def test_an_attempt_settles_nothing_of_the_place() -> None:
    config = a_config()
    assert asked_for("TRUST004", config, trusting(me(OFFICE))) == {MANAGED_QUESTION}
    assert asked_for("TRUST004", config, trusting(me(ORGANIZATION))) == {MANAGED_QUESTION, caller_identity(), attempt()}
    assert asked_for("TRUST004", config, trusting(me(ORGANIZATION)), BY_A_STRANGER) == {MANAGED_QUESTION, caller_identity()}


def test_who_the_caller_is_matters_where_nobody_is_stated() -> None:
    config = a_config(identity=None)
    assert asked_for("TRUST004", config) == {MANAGED_QUESTION, caller_identity()}
    result = judged("TRUST004", config, trusting(me(OFFICE)), (caller_identity(), who(CALLER)))
    assert "the caller is taken for it" in told(result)
    assert judged("TRUST004", config, *without(caller_identity())).outcome is UNDETERMINED


@pytest.mark.parametrize(
    "statements",
    [
        [allow({"AWS": STRANGER})],
        [me(), me(effect="Deny")],
        [me(under("StringEquals", "sts:ExternalId", "x"))],
        [me(under("DateLessThan", "aws:CurrentTime", "2026-11-24T11:00:00Z"))],
    ],
    ids=["somebody else", "a Deny", "an external id", "a date that has passed"],
)
def test_where_it_is_not_let_in_at_all_that_is_trust001s(statements: Any) -> None:
    result = judged("TRUST004", None, trusting(*statements))
    assert result.outcome is NOT_APPLICABLE
    assert "TRUST001" in result.reason


def test_what_aws_itself_leaves_open_is_undetermined_unless_the_attempt_shows_it() -> None:
    other_case = trusting(allow({"AWS": IDENTITY.replace("spinnaker", "Spinnaker")}))
    result = judged("TRUST004", None, other_case, BY_A_STRANGER)
    assert result.outcome is UNDETERMINED
    assert "AWS's pages disagree" in result.reason
    assert judged("TRUST004", None, other_case).outcome is PASSED


@pytest.mark.parametrize(
    ("config", "fact", "outcome"),
    [
        (a_config(), UNREADABLE, UNDETERMINED),
        (a_config(), GONE, BLOCKED),
        (a_config(assume_role=None), GONE, BLOCKED),
        (a_config(aws_account="missing"), GONE, BLOCKED),
    ],
    ids=["not seen", "not there", "no role", "no AWS account"],
)
def test_a_role_that_is_not_seen_or_not_there(config: Any, fact: Any, outcome: Outcome) -> None:
    assert judged("TRUST004", config, (MANAGED_QUESTION, fact)).outcome is outcome


def test_a_policy_that_cannot_be_read_is_no_pass() -> None:
    assert judged("TRUST004", None, trusting({**me(), "Foo": 1})).outcome is UNDETERMINED
