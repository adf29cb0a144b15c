"""Ways out of a subnet: its default route, and the endpoints of its VPC."""

from __future__ import annotations

import pytest

from ecs_preflight.checks.egress import missing_endpoints, way_out
from ecs_preflight.findings import Undetermined
from ecs_preflight.network_questions import Route, RouteTable, VpcEndpoint
from tests.checks.cluster_facts import REGION
from tests.checks.network_facts import a_subnet, a_table, an_endpoint

SUBNET = a_subnet()


@pytest.mark.parametrize(
    ("tables", "target", "is_open", "is_open_with_public_ip", "is_elsewhere"),
    [
        ((a_table("nat-1"),), "nat-1", True, True, False),
        ((a_table("igw-1"),), "igw-1", False, True, False),
        ((a_table("tgw-1"),), "tgw-1", True, True, True),
        ((a_table("eni-1"),), "eni-1", True, True, True),
        ((a_table(""),), "", False, False, False),
        ((a_table("nat-1", is_active=False),), "", False, False, False),
        ((a_table("nat-1"), a_table("", "subnet-a", name="rtb-own")), "", False, False, False),
        ((a_table(""), a_table("nat-1", "subnet-a", name="rtb-own")), "nat-1", True, True, False),
        ((a_table("nat-1", "subnet-z", name="rtb-other"), a_table("")), "", False, False, False),
        ((RouteTable("rtb-main", (Route("::/0", "eigw-1"),), is_main=True),), "", False, False, False),
    ],
)
def test_a_way_out_is_the_default_route_of_the_subnets_own_table_or_of_the_main_one(
    tables: tuple[RouteTable, ...], target: str, is_open: bool, is_open_with_public_ip: bool, is_elsewhere: bool
) -> None:
    way = way_out(SUBNET, tables)
    assert (way.target, way.is_elsewhere) == (target, is_elsewhere)
    assert (way.is_open(has_public_ip=False), way.is_open(has_public_ip=True)) == (is_open, is_open_with_public_ip)


def test_without_a_table_nothing_is_known() -> None:
    with pytest.raises(Undetermined, match="no route table is shown for subnet-a"):
        way_out(SUBNET, (a_table("nat-1", "subnet-z"),))


@pytest.mark.parametrize(
    ("endpoints", "missing"),
    [
        ((an_endpoint("ecr.api"), an_endpoint("s3")), ()),
        ((an_endpoint("ecr.api"),), ("s3",)),
        ((an_endpoint("ecr.api"), an_endpoint("s3", route_table_ids=("rtb-other",))), ("s3",)),
        ((an_endpoint("ecr.api"), an_endpoint("s3", is_available=False)), ("s3",)),
        ((an_endpoint("ecr.api", has_private_dns=False), an_endpoint("s3")), ("ecr.api",)),
        ((an_endpoint("ecr.api"), an_endpoint("s3", type="Interface", has_private_dns=True)), ()),
        ((an_endpoint("ecr.dkr"), an_endpoint("s3")), ("ecr.api",)),
        ((VpcEndpoint(f"cn.com.amazonaws.{REGION}.ecr.api", "Interface", has_private_dns=True), an_endpoint("s3")), ()),
        ((VpcEndpoint("com.amazonaws.eu-west-1.ecr.api", "Interface", has_private_dns=True), an_endpoint("s3")), ("ecr.api",)),
        ((), ("ecr.api", "s3")),
    ],
)
def test_an_endpoint_serves_by_its_route_tables_or_its_private_dns(
    endpoints: tuple[VpcEndpoint, ...], missing: tuple[str, ...]
) -> None:
    assert missing_endpoints(way_out(SUBNET, (a_table(""),)), ("ecr.api", "s3"), endpoints, REGION) == missing
