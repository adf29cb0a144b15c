"""CAPACITY005: the subnets have an address for each copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import judge_each, needs_of_each, shown
from ecs_preflight.checks.room import Wanted
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS, completed
from ecs_preflight.checks.workload_network import (
    chosen_subnets,
    interface_questions,
    more_addresses,
    names_subnets,
    told_addresses,
    workload_with_interface,
    written_at,
)
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.placement import Placement
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.network_questions import SUBNETS, subnets
from ecs_preflight.questions import CLUSTER, CLUSTERS, CONTAINER_INSTANCES, RUNNING_TASKS, container_instances, running_tasks
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


def _subnets_and_instances(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    workload, asked = interface_questions(config, target, known)
    yield from asked
    if workload and names_subnets(workload):
        yield subnets(target.account, target.region)
        if not workload.runs_on_fargate:
            yield from needs_of_each(_instances_and_tasks)(config, target, known)


def _instances_and_tasks(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    yield container_instances(target.account, target.region, target.cluster)
    yield running_tasks(target.account, target.region, target.cluster)


@check(
    "CAPACITY005",
    "subnet-addresses-exhausted",
    Severity.ERROR,
    on=each_workload,
    needs=_subnets_and_instances,
    asks=(*WORKLOAD_KINDS, SUBNETS, CLUSTERS, CLUSTER, CONTAINER_INSTANCES, RUNNING_TASKS),
)
def subnets_have_addresses(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The subnets of an awsvpc workload have a free address for each copy. On EC2 an address must be in the zone and the VPC of the
    container instance, so the copies are placed with these limits and without: the addresses must not hold back copies that the
    instances have room for.

    ## Why it matters
    Each copy takes an address of its own, beside those of the server group that it replaces: `InsufficientFreeAddressesInSubnet`.
    Tasks are not placed, or stop while they start, and Fargate need not try another subnet. Spinnaker waits for healthy instances
    until it times out.

    ## How to fix it
    Give further subnets the same purpose, name further zones, or free addresses; a subnet cannot be made larger.
    """
    workload = workload_with_interface(config, target, facts)
    chosen = chosen_subnets(target, workload, facts)
    workload.require("desired_count")
    free = sum(max(subnet.available_ip_address_count or 0, 0) for subnet in chosen)
    are_all_counted = all(subnet.available_ip_address_count is not None for subnet in chosen)
    if free < workload.desired_count:
        if not are_all_counted:
            raise Undetermined(f"the free addresses of some subnets were not told: {told_addresses(chosen)}")
        yield _too_few(target, workload, chosen, free)
    elif not workload.runs_on_fargate:
        yield from judge_each(config, target, facts, _within_zones)


def _within_zones(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Iterator[Problem | Undetermined]:
    workload = completed(target, config.workload(target), facts)
    workload.require("task_definition", "cpu", "memory", "placement_constraints", "placement_strategy", "launch_type")
    chosen = chosen_subnets(target, workload, facts)
    instances = facts[container_instances(target.account, target.region, target.cluster)].require().items
    tasks = facts[running_tasks(target.account, target.region, target.cluster)].require().items
    wanted = Wanted("", workload, workload.desired_count)
    try:
        free, bound, certain = (wanted.on(instances, tasks, taken) for taken in (None, chosen, _none_untold(chosen)))
    except InputError:
        return  # CAPACITY001 says what ECS would refuse of its placement
    room = min(wanted.count, free.max_placeable)
    if bound.max_placeable < room:
        yield _held_back(target, workload, chosen, bound, free)
    elif certain.max_placeable < room:
        yield Undetermined(f"the free addresses of some subnets were not told: {told_addresses(chosen)}")


def _none_untold(chosen: Sequence[Subnet]) -> tuple[Subnet, ...]:
    """The subnets with no address where it was not told how many are free."""
    return tuple(one.model_copy(update={"available_ip_address_count": one.available_ip_address_count or 0}) for one in chosen)


def _held_back(target: Target, workload: Workload, chosen: Sequence[Subnet], bound: Placement, free: Placement) -> Problem:
    elsewhere = sum("LOCATION" in codes for codes in bound.ineligible.values())
    located = f"; container instances in no zone or VPC of theirs: {elsewhere}" if elsewhere else ""
    return Problem(
        f"the subnets of {shown(workload.name, 24)} have addresses for {bound.max_placeable} of {workload.desired_count} copies",
        remediation=more_addresses(target, workload),
        evidence=f"the container instances have room for {free.max_placeable}; {told_addresses(chosen)}{located}",
        location=written_at(workload, "subnetTypes"),
    )


def _too_few(target: Target, workload: Workload, chosen: Sequence[Subnet], free: int) -> Problem:
    return Problem(
        f"the subnets of {shown(workload.name, 24)} have {free} free addresses for {workload.desired_count} copies",
        remediation=more_addresses(target, workload),
        evidence=told_addresses(chosen),
        location=written_at(workload, "subnetTypes"),
    )
