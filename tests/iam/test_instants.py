"""Points in time as policies write them, against https://www.w3.org/TR/NOTE-datetime."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ecs_preflight.iam.instants import Instant, is_accepted_date

_DAY = 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970", 0),
        ("1971", 365 * _DAY),
        ("1970-01", 0),
        ("1970-02", 31 * _DAY),
        ("1970-1-2", _DAY),
        ("1969-12-31", -_DAY),
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01t01z", 3600),
        ("1970-01-02T03:04:05Z", _DAY + 3 * 3600 + 4 * 60 + 5),
        ("1970-01-01T00:00:00", 0),
        ("1970-01-01T00:00:01.25Z", Decimal("1.25")),
        ("1970-01-01T00:00:00.000000001Z", Decimal("0.000000001")),
        ("1970-01-01T00:00:00+01", -3600),
        ("1970-01-01T00:00:00+01:30", -5400),
        ("1970-01-01T00:00:00-0530", 19_800),
        ("2017-07-01T00:00:00Z", 1_498_867_200),
        ("1498867200", 1_498_867_200),
        ("-1.5", Decimal("-1.5")),
    ],
)
def test_an_instant_is_seconds_since_the_epoch(text: str, seconds: int | Decimal) -> None:
    assert Instant.read(text) == Instant(Decimal(seconds), Decimal(seconds))


@pytest.mark.parametrize(
    ("text", "if_milliseconds"),
    [
        ("100000000000", 100_000_000_000),
        ("100000000001", Decimal("100000000.001")),
        ("-100000000001", Decimal("-100000000.001")),
        ("1498867200000", 1_498_867_200),
    ],
)
def test_a_large_number_may_be_milliseconds(text: str, if_milliseconds: int | Decimal) -> None:
    assert Instant.read(text) == Instant(Decimal(text), Decimal(if_milliseconds))


@pytest.mark.parametrize(
    "text",
    ["", "soon", "1970-13-01", "1970-02-30", "0000-01-01", "1970-01-01T24:00Z", "1970-01-01T00:60Z", "1970-01-01T", "1e9", "1."],
)
def test_what_is_no_instant_is_none(text: str) -> None:
    assert Instant.read(text) is None


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("2020-12-31", True),
        ("2020-01-31", True),
        ("2020-1-1", True),
        ("2020-00-01", False),
        ("2020-13-01", False),
        ("2020-01-00", False),
        ("2020-01-32", False),
        ("2020-01-01T23:59:59.999999999Z", True),
        ("2020-01-01T24:00:00Z", False),
        ("2020-01-01T", True),
        ("2020-01-01TZ", False),
        ("2020-02-31", True),
        ("9223372036854775807", True),
        ("-9223372036854775807", True),
        ("9223372036854775808", False),
        ("1.5", False),
        ("", False),
    ],
)
def test_what_iam_takes_for_a_date_when_a_policy_is_written(text: str, accepted: bool) -> None:
    assert is_accepted_date(text) is accepted
