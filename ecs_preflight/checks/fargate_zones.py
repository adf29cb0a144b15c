"""NETWORK006: Fargate is in the Availability Zones of the subnets."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import shown, some_of
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.checks.workload_network import (
    chosen_subnets,
    interface_questions,
    names_subnets,
    workload_with_interface,
    written_at,
)
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.network_questions import SUBNETS, subnets
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html, by zone id: names differ from account to
# account. In the other regions of that page all zones have Fargate for Linux.
_ZONES: Mapping[str, tuple[str, ...]] = {
    "us-west-1": ("usw1-az1", "usw1-az3"),
    "ap-northeast-1": ("apne1-az1", "apne1-az2", "apne1-az4"),
    "cn-north-1": ("cnn1-az1", "cnn1-az2"),
}
_ZONES_OF_WINDOWS = {**_ZONES, "us-east-1": ("use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6")}


def _subnets(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    workload, asked = interface_questions(config, target, known)
    yield from asked
    if workload and workload.runs_on_fargate and names_subnets(workload):
        yield subnets(target.account, target.region)


@check(
    "NETWORK006",
    "fargate-not-in-zone",
    Severity.ERROR,
    on=each_workload,
    needs=_subnets,
    asks=(*WORKLOAD_KINDS, SUBNETS),
)
def fargate_is_in_the_zones(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The subnets of a workload on Fargate are in Availability Zones that have Fargate: in a few regions AWS names those that do, by
    their ids, and for Windows in one more. ERROR where none of the subnets is in such a zone, WARNING where some are not.

    ## Why it matters
    CreateService takes any subnet. Tasks that Fargate tries to start in such a zone fail with `was unable to place a task`, and
    Spinnaker waits for healthy instances until it times out.

    ## How to fix it
    Name the zones that have Fargate in the server group, or give its purpose to subnets in these.
    """
    workload = workload_with_interface(config, target, facts)
    if not workload.runs_on_fargate:
        raise NotApplicable("it does not run on Fargate")
    chosen = chosen_subnets(target, workload, facts)
    zones = zones_of_fargate(target.region, workload)
    if zones is None:
        return
    if any(subnet.availability_zone_id is None for subnet in chosen):
        raise Undetermined("the zone ids of some subnets are not told")
    without = [subnet for subnet in chosen if subnet.availability_zone_id not in zones]
    if not without:
        return
    if zones_of_fargate(target.region, workload, may_be_linux=True) is None:
        raise Undetermined("whether its tasks run on Linux or on Windows is not known, and in some zones Fargate has Linux alone")
    yield _problem(target, workload, chosen, without, zones)


def zones_of_fargate(region: str, workload: Workload, *, may_be_linux: bool = False) -> tuple[str, ...] | None:
    """The ids of the zones that have Fargate for its tasks; None where all have. A system that is not known counts as Windows."""
    is_windows = _is_windows(workload)
    if is_windows is None:
        is_windows = not may_be_linux
    return (_ZONES_OF_WINDOWS if is_windows else _ZONES).get(region)


def _is_windows(workload: Workload) -> bool | None:
    """None where that is not known: there is no task definition yet, or an expression decides."""
    if workload.task_definition is None or "task_definition" in workload.unknown:
        return None
    platform = workload.task_definition.get("runtimePlatform")
    family = platform.get("operatingSystemFamily") if isinstance(platform, Mapping) else None
    if family is None:
        return False
    return None if "${" in str(family) else str(family).upper().startswith("WINDOWS")


def _problem(
    target: Target, workload: Workload, chosen: Sequence[Subnet], without: Sequence[Subnet], zones: Sequence[str]
) -> Problem:
    good = sorted({subnet.availability_zone or "" for subnet in chosen if subnet not in without})
    purpose = f" with the purpose {workload.subnet_types[0]!r}" if workload.subnet_types else ""
    written = f'Write "availabilityZones": {json.dumps({target.region: good})}.' if good else ""
    made = f"Make a subnet{purpose} in a zone that has it: {some_of(tuple(zones))}, by the ids that ec2 describe-subnets tells."
    return Problem(
        f"{len(without)} of {len(chosen)} subnets of {shown(workload.name, 22)} are in zones without Fargate for its tasks",
        remediation=written or made,
        evidence=f"{some_of([_told(subnet) for subnet in without])}; AWS names {some_of(tuple(zones))} for {target.region}",
        location=written_at(workload, "availabilityZones"),
        severity=Severity.WARNING if good else None,
    )


def _told(subnet: Subnet) -> str:
    return f"{subnet.subnet_id} is in {subnet.availability_zone} ({subnet.availability_zone_id})"
