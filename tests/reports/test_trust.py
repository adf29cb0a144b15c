"""One trust policy, explained without AWS."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_preflight.errors import InputError
from ecs_preflight.reports.trust import explain_trust, explain_trust_policy, render_trust_json
from ecs_preflight.reports.trust_question import TrustQuestion

MANAGING = "arn:aws:iam::100000000001:role/spinnaker"


def policy(**changes: Any) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": MANAGING}, "Action": "sts:AssumeRole", **changes}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


DECIDED: list[tuple[str, str, str | None, dict[str, str], int, str]] = [
    ("the document alone", policy(), None, {}, 0, "names AWS arn:aws:iam::100000000001:role/spinnaker"),
    ("whom it names", policy(), MANAGING, {}, 0, "allowed: "),
    ("whom it does not name", policy(), "arn:aws:iam::100000000001:role/other", {}, 1, "implicitDeny: "),
    ("denied", policy(Effect="Deny"), MANAGING, {}, 1, "explicitDeny: "),
    (
        "hanging on what is not given",
        policy(Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        MANAGING,
        {},
        3,
        "undecidable: ",
    ),
    (
        "with what it hangs on",
        policy(Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        MANAGING,
        {"sts:ExternalId": "x"},
        0,
        "allowed: ",
    ),
    (
        "with another value",
        policy(Condition={"StringEquals": {"sts:ExternalId": "x"}}),
        MANAGING,
        {"sts:ExternalId": "y"},
        1,
        "implicitDeny: ",
    ),
    ("refused by IAM", policy(Resource="*"), None, {}, 1, "IAM refuses this: "),
    ("refused by IAM, whatever it would allow", policy(Resource="*"), MANAGING, {}, 1, "IAM refuses this: "),
]


@pytest.mark.parametrize(
    ("text", "principal", "context", "code", "said"), [row[1:] for row in DECIDED], ids=[row[0] for row in DECIDED]
)
def test_what_it_decides(text: str, principal: str | None, context: dict[str, str], code: int, said: str) -> None:
    document, exit_code = explain_trust_policy(text, "trust.json", principal, context)
    assert exit_code == code
    assert said in document
    assert document.endswith("\n")


def test_it_says_what_clouddriver_reads() -> None:
    of_services = policy(Principal={"Service": ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"]})
    text, _ = explain_trust_policy(of_services, "trust.json")
    assert "clouddriver's own reader sees these services: ecs-tasks.amazonaws.com, ecs.amazonaws.com" in text
    assert "sees these services: none" in explain_trust_policy(policy(), "trust.json")[0]


def test_what_is_no_policy_cannot_be_read() -> None:
    with pytest.raises(InputError) as caught:
        explain_trust_policy("{", "trust.json")
    assert caught.value.exit_code == 2
    assert "trust.json" in str(caught.value)


def test_every_statement_is_told_with_what_becomes_of_it() -> None:
    text = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": ["a.com", "b.com", "c.com", "d.com", "e.com"]}, "Action": "sts:*"},
                {
                    "Sid": "Spinnaker",
                    "Effect": "Deny",
                    "Principal": {"AWS": MANAGING},
                    "NotAction": "sts:TagSession",
                    "Condition": {"StringEquals": {"sts:ExternalId": "s3cret"}, "Bool": {"aws:SecureTransport": False}},
                },
            ],
        },
        indent=1,
    )
    told, _ = explain_trust_policy(text, "t.json", MANAGING)
    assert (
        "t.json:4: statement number 1 allows a.com, b.com, c.com, d.com and 1 more sts:*: does not apply (it does not name arn:"
        in told
    )
    assert (
        f't.json:17: statement "Spinnaker" denies {MANAGING} all but sts:TagSession, if StringEquals of sts:ExternalId and '
        "Bool of aws:SecureTransport are met: does not apply (it requires Bool of aws:SecureTransport"
    ) in told
    assert "s3cret" not in told


def test_what_iam_would_refuse_is_told_all_the_same() -> None:
    odd = {"Effect": "Allow", "NotPrincipal": {"AWS": MANAGING}, "Action": "sts:AssumeRole"}
    told, code = explain_trust_policy(json.dumps({"Statement": odd}), "t.json")
    assert code == 1
    assert f"t.json:1: statement number 1 allows everybody but {MANAGING} sts:AssumeRole" in told
    assert "clouddriver's own reader throws ClassCastException" in told
    assert "it then reads no role of the account" in told


def test_everyone_is_somebody_who_could_be_spinnaker() -> None:
    assert "could not assume this role" not in explain_trust_policy(policy(Principal={"AWS": "*"}), "t.json")[0]
    assert "could not assume this role" not in explain_trust_policy(policy(Principal="*"), "t.json")[0]


def test_what_would_settle_it_is_told() -> None:
    text = policy(Condition={"StringEquals": {"sts:ExternalId": "s3cret"}, "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
    told, code = explain_trust_policy(text, "t.json", MANAGING)
    assert code == 3
    assert "To settle it: --context aws:SourceIp=VALUE, or --no-context aws:SourceIp where the request does not have it." in told
    assert "--context sts:ExternalId=VALUE" in told
    assert "--as-clouddriver says so" in told
    assert "s3cret" not in told
    assert "192.0.2" not in told
    only_the_address = policy(Condition={"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}})
    assert "--as-clouddriver" not in explain_trust_policy(only_the_address, "t.json", MANAGING)[0]


def test_clouddriver_sends_no_external_id() -> None:
    text = policy(Condition={"StringEquals": {"sts:ExternalId": "s3cret"}})
    explanation = explain_trust(text, "t.json", TrustQuestion(MANAGING, as_clouddriver=True))
    assert explanation.exit_code == 1
    assert "requires StringEquals of sts:ExternalId, which the request does not have" in explanation.accounts[0].why
    stated = TrustQuestion(MANAGING, {"STS:externalid": ("s3cret",)}, as_clouddriver=True)
    assert explain_trust(text, "t.json", stated).exit_code == 0
    tags = policy(Condition={"StringEquals": {"aws:RequestTag/team": "x"}})
    assert explain_trust(tags, "t.json", TrustQuestion(MANAGING, as_clouddriver=True)).exit_code == 1


def test_the_other_side_is_left_open_for_those_who_have_one() -> None:
    assert "The principal's own policies are not looked at" in explain_trust_policy(policy(), "t.json", MANAGING)[0]
    of_a_service = policy(Principal={"Service": "ec2.amazonaws.com"})
    assert "own policies" not in explain_trust_policy(of_a_service, "t.json", "ec2.amazonaws.com")[0]


def test_a_verdict_on_what_iam_refuses_says_that_it_is_none() -> None:
    told, code = explain_trust_policy(policy(Resource="*"), "t.json", MANAGING)
    assert "nobody gets in by it as it stands. Read by its statements alone, it would mean:\nallowed: " in told
    assert code == 1
    assert "nobody gets in" not in explain_trust_policy(policy(), "t.json", MANAGING)[0]


def test_near_misses_are_noted_with_their_line() -> None:
    told, _ = explain_trust_policy(policy(), "t.json", MANAGING.replace("1:role", "2:role"))
    assert "t.json:1: note: " in told
    assert "is one of them mistyped?\n" in told
    assert "--fix prints the policy" in told


def test_a_key_that_is_none_is_noted() -> None:
    told, _ = explain_trust_policy(policy(), "t.json", MANAGING, {"sts:ExtrnalId": ("x",)})
    assert "note: sts:ExtrnalId is no condition key that we know; did you mean sts:ExternalId?\n" in told


def test_as_json_it_says_the_same() -> None:
    text = policy(Resource="*", Condition={"StringEquals": {"sts:ExternalId": "s3cret"}})
    question = TrustQuestion(MANAGING.replace("spinnaker", "x/spinnaker"), {"k:a": ("1",)})
    written = render_trust_json(explain_trust(text, "t.json", question))
    assert "s3cret" not in written
    document = json.loads(written)
    assert list(document) == ["schema_version", "file", "problems", "statements", "notes", "clouddriver", "verdict"]
    assert document["schema_version"] == 1
    assert document["problems"][0]["location"]["line"] == 1
    assert document["problems"][0]["message"] == "Has prohibited field Resource."
    assert document["statements"][0]["conditions"] == [{"operator": "StringEquals", "key": "sts:ExternalId"}]
    assert document["statements"][0]["applies"] == "no"
    assert "another path" in document["notes"][0]["sentence"]
    assert document["clouddriver"] == {"services": [], "throws": None}
    assert document["verdict"]["decision"] == "implicitDeny"
    assert document["verdict"]["notes"] == ["k:a is no condition key that we know, and the policy does not ask for it."]


def test_as_json_without_a_principal() -> None:
    document = json.loads(render_trust_json(explain_trust(policy(), "t.json")))
    assert document["verdict"] is None
    assert "applies" not in document["statements"][0]
