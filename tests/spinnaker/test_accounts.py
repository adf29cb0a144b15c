"""clouddriver's models, made in Python."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, EcsProvider, LifecycleHook, near_misses
from tests.spinnaker.builders import aws_account, clouddriver, ecs_account


def test_camel_case_is_accepted_from_python() -> None:
    account = aws_account(sessionName="x")
    assert account.session_name == "x"


def test_accounts_are_found_by_exact_name_and_guessed_by_near_misses() -> None:
    aws = clouddriver(aws={"accounts": (aws_account(name="Prod"), aws_account(name="staging"))}).aws
    assert aws.account("prod") is None
    assert aws.account(None) is None
    assert aws.near_misses("prod") == ("Prod",)
    assert aws.near_misses("stagign") == ("staging",)
    assert aws.near_misses("zzz") == ()


def test_the_digits_of_an_account_lead_to_its_name() -> None:
    aws = clouddriver(aws={"accounts": (aws_account(name="live"), aws_account(name="other", account_id="1"))}).aws
    assert aws.near_misses("123456789012") == ("live",)


def test_a_changed_copy_finds_its_own_accounts() -> None:
    aws = clouddriver().aws
    assert aws.account("prod") is not None
    changed = aws.model_copy(update={"accounts": (aws_account(name="new"),)})
    assert (changed.account("prod"), changed.account("new")) == (None, aws_account(name="new"))
    assert aws.account("prod") == aws_account()
    assert aws == clouddriver().aws
    assert aws != changed


def test_of_two_accounts_of_one_name_the_last_counts() -> None:
    whole = clouddriver(
        aws={"accounts": (aws_account(account_id="1"), aws_account(account_id="2"))},
        ecs={"accounts": (ecs_account(naming_strategy="a"), ecs_account(naming_strategy="b"))},
    )
    assert whole.aws.account("prod") == aws_account(account_id="2")
    assert whole.ecs.account("prod-ecs") == ecs_account(naming_strategy="b")
    assert whole.ecs.account("other") is None


@pytest.mark.parametrize(
    ("own", "default", "strategy"),
    [(None, "default", "default"), ("tags", "default", "tags"), (" ", "tags", "tags"), ("", None, None)],
)
def test_the_naming_strategy_is_the_first_that_is_not_blank(own: str | None, default: str | None, strategy: str | None) -> None:
    ecs = EcsProvider(default_naming_strategy=default)
    assert ecs.naming_strategy_of(ecs_account(naming_strategy=own)) == strategy


# The spellings of clouddriver's own classes: CredentialsConfig, AccountsConfiguration.Account, LifecycleHook.
@pytest.mark.parametrize(
    ("model", "field", "spelling"),
    [
        (AwsAccount, "account_id", "accountId"),
        (AwsAccount, "front50_enabled", "front50Enabled"),
        (AwsAccount, "allow_private_third_party_images", "allowPrivateThirdPartyImages"),
        (AwsProvider, "default_front50_template", "defaultFront50Template"),
        (AwsProvider, "default_lifecycle_hook_role_arn_template", "defaultLifecycleHookRoleARNTemplate"),
        (EcsAccount, "naming_strategy", "namingStrategy"),
        (LifecycleHook, "notification_target_arn", "notificationTargetARN"),
    ],
)
def test_the_alias_is_clouddrivers_spelling(model: type[AwsAccount], field: str, spelling: str) -> None:
    assert model.model_fields[field].alias == spelling


def test_a_mistake_in_python_is_refused_without_showing_values() -> None:
    with pytest.raises(ValidationError, match="extra") as caught:
        aws_account(external_ID="hush")
    assert "hush" not in str(caught.value)
    with pytest.raises(ValidationError, match="frozen"):
        aws_account().name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("prod", ("Prod", "prod2"), ("Prod", "prod2")),
        ("prod ", ("prod",), ("prod",)),
        ("prod", ("prod",), ("prod",)),
        ("zzz", ("prod",), ()),
        ("prod", (), ()),
    ],
)
def test_near_misses_are_another_case_first_and_then_typos(name: str, known: tuple[str, ...], near: tuple[str, ...]) -> None:
    assert near_misses(name, known) == near
