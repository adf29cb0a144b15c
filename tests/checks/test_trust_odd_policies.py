"""Whatever stands in a trust policy: no check of trust breaks, and none that evaluates it passes what is no policy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.facts import Known, Listing
from ecs_preflight.questions import caller_identity, role
from tests.checks.role_facts import (
    ACCOUNT,
    EVERY_ROLE,
    IDENTITY,
    MANAGED,
    MANAGED_QUESTION,
    STRANGER,
    a_config,
    a_role,
    judged,
    told,
    who,
)

WORDS = ["Allow", "Deny", "AWS", "Service", "*", "sts:AssumeRole", "ecs-tasks.amazonaws.com", IDENTITY]
WORDS += ["AROAEXAMPLEEXAMPLE12", "a+b%"]
KEYS = ["Version", "Statement", "Effect", "Principal", "NotPrincipal", "Action", "Condition", "StringEquals", "DateLessThan"]
KEYS += ["sts:ExternalId", "aws:RequestTag/x", "AWS", "aws:CurrentTime", "aws:PrincipalArn", "aws:PrincipalOrgID"]
LEAVES = st.none() | st.booleans() | st.integers(0, 5) | st.sampled_from(WORDS)
ODD = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5), max_leaves=12
)
STATEMENTS = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Action": st.just("sts:AssumeRole") | LEAVES, "Principal": ODD},
    optional={"Condition": ODD, "Sid": ODD},
)
POLICIES = ODD | st.fixed_dictionaries(
    {"Version": st.just("2012-10-17"), "Statement": st.lists(STATEMENTS, max_size=3) | STATEMENTS}
)
FARGATE = {"name": "far", "memory": 512, "launch_type": "FARGATE"}
CONFIG = a_config(task_roles=["web"], external_id="the-external-id", version="1.37.0", workloads=[FARGATE])
EVALUATING = ["TRUST001", "TRUST002", "TRUST003", "TRUST004", "TRUST005", "TRUST006", "TRUST009", "TRUST010", "ROLE004"]
CHECKS = [*EVALUATING, "TRUST007", "TRUST008"]


def facts(policy: str) -> list[Any]:
    found = Known(a_role(policy))
    task_role = role(ACCOUNT, "web"), Known(a_role(policy, f"arn:aws:iam::{MANAGED}:role/web"))
    return [
        (MANAGED_QUESTION, found),
        task_role,
        (EVERY_ROLE, Known(Listing((found.value,)))),
        (caller_identity(), who(STRANGER)),
    ]


@given(policy=POLICIES)
@settings(max_examples=120, deadline=None)
def test_no_shape_of_json_breaks_a_check(policy: Any) -> None:
    for check_id in CHECKS:
        result = judged(check_id, CONFIG, *facts(json.dumps(policy)))
        assert result.outcome.is_green or told(result).strip(), check_id


@given(policy=st.text(max_size=40))
@settings(max_examples=120, deadline=None)
def test_no_text_breaks_a_check(policy: str) -> None:
    for check_id in CHECKS:
        judged(check_id, CONFIG, *facts(policy))


@pytest.mark.parametrize("check_id", EVALUATING)
@given(policy=ODD.filter(lambda odd: not isinstance(odd, dict)))
@settings(max_examples=25, deadline=None)
def test_what_is_no_policy_is_never_green(check_id: str, policy: Any) -> None:
    assert not judged(check_id, CONFIG, *facts(json.dumps(policy))).outcome.is_green
