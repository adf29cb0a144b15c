"""ACCOUNT: for every check a file where it alone fails, and what each problem says, holds and hides."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.findings import Outcome, Severity
from ecs_preflight.reports.json import render_json
from ecs_preflight.reports.text import render_text
from tests.builders import (
    CLOUDDRIVER,
    HALCONFIG,
    SPARE,
    changed,
    failed,
    judged,
    outcomes,
    with_in_account,
    with_in_aws,
    with_in_ecs_account,
    with_spare,
)

FATAL, ERROR, WARNING = Severity.FATAL, Severity.ERROR, Severity.WARNING
ECS_ENTRIES = "accounts:\n    - {name: prod, awsAccount: prod-aws}"
NO_ECS_ACCOUNTS = changed(f"  {ECS_ENTRIES}\n", "")
ROLE_LINE = "      assumeRole: role/SpinnakerManaged\n"

# check id, the file, how severe, what a summary says, what a remedy says.
# failure-modes.md F01 to F09 in the words of clouddriver's classes: clouddriver.md 0, 1, 2, 9.
ALONE: list[tuple[str, str, Severity, str, str]] = [
    ("ACCOUNT001", changed("awsAccount: prod-aws", "awsAccount: Prod-AWS"), FATAL, "maps to 'Prod-AWS'", "to 'prod-aws'"),
    ("ACCOUNT001", changed("awsAccount: prod-aws", "awsAccount: '123456789012'"), FATAL, "maps to '1234", "to 'prod-aws'"),
    ("ACCOUNT001", changed("awsAccount: prod-aws", "awsAccount: ' prod-aws'"), FATAL, "maps to ' prod-aws'", "to 'prod-aws'"),
    ("ACCOUNT001", changed("awsAccount: prod-aws", "awsAccount:"), FATAL, "has a blank awsAccount", "to 'prod-aws'"),
    (
        "ACCOUNT002",
        changed("aws:\n  enabled: true", "aws:\n  enabled: false"),
        FATAL,
        "AWS provider is off",
        "aws.enabled: true.",
    ),
    ("ACCOUNT002", changed("aws:\n  enabled: true", "aws:"), FATAL, "AWS provider is off", "AWS_ENABLED=true"),
    (
        "ACCOUNT002",
        "aws: {enabled: true}\n" + CLOUDDRIVER[CLOUDDRIVER.index("ecs:") :],
        FATAL,
        "aws.accounts is empty",
        "accountId, assumeRole",
    ),
    (
        "ACCOUNT003",
        changed("{name: prod, awsAccount: prod-aws}", "{name: prod}"),
        FATAL,
        "names no AWS account",
        "awsAccount: NAME",
    ),
    ("ACCOUNT003", changed("- {name: prod,", "- {name: prod, awsAccount: prod-aws}\n    - {"), FATAL, "has no name", "Add name:"),
    ("ACCOUNT003", changed("{name: prod,", "{name: '',"), FATAL, "has a blank name", "Give it a name"),
    ("ACCOUNT003", NO_ECS_ACCOUNTS, FATAL, "there is no ecs.accounts", "- {name: "),
    ("ACCOUNT003", changed(ECS_ENTRIES, "accounts: []"), ERROR, "ecs.accounts is empty", "- {name: "),
    ("ACCOUNT003", changed(ECS_ENTRIES, "accounts:"), ERROR, "ecs.accounts is empty", "- {name: "),
    ("ACCOUNT004", with_in_account("enabled: false"), FATAL, "is disabled", "Delete `enabled: false`"),
    ("ACCOUNT005", changed('"123456789012"', "012345670123"), FATAL, "YAML reads 1402433619", 'accountId: "012345670123"'),
    ("ACCOUNT005", changed('"123456789012"', "012345678901"), FATAL, "begins with a zero", 'accountId: "012345678901"'),
    ("ACCOUNT005", changed('"123456789012"', "12345678901"), FATAL, "not twelve digits", "zeros may have got lost"),
    ("ACCOUNT005", changed('"123456789012"', "1234-5678-9012"), FATAL, "not twelve digits", 'accountId: "123456789012"'),
    ("ACCOUNT005", changed("123456789012", "١٢٣٤٥٦٧٨٩٠١٢"), FATAL, "not twelve digits", "twelve digits"),
    ("ACCOUNT005", changed('"123456789012"', "SpinnakerManaged"), FATAL, "is 'SpinnakerManaged'", "twelve digits"),
    ("ACCOUNT005", changed('"123456789012"', ""), FATAL, "has no accountId", "Add accountId"),
    ("ACCOUNT005", changed('      accountId: "123456789012"\n', ""), FATAL, "has no accountId", "Add accountId"),
    ("ACCOUNT005", with_spare('"210987654321"', "21"), WARNING, "accountId of 'spare' is '21'", "twelve digits"),
    ("ACCOUNT006", changed(ROLE_LINE, ""), FATAL, "has no assumeRole", "defaultAssumeRole: role/SpinnakerManaged"),
    ("ACCOUNT006", with_spare(ROLE_LINE, ""), WARNING, "'spare' has no assumeRole", "defaultAssumeRole"),
    ("ACCOUNT007", changed("role/SpinnakerManaged", "SpinnakerManaged"), FATAL, "lacks `role/`", "role/SpinnakerManaged"),
    ("ACCOUNT007", with_spare("role/SpinnakerManaged", "user/spinnaker"), WARNING, "'spare' is an IAM user", "role/"),
    ("ACCOUNT008", with_in_aws("defaultRegions: []"), FATAL, "aws.defaultRegions is empty", "Delete the key"),
    ("ACCOUNT008", with_in_aws("defaultRegions:"), FATAL, "aws.defaultRegions is empty", "defaultRegions: [{name: us-east-1}]"),
    ("ACCOUNT009", changed("us-east-1", "virginia"), FATAL, "'virginia' of the AWS account 'prod-aws'", "such as us-east-1"),
    ("ACCOUNT009", with_spare("us-east-1", "virginia"), WARNING, "'virginia' of the AWS account 'spare'", "such as us-east-1"),
    ("ACCOUNT010", changed("{name: prod,", "{name: prod-aws,"), ERROR, "both an ECS account and an AWS", "to 'prod-aws-ecs'"),
    ("ACCOUNT010", with_spare("name: spare", "name: prod-aws"), ERROR, "stands 2 times in aws.accounts", "all but one"),
    ("ACCOUNT010", changed(ECS_ENTRIES, f"{ECS_ENTRIES}\n{ECS_ENTRIES[10:]}"), ERROR, "2 times in ecs.accounts", "all but one"),
    (
        "ACCOUNT011",
        f"{CLOUDDRIVER}    - {{name: more, awsAccount: prod-aws}}\n",
        WARNING,
        "2 ECS accounts map to",
        "map 'more' to",
    ),
    ("ACCOUNT012", with_in_account("externalId: hush-hush"), WARNING, "externalId of 'prod-aws' does not", "sts:ExternalId"),
    ("ACCOUNT013", with_in_ecs_account("namingStrategy: tgas"), FATAL, "'tgas'", "namingStrategy: tags"),
    ("ACCOUNT013", changed("ecs:\n", "ecs:\n  defaultNamingStrategy: x\n"), FATAL, "'x'", "ecs.defaultNamingStrategy: default"),
    ("ACCOUNT013", changed("ecs:\n", "ecs:\n  defaultNamingStrategy:\n"), FATAL, "''", "ecs.defaultNamingStrategy: default"),
    ("ACCOUNT013", with_in_ecs_account("namingStrategy: kubernetesAnnotations"), ERROR, "another provider's", "default"),
    ("ACCOUNT014", with_in_account("assumRole: role/x"), WARNING, "`assumRole` is no key", "Write assumeRole."),
    ("ACCOUNT015", with_in_account("sessionName: Spinnaker Prod"), FATAL, "it holds ' '", "`Spinnaker` is the default"),
    ("ACCOUNT016", with_in_account("sessionDurationSeconds: 3600"), WARNING, "does not reach", "Seconds to 3600"),
    ("ACCOUNT018", with_in_aws("accessKeyId: AKIDHUSH"), WARNING, "aws.accessKeyId stands in the file", "Delete it"),
    ("ACCOUNT018", with_in_aws("secretAccessKey: hush-hush"), WARNING, "aws.secretAccessKey stands in the file", "encrypted:"),
    ("ACCOUNT019", changed("us-east-1", "cn-north-1"), FATAL, "regions of aws-cn", "arn:aws-cn:iam::123456789012:role/Spin"),
    ("ACCOUNT020", with_in_account("environment:"), WARNING, "nothing is written", "Fill it in"),
    ("ACCOUNT021", changed("ecs:\n  enabled: true", "ecs:\n  enabled: false"), FATAL, "is not on", "ecs.enabled: true"),
    ("ACCOUNT021", changed("ecs:\n  enabled: true", "ecs:"), FATAL, "is not on", "ecs.enabled: true"),
    ("ACCOUNT022", with_in_aws("loadAccounts: {maxRetries: many}"), FATAL, "`many`", "a whole number is expected"),
    (
        "ACCOUNT022",
        changed("ecs:\n", SPARE.replace("name: spare", "environment: e") + "ecs:\n"),
        FATAL,
        "has no name",
        "Add name:",
    ),
    ("ACCOUNT023", changed("name: prod,", "name: 'prod:eu',"), ERROR, "holds :", "letters, digits"),
]


def test_the_good_file_is_green(tmp_path: Path) -> None:
    report = judged(tmp_path, CLOUDDRIVER)

    assert report.is_green
    assert {result.check for result in report.results} == {check.id for check in ALL_CHECKS if check.family == "ACCOUNT"}


@pytest.mark.parametrize(
    ("check", "text", "severity", "says", "mends"), ALONE, ids=[f"{row[0]} {row[3]}" for row in ALONE]
)  # fmt: skip
def test_it_alone_fails(tmp_path: Path, check: str, text: str, severity: Severity, says: str, mends: str) -> None:
    report = judged(tmp_path, text)
    found = failed(report)

    assert list(found) == [check]
    assert found[check].severity is severity
    assert says in " ".join(problem.summary for problem in found[check].problems)
    assert mends in " ".join(problem.remediation for problem in found[check].problems)
    for problem in found[check].problems:
        assert "..." not in problem.summary
        assert problem.location is not None
        assert problem.location.file == str(tmp_path / "clouddriver0.yml")
        assert problem.location.line
    for secret in ("hush-hush", "AKIDHUSH"):
        assert secret not in render_json(report) + render_text(report, verbose=True)


def test_every_account_check_has_a_file_of_its_own() -> None:
    offered = {check.id for check in ALL_CHECKS if check.family == "ACCOUNT"}

    assert offered - {check for check, *_ in ALONE} == {"ACCOUNT017"}  # which takes two files: test_config_keys.py


def test_a_halconfig_is_judged_like_the_file_that_halyard_writes(tmp_path: Path) -> None:
    assert judged(tmp_path, HALCONFIG).is_green
    assert list(failed(judged(tmp_path, changed("awsAccount: prod-aws", "awsAccount: prod", HALCONFIG)))) == ["ACCOUNT001"]


def test_without_its_aws_account_an_account_is_blocked(tmp_path: Path) -> None:
    found = outcomes(judged(tmp_path, changed("awsAccount: prod-aws", "awsAccount: nobody")), "prod")

    assert found.pop("ACCOUNT001") is Outcome.FAILED
    assert {check for check, outcome in found.items() if outcome is not Outcome.BLOCKED} == {"ACCOUNT013", "ACCOUNT023"}


def test_without_any_aws_account_the_mapping_is_blocked(tmp_path: Path) -> None:
    report = judged(tmp_path, "aws: {enabled: true}\necs: {enabled: true, accounts: [{name: prod, awsAccount: prod-aws}]}\n")

    assert list(failed(report)) == ["ACCOUNT002"]
    assert outcomes(report, "prod")["ACCOUNT001"] is Outcome.BLOCKED


SECRET = '"encrypted:s3!r:us-west-2!b:bucket!f:values"'
# what only Spinnaker can read, and the checks that cannot tell then
OPAQUE = [
    (changed("awsAccount: prod-aws", "awsAccount: '${AWS_ACCOUNT}'"), {"ACCOUNT001", "ACCOUNT005", "ACCOUNT006", "ACCOUNT007"}),
    (changed("    - name: prod-aws", f"    - name: {SECRET}"), {"ACCOUNT001", "ACCOUNT004", "ACCOUNT009", "ACCOUNT019"}),
    (with_in_account(f"enabled: {SECRET}"), {"ACCOUNT004"}),
    (changed('"123456789012"', SECRET), {"ACCOUNT005", "ACCOUNT007", "ACCOUNT019"}),
    (changed('"123456789012"', "${ACCOUNT_ID}"), {"ACCOUNT005", "ACCOUNT007", "ACCOUNT019"}),
    (changed("role/SpinnakerManaged", SECRET), {"ACCOUNT007", "ACCOUNT019"}),
    (changed("role/SpinnakerManaged", '"role/${ROLE}"'), {"ACCOUNT007", "ACCOUNT019"}),
    (changed("{name: us-east-1}", "{name: '${REGION}'}"), {"ACCOUNT009", "ACCOUNT019"}),
    (with_in_ecs_account("namingStrategy: '${STRATEGY}'"), {"ACCOUNT013"}),
    (with_in_account(f"sessionName: {SECRET}"), {"ACCOUNT015"}),
]


@pytest.mark.parametrize(("text", "checks"), OPAQUE)
def test_what_only_spinnaker_can_read_is_undetermined(tmp_path: Path, text: str, checks: set[str]) -> None:
    found = outcomes(judged(tmp_path, text), "prod")

    assert {found[check] for check in checks} == {Outcome.UNDETERMINED}


@pytest.mark.parametrize(("block", "check"), [("aws", "ACCOUNT002"), ("ecs", "ACCOUNT021")])
@pytest.mark.parametrize(
    ("written", "outcome"),
    [
        (SECRET, Outcome.UNDETERMINED),
        ("${SWITCH}", Outcome.UNDETERMINED),
        ("${SWITCH:true}", Outcome.PASSED),
        ("${SWITCH:false}", Outcome.FAILED),
    ],
)
def test_a_switch(tmp_path: Path, block: str, check: str, written: str, outcome: Outcome) -> None:
    report = judged(tmp_path, changed(f"{block}:\n  enabled: true", f"{block}:\n  enabled: {written}"))

    assert outcomes(report, "config")[check] is outcome


def test_a_switch_of_an_account_with_a_default_can_be_read(tmp_path: Path) -> None:
    assert judged(tmp_path, with_in_account("enabled: ${SWITCH:true}")).is_green


def test_what_the_environment_gives_can_be_read(tmp_path: Path) -> None:
    text = changed("role/SpinnakerManaged", '"role/${ROLE}"')

    assert judged(tmp_path, text, environ={"ROLE": "SpinnakerManaged"}).is_green


def test_a_disabled_aws_account_that_nothing_maps_to_is_let_be(tmp_path: Path) -> None:
    text = with_spare('"210987654321"', "21\n      enabled: false")

    assert judged(tmp_path, text).is_green


def test_an_aws_account_that_a_nameless_ecs_account_maps_to_is_judged_all_the_same(tmp_path: Path) -> None:
    text = changed("{name: prod,", "{name: '',", changed('"123456789012"', "12"))

    assert set(failed(judged(tmp_path, text))) == {"ACCOUNT003", "ACCOUNT005"}


# version, the file, the check, whether it fails, what its evidence says then: clouddriver.md 0.5, 11
BY_VERSION = [
    ("1.27.9", with_in_aws("defaultRegions: []"), "ACCOUNT008", False, ""),
    ("1.28.0", with_in_aws("defaultRegions: []"), "ACCOUNT008", True, "1.28 or later"),
    (None, with_in_aws("defaultRegions: []"), "ACCOUNT008", True, "up to 1.27 an empty list is taken"),
    ("1.23.5", f"{CLOUDDRIVER}    - {{name: more, awsAccount: prod-aws}}\n", "ACCOUNT011", True, "loads 'prod' alone"),
    ("1.24.0", f"{CLOUDDRIVER}    - {{name: more, awsAccount: prod-aws}}\n", "ACCOUNT011", True, "for 'more' alone"),
    ("1.22.0", with_in_account("externalId: hush-hush"), "ACCOUNT012", True, "began with 1.23"),
    ("1.23.0", with_in_account("externalId: hush-hush"), "ACCOUNT012", True, "reaches EC2 alone"),
    ("1.36.0", with_in_account("sessionDurationSeconds: 3600"), "ACCOUNT016", True, "last 900"),
    ("1.37.0", with_in_account("sessionDurationSeconds: 3600"), "ACCOUNT016", True, "last 900"),
    ("1.37.0", with_in_account("sessionDurationSeconds: 900"), "ACCOUNT016", False, ""),
]


@pytest.mark.parametrize(("version", "text", "check", "fails", "says"), BY_VERSION)
def test_what_depends_on_the_version(tmp_path: Path, version: str | None, text: str, check: str, fails: bool, says: str) -> None:
    found = failed(judged(tmp_path, text, spinnaker_version=version))

    assert list(found) == ([check] if fails else [])
    assert says in "".join(problem.evidence for result in found.values() for problem in result.problems)


def test_what_an_older_version_makes_well_says_how_to_state_it(tmp_path: Path) -> None:
    text = with_in_aws("defaultRegions: []")
    (unstated,) = failed(judged(tmp_path, text))["ACCOUNT008"].problems
    (stated,) = failed(judged(tmp_path, text, spinnaker_version="1.30.0"))["ACCOUNT008"].problems

    assert "state spinnaker.version in preflight.yml" in unstated.remediation
    assert "spinnaker.version" not in stated.remediation


TWO_ACCOUNTS = with_spare()


@pytest.mark.parametrize(
    ("text", "mends"),
    [
        (
            changed("awsAccount: prod-aws", "awsAccount: elsewhere", TWO_ACCOUNTS),
            "Add an entry named 'elsewhere' to aws.accounts.",
        ),
        (changed("awsAccount: prod-aws", "awsAccount:", TWO_ACCOUNTS), "Set awsAccount to the name of an AWS account."),
        (
            changed("awsAccount: prod-aws", "awsAccount: spar", TWO_ACCOUNTS),
            "Set awsAccount to 'spare', or add an entry named 'spar'",
        ),
    ],
)
def test_the_account_that_was_meant(tmp_path: Path, text: str, mends: str) -> None:
    (problem,) = failed(judged(tmp_path, text))["ACCOUNT001"].problems

    assert mends in problem.remediation
    assert "aws.accounts has: 'prod-aws', 'spare'" in problem.evidence


def test_where_ecs_is_not_spoken_of_only_its_provider_is(tmp_path: Path) -> None:
    assert list(failed(judged(tmp_path, "aws: {enabled: false}\n"))) == ["ACCOUNT021"]
