"""CAPACITY: what will be deployed fits beside what runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.scopes import each_cluster, each_workload
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.codes import Code
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement, place
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Listing, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.preflight_file import WorkloadFile
from ecs_preflight.questions import (
    CLUSTER,
    CLUSTERS,
    CONTAINER_INSTANCES,
    RUNNING_TASKS,
    cluster,
    clusters,
    container_instances,
    running_tasks,
)
from ecs_preflight.targets import Target

# What is taken for the next task where none runs that could be taken for it: the smallest size of Fargate.
_USUAL_CPU = 256
_USUAL_MEMORY = 512

_WORDS: dict[Code, str] = {
    "STATUS": "is not ACTIVE",
    "AGENT": "has no connected agent",
    "CAPACITY_PROVIDER": "belongs to another capacity provider",
    "LAUNCH_TYPE": "is of another launch type",
    "LOCATION": "is in no zone of the subnets",
    "ATTRIBUTE": "lacks an attribute that the task requires",
    "CONSTRAINT": "does not meet a placement constraint",
    "DISTINCT": "holds a task of the group already (distinctInstance)",
    "CPU": "has too little CPU left",
    "MEMORY": "has too little memory left",
    "PORTS": "uses a TCP port that the task needs",
    "PORTS_UDP": "uses a UDP port that the task needs",
    "PORT_LIMIT": "reserves as many ports as ECS allows (100)",
    "GPU": "has too few GPUs left",
    "ENI": "has no network interface left",
    "SUBNET_IP": "would need an address, and its subnets have none left",
}


def _instances_of_workload(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account) or config.workload(target).launch_type == "FARGATE":
        return
    yield container_instances(target.account, target.region, target.cluster)
    if _depends_on_running_tasks(config.workload(target)):
        yield running_tasks(target.account, target.region, target.cluster)


def _depends_on_running_tasks(workload: WorkloadFile) -> bool:
    """Network interfaces and distinctInstance are counted by task, not by remainingResources."""
    return workload.network_mode == "awsvpc" or bool(workload.placement_constraints)


@check(
    "CAPACITY001",
    "tasks-do-not-fit",
    Severity.ERROR,
    on=each_workload,
    needs=_instances_of_workload,
    asks=(CONTAINER_INSTANCES, RUNNING_TASKS),
)
def tasks_fit(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The workload's full desired count fits on the container instances of the ECS cluster as they stand now, beside all that
    runs: each copy whole on one instance, by CPU, memory, ports, GPUs, network interfaces, attributes and constraints.

    ## Why it matters
    Every deployment of Spinnaker's is a new ECS service with all its copies beside the old one. Where they do not fit,
    CreateService succeeds and the tasks are never placed: `was unable to place a task because no container instance met all of
    its requirements`. Spinnaker shows a deploy stage that waits for healthy instances until it times out.

    ## How to fix it
    Add container instances, make the task smaller, or lower the desired count. What binds is named, and what each instance
    refuses for.
    """
    managed_role_arn(config, target)
    workload = config.workload(target)
    if workload.launch_type == "FARGATE":
        raise NotApplicable("Fargate brings its own capacity")
    listing = facts[container_instances(target.account, target.region, target.cluster)].partial()
    tasks: Listing[RunningTask] | None = None
    if _depends_on_running_tasks(workload):
        tasks = facts[running_tasks(target.account, target.region, target.cluster)].partial()
    placement = place(
        workload.task_definition(),
        workload.desired_count,
        on=listing.items,
        running_tasks=None if tasks is None or tasks.gaps else tasks.items,
        constraints=[constraint.model_dump(exclude_none=True) for constraint in workload.placement_constraints],
        launch_type=workload.launch_type,
        group=f"service:{workload.name}",
    )
    yield from _short_of(workload.desired_count, placement, listing, f"{workload.name!r} in ECS cluster {target.cluster!r}")


def _short_of(
    wanted: int, placement: Placement, listing: Listing[ContainerInstance], what: str, severity: Severity | None = None
) -> Iterator[Problem | Verdict]:
    """Proven by part: that enough fits. Not proven by part: that it does not."""
    if placement.at_least >= wanted:
        return
    if listing.gaps:
        gap = listing.gaps[0]
        yield Undetermined(f"{placement.at_least} of {wanted} fit on what could be read; {gap.what}: {gap.error}")
    elif placement.max_placeable >= wanted:
        yield Undetermined(f"between {placement.at_least} and {placement.max_placeable} fit: {' '.join(placement.unknowns)}")
    else:
        yield Problem(
            f"only {placement.max_placeable} of {wanted} copies of {what} fit",
            remediation=_mend(wanted, placement),
            evidence=_refusals(placement, listing),
            severity=severity,
        )


