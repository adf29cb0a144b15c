"""Halyard's configuration, read as the clouddriver.yml that it writes."""

from __future__ import annotations

import pytest

from ecs_preflight.errors import InputError, Location, SyntaxInputError
from ecs_preflight.spinnaker.accounts import EcsAccount, Region
from ecs_preflight.spinnaker.defects import DefectKind
from ecs_preflight.spinnaker.halyard import load_halconfig, read_halconfig
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from ecs_preflight.yamlfile import parse_yaml
from tests.spinnaker.builders import only

HALCONFIG = """\
halyardVersion: 1.44.0
currentDeployment: default
deploymentConfigurations:
- name: other
  version: 1.10.0
- name: default
  version: 1.37.0
  providers:
    google:
      enabled: false
      nonsense: 1
    aws:
      enabled: true
      accounts:
      - name: prod
        requiredGroupMembership: []
        providerVersion: V1
        permissions: {}
        accountId: '012345678901'
        regions:
        - name: us-east-1
        assumeRole: role/spinnakerManaged
        lifecycleHooks: []
      primaryAccount: prod
      bakeryDefaults:
        baseImages: []
      defaultKeyPairTemplate: '{{name}}-keypair'
      defaults:
        iamRole: BaseIAMRole
      features:
        cloudFormation:
          enabled: false
    ecs:
      enabled: true
      accounts:
      - name: prod-ecs
        requiredGroupMembership: []
        providerVersion: V1
        permissions: {}
        awsAccount: prod
      primaryAccount: prod-ecs
  deploymentEnvironment:
    size: SMALL
"""


def halconfig(*changes: tuple[str, str], overlays: tuple[str, ...] = (), environ: dict[str, str] | None = None):
    text = HALCONFIG
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return read_halconfig(
        parse_yaml(text, "config"), *(parse_yaml(overlay, "local.yml") for overlay in overlays), environ=environ
    )


def test_the_current_deployment_gives_the_mapping_and_the_version() -> None:
    whole = halconfig()
    assert whole.defects == ()
    assert whole.version == SpinnakerVersion(1, 37, 0)
    assert whole.ecs.accounts == (EcsAccount(name="prod-ecs", aws_account="prod"),)
    (mapping,) = whole.mappings
    assert mapping.role_arn == "arn:aws:iam::012345678901:role/spinnakerManaged"
    written = whole.aws.accounts[0].written("account_id")
    assert written is not None
    assert written.location == Location("config", 19, 20)


def test_halyards_own_defaults_lie_below() -> None:
    assert halconfig().aws.default_regions == (Region(name="us-west-2"),)
    assert not halconfig().aws.default_regions_are_packaged
    stated = halconfig(
        ("      primaryAccount: prod\n", "      primaryAccount: prod\n      defaultRegions: [{name: eu-west-1}]\n")
    )
    assert stated.aws.default_regions == (Region(name="eu-west-1"),)
    assert stated.defects == ()


def test_a_deployment_without_providers_is_halyards_defaults() -> None:
    whole = halconfig(("currentDeployment: default", "currentDeployment: other"))
    assert (whole.aws.enabled, whole.ecs.enabled, whole.aws.accounts, whole.ecs.accounts_stated) == (False, False, (), True)
    assert whole.version == SpinnakerVersion(1, 10, 0)


@pytest.mark.parametrize(
    ("before", "after", "path", "near_miss"),
    [
        ("        awsAccount: prod", "        awsAcount: prod", "providers.ecs.accounts[0].awsAcount", "awsAccount"),
        ("        awsAccount: prod", "        aws-account: prod", "providers.ecs.accounts[0].aws-account", "awsAccount"),
        (
            "        awsAccount: prod",
            "        awsAccount: prod\n        namingStrategy: tags",
            "providers.ecs.accounts[0].namingStrategy",
            None,
        ),
        ("        lifecycleHooks: []", "        enabled: false", "providers.aws.accounts[0].enabled", None),
        (
            "        - name: us-east-1",
            "        - name: us-east-1\n          availabilityZones: []",
            "providers.aws.accounts[0].regions[0].availabilityZones",
            None,
        ),
        ("      primaryAccount: prod-ecs", "      primaryAcount: prod-ecs", "providers.ecs.primaryAcount", "primaryAccount"),
        ("        assumeRole:", "        defaultAssumeRole:", "providers.aws.accounts[0].defaultAssumeRole", "assumeRole"),
    ],
)
def test_a_key_that_halyard_refuses_is_told_once(before: str, after: str, path: str, near_miss: str | None) -> None:
    defect = only(halconfig((before, after)).defects)
    assert (defect.kind, defect.path, defect.near_miss) == (DefectKind.REFUSED_BY_HALYARD, path, near_miss)
    assert defect.location.file == "config"


