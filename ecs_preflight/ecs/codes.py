"""Why a task does not go on a container instance: ECS's own failure words without their `RESOURCE:`."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

Code: TypeAlias = Literal[
    "STATUS",
    "AGENT",
    "CAPACITY_PROVIDER",
    "LAUNCH_TYPE",
    "LOCATION",
    "ATTRIBUTE",
    "CONSTRAINT",
    "DISTINCT",
    "CPU",
    "MEMORY",
    "PORTS",
    "PORTS_UDP",
    "PORT_LIMIT",
    "GPU",
    "ENI",
    "SUBNET_IP",
]

CODES: tuple[Code, ...] = get_args(Code)

# Reasons that no room on the instance would lift: such an instance is no candidate at all, and does not
# say what binds the candidates. (A placement constraint is the user's own choice and does count.)
GATES: frozenset[Code] = frozenset({"STATUS", "AGENT", "CAPACITY_PROVIDER", "LAUNCH_TYPE", "LOCATION", "ATTRIBUTE"})
