"""TRUST003: principals of the trust policy that were deleted."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import caller_identity
from tests.checks.role_facts import (
    CALLER,
    FAILED,
    IDENTITY,
    MANAGED_QUESTION,
    OFFICE,
    PASSED,
    STRANGER,
    a_config,
    allow,
    asked_for,
    judged,
    me,
    told,
    trusting,
    who,
)

ORPHAN = "AROAEXAMPLEEXAMPLE12"


@pytest.mark.parametrize(
    ("changes", "outcome", "severity", "says"),
    [
        pytest.param([trusting(me())], PASSED, None, "", id="nobody was deleted"),
        pytest.param(
            [trusting(allow({"AWS": ORPHAN}))],
            FAILED,
            Severity.FATAL,
            f'write "{IDENTITY}" in place of {ORPHAN}',
            id="F23",
        ),
        pytest.param(
            [trusting(allow({"AWS": [IDENTITY, ORPHAN]}))],
            FAILED,
            Severity.WARNING,
            f"take {ORPHAN} away",
            id="beside a live one",
        ),
        pytest.param(
            [trusting(allow({"AWS": "AIDAEXAMPLEEXAMPLE12"}))],
            FAILED,
            Severity.FATAL,
            "a user that was deleted",
            id="user",
        ),
        pytest.param(
            [trusting(me(), allow({"AWS": ORPHAN}, effect="Deny"))], PASSED, None, "", id="who is denied may well be deleted"
        ),
        pytest.param(
            [trusting(allow({"AWS": ORPHAN})), (caller_identity(), who(CALLER, f"{ORPHAN}:i-1"))],
            PASSED,
            None,
            "",
            id="it is the managing identity's own id",
        ),
        pytest.param(
            [trusting(allow({"AWS": ORPHAN})), (caller_identity(), who(STRANGER, ORPHAN))],
            FAILED,
            Severity.FATAL,
            "",
            id="it is somebody else's",
        ),
        pytest.param(
            [trusting(me(OFFICE), allow({"AWS": ORPHAN}))], FAILED, Severity.FATAL, "nothing in the policy", id="beside a maybe"
        ),
    ],
)
def test_trusted_principals_exist(changes: Any, outcome: Outcome, severity: Severity | None, says: str) -> None:
    result = judged("TRUST003", None, *changes)
    assert result.outcome is outcome
    assert says in told(result)
    if severity is not None:
        assert result.severity is severity


def test_who_the_caller_is_matters_only_where_an_id_was_found() -> None:
    assert asked_for("TRUST003", a_config()) == {MANAGED_QUESTION}
    assert asked_for("TRUST003", a_config(), trusting(allow({"AWS": ORPHAN}))) == {MANAGED_QUESTION, caller_identity()}
