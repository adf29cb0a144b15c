"""Every trap that policy evaluators are known to fall into has cases in the tables, visibly named."""

from __future__ import annotations

import pytest

from tests.iam.cases import traps
from tests.iam.test_cases import ALL_CASES

_CASES_OF_TRAP = {
    "role ARN and session ARN, whose path is lost": ("the path of a role is lost in its sessions",),
    "an orphaned AROA id": ("the id of a deleted role is nobody",),
    "an account is not its root user": ("an account is not its root user", "a principal ARN of :root is the root user"),
    "ecs and ecs-tasks": ("ecs is not ecs-tasks",),
    "StringEquals with *": ("StringEquals takes * as it is",),
    "ArnLike splits into components, and the last has colons": ("an ARN splits into six", "the sixth may hold colons"),
    "a negated operator and an absent key": ("a negated operator holds where the key is absent",),
    "ForAllValues is vacuously true": ("ForAllValues holds of nothing",),
    "BoolIfExists": ("BoolIfExists holds of nothing",),
    "negated values are NORed": ("negated values are NORed",),
    "variables in a document of 2008": ("version 2008 has no variables",),
    "numbers are not compared as texts": ("numbers are no texts",),
    "bare booleans and numbers": ("a bare true is true", "a bare number is a number"),
    "the case of key names": ("key names ignore case",),
    "the order of a deny": ("a deny wins wherever it stands", "and after it, too"),
    '{"AWS": "*"} across accounts': ("everyone of another account needs an identity policy", "and with one may"),
    "an account named in its own account": ("the account alone needs an identity policy",),
    "TagSession and SetSourceIdentity": ("AssumeRole is not TagSession", "AssumeRole is not SetSourceIdentity"),
    "a role that assumes itself": ("a role does not trust itself",),
    "a boundary and a role's ARN": ("a boundary caps a role's ARN",),
    "SCPs and RCPs": ("an SCP caps the caller", "an RCP caps the role"),
    "service-linked roles and SCPs": ("a service-linked role is exempt from SCPs",),
}


@pytest.mark.parametrize("trap", _CASES_OF_TRAP)
def test_a_trap_has_its_cases(trap: str) -> None:
    names = {case.name for case in traps.CASES}
    assert _CASES_OF_TRAP[trap]
    assert not set(_CASES_OF_TRAP[trap]) - names


def test_the_tables_are_large_and_every_case_cites_aws() -> None:
    assert len(ALL_CASES) >= 700
    assert all(case.source.startswith("https://docs.aws.amazon.com/") for case in ALL_CASES)
