"""The subnets that awsvpc tasks are given, and the addresses that are free in each Availability Zone.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AliasChoices, Field

from ecs_preflight.ecs._model import AwsShape, read_shape


def _either(name: str) -> Any:
    """`SubnetId` as DescribeSubnets has it, `subnetId` as people write it."""
    return Field(validation_alias=AliasChoices(name, name[0].lower() + name[1:]))


class Tag(AwsShape):
    """A tag, as EC2 spells it."""

    key: Annotated[str, _either("Key")]
    value: Annotated[str, _either("Value")] = ""


class Subnet(AwsShape):
    """A subnet; AvailableIpAddressCount None means that it was not read."""

    subnet_id: Annotated[str, _either("SubnetId")]
    availability_zone: Annotated[str | None, _either("AvailabilityZone")] = None
    availability_zone_id: Annotated[str | None, _either("AvailabilityZoneId")] = None
    """Such as `use1-az1`; the names of zones differ from account to account."""
    available_ip_address_count: Annotated[int | None, _either("AvailableIpAddressCount")] = None
    vpc_id: Annotated[str | None, _either("VpcId")] = None
    tags: Annotated[tuple[Tag, ...], _either("Tags")] = ()


@dataclass(frozen=True, slots=True)
class ZoneAddresses:
    """Free addresses of the subnets of one zone: `most`, None where one was not read; `certain`; and their VPCs."""

    most: int | None
    certain: int
    vpcs: frozenset[str]


def read_subnets(subnets: Iterable[Subnet | Mapping[str, Any]]) -> tuple[Subnet, ...]:
    """Subnets as models; raises InputError where one cannot be read."""
    return tuple(read_shape(Subnet, item, name="subnet") for item in subnets)


def addresses_by_zone(subnets: Iterable[Subnet]) -> dict[str, ZoneAddresses]:
    """Zone -> addresses; a subnet whose zone is not known serves none."""
    of_zone: dict[str, list[Subnet]] = {}
    for subnet in subnets:
        if subnet.availability_zone is not None:
            of_zone.setdefault(subnet.availability_zone, []).append(subnet)
    return {zone: _addresses(group) for zone, group in of_zone.items()}


def _addresses(group: list[Subnet]) -> ZoneAddresses:
    counts = [subnet.available_ip_address_count for subnet in group]
    certain = sum(max(count or 0, 0) for count in counts)
    return ZoneAddresses(
        most=None if None in counts else certain,
        certain=certain,
        vpcs=frozenset(subnet.vpc_id for subnet in group if subnet.vpc_id is not None),
    )


def most_addresses(zones: Mapping[str, ZoneAddresses] | None) -> dict[str, float]:
    """Zone -> addresses at the most; one that was not read may have any number. Empty where no subnets limit."""
    return {zone: math.inf if item.most is None else item.most for zone, item in (zones or {}).items()}


def certain_addresses(zones: Mapping[str, ZoneAddresses] | None) -> dict[str, float]:
    """Zone -> addresses that are certain."""
    return {zone: item.certain for zone, item in (zones or {}).items()}
