"""What is asked of a trust policy, as options state it."""

from __future__ import annotations

import json

import pytest

from ecs_preflight.errors import UsageError
from ecs_preflight.iam import PolicyDocument
from ecs_preflight.reports.trust_question import TrustQuestion, stated_context

MANAGING = "arn:aws:iam::100000000001:role/spinnaker"
DOCUMENT = PolicyDocument.parse(
    json.dumps(
        {
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": MANAGING},
                "Action": "sts:AssumeRole",
                "Condition": {"StringEquals": {"aws:RequestTag/Team": "x", "example.com:sub": "y"}},
            }
        }
    )
)


def test_values_add_up_and_absence_is_stated() -> None:
    assert stated_context(["a:b=1", "c:d=", "A:B=2", "e:f=x=y"], ["g:h"]) == {
        "a:b": ("1", "2"),
        "c:d": ("",),
        "e:f": ("x=y",),
        "g:h": None,
    }
    assert stated_context([], []) == {}


@pytest.mark.parametrize(
    ("given", "absent", "told"),
    [
        (["a:b"], [], "--context takes KEY=VALUE, and 'a:b' has no value"),
        (["=s3cret"], [], "one begins with the `=`"),
        ([], ["a:b=s3cret"], "--no-context takes a condition key alone"),
        ([], [""], "--no-context takes a condition key alone"),
        (["a:b=s3cret"], ["A:B"], "A:B is both given (--context) and absent (--no-context)"),
    ],
)
def test_what_states_nothing_is_refused(given: list[str], absent: list[str], told: str) -> None:
    with pytest.raises(UsageError) as caught:
        stated_context(given, absent)
    assert told in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_absence_has_its_own_option() -> None:
    with pytest.raises(UsageError) as caught:
        stated_context(["a:b"], [])
    assert "--no-context a:b" in str(caught.value)


@pytest.mark.parametrize("principal", ["spinnaker", "arn:aws:iam::100000000001:group/x", "arn:aws:s3:::bucket", "1234"])
def test_what_is_no_principal_is_refused(principal: str) -> None:
    with pytest.raises(UsageError) as caught:
        TrustQuestion(principal)
    assert repr(principal) in str(caught.value)


def test_nothing_is_known_but_what_is_stated() -> None:
    request = TrustQuestion(MANAGING, {"sts:ExternalId": None, "a:b": ("1", "2")}).request(DOCUMENT)
    assert request.context == {"sts:ExternalId": (), "a:b": ("1", "2")}
    assert not request.context_complete


def test_of_clouddriver_more_is_known() -> None:
    request = TrustQuestion(MANAGING, {"aws:requesttag/team": ("x",)}, as_clouddriver=True).request(DOCUMENT)
    assert request.context["sts:ExternalId"] == request.context["sts:SourceIdentity"] == ()
    assert request.context["aws:requesttag/team"] == ("x",)
    assert "aws:RequestTag/Team" not in request.context


def test_keys_of_the_policy_are_not_odd() -> None:
    question = TrustQuestion(MANAGING, {"EXAMPLE.com:sub": ("y",), "aws:SourceIp": ("192.0.2.1",), "example.com:sud": ("z",)})
    assert question.odd_keys(DOCUMENT) == ("example.com:sud is no condition key that we know; did you mean example.com:sub?",)
