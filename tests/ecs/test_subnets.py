"""Free addresses by Availability Zone."""

from __future__ import annotations

import math

import pytest

from ecs_preflight.ecs.subnets import Tag, addresses_by_zone, certain_addresses, most_addresses, read_subnets
from ecs_preflight.errors import InputError
from tests.ecs.builders import subnet


def test_subnets_are_read_in_both_spellings() -> None:
    ours = {"subnetId": "subnet-a", "availabilityZone": "us-east-1a", "availableIpAddressCount": 7, "vpcId": "vpc-1"}
    assert read_subnets([ours]) == read_subnets([subnet("us-east-1a", 7, VpcId="vpc-1")])
    tagged = [{**ours, "tags": [{"key": "Name", "value": "a.b.c"}]}, {**ours, "Tags": [{"Key": "Name", "Value": "a.b.c"}]}]
    assert [found.tags for found in read_subnets(tagged)] == [(Tag(key="Name", value="a.b.c"),)] * 2


def test_addresses_of_a_zone_are_summed_and_never_below_none() -> None:
    zones = addresses_by_zone(
        read_subnets([subnet("us-east-1a", 7, VpcId="vpc-1"), subnet("us-east-1a", 5), subnet("us-east-1b", -12)])
    )
    assert most_addresses(zones) == certain_addresses(zones) == {"us-east-1a": 12, "us-east-1b": 0}
    assert zones["us-east-1a"].vpcs == {"vpc-1"}


def test_what_was_not_read_may_be_any_number_and_is_certain_of_none() -> None:
    zones = addresses_by_zone(read_subnets([subnet("us-east-1a", None), subnet("us-east-1a", 5)]))
    assert most_addresses(zones) == {"us-east-1a": math.inf}
    assert certain_addresses(zones) == {"us-east-1a": 5}


def test_a_subnet_without_a_zone_serves_none() -> None:
    assert addresses_by_zone(read_subnets([{"SubnetId": "subnet-a"}])) == {}
    assert most_addresses(None) == certain_addresses(None) == {}


def test_a_bad_subnet_is_an_input_error() -> None:
    with pytest.raises(InputError, match="This is not the subnet that the ECS API describes"):
        read_subnets([{"AvailabilityZone": "us-east-1a"}])
