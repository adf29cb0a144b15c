"""ROLE009: proven by the attempt, told by AWS, or evaluated from the managing identity's own policies."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.answers import NamedPolicy, PrincipalPolicies
from ecs_preflight.facts import Absent, Known, Unknown
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import caller_identity, managing_policies
from tests.checks.role_facts import (
    BLOCKED,
    CALLER,
    ECS,
    FAILED,
    IDENTITY,
    MANAGED,
    MANAGED_QUESTION,
    MANAGED_ROLE,
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
    may,
    rights,
    told,
    who,
    without,
)

POLICIES = managing_policies(IDENTITY)
BY_A_STRANGER = (caller_identity(), who(STRANGER))
NOBODY_SAYS_WHO = (attempt(), denied("not authorized to perform: sts:AssumeRole"))
A_NEIGHBOUR = f"arn:aws:iam::{MANAGED}:role/spinnaker"


def test_the_attempt_proves_it_and_no_policy_is_asked_for() -> None:
    assert judged("ROLE009").outcome is PASSED
    assert asked_for("ROLE009", a_config()) == {caller_identity(), attempt()}


@pytest.mark.parametrize(
    ("message", "says"),
    [
        ("... because no identity-based policy allows the sts:AssumeRole action", "to a policy of arn"),
        ("... with an explicit deny in an identity-based policy", "a Deny statement applies"),
        ("... because no permissions boundary allows the sts:AssumeRole action", "to the permissions boundary of arn"),
    ],
)
def test_aws_itself_may_say_that_the_managing_side_denied(message: str, says: str) -> None:
    change = (attempt(), denied(message))
    result = judged("ROLE009", None, change)
    assert (result.outcome, result.severity) == (FAILED, Severity.FATAL)
    assert says in told(result)
    assert f'"Resource": "{MANAGED_ROLE}"' in result.problems[0].remediation
    assert asked_for("ROLE009", a_config(), change) == {caller_identity(), attempt()}


@pytest.mark.parametrize(
    "change", [BY_A_STRANGER, NOBODY_SAYS_WHO, (attempt(), denied("because no session policy allows the x"))]
)
def test_else_the_policies_are_asked_for(change: Any) -> None:
    assert POLICIES in asked_for("ROLE009", a_config(), change)
    assert judged("ROLE009", None, change, (POLICIES, rights(may()))).outcome is PASSED
    assert judged("ROLE009", None, change, (POLICIES, rights())).outcome is FAILED


@pytest.mark.parametrize(
    ("held", "outcome", "says"),
    [
        pytest.param(rights(may()), PASSED, "", id="the role is listed"),
        pytest.param(rights(may("sts:*", "*")), PASSED, "", id="every role is"),
        pytest.param(rights(may(resource=f"arn:aws:iam::{MANAGED}:role/*")), PASSED, "", id="by a pattern"),
        pytest.param(
            rights(may(resource="arn:aws:iam::100000000001:role/SpinnakerManaged")),
            FAILED,
            "do not let it assume role/SpinnakerManaged",
            id="F22: managing.yaml lists its own account only",
        ),
        pytest.param(rights(may(), may(effect="Deny", resource="*")), FAILED, "denied by", id="an explicit deny"),
        pytest.param(rights(may(), boundary=document(may("ec2:*", "*"))), FAILED, "boundary", id="F49: a boundary caps it"),
        pytest.param(rights(may(), boundary=document(may("sts:*", "*"))), PASSED, "", id="a boundary that allows it"),
        pytest.param(
            rights({**may(), "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}),
            UNDETERMINED,
            "aws:SourceIp",
            id="it depends on the place",
        ),
        pytest.param(
            rights({**may(), "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}), FAILED, "", id="only with an external id"
        ),
        pytest.param(
            rights({**may(), "Condition": {"StringEquals": {"aws:ResourceAccount": MANAGED}}}), PASSED, "", id="by its account"
        ),
        pytest.param(
            Known(PrincipalPolicies(IDENTITY, (NamedPolicy("odd", '{"Statement": 5}'),))),
            UNDETERMINED,
            "policy odd",
            id="a policy that nobody can read",
        ),
        pytest.param(Unknown("iam:GetRole", "AccessDenied"), UNDETERMINED, "iam:GetRole: AccessDenied", id="nobody may read it"),
        pytest.param(Absent("there is no role spinnaker"), BLOCKED, "there is no role", id="it does not exist"),
        pytest.param(
            rights(may(), arn=IDENTITY.replace("role/", "role/apps/")),
            BLOCKED,
            "the principal of that name is arn:aws:iam::100000000001:role/apps/spinnaker",
            id="it exists in another path",
        ),
    ],
)
def test_the_policies_are_evaluated(held: Any, outcome: Outcome, says: str) -> None:
    result = judged("ROLE009", None, BY_A_STRANGER, (POLICIES, held))
    assert result.outcome is outcome
    assert says in told(result)


def test_where_nobody_is_stated_the_path_that_the_session_lost_comes_from_iam() -> None:
    with_path = IDENTITY.replace("role/", "role/apps/")
    held = rights({**may(), "Condition": {"ArnEquals": {"aws:PrincipalArn": with_path}}}, arn=with_path)
    result = judged("ROLE009", a_config(identity=None), (attempt(), denied()), (POLICIES, held))
    assert result.outcome is PASSED


@pytest.mark.parametrize(
    ("trust", "held", "outcome"),
    [
        # iam-semantics.md section 6: within an account a trust policy that names the principal itself is enough
        pytest.param(document(allow({"AWS": A_NEIGHBOUR})), rights(arn=A_NEIGHBOUR), PASSED, id="the trust policy names it"),
        pytest.param(document(allow({"AWS": MANAGED})), rights(arn=A_NEIGHBOUR), FAILED, id="it names the account only"),
        pytest.param(document(allow({"AWS": MANAGED})), rights(may(), arn=A_NEIGHBOUR), PASSED, id="and its own policies allow"),
        pytest.param(document(allow({"Service": ECS})), rights(arn=A_NEIGHBOUR), FAILED, id="neither side"),
        pytest.param(
            document(allow({"AWS": A_NEIGHBOUR}), allow({"AWS": "*"}, effect="Deny")),
            rights(arn=A_NEIGHBOUR),
            FAILED,
            id="the trust policy denies: its own policies are silent all the same",
        ),
        pytest.param(
            document(allow({"AWS": A_NEIGHBOUR})),
            rights(may(effect="Deny"), arn=A_NEIGHBOUR),
            FAILED,
            id="its own deny outweighs",
        ),
    ],
)
def test_within_one_account(trust: str, held: Any, outcome: Outcome) -> None:
    changes = [
        (caller_identity(), who(f"arn:aws:iam::{MANAGED}:user/dev")),
        (managing_policies(A_NEIGHBOUR), held),
        (MANAGED_QUESTION, Known(a_role(trust))),
    ]
    assert judged("ROLE009", a_config(identity=A_NEIGHBOUR), *changes).outcome is outcome


def test_the_trust_policy_is_asked_for_only_where_it_may_do() -> None:
    config = a_config(identity=A_NEIGHBOUR)
    policies = managing_policies(A_NEIGHBOUR)
    silent, allowing = (policies, rights(arn=A_NEIGHBOUR)), (policies, rights(may(), arn=A_NEIGHBOUR))
    assert asked_for("ROLE009", config, BY_A_STRANGER, silent) == {caller_identity(), policies, MANAGED_QUESTION}
    assert asked_for("ROLE009", config, BY_A_STRANGER, allowing) == {caller_identity(), policies}
    result = judged("ROLE009", config, BY_A_STRANGER, silent, (MANAGED_QUESTION, UNREADABLE))
    assert result.outcome is UNDETERMINED


def test_within_one_account_a_policy_that_nobody_can_read_is_no_pass() -> None:
    odd = Known(PrincipalPolicies(A_NEIGHBOUR, (NamedPolicy("odd", "{"),)))
    result = judged("ROLE009", a_config(identity=A_NEIGHBOUR), BY_A_STRANGER, (managing_policies(A_NEIGHBOUR), odd))
    assert result.outcome is UNDETERMINED
    assert "policy odd" in result.reason


def test_an_attempt_that_brought_no_answer_is_undetermined() -> None:
    assert judged("ROLE009", None, *without(attempt())).outcome is UNDETERMINED
    assert CALLER not in told(judged("ROLE009"))
