"""How many copies of a task the container instances of a cluster hold, and the words for it where they are too few."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_preflight.checks.each_cluster import some_of
from ecs_preflight.checks.fresh_instances import emptied
from ecs_preflight.checks.refusals import WORDS, refusals_of, with_relief
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement, place
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Listing
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.workloads.workload import Workload


@dataclass(frozen=True, slots=True)
class Wanted:
    """`count` copies of a workload's task, and what they are called in a summary."""

    what: str
    workload: Workload
    count: int

    def on(
        self,
        instances: Iterable[ContainerInstance],
        running_tasks: Iterable[RunningTask] | None,
        subnets: Iterable[Subnet] | None = None,
    ) -> Placement:
        """Where they would go; without subnets, addresses limit nothing. Raises InputError for what ECS would refuse."""
        return place(
            self.task_definition,
            self.count,
            on=instances,
            running_tasks=running_tasks,
            constraints=self.workload.placement_constraints,
            strategy=self.workload.placement_strategy,
            launch_type=self.workload.launch_type,
            capacity_provider=self.workload.providers or None,
            subnets=subnets,
            group=self.group,
        )

    @property
    def group(self) -> str:
        """The group of the service that they are tasks of."""
        return f"service:{self.workload.service or self.workload.name}"

    @property
    def task_definition(self) -> Mapping[str, Any]:
        """The workload must be complete by now."""
        assert self.workload.task_definition is not None
        return self.workload.task_definition

    @property
    def size(self) -> str:
        """What one copy takes: `256 CPU units, 512 MiB`."""
        needs = task_requirements(self.task_definition)
        ports = sorted(needs.ports | needs.ports_udp)
        beside = (f"{needs.gpus} GPUs" if needs.gpus else "", f"port {', '.join(map(str, ports))}" if ports else "")
        interface = "a network interface" if needs.enis else ""
        return ", ".join(filter(None, (f"{needs.cpu} CPU units", f"{needs.memory} MiB", *beside, interface)))


def tasks_matter(workload: Workload) -> bool:
    """Whether room may hang on which tasks run: network interfaces, groups and GPU ids are counted by task alone."""
    definition = workload.task_definition
    if definition is None:
        return False
    if workload.network_mode == "awsvpc" or workload.placement_constraints or definition.get("placementConstraints"):
        return True
    try:
        return task_requirements(definition).gpus > 0
    except InputError:
        return False


def short_of(
    wanted: Wanted,
    placement: Placement,
    instances: Listing[ContainerInstance],
    *,
    severity: Severity | None = None,
    note: str = "",
) -> Iterator[Problem | Undetermined]:
    """Nothing where all copies are certain to fit, which part of the instances may prove; that they do not, only the whole."""
    if placement.at_least >= wanted.count:
        return
    if instances.gaps:
        gap = instances.gaps[0]
        yield Undetermined(f"{placement.at_least} of {wanted.count} fit on what could be read; {gap.what}: {gap.error}")
    elif placement.max_placeable >= wanted.count:
        unknowns = " ".join(placement.unknowns)
        yield Undetermined(f"between {placement.at_least} and {placement.max_placeable} of {wanted.count} fit: {unknowns}")
    else:
        yield Problem(
            f"only {placement.max_placeable} of {wanted.count} {wanted.what} fit",
            remediation=remedy(wanted, placement, instances.items),
            evidence="\n".join(filter(None, (*_evidence(wanted, placement, instances.items), note))),
            location=wanted.workload.location,
            severity=severity,
        )


