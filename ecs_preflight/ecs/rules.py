"""The placement rules that an instance and a task alone decide: status, launch type, attributes, resources."""

from __future__ import annotations

from ecs_preflight.ecs.demand import Demand
from ecs_preflight.ecs.instance import InstanceRow
from ecs_preflight.ecs.resources import MAX_RESERVED_PORTS
from ecs_preflight.ecs.ruling import UNLIMITED, Rows, Ruling, barring


def status(rows: Rows, _demand: Demand) -> Ruling | None:
    """Only an ACTIVE instance "can accept tasks"."""
    return barring("STATUS", [row.active for row in rows])


def agent(rows: Rows, _demand: Demand) -> Ruling | None:
    """ "Only instances connected to an agent can accept task placement requests"."""
    return barring("AGENT", [row.connected for row in rows])


def capacity_provider(rows: Rows, demand: Demand) -> Ruling | None:
    """A strategy uses the instances of its own providers; a launch type uses any."""
    if demand.providers is None:
        return None
    return barring("CAPACITY_PROVIDER", [row.provider in demand.providers for row in rows])


def launch_type(rows: Rows, demand: Demand) -> Ruling | None:
    """External instances are for EXTERNAL alone, and it for them."""
    if demand.barred:
        return barring("LAUNCH_TYPE", [False] * len(rows))
    return barring("LAUNCH_TYPE", [row.external is demand.wants_external for row in rows])


def location(rows: Rows, demand: Demand) -> Ruling | None:
    """A network interface is in a subnet, and its instance in the zone, and the VPC, of one of them."""
    zones = demand.zones
    if zones is None:
        return None

    def is_served(row: InstanceRow) -> bool:
        addresses = zones.get(row.zone or "")
        vpc = row.instance.attributes.get("ecs.vpc-id")
        return addresses is not None and (vpc is None or not addresses.vpcs or vpc in addresses.vpcs)

    return barring("LOCATION", [is_served(row) for row in rows])


def attribute(rows: Rows, demand: Demand) -> Ruling | None:
    """Every required attribute, with its value where one is required; what is only likely is doubted."""
    names = frozenset(item.name for item in demand.needs.attributes)
    values = [(item.name, item.value) for item in demand.needs.attributes if item.value is not None]
    likely = frozenset(item.name for item in demand.needs.likely_attributes)
    has = [names <= row.attribute_names and all(row.instance.attributes[name] == value for name, value in values) for row in rows]
    doubts = {
        number: (0, f"it lacks {', '.join(sorted(likely - row.attribute_names))}, which the task is likely to require")
        for number, row in enumerate(rows if likely else ())
        if not likely <= row.attribute_names
    }
    ruling = barring("ATTRIBUTE", has)
    if not doubts:
        return ruling
    return Ruling("ATTRIBUTE", ruling.caps if ruling else [UNLIMITED] * len(rows), doubts)


def cpu(rows: Rows, demand: Demand) -> Ruling | None:
    """CPU units that no task has reserved."""
    need = demand.needs.cpu
    return Ruling("CPU", [row.cpu // need for row in rows]) if need else None


def memory(rows: Rows, demand: Demand) -> Ruling | None:
    """MiB that no task has reserved, however little is in use."""
    need = demand.needs.memory
    return Ruling("MEMORY", [row.memory // need for row in rows]) if need else None


def ports(rows: Rows, demand: Demand) -> Ruling | None:
    """A static host port is there once."""
    need = demand.needs.ports
    return Ruling("PORTS", [int(row.ports.isdisjoint(need)) for row in rows]) if need else None


def ports_udp(rows: Rows, demand: Demand) -> Ruling | None:
    """UDP ports are another set: 53/udp does not keep 53/tcp away."""
    need = demand.needs.ports_udp
    return Ruling("PORTS_UDP", [int(row.ports_udp.isdisjoint(need)) for row in rows]) if need else None


def port_limit(rows: Rows, demand: Demand) -> Ruling | None:
    """100 reserved ports on an instance, those of the agent included."""
    tcp, udp = demand.needs.ports, demand.needs.ports_udp
    if not tcp and not udp:
        return None
    wanted = len(tcp) + len(udp)
    return barring(
        "PORT_LIMIT",
        [
            len(row.ports) + len(row.ports_udp) + wanted <= MAX_RESERVED_PORTS
            or len(row.ports | tcp) + len(row.ports_udp | udp) <= MAX_RESERVED_PORTS
            for row in rows
        ],
    )
