"""AssumeRole obeys trust policies, identity policies, durations; moto alone lets anybody be anybody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecs_preflight.sandbox.world import Account, Role, permission_policy
from tests.sandbox.builders import MANAGED, MANAGED_ROLE, MANAGING, world
from tests.sandbox.conftest import Wire

CALLER = "arn:aws:sts::100000000001:assumed-role/spinnaker/ecs-preflight-sandbox"


def _trust(**statement: Any) -> str:
    whole = {"Effect": "Allow", "Principal": {"AWS": MANAGING}, "Action": "sts:AssumeRole", **statement}
    return json.dumps({"Version": "2012-10-17", "Statement": [whole]})


ROLES = {
    "SpinnakerManaged": Role(trusts=(MANAGING,)),
    "as-the-guide-says": Role(trusts=("ecs.amazonaws.com", "application-autoscaling.amazonaws.com")),
    "of-account": Role(trusts=("arn:aws:iam::100000000001:root",)),
    "of-another": Role(trusts=("arn:aws:iam::100000000009:role/spinnaker",)),
    "with-external-id": Role(trust_policy=_trust(Condition={"StringEquals": {"sts:ExternalId": "a-secret"}})),
    "denied": Role(trust_policy=_trust(Effect="Deny")),
    "unreadable": Role(trust_policy="{"),
    "with-path": Role(path="/teams/delivery/", trusts=(MANAGING,)),
    "two-hours": Role(trusts=(MANAGING,), max_session_duration=7200),
    "chained": Role(trusts=(MANAGED_ROLE,), max_session_duration=7200),
}


@pytest.fixture(scope="module")
def wire(opened_on: Callable[..., Any]) -> Iterator[Wire]:
    may_chain = permission_policy("sts:AssumeRole")
    managed = ROLES | {"SpinnakerManaged": ROLES["SpinnakerManaged"].model_copy(update={"policies": {"chain": may_chain}})}
    with opened_on(world(Account(roles=managed, disabled_regions=("eu-south-1",)))) as wire:
        yield wire


def role(name: str) -> str:
    return f"arn:aws:iam::{MANAGED}:role/{name}"


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("SpinnakerManaged", {}),
        ("of-account", {}),
        ("with-external-id", {"ExternalId": "a-secret"}),
        ("teams/delivery/with-path", {}),
        ("two-hours", {"DurationSeconds": 7200}),
        ("SpinnakerManaged", {"DurationSeconds": 900}),
    ],
)
def test_a_trusted_caller_becomes_the_role(wire: Wire, name: str, parameters: dict[str, Any]) -> None:
    keys = wire.assume(role(name), **parameters)
    who = wire.client("sts", keys=keys).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{MANAGED}:assumed-role/{name.rpartition('/')[2]}/Spinnaker"
    assert who["Account"] == MANAGED
    assert who["UserId"].startswith("AROA")
    assert who["UserId"].endswith(":Spinnaker")
    seconds = timedelta(seconds=parameters.get("DurationSeconds", 3600))
    assert keys["Expiration"] - datetime.now(timezone.utc) <= seconds


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("as-the-guide-says", {}),
        ("of-another", {}),
        ("with-external-id", {}),
        ("with-external-id", {"ExternalId": "another"}),
        ("denied", {}),
        ("unreadable", {}),
        ("with-path", {}),  # the role has a path, and this ARN has none
        ("no-such-role", {}),
    ],
)
def test_a_caller_that_is_not_trusted_is_denied(wire: Wire, name: str, parameters: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as raised:
        wire.assume(role(name), **parameters)
    said = f"User: {CALLER} is not authorized to perform: sts:AssumeRole on resource: {role(name)}"
    assert raised.value.response["Error"]["Code"] == "AccessDenied"
    assert raised.value.response["Error"]["Message"] == said
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize(
    ("arn", "parameters", "said"),
    [
        ("arn:aws:iam::notanaccount:role/x", {}, "arn:aws:iam::notanaccount:role/x is invalid"),
        (role("SpinnakerManaged"), {"DurationSeconds": 3601}, "exceeds the MaxSessionDuration set for this role"),
        (role("SpinnakerManaged"), {"DurationSeconds": 99999}, "Member must have value less than or equal to 43200"),
    ],
)
def test_what_sts_cannot_grant_is_a_validation_error(wire: Wire, arn: str, parameters: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said) as raised:
        wire.assume(arn, **parameters)
    assert raised.value.response["Error"]["Code"] == "ValidationError"


@pytest.mark.parametrize(
    ("session", "said"), [("a b", "regular expression pattern"), ("x" * 65, "length less than or equal to 64")]
)
def test_a_session_name_must_be_one(wire: Wire, session: str, said: str) -> None:
    with pytest.raises(ClientError, match=said):
        wire.client("sts").assume_role(RoleArn=MANAGED_ROLE, RoleSessionName=session)


def test_a_chained_session_lasts_an_hour_at_most(wire: Wire) -> None:
    keys = wire.assume()
    assert wire.assume(role("chained"), keys=keys, DurationSeconds=3600)
    with pytest.raises(ClientError, match="1 hour session limit for roles assumed by role chaining"):
        wire.assume(role("chained"), keys=keys, DurationSeconds=7200)


def test_sts_is_off_in_a_region_that_is(wire: Wire) -> None:
    keys = wire.assume()
    with pytest.raises(ClientError, match="STS is not activated in this region for account:100000000002") as raised:
        wire.client("sts", "eu-south-1", keys).get_caller_identity()
    assert raised.value.response["Error"]["Code"] == "RegionDisabledException"


def test_the_date_of_an_answer_is_now(wire: Wire) -> None:
    headers = wire.client("sts").get_caller_identity()["ResponseMetadata"]["HTTPHeaders"]
    there = datetime.strptime(headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=timezone.utc)
    assert abs(datetime.now(timezone.utc) - there) < timedelta(minutes=5)
