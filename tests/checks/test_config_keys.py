"""ACCOUNT014, 017, 018, 020 and 022: keys without effect, lists that hide lists, values left open or of the wrong type."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ecs_preflight.errors import Location
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.runner import run_preflight
from ecs_preflight.spinnaker.defects import Defect, DefectKind
from tests.builders import (
    CLOUDDRIVER,
    HALCONFIG,
    SPARE,
    changed,
    failed,
    judged,
    loaded,
    outcomes,
    with_in_account,
    with_in_aws,
    with_in_ecs_account,
    with_spare,
)

OF_AWS = CLOUDDRIVER[: CLOUDDRIVER.index("ecs:")]

# the file, what is said, what the remedy says, the line
WITHOUT_EFFECT = [
    (with_in_account("assumRole: role/x"), "`assumRole` is no key of clouddriver's", "Write assumeRole.", 5),
    (with_in_aws("defaultAsumeRole: role/x"), "`defaultAsumeRole` is no key", "Write defaultAssumeRole.", 2),
    (with_in_aws("nonsense: 1"), "`nonsense` is no key", "Correct or delete it.", 2),
    (with_in_ecs_account("permissions: {READ: [dev]}"), "`permissions` has no effect", "Delete it.", 11),
    (with_in_ecs_account("regions: [us-east-1]"), "`regions` has no effect", "Delete it.", 11),
    (with_in_account("shieldEnabled: true"), "`shieldEnabled` has no effect", "Delete it.", 5),
    (with_in_account("defaultAssumeRole: role/x"), "directly under `aws.accounts[0]`", "it belongs to `aws`", 5),
    (with_in_account('account-id: "210987654321"'), "`accountId` is `account-id` of line 5 once more", "Delete one", 6),
    (f"{CLOUDDRIVER}---\nspring.profiles: prod\naws: {{}}\n", "is for the profile prod", "Start clouddriver with", 14),
    (with_in_aws("customPropertyBindingEnabled: true"), "aws.accounts is not read", "Spring Cloud Config", 2),
    (f"{CLOUDDRIVER}providers:\n  aws: {{}}\n", "`aws` stands under `providers`", "at the top of the file", 13),
]


@pytest.mark.parametrize(("text", "says", "mends", "line"), WITHOUT_EFFECT)
def test_keys_without_effect(tmp_path: Path, text: str, says: str, mends: str, line: int) -> None:
    found = failed(judged(tmp_path, text))
    (problem,) = found["ACCOUNT014"].problems

    assert (list(found), found["ACCOUNT014"].severity) == (["ACCOUNT014"], Severity.WARNING)
    assert says in problem.summary
    assert mends in problem.remediation
    assert problem.location is not None
    assert problem.location.line == line


def test_a_key_one_column_off_is_found_where_it_stands(tmp_path: Path) -> None:
    text = changed("    - {name: prod, awsAccount: prod-aws}", "    - name: prod\n  awsAccount: prod-aws")
    found = failed(judged(tmp_path, text))

    assert set(found) == {"ACCOUNT003", "ACCOUNT014"}
    assert "It stands in line 12" in found["ACCOUNT003"].problems[0].remediation
    assert "move it to column 7, in line with `name` of line 11" in found["ACCOUNT014"].problems[0].remediation


def test_what_halyard_refuses(tmp_path: Path) -> None:
    text = changed("awsAccount: prod-aws", "awsAccount: prod-aws, namingStrategy: tags", HALCONFIG)

    assert list(failed(judged(tmp_path, text))) == ["ACCOUNT014"]


@pytest.mark.parametrize(
    "line", ["features: {cloudFormation: {enabled: true}}", "primaryAccount: prod-aws", "bakeryDefaults: {}"]
)
def test_what_others_read_is_let_be(tmp_path: Path, line: str) -> None:
    assert judged(tmp_path, with_in_aws(line)).is_green


def test_a_list_that_an_overlay_replaces(tmp_path: Path) -> None:
    found = failed(judged(tmp_path, with_spare(), OF_AWS))
    (problem,) = found["ACCOUNT017"].problems

    assert (list(found), found["ACCOUNT017"].severity) == (["ACCOUNT017"], Severity.WARNING)
    assert problem.summary == "aws.accounts hides spare of an earlier file"
    assert "clouddriver0.yml:4" in problem.evidence
    assert str(problem.location).startswith(f"{tmp_path}/clouddriver1.yml:4")


def test_the_mapping_into_a_hidden_account_fails_beside_it(tmp_path: Path) -> None:
    overlay = changed("prod-aws", "other", OF_AWS)
    found = failed(judged(tmp_path, CLOUDDRIVER, overlay))

    assert set(found) == {"ACCOUNT001", "ACCOUNT017"}


@pytest.mark.parametrize("overlay", [CLOUDDRIVER, OF_AWS + SPARE, "aws: {enabled: true}\n"])
def test_an_overlay_that_hides_nothing_is_well(tmp_path: Path, overlay: str) -> None:
    assert judged(tmp_path, CLOUDDRIVER, overlay).is_green


# the file, what is said, what the remedy says
LEFT_OPEN = [
    (with_in_account("environment:"), "aws.accounts[0].environment: nothing is written", "Fill it in"),
    (with_in_account("environment: ''"), "an empty text is written", "Fill it in"),
    (with_in_account("environment: ${STAGE}"), "nothing gives `${STAGE}` a value", "--env NAME=VALUE"),
    (with_in_account("defaultKeyPair: 0089"), "a leading zero without quotes", "Put it into quotes."),
    (with_spare("      accountId", "      sessionName:\n      accountId"), "accounts[1].sessionName: nothing", "Fill it in"),
    (changed("prod-aws", "''"), "aws.accounts[0].name: an empty text is written", "Fill it in"),
]


@pytest.mark.parametrize(("text", "says", "mends"), LEFT_OPEN)
def test_values_left_open(tmp_path: Path, text: str, says: str, mends: str) -> None:
    found = failed(judged(tmp_path, text, select=("ACCOUNT020",)))
    (problem,) = found["ACCOUNT020"].problems

    assert found["ACCOUNT020"].severity is Severity.WARNING
    assert says in f"{problem.summary} {problem.evidence}"
    assert mends in problem.remediation


# what the check of that very key says better
@pytest.mark.parametrize(
    "text",
    [
        changed('"123456789012"', ""),
        changed('"123456789012"', "012345678901"),
        changed("role/SpinnakerManaged", ""),
        changed("name: us-east-1", "name: "),
        changed("awsAccount: prod-aws", "awsAccount:"),
        with_in_account("sessionName:"),
        with_in_aws("defaultSessionName:"),
        changed("      assumeRole: role/SpinnakerManaged\n", "", with_in_aws("defaultAssumeRole:")),
        changed("ecs:\n", "ecs:\n  defaultNamingStrategy:\n"),
    ],
)
def test_a_blank_is_reported_once(tmp_path: Path, text: str) -> None:
    found = failed(judged(tmp_path, text))

    assert len(found) == 1
    assert "ACCOUNT020" not in found


def test_a_value_that_spinnaker_alone_reads_is_worth_knowing(tmp_path: Path) -> None:
    found = failed(judged(tmp_path, with_in_account("sessionDurationSeconds: encrypted:noop!v:x")))

    assert {check: result.severity for check, result in found.items()} == {"ACCOUNT020": Severity.INFO}


@pytest.mark.parametrize("value", ["${KEY}", "encrypted:s3!r:us-west-2!b:b!f:f"])
def test_a_key_that_stands_elsewhere_is_well(tmp_path: Path, value: str) -> None:
    report = judged(tmp_path, with_in_aws(f"secretAccessKey: {value}"), environ={"KEY": "hush-hush"})

    assert report.is_green


def test_a_default_behind_a_placeholder_stands_in_the_file(tmp_path: Path) -> None:
    assert list(failed(judged(tmp_path, with_in_aws("secretAccessKey: ${KEY:hush-hush}")))) == ["ACCOUNT018"]


# the file, what is said: spring-boot's Binder stops at each of these
NOT_BINDABLE = [
    (with_in_account("enabled: maybe"), "`maybe`"),
    (with_in_account("enabled: |\n        may\n        be"), "`may be `"),
    (with_in_account("sessionDurationSeconds: 1h"), "sessionDurationSeconds: `1h`"),
    (with_in_account("permissions: {ADMIN: [dev]}"), "`ADMIN` is no authorization"),
    (with_in_account("externalId: [hush-hush]"), "externalId: a list"),
    (with_in_account("environment: '${aws.accounts[0].environment}'"), "leads back to itself"),
    (changed("ecs:\n", "    -\necs:\n"), "aws.accounts[1]: an entry of the list is blank"),
    (changed("ecs:\n", "    - other\necs:\n"), "aws.accounts[1]: `other`"),
    (f"{CLOUDDRIVER}    -\n", "ecs.accounts[1]: an entry of the list is blank"),
    (with_in_aws("loadAccounts: [1]"), "loadAccounts: a list"),
]


@pytest.mark.parametrize(("text", "says"), NOT_BINDABLE)
def test_values_that_spring_cannot_bind(tmp_path: Path, text: str, says: str) -> None:
    found = failed(judged(tmp_path, text))
    (problem,) = found["ACCOUNT022"].problems

    assert (list(found), found["ACCOUNT022"].severity) == (["ACCOUNT022"], Severity.FATAL)
    assert says in problem.summary
    assert problem.location is not None


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        (OF_AWS[OF_AWS.index("  accounts:") :], "  accounts: [prod-aws]\n", "ACCOUNT002"),
        ("accounts:\n    - {name: prod, awsAccount: prod-aws}", "accounts: [prod]", "ACCOUNT003"),
        ("accounts:\n    - {name: prod, awsAccount: prod-aws}", "accounts: {name: prod}", "ACCOUNT003"),
    ],
)
def test_a_list_that_cannot_be_bound_is_not_called_empty(tmp_path: Path, old: str, new: str, check: str) -> None:
    report = judged(tmp_path, changed(old, new))

    assert list(failed(report)) == ["ACCOUNT022"]
    assert outcomes(report, "config")[check] is Outcome.BLOCKED


@pytest.mark.parametrize("kind", list(DefectKind))
@pytest.mark.parametrize("path", ["aws.accounts[0].x", "ecs.accounts[0].x", "aws.defaultRegions[0].x", "aws", "ecs"])
def test_whatever_is_found_while_reading_is_some_checks_to_tell(tmp_path: Path, kind: DefectKind, path: str) -> None:
    defect = Defect(kind, path, Location("clouddriver.yml", 1, 1), "found", "expected")
    config = loaded(tmp_path, CLOUDDRIVER)
    spoilt = replace(config, clouddriver=config.clouddriver.model_copy(update={"defects": (defect,)}))
    found = failed(run_preflight(spoilt, Snapshot(), select=["ACCOUNT"]))

    assert [problem.location for result in found.values() for problem in result.problems] == [defect.location]
