"""TRUST005: who is let in that has nothing to do with Spinnaker."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import caller_identity
from tests.checks.role_facts import (
    BLOCKED,
    ECS,
    FAILED,
    GONE,
    IDENTITY,
    MANAGED,
    MANAGED_QUESTION,
    MANAGED_ROLE,
    MANAGING,
    PASSED,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    allow,
    asked_for,
    judged,
    me,
    told,
    trusting,
    without,
)

THIRD = "100000000003"
GITHUB = "token.actions.githubusercontent.com"
UNSTATED = a_config(identity=None)


def everybody(operator: str | None = None, key: str = "", value: Any = "") -> Any:
    """A statement that names everybody, under one condition."""
    return allow({"AWS": "*"}, {operator: {key: value}} if operator else None)


def denying(operator: str, key: str, value: Any) -> Any:
    return allow({"AWS": "*"}, {operator: {key: value}}, effect="Deny")


def third(operator: str | None = None, key: str = "", value: Any = "") -> Any:
    """A statement that names a third account, under one condition."""
    return allow({"AWS": f"arn:aws:iam::{THIRD}:root"}, {operator: {key: value}} if operator else None)


def token(claims: dict[str, dict[str, Any]], host: str = GITHUB, action: str = "sts:AssumeRoleWithWebIdentity") -> Any:
    """A statement that lets in whoever has a token of an identity provider, under conditions on its claims."""
    condition = {op: {f"{host}:{claim}": value for claim, value in of.items()} for op, of in claims.items()}
    return allow({"Federated": f"arn:aws:iam::{MANAGED}:oidc-provider/{host}"}, condition, action=action)


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([me(), allow({"Service": ECS})], id="the managing identity and a service"),
        pytest.param([allow({"AWS": MANAGING})], id="the managing account"),
        pytest.param([allow({"AWS": f"arn:aws:iam::{MANAGED}:root"})], id="the managed account"),
        pytest.param([allow({"AWS": f"arn:aws:iam::{THIRD}:role/ci"})], id="one role of a third account"),
        pytest.param([everybody("StringEquals", "sts:ExternalId", "token-1")], id="an external id"),
        pytest.param([everybody("StringEquals", "aws:PrincipalOrgID", "o-1")], id="an organization"),
        pytest.param([everybody("StringEquals", "aws:PrincipalOrgID", "${aws:ResourceOrgID}")], id="the role's organization"),
        pytest.param([everybody("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/*")], id="a unit of an organization"),
        pytest.param([everybody("ArnEquals", "aws:PrincipalArn", IDENTITY)], id="an ARN"),
        pytest.param([everybody("StringLike", "aws:PrincipalArn", f"arn:aws:iam::{MANAGING}:role/*")], id="ARNs of one account"),
        pytest.param([everybody("StringEquals", "aws:PrincipalAccount", [MANAGED, MANAGING])], id="both accounts"),
        pytest.param([everybody("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}")], id="the role's account"),
        pytest.param([everybody("StringLike", "aws:userid", "AROAMANAGING:*")], id="a unique id"),
        pytest.param([everybody("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "192.0.2.0/24"])], id="addresses"),
        pytest.param([everybody("StringEquals", "aws:SourceVpce", "vpce-1")], id="a VPC endpoint"),
        pytest.param([everybody("StringEquals", "aws:SourceAccount", MANAGED)], id="what only a service sends"),
        pytest.param([everybody("DateLessThan", "aws:CurrentTime", "2026-11-24T11:00:00Z")], id="a date that has passed"),
        pytest.param([everybody(), denying("StringNotEquals", "aws:PrincipalOrgID", "o-1")], id="a Deny of all others"),
        pytest.param([everybody(), denying("Null", "sts:ExternalId", "true"), denying("StringNotEquals", "sts:ExternalId", "t")]),
        pytest.param([third("StringEquals", "sts:ExternalId", "token-1")], id="a third account with an external id"),
        pytest.param([third("ArnEquals", "aws:PrincipalArn", f"arn:aws:iam::{THIRD}:role/ci")], id="one role, by condition"),
        pytest.param(
            [token({"StringEquals": {"aud": "sts.amazonaws.com"}, "StringLike": {"sub": "repo:mine/*"}})], id="own repositories"
        ),
        pytest.param([token({"StringEquals": {"aud": "x"}}, host="oidc.eks.us-east-1.amazonaws.com/id/X")], id="own provider"),
        pytest.param([token({}, action="sts:AssumeRole")], id="a provider with an action that it never has"),
    ],
)
def test_what_a_stranger_cannot_have_closes_it(statements: Any) -> None:
    result = judged("TRUST005", None, trusting(*statements))
    assert result.outcome is PASSED, told(result)


@pytest.mark.parametrize(
    ("statements", "chosen"),
    [
        pytest.param([everybody()], "", id="no condition"),
        pytest.param([allow("*")], "", id="the bare star"),
        pytest.param([{"Effect": "Allow", "NotPrincipal": {"AWS": IDENTITY}, "Action": "sts:AssumeRole"}], "", id="all but one"),
        pytest.param([everybody("Bool", "aws:SecureTransport", "true")], "", id="TLS"),
        pytest.param([everybody("Null", "sts:ExternalId", "false")], "", id="any external id"),
        pytest.param([everybody("StringEqualsIfExists", "sts:ExternalId", "token-1")], "", id="an external id, if he likes"),
        pytest.param([everybody("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1")], "", id="an organization, if he has one"),
        pytest.param([everybody("ForAllValues:StringLike", "aws:PrincipalOrgPaths", "o-1/*")], "", id="likewise"),
        pytest.param(
            [everybody("IpAddressIfExists", "aws:SourceIp", "10.0.0.0/8")], "", id="his own VPC endpoint has no address"
        ),
        pytest.param([everybody("IpAddress", "aws:SourceIp", "0.0.0.0/0")], "", id="everybody's address"),
        pytest.param([everybody("StringEqualsIfExists", "aws:SourceAccount", MANAGED)], "", id="what only a service sends"),
        pytest.param([everybody("StringLike", "aws:PrincipalArn", "*")], "", id="any ARN"),
        pytest.param([everybody("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/spinnaker")], "", id="a name in any account"),
        pytest.param([everybody("StringLike", "aws:PrincipalOrgID", "o-*")], "", id="any organization"),
        pytest.param([everybody("StringEquals", "aws:ResourceOrgID", "o-1")], "", id="what is said of the role"),
        pytest.param([everybody("StringEquals", "sts:RoleSessionName", "Spinnaker")], "sts:RoleSessionName", id="session name"),
        pytest.param([everybody("StringEquals", "aws:PrincipalTag/team", "ops")], "aws:PrincipalTag/team", id="a tag of his own"),
        pytest.param([everybody("Bool", "aws:MultiFactorAuthPresent", "true")], "aws:MultiFactorAuthPresent", id="his own MFA"),
        pytest.param([everybody("StringEquals", "aws:RequestedRegion", "us-east-1")], "aws:RequestedRegion", id="a region"),
        pytest.param([everybody("DateGreaterThan", "aws:CurrentTime", "2026-11-24T11:00:00Z")], "", id="a date that is past"),
    ],
)
def test_what_a_stranger_chooses_does_not(statements: Any, chosen: str) -> None:
    result = judged("TRUST005", None, trusting(me(), *statements))
    (problem,) = result.problems
    assert problem.severity is Severity.ERROR
    assert problem.summary == "SpinnakerManaged lets anybody of any AWS account in (statement number 2)"
    assert f'write "Principal": {{"AWS": "{IDENTITY}"}}' in problem.remediation
    assert MANAGED_ROLE in problem.remediation
    assert (f"{chosen} is what a stranger chooses" in problem.evidence) is bool(chosen)


@pytest.mark.parametrize(
    "statement",
    [
        third(),
        allow({"AWS": [IDENTITY, THIRD]}),
        everybody("StringEquals", "aws:PrincipalAccount", [MANAGING, THIRD]),
        third("ArnLike", "aws:PrincipalArn", f"arn:aws:iam::{THIRD}:role/*"),
        third("Bool", "aws:MultiFactorAuthPresent", "true"),
    ],
    ids=["as a root", "among others", "by a condition", "all its roles", "with MFA"],
)
def test_a_third_account_as_a_whole_is_named(statement: Any) -> None:
    (problem,) = judged("TRUST005", None, trusting({**statement, "Sid": "Others"})).problems
    assert problem.severity is Severity.ERROR
    assert problem.summary == f'SpinnakerManaged lets anybody of account {THIRD} in (statement "Others")'
    assert f"name the roles of account {THIRD} that need it" in problem.remediation
    assert json.dumps(statement["Principal"]) in problem.evidence


@pytest.mark.parametrize(
    ("host", "sub"),
    [(GITHUB, "repo:*"), ("gitlab.com", "project_path:*"), ("app.terraform.io", "*"), ("agent.buildkite.com", "*")],
)
def test_a_provider_of_everybodys_wants_a_subject(host: str, sub: str) -> None:
    for claims in ({"StringEquals": {"aud": "sts.amazonaws.com"}}, {"StringLike": {"sub": sub}}):
        (problem,) = judged("TRUST005", None, trusting(token(claims, host))).problems
        assert problem.summary == f"SpinnakerManaged lets anybody of {host} in (statement number 1)"
        assert f'{{"StringLike": {{"{host}:sub"' in problem.remediation


def test_each_open_statement_is_a_problem_of_its_own_and_none_is_named_twice() -> None:
    result = judged(
        "TRUST005", None, trusting(everybody(), third(), me(), everybody("StringEquals", "aws:PrincipalTag/a", THIRD))
    )
    assert [problem.summary.rpartition("(")[2] for problem in result.problems] == [
        *("statement number 1)", "statement number 2)", "statement number 4)")
    ]


@pytest.mark.parametrize(
    "statement",
    [everybody("StringEquals", "aws:Foo", "x"), allow({"CanonicalUser": "abc"})],
    ids=["an unknown key", "a user of S3"],
)
def test_what_is_not_clear_is_no_pass(statement: Any) -> None:
    result = judged("TRUST005", None, trusting(statement))
    assert result.outcome is UNDETERMINED
    assert "statement number 1 of the trust policy" in result.reason


def test_whose_account_is_the_managing_one_is_asked_only_where_it_matters() -> None:
    of_managing = trusting(allow({"AWS": MANAGING}))
    assert asked_for("TRUST005", a_config(), of_managing) == {MANAGED_QUESTION}
    assert asked_for("TRUST005", UNSTATED) == {MANAGED_QUESTION}
    assert asked_for("TRUST005", UNSTATED, trusting(everybody())) == {MANAGED_QUESTION}
    assert asked_for("TRUST005", UNSTATED, of_managing) == {MANAGED_QUESTION, caller_identity()}
    assert judged("TRUST005", UNSTATED, of_managing).outcome is PASSED
    assert judged("TRUST005", UNSTATED, of_managing, *without(caller_identity())).outcome is UNDETERMINED
    assert judged("TRUST005", UNSTATED, trusting(third())).outcome is FAILED


def test_where_nobody_is_stated_a_placeholder_stands_for_who_is_to_be_named() -> None:
    (problem,) = judged("TRUST005", UNSTATED, trusting(everybody())).problems
    assert '{"AWS": "ARN of the managing identity"}' in problem.remediation


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
    assert judged("TRUST005", config, (MANAGED_QUESTION, fact)).outcome is outcome


@pytest.mark.parametrize("config", [a_config(), UNSTATED], ids=["stated", "nobody is stated"])
def test_a_policy_that_cannot_be_read_is_no_pass(config: Any) -> None:
    assert judged("TRUST005", config, trusting({**me(), "Foo": 1})).outcome is UNDETERMINED