def _mend(wanted: int, placement: Placement) -> str:
    binding = sorted(placement.binding)
    if not binding:
        return "Register container instances: there is none."
    gain = ", ".join(
        f"without the limit by {code} {placement.relax[code]:.0f} would fit"
        for code in binding
        if code in placement.relax and placement.relax[code] != placement.max_placeable
    )
    missing = wanted - placement.max_placeable
    told = f" ({gain})" if gain else ""
    return f"Add container instances for {missing} more, or ask for less of what binds: {', '.join(binding)}{told}."


def _refusals(placement: Placement, listing: Listing[ContainerInstance]) -> str:
    """How many instances refuse the next copy for each set of reasons."""
    if not listing.items:
        return "no container instance is registered"
    reasons = Counter(frozenset(codes) for codes in (placement.blocking or placement.ineligible).values())
    lines = [
        f"{count} of {len(listing.items)} container instances: {', and '.join(_WORDS[code] for code in sorted(codes))}"
        for codes, count in reasons.most_common()
        if codes
    ]
    return "\n".join(lines)


def _cluster_and_tasks(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """The clusters that no workload is given for, where they take tasks on container instances at all."""
    if not config.role_is_known(target.account) or not target.region:
        return
    names = [target.cluster]
    if target.is_every_cluster:
        yield clusters(target.account, target.region)
        listing = known[clusters(target.account, target.region)].value_or_none()
        names = list(listing.items) if listing else []
    for name in names:
        yield cluster(target.account, target.region, name)
        found = known[cluster(target.account, target.region, name)].value_or_none()
        if found and not _is_fargate_only(found):
            yield container_instances(target.account, target.region, name)
            yield running_tasks(target.account, target.region, name)


def _each_cluster_without_workloads(config: PreflightConfig) -> Iterator[Target]:
    return (target for target in each_cluster(config) if not config.workloads(target))


def _is_fargate_only(found: Cluster) -> bool:
    """No container instance is there, none can come, and Fargate is offered."""
    providers = set(found.capacity_providers)
    return bool(providers) and providers <= {"FARGATE", "FARGATE_SPOT"} and not found.registered_container_instances_count


@check(
    "CAPACITY010",
    "little-room-left",
    Severity.ERROR,
    on=_each_cluster_without_workloads,
    needs=_cluster_and_tasks,
    asks=(CLUSTERS, CLUSTER, CONTAINER_INSTANCES, RUNNING_TASKS),
)
def room_is_left(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where no workload is given for an ECS cluster: more copies of its largest running task fit on its container instances; where
    none runs, of a task of 256 CPU units and 512 MiB. ERROR when not one fits, WARNING below `thresholds.copies` (default 3).

    ## Why it matters
    Enough space for the containers to come is a prerequisite: Spinnaker deploys every new version beside the old one, and a
    cluster that is full takes no deployment at all.

    ## How to fix it
    Add container instances, or say in preflight.yml which workloads will come, so that these are judged instead.
    """
    managed_role_arn(config, target)
    config.mapping(target.account)
    names = [target.cluster]
    if target.is_every_cluster:
        listing = facts[clusters(target.account, target.region)].require()
        names = list(listing.items)
    judged = 0
    for name in names:
        try:
            if not _is_fargate_only(facts[cluster(target.account, target.region, name)].require()):
                judged += 1
                yield from _room_in(config, Target(target.account, target.region, name), facts)
        except (Undetermined, NotApplicable) as verdict:  # the other clusters are judged all the same
            yield verdict
    if not judged and names:
        raise NotApplicable("Fargate only: it brings its own capacity")


def _room_in(config: PreflightConfig, target: Target, facts: Facts) -> Iterator[Problem | Verdict]:
    listing = facts[container_instances(target.account, target.region, target.cluster)].partial()
    tasks = facts[running_tasks(target.account, target.region, target.cluster)].require()
    on_instances = (task.size for task in tasks.items if task.container_instance_arn)
    cpu, memory = max(on_instances, key=sum, default=(_USUAL_CPU, _USUAL_MEMORY))
    workload = WorkloadFile(name="next", cpu=cpu, memory=max(memory, 4))
    wanted = config.thresholds.copies
    placement = place(workload.task_definition(), wanted, on=listing.items, running_tasks=tasks.items, launch_type="EC2")
    milder = Severity.WARNING if placement.max_placeable else None
    what = f"{cpu} CPU units, {memory} MiB in {target.cluster!r}"
    yield from _short_of(wanted, placement, listing, what, milder)
