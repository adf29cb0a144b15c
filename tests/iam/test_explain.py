"""Each statement of a document by itself: whether it applies, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.iam import AccessRequest, PolicyDocument
from ecs_preflight.iam.explain import statement_accounts
from ecs_preflight.iam.truth import Truth
from tests.iam.builders import APP, STRANGER, asks, document, trusts

HIDDEN = {"StringEquals": {"sts:ExternalId": "s3cret"}}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], Truth, str, bool]] = {
    "it applies": (trusts({"AWS": APP}), {}, Truth.YES, "", False),
    "another is named": (trusts({"AWS": STRANGER}), {}, Truth.NO, f"it does not name {APP}", False),
    "another action": (trusts({"AWS": APP}, Action="sts:TagSession"), {}, Truth.NO, "it is about other actions", False),
    "another resource": (trusts({"AWS": APP}, Resource=APP), {}, Truth.NO, "it is about other resources", False),
    "a key not known": (trusts({"AWS": APP}, Condition=HIDDEN), {}, Truth.UNKNOWN, "it depends on sts:ExternalId", False),
    "a key absent": (
        trusts({"AWS": APP}, Condition=HIDDEN),
        {"sts:ExternalId": None},
        Truth.NO,
        "it requires StringEquals of sts:ExternalId, which the request does not have",
        True,
    ),
    "another value": (
        trusts({"AWS": APP}, Condition=HIDDEN, effect="Deny"),
        {"sts:ExternalId": "other"},
        Truth.NO,
        "it requires StringEquals of sts:ExternalId, which the request does not satisfy",
        True,
    ),
    "two keys not known": (
        trusts({"AWS": APP}, Condition={"StringEquals": {"k:b": "1", "K:A": "1"}}),
        {},
        Truth.UNKNOWN,
        "it depends on K:A, k:b",
        False,
    ),
    "what AWS does not document": (
        trusts({"AWS": APP}, Condition={"StringNotEquals": {"k:a": "1"}}),
        {"k:a": ["2", "3"]},
        Truth.UNKNOWN,
        "k:a has several values and StringNotEquals no ForAllValues or ForAnyValue",
        False,
    ),
    "what AWS does not document and a key": (
        trusts({"AWS": APP}, Condition={"StringNotEquals": {"k:a": "1"}, "StringEquals": {"k:b": "1"}}),
        {"k:a": ["2", "3"]},
        Truth.UNKNOWN,
        "it depends on k:b; k:a has several values and StringNotEquals no ForAllValues or ForAnyValue",
        False,
    ),
    "another action, under a condition": (
        trusts({"AWS": APP}, Action="sts:TagSession", Condition=HIDDEN),
        {"sts:ExternalId": None},
        Truth.NO,
        "it is about other actions",
        False,
    ),
    "another resource, under a condition": (
        trusts({"AWS": APP}, Resource=APP, Condition=HIDDEN),
        {"sts:ExternalId": None},
        Truth.NO,
        "it is about other resources",
        False,
    ),
    "another is named, under a condition that is not met": (
        trusts({"AWS": STRANGER}, Condition=HIDDEN),
        {"sts:ExternalId": None},
        Truth.NO,
        f"it does not name {APP}",
        False,
    ),
    "another is named, under a condition": (
        trusts({"AWS": STRANGER}, Condition=HIDDEN),
        {},
        Truth.NO,
        f"it does not name {APP}",
        False,
    ),
}


@pytest.mark.parametrize(("statement", "context", "applies", "why", "hindered"), CASES.values(), ids=CASES)
def test_what_a_statement_comes_to(
    statement: dict[str, Any], context: dict[str, Any], applies: Truth, why: str, hindered: bool
) -> None:
    request = AccessRequest.model_validate(asks(APP, context=context, context_complete=False))
    first, second = statement_accounts(PolicyDocument.model_validate(document(statement, trusts({"AWS": APP}))), request.question)
    assert (first.index, first.applies, first.why) == (0, applies, why)
    assert (first.hinders is not None) is hindered
    assert (second.index, second.applies) == (1, Truth.YES)
    assert "s3cret" not in first.why
