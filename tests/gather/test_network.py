"""Answers about subnets, security groups, target groups, routes and endpoints."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.aws.failures import AwsFailure
from ecs_preflight.ecs.subnets import Tag
from ecs_preflight.facts import Absent, Asker, Gap, Known, Listing
from ecs_preflight.gather import network
from ecs_preflight.gather.rounds import gather
from ecs_preflight.network_questions import (
    NETWORK_KINDS,
    ROUTE_TABLES,
    SUBNETS,
    Route,
    RouteTable,
    TargetGroup,
    VpcEndpoint,
    route_tables,
    security_groups,
    subnets,
    target_group,
    vpc_endpoints,
)
from ecs_preflight.spinnaker.security_groups import SecurityGroup
from tests.aws.canned import CannedAccess, CannedAws, Refusal, Sent, session_of
from tests.checks.cluster_facts import ACCOUNT, REGION
from tests.gather.test_clusters import E_SESSION, desk, in_order
from tests.gather.test_rounds import READER
from tests.plans import config, plan, requiring

S3, LOGS = "com.amazonaws.us-east-1.s3", "com.amazonaws.us-east-1.logs"
DENIED = Refusal("UnauthorizedOperation", "You are not authorized to perform this operation.", 403)
# EC2's lists have other names on the wire than in its documentation.
_ON_THE_WIRE = {
    "Subnets": "subnetSet",
    "SecurityGroups": "securityGroupInfo",
    "RouteTables": "routeTableSet",
    "VpcEndpoints": "vpcEndpointSet",
    "Tags": "tagSet",
    "Associations": "associationSet",
    "Routes": "routeSet",
    "RouteTableIds": "routeTableIdSet",
}


def wired(answer: Any) -> Any:
    """An answer of EC2's as it is documented, in the names of the wire."""
    if isinstance(answer, dict):
        return {_ON_THE_WIRE.get(name, name[0].lower() + name[1:]): wired(value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [wired(item) for item in answer]
    return str(answer).lower() if isinstance(answer, bool) else answer


def a_subnet(name: str = "subnet-1", **changed: Any) -> dict[str, Any]:
    return {
        "SubnetId": name,
        "AvailabilityZone": "us-east-1a",
        "AvailableIpAddressCount": 251,
        "VpcId": "vpc-1",
        "Tags": [{"Key": "Name", "Value": "main.internal.us-east-1a"}],
        **changed,
    }


def test_subnets_come_with_their_tags_page_after_page() -> None:
    aws = CannedAws(
        {
            "DescribeSubnets": in_order(
                wired({"Subnets": [a_subnet()], "NextToken": "more"}),
                wired({"Subnets": [a_subnet("subnet-2", AvailableIpAddressCount=0)]}),
            )
        }
    )
    fact = network.subnets(desk(aws), E_SESSION, subnets(ACCOUNT, REGION))
    assert isinstance(fact, Known)
    first, second = fact.value.items
    assert (first.subnet_id, first.availability_zone, first.available_ip_address_count, first.vpc_id) == (
        "subnet-1",
        "us-east-1a",
        251,
        "vpc-1",
    )
    assert first.tags == (Tag(key="Name", value="main.internal.us-east-1a"),)
    assert (second.subnet_id, second.available_ip_address_count) == ("subnet-2", 0)
    assert [sent.parameters.get("NextToken") for sent in aws.of("DescribeSubnets")] == [None, "more"]


def test_a_page_that_fails_later_is_a_gap() -> None:
    answers = in_order(wired({"Subnets": [a_subnet()], "NextToken": "more"}), DENIED)
    fact = network.subnets(desk(CannedAws({"DescribeSubnets": answers})), E_SESSION, subnets(ACCOUNT, REGION))
    assert isinstance(fact, Known)
    assert len(fact.value.items) == 1
    assert fact.value.gaps == (Gap("DescribeSubnets after 1 items", f"{DENIED.code}: {DENIED.message}"),)
    with pytest.raises(AwsFailure):
        network.subnets(desk(CannedAws({"DescribeSubnets": DENIED})), E_SESSION, subnets(ACCOUNT, REGION))


def test_security_groups_are_known_by_name() -> None:
    raw = [{"GroupName": "web", "GroupId": "sg-1", "VpcId": "vpc-1"}, {"GroupName": "old", "GroupId": "sg-2"}]
    aws = CannedAws({"DescribeSecurityGroups": wired({"SecurityGroups": raw})})
    fact = network.security_groups(desk(aws), E_SESSION, security_groups(ACCOUNT, REGION))
    assert fact == Known(Listing((SecurityGroup("web", "sg-1", "vpc-1"), SecurityGroup("old", "sg-2"))))


WEB = target_group(ACCOUNT, REGION, "web")


def test_a_target_group_is_asked_for_by_name() -> None:
    raw = {
        "TargetGroupName": "web",
        "TargetGroupArn": "arn:tg",
        "TargetType": "ip",
        "Protocol": "HTTP",
        "VpcId": "vpc-1",
        "LoadBalancerArns": ["arn:lb"],
    }
    aws = CannedAws({"DescribeTargetGroups": {"TargetGroups": [raw]}})
    assert network.target_group(desk(aws), E_SESSION, WEB) == Known(
        TargetGroup("web", "arn:tg", "ip", "HTTP", "vpc-1", ("arn:lb",))
    )
    (sent,) = aws.of("DescribeTargetGroups")
    assert "web" in str(sent.parameters)


@pytest.mark.parametrize("answer", [Refusal("TargetGroupNotFound", "One or more target groups not found"), {"TargetGroups": []}])
def test_a_target_group_that_is_not_there_is_absent(answer: Any) -> None:
    fact = network.target_group(desk(CannedAws({"DescribeTargetGroups": answer})), E_SESSION, WEB)
    assert fact == Absent(f"there is no target group 'web' in {ACCOUNT}/{REGION}")


def test_a_denial_is_no_absence() -> None:
    with pytest.raises(AwsFailure):
        network.target_group(desk(CannedAws({"DescribeTargetGroups": Refusal("AccessDenied")})), E_SESSION, WEB)


def test_routes_lead_somewhere_and_tables_serve_subnets() -> None:
    raw = {
        "RouteTableId": "rtb-1",
        "Associations": [
            {"Main": True, "RouteTableId": "rtb-1", "AssociationState": {"State": "associated"}},
            {"Main": False, "SubnetId": "subnet-1", "AssociationState": {"State": "associated"}},
            {"Main": False, "SubnetId": "subnet-2", "AssociationState": {"State": "disassociated"}},
        ],
        "Routes": [
            {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
            {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "blackhole"},
            {"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1", "State": "active"},
            {"DestinationPrefixListId": "pl-1", "GatewayId": "vpce-1", "State": "active"},
        ],
    }
    aws = CannedAws({"DescribeRouteTables": wired({"RouteTables": [raw, {"RouteTableId": "rtb-2"}]})})
    fact = network.route_tables(desk(aws), E_SESSION, route_tables(ACCOUNT, REGION, "vpc-1"))
    routes = (
        Route("10.0.0.0/16", "local"),
        Route("0.0.0.0/0", "nat-1", is_active=False),
        Route("::/0", "eigw-1"),
        Route("pl-1", "vpce-1"),
    )
    assert fact == Known(Listing((RouteTable("rtb-1", routes, ("subnet-1",), is_main=True), RouteTable("rtb-2"))))
    assert "vpc-1" in str(aws.of("DescribeRouteTables")[0].parameters)


def test_endpoints_are_of_a_service() -> None:
    raws = [
        {"ServiceName": S3, "VpcEndpointType": "Gateway", "State": "available", "RouteTableIds": ["rtb-1"]},
        {"ServiceName": LOGS, "VpcEndpointType": "Interface", "State": "pending", "PrivateDnsEnabled": True},
    ]
    aws = CannedAws({"DescribeVpcEndpoints": wired({"VpcEndpoints": raws})})
    fact = network.vpc_endpoints(desk(aws), E_SESSION, vpc_endpoints(ACCOUNT, REGION, "vpc-1"))
    assert fact == Known(
        Listing(
            (
                VpcEndpoint(S3, "Gateway", True, ("rtb-1",)),
                VpcEndpoint(LOGS, "Interface", False, (), True),
            )
        )
    )


def test_what_spinnaker_caches_is_asked_in_its_session_first_and_routes_by_whoever_sees_them() -> None:
    assert SUBNETS.askers == (Asker.AWS_SESSION, Asker.READER)
    assert ROUTE_TABLES.askers == (Asker.READER, Asker.ECS_SESSION)
    assert {kind.name for kind in NETWORK_KINDS} == {
        "subnets",
        "security-groups",
        "target-group",
        "route-tables",
        "vpc-endpoints",
    }


@pytest.mark.parametrize(
    ("asked", "operation", "stands_in"),
    [(subnets("ecs", REGION), "DescribeSubnets", True), (route_tables("ecs", REGION, "vpc-1"), "DescribeRouteTables", False)],
)
def test_the_reader_stands_in_where_spinnakers_own_session_must_see(asked: Any, operation: str, stands_in: bool) -> None:
    def answer(sent: Sent) -> Any:
        return {} if "AUDITOR" in sent.access_key else DENIED

    aws = CannedAws({"AssumeRole": session_of, operation: answer})
    snapshot = gather(plan(requiring(asked), of=config(**READER)), CannedAccess(aws=aws))
    assert snapshot[asked] == Known(Listing())
    assert (asked in snapshot.stand_ins) is stands_in
