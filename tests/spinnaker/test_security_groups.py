"""Which security groups clouddriver finds by name."""

from __future__ import annotations

import pytest

from ecs_preflight.spinnaker.security_groups import SecurityGroup, select_security_groups

GROUPS = (
    SecurityGroup("web", "sg-1", "vpc-1"),
    SecurityGroup("web", "sg-2", "vpc-2"),
    SecurityGroup("db", "sg-3", "vpc-1"),
    SecurityGroup("old", "sg-4"),
)


# SecurityGroupSelector.java: by name, in the VPCs of the chosen subnets.
@pytest.mark.parametrize(
    ("names", "vpcs", "chosen"),
    [
        (["web"], ["vpc-1"], ["sg-1"]),
        (["web"], ["vpc-1", "vpc-2"], ["sg-1", "sg-2"]),
        (["web", "db"], ["vpc-1"], ["sg-1", "sg-3"]),
        (["Web"], ["vpc-1"], []),
        (["sg-1"], ["vpc-1"], []),
        (["web"], [], []),
        (["old"], ["vpc-1"], []),
        ([], ["vpc-1"], []),
    ],
)
def test_they_are_found_by_name_in_the_vpcs_of_the_subnets(names: list[str], vpcs: list[str], chosen: list[str]) -> None:
    assert [group.id for group in select_security_groups(GROUPS, names, vpcs)] == chosen
