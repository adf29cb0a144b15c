"""The input of a run as one: what is read, what outweighs what, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight.config import PreflightConfig, load_config
from ecs_preflight.errors import InputError, PreflightError, UsageError
from ecs_preflight.findings import Blocked, Undetermined
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.targets import Target
from tests.builders import CLOUDDRIVER, HALCONFIG, changed, loaded, with_spare

PREFLIGHT = """\
spinnaker: {version: "1.37.0", aws_region: eu-west-1}
reader: {profile: auditor}
accounts:
  prod:
    reader: {profile: prod-auditor}
    regions:
      us-east-1:
        clusters:
          web:
            workloads: [{name: api, memory: 512}]
          batch:
      eu-west-1:
        clusters: {reports: }
"""
TWO_REGIONS = changed("[{name: us-east-1}]", "[{name: us-west-2}, {name: us-east-1}, {name: us-west-2}]")
ROLE = "arn:aws:iam::123456789012:role/SpinnakerManaged"


def test_the_parts_are_joined(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER, preflight=PREFLIGHT)

    assert [account.name for account in config.ecs_accounts] == ["prod"]
    assert str(config.version) == "1.37.0"
    assert config.aws_region == "eu-west-1"
    assert config.mapping("prod").role_arn == ROLE
    assert config.thresholds.copies == 3
    assert config.waivers == ()
    assert config.managing_identity_arn is None
    assert not config.offline


def test_without_preflight_yml_its_defaults_are_in_force(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER)

    assert config.preflight == PreflightFile()
    assert config.version is None
    assert config.aws_region == "us-west-2"  # Regions.DEFAULT_REGION of the AWS SDK for Java 1


def test_files_are_laid_over_each_other_in_order(tmp_path: Path) -> None:
    overlay = "ecs:\n  defaultNamingStrategy: tags\naws:\n  defaultSessionName: first\n"
    config = loaded(tmp_path, CLOUDDRIVER, overlay, "aws:\n  defaultSessionName: second\n")

    assert config.clouddriver.ecs.default_naming_strategy == "tags"
    assert config.clouddriver.aws.default_session_name == "second"
    assert [account.name for account in config.ecs_accounts] == ["prod"]


def test_placeholders_take_their_values_from_the_environment_that_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLE", "of-this-process")
    text = changed("role/SpinnakerManaged", "role/${ROLE}")

    assert not loaded(tmp_path, text).role_is_known("prod")
    assert loaded(tmp_path, text, environ={"ROLE": "SpinnakerManaged"}).mapping("prod").role_arn == ROLE


# --spinnaker-version, preflight.yml, the file of Spinnaker's, what is in force
VERSIONS = [
    (None, "", CLOUDDRIVER, None),
    (None, "spinnaker: {version: 1.20}", CLOUDDRIVER, "1.20.0"),
    ("1.24.1", "spinnaker: {version: 1.20}", CLOUDDRIVER, "1.24.1"),
    ("main", "spinnaker: {version: 1.20}", CLOUDDRIVER, None),
    (None, "", HALCONFIG, "1.30.1"),
    (None, "spinnaker: {version: 1.20}", HALCONFIG, "1.20.0"),
    ("2025.0.1", "", HALCONFIG, "2025.0.1"),
    ("main", "", HALCONFIG, None),
]


@pytest.mark.parametrize(("option", "settings", "text", "version"), VERSIONS)
def test_the_version_that_is_stated_last_counts(
    tmp_path: Path, option: str | None, settings: str, text: str, version: str | None
) -> None:
    config = loaded(tmp_path, text, preflight=settings, spinnaker_version=option)

    assert (str(config.version) if config.version else None) == version


# --region, preflight.yml, clouddriver's environment, where clouddriver calls STS: SpinnakerAwsRegionProvider.java:27-54
REGIONS = [
    (None, "", {}, "us-west-2"),
    (None, "", {"AWS_REGION": "eu-west-1"}, "eu-west-1"),
    (None, "", {"AWS_REGION": "eu-west-1", "EC2_REGION": "eu-west-2"}, "eu-west-2"),
    (None, "spinnaker: {aws_region: eu-west-3}", {"EC2_REGION": "eu-west-2"}, "eu-west-3"),
    ("us-east-2", "spinnaker: {aws_region: eu-west-3}", {"EC2_REGION": "eu-west-2"}, "us-east-2"),
]


@pytest.mark.parametrize(("option", "settings", "environ", "region"), REGIONS)
def test_the_region_of_clouddrivers_environment(
    tmp_path: Path, option: str | None, settings: str, environ: dict[str, str], region: str
) -> None:
    assert loaded(tmp_path, CLOUDDRIVER, preflight=settings, aws_region=option, environ=environ).aws_region == region


def test_a_halconfig_is_told_by_its_shape(tmp_path: Path) -> None:
    config = loaded(tmp_path, HALCONFIG)

    assert config.mapping("prod").role_arn == ROLE
    assert [region.name for region in config.clouddriver.aws.default_regions] == ["us-west-2"]  # Halyard's default


def test_of_two_ecs_accounts_with_one_name_the_last_is_a_target(tmp_path: Path) -> None:
    text = with_spare() + "    - {name: prod, awsAccount: spare}\n    - {name: '', awsAccount: spare}\n"
    config = loaded(tmp_path, text)

    assert [(account.name, account.aws_account) for account in config.ecs_accounts] == [("prod", "spare")]
    assert [account.name for account in config.unmapped_aws_accounts] == ["prod-aws"]


def test_a_name_that_no_target_can_have_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        loaded(tmp_path, CLOUDDRIVER).ecs_account("nobody")


@pytest.mark.parametrize(
    ("text", "verdict", "reason"),
    [
        (changed("awsAccount: prod-aws", "awsAccount: nobody"), Blocked, "'nobody' is not in aws.accounts"),
        (changed("awsAccount: prod-aws", "awsAccount:"), Blocked, "'prod' names no AWS account"),
        (changed(", awsAccount: prod-aws", ""), Blocked, "'prod' names no AWS account"),
        (changed("awsAccount: prod-aws", "awsAccount: '${NAME}'"), Undetermined, "'${NAME}'"),
        (changed("- name: prod-aws", "- name: ${NAME}"), Undetermined, "'${NAME}'"),
    ],
)
def test_a_mapping_that_leads_nowhere(tmp_path: Path, text: str, verdict: type[Exception], reason: str) -> None:
    config = loaded(tmp_path, text)

    assert config.mapping_or_none("prod") is None
    assert not config.role_is_known("prod")
    with pytest.raises(verdict, match=reason.replace("$", r"\$")):
        config.mapping("prod")


@pytest.mark.parametrize(
    ("role", "known"),
    [
        ("role/x", True),
        ("role/path/x", True),
        ("arn:aws-cn:iam::123456789012:role/x", True),
        ("user/x", False),
        ("x", False),
        ("role/", False),
        ("role/${X}", False),
        ("role/ö", False),
        ("encrypted:noop!v:x", False),
    ],
)
def test_a_role_is_known_that_sts_can_be_asked_for(tmp_path: Path, role: str, known: bool) -> None:
    assert loaded(tmp_path, changed("role/SpinnakerManaged", role)).role_is_known("prod") is known


def test_regions_are_spinnakers_and_those_that_clusters_are_named_in(tmp_path: Path) -> None:
    config = loaded(tmp_path, TWO_REGIONS, preflight=PREFLIGHT, clusters=["prod/ap-south-1/x"])

    assert config.spinnaker_regions("prod") == ("us-west-2", "us-east-1")
    assert config.regions("prod") == ("us-west-2", "us-east-1", "eu-west-1", "ap-south-1")


def test_clusters_are_those_of_preflight_yml_and_of_the_command_line(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER, preflight=PREFLIGHT, clusters=["prod/us-east-1/more", "prod/us-east-1/web"])

    assert config.clusters("prod", "us-east-1") == ("web", "batch", "more")
    assert config.clusters("prod", "us-west-2") == ()
    assert config.names_clusters_of("prod")
    assert not loaded(tmp_path, CLOUDDRIVER).names_clusters_of("prod")


def test_workloads_are_found_by_their_target(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER, preflight=PREFLIGHT)
    target = Target("prod", "us-east-1", "web", "api")

    assert config.workload(target).containers[0]["memoryReservation"] == 512
    assert config.workloads(Target("prod", "us-east-1", "batch")) == ()
    assert config.workloads(Target("prod", "us-west-2", "web")) == ()


def test_a_cluster_knows_its_line(tmp_path: Path) -> None:
    config = loaded(tmp_path, CLOUDDRIVER, preflight=PREFLIGHT)
    where = config.where(Target("prod", "us-east-1", "batch"))

    assert where is not None
    assert (where.file, where.line) == (str(tmp_path / "preflight.yml"), 11)
    assert config.where(Target("prod", "us-west-2", "batch")) is None


def test_an_account_has_the_reader_of_its_own_before_the_common_one(tmp_path: Path) -> None:
    config = loaded(tmp_path, with_spare() + "    - {name: spare-ecs, awsAccount: spare}\n", preflight=PREFLIGHT)
    profiles = {name: reader.profile if (reader := config.reader(name)) else None for name in ("prod", "spare-ecs", "")}

    assert profiles == {"prod": "prod-auditor", "spare-ecs": "auditor", "": "auditor"}
    assert loaded(tmp_path, CLOUDDRIVER).reader("prod") is None


@pytest.mark.parametrize(
    ("options", "says", "hint"),
    [
        ({"clusters": ["prod"]}, "'prod' names no ECS cluster", "ACCOUNT/REGION/CLUSTER"),
        ({"clusters": ["config"]}, "'config' names no ECS cluster", "ACCOUNT/REGION/CLUSTER"),
        ({"clusters": ["prod/us-east-1/*"]}, "names no ECS cluster", "ACCOUNT/REGION/CLUSTER"),
        ({"clusters": ["prod/us-east-1/web/api"]}, "names no ECS cluster", "ACCOUNT/REGION/CLUSTER"),
        ({"clusters": ["prod//web"]}, "is not the id of a target", "ACCOUNT/REGION/CLUSTER"),
        ({"clusters": ["pord/us-east-1/web"]}, "'pord' is not the name of an ECS account", "Did you mean 'prod'?"),
        ({"clusters": ["zzz/us-east-1/web"]}, "'zzz' is not the name of an ECS account", "The ECS accounts are: prod."),
        ({"preflight": "accounts: {Prod: {}}"}, "'Prod' is not the name of an ECS account", "Did you mean 'prod'?"),
        ({"preflight": "accounts: {prod-aws: {}}"}, "'prod-aws' is not the name of an ECS account", "'prod'?"),
        ({"spinnaker_version": "latest"}, "`latest` is no version of Spinnaker", "1.37.0"),
    ],
)
def test_what_would_never_be_looked_at_is_refused(tmp_path: Path, options: dict[str, object], says: str, hint: str) -> None:
    with pytest.raises(InputError) as refused:
        loaded(tmp_path, CLOUDDRIVER, **options)  # type: ignore[arg-type]

    assert says in refused.value.message
    assert hint in (refused.value.hint or "")
    assert refused.value.exit_code == 2


def test_the_line_of_a_misspelt_account_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        loaded(tmp_path, CLOUDDRIVER, preflight="thresholds: {}\naccounts:\n  pord: {}\n")

    assert str(refused.value.location) == f"{tmp_path}/preflight.yml:3:3"


@pytest.mark.parametrize(
    "entries",
    ["", "  accounts: [prod]\n", "  accounts:\n    - {awsAccount: prod-aws}\n", "  accounts:\n    - {name: , awsAccount: a}\n"],
)
def test_where_clouddriver_does_not_start_for_its_ecs_accounts_the_run_goes_on(tmp_path: Path, entries: str) -> None:
    """What clouddriver itself refuses is a finding: ACCOUNT003 or ACCOUNT022 says so."""
    text = CLOUDDRIVER.partition("  accounts:\n    - {name: prod,")[0] + entries

    assert loaded(tmp_path, text, preflight="accounts: {prod: {}}", clusters=["prod/us-east-1/web"]).ecs_accounts == ()


def test_an_empty_list_of_ecs_accounts_has_nothing_to_be_said_of(tmp_path: Path) -> None:
    text = CLOUDDRIVER.partition("  accounts:\n    - {name: prod,")[0] + "  accounts: []\n"

    with pytest.raises(InputError, match="is not the name of an ECS account"):
        loaded(tmp_path, text, preflight="accounts: {prod: {}}")


@pytest.mark.parametrize("text", ["a: [", "- a\n", "aws:\n\tenabled: true\n", "aws: {}\naws: {}\n"])
def test_what_cannot_be_read_is_said_with_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as refused:
        loaded(tmp_path, text)

    assert refused.value.location is not None
    assert refused.value.location.file == str(tmp_path / "clouddriver0.yml")
    assert refused.value.location.line


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PreflightError) as refused:
        load_config(tmp_path / "nowhere.yml")

    assert "nowhere.yml" in str(refused.value)
    assert refused.value.exit_code == 2


def test_nothing_to_read_is_a_wrong_call() -> None:
    with pytest.raises(UsageError, match="no configuration was given"):
        load_config()


def test_a_configuration_can_be_made_in_python(tmp_path: Path) -> None:
    whole = loaded(tmp_path, CLOUDDRIVER)

    assert PreflightConfig(whole.clouddriver).mapping("prod") == whole.mapping("prod")
    assert PreflightConfig(whole.clouddriver) == PreflightConfig(whole.clouddriver, PreflightFile())
