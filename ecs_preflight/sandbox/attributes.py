"""What an agent on Linux registers of its instance, and what an instance type has.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from ecs_preflight.ecs.agent_capabilities import LINUX_CAPABILITIES
from ecs_preflight.errors import InputError


@dataclass(frozen=True, slots=True)
class Place:
    """Where an instance stands."""

    zone: str
    subnet_id: str
    vpc_id: str


def agent_attributes(instance_type: str, place: Place) -> Iterator[tuple[str, str | None]]:
    """Names and values, in the order that they are registered in."""
    architecture = _type(instance_type)["ProcessorInfo"]["SupportedArchitectures"][0]
    yield "ecs.ami-id", "ami-0ec50000000000001"
    yield "ecs.availability-zone", place.zone
    yield "ecs.cpu-architecture", architecture
    yield "ecs.instance-type", instance_type
    yield "ecs.os-family", "LINUX"
    yield "ecs.os-type", "linux"
    yield "ecs.subnet-id", place.subnet_id
    yield "ecs.vpc-id", place.vpc_id
    yield from ((name, None) for name in LINUX_CAPABILITIES)


def cpu_of(instance_type: str) -> int:
    """CPU units: 1024 for every vCPU."""
    return int(_type(instance_type)["VCpuInfo"]["DefaultVCpus"]) * 1024


def memory_of(instance_type: str) -> int:
    """MiB as Docker sees them: a twentieth less than the type has, about what kernel and firmware keep."""
    return int(_type(instance_type)["MemoryInfo"]["SizeInMiB"]) * 19 // 20


def gpus_of(instance_type: str) -> int:
    return sum(int(gpu["Count"]) for gpu in _type(instance_type).get("GpuInfo", {}).get("Gpus", ()))


def _type(name: str) -> dict[str, Any]:
    found = _types().get(name)
    if found is None:
        raise InputError(f"{name!r} is not an EC2 instance type that the sandbox knows", hint="Such as m5.large.")
    return dict(found)


@cache
def _types() -> dict[str, dict[str, Any]]:
    from moto.ec2.models.instance_types import INSTANCE_TYPES  # a large table, read when the first instance is seeded

    return dict(INSTANCE_TYPES)
