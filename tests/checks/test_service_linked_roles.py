"""TRUST020 and TRUST021: the service-linked roles, and who may create them."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Absent, Known, Unknown
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import role, role_policies
from tests.checks.role_facts import (
    ACCOUNT,
    BLOCKED,
    FAILED,
    GONE,
    LINKED,
    MANAGED,
    MANAGED_ROLE,
    NOT_APPLICABLE,
    PASSED,
    UNDETERMINED,
    UNREADABLE,
    a_config,
    a_role,
    asked_for,
    document,
    judged,
    rights,
    told,
)

BOTH = pytest.mark.parametrize(("check_id", "name"), list(zip(["TRUST020", "TRUST021"], LINKED, strict=True)))
HELD = role_policies(ACCOUNT, "SpinnakerManaged")
CREATE = "iam:CreateServiceLinkedRole"


def create(resource: str = "*", effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": effect, "Action": CREATE, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


@BOTH
@pytest.mark.parametrize("version", [None, "1.19.0", "1.37.0", "2025.1.0"])
def test_it_is_there(check_id: str, name: str, version: str | None) -> None:
    config = a_config(version=version)
    assert judged(check_id, config).outcome is PASSED
    assert asked_for(check_id, config) == {role(ACCOUNT, name)}


@BOTH
def test_up_to_1_18_nothing_needs_it(check_id: str, name: str) -> None:
    config = a_config(version="1.18.9")
    assert judged(check_id, config, (role(ACCOUNT, name), GONE)).outcome is NOT_APPLICABLE
    assert asked_for(check_id, config) == frozenset()


@BOTH
@pytest.mark.parametrize(
    ("held", "severity", "says"),
    [
        pytest.param(rights(arn=MANAGED_ROLE), Severity.ERROR, "The managed role may not create it", id="F42: no right"),
        pytest.param(rights(create(), arn=MANAGED_ROLE), Severity.WARNING, "may fail once", id="PowerUserAccess"),
        pytest.param(
            rights(
                create(StringLike={"iam:AWSServiceName": ["ecs.amazonaws.com", "ecs.application-autoscaling.*"]}),
                arn=MANAGED_ROLE,
            ),
            Severity.WARNING,
            "may create it",
            id="for these services",
        ),
        pytest.param(
            rights(create(StringEquals={"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}), arn=MANAGED_ROLE),
            Severity.ERROR,
            "may not create it",
            id="for another service",
        ),
        pytest.param(
            rights(create(f"arn:aws:iam::{MANAGED}:role/aws-service-role/*"), arn=MANAGED_ROLE),
            Severity.WARNING,
            "",
            id="by resource",
        ),
        pytest.param(rights(create(), create(effect="Deny"), arn=MANAGED_ROLE), Severity.ERROR, "denied by", id="a Deny"),
        pytest.param(
            rights(create(), arn=MANAGED_ROLE, boundary=document({"Effect": "Allow", "Action": "ecs:*", "Resource": "*"})),
            Severity.ERROR,
            "boundary",
            id="a boundary",
        ),
        pytest.param(
            rights(create(IpAddress={"aws:SourceIp": "10.0.0.0/8"}), arn=MANAGED_ROLE),
            Severity.ERROR,
            "Whether the managed role may create it is not known",
            id="it depends",
        ),
        pytest.param(
            Unknown("iam:GetRole", "AccessDenied"),
            Severity.ERROR,
            "is not known: iam:GetRole: AccessDenied",
            id="not read",
        ),
        pytest.param(Absent("there is no SpinnakerManaged"), Severity.ERROR, "is not known: there is no", id="no managed role"),
    ],
)
def test_it_is_missing(check_id: str, name: str, held: Any, severity: Severity, says: str) -> None:
    changes = [(role(ACCOUNT, name), GONE), (HELD, held)]
    result = judged(check_id, a_config(version="1.37.0"), *changes)
    (problem,) = result.problems
    assert (result.outcome, problem.severity) == (FAILED, severity)
    assert problem.summary == f"{name} is missing in account {MANAGED}"
    assert says in problem.evidence
    assert problem.remediation.endswith(f"aws iam create-service-linked-role --aws-service-name {LINKED[name]}")
    assert asked_for(check_id, a_config(), *changes) == {role(ACCOUNT, name), HELD}


@BOTH
def test_where_no_version_is_stated_it_says_when_it_would_go_away(check_id: str, name: str) -> None:
    result = judged(check_id, a_config(), (role(ACCOUNT, name), GONE), (HELD, rights(arn=MANAGED_ROLE)))
    assert "Spinnaker up to 1.18 does not need it" in told(result)
    assert "--spinnaker-version" in told(result)


@BOTH
def test_a_role_that_only_bears_the_name_is_not_it(check_id: str, name: str) -> None:
    impostor = Known(a_role(arn=f"arn:aws:iam::{MANAGED}:role/{name}"))
    result = judged(check_id, None, (role(ACCOUNT, name), impostor))
    assert result.outcome is FAILED
    assert "is not the service's own role" in told(result)


@BOTH
@pytest.mark.parametrize(
    ("config", "outcome"),
    [(a_config(), UNDETERMINED), (a_config(assume_role=None), BLOCKED), (a_config(aws_account="missing"), BLOCKED)],
)
def test_what_cannot_be_asked_is_no_pass(check_id: str, name: str, config: Any, outcome: Outcome) -> None:
    assert judged(check_id, config, (role(ACCOUNT, name), UNREADABLE)).outcome is outcome
