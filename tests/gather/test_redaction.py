"""External ids in policies become tokens: nothing of them is told, and what matched still matches."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.facts import secret_token
from ecs_preflight.gather.redaction import redacted_policy
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest

KNOWN = "spin-7f3a"
CALLER = "arn:aws:iam::100000000001:role/spinnaker"


def token(secret: str) -> str:
    return secret_token(secret, "salt")


def trust(condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"AWS": CALLER}, "Action": "sts:AssumeRole", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


def redacted(condition: Any, known: str | None = KNOWN) -> Any:
    return json.loads(redacted_policy(trust(condition), token, known))["Statement"][0]["Condition"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"StringEquals": {"sts:ExternalId": KNOWN}}, {"StringEquals": {"sts:ExternalId": token(KNOWN)}}),
        ({"StringEquals": {"STS:externalid": KNOWN}}, {"StringEquals": {"STS:externalid": token(KNOWN)}}),
        ({"StringEquals": {"sts:ExternalId": [KNOWN, "b"]}}, {"StringEquals": {"sts:ExternalId": [token(KNOWN), token("b")]}}),
        ({"StringEquals": {"sts:ExternalId": 5}}, {"StringEquals": {"sts:ExternalId": token("5")}}),
        ({"StringEquals": {"sts:ExternalId": True}}, {"StringEquals": {"sts:ExternalId": token("true")}}),
        (
            {"StringEqualsIgnoreCase": {"sts:ExternalId": "SPIN-7F3A"}},
            {"StringEqualsIgnoreCase": {"sts:ExternalId": token(KNOWN)}},
        ),
        ({"StringLike": {"sts:ExternalId": "spin-*"}}, {"StringLike": {"sts:ExternalId": token(KNOWN)}}),
        ({"StringLike": {"sts:ExternalId": "other-*"}}, {"StringLike": {"sts:ExternalId": token("other-*")}}),
        ({"StringNotLike": {"sts:ExternalId": "sp?n-*"}}, {"StringNotLike": {"sts:ExternalId": token(KNOWN)}}),
        ({"Null": {"sts:ExternalId": "false"}}, {"Null": {"sts:ExternalId": "false"}}),
        ({"StringEquals": {"aws:PrincipalTag/x": KNOWN}}, {"StringEquals": {"aws:PrincipalTag/x": KNOWN}}),
        ({"StringEquals": 5}, {"StringEquals": 5}),
        (5, 5),
    ],
)
def test_values_of_external_ids_are_replaced(condition: Any, expected: Any) -> None:
    assert redacted(condition) == expected


@pytest.mark.parametrize("document", [{}, [], 5, None, {"Statement": 5}, {"Statement": None}, {"Statement": [None, 5, "x"]}])
def test_odd_documents_pass_through(document: Any) -> None:
    assert json.loads(redacted_policy(document, token, KNOWN)) == document


def test_a_single_statement_stays_single() -> None:
    single = {"Statement": trust({"StringEquals": {"sts:ExternalId": KNOWN}})["Statement"][0]}
    made = json.loads(redacted_policy(single, token, KNOWN))
    assert made["Statement"]["Condition"] == {"StringEquals": {"sts:ExternalId": token(KNOWN)}}


def test_of_what_is_no_json_the_known_secret_is_struck_out() -> None:
    assert redacted_policy(f"broken {KNOWN}", token, KNOWN) == f"broken {token(KNOWN)}"
    assert redacted_policy("broken", token) == "broken"


OPERATORS = ["StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringLike", "StringNotLike", "StringLikeIfExists"]
IDS = st.text("ab*?-", min_size=2, max_size=5)


@given(operator=st.sampled_from(OPERATORS), written=IDS, configured=st.text("ab-", min_size=2, max_size=5), sent=st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_verdict_is_the_same_with_tokens(operator: str, written: str, configured: str, sent: bool) -> None:
    """What clouddriver can send is the configured id, or none."""
    original = trust({operator: {"sts:ExternalId": written}})
    hidden = redacted_policy(original, token, configured)

    def decided(policy: Any, value: str) -> Any:
        context: dict[str, Any] = {"sts:ExternalId": value if sent else None}
        request = AccessRequest(principal=CALLER, action="sts:AssumeRole", resource=None, context=context)
        return evaluate_document(PolicyDocument.model_validate(policy), request).decision

    assert decided(json.loads(hidden), token(configured)) == decided(original, configured)
    ((value,),) = ((keys.values()) for keys in json.loads(hidden)["Statement"][0]["Condition"].values())
    assert re.fullmatch("token-[0-9a-f]{20}", value)


@given(pattern=st.text("ab*?", max_size=8), text=st.text("ab", max_size=8))
@settings(max_examples=200)
def test_patterns_match_as_regular_expressions_would(pattern: str, text: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    assert Glob.of(pattern).matches(text) == bool(re.fullmatch(expression, text))


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not Glob.of("*a" * 40 + "b").matches("a" * 4000)
