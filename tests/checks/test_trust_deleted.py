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
    attempt,
    denied,
    judged,
    me,
    told,
    trusting,
    who,
    without,
)

ORPHAN = "AROAEXAMPLEEXAMPLE12"


@pytest.mark.parametrize(
    ("changes", "outcome", "severity", "says"),
    [
        pytest.param([trusting(me())], PASSED, None, "", id="nobody was deleted"),
        pytest.param(
            [trusting(allow({"AWS": ORPHAN})), (attempt(), denied())],
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
            [trusting(allow({"AWS": "AIDAEXAMPLEEXAMPLE12"})), (attempt(), denied())],
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
            [trusting(allow({"AWS": ORPHAN})), *without(attempt())],
            FAILED,
            Severity.FATAL,
            "nothing in the policy lets",
            id="nobody let it in, by policy or by an attempt",
        ),
        pytest.param(
            [trusting(allow({"AWS": ORPHAN}))],
            FAILED,
            Severity.WARNING,
            "is trusted all the same",
            id="its own attempt",
        ),
        pytest.param(
            [trusting(me(OFFICE), allow({"AWS": ORPHAN}))], FAILED, Severity.WARNING, "all the same", id="a maybe that let it in"
        ),
        *(
            pytest.param(
                [trusting(me(OFFICE), allow({"AWS": ORPHAN})), *others], FAILED, Severity.WARNING, "depends on what is not known"
            )
            for others in ([(attempt(), denied())], [(caller_identity(), who(STRANGER))])
        ),
    ],
)
def test_trusted_principals_exist(changes: Any, outcome: Outcome, severity: Severity | None, says: str) -> None:
    result = judged("TRUST003", None, *changes)
    assert result.outcome is outcome
    assert says in told(result)
    if severity is not None:
        assert [problem.severity for problem in result.problems] == [severity]


def test_beside_a_maybe_it_is_not_said_that_nothing_lets_the_identity_in() -> None:
    result = judged("TRUST003", None, trusting(me(OFFICE), allow({"AWS": ORPHAN})), (caller_identity(), who(STRANGER)))
    assert "nothing in the policy" not in told(result)
    assert "aws:SourceIp" in result.reason


def test_who_the_caller_is_matters_only_where_an_id_was_found() -> None:
    assert asked_for("TRUST003", a_config()) == {MANAGED_QUESTION}
    both = {MANAGED_QUESTION, caller_identity()}
    assert asked_for("TRUST003", a_config(), trusting(allow({"AWS": [IDENTITY, ORPHAN]}))) == both
    assert asked_for("TRUST003", a_config(), trusting(allow({"AWS": ORPHAN}))) == {*both, attempt()}
