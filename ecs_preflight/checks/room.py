"""How many copies of a task the container instances of a cluster hold, and the words for it where they are too few."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_preflight.checks.each_cluster import some_of
from ecs_preflight.ecs.codes import Code
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.placement import Placement, place
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Listing
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.workloads.workload import Workload

_WORDS: Mapping[Code, str] = {
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
            group=f"service:{self.workload.service or self.workload.name}",
        )

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
            remediation=_remedy(wanted, placement, instances.items),
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
    names = {instance.container_instance_arn: _name(instance) for instance in instances}
    taken = [f"{names[arn]} holds {copies}" for arn, copies in placement.per_instance.items() if copies]
    if taken:
        yield some_of(taken, 10)
    if placement.binding:
        yield f"what binds: {', '.join(_with_relief(code, placement) for code in sorted(placement.binding))}"
    refusing: dict[frozenset[Code], list[str]] = {}
    for arn, codes in placement.blocking.items():
        if codes:
            refusing.setdefault(codes, []).append(names[arn])
    for codes, those in sorted(refusing.items(), key=lambda item: (-len(item[1]), sorted(item[0]))):
        why = " and ".join(_WORDS[code] for code in sorted(codes))
        yield f"{len(those)} of {len(instances)} container instances: {why} ({some_of(those)})"


def _with_relief(code: Code, placement: Placement) -> str:
    """`CPU (7 would fit without that limit)`, where lifting that one alone would help."""
    without = placement.relax.get(code)
    if without is None or without <= placement.max_placeable:
        return code
    return f"{code} ({'any number' if math.isinf(without) else int(without)} would fit without that limit)"


def _remedy(wanted: Wanted, placement: Placement, instances: Sequence[ContainerInstance]) -> str:
    missing = wanted.count - placement.max_placeable
    fewer = f"or ask for {placement.max_placeable}" if placement.max_placeable else "or make the task smaller"
    if not instances:
        return f"Register container instances with room for {wanted.count} copies of {wanted.size} each."
    empty = _emptied(instances)
    room = wanted.on(empty, ())
    best = max(empty, key=lambda instance: room.per_instance[instance.container_instance_arn])
    copies = room.per_instance[best.container_instance_arn]
    if copies == 0:
        why = " and ".join(_WORDS[code] for code in sorted(room.ineligible[best.container_instance_arn]))
        return (
            f"Register container instances of another type: even when empty, {best.instance_type or _name(best)} {why}. "
            f"One copy takes {wanted.size}."
        )
    added = -(-missing // copies)
    instances_added = "1 container instance" if added == 1 else f"{added} container instances"
    return (
        f"Add {instances_added} of type {best.instance_type or 'the same kind'} (an empty one holds {copies}), {fewer}. "
        f"Missing is room for {missing} of {wanted.size}."
    )


def _emptied(instances: Sequence[ContainerInstance]) -> list[ContainerInstance]:
    """One of each instance type, the commonest first, as it would join: connected, and with nothing on it."""
    counted = Counter(instance.instance_type for instance in instances)
    of_type = {instance.instance_type: instance for instance in instances}
    return [_fresh(of_type[instance_type]) for instance_type, _ in counted.most_common()]


def _fresh(instance: ContainerInstance) -> ContainerInstance:
    # Made anew: a copied model would keep the row that placement has worked out for the full one.
    fields = {name: getattr(instance, name) for name in ContainerInstance.model_fields}
    return ContainerInstance(
        **{
            **fields,
            "status": "ACTIVE",
            "agent_connected": True,
            "running_tasks_count": 0,
            "pending_tasks_count": 0,
            "remaining_resources": instance.registered_resources,
        }
    )


def _name(instance: ContainerInstance) -> str:
    return instance.ec2_instance_id or instance.container_instance_arn
