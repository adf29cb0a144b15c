"""One trust policy, explained without AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_preflight.errors import InputError
from ecs_preflight.reports.trust import explain_trust_policy

MANAGING = "arn:aws:iam::100000000001:role/spinnaker"


def policy(**changes: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": MANAGING}, "Action": "sts:AssumeRole", **changes}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


DECIDED: list[tuple[str, str, str | None, dict[str, str], int, str]] = [
    ("the document alone", policy(), None, {}, 0, "names AWS arn:aws:iam::100000000001:role/spinnaker"),
    ("whom it names", policy(), MANAGING, {}, 0, "allowed: "),
    ("whom it does not name", policy(), "arn:aws:iam::100000000001:role/other", {}, 1, "implicitDeny: "),
    ("denied", policy(Effect="Deny"), MANAGING, {}, 1, "explicitDeny: "),
    (
        "hanging on what is not given",
        policy(Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        MANAGING,
        {},
        3,
        "undecidable: ",
    ),
    (
        "with what it hangs on",
        policy(Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        MANAGING,
        {"sts:ExternalId": "x"},
        0,
        "allowed: ",
    ),
    (
        "with another value",
        policy(Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        MANAGING,
        {"sts:ExternalId": "y"},
        1,
        "implicitDeny: ",
    ),
    ("refused by IAM", policy(Resource="*"), None, {}, 1, "IAM refuses this: "),
    ("refused by IAM, whatever it would allow", policy(Resource="*"), MANAGING, {}, 1, "IAM refuses this: "),
]


@pytest.mark.parametrize(
    ("text", "principal", "context", "code", "said"), [row[1:] for row in DECIDED], ids=[row[0] for row in DECIDED]
)
def test_what_it_decides(text: str, principal: str | None, context: dict[str, str], code: int, said: str) -> None:
    document, exit_code = explain_trust_policy(text, "trust.json", principal, context)
    assert exit_code == code
    assert said in document
    assert document.endswith("\n")


def test_it_says_what_clouddriver_reads() -> None:
    of_services = policy(Principal={"Service": ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"]})
    text, _ = explain_trust_policy(of_services, "trust.json")
    assert "clouddriver's own reader sees these services: ecs-tasks.amazonaws.com, ecs.amazonaws.com" in text
    assert "sees these services: none" in explain_trust_policy(policy(), "trust.json")[0]


def test_what_is_no_policy_cannot_be_read() -> None:
    with pytest.raises(InputError) as caught:
        explain_trust_policy("{", "trust.json")
    assert caught.value.exit_code == 2
    assert "trust.json" in str(caught.value)
