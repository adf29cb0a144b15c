"""Which of a role's policies denied, and what helps."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks.denial_remedies import DeniedAction, denial_in, remedies
from ecs_preflight.checks.denials import Denial, Layer
from ecs_preflight.iam import AccessRequest, PolicySet, evaluate_identity
from tests.checks.role_facts import MANAGED_ROLE, may

EVERYTHING = may("*", "*")
DENY = may("ecs:*", "*", "Deny")


def policies(*identity: Any, boundary: Any = None) -> PolicySet:
    def of(*statements: Any) -> dict[str, Any]:
        return {"Version": "2012-10-17", "Statement": list(statements)}

    return PolicySet.model_validate({"identity": [of(*identity)], "boundary": [of(*boundary)] if boundary else []})


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (policies(may("s3:*", "*")), Denial(Layer.IDENTITY, False)),
        (policies(EVERYTHING, DENY), Denial(Layer.IDENTITY, True)),
        (policies(EVERYTHING, boundary=[may("s3:*", "*")]), Denial(Layer.BOUNDARY, False)),
        (policies(EVERYTHING, boundary=[EVERYTHING, DENY]), Denial(Layer.BOUNDARY, True)),
        # Where neither allows, the policies come first: the boundary alone would give nothing.
        (policies(may("s3:*", "*"), boundary=[may("s3:*", "*")]), Denial(Layer.IDENTITY, False)),
        (policies(EVERYTHING, DENY, boundary=[EVERYTHING, DENY]), Denial(Layer.IDENTITY, True)),
    ],
)
def test_which_policy_denied(held: PolicySet, expected: Denial) -> None:
    request = AccessRequest(principal=MANAGED_ROLE, action="ecs:ListClusters", resource="*")
    assert denial_in(held, request, evaluate_identity(held, request)) == expected


@pytest.mark.parametrize(
    ("denial", "words"),
    [
        (Denial(Layer.IDENTITY, False), "its own policies do not allow it"),
        (Denial(Layer.IDENTITY, True), "a Deny in its own policies applies"),
        (Denial(Layer.BOUNDARY, False), "its permissions boundary does not allow it"),
        (Denial(Layer.BOUNDARY, True), "a Deny in its permissions boundary applies"),
    ],
)
def test_a_denial_in_words(denial: Denial, words: str) -> None:
    assert denial.own_words == words


def test_actions_that_one_layer_denied_are_mended_together() -> None:
    identity, boundary = Denial(Layer.IDENTITY, False), Denial(Layer.BOUNDARY, False)
    told = remedies(
        MANAGED_ROLE,
        [
            DeniedAction("ecs:A", identity),
            DeniedAction("ecs:B", boundary),
            DeniedAction("ecs:C", None),
            DeniedAction("ecs:A", identity),
        ],
    )
    assert told.count("Add this statement") == 2
    assert '"Action": ["ecs:A", "ecs:C"]' in told
    assert '"Action": "ecs:B"' in told


def test_a_condition_and_a_resource_stand_in_the_statement() -> None:
    condition = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    told = remedies(MANAGED_ROLE, [DeniedAction("iam:PassRole", None, "arn:of:role", condition)])
    assert '"Resource": "arn:of:role", "Condition": {"StringEquals": {"iam:PassedToService"' in told
