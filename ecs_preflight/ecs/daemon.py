"""Daemon services: one task on every ACTIVE instance that their constraints match.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html (DAEMON)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.codes import Code
from ecs_preflight.ecs.demand import make_demand
from ecs_preflight.ecs.eni import InterfaceTable
from ecs_preflight.ecs.instance_table import Instances, InstanceTable, read_instances
from ecs_preflight.ecs.placement import rulings_of, share_addresses, unknowns
from ecs_preflight.ecs.ruling import UNLIMITED, codes_of, rooms_of
from ecs_preflight.ecs.running import RunningTask, read_tasks
from ecs_preflight.ecs.subnets import Subnet, most_addresses
from ecs_preflight.ecs.task import PlacementConstraint, TaskDefinition

# An instance with one of these is none that the daemon is meant for; any other code is a failure to place it.
_NOT_MEANT: frozenset[Code] = frozenset({"STATUS", "LAUNCH_TYPE", "CAPACITY_PROVIDER", "CONSTRAINT"})


@dataclass(frozen=True, slots=True)
class DaemonDemand:
    """What a daemon service still wants of its instances.

    `target_instances` should each run one task, `running` of them do, `new_tasks` more fit now; `failures`
    (ARN -> codes) are those that have none and cannot take one.
    """

    target_instances: int
    running: int
    new_tasks: int
    failures: Mapping[str, frozenset[Code]]
    unknowns: tuple[str, ...]


def daemon_demand(
    task: TaskDefinition | Mapping[str, Any],
    on: Instances,
    *,
    group: str,
    running_tasks: Iterable[RunningTask | Mapping[str, Any]] | None = None,
    instance_types: InterfaceTable | None = None,
    constraints: Iterable[PlacementConstraint | Mapping[str, Any]] = (),
    launch_type: str | None = None,
    capacity_provider: str | None = None,
    subnets: Iterable[Subnet | Mapping[str, Any]] | None = None,
) -> DaemonDemand:
    """The tasks that the daemon service of `group` ("service:<name>") still has to place; arguments as of `place`.

    ECS keeps room for them, which remaining resources do not show: to see what other workloads are left, give
    `place_all` the daemon's `new_tasks` as a first workload with distinctInstance.
    Raises what `place` raises.
    """
    task = read_shape(TaskDefinition, task, name="task definition")
    table = read_instances(on)
    demand = make_demand(
        task,
        group=group,
        constraints=constraints,
        launch_type=launch_type,
        capacity_provider=capacity_provider,
        subnets=subnets,
        tasks=None if running_tasks is None else read_tasks(running_tasks),
        interfaces=instance_types,
    )
    codes_of_each = codes_of(rulings_of(table, demand), [0] * len(table))
    rows = zip(table.instances, codes_of_each, demand.tasks_on(table), strict=True)
    meant = [(instance, there) for instance, codes, there in rows if codes.isdisjoint(_NOT_MEANT)]
    lacking = InstanceTable(tuple(instance for instance, there in meant if there is None or not there.groups[group]))
    unread = sum(there is None for _, there in meant)
    rulings = rulings_of(lacking, demand)
    rooms = [min(room, 1) for room in rooms_of(rulings, len(lacking), UNLIMITED)]
    codes = codes_of(rulings, [0] * len(lacking))
    texts = [*unknowns(lacking, rulings, rooms, demand.zones)]
    if unread:
        texts.append(f"Whether the daemon runs already on {unread} of its instances was not read.")
    return DaemonDemand(
        target_instances=len(meant),
        running=len(meant) - len(lacking),
        new_tasks=int(share_addresses(lacking, rooms, most_addresses(demand.zones))),
        failures={arn: frozenset(reasons) for arn, reasons in zip(lacking.arns, codes, strict=True) if reasons},
        unknowns=tuple(texts),
    )
