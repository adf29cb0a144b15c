"""NETWORK005: tasks on Fargate reach the registry of their images, from the subnets that they are in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import shown, some_of
from ecs_preflight.checks.egress import WayOut, missing_endpoints, way_out
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.checks.workload_network import (
    chosen_subnets,
    interface_questions,
    names_subnets,
    subnets_for,
    vpcs_of,
    workload_with_interface,
    written_at,
)
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Remark, Severity, Undetermined
from ecs_preflight.network_questions import (
    ROUTE_TABLES,
    SUBNETS,
    VPC_ENDPOINTS,
    RouteTable,
    route_tables,
    subnets,
    vpc_endpoints,
)
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

# The layers of an image are in S3. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
_OF_ECR = ("ecr.api", "ecr.dkr", "s3")


def _routes(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    workload, asked = interface_questions(config, target, known)
    yield from asked
    if workload is None or not workload.runs_on_fargate or not names_subnets(workload):
        return
    yield subnets(target.account, target.region)
    listing = known[subnets(target.account, target.region)].value_or_none()
    chosen = subnets_for(workload, listing.items) if listing else ()
    for vpc in vpcs_of(chosen):
        asked_of_vpc = route_tables(target.account, target.region, vpc)
        yield asked_of_vpc
        tables = known[asked_of_vpc].value_or_none()
        here = [subnet for subnet in chosen if subnet.vpc_id == vpc]
        if tables and any(not _is_open(workload, subnet, tables.items) for subnet in here):
            yield vpc_endpoints(target.account, target.region, vpc)


def _is_open(workload: Workload, subnet: Subnet, tables: tuple[RouteTable, ...]) -> bool:
    try:
        return way_out(subnet, tables).is_open(has_public_ip=workload.assigns_public_ip is True)
    except Undetermined:
        return True


@check(
    "NETWORK005",
    "no-route-to-registries",
    Severity.WARNING,
    on=each_workload,
    needs=_routes,
    asks=(*WORKLOAD_KINDS, SUBNETS, ROUTE_TABLES, VPC_ENDPOINTS),
)
def registries_can_be_reached(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each subnet of a workload on Fargate has a default route (to an internet gateway only where the tasks get a public address),
    or its VPC has endpoints for ecr.api, ecr.dkr and s3, for logs where the driver is awslogs, and for secretsmanager where
    credentials of a registry are read. Without a default route no registry but ECR in the same region can be reached. What lies
    behind a transit gateway or a firewall is not looked at. On EC2 the container instances pull images, over their own network.

    ## Why it matters
    The task is placed and never starts: `CannotPullContainerError: ... request canceled while waiting for connection`, or
    `ResourceInitializationError: unable to pull secrets or registry auth`. Spinnaker waits for healthy instances until it times
    out.

    ## How to fix it
    Give the subnets a route to a NAT gateway, give the tasks a public address in public subnets, or make the endpoints.
    """
    workload = workload_with_interface(config, target, facts)
    if not workload.runs_on_fargate:
        raise NotApplicable("container instances pull the images of tasks on EC2, over their own network")
    chosen = chosen_subnets(target, workload, facts)
    workload.require("assigns_public_ip")
    public = workload.assigns_public_ip is True
    ways = [_way_of(target, subnet, facts) for subnet in chosen]
    closed = [way for way in ways if not way.is_open(has_public_ip=public)]
    if closed:
        yield from _without_registry(target, workload, closed, facts)
    elsewhere = [way.told for way in ways if way.is_elsewhere]
    if elsewhere:
        yield Remark(f"where that leads from there was not looked at: {some_of(elsewhere, 3)}")


def _way_of(target: Target, subnet: Subnet, facts: Facts) -> WayOut:
    if subnet.vpc_id is None:
        raise Undetermined(f"the VPC of {subnet.subnet_id} is not told")
    return way_out(subnet, facts[route_tables(target.account, target.region, subnet.vpc_id)].require().items)


def _without_registry(target: Target, workload: Workload, closed: list[WayOut], facts: Facts) -> Iterator[Problem]:
    """Of the subnets without a way out: what the endpoints of their VPC do not bring in."""
    images = _images(workload)
    foreign = [image for image in images if not _is_in_ecr_of(target.region, image)]
    wanted = tuple(_services(workload, pulls_from_ecr=len(foreign) < len(images)))
    for way in closed:
        endpoints = facts[vpc_endpoints(target.account, target.region, way.subnet.vpc_id or "")].require().items
        missing = missing_endpoints(way, wanted, endpoints, target.region)
        if missing or foreign:
            without_address = ", and the tasks get no public address" if way.needs_public_ip else ""
            lacks = (
                f"endpoints are missing for {', '.join(missing)}" if missing else "",
                f"no endpoint leads to {some_of(foreign, 3)}" if foreign else "",
            )
            yield Problem(
                f"tasks of {shown(workload.name, 24)} in {way.subnet.subnet_id} reach no registry",
                remediation=_remedy(target, way, missing, is_enough=not foreign),
                evidence="; ".join(filter(None, (f"{way.told}{without_address}", *lacks))),
                location=written_at(workload, "subnetTypes"),
            )


def _images(workload: Workload) -> tuple[str, ...]:
    """Where only the tag is an expression, the registry is known all the same. Raises Undetermined where it is not."""
    workload.require("task_definition")
    written = workload.unknown.get("image")
    if written is None:
        return workload.images
    if "${" in written.partition("/")[0]:
        workload.require("image")
    return (*workload.images, written)


def _services(workload: Workload, *, pulls_from_ecr: bool) -> Iterator[str]:
    if pulls_from_ecr:
        yield from _OF_ECR
    if any(configuration.get("logDriver") == "awslogs" for configuration in workload.log_configurations):
        yield "logs"
    if any(workload.registry_secrets):
        yield "secretsmanager"


def _is_in_ecr_of(region: str, image: str) -> bool:
    """Endpoints lead to the private registries of their own region."""
    return re.match(rf"\d{{12}}\.dkr\.ecr\.{re.escape(region)}\.amazonaws\.com(?:\.cn)?/", image) is not None


def _remedy(target: Target, way: WayOut, missing: tuple[str, ...], *, is_enough: bool) -> str:
    route = (
        f"aws ec2 create-route --route-table-id {way.table.id} --destination-cidr-block 0.0.0.0/0"
        f" --nat-gateway-id NAT_GATEWAY_ID --region {target.region}"
    )
    first = "Give the subnet a way out:"
    if way.needs_public_ip:
        first = 'Write "associatePublicIpAddress": true, or give the subnet a way out that needs no public address:'
    if not is_enough or not missing:
        return f"{first}\n{route}"
    commands = [_endpoint(target, way, name) for name in missing]
    return "\n".join((first, route, "or make the endpoints:", *commands))


def _endpoint(target: Target, way: WayOut, name: str) -> str:
    prefix = "cn.com.amazonaws" if target.region.startswith("cn-") and name.startswith("ecr") else "com.amazonaws"
    kind = (
        f"--vpc-endpoint-type Gateway --route-table-ids {way.table.id}"
        if name == "s3"
        else f"--vpc-endpoint-type Interface --private-dns-enabled --subnet-ids {way.subnet.subnet_id}"
    )
    return (
        f"aws ec2 create-vpc-endpoint --vpc-id {way.subnet.vpc_id} --service-name {prefix}.{target.region}.{name} {kind}"
        f" --region {target.region}"
    )
