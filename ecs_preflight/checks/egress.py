"""How the tasks of a subnet reach what is outside of its VPC: by its default route, or by endpoints of the VPC.

https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.findings import Undetermined
from ecs_preflight.network_questions import RouteTable, VpcEndpoint

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class WayOut:
    """The default route of a subnet: its table, and what the route leads to; empty where there is none."""

    subnet: Subnet
    table: RouteTable
    target: str = ""

    @property
    def needs_public_ip(self) -> bool:
        """An internet gateway serves interfaces that have a public address, and no others."""
        return self.target.startswith("igw-")

    @property
    def is_elsewhere(self) -> bool:
        """Through a transit gateway, a VPN, a firewall or an instance: where it leads from there, no API of the account tells."""
        return bool(self.target) and not self.target.startswith(("igw-", "nat-"))

    def is_open(self, *, has_public_ip: bool) -> bool:
        return bool(self.target) and (has_public_ip or not self.needs_public_ip)

    @property
    def told(self) -> str:
        if not self.target:
            return f"{self.subnet.subnet_id}: route table {self.table.id} has no default route"
        return f"{self.subnet.subnet_id}: the default route of {self.table.id} leads to {self.target}"


def way_out(subnet: Subnet, tables: Iterable[RouteTable]) -> WayOut:
    """Raises Undetermined where no table is shown for it, as of a subnet that another account shares."""
    shown = tuple(tables)
    own = next((table for table in shown if subnet.subnet_id in table.subnet_ids), None)
    table = own or next((table for table in shown if table.is_main), None)
    if table is None:
        raise Undetermined(f"no route table is shown for {subnet.subnet_id}")
    default = next((route for route in table.routes if route.destination == _ANYWHERE and route.is_active), None)
    return WayOut(subnet, table, default.target if default else "")


def missing_endpoints(way: WayOut, wanted: Sequence[str], endpoints: Iterable[VpcEndpoint], region: str) -> tuple[str, ...]:
    """Those of the services (`ecr.api`, `s3`) that no endpoint brings into the subnet by their own name."""
    serving = [endpoint for endpoint in endpoints if endpoint.is_available and _serves(endpoint, way.table)]
    return tuple(name for name in wanted if not any(one.service.endswith(f".{region}.{name}") for one in serving))


def _serves(endpoint: VpcEndpoint, table: RouteTable) -> bool:
    """A gateway is in route tables; an interface serves the whole VPC, by the service's own name if that is private DNS."""
    return table.id in endpoint.route_table_ids if endpoint.type == "Gateway" else endpoint.has_private_dns
