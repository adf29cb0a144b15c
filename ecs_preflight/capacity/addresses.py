"""The addresses that the subnets of a workload have free: each copy with a network interface of its own takes one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ecs_preflight.capacity.model import Answer, Limit, WorkloadRoom
from ecs_preflight.checks._check import Facts
from ecs_preflight.checks.fargate_zones import zones_of_fargate
from ecs_preflight.checks.workload_network import (
    chosen_subnets,
    has_own_interface,
    more_addresses,
    names_subnets,
    told_addresses,
)
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.findings import Undetermined, Verdict
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

_NOT_SAID = "Which subnets its tasks get is not said: free addresses are not counted."


@dataclass(frozen=True)
class Addresses:
    """`chosen` None: none limit. `doubt`: there are subnets, and what they have free could not be read."""

    chosen: tuple[Subnet, ...] | None = None
    doubt: str = ""
    caution: str = ""
    fix: str = ""
    """What brings more of them."""

    @property
    def certain(self) -> float:
        """How many there are at the least."""
        if self.doubt:
            return 0
        return math.inf if self.chosen is None else sum(max(one.available_ip_address_count or 0, 0) for one in self.chosen)

    @property
    def most(self) -> float:
        """How many there may be."""
        is_told = self.chosen is not None and all(one.available_ip_address_count is not None for one in self.chosen)
        return self.certain if is_told else math.inf

    @property
    def told(self) -> str:
        return told_addresses(self.chosen or ())


def addresses_of(target: Target, workload: Workload, facts: Facts) -> Addresses:
    """Of a complete workload."""
    try:
        if not has_own_interface(workload):
            return Addresses()
        if not names_subnets(workload):
            return Addresses(caution=_NOT_SAID)
        chosen = chosen_subnets(target, workload, facts)
        if workload.runs_on_fargate and (zones := zones_of_fargate(target.region, workload)) is not None:
            if any(subnet.availability_zone_id is None for subnet in chosen):
                raise Undetermined("in which zones they are is not told, and Fargate is not in all")
            chosen = tuple(subnet for subnet in chosen if subnet.availability_zone_id in zones)
        return Addresses(chosen, fix=more_addresses(target, workload))
    except Verdict as verdict:
        return Addresses(doubt=f"the free addresses of its subnets: {verdict.reason}")


def within(room: WorkloadRoom, addresses: Addresses) -> WorkloadRoom:
    """The room, which is of all else, no larger than the addresses that all the subnets have together."""
    if room.unseen:
        return room
    room = replace(room, at_least=int(min(room.at_least, addresses.certain)))
    if addresses.most < (math.inf if room.at_most is None else room.at_most):
        limits = (*(limit for limit in room.limits if limit.code != "SUBNET_IP"), Limit("SUBNET_IP", told=addresses.told))
        room = replace(room, at_most=int(addresses.most), limits=limits)
    if room.wanted is None or addresses.certain >= room.wanted:
        return room
    if addresses.most < room.wanted:
        fix = room.fix if room.answer is Answer.DOES_NOT_FIT else ""
        return replace(room, answer=Answer.DOES_NOT_FIT, fix="\n".join(filter(None, (addresses.fix, fix))))
    return replace(room, answer=Answer.UNDETERMINED) if room.answer is not Answer.DOES_NOT_FIT else room
