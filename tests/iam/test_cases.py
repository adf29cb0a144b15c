"""The tables of cases, each run as one test."""

from __future__ import annotations

from collections import Counter
from types import ModuleType

import pytest

from ecs_preflight.iam import evaluate_document, evaluate_request
from tests.iam.builders import Case
from tests.iam.cases import (
    actions,
    assuming_roles,
    conditions,
    guardrails,
    pmapper,
    principals,
    resource_requests,
    resources,
    sets_and_variables,
    traps,
    unknown_context,
)

_TABLES: tuple[ModuleType, ...] = (
    actions,
    assuming_roles,
    conditions,
    guardrails,
    pmapper,
    principals,
    resource_requests,
    resources,
    sets_and_variables,
    traps,
    unknown_context,
)
ALL_CASES = tuple(case for table in _TABLES for case in table.CASES)
_CASES = [pytest.param(case, id=f"{table.__name__.rpartition('.')[2]}: {case.name}") for table in _TABLES for case in table.CASES]


@pytest.mark.parametrize("case", _CASES)
def test_aws_would_decide(case: Case) -> None:
    evaluate = evaluate_document if "Statement" in case.policy else evaluate_request
    evaluation = evaluate(case.policy, case.request)
    assert evaluation.decision.value == case.decision, evaluation.explanation
    if case.keys:
        assert evaluation.unknown_context_keys == case.keys
    assert evaluation.allowed is (case.decision == "allowed")


def test_every_case_cites_its_source_and_has_a_name_of_its_own() -> None:
    assert not [case.name for case in ALL_CASES if not case.source.startswith("https://docs.aws.amazon.com/")]
    names = Counter((table.__name__, case.name) for table in _TABLES for case in table.CASES)
    assert not [name for name, count in names.items() if count > 1]
