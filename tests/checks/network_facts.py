"""Server groups with awsvpc and the network that they find, for the tests of NETWORK and CAPACITY005 to change one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ecs_preflight.config import PreflightConfig
from ecs_preflight.deploy_questions import service, task_definition
from ecs_preflight.ecs.service import Service
from ecs_preflight.ecs.subnets import Subnet, Tag
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.facts import Fact, Gap, Known, Listing
from ecs_preflight.network_questions import (
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
from ecs_preflight.workloads.reading import WorkloadFiles
from tests.checks.cluster_facts import ACCOUNT, ACCOUNT_ID, NAME, REGION, Facts, a_config
from tests.spinnaker.server_groups import ECR, a_group

PURPOSE = "internal (main)"
VPC = "vpc-main"
DEFINITION = f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:task-definition/web:7"


def deploying(*, version: str | None = "1.37.0", **changed: Any) -> PreflightConfig:
    """One awsvpc server group on Fargate called web, in the zones a and b; the keywords are keys of its stage."""
    group = a_group(
        **{
            "account": ACCOUNT,
            "launchType": "FARGATE",
            "networkMode": "awsvpc",
            "subnetTypes": [PURPOSE],
            "securityGroupNames": ["web"],
            **changed,
        }
    )
    entry = {"name": "web", "server_group": "web.json"}
    return replace(
        a_config(workloads=[entry], version=version), workload_files=WorkloadFiles(server_groups={"web.json": (group,)})
    )


def running(**keys: Any) -> PreflightConfig:
    """`more` of a service that runs."""
    return a_config(workloads=[{"name": "web", "service": "web-v001", **keys}], version="1.37.0")


def service_facts(*subnet_ids: str, launch_type: str = "FARGATE", **interface: Any) -> Facts:
    raw = {
        "serviceName": "web-v001",
        "status": "ACTIVE",
        "taskDefinition": DEFINITION,
        "launchType": launch_type,
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": list(subnet_ids), **interface}},
    }
    container = {"name": "web", "image": f"{ECR}/shop/web:7", "cpu": 256, "memoryReservation": 512}
    definition = {"family": "web", "networkMode": "awsvpc", "requiresAttributes": [], "containerDefinitions": [container]}
    return {
        service(ACCOUNT, REGION, NAME, "web-v001"): Known(Service.model_validate(raw)),
        task_definition(ACCOUNT, REGION, DEFINITION): Known(TaskDefinition.model_validate(definition)),
    }


def a_subnet(
    name: str = "subnet-a", zone: str = "a", *, purpose: str | None = PURPOSE, free: int | None = 251, vpc: str = VPC, **tags: str
) -> Subnet:
    metadata = {} if purpose is None else {"immutable_metadata": f'{{"purpose": "{purpose}"}}'}
    return Subnet(
        subnet_id=name,
        availability_zone=f"{REGION}{zone}",
        available_ip_address_count=free,
        vpc_id=vpc,
        tags=tuple(Tag(key=key, value=value) for key, value in {**metadata, **tags}.items()),
    )


BOTH = (a_subnet(), a_subnet("subnet-b", "b"))


def subnets_fact(*items: Subnet, gaps: tuple[Gap, ...] = ()) -> Facts:
    return {subnets(ACCOUNT, REGION): Known(Listing(items, gaps))}


def groups_fact(*items: SecurityGroup) -> Facts:
    return {security_groups(ACCOUNT, REGION): Known(Listing(items))}


def a_target_group(name: str = "web", **changed: Any) -> TargetGroup:
    fields: Mapping[str, Any] = {
        "target_type": "ip",
        "protocol": "HTTP",
        "vpc_id": VPC,
        "load_balancer_arns": ("arn:lb",),
        **changed,
    }
    return TargetGroup(name, f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT_ID}:targetgroup/{name}/0f3d", **fields)


def target_group_fact(found: TargetGroup | Fact[TargetGroup], name: str = "web") -> Facts:
    return {target_group(ACCOUNT, REGION, name): Known(found) if isinstance(found, TargetGroup) else found}


def a_table(to: str = "nat-1", *subnet_ids: str, name: str = "rtb-main", is_active: bool = True) -> RouteTable:
    """The main table, where it is of no subnet; its default route leads somewhere, or is not there."""
    default = (Route("0.0.0.0/0", to, is_active),) if to else ()
    return RouteTable(name, (Route("10.0.0.0/16", "local"), *default), subnet_ids, is_main=not subnet_ids)


def tables_fact(*items: RouteTable, vpc: str = VPC) -> Facts:
    return {route_tables(ACCOUNT, REGION, vpc): Known(Listing(items))}


def an_endpoint(name: str, **changed: Any) -> VpcEndpoint:
    kind: dict[str, Any] = (
        {"type": "Gateway", "route_table_ids": ("rtb-main",)} if name == "s3" else {"type": "Interface", "has_private_dns": True}
    )
    return VpcEndpoint(f"com.amazonaws.{REGION}.{name}", **{**kind, **changed})


def endpoints_fact(*names_or_endpoints: str | VpcEndpoint, vpc: str = VPC) -> Facts:
    items = tuple(an_endpoint(item) if isinstance(item, str) else item for item in names_or_endpoints)
    return {vpc_endpoints(ACCOUNT, REGION, vpc): Known(Listing(items))}
