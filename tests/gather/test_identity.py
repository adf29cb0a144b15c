"""Answers about who we are: what was asked of AWS, and what each answer and each refusal becomes."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ecs_preflight.answers import Attempt, CallerIdentity
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.gateway import Gateway
from ecs_preflight.facts import Asker, Known, Unknown
from ecs_preflight.gather import identity as answers
from ecs_preflight.gather.desk import Desk
from ecs_preflight.questions import (
    assume_role,
    assumed_identity,
    caller_identity,
    caller_may_list_regions,
    caller_may_list_zones,
    clock,
    managed_account_regions,
    managing_account_regions,
)
from tests.aws.canned import CALLER_ARN, CALLER_KEY, CannedAccess, CannedAws, Refusal, identity, session_of
from tests.checks.role_facts import ACCOUNT, MANAGED, MANAGED_ROLE, a_config

NOW = datetime(2027, 3, 1, 12, 0, 0, tzinfo=timezone.utc)
"""The Date of every canned answer."""
DENIED = Refusal(
    "AccessDenied", f"User: {CALLER_ARN} is not authorized to perform: sts:AssumeRole on resource: {MANAGED_ROLE}", 403
)
OFF = Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
EXPIRED = Refusal("ExpiredToken", "The security token included in the request is expired", 403)


def desk(aws: CannedAws, **changes: Any) -> Desk:
    access = CannedAccess(aws=aws)
    return Desk(a_config(**changes), access, "salt", Gateway(access, sleep=lambda _: None))


def caller(at: Desk) -> Identity:
    return at.caller()


def session_only(aws: CannedAws) -> tuple[Desk, Identity]:
    at = desk(aws)
    return at, at.session(ACCOUNT, Asker.ECS_SESSION)


def test_the_caller_is_asked_of_sts_where_clouddriver_asks() -> None:
    aws = CannedAws()
    at = desk(aws)
    fact = answers.caller_identity(at, caller(at), caller_identity())
    assert fact == Known(CallerIdentity(CALLER_ARN, "100000000001", "AIDAEXAMPLE"))
    assert {sent.region for sent in aws.sent} == {"us-west-2"}


def test_the_assumed_identity_is_asked_with_the_session() -> None:
    arn = f"arn:aws:sts::{MANAGED}:assumed-role/SpinnakerManaged/Spinnaker"
    aws = CannedAws(
        {"AssumeRole": session_of, "GetCallerIdentity": lambda s: identity(CALLER_ARN if s.access_key == CALLER_KEY else arn)}
    )
    at, session = session_only(aws)
    assert answers.assumed_identity(at, session, assumed_identity(ACCOUNT)).require().arn == arn
    assert aws.sent[-1].access_key != CALLER_KEY


@pytest.mark.parametrize(
    ("session", "changes", "parameters"),
    [
        ("E", {}, {"DurationSeconds": "900"}),
        ("E", {"external_id": "the-external-id", "default_duration": 7200}, {"DurationSeconds": "7200"}),
        ("A", {"external_id": "the-external-id"}, {"DurationSeconds": "900", "ExternalId": "the-external-id"}),
        ("A", {"own_duration": 1800}, {"DurationSeconds": "1800"}),
    ],
)
def test_the_role_is_assumed_as_clouddriver_does(session: str, changes: Any, parameters: dict[str, str]) -> None:
    aws = CannedAws({"AssumeRole": session_of})
    at = desk(aws, **changes)
    assert answers.assume_role(at, caller(at), assume_role(ACCOUNT, Asker(session))) == Known(Attempt(True, CALLER_ARN))
    (sent,) = aws.of("AssumeRole")
    expected = {"RoleArn": MANAGED_ROLE, "RoleSessionName": "Spinnaker", **parameters}
    assert {key: value for key, value in sent.parameters.items() if key != "Version"} == expected
    assert (sent.access_key, sent.region) == (CALLER_KEY, "us-west-2")


@pytest.mark.parametrize(
    "refusal",
    [
        DENIED,
        Refusal("RegionDisabledException", "STS is not activated in this region for account:100000000002.", 403),
        Refusal("ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."),
    ],
)
def test_a_refusal_of_sts_is_an_answer(refusal: Refusal) -> None:
    at = desk(CannedAws({"AssumeRole": refusal}))
    fact = answers.assume_role(at, caller(at), assume_role(ACCOUNT, Asker.ECS_SESSION))
    assert fact == Known(Attempt(False, CALLER_ARN, refusal.code, refusal.message))
    assert fact.require().said == f"{refusal.code}: {refusal.message}"


def test_an_external_id_that_sts_quotes_is_struck_out() -> None:
    quoted = Refusal("ValidationError", "Value 'the-external-id' at 'externalId' failed to satisfy constraint")
    at = desk(CannedAws({"AssumeRole": quoted}), external_id="the-external-id")
    fact = answers.assume_role(at, caller(at), assume_role(ACCOUNT, Asker.AWS_SESSION))
    assert "the-external-id" not in str(fact)


def test_a_session_name_that_botocore_refuses_is_refused_by_sts_too() -> None:
    at = desk(CannedAws({"AssumeRole": session_of}))
    mapping = at.config.clouddriver.aws.accounts[0].model_copy(update={"session_name": "x"})
    aws = at.config.clouddriver.aws.model_copy(update={"accounts": (mapping,)})
    config = type(at.config)(at.config.clouddriver.model_copy(update={"aws": aws}), at.config.preflight)
    short = Desk(config, CannedAccess(), "salt", at.gateway)
    fact = answers.assume_role(short, caller(at), assume_role(ACCOUNT, Asker.ECS_SESSION))
    assert not fact.require().allowed
    assert "RoleSessionName" in fact.require().said


@pytest.mark.parametrize("refusal", [EXPIRED, Refusal("Throttling", "Rate exceeded"), Refusal("InternalFailure", "", 500)])
def test_what_is_no_answer_stays_none(refusal: Refusal) -> None:
    at = desk(CannedAws({"AssumeRole": refusal, "DescribeRegions": refusal, "DescribeAvailabilityZones": refusal}))
    who = caller(at)
    for ask in (
        lambda: answers.assume_role(at, who, assume_role(ACCOUNT, Asker.ECS_SESSION)),
        lambda: answers.caller_may_list_regions(at, who, caller_may_list_regions("us-west-2")),
        lambda: answers.caller_may_list_zones(at, who, caller_may_list_zones("us-west-2")),
    ):
        with pytest.raises(AwsFailure):
            ask()


def test_regions_and_zones_are_tried_where_clouddriver_calls() -> None:
    aws = CannedAws({"DescribeRegions": {"regionInfo": []}, "DescribeAvailabilityZones": {"availabilityZoneInfo": []}})
    at = desk(aws)
    who = caller(at)
    assert answers.caller_may_list_regions(at, who, caller_may_list_regions("us-west-2")).require().allowed
    assert answers.caller_may_list_zones(at, who, caller_may_list_zones("eu-west-1")).require().allowed
    assert [(sent.operation, sent.region) for sent in aws.sent[-2:]] == [
        ("DescribeRegions", "us-west-2"),
        ("DescribeAvailabilityZones", "eu-west-1"),
    ]


def test_a_denial_of_ec2_is_an_answer() -> None:
    denied = Refusal("UnauthorizedOperation", "You are not authorized to perform this operation.", 403)
    at = desk(CannedAws({"DescribeRegions": denied, "DescribeAvailabilityZones": denied}))
    for fact in (
        answers.caller_may_list_regions(at, caller(at), caller_may_list_regions("us-west-2")),
        answers.caller_may_list_zones(at, caller(at), caller_may_list_zones("us-west-2")),
    ):
        assert fact == Known(Attempt(False, CALLER_ARN, denied.code, denied.message))


def test_a_region_that_is_off_does_not_know_the_credentials() -> None:
    at = desk(CannedAws({"DescribeAvailabilityZones": OFF, "DescribeRegions": OFF}))
    zones = answers.caller_may_list_zones(at, caller(at), caller_may_list_zones("ap-east-1"))
    assert zones == Known(Attempt(False, CALLER_ARN, OFF.code, OFF.message))
    with pytest.raises(AwsFailure) as raised:  # clouddriver's own region cannot be off: here the credentials are bad
        answers.caller_may_list_regions(at, caller(at), caller_may_list_regions("us-west-2"))
    assert raised.value.kind is FailureKind.CREDENTIALS


@pytest.mark.parametrize("question", [managing_account_regions("us-west-2"), managed_account_regions(ACCOUNT, "us-west-2")])
def test_every_region_is_listed_with_its_status(question: Any) -> None:
    regions = [
        {"regionName": "us-east-1", "optInStatus": "opt-in-not-required"},
        {"regionName": "ap-east-1", "optInStatus": "not-opted-in"},
        {"regionName": "me-south-1", "optInStatus": "opted-in"},
    ]
    aws = CannedAws({"DescribeRegions": {"regionInfo": regions}})
    at = desk(aws)
    listing = answers.regions(at, caller(at), question).require()
    assert [(region.name, region.is_enabled) for region in listing.items] == [
        ("us-east-1", True),
        ("ap-east-1", False),
        ("me-south-1", True),
    ]
    assert aws.sent[-1].parameters["AllRegions"] == "true"


def test_the_clock_is_compared_with_the_date_of_the_answer() -> None:
    at = desk(CannedAws())
    before = datetime.now(timezone.utc)
    skew = answers.clock(at, caller(at), clock("us-west-2")).require().skew_seconds
    after = datetime.now(timezone.utc)
    assert (before - NOW) <= timedelta(seconds=skew) <= (after - NOW)


class _Dated(Gateway):
    """Answers with these headers and nothing else."""

    def __init__(self, access: Any, headers: dict[str, str]) -> None:
        super().__init__(access)
        self.headers = headers

    def call(self, *_: Any, **__: Any) -> Any:
        return {"Arn": CALLER_ARN, "ResponseMetadata": {"HTTPHeaders": self.headers}}


def dated(**headers: str) -> Any:
    access = CannedAccess()
    at = Desk(a_config(), access, "salt", _Dated(access, headers))
    return answers.clock(at, Identity("caller", CALLER_ARN, None), clock("us-west-2"))


def test_an_answer_without_a_date_tells_no_time() -> None:
    assert dated() == Unknown("sts:GetCallerIdentity", "the answer carries no Date header")


def test_a_date_of_an_unknown_zone_is_of_utc() -> None:
    """RFC 5322 writes it -0000; the Date of HTTP is always of UTC."""
    unknown, utc = (dated(date=f"Mon, 01 Mar 2027 12:00:00 {zone}").require().skew_seconds for zone in ("-0000", "GMT"))
    assert abs(unknown - utc) < 60
