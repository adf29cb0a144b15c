"""NETWORK003: the security groups that Spinnaker finds by name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from shlex import quote

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import shown, some_of
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.checks.workload_network import (
    chosen_subnets,
    interface_questions,
    vpcs_of,
    workload_with_interface,
    written_at,
)
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity
from ecs_preflight.network_questions import SECURITY_GROUPS, SUBNETS, security_groups, subnets
from ecs_preflight.spinnaker.security_groups import SecurityGroup, select_security_groups
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
_MOST_GROUPS = 5


def _groups_and_subnets(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    workload, asked = interface_questions(config, target, known)
    yield from asked
    if workload and workload.security_groups:
        yield subnets(target.account, target.region)
        yield security_groups(target.account, target.region)


@check(
    "NETWORK003",
    "security-group-not-found",
    Severity.ERROR,
    on=each_workload,
    needs=_groups_and_subnets,
    asks=(*WORKLOAD_KINDS, SUBNETS, SECURITY_GROUPS),
)
def security_groups_are_found(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each security group that an awsvpc server group names exists, by that very name, in the VPC of its subnets; and they are not
    more than five.

    ## Why it matters
    clouddriver looks for the names among its cached security groups, in the VPCs of the subnets, and leaves out what it does not
    find, without a word. The tasks run without that security group: they cannot be reached, or reach nothing. Where none is left,
    ECS takes the default security group of the VPC.

    ## How to fix it
    Create the security group in that VPC, or name one that is there.
    """
    workload = workload_with_interface(config, target, facts)
    if not workload.security_groups:
        workload.require("security_groups")
        raise NotApplicable(f"{workload.name!r} names no security group")
    vpcs = vpcs_of(chosen_subnets(target, workload, facts))
    seen = facts[security_groups(target.account, target.region)].require().items
    for name in dict.fromkeys(workload.security_groups):
        if not select_security_groups(seen, (name,), vpcs):
            yield _missing(target, workload, name, vpcs, seen)
    workload.require("security_groups")
    found = select_security_groups(seen, workload.security_groups, vpcs)
    if len(found) > _MOST_GROUPS:
        yield Problem(
            f"{len(found)} security groups are meant for {shown(workload.name, 24)}; a service takes {_MOST_GROUPS}",
            remediation="Name fewer: join their rules in one security group.",
            evidence="; ".join(f"{group.name} is {group.id}" for group in found),
            location=written_at(workload, "securityGroupNames"),
        )


def _missing(target: Target, workload: Workload, name: str, vpcs: tuple[str, ...], seen: Sequence[SecurityGroup]) -> Problem:
    elsewhere = [group for group in seen if group.name == name]
    by_id = next((group.name for group in seen if group.id == name), None)
    there = sorted({group.name for group in seen if group.vpc_id in vpcs})
    near = by_id or next(iter(get_close_matches(name, there, n=1)), None)
    hint = f"Did you mean {near!r}? Else create it:\n" if near else "Create it:\n"
    others = f"; one of that name is in {some_of([group.vpc_id or 'EC2-Classic' for group in elsewhere])}" if elsewhere else ""
    return Problem(
        f"no security group {shown(name, 24)} is in the VPC of the subnets of {shown(workload.name, 20)}",
        remediation=(
            f"{hint}aws ec2 create-security-group --group-name {quote(name)} --description {quote(name)}"
            f" --vpc-id {vpcs[0] if vpcs else 'VPC_ID'} --region {target.region}"
        ),
        evidence=f"ec2:DescribeSecurityGroups: in {some_of(vpcs) or 'no VPC'} are {some_of(there, 20) or 'none'}{others}",
        location=written_at(workload, "securityGroupNames"),
    )
