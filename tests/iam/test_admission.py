"""Letting one principal in, by the smallest addition."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ecs_preflight.iam.admission import let_in, size_of_change
from ecs_preflight.iam.principal import PrincipalEntry
from ecs_preflight.iam.repair import Change
from tests.iam.builders import ALICE, APP, ECS_TASKS, ROOT, document, trusts

ENTRY = PrincipalEntry("AWS", ALICE)
OWN = {"Effect": "Allow", "Principal": {"AWS": ALICE}, "Action": "sts:AssumeRole"}

EXTENDED = {
    "one name": trusts({"AWS": APP}),
    "several names": trusts({"AWS": [APP, ROOT]}),
    "the action in a list": trusts({"AWS": APP}, Action=["sts:AssumeRole"]),
    "a service besides": trusts({"Service": ECS_TASKS, "AWS": APP}),
    "an empty condition": trusts({"AWS": APP}, Condition={}),
}


@pytest.mark.parametrize("statement", EXTENDED.values(), ids=EXTENDED)
def test_a_statement_of_the_same_kind_is_extended(statement: dict[str, Any]) -> None:
    before = document(trusts({"Service": ECS_TASKS}), statement)
    kept = deepcopy(before)
    repair = let_in(before, ENTRY)
    there = statement["Principal"]["AWS"]
    named = repair.value["Statement"][1]["Principal"]["AWS"]
    assert named == [*(there if isinstance(there, list) else [there]), ALICE]
    assert size_of_change(before, repair.value) == 1
    done = f"{ALICE} is added to the principals of statement number 2, which has no conditions"
    assert repair.changes == (Change(("Statement", 1, "Principal", "AWS"), done),)
    assert before == kept


NOT_EXTENDED = {
    "services only": trusts({"Service": ECS_TASKS}),
    "a condition": trusts({"AWS": APP}, Condition={"Bool": {"aws:SecureTransport": True}}),
    "more than sts:AssumeRole": trusts({"AWS": APP}, Action=["sts:AssumeRole", "sts:TagSession"]),
    "all of sts": trusts({"AWS": APP}, Action="sts:*"),
    "all but": trusts({"AWS": APP}, NotAction="sts:TagSession"),
    "a Deny": trusts({"AWS": APP}, effect="Deny"),
}


@pytest.mark.parametrize("statement", NOT_EXTENDED.values(), ids=NOT_EXTENDED)
def test_otherwise_a_statement_is_added(statement: dict[str, Any]) -> None:
    before = document(statement)
    repair = let_in(before, ENTRY)
    assert repair.value["Statement"] == [statement, OWN]
    assert size_of_change(before, repair.value) == 3
    done = f"a statement is added that allows {ALICE} sts:AssumeRole, and nothing else"
    assert repair.changes == (Change(("Statement",), done),)


def test_a_statement_of_its_own_can_be_asked_for() -> None:
    assert let_in(document(trusts({"AWS": APP})), ENTRY, own_statement=True).value["Statement"][1] == OWN


def test_the_first_that_can_is_extended() -> None:
    repair = let_in(document(trusts({"AWS": APP}), trusts({"AWS": ROOT})), ENTRY)
    assert repair.value["Statement"][0]["Principal"] == {"AWS": [APP, ALICE]}


def test_a_service_joins_services() -> None:
    repair = let_in(document(trusts({"Service": "ec2.amazonaws.com"})), PrincipalEntry("Service", ECS_TASKS))
    assert repair.value["Statement"][0]["Principal"] == {"Service": ["ec2.amazonaws.com", ECS_TASKS]}


SIZES = {
    "nothing": ({"a": [1]}, {"a": [1]}, 0),
    "brackets": ({"a": 1}, {"a": [1]}, 0),
    "order": ({"a": [1, 2]}, {"a": [2, 1]}, 0),
    "more": ({"a": 1}, {"a": [1, 2]}, 1),
    "less": ({"a": [1, 1]}, {"a": 1}, 1),
    "instead": ({"a": 1}, {"a": 2}, 2),
    "elsewhere": ({"a": 1}, {"b": 1}, 2),
}


@pytest.mark.parametrize(("before", "after", "size"), SIZES.values(), ids=SIZES)
def test_the_measure_counts_texts_and_numbers(before: Any, after: Any, size: int) -> None:
    assert size_of_change(before, after) == size
    assert size_of_change(after, before) == size
