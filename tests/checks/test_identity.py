"""Who is who: sessions and their roles, paths that sessions lose, and what every result says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ecs_preflight.checks._check import Facts
from ecs_preflight.checks.identity import (
    as_role_or_user,
    is_managing_identity,
    is_same_principal,
    managed_role,
    managing_identity,
    managing_principal,
    says_whose_identity,
)
from ecs_preflight.facts import Known
from ecs_preflight.findings import Blocked, Problem, Remark, Severity, Undetermined, Verdict
from ecs_preflight.targets import Target
from tests.checks.role_facts import (
    ACCOUNT,
    CALLER,
    IDENTITY,
    MANAGED,
    MANAGED_QUESTION,
    STRANGER,
    a_config,
    a_role,
    snapshot,
)

TARGET = Target(ACCOUNT)
NOBODY = a_config(identity=None)
NOTE = "managing_identity_arn is not stated in preflight.yml: the caller is taken for it"


@pytest.mark.parametrize(
    ("arn", "principal"),
    [
        (CALLER, IDENTITY),
        ("arn:aws-cn:sts::123456789012:assumed-role/a/b", "arn:aws-cn:iam::123456789012:role/a"),
        (IDENTITY, IDENTITY),
        (STRANGER, STRANGER),
        ("arn:aws:sts::123456789012:federated-user/x", "arn:aws:sts::123456789012:federated-user/x"),
        ("arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:root"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_the_principal_behind_a_session(arn: str, principal: str) -> None:
    assert as_role_or_user(arn) == principal


@pytest.mark.parametrize(
    ("arn", "other", "same"),
    [
        (CALLER, IDENTITY, True),
        (CALLER, IDENTITY.replace("role/", "role/a/path/"), True),
        (CALLER, IDENTITY.replace("arn:aws:", "arn:aws-cn:"), False),
        (CALLER, IDENTITY.replace("role/", "user/"), False),
        (STRANGER, IDENTITY, False),
        ("x", "x", True),
        ("x", IDENTITY, False),
    ],
)
def test_the_same_principal(arn: str, other: str, same: bool) -> None:
    assert is_same_principal(arn, other) is same
    assert is_same_principal(other, arn) is same


def test_where_nobody_is_stated_the_caller_is_taken() -> None:
    assert is_managing_identity(NOBODY, STRANGER)
    assert managing_identity(NOBODY, CALLER) == IDENTITY
    assert managing_principal(NOBODY, CALLER) == CALLER
    assert not is_managing_identity(a_config(), STRANGER)
    assert managing_identity(a_config(), STRANGER) == managing_principal(a_config(), STRANGER) == IDENTITY


@pytest.mark.parametrize(
    ("written", "found", "is_there"),
    [
        ("role/SpinnakerManaged", f"arn:aws:iam::{MANAGED}:role/SpinnakerManaged", True),
        ("role/a/SpinnakerManaged", f"arn:aws:iam::{MANAGED}:role/a/SpinnakerManaged", True),
        ("role/SpinnakerManaged", f"arn:aws:iam::{MANAGED}:role/a/SpinnakerManaged", False),
        ("role/SpinnakerManaged", f"arn:aws:iam::{MANAGED}:role/spinnakerManaged", True),
    ],
)
def test_the_managed_role_is_that_of_the_whole_arn(written: str, found: str, is_there: bool) -> None:
    facts = Facts(snapshot((MANAGED_QUESTION, Known(a_role(arn=found)))), frozenset({MANAGED_QUESTION}))
    if is_there:
        assert managed_role(a_config(assume_role=written), TARGET, facts).arn == found
    else:
        with pytest.raises(Blocked, match=f"the role of that name is {found}"):
            managed_role(a_config(assume_role=written), TARGET, facts)


def _saying(*said: Any, raised: Verdict | None = None) -> Any:
    @says_whose_identity
    def judge(config: Any, target: Any, facts: Any) -> Iterator[Any]:
        yield from said
        if raised:
            raise raised

    return judge


def test_every_way_of_ending_says_it() -> None:
    facts = Facts(snapshot(), frozenset())
    problem = Problem("one line", remediation="mend", evidence="seen", severity=Severity.INFO)
    first, second, last = _saying(problem, Blocked("gone"))(NOBODY, TARGET, facts)
    assert (first.summary, first.evidence, first.severity) == ("one line", f"seen\n{NOTE}", Severity.INFO)
    assert (type(second), second.reason) == (Blocked, f"gone ({NOTE})")
    assert (type(last), last.reason) == (Remark, NOTE)
    with pytest.raises(Undetermined) as raised:
        list(_saying(raised=Undetermined("open"))(NOBODY, TARGET, facts))
    assert raised.value.reason == f"open ({NOTE})"


def test_where_somebody_is_stated_nothing_is_added() -> None:
    problem = Problem("one line")
    assert list(_saying(problem)(a_config(), TARGET, Facts(snapshot(), frozenset()))) == [problem]
