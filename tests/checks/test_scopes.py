"""What checks are planned on: nothing that is configured is dropped."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks.scopes import (
    each_account,
    each_account_and_the_unmapped,
    each_cluster,
    each_region,
    each_workload,
    whole_config,
)
from tests.plans import CLOUDDRIVER, config

TWO_REGIONS = CLOUDDRIVER.replace("{name: us-east-1}", "{name: us-east-1}, {name: eu-west-1}")
UNMAPPED = CLOUDDRIVER.replace("awsAccount: aws", "awsAccount: other")
NAMED = {
    "accounts": {"ecs": {"regions": {"us-east-1": {"clusters": {"a": None, "b/c": {"workloads": [{"name": "w", "memory": 4}]}}}}}}
}
ELSEWHERE = {"accounts": {"ecs": {"regions": {"ap-south-1": {"clusters": {"a": None}}}}}}

ONE_REGION_OPEN = {"accounts": {"ecs": {"regions": {"us-east-1": {"clusters": {"a": {}}}, "eu-west-1": {}}}}}
SCOPES: list[tuple[Any, str, dict[str, Any], list[str]]] = [
    (whole_config, CLOUDDRIVER, {}, ["config"]),
    (each_account, CLOUDDRIVER, {}, ["ecs"]),
    (each_account, UNMAPPED, {}, ["ecs"]),
    (each_account, CLOUDDRIVER + "    - {name: ecs2, awsAccount: aws}\n", {}, ["ecs", "ecs2"]),
    (each_account, CLOUDDRIVER + "    - {name: ecs, awsAccount: aws}\n", {}, ["ecs"]),
    (each_account_and_the_unmapped, CLOUDDRIVER, {}, ["ecs"]),
    (each_account_and_the_unmapped, UNMAPPED, {}, ["ecs", "config"]),
    (each_region, TWO_REGIONS, {}, ["ecs/us-east-1", "ecs/eu-west-1"]),
    (each_region, UNMAPPED, {}, ["ecs"]),  # no regions are known: the account stands for them
    (each_region, CLOUDDRIVER, ELSEWHERE, ["ecs/us-east-1", "ecs/ap-south-1"]),
    (each_cluster, TWO_REGIONS, {}, ["ecs/us-east-1/*", "ecs/eu-west-1/*"]),
    (each_cluster, CLOUDDRIVER, NAMED, ["ecs/us-east-1/a", "ecs/us-east-1/b%2Fc"]),
    (each_cluster, TWO_REGIONS, NAMED, ["ecs/us-east-1/a", "ecs/us-east-1/b%2Fc"]),
    (each_cluster, CLOUDDRIVER, ELSEWHERE, ["ecs/ap-south-1/a"]),
    (each_cluster, TWO_REGIONS, ONE_REGION_OPEN, ["ecs/us-east-1/a", "ecs/eu-west-1/*"]),
    (each_cluster, UNMAPPED, {}, ["ecs"]),
    (each_workload, CLOUDDRIVER, {}, []),
    (each_workload, CLOUDDRIVER, NAMED, ["ecs/us-east-1/b%2Fc/w"]),
]


@pytest.mark.parametrize(
    ("scope", "clouddriver", "preflight", "targets"), SCOPES, ids=[f"{row[0].__name__}-{n}" for n, row in enumerate(SCOPES)]
)
def test_a_scope(scope: Any, clouddriver: str, preflight: dict[str, Any], targets: list[str]) -> None:
    assert [target.id for target in scope(config(clouddriver, **preflight))] == targets


@pytest.mark.parametrize("scope", [each_account, each_account_and_the_unmapped, each_region, each_cluster])
def test_every_account_is_in_every_scope_whatever_is_wrong_with_it(scope: Any) -> None:
    several = TWO_REGIONS + "    - {name: lost, awsAccount: nowhere}\n    - {name: ecs2, awsAccount: aws}\n"
    assert {target.account for target in scope(config(several, **NAMED))} == {"ecs", "lost", "ecs2"}
