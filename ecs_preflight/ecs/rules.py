"""The placement rules that an instance and a task alone decide: status, launch type, attributes, resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.instance_table import InstanceTable
from ecs_preflight.ecs.resources import MAX_RESERVED_PORTS, Resources
from ecs_preflight.ecs.ruling import UNLIMITED, Doubt, Ruling, barring, doubt_where


def status(table: InstanceTable, _demand: Demand) -> Ruling | None:
    """Only an ACTIVE instance "can accept tasks"."""
    return barring("STATUS", table.active)


def agent(table: InstanceTable, _demand: Demand) -> Ruling | None:
    """ "Only instances connected to an agent can accept task placement requests"."""
    return barring("AGENT", table.connected)


def capacity_provider(table: InstanceTable, demand: Demand) -> Ruling | None:
    """A strategy uses the instances of its own providers; a launch type uses any."""
    wanted = demand.providers
    if wanted is None:
        return None
    return barring("CAPACITY_PROVIDER", [provider in wanted for provider in table.providers])


def launch_type(table: InstanceTable, demand: Demand) -> Ruling | None:
    """External instances are for EXTERNAL alone, and it for them."""
    if demand.barred:
        return barring("LAUNCH_TYPE", [False] * len(table))
    return barring("LAUNCH_TYPE", [external is demand.wants_external for external in table.external])


def location(table: InstanceTable, demand: Demand) -> Ruling | None:
    """A network interface is in a subnet, and its instance in the zone, and the VPC, of one of them."""
    zones = demand.zones
    if zones is None:
        return None

    def is_served(zone: str, attributes: Mapping[str, str | None]) -> bool:
        addresses = zones.get(zone)
        vpc = attributes.get("ecs.vpc-id")
        return addresses is not None and (vpc is None or not addresses.vpcs or vpc in addresses.vpcs)

    return barring("LOCATION", list(map(is_served, table.zones, table.attributes)))


def attribute(table: InstanceTable, demand: Demand) -> Ruling | None:
    """Every required attribute, with its value where one is required; what is only likely is doubted."""
    required = frozenset(item.name for item in demand.needs.attributes)
    likely = frozenset(item.name for item in demand.needs.likely_attributes)
    wanted = required | likely
    lacking = [_NOTHING if wanted <= attributes.keys() else wanted.difference(attributes) for attributes in table.attributes]
    has = [required.isdisjoint(names) for names in lacking]
    for item in demand.needs.attributes:
        if item.value is not None:
            pairs = zip(has, table.attributes, strict=True)
            has = [there and attributes[item.name] == item.value for there, attributes in pairs]
    ruling, doubts = barring("ATTRIBUTE", has), tuple(_doubted_attributes(lacking, likely))
    if not doubts:
        return ruling
    return Ruling("ATTRIBUTE", ruling.caps if ruling else [UNLIMITED] * len(table), doubts)


_NOTHING = frozenset[str]()


def _doubted_attributes(lacking: Sequence[frozenset[str]], likely: frozenset[str]) -> Iterator[Doubt]:
    """A doubt for each set of attributes that the task is likely to require and some instances lack."""
    for missing in sorted({names & likely for names in set(lacking)} - {_NOTHING}, key=sorted):
        why = f"it lacks {', '.join(sorted(missing))}, which the task is likely to require"
        yield from doubt_where([names & likely == missing for names in lacking], [0] * len(lacking), why)


def cpu(table: InstanceTable, demand: Demand) -> Ruling | None:
    """CPU units that no task has reserved."""
    need = demand.needs.cpu
    return Ruling("CPU", [free // need for free in table.cpu]) if need else None


def memory(table: InstanceTable, demand: Demand) -> Ruling | None:
    """MiB that no task has reserved, however little is in use."""
    need = demand.needs.memory
    return Ruling("MEMORY", [free // need for free in table.memory]) if need else None


def ports(table: InstanceTable, demand: Demand) -> Ruling | None:
    """A static host port is there once."""
    need = demand.needs.ports
    return Ruling("PORTS", [int(need.isdisjoint(left.ports)) for left in table.remaining]) if need else None


def ports_udp(table: InstanceTable, demand: Demand) -> Ruling | None:
    """UDP ports are another set: 53/udp does not keep 53/tcp away."""
    need = demand.needs.ports_udp
    return Ruling("PORTS_UDP", [int(need.isdisjoint(left.ports_udp)) for left in table.remaining]) if need else None


def port_limit(table: InstanceTable, demand: Demand) -> Ruling | None:
    """100 reserved ports on an instance, those of the agent included."""
    tcp, udp = demand.needs.ports, demand.needs.ports_udp
    if not tcp and not udp:
        return None
    wanted = len(tcp) + len(udp)

    def has_room(left: Resources) -> bool:
        if len(left.ports) + len(left.ports_udp) + wanted <= MAX_RESERVED_PORTS:
            return True
        return len(tcp.union(left.ports)) + len(udp.union(left.ports_udp)) <= MAX_RESERVED_PORTS

    return barring("PORT_LIMIT", [has_room(left) for left in table.remaining])
