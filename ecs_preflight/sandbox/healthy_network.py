"""The network of the healthy world: what the workloads of a region name, as they need it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ecs_preflight.sandbox.regions import zones_of
from ecs_preflight.sandbox.world import Subnet, TargetGroup
from ecs_preflight.workloads.workload import Workload

# What Spinnaker's documentation calls its subnets; for workloads of which only the sizes are known.
_USUAL_PURPOSE = "internal (main)"
# A subnet of /22 has 1019 addresses; one of /16, the largest that there is, has 65,531.
_SIZES = {prefix: 2 ** (32 - prefix) - 5 for prefix in range(22, 15, -1)}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
_TARGET_GROUP_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,32}(?<!-)", re.ASCII)


def network_of(workloads: Iterable[Workload], region: str) -> dict[str, Any]:
    """The fields of a Region. What AWS would never hold (a name that it refuses, a zone that there is not) is left out."""
    copies: dict[tuple[str, str], int] = {}
    security_groups: dict[str, None] = {}
    target_groups: dict[str, TargetGroup] = {}
    for workload in workloads:
        has_own_interface = workload.network_mode == "awsvpc" or workload.runs_on_fargate
        for purpose in purposes_of(workload) if has_own_interface else ():
            for zone in zones_for(workload, region):
                copies[purpose, zone] = copies.get((purpose, zone), 0) + workload.desired_count
        security_groups |= dict.fromkeys(name for name in workload.security_groups if not name.startswith("sg-"))
        for name in filter(_TARGET_GROUP_NAME.fullmatch, workload.target_groups):
            target_groups.setdefault(name, _target_group(workload, has_own_interface))
    return {
        "subnets": tuple(Subnet(zone=zone, purpose=purpose, prefix=_prefix(n)) for (purpose, zone), n in copies.items()),
        "security_groups": tuple(name for name in security_groups if name != "default"),
        "target_groups": target_groups,
    }


def purposes_of(workload: Workload) -> tuple[str, ...]:
    """Those that it names; of sizes, which name none, the usual one."""
    return workload.subnet_types or (() if workload.server_group else (_USUAL_PURPOSE,))


def zones_for(workload: Workload, region: str) -> tuple[str, ...]:
    """Those that it names and that there are; of sizes, the first three."""
    existing = zones_of(region)
    return tuple(zone for zone in workload.zones if zone in existing) if workload.server_group else existing[:3]


def _prefix(copies: int) -> int:
    """Of a subnet that could hold all copies, and those that they replace, alone."""
    return next((prefix for prefix, addresses in _SIZES.items() if addresses >= 3 * copies), min(_SIZES))


def _target_group(workload: Workload, has_own_interface: bool) -> TargetGroup:
    protocols = {
        mapping.get("protocol", "tcp") for container in workload.containers for mapping in container.get("portMappings", ())
    }
    return TargetGroup(target_type="ip" if has_own_interface else "instance", protocol="UDP" if protocols == {"udp"} else "HTTP")
