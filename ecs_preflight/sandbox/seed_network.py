"""Puts the network of a region into the simulated AWS: subnets, security groups, target groups, routes and endpoints."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from typing import Any

from ecs_preflight.errors import InputError
from ecs_preflight.sandbox.world import Region, Subnet, TargetGroup

# Beside the block of the default VPC, which its own subnets have. One more of the VPC's five blocks for each 65,536 addresses.
_BLOCKS = "10.0.0.0/14"
_GATEWAY_ENDPOINTS = ("s3", "dynamodb")
_TO_ANYWHERE = "0.0.0.0/0"
_LAYER_4 = ("TCP", "UDP", "TCP_UDP", "TLS")


class NetworkSeeder:
    """Seeds the default VPC of one region, by clients of EC2 and of Elastic Load Balancing."""

    def __init__(self, ec2: Any, elbv2: Any, region: str) -> None:
        self._ec2 = ec2
        self._elbv2 = elbv2
        self._region = region
        self._tables: dict[str, str] = {}

    def seed(self, described: Region) -> None:
        if described.subnets:
            blocks = _blocks(described.subnets, self._region)
            for of_vpc in sorted({_block_of_vpc(block) for block in blocks}):
                self._ec2.associate_vpc_cidr_block(VpcId=self._vpc_id, CidrBlock=str(of_vpc))
            for subnet, block in zip(described.subnets, blocks, strict=True):
                self._create_subnet(subnet, block)
        for name in described.security_groups:
            self._ec2.create_security_group(GroupName=name, Description=name, VpcId=self._vpc_id)
        for name, group in described.target_groups.items():
            self._create_target_group(name, group)
        for name in described.vpc_endpoints:
            self._create_endpoint(name)

    @property
    def _default_subnets(self) -> list[Any]:
        subnets = self._ec2.describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
        return sorted(subnets, key=lambda subnet: str(subnet["AvailabilityZone"]))

    @property
    def _vpc_id(self) -> str:
        return str(self._default_subnets[0]["VpcId"])

    def _create_subnet(self, subnet: Subnet, block: IPv4Network) -> None:
        metadata = {"immutable_metadata": json.dumps({"purpose": subnet.purpose})} if subnet.purpose else {}
        tags = [{"Key": key, "Value": value} for key, value in {**metadata, **subnet.tags}.items()]
        created = self._ec2.create_subnet(
            VpcId=self._vpc_id,
            CidrBlock=str(block),
            AvailabilityZone=subnet.zone,
            TagSpecifications=[{"ResourceType": "subnet", "Tags": tags}] if tags else [],
        )["Subnet"]
        self._ec2.associate_route_table(SubnetId=created["SubnetId"], RouteTableId=self._table(subnet.default_route))

    def _table(self, default_route: str) -> str:
        """The route table for all subnets of a sort."""
        if default_route not in self._tables:
            table = self._ec2.create_route_table(VpcId=self._vpc_id)["RouteTable"]["RouteTableId"]
            if default_route == "nat":
                nat = self._ec2.create_nat_gateway(SubnetId=self._default_subnets[0]["SubnetId"], ConnectivityType="private")
                target = {"NatGatewayId": nat["NatGateway"]["NatGatewayId"]}
                self._ec2.create_route(RouteTableId=table, DestinationCidrBlock=_TO_ANYWHERE, **target)
            elif default_route == "internet":
                gateway = self._ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
                self._ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self._vpc_id)
                self._ec2.create_route(RouteTableId=table, DestinationCidrBlock=_TO_ANYWHERE, GatewayId=gateway)
            self._tables[default_route] = table
        return self._tables[default_route]

    def _create_target_group(self, name: str, group: TargetGroup) -> None:
        if group.target_type == "lambda":
            self._elbv2.create_target_group(Name=name, TargetType="lambda")
            return
        created = self._elbv2.create_target_group(
            Name=name, Protocol=group.protocol, Port=group.port, VpcId=self._vpc_id, TargetType=group.target_type
        )["TargetGroups"][0]
        if group.load_balancer:
            balancer = self._elbv2.create_load_balancer(
                Name=name,
                Subnets=[subnet["SubnetId"] for subnet in self._default_subnets[:2]],
                Type="network" if group.protocol in _LAYER_4 else "application",
            )["LoadBalancers"][0]
            self._elbv2.create_listener(
                LoadBalancerArn=balancer["LoadBalancerArn"],
                Protocol="TCP" if group.protocol in _LAYER_4 else "HTTP",
                Port=80,
                DefaultActions=[{"Type": "forward", "TargetGroupArn": created["TargetGroupArn"]}],
            )

    def _create_endpoint(self, name: str) -> None:
        if name in _GATEWAY_ENDPOINTS:
            kind: dict[str, Any] = {"VpcEndpointType": "Gateway", "RouteTableIds": list(self._tables.values())}
        else:
            subnets = [subnet["SubnetId"] for subnet in self._default_subnets[:2]]
            kind = {"VpcEndpointType": "Interface", "SubnetIds": subnets, "PrivateDnsEnabled": True}
        self._ec2.create_vpc_endpoint(VpcId=self._vpc_id, ServiceName=f"com.amazonaws.{self._region}.{name}", **kind)


def _blocks(subnets: tuple[Subnet, ...], region: str) -> list[IPv4Network]:
    """A block for each subnet, in their order: none overlaps another, whatever their sizes."""
    taken: dict[int, IPv4Network] = {}
    start = int(IPv4Network(_BLOCKS).network_address)
    for number in sorted(range(len(subnets)), key=lambda number: subnets[number].prefix):  # large ones first leave no holes
        taken[number] = IPv4Network((start, subnets[number].prefix))
        start += taken[number].num_addresses
    if any(not block.subnet_of(IPv4Network(_BLOCKS)) for block in taken.values()):
        raise InputError(f"the subnets of {region} are too large for one VPC", hint="Make them smaller, or fewer: `prefix: 24`.")
    return [taken[number] for number in range(len(subnets))]


def _block_of_vpc(block: IPv4Network) -> IPv4Network:
    """The largest that a VPC takes, with the subnet's block in it."""
    return block.supernet(new_prefix=16) if block.prefixlen > 16 else block
