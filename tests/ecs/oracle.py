"""ECS's placement by brute force: one copy after the other, every way tried, on the raw answers of the API.

It shares nothing with the package: slow, short, and obviously right. Instances are described by tests/ecs/builders.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

ENOUGH = 60  # copies that count as "no limit"
SLOTS = {"m5.large": 2, "m5.xlarge": 3, "c5.large": 2}


@dataclass(frozen=True)
class Copy:
    """What one task takes and demands; `admits` is its memberOf constraint as a predicate of (host, groups there)."""

    group: str
    cpu: int
    memory: int
    tcp: frozenset[int] = frozenset()
    udp: frozenset[int] = frozenset()
    gpus: int = 0
    awsvpc: bool = False
    attributes: frozenset[str] = frozenset()
    distinct: bool = False
    admits: Callable[[Host, frozenset[str]], bool] = field(default=lambda _host, _groups: True, compare=False)


@dataclass(frozen=True)
class Host:
    name: str
    status: str
    connected: bool
    attributes: Mapping[str, str | None] = field(hash=False)
    cpu: int
    memory: int
    tcp: frozenset[int]
    udp: frozenset[int]
    gpus: int
    slots: int
    tasks: tuple[str, ...] = ()

    @property
    def zone(self) -> str | None:
        return self.attributes.get("ecs.availability-zone")

    def with_one(self, copy: Copy) -> Host:
        return replace(
            self,
            cpu=self.cpu - copy.cpu,
            memory=self.memory - copy.memory,
            tcp=self.tcp | copy.tcp,
            udp=self.udp | copy.udp,
            gpus=self.gpus - copy.gpus,
            slots=self.slots - copy.awsvpc,
            tasks=tuple(sorted((*self.tasks, copy.group))),
        )


def host_of(raw: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]] = ()) -> Host:
    """An element of DescribeContainerInstances, with those of the tasks (DescribeTasks) that are on it."""
    free = {item["name"]: item.get("stringSetValue", item.get("integerValue")) for item in raw["remainingResources"]}
    attributes = {item["name"]: item.get("value") for item in raw["attributes"]}
    here = [task for task in tasks if task["containerInstanceArn"] == raw["containerInstanceArn"]]
    used = sum(
        attachment["status"] not in ("DETACHED", "DELETED")
        for task in here
        if task["lastStatus"] != "STOPPED"
        for attachment in task["attachments"]
    )
    return Host(
        name=raw["containerInstanceArn"],
        status=raw["status"],
        connected=raw["agentConnected"],
        attributes=attributes,
        cpu=free["CPU"],
        memory=free["MEMORY"],
        tcp=frozenset(map(int, free["PORTS"])),
        udp=frozenset(map(int, free["PORTS_UDP"])),
        gpus=len(free.get("GPU", ())),
        slots=SLOTS[attributes["ecs.instance-type"] or ""] - used,
        tasks=tuple(sorted(task["group"] for task in here if task["desiredStatus"] != "STOPPED")),
    )


def copy_of(definition: Mapping[str, Any], group: str, **demands: Any) -> Copy:
    """A definition in the shape of RegisterTaskDefinition, whose attributes are said."""
    mode = definition.get("networkMode", "bridge")
    ports: set[tuple[str, int]] = set()
    for container in definition["containerDefinitions"]:
        for mapping in container.get("portMappings", ()):
            port = mapping.get("hostPort") or (mapping["containerPort"] if mode == "host" else 0)
            if port and mode in ("bridge", "host"):
                ports.add((mapping.get("protocol", "tcp"), port))
    containers = definition["containerDefinitions"]
    wishes = [wish for container in containers for wish in container.get("resourceRequirements", ())]
    return Copy(
        group=group,
        cpu=int(definition.get("cpu", 0)) or sum(container["cpu"] for container in containers),
        memory=int(definition.get("memory", 0))
        or sum(container.get("memoryReservation") or container["memory"] for container in containers),
        tcp=frozenset(port for protocol, port in ports if protocol == "tcp"),
        udp=frozenset(port for protocol, port in ports if protocol == "udp"),
        gpus=sum(int(wish["value"]) for wish in wishes),
        awsvpc=mode == "awsvpc",
        attributes=frozenset(item["name"] for item in definition["requiresAttributes"]),
        **demands,
    )


Addresses = Mapping[str, int] | None


def refusals(host: Host, copy: Copy, addresses: Addresses = None) -> frozenset[str]:
    """Every reason why one more copy does not go there."""
    limited = copy.awsvpc and addresses is not None
    reasons = {
        "STATUS": host.status != "ACTIVE",
        "AGENT": not host.connected,
        "LOCATION": limited and host.zone not in (addresses or {}),
        "SUBNET_IP": limited and (addresses or {}).get(host.zone or "") == 0,
        "ATTRIBUTE": not copy.attributes <= set(host.attributes),
        "CONSTRAINT": not copy.admits(host, frozenset(host.tasks)),
        "DISTINCT": copy.distinct and copy.group in host.tasks,
        "CPU": bool(copy.cpu) and host.cpu < copy.cpu,
        "MEMORY": bool(copy.memory) and host.memory < copy.memory,
        "PORTS": bool(host.tcp & copy.tcp),
        "PORTS_UDP": bool(host.udp & copy.udp),
        "PORT_LIMIT": bool(copy.tcp | copy.udp) and len(host.tcp | copy.tcp) + len(host.udp | copy.udp) > 100,
        "GPU": host.gpus < copy.gpus,
        "ENI": copy.awsvpc and host.slots < 1,
    }
    return frozenset(code for code, holds in reasons.items() if holds)


@dataclass(frozen=True)
class Filled:
    copies: Mapping[str, int]
    reasons: Mapping[str, frozenset[str]]


def fill(hosts: Sequence[Host], copy: Copy, addresses: Addresses = None, most: int = ENOUGH, ignore: str = "") -> Filled:
    """Copies one by one, the instances in their order, until `most` are there or nothing takes another one.

    Without the rule `ignore`; an instance that would take ENOUGH is left with these.
    """
    left = None if addresses is None else dict(addresses)
    copies, reasons = {}, {}
    states = []
    for host in hosts:
        state, here = host, 0
        while here < ENOUGH and sum(copies.values()) + here < most and not refusals(state, copy, left) - {ignore}:
            state, here = state.with_one(copy), here + 1
            if left is not None and state.zone in left and copy.awsvpc and ignore != "SUBNET_IP":
                left[state.zone] -= 1
        copies[host.name] = here
        states.append(state)
    for state in states:
        reasons[state.name] = refusals(state, copy, left)
    return Filled(copies, reasons)


Wanted = tuple[tuple[Copy, int], ...]


def optimum(hosts: tuple[Host, ...], wanted: Wanted) -> int:
    """The most copies of all kinds that any order and any choice gets in."""
    best = 0
    seen: set[object] = set()
    waiting: list[tuple[tuple[Host, ...], tuple[int, ...], int]] = [(hosts, tuple(count for _, count in wanted), 0)]
    while waiting:
        state, counts, placed = waiting.pop()
        best = max(best, placed)
        for index, (copy, _) in enumerate(wanted):
            if not counts[index]:
                continue
            fewer = (*counts[:index], counts[index] - 1, *counts[index + 1 :])
            for following in _each_way(state, copy, range(len(state))):
                if (following, fewer) not in seen:
                    seen.add((following, fewer))
                    waiting.append((following, fewer, placed + 1))
    return best


def _each_way(state: tuple[Host, ...], copy: Copy, numbers: Sequence[int]) -> Iterator[tuple[Host, ...]]:
    for number in numbers:
        if not refusals(state[number], copy):
            yield (*state[:number], state[number].with_one(copy), *state[number + 1 :])


Rule = Mapping[str, str]


def ends(hosts: tuple[Host, ...], wanted: Wanted, strategies: Sequence[Sequence[Rule]]) -> set[tuple[int, ...]]:
    """Copies of each kind where the strategies may end, whatever ties come out like; kinds are placed in their order."""
    reached: set[tuple[tuple[Host, ...], tuple[int, ...]]] = {(hosts, ())}
    for (copy, count), rules in zip(wanted, strategies, strict=True):
        done, going = set(), {(state, totals, 0) for state, totals in reached}
        while going:
            state, totals, placed = going.pop()
            ways = list(_each_way(state, copy, _preferred(state, copy, rules))) if placed < count else []
            going.update((way, totals, placed + 1) for way in ways)
            if not ways:
                done.add((state, (*totals, placed)))
        reached = done
    return {totals for _, totals in reached}


def _preferred(state: tuple[Host, ...], copy: Copy, rules: Sequence[Rule]) -> list[int]:
    numbers = [number for number, host in enumerate(state) if not refusals(host, copy)]
    for rule in rules:
        scores = {number: _score(state, number, copy, rule) for number in numbers}
        numbers = [number for number in numbers if scores[number] == min(scores.values())]
    return numbers


def _score(state: tuple[Host, ...], number: int, copy: Copy, rule: Rule) -> int:
    host = state[number]
    if rule["type"] == "random":
        return 0
    if rule["type"] == "binpack":
        return host.cpu if rule["field"] == "cpu" else host.memory
    if rule["field"] in ("instanceId", "host"):
        return host.tasks.count(copy.group)
    name = rule["field"].removeprefix("attribute:")
    return sum(other.tasks.count(copy.group) for other in state if other.attributes.get(name) == host.attributes.get(name))
