"""Keys that stand where clouddriver does not read them."""

from __future__ import annotations

import pytest

from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, EcsProvider, LoadAccounts, Region
from ecs_preflight.spinnaker.misplaced import PLACES, fields_of, ignored_because, is_read_by_others, owner_of
from ecs_preflight.spinnaker.written import WrittenModel


@pytest.mark.parametrize(
    ("model", "key", "owner"),
    [
        (EcsProvider, "awsAccount", EcsAccount),
        (EcsProvider, "naming-strategy", EcsAccount),
        (EcsProvider, "defaultRegions", AwsProvider),
        (EcsAccount, "defaultNamingStrategy", EcsProvider),
        (AwsProvider, "assumeRole", AwsAccount),
        (AwsProvider, "maxRetries", LoadAccounts),
        (AwsProvider, "awsAccount", EcsAccount),
        (AwsAccount, "defaultRegions", AwsProvider),
        (AwsAccount, "preferredZones", Region),
        (Region, "assumeRole", AwsAccount),
        (AwsAccount, "nonsense", None),
    ],
)
def test_a_key_has_an_owner_nearby(model: type[WrittenModel], key: str, owner: type[WrittenModel] | None) -> None:
    assert owner_of(model, key) is owner


def test_every_field_has_one_spelling_of_its_own() -> None:
    assert all(len(fields_of(model)) == len(model.model_fields) for model in PLACES)


@pytest.mark.parametrize(
    ("model", "key", "ignored"),
    [
        (EcsAccount, "permissions", True),
        (EcsAccount, "required-group-membership", True),
        (EcsAccount, "nonsense", False),
        (AwsAccount, "shieldEnabled", True),
        (AwsAccount, "name", False),
    ],
)
def test_a_key_without_effect_says_why(model: type[WrittenModel], key: str, ignored: bool) -> None:
    assert (ignored_because(model, key) is not None) is ignored


@pytest.mark.parametrize(
    ("model", "key", "read"),
    [(AwsProvider, "primaryAccount", True), (AwsProvider, "bakery-defaults", True), (Region, "features", False)],
)
def test_what_others_read_is_known(model: type[WrittenModel], key: str, read: bool) -> None:
    assert is_read_by_others(model, key) is read
