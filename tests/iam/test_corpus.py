"""Runs the cases of a folder that ECS_PREFLIGHT_IAM_CORPUS names, and prints the score of each category and every miss."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam import EvalDecision, PolicyDocument, evaluate_document, evaluate_request

_FOLDER = os.environ.get("ECS_PREFLIGHT_IAM_CORPUS")
_DECISIONS = {
    "allow": EvalDecision.ALLOWED,
    "deny": EvalDecision.EXPLICIT_DENY,
    "implicit-deny": EvalDecision.IMPLICIT_DENY,
    "undecidable": EvalDecision.UNDECIDABLE,
}
# A Sid with "_" in it: moto takes it, IAM answers "Statement IDs (SID) must be alpha-numeric".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
_ARGUED = frozenset({"moto/validation/0118", "moto/validation/0119"})
_DENIES = {EvalDecision.EXPLICIT_DENY, EvalDecision.IMPLICIT_DENY}

pytestmark = pytest.mark.skipif(_FOLDER is None, reason="ECS_PREFLIGHT_IAM_CORPUS names no folder of cases")


def test_every_case_of_the_corpus_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    cases = list(_cases(Path(str(_FOLDER))))
    misses = {case["id"]: miss for case in cases if (miss := _miss(case))}
    total = Counter(case["category"] for case in cases)
    wrong = Counter(case["category"] for case in cases if case["id"] in misses)
    with capsys.disabled():
        print()
        for category, count in sorted(total.items()):
            print(f"{category:20} {count - wrong[category]:4} of {count:4}")
        for identifier, miss in misses.items():
            print(f"{identifier}: {miss}")
    assert cases, f"{_FOLDER} holds no cases"
    assert not misses.keys() - _ARGUED


def _cases(folder: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(folder.glob("*.json")):
        yield from json.loads(file.read_text(encoding="utf-8"))


def _miss(case: dict[str, Any]) -> str | None:
    return _miss_of_validation(case) if case["category"] == "validation" else _miss_of_decision(case)


def _miss_of_decision(case: dict[str, Any]) -> str | None:
    if case["scope"] == "document":
        evaluation = evaluate_document(case["policy"], case["request"])
    else:
        evaluation = evaluate_request(case["policies"], case["request"])
    expected = _DECISIONS[case["expected"]]
    same_kind = case.get("deny_kind_from_ref") and {expected, evaluation.decision} <= _DENIES
    if evaluation.decision is expected or same_kind:
        return None
    return f"expected {case['expected']}: {evaluation.explanation}"


def _miss_of_validation(case: dict[str, Any]) -> str | None:
    refusals = _refusals(case["policy"], case["policy_type"])
    if bool(refusals) != (case["expected"] == "invalid"):
        return f"expected {case['expected']}, found {refusals}"
    return None


def _refusals(policy: Any, kind: Any) -> list[str]:
    try:
        text = policy if isinstance(policy, str) else json.dumps(policy)
        return [problem.message for problem in PolicyDocument.parse(text).problems(kind)]
    except (SyntaxInputError, ValidationError) as error:
        return [str(error)]
