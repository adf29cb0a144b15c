"""NETWORK006: Fargate is in the Availability Zones of the subnets."""

from __future__ import annotations

from collections.abc import Mapping

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
    is_windows = _is_windows(workload.task_definition)
    zones = (_ZONES_OF_WINDOWS if is_windows else _ZONES).get(target.region)
    chosen = chosen_subnets(target, workload, facts)
    if zones is None:
        return
    if any(subnet.availability_zone_id is None for subnet in chosen):
        raise Undetermined("the zone ids of some subnets are not told")
    without = [subnet for subnet in chosen if subnet.availability_zone_id not in zones]
    if without:
        purpose = f" of the purpose {workload.subnet_types[0]!r}" if workload.subnet_types else ""
        system = "Windows on Fargate" if is_windows else "Fargate"
        yield Problem(
            f"{len(without)} of {len(chosen)} subnets of {shown(workload.name, 22)} are in zones without {system}",
            remediation=f"Use subnets{purpose} in {some_of(zones)}, and name these zones alone in availabilityZones.",
            evidence=f"{some_of([_told(subnet) for subnet in without])}; AWS names {some_of(zones)} for {target.region}",
            location=written_at(workload, "availabilityZones"),
            severity=None if len(without) == len(chosen) else Severity.WARNING,
        )


def _is_windows(definition: Mapping[str, object] | None) -> bool:
    platform = (definition or {}).get("runtimePlatform")
    family = platform.get("operatingSystemFamily") if isinstance(platform, Mapping) else None
    return isinstance(family, str) and family.upper().startswith("WINDOWS")


def _told(subnet: Subnet) -> str:
    return f"{subnet.subnet_id} is in {subnet.availability_zone} ({subnet.availability_zone_id})"
