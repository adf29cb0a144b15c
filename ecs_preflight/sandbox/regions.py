"""Regions of the simulated accounts: those that are always on, those that were opted in to, those that are off.

https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import botocore.loaders

from ecs_preflight.arn import partition_of_region
from ecs_preflight.sandbox.calls import Call, Refusal
from ecs_preflight.sandbox.environment import not_installed, sandbox_environment

# Launched before March 2019: "enabled by default", and nobody can disable them.
_ALWAYS_ON = frozenset({
    "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-central-1", "eu-west-1", "eu-west-2",
    "eu-west-3", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3",
})  # fmt: skip
_REGIONAL = frozenset({"sts", "ecs", "ec2", "autoscaling"})


@cache
def regions_of(partition: str) -> tuple[str, ...]:
    """Every region of a partition that has EC2, as botocore's own data knows them."""
    partitions = botocore.loaders.Loader().load_data("endpoints")["partitions"]  # no session: it would read the user's settings
    found = next((known for known in partitions if known["partition"] == partition), None)
    return tuple(sorted(name for name in found["services"]["ec2"]["endpoints"] if name in found["regions"])) if found else ()


@cache
def zones_of(region: str) -> tuple[str, ...]:
    """The Availability Zones of a region, as moto has them: `us-east-1a`.

    moto reads the environment while it is imported, and that must not be the user's own.
    """
    with sandbox_environment({}):
        try:
            from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
        except ModuleNotFoundError as error:
            raise not_installed(error) from error
    return tuple(sorted(zone.name for zone in RegionsAndZonesBackend.zones.get(region, ())))


def require_enabled(call: Call, disabled: Mapping[str, frozenset[str]]) -> None:
    """Refuse a call in a region that its account has not enabled, as AWS does: the keys are not known there."""
    off = disabled.get(call.account_id, frozenset())
    known = regions_of(partition_of_region(call.region))
    if call.caller.seeds or call.service not in _REGIONAL or (call.region in known and call.region not in off):
        return
    if call.service == "sts":
        raise Refusal(
            "RegionDisabledException",
            f"STS is not activated in this region for account:{call.account_id}. "
            "Your account administrator can activate STS in this region using the IAM Console.",
            403,
        )
    if call.service == "ec2":
        raise Refusal("AuthFailure", "AWS was not able to validate the provided access credentials", 401)
    code = "UnrecognizedClientException" if call.service == "ecs" else "InvalidClientTokenId"
    raise Refusal(code, "The security token included in the request is invalid.", 403)


def describe_regions(disabled: Mapping[str, frozenset[str]]) -> Callable[[Call], dict[str, Any]]:
    """The answer to DescribeRegions; without AllRegions only what is enabled."""

    def answer(call: Call) -> dict[str, Any]:
        off = disabled.get(call.account_id, frozenset())
        known = regions_of(call.partition)
        wanted = call.get("RegionNames") or known
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise Refusal("InvalidParameterValue", f"Invalid region provided: {unknown[0]}")
        suffix = "amazonaws.com.cn" if call.partition == "aws-cn" else "amazonaws.com"
        shown = [name for name in wanted if call.get("AllRegions") or name not in off]
        return {
            "Regions": [
                {"RegionName": name, "Endpoint": f"ec2.{name}.{suffix}", "OptInStatus": _status(name, off)} for name in shown
            ]
        }

    return answer


def _status(region: str, off: frozenset[str]) -> str:
    if region in off:
        return "not-opted-in"
    always_on = region in _ALWAYS_ON or partition_of_region(region) != "aws"
    return "opt-in-not-required" if always_on else "opted-in"