def _evidence(wanted: Wanted, placement: Placement, instances: Sequence[ContainerInstance]) -> Iterator[str]:
    """What one copy takes, how many more fit and where, what binds, and which instances refuse the next one for what."""
    yield f"one copy takes {wanted.size}; {placement.max_placeable} more fit of {wanted.count}"
    if not instances:
        yield "no container instance is registered"
        return
    names = {instance.container_instance_arn: name_of(instance) for instance in instances}
    taken = [f"{names[arn]} holds {copies}" for arn, copies in placement.per_instance.items() if copies]
    if taken:
        yield some_of(taken, 10)
    if placement.binding:
        yield f"what binds: {', '.join(with_relief(code, placement) for code in sorted(placement.binding))}"
    for refusal in refusals_of(placement):
        those = [names[arn] for arn in refusal.instances]
        yield f"{len(those)} of {len(instances)} container instances: {refusal.words} ({some_of(those)})"


def remedy(wanted: Wanted, placement: Placement, instances: Sequence[ContainerInstance]) -> str:
    """What helps the copies that are missing: agents that come back, container instances of a type that holds any."""
    if not instances:
        return f"Register container instances with room for {wanted.count} copies of {wanted.size} each."
    return "\n".join(filter(None, (_reconnect(wanted, placement, instances), _add(wanted, placement, instances))))


def _reconnect(wanted: Wanted, placement: Placement, instances: Sequence[ContainerInstance]) -> str:
    """Where that alone would do."""
    fit = placement.relax.get("AGENT", 0)
    if fit < wanted.count:
        return ""
    gone = [name_of(instance) for instance in without_agent(instances)]
    return f"Bring back the ECS agent of {some_of(gone)} (there: sudo systemctl restart ecs): {_number(fit)} fit then. Or:"


def _add(wanted: Wanted, placement: Placement, instances: Sequence[ContainerInstance]) -> str:
    missing = wanted.count - placement.max_placeable
    copy = "copy" if missing == 1 else "copies"
    fewer = f"or ask for {placement.max_placeable}" if placement.max_placeable else "or make the task smaller"
    empty = empty_ones(wanted, instances)
    room = wanted.on(empty, ())
    best = max(empty, key=lambda instance: room.per_instance[instance.container_instance_arn])
    copies = room.per_instance[best.container_instance_arn]
    if copies == 0:
        why = " and ".join(WORDS[code] for code in sorted(room.ineligible[best.container_instance_arn]))
        return (
            f"Register container instances of another type: even when empty, {best.instance_type or name_of(best)} {why}. "
            f"One copy takes {wanted.size}."
        )
    added = -(-missing // copies)
    return (
        f"Add {number_of_instances(added)} of type {best.instance_type or 'the same kind'}{provider_of(best, wanted)} "
        f"(an empty one holds {copies}), {fewer}. Room is missing for {missing} {copy} of {wanted.size}."
    )


def provider_of(instance: ContainerInstance, wanted: Wanted) -> str:
    """Where it has to be added, for a workload that capacity providers place."""
    provider = instance.capacity_provider_name
    return f" to capacity provider {provider}" if provider in wanted.workload.providers else ""


def empty_ones(wanted: Wanted, instances: Sequence[ContainerInstance]) -> list[ContainerInstance]:
    """One of each type that might be added for the workload."""
    return emptied(addable(wanted, instances))


def addable(wanted: Wanted, instances: Sequence[ContainerInstance]) -> Sequence[ContainerInstance]:
    """Those of which more might be added for the workload: of its capacity providers, where it has any that bring some."""
    providers = wanted.workload.providers
    return [instance for instance in instances if instance.capacity_provider_name in providers] or instances


def without_agent(instances: Iterable[ContainerInstance]) -> list[ContainerInstance]:
    """Those that would take tasks if their agent were connected."""
    return [instance for instance in instances if instance.status == "ACTIVE" and not instance.agent_connected]


def number_of_instances(count: int) -> str:
    return "1 container instance" if count == 1 else f"{count} container instances"


def _number(count: float) -> str:
    return "any number" if math.isinf(count) else str(int(count))


def name_of(instance: ContainerInstance) -> str:
    """As people know it: its EC2 instance id."""
    return instance.ec2_instance_id or instance.container_instance_arn
