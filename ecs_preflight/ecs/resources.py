"""What a container instance has left, from `remainingResources` and `registeredResources`.

The agent registers CPU, MEMORY, PORTS and PORTS_UDP, and GPU where it has devices (amazon-ecs-agent
ecs-agent/api/ecs/client/ecs_client.go, getResources). CPU, MEMORY and GPU say what is free; PORTS and
PORTS_UDP say what is in use: "Any port that's not specified here is available for new tasks"
(https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# "A container instance can have up to 100 reserved ports at a time. This number includes the default reserved
# ports." https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
MAX_RESERVED_PORTS = 100


@dataclass(frozen=True, slots=True)
class Resources:
    """CPU units and MiB that are free, the host ports that are in use, the ids of the GPUs that are free.

    What an instance does not list, it does not have.
    """

    cpu: int = 0
    memory: int = 0
    ports: tuple[int, ...] = ()
    ports_udp: tuple[int, ...] = ()
    gpus: tuple[str, ...] = ()


def read_resources(entries: Iterable[Mapping[str, Any]]) -> Resources:
    """The AWS list as one value; a name that we do not know is "a user-defined resource" and no business of ours.

    Raises ValueError for what is no such list.
    """
    try:
        by_name = {entry.get("name"): entry for entry in entries}
        return Resources(
            cpu=_quantity(by_name.get("CPU")),
            memory=_quantity(by_name.get("MEMORY")),
            ports=_ports(by_name.get("PORTS")),
            ports_udp=_ports(by_name.get("PORTS_UDP")),
            gpus=tuple(sorted(set(_strings(by_name.get("GPU"))))),
        )
    except (AttributeError, TypeError):
        raise ValueError('expected a list of resources, each {"name": ..., "type": ..., ...}') from None


_VALUE_OF_TYPE: dict[str | None, str] = {"DOUBLE": "doubleValue", "LONG": "longValue"}


def _quantity(entry: Mapping[str, Any] | None) -> int:
    if entry is None:
        return 0
    return int(entry.get(_VALUE_OF_TYPE.get(entry.get("type"), "integerValue")) or 0)


def _strings(entry: Mapping[str, Any] | None) -> Sequence[str]:
    return (entry.get("stringSetValue") or ()) if entry else ()


def _ports(entry: Mapping[str, Any] | None) -> tuple[int, ...]:
    return tuple(sorted(set(map(int, _strings(entry)))))
