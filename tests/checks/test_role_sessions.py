"""ROLE004 and ROLE005: external ids and durations, tried and evaluated."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Known, secret_token
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
    NOT_APPLICABLE,
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
    told,
    who,
    without,
)

SECRET = "the-external-id"
TOKEN = secret_token(SECRET, "salt")
WITH_ID = a_config(external_id=SECRET)
LONG = a_config(default_duration=7200)
A_USER = "arn:aws:iam::100000000001:user/spinnaker"


def demanding(token: str = TOKEN, **more: Any) -> str:
    return document(allow({"AWS": IDENTITY}, {"StringEquals": {"sts:ExternalId": token}, **more}))


@pytest.mark.parametrize(
    ("e_session", "a_session", "outcome", "says"),
    [
        (None, None, PASSED, ""),
        (denied("not for you"), None, FAILED, "an ECS account never sends"),
        (denied("no"), denied("neither"), UNDETERMINED, "cannot be assumed with it either"),
        (None, denied("wrong id"), FAILED, "cannot be assumed with the AWS account's externalId"),
    ],
)
def test_the_managing_identity_tries_both(e_session: Any, a_session: Any, outcome: Outcome, says: str) -> None:
    changes = [(attempt(name), made) for name, made in (("E", e_session), ("A", a_session)) if made]
    result = judged("ROLE004", WITH_ID, *changes)
    assert result.outcome is outcome
    assert says in told(result)
    assert SECRET not in told(result)
    if outcome is FAILED:
        assert result.severity is (Severity.FATAL if e_session else Severity.ERROR)
        assert (f'{{"AWS": "{IDENTITY}"}}' in result.problems[0].remediation) is bool(e_session)


def test_both_sessions_are_always_tried() -> None:
    assert asked_for("ROLE004", WITH_ID) == {caller_identity(), attempt("E"), attempt("A")}
    assert asked_for("ROLE004", WITH_ID, (attempt("E"), denied())) == {caller_identity(), attempt("E"), attempt("A")}


@pytest.mark.parametrize("session", ["E", "A"])
def test_an_attempt_that_brought_no_answer_is_not_replaced_by_evaluation(session: str) -> None:
    assert judged("ROLE004", WITH_ID, *without(attempt(session))).outcome is UNDETERMINED


@pytest.mark.parametrize(
    ("trust", "outcome", "says"),
    [
        pytest.param(document(allow({"AWS": IDENTITY})), PASSED, "", id="no id is demanded"),
        pytest.param(demanding(), FAILED, "wants an external id", id="F09, F24: the configured one is demanded"),
        pytest.param(
            demanding(secret_token("another", "salt")), UNDETERMINED, "neither with nor without", id="another is demanded"
        ),
        pytest.param(document(allow({"Service": ECS})), UNDETERMINED, "neither with nor without", id="not trusted at all"),
        pytest.param(
            document(*(allow({"AWS": IDENTITY}, c) for c in ({"StringEquals": {"sts:ExternalId": TOKEN}}, None))),
            PASSED,
            "",
            id="a statement beside it goes without",
        ),
        pytest.param(
            demanding(IpAddress={"aws:SourceIp": "10.0.0.0/8"}), FAILED, "wants an external id", id="whatever else it depends on"
        ),
        pytest.param(
            document(allow({"AWS": IDENTITY}, {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})),
            UNDETERMINED,
            "aws:SourceIp",
            id="it depends on something else",
        ),
        pytest.param(
            document(allow({"AWS": IDENTITY}, {"Null": {"sts:ExternalId": "true"}})),
            FAILED,
            "cannot be assumed with the AWS account's",
            id="none may be sent",
        ),
        pytest.param(
            document(
                allow({"AWS": IDENTITY}, {"Null": {"sts:ExternalId": "true"}}),
                allow({"AWS": IDENTITY}, {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
            ),
            UNDETERMINED,
            "aws:SourceIp",
            id="with it, it depends on something else",
        ),
        pytest.param(
            document(allow({"AWS": IDENTITY}, {"Null": {"sts:ExternalId": "false"}})), FAILED, "", id="any id is demanded"
        ),
    ],
)
def test_where_somebody_else_runs_this_the_trust_policy_is_evaluated(trust: str, outcome: Outcome, says: str) -> None:
    result = judged("ROLE004", WITH_ID, (caller_identity(), who(STRANGER)), (MANAGED_QUESTION, Known(a_role(trust))))
    assert result.outcome is outcome
    assert says in told(result)


@pytest.mark.parametrize(("fact", "outcome"), [(UNREADABLE, UNDETERMINED), (GONE, BLOCKED)])
def test_a_policy_that_cannot_be_read_decides_nothing(fact: Any, outcome: Outcome) -> None:
    result = judged("ROLE004", WITH_ID, (caller_identity(), who(STRANGER)), (MANAGED_QUESTION, fact))
    assert result.outcome is outcome


@pytest.mark.parametrize(
    "config", [a_config(), a_config(external_id=SECRET, version="1.22.0")], ids=["none is configured", "1.22 does not read it"]
)
def test_without_an_external_id_there_is_nothing_to_ask(config: Any) -> None:
    assert judged("ROLE004", config).outcome is NOT_APPLICABLE
    assert asked_for("ROLE004", config) == frozenset()


@pytest.mark.parametrize(
    "config",
    [
        a_config(),
        a_config(default_duration=3600),
        a_config(default_duration=7200, version="1.36.0"),
    ],
    ids=["the SDK's 900 seconds", "an hour: every role gives it", "1.36 does not read it"],
)
def test_an_hour_passes_without_a_question(config: Any) -> None:
    assert judged("ROLE005", config).outcome is PASSED
    assert asked_for("ROLE005", config) == frozenset()


def role_of(seconds: int) -> Any:
    return MANAGED_QUESTION, Known(a_role(max_session_duration=seconds))


BY_A_STRANGER = (caller_identity(), who(STRANGER))
BY_NO_INSTANCE = (caller_identity(), who(CALLER.replace("i-0123456789abcdef0", "botocore-session-1")))
CHAINED = denied(
    "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining", "ValidationError"
)


@pytest.mark.parametrize(
    ("config", "changes", "outcome", "says"),
    [
        pytest.param(LONG, (), PASSED, "", id="the managing identity got such sessions"),
        pytest.param(
            LONG,
            [(attempt("E"), denied()), (attempt("A"), denied()), role_of(3600)],
            FAILED,
            "--max-session-duration 7200",
            id="both are refused",
        ),
        pytest.param(
            LONG, [(attempt("E"), denied()), (attempt("A"), denied()), role_of(7200)], PASSED, "", id="refused for something else"
        ),
        pytest.param(
            LONG, [(attempt("E"), CHAINED), role_of(43200)], FAILED, "the hour of a session that a session makes", id="chained"
        ),
        pytest.param(
            LONG,
            [BY_NO_INSTANCE, (attempt("E"), denied()), role_of(43200)],
            UNDETERMINED,
            "unless it is an EC2 instance's",
            id="a role's session that may be chained",
        ),
        pytest.param(LONG, [BY_A_STRANGER, role_of(43200)], UNDETERMINED, "lasts an hour at most", id="a role, and nobody tried"),
        pytest.param(LONG, [BY_A_STRANGER, role_of(3600)], FAILED, "7200 seconds for the ECS account", id="a role, evaluated"),
        pytest.param(
            a_config(default_duration=7200, identity=A_USER),
            [BY_A_STRANGER, role_of(7200)],
            PASSED,
            "",
            id="a user is never chained",
        ),
        pytest.param(
            a_config(own_duration=7200),
            [(attempt("A"), denied()), role_of(3600)],
            FAILED,
            "7200 seconds for the AWS account",
            id="the account's own does not reach the ECS account",
        ),
        pytest.param(
            LONG, [BY_A_STRANGER, (MANAGED_QUESTION, UNREADABLE)], UNDETERMINED, "iam:GetRole", id="the role is not read"
        ),
    ],
)
def test_the_duration_is_granted(config: Any, changes: Any, outcome: Outcome, says: str) -> None:
    result = judged("ROLE005", config, *changes)
    assert result.outcome is outcome
    assert says in told(result)
    assert all(problem.severity is Severity.ERROR for problem in result.problems)


@pytest.mark.parametrize("seconds", [-1, 0, 1, 899, 43201, 100_000])
def test_what_sts_never_takes_is_a_problem_without_asking(seconds: int) -> None:
    """API_AssumeRole.html: DurationSeconds is 900 to 43200."""
    config = a_config(default_duration=seconds)
    result = judged("ROLE005", config, *without(caller_identity(), attempt("E"), attempt("A"), MANAGED_QUESTION))
    assert (result.outcome, result.severity) == (FAILED, Severity.ERROR)
    assert [problem.summary for problem in result.problems] == [
        f"{seconds} seconds for the {whose} account are not within 900 to 43200" for whose in ("ECS", "AWS")
    ]
    assert "Set aws.defaultSessionDurationSeconds to 900 to 43200" in result.problems[0].remediation
    assert asked_for("ROLE005", config) == frozenset()


def test_the_accounts_own_duration_is_named_where_sts_never_takes_it() -> None:
    (problem,) = judged("ROLE005", a_config(own_duration=60)).problems
    assert problem.remediation.startswith("Set sessionDurationSeconds to 900")


@pytest.mark.parametrize("seconds", [900, 3600, 43200])
def test_what_sts_takes_at_most_and_at_least_passes_where_it_was_given(seconds: int) -> None:
    assert judged("ROLE005", a_config(default_duration=seconds)).outcome is PASSED


def test_the_accounts_own_duration_is_not_asked_of_the_ecs_session() -> None:
    assert asked_for("ROLE005", a_config(own_duration=7200)) == {caller_identity(), attempt("A")}
