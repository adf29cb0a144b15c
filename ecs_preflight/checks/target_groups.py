"""NETWORK004: the target groups that the containers are registered with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shlex import quote

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import require_role_and_region, shown, some_of
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_network import has_own_interface, subnets_for, vpcs_of, written_at
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import Location
from ecs_preflight.facts import Absent, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.network_questions import SUBNETS, TARGET_GROUP, TargetGroup, subnets, target_group
from ecs_preflight.spinnaker.opaque import known as known_value
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

_OVER_UDP = ("UDP", "TCP_UDP")


def _groups(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account) or not target.region:
        return
    workload = config.workload(target)
    yield from (target_group(target.account, target.region, name) for name in workload.target_groups)
    if workload.target_groups and workload.subnet_types and _wanted_type_or_none(workload) == "ip":
        yield subnets(target.account, target.region)


@check(
    "NETWORK004",
    "target-group-unusable",
    Severity.ERROR,
    on=each_workload,
    needs=_groups,
    asks=(TARGET_GROUP, SUBNETS),
)
def target_groups_are_usable(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each target group that a server group names exists in the account and region, stands behind a load balancer, and has the
    target type of the network mode: ip for awsvpc, instance for bridge and host. With awsvpc it is of the subnets' VPC. It speaks
    the protocol (TCP or UDP) of the container port that is registered with it.

    ## Why it matters
    clouddriver looks target groups up by name (`There is no target group with the name ...`) and leaves the rest to
    CreateService, which fails after the task definition is registered: `The provided target group ... has target type instance,
    which is incompatible with the awsvpc network mode`, or `The target group ... does not have an associated load balancer`.

    ## How to fix it
    The target type and the VPC of a target group cannot be changed: create another, and forward a listener to it.
    """
    require_role_and_region(config, target)
    workload = config.workload(target)
    if not workload.target_groups:
        workload.require("target_groups")
        raise NotApplicable(f"{workload.name!r} names no target group")
    for name in workload.target_groups:
        fact = facts[target_group(target.account, target.region, name)]
        if isinstance(fact, Absent):
            yield _missing(target, workload, name, fact.why)
            continue
        try:
            found = fact.require()
            yield from _without_balancer(target, workload, found)
            yield from _of_another_type(target, workload, found)
            yield from _of_another_protocol(workload, found)
            yield from _of_another_vpc(target, workload, found, facts)
        except Verdict as verdict:
            yield verdict
    workload.require("target_groups")


def _missing(target: Target, workload: Workload, name: str, why: str) -> Problem:
    kind = "ip" if _wanted_type_or_none(workload) == "ip" else "instance"
    return Problem(
        f"there is no target group {shown(name, 32)}, which {shown(workload.name, 22)} names",
        remediation=(
            "Create it, and forward a listener of a load balancer to it:\n"
            f"aws elbv2 create-target-group --name {quote(name)} --target-type {kind} --protocol HTTP --port 80"
            f" --vpc-id VPC_ID --region {target.region}"
        ),
        evidence=f"elasticloadbalancing:DescribeTargetGroups: {why}",
        location=_where(workload),
    )


def _without_balancer(target: Target, workload: Workload, found: TargetGroup) -> Iterator[Problem]:
    if not found.load_balancer_arns:
        yield Problem(
            f"target group {shown(found.name, 32)} of {shown(workload.name, 22)} has no load balancer",
            remediation=(
                f"aws elbv2 create-listener --load-balancer-arn LOAD_BALANCER_ARN --protocol {found.protocol or 'HTTP'} --port 80"
                f" --default-actions Type=forward,TargetGroupArn={found.arn} --region {target.region}"
            ),
            evidence=f"elasticloadbalancing:DescribeTargetGroups: LoadBalancerArns of {found.arn} is empty",
            location=_where(workload),
        )


def _of_another_type(target: Target, workload: Workload, found: TargetGroup) -> Iterator[Problem]:
    wanted = "ip" if has_own_interface(workload) else "instance"
    if found.target_type != wanted:
        mode = "awsvpc" if wanted == "ip" else workload.network_mode
        yield Problem(
            f"target group {shown(found.name, 28)} has target type {found.target_type}, and {mode} wants {wanted}",
            remediation=(
                "The type cannot be changed; create another, and forward the listener to it:\n"
                f"aws elbv2 create-target-group --name {quote(found.name[:29])}-{wanted[:2]} --target-type {wanted}"
                f" --protocol {found.protocol or 'HTTP'} --port 80 --vpc-id {found.vpc_id or 'VPC_ID'} --region {target.region}"
            ),
            evidence=f"elasticloadbalancing:DescribeTargetGroups: {found.arn} has TargetType {found.target_type}",
            location=_where(workload),
        )


def _of_another_protocol(workload: Workload, found: TargetGroup) -> Iterator[Problem]:
    """Only where both are known for certain: of a port mapping that is not known nothing is said."""
    for port, protocol in _ports_of(workload, found.name):
        speaks_udp = found.protocol in _OVER_UDP
        fits = speaks_udp if protocol == "udp" else found.protocol != "UDP"
        if found.protocol and not fits:
            yield Problem(
                f"target group {shown(found.name, 28)} speaks {found.protocol}, and container port {port} {protocol}",
                remediation=f"Name a target group of protocol {protocol.upper()}, or let the port mapping say the other.",
                evidence=f"{found.arn} has protocol {found.protocol}; {workload.name} maps container port {port}/{protocol}",
                location=_where(workload),
            )


def _ports_of(workload: Workload, name: str) -> Iterator[tuple[int, str]]:
    """The container ports that are registered with a target group, and their protocols; those that nothing maps are left out."""
    group = workload.server_group
    if group is None:
        return
    mappings = known_value(group.target_group_mappings) or ()
    ports = [known_value(mapping.container_port) for mapping in mappings if mapping.target_group == name]
    if group.target_group == name:
        ports.append(known_value(group.container_port))
    for container in workload.containers:
        for mapping in container.get("portMappings") or ():
            if mapping.get("containerPort") in ports:
                yield mapping["containerPort"], str(mapping.get("protocol") or "tcp").lower()


def _of_another_vpc(target: Target, workload: Workload, found: TargetGroup, facts: Facts) -> Iterator[Problem]:
    """Of container instances, the VPC is theirs, and is not looked at."""
    if not has_own_interface(workload):
        return
    workload.require("subnet_types", "zones")
    if not workload.subnet_types:
        return
    vpcs = vpcs_of(subnets_for(workload, facts[subnets(target.account, target.region)].require().items))
    if vpcs and found.vpc_id and found.vpc_id not in vpcs:
        yield Problem(
            f"target group {shown(found.name, 32)} is of another VPC than the subnets of {shown(workload.name, 20)}",
            remediation=f"Create a target group of {_either_of(vpcs)}, or name subnets of {found.vpc_id}.",
            evidence=f"{found.arn} is of {found.vpc_id}; the subnets {some_of(workload.subnet_types)} are of {_either_of(vpcs)}",
            location=_where(workload),
        )


def _wanted_type_or_none(workload: Workload) -> str | None:
    try:
        return "ip" if has_own_interface(workload) else "instance"
    except Undetermined:
        return None


def _either_of(vpcs: Sequence[str]) -> str:
    return " or ".join(vpcs)


def _where(workload: Workload) -> Location | None:
    return written_at(workload, "targetGroupMappings")
