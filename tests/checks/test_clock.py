"""ROLE008: the clock, by the Date of an answer or by the words of a refusal."""

from __future__ import annotations

import pytest

from ecs_preflight.answers import ClockReading
from ecs_preflight.facts import Known, Unknown
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import clock
from tests.checks.role_facts import FAILED, PASSED, STS_REGION, UNDETERMINED, judged, told, without


@pytest.mark.parametrize(
    ("skew", "outcome", "says"),
    [
        (0.0, PASSED, ""),
        (-60.0, PASSED, ""),
        (60.5, FAILED, "60 seconds ahead of AWS's"),
        (-90.0, FAILED, "90 seconds behind AWS's"),
        (250.0, FAILED, "at 300 AWS refuses its calls"),
        (-400.0, FAILED, "behind AWS's: AWS refuses its calls"),
    ],
)
def test_the_clock_agrees_with_aws(skew: float, outcome: Outcome, says: str) -> None:
    result = judged("ROLE008", None, (clock(STS_REGION), Known(ClockReading(skew))))
    assert result.outcome is outcome
    assert result.severity is Severity.WARNING
    assert says in told(result)


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            "SignatureDoesNotMatch: Signature expired: 20270301T114000Z is now earlier than 20270301T115500Z "
            "(20270301T120000Z - 5 min.)",
            "1200 seconds behind",
        ),
        (
            "SignatureDoesNotMatch: Signature not yet current: 20270301T121000Z is still later than 20270301T120500Z "
            "(20270301T120000Z + 5 min.)",
            "600 seconds ahead of",
        ),
    ],
)
def test_a_signature_that_is_refused_for_its_time_tells_the_time(error: str, says: str) -> None:
    result = judged("ROLE008", None, (clock(STS_REGION), Unknown("sts:GetCallerIdentity", error)))
    assert result.outcome is FAILED
    assert says in result.problems[0].summary
    assert error in result.problems[0].evidence


def test_any_other_silence_of_the_clock_is_undetermined() -> None:
    assert judged("ROLE008", None, *without(clock(STS_REGION))).outcome is UNDETERMINED
