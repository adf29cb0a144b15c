"""Account, region, zones, ECS cluster and name: EcsCreateServerGroupDescriptionValidator, and what it forgets."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.rules.places import (
    account_is_known,
    cluster_is_named,
    name_is_well_formed,
    region_is_configured,
)
from tests.spinnaker.rules.broken import codes, violations
from tests.spinnaker.server_groups import GONE, a_group


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"account": GONE}, ["credentials.not.nullable"]),
        ({"account": "prod-aws"}, ["-"]),
        ({"account": ""}, ["-"]),
        ({"account": "${parameters.account}"}, ["?account"]),
    ],
)
def test_the_account_is_an_ecs_account(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(account_is_known(a_group(**changed), ["prod", "test"])) == said


def test_a_misspelt_account_is_mended() -> None:
    (violation,) = violations(account_is_known(a_group(account="prdo"), ["prod", "test"]))
    assert (violation.found, violation.fix) == ("account 'prdo' is no ECS account", 'Write "account": "prod".')


@pytest.mark.parametrize(
    ("zones", "said"),
    [
        ({"us-east-1": ["us-east-1a"]}, []),
        (GONE, ["availabilityZones.not.nullable"]),
        ({}, ["availabilityZones.must.have.only.one"]),
        ({"us-east-1": ["us-east-1a"], "eu-west-1": ["eu-west-1a"]}, ["availabilityZones.must.have.only.one"]),
        ({"us-east-1": []}, ["availabilityZones.zones.not.nullable"]),
        ({"us-east-1": None}, ["availabilityZones.zones.not.nullable"]),
        ({"eu-west-1": ["eu-west-1a"]}, ["-"]),
        ({"us-east-1": ["us-east-1a", "us-west-2a"]}, ["-"]),
        ({"us-east-1": "${zones}"}, []),
        ("${zones}", ["?availabilityZones"]),
        ({"${region}": ["us-east-1a"]}, ["?availabilityZones"]),
    ],
)
def test_the_region_is_one_of_the_accounts(zones: Any, said: list[str]) -> None:
    assert codes(region_is_configured(a_group(availabilityZones=zones), ["us-east-1"])) == said


def test_regions_that_are_not_known_are_not_missed() -> None:
    assert codes(region_is_configured(a_group(availabilityZones={"eu-west-1": ["eu-west-1a"]}), [])) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("production", []),
        (GONE, ["ecsClusterName.not.nullable"]),
        ("", ["-"]),
        ("arn:aws:ecs:us-east-1:123456789012:cluster/production", ["-"]),
        ("${cluster}", ["?ecsClusterName"]),
    ],
)
def test_the_ecs_cluster_is_a_name(name: Any, said: list[str]) -> None:
    assert codes(cluster_is_named(a_group(ecsClusterName=name))) == said


def test_of_an_arn_the_name_is_given() -> None:
    (violation,) = violations(cluster_is_named(a_group(ecsClusterName="arn:aws:ecs:us-east-1:1:cluster/web")))
    assert violation.fix == 'Write "ecsClusterName": "web".'


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"application": GONE}, ["application.not.nullable"]),
        ({"application": GONE, "moniker": {"app": "shop", "stack": "live", "detail": "web"}}, []),
        ({"moniker": {"app": "shop", "stack": "live"}}, ["moniker.detail.invalid"]),
        ({"moniker": {"stack": "live"}}, ["moniker.app.not.nullable"]),
        ({"moniker": {"app": "shop", "stack": "live", "detail": "web"}}, []),
        ({"moniker": {"app": "other", "stack": "live", "detail": "web"}}, ["moniker.app.invalid"]),
        ({"moniker": {"app": "shop", "stack": "x", "detail": "y"}}, ["moniker.detail.invalid", "moniker.stack.invalid"]),
        ({"moniker": {"app": "shop", "stack": "x", "detail": "y"}, "stack": "", "freeFormDetails": " "}, []),
        ({"moniker": {"app": "shop", "stack": "${s}", "detail": "web"}}, ["?moniker.stack"]),
        ({"moniker": "${moniker}"}, ["?moniker"]),
        ({"application": "shop.web"}, ["-"]),
        ({"application": "s" * 250}, ["-"]),
        ({"application": "${app}"}, []),
    ],
)
def test_the_name_is_one_that_ecs_takes(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(name_is_well_formed(a_group(**changed))) == said
