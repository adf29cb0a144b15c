"""The commands that a guide would have you type, and clouddriver.yml for whoever leaves Halyard."""

from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.spinnaker.accounts import LifecycleHook, Permissions, Region
from ecs_preflight.spinnaker.hal_commands import (
    clouddriver_yaml,
    hal_commands,
    hal_commands_of_mapping,
    hal_notes,
    secret_variable,
)
from tests.spinnaker.builders import aws_account, clouddriver, ecs_account, read
from tests.spinnaker.test_clouddriver import PLAIN
from tests.spinnaker.test_halyard import halconfig


def test_the_whole_mapping_as_commands() -> None:
    whole = clouddriver(
        aws={"accounts": (aws_account(name="aws-account-name", regions=(Region(name="us-east-1"), Region(name="us-west-2"))),)},
        ecs={"accounts": (ecs_account(name="ecs-account-name", aws_account="aws-account-name"),)},
    )
    assert hal_commands(whole) == (
        "hal config provider aws account add aws-account-name --account-id 123456789012 --assume-role role/spinnakerManaged"
        " --regions us-east-1,us-west-2",
        "hal config provider aws enable",
        "hal config provider ecs account add ecs-account-name --aws-account aws-account-name",
        "hal config provider ecs enable",
        "hal deploy apply",
    )


ACCOUNTS = [
    ({"regions": ()}, "prod --account-id 123456789012 --assume-role role/spinnakerManaged"),
    ({"regions": (), "assume_role": None}, "prod --account-id 123456789012 --assume-role role/default"),
    ({"name": "a b", "regions": ()}, "'a b' --account-id 123456789012 --assume-role role/spinnakerManaged"),
    (
        {"regions": (), "environment": "live", "default_key_pair": "k", "lambda_enabled": True},
        "prod --account-id 123456789012 --assume-role role/spinnakerManaged --environment live --default-key-pair k"
        " --lambda-enabled true",
    ),
    (
        {"regions": (), "permissions": Permissions(read=("a", "b c"), write=("a",)), "required_group_membership": ("g",)},
        "prod --account-id 123456789012 --assume-role role/spinnakerManaged --read-permissions 'a,b c' --write-permissions a"
        " --required-group-membership g",
    ),
    (
        {"regions": (), "external_id": "hush"},
        'prod --account-id 123456789012 --assume-role role/spinnakerManaged --external-id "$AWS_PROD_EXTERNAL_ID"',
    ),
    (
        {"regions": (), "external_id": "encrypted:s3!r:x!b:y!f:z"},
        "prod --account-id 123456789012 --assume-role role/spinnakerManaged --external-id 'encrypted:s3!r:x!b:y!f:z'",
    ),
]


@pytest.mark.parametrize(("account", "words"), ACCOUNTS)
def test_an_aws_account_as_a_command(account: dict[str, Any], words: str) -> None:
    whole = clouddriver(aws={"accounts": (aws_account(**account),), "default_assume_role": "role/default"}, ecs={"accounts": ()})
    command, *rest = hal_commands(whole)
    assert command == f"hal config provider aws account add {words}"
    assert rest == ["hal config provider aws enable", "hal deploy apply"]
    assert shlex.split(command)[:6] == ["hal", "config", "provider", "aws", "account", "add"]


def test_the_commands_of_one_mapping() -> None:
    whole = clouddriver(
        aws={"accounts": (aws_account(), aws_account(name="other"))},
        ecs={"accounts": (ecs_account(), ecs_account(name="lost", aws_account="nowhere"))},
    )
    first, second = whole.mappings
    assert [shlex.split(command)[4:7] for command in hal_commands_of_mapping(whole.aws, first)] == [
        ["account", "add", "prod"],
        ["enable"],
        ["account", "add", "prod-ecs"],
        ["enable"],
        [],
    ]
    assert hal_commands_of_mapping(whole.aws, second) == (
        "hal config provider ecs account add lost --aws-account nowhere",
        "hal config provider ecs enable",
        "hal deploy apply",
    )


