"""ACCOUNT: for every check a file where it alone fails, and files where it is well, blocked or undetermined."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.config import load_config
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import CheckResult, Outcome, Report, Severity
from ecs_preflight.reports.json import render_json
from ecs_preflight.reports.text import render_text
from ecs_preflight.runner import run_preflight

GOOD = """\
aws:
  enabled: true
  accounts:
    - name: prod-aws
      accountId: "123456789012"
      assumeRole: role/SpinnakerManaged
      regions: [{name: us-east-1}]
ecs:
  enabled: true
  accounts:
    - {name: prod, awsAccount: prod-aws}
"""
SPARE = """\
    - name: spare
      accountId: "210987654321"
      assumeRole: role/SpinnakerManaged
      regions: [{name: us-east-1}]
"""
CHINA = 'managing_identity_arn: "arn:aws-cn:iam::100000000001:role/spinnaker"\n'


def _with(old: str, new: str, text: str = GOOD) -> str:
    assert old in text
    return text.replace(old, new)


def _with_spare(old: str, new: str) -> str:
    """The good file with a second AWS account, changed, that no ECS account maps to."""
    return _with("ecs:\n", _with(old, new, SPARE) + "ecs:\n")


def _judged(folder: Path, text: str, *overlays: str, preflight: str | None = None, version: str | None = None) -> Report:
    paths = []
    for number, content in enumerate((text, *overlays)):
        paths.append(folder / f"clouddriver{number}.yml")
        paths[-1].write_text(content)
    settings = folder / "preflight.yml"
    settings.write_text(preflight or "")
    config = load_config(*paths, preflight=settings, spinnaker_version=version)
    return run_preflight(config, Snapshot(), select=["ACCOUNT"])


def _failed(report: Report) -> dict[str, CheckResult]:
    return {result.check: result for result in report.results if result.outcome is Outcome.FAILED}


# check id, the file, how severe, what its first summary says
ALONE: list[tuple[str, str, Severity, str]] = [
    ("ACCOUNT001", _with("awsAccount: prod-aws", "awsAccount: Prod-AWS"), Severity.FATAL, "maps to 'Prod-AWS'"),
    ("ACCOUNT001", _with("awsAccount: prod-aws", 'awsAccount: "123456789012"'), Severity.FATAL, "maps to '123456789012'"),
    ("ACCOUNT002", _with("aws:\n  enabled: true", "aws:\n  enabled: false"), Severity.FATAL, "while the AWS provider is off"),
    ("ACCOUNT002", _with("aws:\n  enabled: true", "aws:"), Severity.FATAL, "while the AWS provider is off"),
    ("ACCOUNT003", _with("{name: prod, awsAccount: prod-aws}", "{name: prod}"), Severity.FATAL, "names no AWS account"),
    ("ACCOUNT003", _with("- {name: prod,", "- {name: prod, awsAccount: prod-aws}\n    - {"), Severity.FATAL, "has no name"),
    ("ACCOUNT003", GOOD[: GOOD.index("  accounts:\n    - {name: prod")], Severity.FATAL, "there is no ecs.accounts"),
    ("ACCOUNT003", _with("accounts:\n    - {name: prod, awsAccount: prod-aws}", "accounts: []"), Severity.WARNING, "is empty"),
    ("ACCOUNT004", _with("name: prod-aws\n", "name: prod-aws\n      enabled: false\n"), Severity.FATAL, "is disabled"),
    ("ACCOUNT005", _with('"123456789012"', "012345670123"), Severity.FATAL, "YAML reads 1402433619"),
    ("ACCOUNT005", _with('"123456789012"', "012345678901"), Severity.FATAL, "begins with a zero"),
    ("ACCOUNT005", _with('"123456789012"', "12345678901"), Severity.FATAL, "not twelve digits"),
    ("ACCOUNT005", _with('"123456789012"', "SpinnakerManaged"), Severity.FATAL, "is 'SpinnakerManaged'"),
    ("ACCOUNT005", _with('"123456789012"', ""), Severity.FATAL, "has no accountId"),
    ("ACCOUNT005", _with_spare('"210987654321"', "21"), Severity.WARNING, "accountId of 'spare' is '21'"),
    ("ACCOUNT006", _with("      assumeRole: role/SpinnakerManaged\n", ""), Severity.FATAL, "has no assumeRole"),
    ("ACCOUNT006", _with_spare("      assumeRole: role/SpinnakerManaged\n", ""), Severity.WARNING, "'spare' has no assumeRole"),
    ("ACCOUNT007", _with("role/SpinnakerManaged", "SpinnakerManaged"), Severity.FATAL, "lacks `role/`"),
    ("ACCOUNT007", _with("role/SpinnakerManaged", "user/spinnaker"), Severity.FATAL, "is an IAM user"),
    ("ACCOUNT007", _with("role/SpinnakerManaged", "role/role/x"), Severity.FATAL, "begins with `role/` twice"),
    ("ACCOUNT007", _with("role/SpinnakerManaged", '"role/{{nmae}}"'), Severity.FATAL, "keeps {{nmae}}"),
    ("ACCOUNT007", _with("role/SpinnakerManaged", ""), Severity.FATAL, "is blank"),
    ("ACCOUNT007", _with("role/SpinnakerManaged", "arn:aws:iam::12:role/x"), Severity.FATAL, "is of the account '12'"),
    ("ACCOUNT008", _with("  accounts:\n    - name", "  defaultRegions: []\n  accounts:\n    - name"), Severity.FATAL, "is empty"),
    ("ACCOUNT009", _with("[{name: us-east-1}]", "[us-east-1]"), Severity.FATAL, "not a mapping"),
    ("ACCOUNT009", _with("[{name: us-east-1}]", "[{name: us-east-1}, {deprecated: true}]"), Severity.FATAL, "has no name"),
    ("ACCOUNT009", _with("{name: us-east-1}", "{name: us-east-1}, {name: us-east-1}"), Severity.FATAL, "is listed 2 times"),
    ("ACCOUNT009", _with("us-east-1", "virginia"), Severity.FATAL, "'virginia'"),
    ("ACCOUNT009", _with("us-east-1}", "virginia, availabilityZones: [a]}"), Severity.ERROR, "'virginia'"),
    ("ACCOUNT009", _with("us-east-1", "us-east-9"), Severity.WARNING, "'us-east-9'"),
    ("ACCOUNT009", _with_spare("us-east-1", "virginia"), Severity.WARNING, "'virginia'"),
    ("ACCOUNT010", _with("{name: prod,", "{name: prod-aws,"), Severity.ERROR, "both an ECS account and an AWS account"),
    ("ACCOUNT010", _with_spare("name: spare", "name: prod-aws"), Severity.ERROR, "stands 2 times in aws.accounts"),
    ("ACCOUNT011", GOOD + "    - {name: more, awsAccount: prod-aws}\n", Severity.WARNING, "2 ECS accounts map to"),
    (
        "ACCOUNT012",
        _with("name: prod-aws\n", "name: prod-aws\n      externalId: hush-hush\n"),
        Severity.WARNING,
        "does not reach",
    ),
    ("ACCOUNT013", _with("awsAccount: prod-aws", "awsAccount: prod-aws, namingStrategy: tgas"), Severity.FATAL, "'tgas'"),
    (
        "ACCOUNT013",
        _with("awsAccount: prod-aws", "awsAccount: prod-aws, namingStrategy: kubernetesAnnotations"),
        Severity.ERROR,
        "another provider's",
    ),
    ("ACCOUNT014", _with("awsAccount: prod-aws", "awsAccount: prod-aws, regions: [us-east-1]"), Severity.WARNING, "no effect"),
    ("ACCOUNT014", _with("assumeRole:", "assumRole: x\n      assumeRole:"), Severity.WARNING, "`assumRole` is no key"),
    (
        "ACCOUNT015",
        _with("name: prod-aws\n", "name: prod-aws\n      sessionName: Spinnaker Prod\n"),
        Severity.FATAL,
        "STS refuses",
    ),
    ("ACCOUNT015", _with("name: prod-aws\n", "name: prod-aws\n      sessionName:\n"), Severity.FATAL, "STS refuses"),
    (
        "ACCOUNT016",
        _with("name: prod-aws\n", "name: prod-aws\n      sessionDurationSeconds: 3600\n"),
        Severity.WARNING,
        "does not reach",
    ),
    (
        "ACCOUNT018",
        _with("  accounts:\n    - name", "  accessKeyId: AKIDHUSH\n  accounts:\n    - name"),
        Severity.WARNING,
        "in clear",
    ),
    ("ACCOUNT019", _with("us-east-1", "cn-north-1"), Severity.FATAL, "regions of aws-cn"),
    ("ACCOUNT020", _with("name: prod-aws\n", "name: prod-aws\n      environment:\n"), Severity.WARNING, "nothing is written"),
    ("ACCOUNT020", _with("name: prod-aws\n", "name: prod-aws\n      environment: ${STAGE}\n"), Severity.WARNING, "${STAGE}"),
    ("ACCOUNT021", _with("ecs:\n  enabled: true", "ecs:\n  enabled: false"), Severity.FATAL, "is not on"),
    ("ACCOUNT022", _with("ecs:", "  loadAccounts: {maxRetries: many}\necs:"), Severity.FATAL, "`many`"),
    ("ACCOUNT022", _with("ecs:\n", SPARE.replace("name: spare", "environment: e") + "ecs:\n"), Severity.FATAL, "has no name"),
    ("ACCOUNT023", _with("name: prod,", "name: 'prod:eu',"), Severity.ERROR, "holds :"),
]


def test_the_good_file_is_green(tmp_path: Path) -> None:
    report = _judged(tmp_path, GOOD)

    assert report.is_green
    assert {result.check for result in report.results} >= {check.id for check in ALL_CHECKS if check.family == "ACCOUNT"}


@pytest.mark.parametrize(("check", "text", "severity", "says"), ALONE, ids=lambda value: value if isinstance(value, str) else "")
def test_it_alone_fails(tmp_path: Path, check: str, text: str, severity: Severity, says: str) -> None:
    report = _judged(tmp_path, text)
    failed = _failed(report)

    assert list(failed) == [check]
    assert failed[check].severity is severity
    assert says in " ".join(problem.summary for problem in failed[check].problems)
    for problem in failed[check].problems:
        assert len(problem.summary) < 100
        assert problem.remediation
        assert problem.location is not None
        assert problem.location.line
    for secret in ("hush-hush", "AKIDHUSH"):
        assert secret not in render_json(report) + render_text(report, verbose=True)


def test_every_account_check_has_a_file_of_its_own() -> None:
    offered = {check.id for check in ALL_CHECKS if check.family == "ACCOUNT"}

    assert offered - {check for check, *_ in ALONE} == {"ACCOUNT017"}  # which takes two files: below


def test_a_list_that_an_overlay_replaces(tmp_path: Path) -> None:
    base = _with("ecs:\n", SPARE + "ecs:\n")
    overlay = GOOD[: GOOD.index("ecs:")]
    failed = _failed(_judged(tmp_path, base, overlay))

    assert list(failed) == ["ACCOUNT017"]
    assert "hides spare" in failed["ACCOUNT017"].problems[0].summary


def test_an_overlay_that_repeats_the_entries_is_well(tmp_path: Path) -> None:
    assert _judged(tmp_path, GOOD, GOOD).is_green


def test_without_its_aws_account_an_account_is_blocked(tmp_path: Path) -> None:
    report = _judged(tmp_path, _with("awsAccount: prod-aws", "awsAccount: nobody"))
    blocked = {result.check for result in report.results if result.outcome is Outcome.BLOCKED}

    assert blocked >= {"ACCOUNT004", "ACCOUNT005", "ACCOUNT006", "ACCOUNT007", "ACCOUNT009", "ACCOUNT015", "ACCOUNT019"}


def test_a_missing_role_blocks_what_judges_the_role(tmp_path: Path) -> None:
    report = _judged(tmp_path, _with("      assumeRole: role/SpinnakerManaged\n", ""))
    outcomes = {result.check: result.outcome for result in report.results if result.target.account}

    assert (outcomes["ACCOUNT007"], outcomes["ACCOUNT019"]) == (Outcome.BLOCKED, Outcome.BLOCKED)


@pytest.mark.parametrize(
    ("check", "old", "new"),
    [
        ("ACCOUNT005", '"123456789012"', '"encrypted:s3!r:us-west-2!b:bucket!f:ids"'),
        ("ACCOUNT007", "role/SpinnakerManaged", '"encrypted:s3!r:us-west-2!b:bucket!f:roles"'),
        ("ACCOUNT015", "name: prod-aws\n", 'name: prod-aws\n      sessionName: "encrypted:noop!v:x"\n'),
    ],
)
def test_what_only_spinnaker_can_read_is_undetermined(tmp_path: Path, check: str, old: str, new: str) -> None:
    report = _judged(tmp_path, _with(old, new))
    outcomes = {result.check: result.outcome for result in report.results if result.target.account}

    assert outcomes[check] is Outcome.UNDETERMINED
    assert not report.is_green


@pytest.mark.parametrize(("version", "fails"), [("1.27.9", False), ("1.28.0", True), (None, True)])
def test_emptied_default_regions_matter_from_1_28_on(tmp_path: Path, version: str | None, fails: bool) -> None:
    text = _with("  accounts:\n    - name", "  defaultRegions: []\n  accounts:\n    - name")

    assert ("ACCOUNT008" in _failed(_judged(tmp_path, text, version=version))) is fails


def test_the_packaged_region_is_none_of_china(tmp_path: Path) -> None:
    failed = _failed(_judged(tmp_path, GOOD, preflight=CHINA))

    assert failed["ACCOUNT008"].severity is Severity.WARNING
    assert "us-east-1 is none of aws-cn" in failed["ACCOUNT008"].problems[0].summary


def test_a_china_role_written_out_is_well(tmp_path: Path) -> None:
    text = _with("us-east-1", "cn-north-1").replace("role/SpinnakerManaged", "arn:aws-cn:iam::123456789012:role/SpinnakerManaged")

    assert _judged(tmp_path, text).is_green


@pytest.mark.parametrize("duration", ["defaultSessionDurationSeconds: 3600", "defaultSessionDurationSeconds: 1800"])
def test_a_duration_that_is_the_default_too_is_not_dropped(tmp_path: Path, duration: str) -> None:
    text = _with("name: prod-aws\n", "name: prod-aws\n      sessionDurationSeconds: 3600\n")
    text = text.replace("  accounts:\n    - name", f"  {duration}\n  accounts:\n    - name")

    assert ("ACCOUNT016" in _failed(_judged(tmp_path, text))) is duration.endswith("1800")


@pytest.mark.parametrize("strategy", ["default", "tags", "TAGS", "Default"])
def test_strategies_are_known_in_any_case(tmp_path: Path, strategy: str) -> None:
    text = _with("awsAccount: prod-aws", f"awsAccount: prod-aws, namingStrategy: {strategy}")

    assert "ACCOUNT013" not in _failed(_judged(tmp_path, text))


def test_keys_kept_as_secrets_are_well(tmp_path: Path) -> None:
    text = _with("  accounts:\n    - name", "  secretAccessKey: encrypted:noop!v:x\n  accounts:\n    - name")

    assert "ACCOUNT018" not in _failed(_judged(tmp_path, text))


def test_without_aws_accounts_the_mapping_is_blocked(tmp_path: Path) -> None:
    text = "aws: {enabled: true}\necs: {enabled: true, accounts: [{name: prod, awsAccount: prod-aws}]}\n"
    report = _judged(tmp_path, text)

    assert list(_failed(report)) == ["ACCOUNT002"]
    assert next(result for result in report.results if result.check == "ACCOUNT001").outcome is Outcome.BLOCKED
