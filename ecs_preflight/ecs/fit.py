"""How many copies of one task each container instance holds, and by which rule no more.

Every rule is a cap: CPU left over CPU wanted, one copy for a static host port, none where the status is wrong.
The room of an instance is its lowest cap; what stops copy n+1 are the caps of n or less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ecs_preflight.ecs.codes import Code
from ecs_preflight.ecs.constraints import Constraints
from ecs_preflight.ecs.eni import InterfaceTable, slot_limit
from ecs_preflight.ecs.instance import InstanceRow
from ecs_preflight.ecs.requirements import TaskRequirements
from ecs_preflight.ecs.resources import MAX_RESERVED_PORTS
from ecs_preflight.ecs.running import NOTHING_RUNS, TasksOnInstance
from ecs_preflight.ecs.subnets import ZoneAddresses


@dataclass(frozen=True, slots=True)
class Demand:
    """One kind of task and what limits where it may go."""

    needs: TaskRequirements
    constraints: Constraints
    group: str
    external: bool = False
    """Whether the tasks want external instances, which no other launch type uses."""
    barred: bool = False
    """Whether the launch type rules out container instances altogether."""
    providers: frozenset[str] | None = None
    zones: Mapping[str, ZoneAddresses] | None = None
    tasks: Mapping[str, TasksOnInstance] | None = None
    """By instance ARN; None means that DescribeTasks was not asked."""
    interfaces: InterfaceTable | None = None
    attribute_names: frozenset[str] = frozenset()
    attribute_values: tuple[tuple[str, str], ...] = ()
    likely_names: frozenset[str] = frozenset()

    def tasks_on(self, row: InstanceRow) -> TasksOnInstance | None:
        """What runs there; None where that was not read and something does run."""
        if self.tasks is None:
            return None if row.tasks_count else NOTHING_RUNS
        return self.tasks.get(row.arn, NOTHING_RUNS)


@dataclass(slots=True)
class Fit:
    """One instance against one demand; `doubts` are caps that may be as low, with the reason."""

    row: InstanceRow
    caps: dict[Code, int]
    doubts: dict[Code, tuple[int, str]] = field(default_factory=dict)

    def room(self, unbounded: int) -> int:
        """Copies that it holds; `unbounded` where nothing limits them."""
        return max(min(self.caps.values(), default=unbounded), 0)

    def certain_room(self, unbounded: int) -> int:
        """Copies that it holds for certain."""
        return max(min([self.room(unbounded), *(cap for cap, _ in self.doubts.values())]), 0)

    def codes(self, copies: int) -> set[Code]:
        """What stops one more copy once it holds `copies`."""
        return {code for code, cap in self.caps.items() if cap <= copies}


def fit_on(row: InstanceRow, demand: Demand) -> Fit:
    """The caps of `row` for `demand`."""
    needs = demand.needs
    caps: dict[Code, int] = dict.fromkeys(row.gates, 0)
    if needs.cpu:
        caps["CPU"] = row.cpu // needs.cpu
    if needs.memory:
        caps["MEMORY"] = row.memory // needs.memory
    if demand.barred or row.external is not demand.external:
        caps["LAUNCH_TYPE"] = 0
    if demand.providers is not None and row.provider not in demand.providers:
        caps["CAPACITY_PROVIDER"] = 0
    if not (demand.attribute_names <= row.attribute_names and _has_values(row, demand)):
        caps["ATTRIBUTE"] = 0
    if demand.zones is not None and not _is_located(row, demand.zones):
        caps["LOCATION"] = 0
    if needs.ports or needs.ports_udp:
        _cap_ports(row, needs, caps)
    fit = Fit(row, caps)
    if needs.gpus:
        caps["GPU"] = _free_gpus(row, demand) // needs.gpus
    if needs.enis:
        _cap_interfaces(fit, demand)
    if demand.constraints.distinct:
        _cap_distinct(fit, demand)
    if demand.constraints.members:
        _cap_members(fit, demand)
    _doubt(fit, demand)
    return fit


def _has_values(row: InstanceRow, demand: Demand) -> bool:
    attributes = row.instance.attributes
    return all(attributes[name] == value for name, value in demand.attribute_values)


def _is_located(row: InstanceRow, zones: Mapping[str, ZoneAddresses]) -> bool:
    """In a zone of the subnets and, where both are known, in their VPC."""
    addresses = zones.get(row.zone or "")
    vpc = row.instance.attributes.get("ecs.vpc-id")
    return addresses is not None and (vpc is None or not addresses.vpcs or vpc in addresses.vpcs)


def _cap_ports(row: InstanceRow, needs: TaskRequirements, caps: dict[Code, int]) -> None:
    if needs.ports:
        caps["PORTS"] = 1 if row.ports.isdisjoint(needs.ports) else 0
    if needs.ports_udp:
        caps["PORTS_UDP"] = 1 if row.ports_udp.isdisjoint(needs.ports_udp) else 0
    if len(row.ports | needs.ports) + len(row.ports_udp | needs.ports_udp) > MAX_RESERVED_PORTS:
        caps["PORT_LIMIT"] = 0


def has_reversed_gpus(row: InstanceRow, demand: Demand) -> bool:
    """Whether remaining GPUs name devices of running tasks: the list then says what is in use, not what is free."""
    there = demand.tasks_on(row)
    return there is not None and not there.gpu_ids.isdisjoint(row.instance.remaining_resources.gpus)


def _free_gpus(row: InstanceRow, demand: Demand) -> int:
    """No public text says what the list means; ids of running tasks tell."""
    if has_reversed_gpus(row, demand):
        return len(set(row.instance.registered_resources.gpus) - set(row.instance.remaining_resources.gpus))
    return row.gpus


def _cap_interfaces(fit: Fit, demand: Demand) -> None:
    limit = slot_limit(fit.row.instance, demand.interfaces)
    there = demand.tasks_on(fit.row)
    used = there.interfaces if there else 0
    if limit.most is not None:
        fit.caps["ENI"] = limit.most - used
    if there is None:
        fit.doubts["ENI"] = (limit.certain - fit.row.tasks_count, "which tasks hold network interfaces was not read")
    elif limit.certain != limit.most:
        kind = fit.row.instance.instance_type or "this machine"
        fit.doubts["ENI"] = (limit.certain - used, f"how many network interfaces {kind} has for tasks is not known")


def _cap_distinct(fit: Fit, demand: Demand) -> None:
    there = demand.tasks_on(fit.row)
    fit.caps["DISTINCT"] = 0 if there and there.groups[demand.group] else 1
    if there is None:
        fit.doubts["DISTINCT"] = (0, f"whether a task of {demand.group} runs there already was not read")


def _cap_members(fit: Fit, demand: Demand) -> None:
    """memberOf is asked before each copy: a copy may itself change what the next one finds."""
    there = demand.tasks_on(fit.row)
    groups = None if there is None else frozenset(there.groups)
    verdicts = _verdicts_copy_by_copy(fit, demand, groups)
    first = next(verdicts)
    if first is None:
        why = "needs the tasks that run there" if groups is None else "cannot be judged here"
        fit.doubts["CONSTRAINT"] = (0, f"a placement constraint {why}")
    elif first is False:
        fit.caps["CONSTRAINT"] = 0
    else:
        second = next(verdicts)
        if second is False:
            fit.caps["CONSTRAINT"] = 1
        elif second is None:
            fit.doubts["CONSTRAINT"] = (1, "a placement constraint cannot be judged once a copy is there")
        elif demand.constraints.asks_about("runningTasksCount"):
            _doubt_running_count(fit, demand, groups)


def _verdicts_copy_by_copy(fit: Fit, demand: Demand, groups: frozenset[str] | None) -> Iterator[bool | None]:
    constraints, instance = demand.constraints, fit.row.instance
    yield constraints.decide(instance, groups)
    yield constraints.decide(instance, None if groups is None else groups | {demand.group})


def _doubt_running_count(fit: Fit, demand: Demand, groups: frozenset[str] | None) -> None:
    """Copies count as running only once they run: how fast that is decides how many slip in before."""
    with_own = None if groups is None else groups | {demand.group}
    running = fit.row.instance.running_tasks_count
    for copies in range(1, fit.room(1)):
        later = fit.row.instance.model_copy(update={"running_tasks_count": running + copies})
        if demand.constraints.decide(later, with_own) is not True:
            fit.doubts["CONSTRAINT"] = (copies, "copies change the runningTasksCount that a placement constraint reads")
            return


def _doubt(fit: Fit, demand: Demand) -> None:
    row = fit.row
    for resource in row.missing:
        code: Code = "CPU" if resource == "CPU" else "MEMORY"
        if fit.caps.pop(code, None) is not None:
            fit.doubts[code] = (0, f"DescribeContainerInstances says nothing about its {resource}")
    if not demand.likely_names <= row.attribute_names:
        lacking = ", ".join(sorted(demand.likely_names - row.attribute_names))
        fit.doubts["ATTRIBUTE"] = (0, f"it lacks {lacking}, which the task is likely to require")
    if demand.needs.unreadable:
        fit.doubts["GPU"] = (0, f"{demand.needs.unreadable[0]}, which no published rule counts")
