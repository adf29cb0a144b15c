"""ROLE008: this machine's clock against AWS's."""

from __future__ import annotations

import re
from datetime import datetime, timezone

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import says_whose_identity
from ecs_preflight.checks.scopes import whole_config
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot, Unknown
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.questions import CLOCK, clock
from ecs_preflight.targets import Target

_SKEW_WORTH_SAYING = 60
"""Seconds."""
_SKEW_REFUSED = 300
"""Seconds: AWS refuses a signature that is five minutes off. https://docs.aws.amazon.com/IAM/latest/UserGuide/signing-elements.html"""
_SKEW_NEAR_REFUSAL = 240
# STS: "Signature expired: 20260101T000000Z is now earlier than 20260101T000500Z (20260101T001000Z - 5 min.)"
_OFF = re.compile(r"Signature (?:expired|not yet current): (?P<signed>\d{8}T\d{6}Z) is .*\((?P<now>\d{8}T\d{6}Z) [-+] ")
_STAMP = "%Y%m%dT%H%M%SZ"


def _clock(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    yield clock(config.aws_region)


@check("ROLE008", "clock-skewed", Severity.WARNING, on=whole_config, needs=_clock, asks=(CLOCK,))
@says_whose_identity
def clock_agrees_with_aws(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    This machine's clock is within a minute of AWS's, by the Date header of an answer of STS. It tells something of clouddriver's
    clock only where the preflight runs on clouddriver's machine.

    ## Why it matters
    AWS refuses a call whose signature is five minutes off: `SignatureDoesNotMatch: Signature expired` or `RequestExpired`. Then
    every call of every account fails at once. Short sessions, too, are renewed late by a clock that is behind.

    ## How to fix it
    Let the machine keep time by NTP, such as the Amazon Time Sync Service at 169.254.169.123.
    """
    fact = facts[clock(config.aws_region)]
    refused = _skew_told_by_refusal(fact.error) if isinstance(fact, Unknown) else None
    skew = fact.require().skew_seconds if refused is None else refused
    if abs(skew) <= _SKEW_WORTH_SAYING:
        return
    direction = "ahead of" if skew > 0 else "behind"
    told = f"this machine's clock is {abs(skew):.0f} seconds {direction} AWS's"
    if abs(skew) >= _SKEW_REFUSED:
        told += ": AWS refuses its calls"
    elif abs(skew) >= _SKEW_NEAR_REFUSAL:
        told += ": at 300 AWS refuses its calls"
    yield Problem(
        told,
        remediation="Start time synchronisation on this machine: sudo chronyc makestep, or sudo timedatectl set-ntp true.",
        evidence="" if refused is None or not isinstance(fact, Unknown) else fact.error,
    )


def _skew_told_by_refusal(error: str) -> float | None:
    """How far the clock is ahead, in seconds, out of the words in which STS refused a signature; None for other words."""
    match = _OFF.search(error)
    if match is None:
        return None
    signed, now = (datetime.strptime(match[name], _STAMP).replace(tzinfo=timezone.utc) for name in ("signed", "now"))
    return (signed - now).total_seconds()