NOTES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"accounts": (ecs_account(naming_strategy="tags"),)}, "ECS account prod-ecs: namingStrategy tags"),
    ({}, {"default_naming_strategy": "tags"}, "ecs.defaultNamingStrategy tags"),
    (
        {"accounts": (aws_account(regions=(Region(name="us-east-1", availability_zones=("us-east-1a",)),)),)},
        {},
        "AWS account prod: region us-east-1: zones",
    ),
    ({"accounts": (aws_account(session_name="s"),)}, {}, "AWS account prod: sessionName s has no flag (a key of the halconfig)"),
    ({"accounts": (aws_account(session_duration_seconds=3600),)}, {}, "AWS account prod: sessionDurationSeconds 3600"),
    ({"accounts": (aws_account(enabled=False),)}, {}, "AWS account prod: enabled: false"),
    ({"accounts": (aws_account(front50="x"),)}, {}, "AWS account prod: front50, bastionHost, accountType"),
    (
        {"accounts": (aws_account(lifecycle_hooks=(LifecycleHook(name="h"),)),)},
        {},
        "AWS account prod: lifecycleHooks (the flags --launching-lifecycle-hook-... and --terminating-lifecycle-hook-...)",
    ),
    (
        {"accounts": (aws_account(permissions=Permissions(execute=("g",))),)},
        {},
        "AWS account prod: permissions EXECUTE and CREATE",
    ),
    (
        {"default_assume_role": "role/x"},
        {},
        "aws.defaultAssumeRole has no flag: the role is written to every account",
    ),
    ({"default_session_name": "s"}, {}, "aws.defaultSessionName s"),
    ({"default_session_duration_seconds": 1800}, {}, "aws.defaultSessionDurationSeconds 1800"),
    (
        {"default_regions": (Region(name="us-east-1", availability_zones=("us-east-1a",)),)},
        {},
        "default region us-east-1: zones",
    ),
]


@pytest.mark.parametrize(("aws", "ecs", "note"), NOTES)
def test_what_halyard_cannot_express_is_noted(aws: dict[str, Any], ecs: dict[str, Any], note: str) -> None:
    assert hal_notes(clouddriver(aws=aws, ecs=ecs)) == (note,)


def test_nothing_to_note_is_no_note() -> None:
    assert hal_notes(clouddriver()) == ()


def test_clouddriver_yaml_of_a_halconfig_gives_the_same_accounts() -> None:
    whole = halconfig()
    text = clouddriver_yaml(whole)
    assert 'accountId: "012345678901"' in text
    again = read(text)
    assert (again.aws, again.ecs, again.defects) == (whole.aws, whole.ecs, ())


def test_clouddriver_yaml_of_clouddriver_gives_the_same() -> None:
    whole = read(PLAIN)
    assert read(clouddriver_yaml(whole)) == whole


_WORDS = st.text(alphabet="aeyno019.:-+_~ '\"{}[]#&*!|>%@`=,/é", min_size=1, max_size=12)


@given(name=_WORDS, account_id=_WORDS, role=_WORDS, groups=st.lists(_WORDS, max_size=3))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_it_clouddriver_yaml_reads_back(name: str, account_id: str, role: str, groups: list[str]) -> None:
    account = aws_account(name=name, account_id=account_id, assume_role=role, required_group_membership=tuple(groups))
    whole = clouddriver(aws={"accounts": (account,)}, ecs={"accounts": (ecs_account(aws_account=name),)})
    again = read(clouddriver_yaml(whole))
    assert again.aws.accounts == (account,)
    assert again.ecs.accounts == whole.ecs.accounts


def test_secrets_become_placeholders_for_the_environment() -> None:
    whole = clouddriver(
        aws={
            "access_key_id": "AKIAHUSH",
            "secret_access_key": "hush",
            "accounts": (aws_account(name="prod-1", external_id="hush"), aws_account(name="b", external_id="${ID}")),
        }
    )
    text = clouddriver_yaml(whole)
    assert "hush" not in text.lower()
    assert "externalId: ${AWS_PROD_1_EXTERNAL_ID}" in text
    assert "externalId: ${ID}" in text
    environ = {"AWS_ACCESS_KEY_ID": "AKIAHUSH", "AWS_SECRET_ACCESS_KEY": "hush", "AWS_PROD_1_EXTERNAL_ID": "hush"}
    again = read(text, environ=environ)
    assert (again.aws.access_key_id, again.aws.accounts[0].external_id) == ("AKIAHUSH", "hush")


def test_an_encrypted_reference_is_written_as_it_is() -> None:
    whole = clouddriver(aws={"secret_access_key": "encrypted:s3!r:x!b:y!f:z"})
    assert "encrypted:s3!r:x!b:y!f:z" in clouddriver_yaml(whole)


def test_the_variable_of_a_secret_is_a_name_for_a_shell() -> None:
    assert secret_variable("aws", "my account.1", "external_id") == "AWS_MY_ACCOUNT_1_EXTERNAL_ID"
