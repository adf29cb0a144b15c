"""What the checks of the network share: which workloads have network interfaces of their own, and the subnets of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecs_preflight.checks._check import Facts, Questions
from ecs_preflight.checks.each_cluster import require_role_and_region, some_of
from ecs_preflight.checks.workload_facts import completed, completed_if_known, workload_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.errors import Location
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Blocked, NotApplicable, Undetermined
from ecs_preflight.network_questions import subnets
from ecs_preflight.spinnaker.subnets import select_subnets
from ecs_preflight.spinnaker.versions import is_at_least
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

# clouddriver takes networkMode awsvpc and launch types from this release on.
FIRST_WITH_AWSVPC = "1.10"
_UNNAMED = "nothing says which subnets: name its pipeline or server_group, or a service that runs, to have them judged"


def has_own_interface(workload: Workload) -> bool:
    """Fargate has no other network mode: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html

    Raises Undetermined where only a run of the pipeline, or AWS, tells the mode.
    """
    if workload.network_mode == "awsvpc" or workload.runs_on_fargate:
        return True
    workload.require("task_definition", "network_mode", "launch_type", "capacity_provider_strategy")
    if workload.network_mode is None:
        raise Undetermined(f"{workload.name!r} has the network mode of what is registered, which is not looked up for this")
    return False


def names_subnets(workload: Workload) -> bool:
    """A server group names them by purpose, a running service has them; of sizes, and of a task definition, nothing is known."""
    return bool(workload.server_group or workload.subnet_ids)


def workload_with_interface(config: PreflightConfig, target: Target, facts: Facts) -> Workload:
    """The workload of a target, complete; raises NotApplicable where its tasks have no network interface of their own."""
    require_role_and_region(config, target)
    if is_at_least(config.version, FIRST_WITH_AWSVPC) is False:
        raise NotApplicable(f"Spinnaker {config.version} knows no awsvpc, as NETWORK001 says of workloads that want it")
    workload = completed(target, config.workload(target), facts)
    if not has_own_interface(workload):
        raise NotApplicable(f"network mode {workload.network_mode}: tasks have no network interface of their own")
    return workload


def interface_questions(config: PreflightConfig, target: Target, known: Snapshot) -> tuple[Workload | None, Questions]:
    """What completes the workload of a target; and the workload itself, once it is known to have interfaces of its own."""
    if not config.role_is_known(target.account) or not target.region:
        return None, ()
    workload = config.workload(target)
    asked = tuple(workload_questions(config, target, workload, known))
    found = completed_if_known(target, workload, known)
    is_new_enough = is_at_least(config.version, FIRST_WITH_AWSVPC) is not False
    return (found if found and is_new_enough and surely_has_own_interface(found) else None), asked


def chosen_subnets(target: Target, workload: Workload, facts: Facts) -> tuple[Subnet, ...]:
    """Those that its tasks would be in. Raises NotApplicable where nothing names any, Blocked where clouddriver finds none."""
    if not names_subnets(workload):
        raise NotApplicable(_UNNAMED)
    workload.require("subnet_types", "zones")
    chosen = subnets_for(workload, facts[subnets(target.account, target.region)].require().items)
    if not chosen:
        raise Blocked(f"no subnet is found for {workload.name!r}: see NETWORK002")
    if len(chosen) < len(workload.subnet_ids):
        raise Undetermined(f"not all subnets of {workload.name!r} are shown: {', '.join(workload.subnet_ids)}")
    return chosen


def subnets_for(workload: Workload, seen: Iterable[Subnet]) -> tuple[Subnet, ...]:
    """Among those that are seen: by id of a running service, by purpose and zone of a server group."""
    if workload.subnet_ids:
        return tuple(subnet for subnet in seen if subnet.subnet_id in workload.subnet_ids)
    return select_subnets(seen, workload.subnet_types, workload.zones)


def told_addresses(chosen: Sequence[Subnet]) -> str:
    """`AvailableIpAddressCount: subnet-0a (us-east-1a): 17, ...`."""
    told = [f"{one.subnet_id} ({one.availability_zone}): {one.available_ip_address_count}" for one in chosen]
    return f"AvailableIpAddressCount: {some_of(told, 16)}"


def more_addresses(target: Target, workload: Workload) -> str:
    """What helps where its subnets have too few."""
    purpose = f" with the purpose {workload.subnet_types[0]!r}" if workload.subnet_types else ""
    return (
        f"Make a further subnet{purpose}, name another zone, or free addresses of what is gone:\n"
        f"aws ec2 describe-network-interfaces --filters Name=status,Values=available --region {target.region}"
    )


def vpcs_of(chosen: Iterable[Subnet]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(subnet.vpc_id for subnet in chosen if subnet.vpc_id))


def written_at(workload: Workload, key: str) -> Location | None:
    """Where a server group says it, as clouddriver spells the key; else where the workload stands."""
    return (workload.server_group.where(key) if workload.server_group else None) or workload.location


def surely_has_own_interface(workload: Workload) -> bool:
    """False where that is not known yet."""
    try:
        return has_own_interface(workload)
    except Undetermined:
        return False
