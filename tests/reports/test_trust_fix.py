"""The document for stdout, the remarks for stderr."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_preflight.errors import InputError
from ecs_preflight.reports.trust_fix import fix_and_tell
from ecs_preflight.reports.trust_question import TrustQuestion

MANAGING = "arn:aws:iam::100000000001:role/spinnaker"
QUESTION = TrustQuestion(MANAGING)
HIDDEN = {"StringEquals": {"sts:ExternalId": "s3cret"}}


def policy(**changes: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": MANAGING}, "Action": "sts:AssumeRole", **changes}
    return json.dumps({"Version": "2012-10-17", "Id": "é", "Statement": [statement]}, indent=1)


def test_the_document_stands_alone() -> None:
    fixed = fix_and_tell(policy(Principal={"Service": "ecs.amazonaws.com"}, Resource="*"), "t.json", QUESTION)
    assert fixed.exit_code == 0
    assert fixed.document is not None
    assert json.loads(fixed.document)["Statement"][1]["Principal"] == {"AWS": MANAGING}
    assert fixed.document.startswith('{\n  "Version": "2012-10-17",\n  "Id": "\\u00e9",\n  "Statement": [\n    {')
    assert fixed.document.endswith("}\n")
    assert fixed.remarks.splitlines() == [
        "t.json:11: Resource is removed: a trust policy is about the role that it belongs to.",
        f"t.json:4: a statement is added that allows {MANAGING} sts:AssumeRole, and nothing else.",
    ]
    again = fix_and_tell(fixed.document, "t.json", QUESTION)
    assert (again.document, again.remarks, again.exit_code) == (fixed.document, "t.json: nothing to change.\n", 0)


def test_a_decision_leaves_nothing_for_stdout() -> None:
    fixed = fix_and_tell(policy(Effect="Deny", Condition={}), "t.json", QUESTION)
    assert (fixed.document, fixed.exit_code) == (None, 1)
    assert fixed.remarks.startswith("t.json:5: needs your decision: statement number 1 denies")


def test_what_is_not_known_leaves_nothing_either() -> None:
    fixed = fix_and_tell(policy(Condition=HIDDEN), "t.json", QUESTION)
    assert (fixed.document, fixed.exit_code) == (None, 3)
    assert "t.json: not fixed: Whether" in fixed.remarks
    assert "--context KEY=VALUE" in fixed.remarks
    assert "s3cret" not in fixed.remarks


def test_remarks_hold_no_value_of_a_condition() -> None:
    fixed = fix_and_tell(policy(Condition=HIDDEN), "t.json", QUESTION, own_statement=True)
    assert fixed.exit_code == 0
    assert "s3cret" in str(fixed.document)
    assert "s3cret" not in fixed.remarks


def test_what_is_odd_is_noted_beside_a_fix() -> None:
    question = TrustQuestion(MANAGING, {"sts:ExtrnalId": ("x",)})
    fixed = fix_and_tell(policy(Principal={"AWS": f"{MANAGING}s"}), "t.json", question)
    assert fixed.exit_code == 0
    assert "note: sts:ExtrnalId is no condition key" in fixed.remarks


def test_without_a_principal_the_document_alone_is_made_right() -> None:
    fixed = fix_and_tell(policy(Resource="*"), "t.json")
    assert json.loads(str(fixed.document)) == json.loads(policy())


def test_what_cannot_be_read() -> None:
    with pytest.raises(InputError) as caught:
        fix_and_tell("{", "t.json")
    assert caught.value.exit_code == 2
