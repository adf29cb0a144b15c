"""Whole configurations: files on top of each other, the packaged layer below them, the environment above."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.errors import InputError, Location, SyntaxInputError
from ecs_preflight.spinnaker.accounts import PACKAGED_FILE, AwsProvider, EcsAccount, EcsProvider, Region
from ecs_preflight.spinnaker.clouddriver import Clouddriver, load_clouddriver
from ecs_preflight.spinnaker.defects import DefectKind
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from tests.spinnaker.builders import aws_account, clouddriver, only, read
from tests.test_yamlmistakes import GUIDE_SNIPPET

PLAIN = """
    aws:
      enabled: true
      defaultAssumeRole: role/SpinnakerManaged
      accounts:
        - name: prod
          accountId: "123456789012"
          regions:
            - name: us-east-1
    ecs:
      enabled: true
      accounts:
        - name: prod-ecs
          awsAccount: prod
"""


def test_a_plain_file_gives_the_mapping() -> None:
    whole = read(PLAIN)
    assert whole.defects == ()
    assert (whole.aws.enabled, whole.ecs.enabled, whole.ecs.accounts_stated) == (True, True, True)
    (mapping,) = whole.mappings
    assert mapping.role_arn == "arn:aws:iam::123456789012:role/SpinnakerManaged"
    assert mapping.account_id == "123456789012"
    assert [region.name for region in mapping.regions] == ["us-east-1"]
    assert whole.regions_looked_up == ("us-east-1",)


def test_files_and_python_say_the_same() -> None:
    by_hand = Clouddriver(
        aws=AwsProvider(
            enabled=True,
            default_assume_role="role/SpinnakerManaged",
            accounts=[aws_account(assume_role=None)],
        ),
        ecs=EcsProvider(enabled=True, accounts=[EcsAccount(name="prod-ecs", aws_account="prod")]),
    )
    assert read(PLAIN) == by_hand
    assert hash(read(PLAIN).aws.accounts[0]) == hash(by_hand.aws.accounts[0])
    assert by_hand.aws.location is None
    assert by_hand.aws.written("enabled") is None


def test_the_guides_snippet_with_tabs_of_two_loads_and_shows_the_misplaced_key() -> None:
    whole = read(GUIDE_SNIPPET.expandtabs(2))
    defect = only(whole.defects)
    assert (defect.kind, defect.path) == (DefectKind.MISPLACED_KEY, "ecs.awsAccount")
    assert defect.location.line == 15
    assert "`ecs.accounts[]`" in defect.expected
    assert "in line with `name` of line 14" in defect.expected
    assert whole.ecs.accounts == (EcsAccount(name="ecs-account-name"),)
    assert whole.mappings[0].aws_account is None


def test_the_guides_snippet_mended_is_clean() -> None:
    whole = read(GUIDE_SNIPPET.expandtabs(2).replace("      awsAccount", "        awsAccount"))
    assert whole.defects == ()
    assert whole.mappings[0].role_arn == "arn:aws:iam::123456789012:role/SpinnakerManaged"


def test_the_packaged_layer_lies_below() -> None:
    whole = read("")
    assert (whole.aws.enabled, whole.aws.accounts, whole.aws.default_regions) == (False, (), (Region(name="us-east-1"),))
    assert whole.aws.default_key_pair_template == "{{name}}-keypair"
    assert whole.aws.default_regions_are_packaged
    written = whole.aws.written("default_regions")
    assert written is not None
    assert written.location.file == PACKAGED_FILE
    assert (whole.ecs.enabled, whole.ecs.accounts_stated) == (False, False)
    assert whole == Clouddriver()


def test_without_the_packaged_layer_there_are_no_default_regions() -> None:
    whole = read("aws: {enabled: true}", packaged=False)
    assert whole.aws.default_regions == ()
    assert whole.aws.default_key_pair_template is None
    assert not whole.aws.default_regions_are_packaged
    assert read("aws: {defaultRegions: [{name: a}]}", packaged=False).aws.default_regions == (Region(name="a"),)


@pytest.mark.parametrize(
    ("environ", "enabled"), [({}, False), ({"AWS_ENABLED": "true"}, True), ({"AWS_ENABLED": "false"}, False), (None, False)]
)
def test_the_environment_switches_aws_on(environ: dict[str, str] | None, enabled: bool) -> None:
    assert read("", environ=environ).aws.enabled is enabled


def test_the_process_environment_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENABLED", "true")
    assert read("").aws.enabled is False


@pytest.mark.parametrize(
    ("text", "environ", "role"),
    [
        ("aws: {defaultAssumeRole: 'role/${ROLE}'}", {"ROLE": "x"}, "role/x"),
        ("aws: {defaultAssumeRole: 'role/${my.role}'}", {"MY_ROLE": "x"}, "role/x"),
        ("my: {role-name: y}\naws: {defaultAssumeRole: 'role/${my.roleName}'}", {}, "role/y"),
        ("my: {role: y}\naws: {defaultAssumeRole: 'role/${my.role}'}", {"MY_ROLE": "x"}, "role/x"),
        ("aws: {defaultAssumeRole: 'role/${ROLE:z}'}", {}, "role/z"),
        ("aws: {defaultAssumeRole: 'role/${ROLE}'}", {}, "role/${ROLE}"),
        ("aws: {defaultAssumeRole: role/file}", {"AWS_DEFAULTASSUMEROLE": "role/environment"}, "role/environment"),
    ],
)
def test_placeholders_are_resolved_from_the_files_and_the_environment(text: str, environ: dict[str, str], role: str) -> None:
    assert read(text, environ=environ).aws.default_assume_role == role


def test_a_list_in_the_environment_replaces_the_files() -> None:
    whole = read(PLAIN, environ={"AWS_ACCOUNTS_0_ACCOUNTID": "1", "AWS_REGION": "us-west-2", "ECS_CONTAINER_METADATA_URI": "x"})
    assert whole.aws.accounts == ()
    kinds = {defect.kind for defect in whole.defects}
    assert kinds == {DefectKind.LIST_REPLACED, DefectKind.ENTRY_WITHOUT_NAME}


def test_an_overlay_hides_the_accounts_that_it_does_not_repeat() -> None:
    whole = read(PLAIN, "aws:\n  accounts:\n    - name: other\n      accountId: '1'\n")
    defect = only(whole.defects)
    assert (defect.kind, defect.path, defect.hidden) == (DefectKind.LIST_REPLACED, "aws.accounts", ("prod",))
    assert defect.location.file == "2.yml"
    assert "1.yml:6:5" in defect.found
    assert [account.name for account in whole.aws.accounts] == ["other"]


@pytest.mark.parametrize(
    "overlay",
    [
        "aws: {accounts: [{name: prod, accountId: '1'}, {name: other}]}",
        "aws: {defaultRegions: [{name: us-west-2}]}",
        "ecs: {enabled: false}",
        "google: {accounts: []}",
        "aws:\necs:\n",
    ],
)
def test_an_overlay_that_hides_nothing_is_no_defect(overlay: str) -> None:
    assert read(PLAIN + "\n    google: {accounts: [{name: g}]}\n", overlay).defects == ()


@pytest.mark.parametrize("overlay", ["ecs: {accounts: []}", "ecs: {accounts: }", "ecs.accounts: ''"])
def test_an_emptied_list_is_stated_and_hides(overlay: str) -> None:
    whole = read(PLAIN, overlay)
    assert (whole.ecs.accounts, whole.ecs.accounts_stated) == ((), True)
    assert only(tuple(d for d in whole.defects if d.kind is DefectKind.LIST_REPLACED)).hidden == ("prod-ecs",)


def test_strings_in_a_hidden_list_are_named_by_themselves() -> None:
    whole = read("aws: {defaultSecurityGroups: [a, b]}", "aws: {defaultSecurityGroups: [b]}")
    assert only(whole.defects).hidden == ("a",)


def test_documents_of_one_file_are_layers_and_profiles_gate_them() -> None:
    text = """
    aws: {defaultAssumeRole: role/base}
    ---
    spring.config.activate.on-profile: local
    aws: {defaultAssumeRole: role/local}
    ---
    spring: {config: {activate: {on-profile: prod}}}
    aws: {defaultAssumeRole: role/prod}
    other: 1
    """
    whole = read(text)
    assert whole.aws.default_assume_role == "role/local"
    defect = only(whole.defects)
    assert (defect.kind, defect.path) == (DefectKind.DOCUMENT_NOT_ACTIVE, "aws")
    assert "prod" in defect.found
    in_production = read(text, profiles=frozenset({"prod"}))
    assert in_production.aws.default_assume_role == "role/prod"
    assert [defect.kind for defect in in_production.defects] == [DefectKind.DOCUMENT_NOT_ACTIVE]


def test_files_are_loaded_in_order(tmp_path) -> None:
    base, local = tmp_path / "clouddriver.yml", tmp_path / "clouddriver-local.yml"
    base.write_text("aws: {enabled: true, defaultAssumeRole: role/base, defaultSessionName: base}")
    local.write_text("aws: {default-assume-role: role/local}")
    whole = load_clouddriver(base, str(local), version=SpinnakerVersion(1, 37))
    assert (whole.aws.default_assume_role, whole.aws.default_session_name) == ("role/local", "base")
    written = whole.aws.written("default_assume_role")
    assert written is not None
    assert written.location == Location(str(local), 1, 28)
    assert whole.is_at_least("1.37") is True
    assert whole.is_at_least("2025.0") is False


def test_an_unstated_version_answers_nothing() -> None:
    assert read("").is_at_least("1.28") is None


_BITS = [
    "[]",
    "{}",
    "~",
    "${X}",
    "${aws.accounts[0].name}",
    "012",
    ": ",
    "- ",
    "  ",
    "\n",
    "\t",
    "'",
    "name",
    "accounts:",
    "aws.",
]
_BITS += ["[0]", "{{name}}", "&a ", "*a", "<<: ", "encrypted:x", "!!str ", "---\n", "regions: [a]", "permissions: {READ: a}"]
_EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 8), st.sampled_from(["", *_BITS])), min_size=1, max_size=4)


def _read_or_refused(text: str) -> Clouddriver | InputError:
    try:
        return read(text)
    except InputError as error:
        return error


@given(_EDITS)
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_is_read_or_refused_with_a_place(edits: list[tuple[int, int, str]]) -> None:
    text = dedent(PLAIN)
    for position, length, bit in edits:
        at = position % len(text)
        text = text[:at] + bit + text[at + length :] or " "
    whole = _read_or_refused(text)
    if isinstance(whole, InputError):
        assert whole.location is not None
    else:
        assert len(whole.mappings) == len(whole.ecs.accounts)
        assert all(defect.location.file for defect in whole.defects)


def test_no_files_are_the_packaged_configuration() -> None:
    assert load_clouddriver() == Clouddriver()


def test_a_file_that_cannot_be_read_is_an_error(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_clouddriver(tmp_path / "absent.yml")


def test_a_halconfig_is_not_taken_for_clouddrivers() -> None:
    with pytest.raises(SyntaxInputError, match="configuration of Halyard's"):
        read("currentDeployment: default\ndeploymentConfigurations: []\n")


@pytest.mark.parametrize(
    ("text", "path"), [("aws: {ecs: {enabled: true}}", "aws.ecs"), ("providers: {ecs: {enabled: true}, cf: {}}", "providers.ecs")]
)
def test_a_block_that_is_not_at_the_top_is_told(text: str, path: str) -> None:
    defect = only(read(text).defects)
    assert (defect.kind, defect.path) == (DefectKind.MISPLACED_KEY, path)
    assert "column 1" in defect.expected


def test_an_account_is_mapped_where_an_ecs_account_names_it() -> None:
    whole = clouddriver(aws={"accounts": (aws_account(), aws_account(name="spare"))})
    assert [whole.is_mapped(account) for account in whole.aws.accounts] == [True, False]
