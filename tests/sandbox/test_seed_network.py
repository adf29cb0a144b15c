"""The network of a world, as the APIs of EC2 and of Elastic Load Balancing then tell of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ecs_preflight.errors import InputError
from ecs_preflight.sandbox.world import Account, Region, Role, Subnet, TargetGroup
from tests.sandbox.builders import MANAGING, assumed, client, opened, world

ROLES = {"SpinnakerManaged": Role(trusts=(MANAGING,), attached=("PowerUserAccess",))}


def holding(**region: Any) -> Any:
    return world(Account(roles=ROLES, regions={"us-east-1": Region(**region)}))


def ec2() -> Any:
    return client("ec2", keys=assumed())


def tagged(subnets: list[Any]) -> dict[str, Any]:
    return {tag["Value"]: subnet for subnet in subnets for tag in subnet["Tags"]}


def test_subnets_have_their_purpose_their_size_and_their_zone() -> None:
    described = (
        Subnet(zone="us-east-1a", purpose='the "inner" one', prefix=28),
        Subnet(zone="us-east-1b", tags={"Name": "main.external.us-east-1b"}, prefix=17),
        Subnet(zone="us-east-1b", purpose="large", prefix=16),
    )
    with opened(holding(subnets=described)):
        found = tagged(ec2().describe_subnets()["Subnets"])
    inner = found[json.dumps({"purpose": 'the "inner" one'})]
    assert (inner["AvailabilityZone"], inner["AvailableIpAddressCount"]) == ("us-east-1a", 11)
    assert found["main.external.us-east-1b"]["AvailableIpAddressCount"] == 2**15 - 5
    assert len({subnet["VpcId"] for subnet in found.values()}) == 1
    assert len({subnet["CidrBlock"] for subnet in found.values()}) == 3


def test_more_than_fits_into_a_vpc_is_said() -> None:
    many = tuple(Subnet(zone="us-east-1a", prefix=16) for _ in range(5))
    with pytest.raises(InputError, match="the subnets of us-east-1 are too large"), opened(holding(subnets=many)):
        pass


def test_a_zone_that_does_not_exist_is_said() -> None:
    with pytest.raises(InputError, match="account 100000000002 cannot be seeded"), opened(holding(subnets=(Subnet(zone="x"),))):
        pass


@pytest.mark.parametrize(("to", "target"), [("nat", "NatGatewayId"), ("internet", "GatewayId"), ("none", None)])
def test_each_subnet_has_a_route_table(to: str, target: str | None) -> None:
    described = tuple(Subnet.model_validate({"zone": zone, "default_route": to}) for zone in ("us-east-1a", "us-east-1b"))
    with opened(holding(subnets=described, vpc_endpoints=("s3", "ecr.api"))):
        tables = ec2().describe_route_tables()["RouteTables"]
        endpoints = ec2().describe_vpc_endpoints()["VpcEndpoints"]
    (table,) = [table for table in tables if not any(item["Main"] for item in table["Associations"])]
    defaults = [route for route in table["Routes"] if route.get("DestinationCidrBlock") == "0.0.0.0/0"]
    assert len(table["Associations"]) == 2
    assert [bool(route.get(target)) for route in defaults] == ([True] if target else [])
    of_service = {endpoint["ServiceName"]: endpoint for endpoint in endpoints}
    assert of_service["com.amazonaws.us-east-1.s3"]["RouteTableIds"] == [table["RouteTableId"]]
    assert of_service["com.amazonaws.us-east-1.ecr.api"]["VpcEndpointType"] == "Interface"


def test_security_groups_and_target_groups_are_there_by_name() -> None:
    groups = {
        "web": TargetGroup(target_type="ip"),
        "dns": TargetGroup(protocol="UDP", port=53),
        "bare": TargetGroup(load_balancer=False),
        "function": TargetGroup(target_type="lambda"),
    }
    with opened(holding(security_groups=("web",), target_groups=groups)):
        names = {group["GroupName"] for group in ec2().describe_security_groups()["SecurityGroups"]}
        found = client("elbv2", keys=assumed()).describe_target_groups()["TargetGroups"]
    assert names == {"default", "web"}
    told = {group["TargetGroupName"]: (group["TargetType"], len(group["LoadBalancerArns"])) for group in found}
    assert told == {"web": ("ip", 1), "dns": ("instance", 1), "bare": ("instance", 0), "function": ("lambda", 0)}
