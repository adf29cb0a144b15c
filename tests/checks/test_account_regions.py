"""ACCOUNT009 and ACCOUNT019: regions as they are written, and the partition that they are of."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.findings import Outcome, Severity
from tests.builders import HALCONFIG, SPARE, changed, failed, judged, outcomes, with_in_aws, with_spare

FATAL, ERROR, WARNING = Severity.FATAL, Severity.ERROR, Severity.WARNING
ONE = "[{name: us-east-1}]"
CHINA = "arn:aws-cn:iam::123456789012:role/SpinnakerManaged"


def regions(written: str) -> str:
    return changed(ONE, written)


# What stands there, how severe, what is said, what the remedy says: clouddriver.md 1.2, 1.4.
BAD = [
    (regions("[us-east-1]"), FATAL, "is the bare name `us-east-1`, not a mapping", "- {name: us-east-1}"),
    (regions("us-east-1"), FATAL, "regions is the bare name `us-east-1`", "- {name: us-east-1}"),
    (regions("us-east-1, us-west-2"), FATAL, "not a mapping", "[{name: us-east-1}, {name: us-west-2}]"),
    (regions("[{name: us-east-1}, us-west-2]"), FATAL, "regions[1] is the bare name `us-west-2`", "- {name: us-west-2}"),
    (regions("[{name: us-east-1}, {deprecated: true}]"), FATAL, "regions[1] has no name", "Add name:"),
    (regions("[{name: us-east-1}, {name: us-east-1}]"), FATAL, "us-east-1 is listed 2 times in the AWS account", "once"),
    (regions("[{name: virginia}]"), FATAL, "'virginia' of the AWS account 'prod-aws' is not", "such as us-east-1"),
    (regions("[{name: US-EAST-1}]"), FATAL, "'US-EAST-1'", "Write us-east-1."),
    (regions("[{name: 'us-east-1 '}]"), FATAL, "'us-east-1 '", "Write us-east-1."),
    (regions("[{name: us-east-1a}]"), FATAL, "'us-east-1a'", "Write us-east-1."),
    (regions("[{name: us-esat-1}]"), WARNING, "'us-esat-1'", "us-east-1"),
    (regions("[{name: }]"), FATAL, "'' of the AWS account", "such as us-east-1"),
    (regions("[{name: us-east-9}]"), WARNING, "'us-east-9'", "us-east-1"),
    (regions("[{name: virginia, availabilityZones: [virginia-a]}]"), ERROR, "'virginia'", "such as us-east-1"),
    (regions("[{name: us-east-9, availabilityZones: [us-east-9a]}]"), WARNING, "'us-east-9'", "us-east-1"),
    (regions("[{name: virginia}, {name: us-east-9}]"), FATAL, "'us-east-9'", "us-east-1"),
]


@pytest.mark.parametrize(("text", "severity", "says", "mends"), BAD)
def test_regions_that_are_not_well_formed(tmp_path: Path, text: str, severity: Severity, says: str, mends: str) -> None:
    report = judged(tmp_path, text)
    found = failed(report)["ACCOUNT009"]

    assert list(failed(report)) == ["ACCOUNT009"]
    assert (found.target.id, found.severity) == ("prod", severity)
    assert says in " ".join(problem.summary for problem in found.problems)
    assert mends in " ".join(problem.remediation for problem in found.problems)
    assert {problem.location.line for problem in found.problems if problem.location} == {7}


@pytest.mark.parametrize(
    "written",
    [
        "[{name: us-east-1, availabilityZones: [us-east-1a, us-east-1b]}, {name: eu-west-1}]",
        "[]",
        "",
        "[{name: us-east-1, deprecated: true}]",
    ],
)
def test_regions_that_are_well_formed(tmp_path: Path, written: str) -> None:
    assert judged(tmp_path, regions(written)).is_green


def test_a_young_region_is_told_from_a_word(tmp_path: Path) -> None:
    young = failed(judged(tmp_path, regions("[{name: us-east-9}]")))["ACCOUNT009"].problems[0]
    word = failed(judged(tmp_path, regions("[{name: virginia}]")))["ACCOUNT009"].problems[0]

    assert "may be younger than that list" in young.evidence
    assert "Unknown region: [virginia]" in word.evidence


# The same on an account that no ECS account maps to: a warning, but for what stops clouddriver at its start.
@pytest.mark.parametrize(
    ("written", "severity"),
    [
        ("[us-east-1]", FATAL),
        ("[{deprecated: true}]", FATAL),
        ("[{name: virginia}]", WARNING),
        ("[{name: us-east-1}, {name: us-east-1}]", WARNING),
        ("[{name: virginia, availabilityZones: [a]}]", WARNING),
    ],
)
def test_regions_of_an_account_that_none_maps_to(tmp_path: Path, written: str, severity: Severity) -> None:
    found = failed(judged(tmp_path, with_spare(ONE, written)))["ACCOUNT009"]

    assert (found.target.id, found.severity) == ("config", severity)


@pytest.mark.parametrize(
    ("written", "severity", "says"),
    [
        ("[us-east-1]", FATAL, "aws.defaultRegions[0] is the bare name"),
        ("[{deprecated: true}]", FATAL, "aws.defaultRegions[0] has no name"),
        ("[{name: virginia}]", FATAL, "'virginia' of aws.defaultRegions"),
        ("[{name: us-east-1}, {name: us-east-1}]", WARNING, "us-east-1 is listed 2 times in aws.defaultRegions"),
    ],
)
def test_default_regions(tmp_path: Path, written: str, severity: Severity, says: str) -> None:
    report = judged(tmp_path, with_in_aws(f"defaultRegions: {written}"))
    found = failed(report)["ACCOUNT009"]

    assert list(failed(report)) == ["ACCOUNT009"]
    assert (found.target.id, found.severity) == ("config", severity)
    assert says in found.problems[0].summary


def test_default_regions_that_cannot_be_bound_are_not_called_empty(tmp_path: Path) -> None:
    assert outcomes(judged(tmp_path, with_in_aws("defaultRegions: [us-east-1]")), "config")["ACCOUNT008"] is Outcome.BLOCKED


def test_what_stops_clouddriver_is_said_of_the_account_that_it_stands_in(tmp_path: Path) -> None:
    second = changed("spare", "staging-aws", changed(ONE, "[us-east-1]", SPARE))
    text = changed("ecs:\n", f"{second}ecs:\n") + "    - {name: staging, awsAccount: staging-aws}\n"
    report = judged(tmp_path, text, select=("ACCOUNT009",))

    assert {result.target.id: str(result.outcome) for result in report.results} == {
        "prod": "PASSED",
        "staging": "FAILED",
        "config": "PASSED",
    }


def test_what_stops_clouddriver_is_said_of_a_disabled_account_too(tmp_path: Path) -> None:
    second = changed(ONE, "[us-east-1]\n      enabled: false", SPARE)
    report = judged(tmp_path, changed("ecs:\n", f"{second}ecs:\n"), select=("ACCOUNT009",))

    assert [(result.target.id, result.severity) for result in failed(report).values()] == [("config", FATAL)]


@pytest.mark.parametrize(
    ("region", "role"),
    [
        ("cn-north-1", CHINA),
        ("us-gov-west-1", CHINA.replace("aws-cn", "aws-us-gov")),
        ("us-east-1", "role/SpinnakerManaged"),
        ("eusc-de-east-1", CHINA.replace("aws-cn", "aws-eusc")),
    ],
)
def test_regions_and_role_of_one_partition(tmp_path: Path, region: str, role: str) -> None:
    assert judged(tmp_path, changed("us-east-1", region, changed("role/SpinnakerManaged", role))).is_green


@pytest.mark.parametrize(
    ("region", "role", "partition"),
    [
        ("cn-north-1", "role/SpinnakerManaged", "aws-cn"),
        ("us-gov-east-1", "role/SpinnakerManaged", "aws-us-gov"),
        ("us-east-1", CHINA, "aws"),
        ("us-gov-east-1", CHINA, "aws-us-gov"),
    ],
)
def test_a_role_of_another_partition_than_the_regions(tmp_path: Path, region: str, role: str, partition: str) -> None:
    report = judged(tmp_path, changed("us-east-1", region, changed("role/SpinnakerManaged", role)))
    (problem,) = failed(report)["ACCOUNT019"].problems

    assert list(failed(report)) == ["ACCOUNT019"]
    assert problem.remediation == f"Write assumeRole: arn:{partition}:iam::123456789012:role/SpinnakerManaged"
    assert region in problem.evidence


def test_regions_of_two_partitions_take_two_accounts(tmp_path: Path) -> None:
    found = failed(judged(tmp_path, regions("[{name: us-east-1}, {name: us-gov-west-1}]")))["ACCOUNT019"]
    (problem,) = found.problems

    assert "another AWS account of the regions of aws-us-gov (us-gov-west-1)" in problem.remediation


def test_default_regions_serve_an_account_that_has_none(tmp_path: Path) -> None:
    text = changed(ONE, "[]", with_in_aws("defaultRegions: [{name: cn-north-1}]"))

    assert list(failed(judged(tmp_path, text))) == ["ACCOUNT019"]


def test_an_unmapped_account_of_another_partition_is_a_warning(tmp_path: Path) -> None:
    found = failed(judged(tmp_path, with_spare("us-east-1", "cn-north-1")))

    assert (list(found), found["ACCOUNT019"].severity) == (["ACCOUNT019"], WARNING)


IN_CHINA = changed("us-east-1", "cn-north-1", changed("role/SpinnakerManaged", CHINA))
OF_CHINA = "managing_identity_arn: arn:aws-cn:iam::100000000001:role/spinnaker\n"


def default_regions(written: str) -> str:
    return changed("aws:\n", f"aws:\n  defaultRegions: {written}\n", IN_CHINA)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (IN_CHINA, "the packaged default region us-east-1 is none of aws-cn"),
        (default_regions("[{name: cn-north-1}, {name: us-west-2}]"), "the default region us-west-2 is none of aws-cn"),
    ],
)
def test_a_default_region_that_the_managing_identity_cannot_look_up(tmp_path: Path, text: str, says: str) -> None:
    found = failed(judged(tmp_path, text, preflight=OF_CHINA))
    (problem,) = found["ACCOUNT008"].problems

    assert (list(found), problem.severity, problem.summary) == (["ACCOUNT008"], WARNING, says)
    assert problem.location is not None
    assert problem.location.file == str(tmp_path / "clouddriver0.yml")


def test_halyards_default_region_is_none_of_china(tmp_path: Path) -> None:
    text = changed("us-east-1", "cn-north-1", changed("role/SpinnakerManaged", CHINA, HALCONFIG))
    (problem,) = failed(judged(tmp_path, text, preflight=OF_CHINA))["ACCOUNT008"].problems

    assert problem.summary == "the default region us-west-2 is none of aws-cn"


@pytest.mark.parametrize(
    "text", [default_regions("[{name: cn-north-1}]"), default_regions("[{name: us-east-1, availabilityZones: [us-east-1a]}]")]
)
def test_default_regions_that_it_can_look_up_or_need_not(tmp_path: Path, text: str) -> None:
    assert judged(tmp_path, text, preflight=OF_CHINA).is_green


def test_no_identity_assumes_a_role_of_another_partition(tmp_path: Path) -> None:
    identity = "managing_identity_arn: arn:aws:iam::100000000001:role/spinnaker\n"
    found = failed(judged(tmp_path, IN_CHINA, preflight=identity))
    (problem,) = found["ACCOUNT019"].problems

    assert (list(found), found["ACCOUNT019"].severity) == (["ACCOUNT019"], FATAL)
    assert problem.summary == "the role of 'prod-aws' is of aws-cn, and the managing identity of aws"
    assert problem.location is not None
    assert problem.location.line == 6
