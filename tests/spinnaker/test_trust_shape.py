"""The shapes that clouddriver's reader of trust policies needs."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.iam import AccessRequest
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS, read_trust_policy
from ecs_preflight.spinnaker.trust_shape import with_statements_in_a_list, with_tasks_visible

SERVICE = {"Service": ECS_TASKS}
PLAIN = {"Effect": "Allow", "Principal": SERVICE, "Action": "sts:AssumeRole"}
CONDITION = {"StringEquals": {"aws:SourceAccount": "123456789012"}}
REQUEST = AccessRequest(principal=ECS_TASKS, action="sts:AssumeRole", context={"aws:SourceAccount": ("123456789012",)})


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def test_a_single_statement_gets_its_list() -> None:
    single = {"Version": "2012-10-17", "Statement": PLAIN}
    assert read_trust_policy(single).throws
    repair = with_statements_in_a_list(single)
    assert repair.value == document(PLAIN)
    assert "ClassCastException" in repair.changes[0].done
    assert single["Statement"] is PLAIN


@pytest.mark.parametrize("value", [document(PLAIN), document(), {}, [], None, {"Statement": 3}])
def test_what_is_no_single_statement_stays(value: Any) -> None:
    assert with_statements_in_a_list(value) == (value, ())


# What allows the tasks, and what the document becomes.
SHOWN: dict[str, tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]] = {
    "a list of one": (({**PLAIN, "Action": ["sts:AssumeRole"]},), (PLAIN,)),
    "a list of one, under a condition": (
        ({**PLAIN, "Action": ["sts:AssumeRole"], "Condition": CONDITION},),
        ({**PLAIN, "Condition": CONDITION},),
    ),
    "a list of two": (
        ({**PLAIN, "Action": ["sts:AssumeRole", "sts:TagSession"]},),
        ({**PLAIN, "Action": ["sts:AssumeRole", "sts:TagSession"]}, PLAIN),
    ),
    "all of sts": (({**PLAIN, "Action": "sts:*"},), ({**PLAIN, "Action": "sts:*"}, PLAIN)),
    "small letters": (({**PLAIN, "Action": "sts:assumerole"},), ({**PLAIN, "Action": "sts:assumerole"}, PLAIN)),
    "all of sts, under a condition": (
        ({**PLAIN, "Action": "sts:*", "Condition": CONDITION},),
        ({**PLAIN, "Action": "sts:*", "Condition": CONDITION}, {**PLAIN, "Condition": CONDITION}),
    ),
    "with and without a condition": (
        ({**PLAIN, "Action": "sts:*", "Condition": CONDITION}, {**PLAIN, "Action": "sts:*"}),
        ({**PLAIN, "Action": "sts:*", "Condition": CONDITION}, {**PLAIN, "Action": "sts:*"}, PLAIN),
    ),
}


@pytest.mark.parametrize(("before", "after"), SHOWN.values(), ids=SHOWN)
def test_the_reader_is_shown_what_iam_allows(before: tuple[dict[str, Any], ...], after: tuple[dict[str, Any], ...]) -> None:
    assert ECS_TASKS not in read_trust_policy(document(*before)).services
    repair = with_tasks_visible(document(*before), REQUEST)
    assert repair.value == document(*after)
    assert ECS_TASKS in read_trust_policy(repair.value).services
    assert len(repair.changes) == 1
    assert with_tasks_visible(repair.value, REQUEST) == (repair.value, ())


def test_other_principals_need_no_shape() -> None:
    value = document({**PLAIN, "Principal": {"Service": "ec2.amazonaws.com"}, "Action": ["sts:AssumeRole"]})
    request = AccessRequest(principal="ec2.amazonaws.com", action="sts:AssumeRole")
    assert with_tasks_visible(value, request) == (value, ())
