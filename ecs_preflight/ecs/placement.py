"""Where the ECS scheduler can place more copies of one task, and what stops the next one.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ecs_preflight.ecs import rules, task_rules
from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.cautions import cautions
from ecs_preflight.ecs.codes import GATES, Code
from ecs_preflight.ecs.demand import Demand, make_demand
from ecs_preflight.ecs.eni import InterfaceTable
from ecs_preflight.ecs.instance_table import Instances, InstanceTable, read_instances
from ecs_preflight.ecs.ruling import Rule, Ruling, certain_rooms_of, codes_of, rooms_of
from ecs_preflight.ecs.running import RunningTask, read_tasks
from ecs_preflight.ecs.strategies import PlacementStrategy, read_strategy
from ecs_preflight.ecs.subnets import Subnet, ZoneAddresses, certain_addresses, most_addresses
from ecs_preflight.ecs.task import PlacementConstraint, TaskDefinition
from ecs_preflight.errors import UsageError

# The order in which the codes are named everywhere.
RULES: tuple[Rule, ...] = (
    rules.status,
    rules.agent,
    rules.capacity_provider,
    rules.launch_type,
    rules.location,
    rules.attribute,
    task_rules.member_of,
    task_rules.distinct,
    rules.cpu,
    rules.memory,
    rules.ports,
    rules.ports_udp,
    rules.port_limit,
    task_rules.gpu,
    task_rules.eni,
)


@dataclass(frozen=True)
class Placement:
    """How many of `count` copies fit on top of what runs now.

    `at_least` is certain even where something could not be read (`unknowns` says what); `max_placeable` is the most
    that is possible. `per_instance` (ARN -> copies) is before the addresses of the subnets are shared out.
    """

    count: int
    placed: int
    max_placeable: int
    at_least: int
    per_instance: Mapping[str, int]
    unknowns: tuple[str, ...]
    warnings: tuple[str, ...]
    table: InstanceTable = field(repr=False)
    rulings: tuple[Ruling, ...] = field(repr=False)
    zones: Mapping[str, ZoneAddresses] | None = field(repr=False)

    @cached_property
    def ineligible(self) -> Mapping[str, frozenset[Code]]:
        """Instances that cannot hold even one copy now (by ARN), each with every reason."""
        return {arn: codes for arn, codes in self._codes_with([0] * len(self.table)).items() if codes}

    @cached_property
    def blocking(self) -> Mapping[str, frozenset[Code]]:
        """What keeps the next wanted copy off each instance once `placed` are in; empty where none is wanted."""
        return {} if self.placed == self.count else self._saturated

    @cached_property
    def binding(self) -> frozenset[Code]:
        """The codes that block the most candidates once `max_placeable` copies are in."""
        everywhere = self._saturated.values()
        candidates = [codes for codes in everywhere if codes.isdisjoint(GATES)]
        counts = Counter(code for codes in candidates or everywhere for code in codes)
        most = max(counts.values(), default=0)
        return frozenset(code for code, times in counts.items() if times == most)

    @cached_property
    def relax(self) -> Mapping[Code, float]:
        """What `max_placeable` would be without each rule; `math.inf` where nothing else limits it."""
        relaxed: dict[Code, float] = {ruling.code: self._without(ruling.code) for ruling in self.rulings}
        if self.zones is not None:
            relaxed["SUBNET_IP"] = sum(self.per_instance.values())
        return relaxed

    def _without(self, code: Code) -> float:
        others = [ruling for ruling in self.rulings if ruling.code != code]
        return share_addresses(self.table, rooms_of(others, len(self.table), math.inf), most_addresses(self.zones))

    @cached_property
    def _saturated(self) -> Mapping[str, frozenset[Code]]:
        """Instances are filled in the order given, until the addresses of their zone are gone."""
        left = most_addresses(self.zones)
        filled: list[float] = []
        for zone, room in zip(self.table.zones, self.per_instance.values(), strict=True):
            copies = min(room, left.get(zone, math.inf))
            filled.append(copies)
            if zone in left:
                left[zone] -= copies
        return self._codes_with(filled)

    def _codes_with(self, filled: Sequence[float]) -> dict[str, frozenset[Code]]:
        left = most_addresses(self.zones)
        for zone, copies in zip(self.table.zones, filled, strict=True):
            if zone in left:
                left[zone] -= copies
        codes = codes_of(self.rulings, filled)
        for zone, reasons in zip(self.table.zones, codes, strict=True):
            if left.get(zone) == 0:
                reasons.add("SUBNET_IP")
        return dict(zip(self.table.arns, map(frozenset, codes), strict=True))


def place(
    task: TaskDefinition | Mapping[str, Any],
    count: int,
    on: Instances,
    running_tasks: Iterable[RunningTask | Mapping[str, Any]] | None = None,
    instance_types: InterfaceTable | None = None,
    constraints: Iterable[PlacementConstraint | Mapping[str, Any]] = (),
    strategy: Iterable[PlacementStrategy | Mapping[str, Any]] = (),
    launch_type: str | None = None,
    capacity_provider: str | Collection[str] | None = None,
    subnets: Iterable[Subnet | Mapping[str, Any]] | None = None,
    group: str | None = None,
) -> Placement:
    """How many of `count` more copies of `task` the container instances `on` hold.

    The structures are those of the ECS API, as models or as dicts; of many placements on the same instances, each is
    quicker on what `read_instances` made of them once. `running_tasks` None means that DescribeTasks was
    not asked: network interfaces, distinctInstance and task:group are then bounds wherever tasks run. `group` is
    "service:<name>" of a service, and "family:<family>" where none is given. A strategy never changes the number, and
    is only checked. Where nothing at all limits the copies on an instance, it counts as `count`.

    Raises InputError for what cannot be read, QueryError for a bad expression, UsageError for what ECS would refuse.
    """
    if count < 0:
        raise UsageError(f"The number of copies is {count}: expected 0 or more.")
    read_strategy(strategy)
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
    rulings = rulings_of(table, demand)
    rooms = rooms_of(rulings, len(table), count)
    certain = certain_rooms_of(rulings, rooms)
    most = int(share_addresses(table, rooms, most_addresses(demand.zones)))
    return Placement(
        count=count,
        placed=min(count, most),
        max_placeable=most,
        at_least=int(share_addresses(table, certain, certain_addresses(demand.zones))),
        per_instance=dict(zip(table.arns, map(int, rooms), strict=True)),
        unknowns=tuple(unknowns(table, rulings, rooms, demand.zones)),
        warnings=tuple(cautions(task, demand, table)),
        table=table,
        rulings=rulings,
        zones=demand.zones,
    )


def rulings_of(table: InstanceTable, demand: Demand) -> tuple[Ruling, ...]:
    """What each rule that has anything to say about `demand` says of the instances."""
    return tuple(ruling for rule in RULES if (ruling := rule(table, demand)) is not None)


def share_addresses(table: InstanceTable, rooms: Sequence[float], addresses: Mapping[str, float]) -> float:
    """The copies that all instances hold together where those of one zone share its addresses."""
    if not addresses:
        return sum(rooms)
    in_zone: dict[str, float] = {}
    for zone, room in zip(table.zones, rooms, strict=True):
        in_zone[zone] = in_zone.get(zone, 0) + room
    return sum(min(room, addresses.get(zone, math.inf)) for zone, room in in_zone.items())


def unknowns(
    table: InstanceTable, rulings: Iterable[Ruling], rooms: Sequence[float], zones: Mapping[str, ZoneAddresses] | None
) -> Iterator[str]:
    """Each reason for doubt once, with the instances whose room it puts in doubt."""
    for doubt in (doubt for ruling in rulings for doubt in ruling.doubts):
        rows = zip(table.arns, doubt.caps, rooms, strict=True)
        arns = [arn for arn, cap, room in rows if cap < room and room > 0]
        if arns:
            yield f"On {arns[0]}{f' and {len(arns) - 1} more' if len(arns) > 1 else ''}: {doubt.why}."
    for zone, item in (zones or {}).items():
        if item.most is None:
            yield f"The free addresses of the subnets in {zone} were not read."
