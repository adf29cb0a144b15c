"""ROLE001, ROLE002 and ROLE003: the caller, the attempt, the identity it gives."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import assumed_identity, caller_identity
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    CALLER,
    FAILED,
    IDENTITY,
    MANAGED,
    MANAGED_ROLE,
    NOT_APPLICABLE,
    PASSED,
    STRANGER,
    STS_REGION,
    UNDETERMINED,
    a_config,
    attempt,
    denied,
    judged,
    told,
    who,
    without,
)

PER_ACCOUNT = ["ROLE002", "ROLE003", "ROLE004", "ROLE005", "ROLE006", "ROLE007", "ROLE009"]


@pytest.mark.parametrize(
    ("caller", "stated", "outcome"),
    [
        pytest.param(CALLER, IDENTITY, PASSED, id="a session of the stated role"),
        pytest.param(CALLER, IDENTITY.replace("role/", "role/apps/"), PASSED, id="a session has lost its role's path"),
        pytest.param(STRANGER, STRANGER, PASSED, id="the stated user"),
        pytest.param(STRANGER, IDENTITY, FAILED, id="somebody else"),
        pytest.param(CALLER.replace("spinnaker", "spinnaker2"), IDENTITY, FAILED, id="a session of another role"),
        pytest.param(CALLER.replace("100000000001", "100000000009"), IDENTITY, FAILED, id="the same name in another account"),
        pytest.param(STRANGER, None, NOT_APPLICABLE, id="nobody is stated"),
    ],
)
def test_the_caller_is_the_managing_identity(caller: str, stated: str | None, outcome: Outcome) -> None:
    result = judged("ROLE001", a_config(identity=stated), (caller_identity(), who(caller)))
    assert result.outcome is outcome
    assert result.target.id == "config"
    if outcome is FAILED:
        assert result.severity is Severity.WARNING
        assert caller in told(result)
        assert IDENTITY in result.problems[0].remediation


def test_an_attempt_that_succeeds_passes() -> None:
    assert judged("ROLE002").outcome is PASSED


@pytest.mark.parametrize(
    ("code", "message", "evidence", "remedy"),
    [
        # failure-modes.md F20: STS names no policy, and says the same of a role that does not exist
        (
            "AccessDenied",
            f"User: {CALLER} is not authorized to perform: sts:AssumeRole on resource: {MANAGED_ROLE}",
            "",
            "exists",
        ),
        # F22, F50: troubleshoot_access-denied.html
        (
            "AccessDenied",
            "... because no identity-based policy allows the sts:AssumeRole action",
            "among the caller's own policies",
            f'"Action": "sts:AssumeRole", "Resource": "{MANAGED_ROLE}"',
        ),
        (
            "AccessDenied",
            "... with an explicit deny in an identity-based policy",
            "a Deny statement applies",
            f"out of the policies of {IDENTITY}",
        ),
        (
            "AccessDenied",
            "... because no resource-based policy allows the sts:AssumeRole action",
            "in the role's trust policy",
            f'{{"AWS": "{IDENTITY}"}}',
        ),
        # F31
        ("AccessDenied", "... with an explicit deny in the role trust policy", "trust policy", "Take the Deny statement out"),
        (
            "AccessDenied",
            "... with an explicit deny in a service control policy",
            "its administrators alone",
            "the service control policy denies",
        ),
        (
            "AccessDenied",
            "... with an explicit deny in a resource control policy",
            "role's organization",
            "resource control policy",
        ),
        (
            "AccessDenied",
            "... because no permissions boundary allows the sts:AssumeRole action",
            "boundary",
            "by the permissions b",
        ),
        (
            "AccessDenied",
            "... because no session policy allows the sts:AssumeRole action",
            "session policy",
            "by the session policy",
        ),
        # F52
        (
            "AccessDenied",
            "... because no VPC endpoint policy allows the sts:AssumeRole action",
            "VPC endpoint",
            "VPC endpoint policy",
        ),
        # F14
        (
            "RegionDisabledException",
            "STS is not activated in this region for account:100000000002.",
            "",
            f"Activate STS in {STS_REGION} for account {MANAGED}",
        ),
        # F28
        ("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", "", "ROLE005"),
        (
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
            "",
            "ROLE005",
        ),
        *(
            ("ValidationError", f"Invalid range for parameter {name}, value: 1, valid min value: 900", "", "to 900 to 43200")
            for name in ("durationSeconds", "DurationSeconds")
        ),
        # F29
        ("ValidationError", "1 validation error detected: Value '' at 'roleSessionName' failed", "", "Set sessionName"),
        ("AccessDenied", "Roles may not be assumed by root accounts.", "", "an IAM user"),
    ],
)
def test_what_sts_said_is_read(code: str, message: str, evidence: str, remedy: str) -> None:
    result = judged("ROLE002", None, (attempt(), denied(message, code)))
    (problem,) = result.problems
    assert (result.outcome, result.severity) == (FAILED, Severity.FATAL)
    assert message in problem.evidence
    assert evidence in problem.evidence
    assert remedy in problem.remediation


@pytest.mark.parametrize(
    ("made", "kept"), [(None, "succeeded"), (denied("no, not you"), "was denied: AccessDenied: no, not you")]
)
def test_an_attempt_of_somebody_else_is_evidence_only(made: Any, kept: str) -> None:
    changes: list[Any] = [(caller_identity(), who(STRANGER)), *([(attempt(), made)] if made else [])]
    result = judged("ROLE002", None, *changes)
    assert result.outcome is UNDETERMINED
    assert kept in result.reason
    assert STRANGER in result.reason
    assert IDENTITY in result.reason


def test_where_nobody_is_stated_the_callers_attempt_counts_and_every_result_says_so() -> None:
    config = a_config(identity=None, external_id="an-external-id", default_duration=7200, task_roles=["web"])
    for check_id in (*PER_ACCOUNT, "ROLE001", "ROLE008", *(f"TRUST00{n}" for n in (1, 2, 3, 6, 7, 8)), "TRUST020", "TRUST021"):
        result = judged(check_id, config)
        assert "managing_identity_arn is not stated in preflight.yml: the caller is taken for it" in told(result), check_id
    lower = judged("ROLE002", config, (attempt(), denied()))
    assert lower.outcome is FAILED
    assert "the caller is taken for it" in lower.problems[0].evidence
    assert lower.reason == ""


def test_where_somebody_is_stated_a_pass_says_nothing() -> None:
    assert judged("ROLE002").reason == ""


@pytest.mark.parametrize(
    ("config", "changes", "outcome", "says"),
    [
        pytest.param(a_config(), (), PASSED, "", id="the role of the account"),
        pytest.param(
            a_config(assume_role=f"arn:aws:iam::{MANAGED}:role/a/b/SpinnakerManaged"), (), PASSED, "", id="sessions lose the path"
        ),
        pytest.param(
            a_config(),
            [(assumed_identity(ACCOUNT), who(f"arn:aws:sts::{MANAGED}:assumed-role/Other/Spinnaker"))],
            FAILED,
            "gave Other of 100000000002",
            id="another role",
        ),
        pytest.param(
            a_config(),
            [(assumed_identity(ACCOUNT), who(CALLER))],
            FAILED,
            f"sts:GetCallerIdentity says {CALLER}",
            id="the caller itself: nothing was assumed, prowler #929",
        ),
        pytest.param(
            a_config(account_id="100000000005", assume_role=MANAGED_ROLE),
            (),
            FAILED,
            'Set accountId: "100000000002"',
            id="a role of another account than accountId",
        ),
        pytest.param(
            a_config(account_id="encrypted:s3!r:us-west-2!b:bucket!f:file", assume_role=MANAGED_ROLE),
            (),
            UNDETERMINED,
            "read by Spinnaker alone",
            id="accountId is a secret",
        ),
        pytest.param(a_config(), without(assumed_identity(ACCOUNT)), UNDETERMINED, "not asked", id="not assumable"),
    ],
)
def test_the_assumed_identity_is_as_configured(config: Any, changes: Any, outcome: Outcome, says: str) -> None:
    result = judged("ROLE003", config, *changes)
    assert result.outcome is outcome
    assert says in told(result)
    assert all(problem.severity is Severity.FATAL for problem in result.problems)


@pytest.mark.parametrize("check_id", PER_ACCOUNT)
@pytest.mark.parametrize(
    ("config", "outcome"),
    [
        (a_config(aws_account="prod-awss"), BLOCKED),
        (a_config(assume_role=None), BLOCKED),
        (a_config(assume_role="SpinnakerManaged"), BLOCKED),
        (a_config(assume_role="${ROLE_ARN}"), UNDETERMINED),
    ],
    ids=["no AWS account", "no role", "no ARN of a role", "a placeholder"],
)
def test_without_mapping_or_role_there_is_nothing_to_judge(check_id: str, config: Any, outcome: Outcome) -> None:
    result = judged(check_id, config)
    assert result.outcome is outcome
    assert result.reason
