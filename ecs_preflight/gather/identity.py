"""Answers about who we are: identities, attempts, regions, the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from ecs_preflight.answers import Attempt, CallerIdentity, ClockReading, RegionStatus
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.operations import DESCRIBE_AVAILABILITY_ZONES, DESCRIBE_REGIONS, GET_CALLER_IDENTITY
from ecs_preflight.facts import Asker, Fact, Known, Listing, Question, Unknown
from ecs_preflight.gather.desk import Desk

# How EC2 answers good credentials in a region that their account has not enabled.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_REGION_IS_OFF = ("AuthFailure", "UnrecognizedClientException", "InvalidClientTokenId")
_ANSWERED_NO = (FailureKind.DENIED, FailureKind.REFUSED, FailureKind.MISSING, FailureKind.REGION_DISABLED)


def caller_identity(desk: Desk, identity: Identity, question: Question[CallerIdentity]) -> Fact[CallerIdentity]:
    answer = desk.gateway.call(GET_CALLER_IDENTITY, identity, desk.sts_region())
    return Known(CallerIdentity(answer["Arn"], answer["Account"], answer["UserId"]))


def assumed_identity(desk: Desk, identity: Identity, question: Question[CallerIdentity]) -> Fact[CallerIdentity]:
    region = desk.sts_region(desk.mapping(question.account).role_arn)
    answer = desk.gateway.call(GET_CALLER_IDENTITY, identity, region)
    return Known(CallerIdentity(answer["Arn"], answer["Account"], answer["UserId"]))


def clock(desk: Desk, identity: Identity, question: Question[ClockReading]) -> Fact[ClockReading]:
    """The Date header of an answer is AWS's clock, to the second."""
    answer = desk.gateway.call(GET_CALLER_IDENTITY, identity, question.region)
    here = datetime.now(timezone.utc)
    header = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("date")
    if not header:
        return Unknown("sts:GetCallerIdentity", "the answer carries no Date header")
    there = parsedate_to_datetime(header)
    if there.tzinfo is None:
        there = there.replace(tzinfo=timezone.utc)
    return Known(ClockReading((here - there).total_seconds()))


def assume_role(desk: Desk, identity: Identity, question: Question[Attempt]) -> Fact[Attempt]:
    """The attempt is the fact: allowed, or denied with what STS said."""
    session = Asker(question.arguments[0])
    return _attempted(lambda: desk.session(question.account, session), identity)


def caller_may_list_regions(desk: Desk, identity: Identity, question: Question[Attempt]) -> Fact[Attempt]:
    return _attempted(lambda: desk.gateway.call(DESCRIBE_REGIONS, identity, question.region), identity)


def caller_may_list_zones(desk: Desk, identity: Identity, question: Question[Attempt]) -> Fact[Attempt]:
    return _attempted(lambda: desk.gateway.call(DESCRIBE_AVAILABILITY_ZONES, identity, question.region), identity, _REGION_IS_OFF)


def regions(desk: Desk, identity: Identity, question: Question[Listing[RegionStatus]]) -> Fact[Listing[RegionStatus]]:
    answer = desk.gateway.call(DESCRIBE_REGIONS, identity, question.region, AllRegions=True)
    return Known(
        Listing(tuple(RegionStatus(region["RegionName"], region.get("OptInStatus", "")) for region in answer["Regions"]))
    )


def _attempted(call: Callable[[], Any], identity: Identity, answers_no: tuple[str, ...] = ()) -> Fact[Attempt]:
    """What a call came to. Whether it is allowed is an answer either way; `answers_no` are error codes that say no besides."""
    try:
        call()
    except AwsFailure as failure:
        if failure.kind not in _ANSWERED_NO and failure.code not in answers_no:
            raise
        return Known(Attempt(False, identity.arn, failure.code, failure.message))
    return Known(Attempt(True, identity.arn))
