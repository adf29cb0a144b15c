"""Answers about the network of the managed account: subnets, security groups, target groups, routes and endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure
from ecs_preflight.aws.operations import (
    DESCRIBE_ROUTE_TABLES,
    DESCRIBE_SECURITY_GROUPS,
    DESCRIBE_SUBNETS,
    DESCRIBE_TARGET_GROUPS,
    DESCRIBE_VPC_ENDPOINTS,
    Operation,
)
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Absent, Fact, Gap, Known, Listing, Question
from ecs_preflight.gather.desk import Desk
from ecs_preflight.network_questions import Route, RouteTable, TargetGroup, VpcEndpoint
from ecs_preflight.spinnaker.security_groups import SecurityGroup

T = TypeVar("T")

_NO_TARGET_GROUP = ("TargetGroupNotFound", "TargetGroupNotFoundException")
# What a route may lead to: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
_TARGETS = (
    "GatewayId",
    "NatGatewayId",
    "TransitGatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "VpcPeeringConnectionId",
    "EgressOnlyInternetGatewayId",
    "LocalGatewayId",
    "CarrierGatewayId",
    "CoreNetworkArn",
)
_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


def subnets(desk: Desk, identity: Identity, question: Question[Listing[Subnet]]) -> Fact[Listing[Subnet]]:
    return _listed(desk, identity, question, DESCRIBE_SUBNETS, Subnet.model_validate)


def security_groups(desk: Desk, identity: Identity, question: Question[Listing[SecurityGroup]]) -> Fact[Listing[SecurityGroup]]:
    return _listed(desk, identity, question, DESCRIBE_SECURITY_GROUPS, _security_group)


def target_group(desk: Desk, identity: Identity, question: Question[TargetGroup]) -> Fact[TargetGroup]:
    """clouddriver asks by name, too; a name that no target group has is an error of the whole call."""
    (name,) = question.arguments
    absent = Absent(f"there is no target group {name!r} in {question.account}/{question.region}")
    try:
        answer = desk.gateway.call(DESCRIBE_TARGET_GROUPS, identity, question.region, Names=[name])
    except AwsFailure as failure:
        if failure.code in _NO_TARGET_GROUP:
            return absent
        raise
    found = answer.get("TargetGroups", ())
    return Known(_target_group(found[0])) if found else absent


def route_tables(desk: Desk, identity: Identity, question: Question[Listing[RouteTable]]) -> Fact[Listing[RouteTable]]:
    return _listed(desk, identity, question, DESCRIBE_ROUTE_TABLES, _route_table, Filters=_of_vpc(question))


def vpc_endpoints(desk: Desk, identity: Identity, question: Question[Listing[VpcEndpoint]]) -> Fact[Listing[VpcEndpoint]]:
    return _listed(desk, identity, question, DESCRIBE_VPC_ENDPOINTS, _vpc_endpoint, Filters=_of_vpc(question))


def _of_vpc(question: Question[Any]) -> list[dict[str, Any]]:
    return [{"Name": "vpc-id", "Values": list(question.arguments)}]


def _listed(
    desk: Desk, identity: Identity, question: Question[Any], operation: Operation, read: Callable[[Any], T], **parameters: Any
) -> Fact[Listing[T]]:
    """Every element, read; a page that fails after the first is a gap, not an end."""
    found: list[T] = []
    gaps: tuple[Gap, ...] = ()
    try:
        for raw in desk.gateway.pages(operation, identity, question.region, **parameters):
            found.append(read(raw))
    except AwsFailure as failure:
        if not found:
            raise
        gaps = (Gap(f"{operation.name} after {len(found)} items", failure.said),)
    return Known(Listing(tuple(found), gaps))


def _security_group(raw: Mapping[str, Any]) -> SecurityGroup:
    return SecurityGroup(raw["GroupName"], raw["GroupId"], raw.get("VpcId", ""))


def _target_group(raw: Mapping[str, Any]) -> TargetGroup:
    return TargetGroup(
        name=raw["TargetGroupName"],
        arn=raw["TargetGroupArn"],
        target_type=raw.get("TargetType", ""),
        protocol=raw.get("Protocol", ""),
        vpc_id=raw.get("VpcId", ""),
        load_balancer_arns=tuple(raw.get("LoadBalancerArns", ())),
    )


def _route_table(raw: Mapping[str, Any]) -> RouteTable:
    associations = [
        item
        for item in raw.get("Associations", ())
        if item.get("AssociationState", {}).get("State", "associated") == "associated"
    ]
    return RouteTable(
        id=raw["RouteTableId"],
        routes=tuple(_route(item) for item in raw.get("Routes", ())),
        subnet_ids=tuple(item["SubnetId"] for item in associations if "SubnetId" in item),
        is_main=any(item.get("Main") for item in associations),
    )


def _route(raw: Mapping[str, Any]) -> Route:
    return Route(
        destination=next((raw[name] for name in _DESTINATIONS if raw.get(name)), ""),
        target=next((raw[name] for name in _TARGETS if raw.get(name)), ""),
        is_active=raw.get("State", "active") == "active",
    )


def _vpc_endpoint(raw: Mapping[str, Any]) -> VpcEndpoint:
    return VpcEndpoint(
        service=raw["ServiceName"],
        type=raw.get("VpcEndpointType", ""),
        is_available=raw.get("State", "").lower() == "available",
        route_table_ids=tuple(raw.get("RouteTableIds", ())),
        has_private_dns=bool(raw.get("PrivateDnsEnabled")),
    )
