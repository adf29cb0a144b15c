"""Points in time as condition values write them: the W3C profile of ISO 8601, or epoch seconds.

https://www.w3.org/TR/NOTE-datetime
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?"
    r"([Tt](?P<hour>\d{1,2})(:(?P<minute>\d{2})(:(?P<second>\d{2})(\.(?P<fraction>\d{1,9}))?)?)?"
    r"(?P<zone>[Zz]|[+-]\d{2}(:?\d{2})?)?)?"
)
_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?")
_INTEGER = re.compile(r"-?\d{1,30}")
_MOST_EPOCH = 2**63
_ACCEPTED_DATE = re.compile(
    r"-?\d{1,9}(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?"
    r"([Tt]((?P<hour>\d{1,2})(:\d{2}(:\d{2}(\.\d{1,9})?)?)?([Zz]|[+-]\d{2}(:?\d{2})?)?)?)?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Epoch seconds of the year 5138: a larger number is far more likely milliseconds, which AWS's pages do not mention.
LARGEST_PLAUSIBLE_SECONDS = 100_000_000_000


@dataclass(frozen=True, slots=True)
class Instant:
    """Seconds since the epoch, and what they would be if a large bare number were milliseconds."""

    seconds: Decimal
    if_milliseconds: Decimal

    @classmethod
    def read(cls, text: str) -> Instant | None:
        date = _DATE.fullmatch(text)
        if date is not None:
            return _of_date(date)
        if _NUMBER.fullmatch(text):
            seconds = Decimal(text)
            return cls(seconds, seconds / 1000 if abs(seconds) > LARGEST_PLAUSIBLE_SECONDS else seconds)
        return None


def is_accepted_date(text: str) -> bool:
    """Whether IAM takes the value when a policy is written: it is laxer there than the W3C profile ("01T" passes)."""
    if _INTEGER.fullmatch(text):
        return abs(int(text)) < _MOST_EPOCH
    date = _ACCEPTED_DATE.fullmatch(text)
    if date is None:
        return False
    month, day = int(date["month"] or 1), int(date["day"] or 1)
    return 1 <= month <= 12 and 1 <= day <= 31 and int(date["hour"] or 0) < 24


def _of_date(date: re.Match[str]) -> Instant | None:
    parts = [
        int(date[name] or least)
        for name, least in (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))
    ]
    try:
        moment = datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=timezone.utc)
    except ValueError:
        return None
    since = moment - _EPOCH - _offset(date["zone"] or "Z")
    seconds = Decimal(since.days * 86_400 + since.seconds) + Decimal(f"0.{date['fraction'] or 0}")
    return Instant(seconds, seconds)


def _offset(zone: str) -> timedelta:
    if zone in "Zz":
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if zone[0] == "-" else offset
