"""ROLE006 and ROLE007: the regions that are looked up, in the managing and in the managed account."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks.regions import looked_up_regions
from ecs_preflight.facts import Known, Listing
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.questions import caller_identity, caller_may_list_regions, caller_may_list_zones
from tests.checks.role_facts import (
    ACCOUNT,
    FAILED,
    IDENTITY,
    IN_MANAGED,
    IN_MANAGING,
    NOT_APPLICABLE,
    OUTSIDER,
    PASSED,
    STRANGER,
    STS_REGION,
    UNDETERMINED,
    a_config,
    asked_for,
    denied,
    enabled,
    judged,
    told,
    who,
    without,
)

HONG_KONG = a_config(regions=["us-east-1", "ap-east-1"])
OFF, ON = enabled(ap_east_1="not-opted-in"), enabled(ap_east_1="opted-in")
EVERY_ZONE = a_config(regions=["us-east-1", "eu-west-1"], zones=True)
LISTS_REGIONS, LISTS_ZONES = caller_may_list_regions(STS_REGION), caller_may_list_zones("us-east-1")


@pytest.mark.parametrize(
    ("config", "looked_up"),
    [
        # clouddriver.md fact 5: the packaged us-east-1 has no zones
        (a_config(regions=["eu-west-1"]), ("us-east-1", "eu-west-1")),
        (a_config(regions=["eu-west-1"], default_regions=["eu-west-1"]), ("eu-west-1",)),
        (a_config(regions=[]), ("us-east-1",)),
        (EVERY_ZONE, ()),
        (a_config(aws_account="missing"), ("us-east-1",)),
        (a_config(version="1.27.0", zones=True), ()),
        (a_config(version="1.27.0"), ("us-east-1",)),
    ],
)
def test_regions_without_zones_are_looked_up(config: Any, looked_up: tuple[str, ...]) -> None:
    assert looked_up_regions(config, ACCOUNT) == looked_up


def test_default_regions_are_looked_up_for_an_account_with_zones_only_from_1_28_on() -> None:
    def of(version: str | None) -> Any:
        config = a_config(version=version, zones=True)
        bare = a_config().clouddriver.aws.default_regions
        aws = config.clouddriver.aws.model_copy(update={"default_regions": bare})
        return type(config)(config.clouddriver.model_copy(update={"aws": aws}), config.preflight)

    assert looked_up_regions(of("1.27.4"), ACCOUNT) == ()
    assert looked_up_regions(of("1.28.0"), ACCOUNT) == ("us-east-1",)
    assert looked_up_regions(of(None), ACCOUNT) == ("us-east-1",)


@pytest.mark.parametrize(
    ("config", "changes", "outcome", "severity", "says"),
    [
        pytest.param(a_config(), (), PASSED, None, "", id="a region that cannot be off"),
        pytest.param(HONG_KONG, [(IN_MANAGING, ON), (IN_MANAGED, ON)], PASSED, None, "", id="opted in on both sides"),
        pytest.param(
            HONG_KONG,
            [(IN_MANAGING, OFF), (IN_MANAGED, ON)],
            FAILED,
            Severity.FATAL,
            "region ap-east-1 is not enabled in the managing account 100000000001",
            id="F11: off in the managing account",
        ),
        pytest.param(
            HONG_KONG,
            [(IN_MANAGING, ON), (IN_MANAGED, OFF)],
            FAILED,
            Severity.ERROR,
            "region ap-east-1 is not enabled in the managed account 100000000002",
            id="F12: off in the managed account",
        ),
        pytest.param(
            a_config(regions=["us-east-9"]),
            (),
            FAILED,
            Severity.FATAL,
            "EC2 lists no region us-east-9",
            id="F11: no such region",
        ),
        pytest.param(
            a_config(regions=["eu-west-1"], default_regions=["cn-north-1"]),
            (),
            FAILED,
            Severity.FATAL,
            "EC2 lists no region cn-north-1 to the managing account",
            id="a default region of another partition",
        ),
        pytest.param(
            HONG_KONG,
            [(caller_identity(), who(OUTSIDER)), (IN_MANAGING, ON), (IN_MANAGED, ON)],
            UNDETERMINED,
            None,
            "is not seen by arn:aws:iam::100000000003:user/auditor",
            id="a caller of another account does not see it",
        ),
        pytest.param(
            a_config(),
            [(caller_identity(), who(OUTSIDER))],
            PASSED,
            None,
            "",
            id="what cannot be off is on whoever asks",
        ),
        pytest.param(
            a_config(identity="arn:aws-cn:iam::100000000009:role/spinnaker"),
            (),
            UNDETERMINED,
            None,
            "whether us-east-1 is enabled in the managing account is not seen",
            id="but not for an identity of another partition",
        ),
        pytest.param(
            a_config(), [(caller_identity(), who(STRANGER))], PASSED, None, "", id="anybody of the managing account sees it"
        ),
        pytest.param(a_config(), without(IN_MANAGING), UNDETERMINED, None, "not asked", id="the managing side is not seen"),
        pytest.param(a_config(), without(IN_MANAGED), UNDETERMINED, None, "not asked", id="the managed side is not seen"),
        pytest.param(
            EVERY_ZONE, (), NOT_APPLICABLE, None, "every region carries its availability zones", id="nothing to look up"
        ),
    ],
)
def test_regions_are_enabled(config: Any, changes: Any, outcome: Outcome, severity: Severity | None, says: str) -> None:
    result = judged("ROLE006", config, *changes)
    assert result.outcome is outcome
    assert says in told(result)
    if severity is not None:
        assert result.severity is severity


def test_with_every_zone_written_a_region_that_can_be_off_is_still_looked_for_in_the_managed_account() -> None:
    config = a_config(regions=["us-east-1", "ap-east-1"], zones=True)
    assert asked_for("ROLE006", config) == {IN_MANAGED}
    assert judged("ROLE006", config, (IN_MANAGED, ON)).outcome is PASSED
    result = judged("ROLE006", config, (IN_MANAGED, OFF))
    assert (result.outcome, result.severity) == (FAILED, Severity.ERROR)
    assert [problem.summary for problem in result.problems] == [
        "region ap-east-1 is not enabled in the managed account 100000000002"
    ]


@pytest.mark.parametrize("zones", [False, True])
@pytest.mark.parametrize("check_id", ["ROLE006", "ROLE007"])
def test_a_region_that_spinnaker_alone_can_read_is_undetermined(check_id: str, zones: bool) -> None:
    config = a_config(regions=["us-east-1", "${REGION}"], zones=zones)
    result = judged(check_id, config)
    if zones and check_id == "ROLE007":
        assert result.outcome is NOT_APPLICABLE
        return
    assert result.outcome is UNDETERMINED
    assert "the region ${REGION} is read by Spinnaker alone" in result.reason
    assert caller_may_list_zones("${REGION}") not in asked_for(check_id, config)


def test_beside_a_region_that_is_not_readable_the_others_are_judged() -> None:
    config = a_config(regions=["${REGION}", "us-east-9"])
    (problem,) = [p for p in judged("ROLE006", config).problems if p.severity is Severity.FATAL]
    assert "EC2 lists no region us-east-9" in problem.summary


def test_both_sides_off_are_two_problems_of_their_own_severity() -> None:
    result = judged("ROLE006", HONG_KONG, (IN_MANAGING, OFF), (IN_MANAGED, OFF))
    assert [problem.severity for problem in result.problems] == [Severity.FATAL, Severity.ERROR]


def test_an_empty_list_of_regions_is_no_pass() -> None:
    assert judged("ROLE006", None, (IN_MANAGED, Known(Listing()))).outcome is FAILED


@pytest.mark.parametrize(
    ("config", "changes", "outcome", "says"),
    [
        pytest.param(a_config(), (), PASSED, "", id="both are allowed"),
        pytest.param(
            a_config(),
            [(LISTS_REGIONS, denied("... because no identity-based policy allows the ec2:DescribeRegions action"))],
            FAILED,
            "role/spinnaker may not call ec2:DescribeRegions in us-west-2",
            id="F13",
        ),
        pytest.param(
            a_config(regions=["us-east-1", "eu-west-1"]),
            [(LISTS_ZONES, denied("no")), (caller_may_list_zones("eu-west-1"), denied("no"))],
            FAILED,
            "ec2:DescribeAvailabilityZones in us-east-1, eu-west-1",
            id="zones are denied",
        ),
        pytest.param(
            a_config(regions=["us-east-1", "eu-west-1"]),
            [(caller_may_list_zones("eu-west-1"), denied("... with an explicit deny in a service control policy"))],
            FAILED,
            "its administrators alone can change",
            id="F18: a service control policy denies one region",
        ),
        pytest.param(
            HONG_KONG,
            [
                (
                    caller_may_list_zones("ap-east-1"),
                    denied("AWS was not able to validate the provided access credentials", "AuthFailure"),
                )
            ],
            FAILED,
            "Enable ap-east-1 in the managing account",
            id="a region that is off does not know the credentials",
        ),
        pytest.param(
            a_config(),
            [(caller_identity(), who(STRANGER))],
            UNDETERMINED,
            f"not the managing identity {IDENTITY}",
            id="a stranger",
        ),
        pytest.param(a_config(), without(LISTS_ZONES), UNDETERMINED, "not asked", id="no answer"),
        pytest.param(
            a_config(), [(LISTS_REGIONS, denied("no")), *without(LISTS_ZONES)], FAILED, "not asked", id="a denial and no answer"
        ),
        pytest.param(EVERY_ZONE, (), NOT_APPLICABLE, "looks none up", id="nothing to look up"),
    ],
)
def test_the_managing_identity_can_list_regions(config: Any, changes: Any, outcome: Outcome, says: str) -> None:
    result = judged("ROLE007", config, *changes)
    assert result.outcome is outcome
    assert says in told(result)
    assert all(problem.severity is Severity.FATAL for problem in result.problems)


def test_a_stranger_is_not_made_to_try() -> None:
    assert asked_for("ROLE007", a_config(), (caller_identity(), who(STRANGER))) == {caller_identity()}
    assert asked_for("ROLE007", a_config()) == {caller_identity(), LISTS_REGIONS, LISTS_ZONES}
