"""Where the ECS scheduler can place more copies of one task, and what stops the next one.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.cautions import cautions
from ecs_preflight.ecs.codes import CODES, GATES, Code
from ecs_preflight.ecs.demand import make_demand, read_instances
from ecs_preflight.ecs.eni import InterfaceTable
from ecs_preflight.ecs.fit import Fit, fit_on
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask, read_tasks
from ecs_preflight.ecs.strategies import PlacementStrategy, read_strategy
from ecs_preflight.ecs.subnets import Subnet, ZoneAddresses
from ecs_preflight.ecs.task import PlacementConstraint, TaskDefinition
from ecs_preflight.errors import UsageError


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
    fits: tuple[Fit, ...] = field(repr=False)
    zones: Mapping[str, ZoneAddresses] | None = field(repr=False)

    @cached_property
    def ineligible(self) -> Mapping[str, frozenset[Code]]:
        """Instances that cannot hold even one copy now (by ARN), each with every reason."""
        return {arn: codes for arn, codes in self._codes_with({}).items() if codes}

    @cached_property
    def blocking(self) -> Mapping[str, frozenset[Code]]:
        """What keeps the next wanted copy off each instance once `placed` are in; empty where none is wanted."""
        return {} if self.placed == self.count else self._saturated

    @cached_property
    def binding(self) -> frozenset[Code]:
        """The codes that block the most candidates once `max_placeable` copies are in."""
        candidates = [fit.row.arn for fit in self.fits if GATES.isdisjoint(fit.caps)]
        counts = Counter(code for arn in candidates or self._saturated for code in self._saturated[arn])
        most = max(counts.values(), default=0)
        return frozenset(code for code, times in counts.items() if times == most)

    @cached_property
    def relax(self) -> Mapping[Code, float]:
        """What `max_placeable` would be without each rule; `math.inf` where nothing else limits it."""
        codes = {code for fit in self.fits for code in fit.caps}
        relaxed: dict[Code, float] = {code: self._without(code) for code in CODES if code in codes}
        if self.zones is not None:
            relaxed["SUBNET_IP"] = sum(self.per_instance.values())
        return relaxed

    def _without(self, code: Code) -> float:
        return share_addresses(
            (
                (fit.row.zone, max(min((cap for other, cap in fit.caps.items() if other != code), default=math.inf), 0))
                for fit in self.fits
            ),
            _most(self.zones),
        )

    @cached_property
    def _saturated(self) -> Mapping[str, frozenset[Code]]:
        """Instances are filled in the order given, until the addresses of their zone are gone."""
        left = dict(_most(self.zones))
        filled: dict[str, int] = {}
        for fit in self.fits:
            copies = min(self.per_instance[fit.row.arn], left.get(fit.row.zone or "", math.inf))
            filled[fit.row.arn] = int(copies)
            if fit.row.zone in left:
                left[fit.row.zone] -= copies
        return self._codes_with(filled)

    def _codes_with(self, filled: Mapping[str, int]) -> dict[str, frozenset[Code]]:
        left = dict(_most(self.zones))
        for fit in self.fits:
            if fit.row.zone in left:
                left[fit.row.zone] -= filled.get(fit.row.arn, 0)
        codes = {}
        for fit in self.fits:
            reasons = fit.codes(filled.get(fit.row.arn, 0))
            if left.get(fit.row.zone or "") == 0:
                reasons.add("SUBNET_IP")
            codes[fit.row.arn] = frozenset(reasons)
        return codes


def place(
    task: TaskDefinition | Mapping[str, Any],
    count: int,
    on: Iterable[ContainerInstance | Mapping[str, Any]],
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

    The structures are those of the ECS API, as models or as dicts. `running_tasks` None means that DescribeTasks was
    not asked: network interfaces, distinctInstance and task:group are then bounds wherever tasks run. `group` is
    "service:<name>" of a service, and "family:<family>" where none is given. A strategy never changes the number, and
    is only checked. Where nothing at all limits the copies on an instance, it counts as `count`.

    Raises InputError for what cannot be read, QueryError for a bad expression, UsageError for what ECS would refuse.
    """
    if count < 0:
        raise UsageError(f"The number of copies is {count}: expected 0 or more.")
    read_strategy(strategy)
    task = read_shape(TaskDefinition, task, name="task definition")
    instances = read_instances(on)
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
    fits = tuple(fit_on(instance.row, demand) for instance in instances)
    rooms = {fit.row.arn: fit.room(count) for fit in fits}
    most = int(share_addresses(((fit.row.zone, rooms[fit.row.arn]) for fit in fits), _most(demand.zones)))
    certain = share_addresses(((fit.row.zone, fit.certain_room(count)) for fit in fits), _certain(demand.zones))
    return Placement(
        count=count,
        placed=min(count, most),
        max_placeable=most,
        at_least=int(certain),
        per_instance=rooms,
        unknowns=unknowns_of(fits, demand.zones),
        warnings=tuple(cautions(task, demand, instances)),
        fits=fits,
        zones=demand.zones,
    )


def share_addresses(rooms: Iterable[tuple[str | None, float]], addresses: Mapping[str, float]) -> float:
    """The copies that all instances hold together where those of one zone share its addresses."""
    in_zone: dict[str | None, float] = {}
    for zone, room in rooms:
        in_zone[zone] = in_zone.get(zone, 0) + room
    return sum(min(room, addresses.get(zone or "", math.inf)) for zone, room in in_zone.items())


def _most(zones: Mapping[str, ZoneAddresses] | None) -> dict[str, float]:
    return {zone: math.inf if item.most is None else item.most for zone, item in (zones or {}).items()}


def _certain(zones: Mapping[str, ZoneAddresses] | None) -> dict[str, float]:
    return {zone: item.certain for zone, item in (zones or {}).items()}


def unknowns_of(fits: Iterable[Fit], zones: Mapping[str, ZoneAddresses] | None) -> tuple[str, ...]:
    """Each reason for doubt once, with the instances that it is about."""
    about: dict[str, list[str]] = {}
    for fit in fits:
        room = fit.room(1)
        for cap, why in fit.doubts.values():
            if room > 0 and fit.room(cap + 1) > cap:
                about.setdefault(why, []).append(fit.row.arn)
    reasons = [f"On {arns[0]}{f' and {len(arns) - 1} more' if len(arns) > 1 else ''}: {why}." for why, arns in about.items()]
    unread = [zone for zone, item in (zones or {}).items() if item.most is None]
    reasons += [f"The free addresses of the subnets in {zone} were not read." for zone in unread]
    return tuple(reasons)