def test_a_block_that_is_no_mapping_is_told() -> None:
    whole = read_halconfig(parse_yaml("deploymentConfigurations: [{name: default, providers: {ecs: on, aws: [x]}}]", "config"))
    assert [(defect.kind, defect.path) for defect in whole.defects] == [(DefectKind.WRONG_TYPE, "aws")]


def test_what_clouddriver_would_ignore_is_told_too() -> None:
    whole = halconfig(("        permissions: {}\n        awsAccount", "        permissions: {READ: [a]}\n        awsAccount"))
    defect = only(whole.defects)
    assert (defect.kind, defect.path) == (DefectKind.KEY_IGNORED, "ecs.accounts[0].permissions")


@pytest.mark.parametrize(
    ("written", "version"),
    [
        ("1.10", SpinnakerVersion(1, 10)),
        ("local:1.37.0", None),
        ("branch:main", None),
        ("", None),
        ("master-latest-unvalidated", None),
    ],
)
def test_the_version_is_read_as_written(written: str, version: SpinnakerVersion | None) -> None:
    whole = halconfig(("  version: 1.37.0", f"  version: {written}"))
    assert whole.version == version
    assert whole.defects == ()


def test_a_version_that_is_none_is_a_defect() -> None:
    whole = halconfig(("  version: 1.37.0", "  version: newest"))
    defect = only(whole.defects)
    assert whole.version is None
    assert (defect.kind, defect.path, defect.location.line) == (DefectKind.WRONG_TYPE, "version", 7)


def test_overlays_lie_above() -> None:
    whole = halconfig(overlays=("ecs: {accounts: [{name: new, awsAccount: prod}]}\naws: {defaultSessionName: s}",))
    assert [account.name for account in whole.ecs.accounts] == ["new"]
    assert whole.aws.default_session_name == "s"
    assert only(whole.defects).hidden == ("prod-ecs",)


def test_placeholders_are_resolved_where_an_environment_is_given() -> None:
    whole = halconfig(("role/spinnakerManaged", "role/${ROLE}"), environ={"ROLE": "x"})
    assert whole.aws.accounts[0].assume_role == "role/x"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("aws: {}", "this is no configuration of Halyard's", "clouddriver.yml"),
        ("deploymentConfigurations: {}", "this is no configuration of Halyard's", "clouddriver.yml"),
        ("deploymentConfigurations: []", "the current deployment `default` is not in the file; its deployments: none", "default"),
        (
            "currentDeployment: prdo\ndeploymentConfigurations: [{name: prod}, {name: test}]",
            "the current deployment `prdo` is not in the file; its deployments: prod, test",
            "Write `currentDeployment: prod`.",
        ),
    ],
)
def test_what_cannot_be_gone_on_with_is_an_error(text: str, message: str, hint: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        read_halconfig(parse_yaml(text, "config"))
    assert caught.value.message.startswith(message)
    assert hint in (caught.value.hint or "")


def test_a_deployment_without_a_name_is_the_default_one() -> None:
    whole = read_halconfig(parse_yaml("deploymentConfigurations: [{version: 1.30.0}, ignored]", "config"))
    assert whole.version == SpinnakerVersion(1, 30)


def test_files_are_loaded(tmp_path) -> None:
    path, local = tmp_path / "config", tmp_path / "clouddriver-local.yml"
    path.write_text(HALCONFIG)
    local.write_text("aws: {defaultSessionName: s}\n---\necs: {defaultNamingStrategy: tags}\n")
    whole = load_halconfig(path, local)
    assert (whole.aws.default_session_name, whole.ecs.default_naming_strategy) == ("s", "tags")
    with pytest.raises(InputError, match="cannot be read"):
        load_halconfig(tmp_path / "absent")
