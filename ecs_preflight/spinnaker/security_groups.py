"""Which security groups clouddriver gives an awsvpc service: those of a name, in the VPCs of its subnets.

clouddriver-ecs services/SecurityGroupSelector.java: what is not found is left out without a word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecurityGroup:
    """What clouddriver's cache has of an element of DescribeSecurityGroups."""

    name: str
    id: str
    vpc_id: str = ""


def select_security_groups(
    groups: Iterable[SecurityGroup], names: Collection[str], vpcs: Collection[str]
) -> tuple[SecurityGroup, ...]:
    """Names are compared to the letter; an id is no name."""
    return tuple(group for group in groups if group.name in names and group.vpc_id in vpcs)
