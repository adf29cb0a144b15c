"""What may be asked about the network that tasks and load balancers want; `questions` lists these kinds with all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Asker, Kind, Listing, Question
from ecs_preflight.spinnaker.security_groups import SecurityGroup

# What the AWS provider of clouddriver caches, in its own session; the reader's answer can fail a check, and pass none.
_AS_THE_AWS_ACCOUNT = (Asker.AWS_SESSION, Asker.READER)
_AS_THE_ECS_ACCOUNT = (Asker.ECS_SESSION, Asker.READER)
# Spinnaker itself looks at neither routes nor endpoints: whoever sees them sees enough.
_WHOEVER_SEES_THEM = (Asker.READER, Asker.ECS_SESSION)


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """An element of DescribeTargetGroups."""

    name: str
    arn: str
    target_type: str
    """instance, ip, lambda or alb."""
    protocol: str = ""
    vpc_id: str = ""
    load_balancer_arns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Where packets for a destination go: the id of a gateway, an interface or an endpoint, or `local`."""

    destination: str
    target: str
    is_active: bool = True
    """False of a black hole: what it led to is gone."""


@dataclass(frozen=True, slots=True)
class RouteTable:
    """An element of DescribeRouteTables; the main one serves the subnets of its VPC that none is associated with."""

    id: str
    routes: tuple[Route, ...] = ()
    subnet_ids: tuple[str, ...] = ()
    is_main: bool = False


@dataclass(frozen=True, slots=True)
class VpcEndpoint:
    """An element of DescribeVpcEndpoints."""

    service: str
    """`com.amazonaws.us-east-1.ecr.api`."""
    type: str
    """Gateway or Interface."""
    is_available: bool = True
    route_table_ids: tuple[str, ...] = ()
    """Of a gateway endpoint: whom it serves."""
    has_private_dns: bool = False
    """Of an interface endpoint: whether the service's own name leads to it."""


SUBNETS: Kind[Listing[Subnet]] = Kind("subnets", Listing[Subnet], ("ec2:DescribeSubnets",), _AS_THE_AWS_ACCOUNT)
SECURITY_GROUPS: Kind[Listing[SecurityGroup]] = Kind(
    "security-groups", Listing[SecurityGroup], ("ec2:DescribeSecurityGroups",), _AS_THE_AWS_ACCOUNT
)
TARGET_GROUP: Kind[TargetGroup] = Kind(
    "target-group", TargetGroup, ("elasticloadbalancing:DescribeTargetGroups",), _AS_THE_ECS_ACCOUNT
)
ROUTE_TABLES: Kind[Listing[RouteTable]] = Kind(
    "route-tables", Listing[RouteTable], ("ec2:DescribeRouteTables",), _WHOEVER_SEES_THEM
)
VPC_ENDPOINTS: Kind[Listing[VpcEndpoint]] = Kind(
    "vpc-endpoints", Listing[VpcEndpoint], ("ec2:DescribeVpcEndpoints",), _WHOEVER_SEES_THEM
)

NETWORK_KINDS: tuple[Kind[Any], ...] = (SUBNETS, SECURITY_GROUPS, TARGET_GROUP, ROUTE_TABLES, VPC_ENDPOINTS)


def subnets(account: str, region: str) -> Question[Listing[Subnet]]:
    """Every subnet of a region, as the AWS account's session sees them."""
    return Question(SUBNETS, account, region)


def security_groups(account: str, region: str) -> Question[Listing[SecurityGroup]]:
    """Every security group of a region, as the AWS account's session sees them."""
    return Question(SECURITY_GROUPS, account, region)


def target_group(account: str, region: str, name: str) -> Question[TargetGroup]:
    """A target group by its name, of which a region has one at the most."""
    return Question(TARGET_GROUP, account, region, (name,))


def route_tables(account: str, region: str, vpc_id: str) -> Question[Listing[RouteTable]]:
    """The route tables of a VPC."""
    return Question(ROUTE_TABLES, account, region, (vpc_id,))


def vpc_endpoints(account: str, region: str, vpc_id: str) -> Question[Listing[VpcEndpoint]]:
    """The endpoints of a VPC."""
    return Question(VPC_ENDPOINTS, account, region, (vpc_id,))
