"""NETWORK002: the subnets that Spinnaker can see and choose."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from shlex import quote

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import shown, some_of
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.checks.workload_network import (
    interface_questions,
    subnets_for,
    vpcs_of,
    workload_with_interface,
    written_at,
)
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Blocked, NotApplicable, Problem, Severity
from ecs_preflight.network_questions import SUBNETS, subnets
from ecs_preflight.spinnaker.subnets import read_purpose
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
_MOST_SUBNETS = 16


def _subnets(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    workload, asked = interface_questions(config, target, known)
    yield from asked
    if workload and not workload.subnet_ids:
        yield subnets(target.account, target.region)


@check(
    "NETWORK002",
    "subnet-invisible-to-spinnaker",
    Severity.ERROR,
    on=each_workload,
    needs=_subnets,
    asks=(*WORKLOAD_KINDS, SUBNETS),
)
def subnets_are_visible_to_spinnaker(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    For a workload with awsvpc: each subnet type that its server group names is the purpose of a subnet of the account and
    region, in one of its zones; not more than 16 subnets are meant, all of one VPC. A purpose is the `purpose` in the JSON of the
    tag `immutable_metadata`, else `b (a)` of a Name tag of three parts, `a.b.c`. Where only sizes are given, any subnet must have
    one.

    ## Why it matters
    clouddriver looks subnets up by their purpose and does not mind when it finds none: it sends CreateService an empty list,
    which ECS refuses after the task definition is registered. A subnet without a purpose is never offered. A tag
    `immutable_metadata` that is JSON and no object breaks the look-up for the whole account and region.

    ## How to fix it
    Tag the subnets, and wait until clouddriver has cached them again; or name a purpose that there is.
    """
    workload = workload_with_interface(config, target, facts)
    if workload.subnet_ids:
        raise NotApplicable("a service that runs has its subnets already; which ones a deployment takes, its server group says")
    seen = facts[subnets(target.account, target.region)].require().items
    yield from _that_break_the_reader(target, seen)
    if workload.server_group is None:
        if not any(read_purpose(subnet.tags).purpose for subnet in seen):
            yield _none_has_a_purpose(target, workload, seen)
        return
    workload.require("subnet_types", "zones")
    if not workload.subnet_types:
        raise Blocked(f"{workload.name!r} names no subnet type")
    chosen = subnets_for(workload, seen)
    for purpose in workload.subnet_types:
        yield from _not_found(target, workload, purpose, seen, is_all=not chosen)
    yield from _too_many(target, workload, chosen)


def _that_break_the_reader(target: Target, seen: Sequence[Subnet]) -> Iterator[Problem]:
    for subnet in seen:
        reading = read_purpose(subnet.tags)
        if reading.throws:
            yield Problem(
                f"the tag immutable_metadata of {subnet.subnet_id} breaks clouddriver's look at subnets",
                remediation=_tag([subnet.subnet_id], "PURPOSE", target.region),
                evidence=f"{reading.throws}; AmazonSubnetProvider reads it into a Map, and catches only what is no JSON at all",
            )


def _none_has_a_purpose(target: Target, workload: Workload, seen: Sequence[Subnet]) -> Problem:
    return Problem(
        f"no subnet of {target.region} has a purpose, so Spinnaker offers none to {shown(workload.name, 22)}",
        remediation=_tag([subnet.subnet_id for subnet in seen[:3]] or ["SUBNET_ID"], "internal (main)", target.region),
        evidence=_purposes(seen),
        location=workload.location,
    )


def _not_found(target: Target, workload: Workload, purpose: str, seen: Sequence[Subnet], *, is_all: bool) -> Iterator[Problem]:
    """That one of several purposes is found nowhere leaves the service its other subnets."""
    with_it = [subnet for subnet in seen if read_purpose(subnet.tags).purpose == purpose]
    if any(subnet.availability_zone in workload.zones for subnet in with_it):
        return
    severity = None if is_all else Severity.WARNING
    if with_it:
        zones = sorted({subnet.availability_zone or "no zone" for subnet in with_it})
        yield Problem(
            f"the subnets {shown(purpose, 24)} are in none of the zones of {shown(workload.name, 22)}",
            remediation=(
                f'Write "availabilityZones": {json.dumps({target.region: zones})}, or make a subnet in '
                f"{some_of(workload.zones)} with that purpose."
            ),
            evidence=f"its zones are {some_of(workload.zones) or 'none'}; {_purposes(seen)}",
            location=written_at(workload, "availabilityZones"),
            severity=severity,
        )
        return
    existing = sorted({found for subnet in seen if (found := read_purpose(subnet.tags).purpose)})
    near = get_close_matches(purpose, existing, n=1, cutoff=0.5)
    bare = [
        subnet.subnet_id
        for subnet in seen
        if subnet.availability_zone in workload.zones and not read_purpose(subnet.tags).purpose
    ]
    hint = f"Did you mean {near[0]!r}? Else tag the subnets that are meant:\n" if near else "Tag the subnets that are meant:\n"
    yield Problem(
        f"no subnet has the purpose {shown(purpose, 24)}, which {shown(workload.name, 22)} names",
        remediation=f"{hint}{_tag(bare[:3] or ['SUBNET_ID'], purpose, target.region)}",
        evidence=_purposes(seen),
        location=written_at(workload, "subnetTypes"),
        severity=severity,
    )


def _too_many(target: Target, workload: Workload, chosen: Sequence[Subnet]) -> Iterator[Problem]:
    vpcs = vpcs_of(chosen)
    if len(vpcs) > 1:
        yield Problem(
            f"the subnets of {shown(workload.name, 30)} are of {len(vpcs)} VPCs",
            remediation="Give the subnets of each VPC a purpose of their own, and name one of them.",
            evidence="; ".join(f"{subnet.subnet_id} is of {subnet.vpc_id}" for subnet in chosen),
            location=written_at(workload, "subnetTypes"),
        )
    if len(chosen) > _MOST_SUBNETS:
        yield Problem(
            f"{len(chosen)} subnets are meant for {shown(workload.name, 30)}; a service takes {_MOST_SUBNETS}",
            remediation="Name fewer zones or subnet types, or tag fewer subnets with that purpose.",
            evidence=f"subnet types {some_of(workload.subnet_types)} in {target.region}, zones {some_of(workload.zones)}",
            location=written_at(workload, "subnetTypes"),
        )


def _purposes(seen: Sequence[Subnet]) -> str:
    """What there is: each purpose with its zones, and how many subnets have none."""
    zones: dict[str, list[str]] = {}
    for subnet in seen:
        zones.setdefault(read_purpose(subnet.tags).purpose or "", []).append(subnet.availability_zone or "no zone")
    bare = len(zones.pop("", ()))
    told = [f"{purpose!r} in {', '.join(sorted(set(where)))}" for purpose, where in sorted(zones.items())]
    return f"ec2:DescribeSubnets: the purposes are {some_of(told, 10) or 'none'}; {bare} of {len(seen)} subnets have none"


def _tag(subnet_ids: Sequence[str], purpose: str, region: str) -> str:
    tags = json.dumps([{"Key": "immutable_metadata", "Value": json.dumps({"purpose": purpose})}])
    return f"aws ec2 create-tags --resources {' '.join(subnet_ids)} --tags {quote(tags)} --region {region}"
