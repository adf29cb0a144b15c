"""Fargate: the task sizes that exist, and how many tasks fit under the vCPU quota and in the subnets.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.subnets import Subnet, read_subnets
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.errors import UsageError

_GB = 1024
_MEMORY_OF_CPU: dict[int, frozenset[int]] = {
    256: frozenset({512, 1 * _GB, 2 * _GB}),
    512: frozenset(range(1 * _GB, 4 * _GB + 1, _GB)),
    1024: frozenset(range(2 * _GB, 8 * _GB + 1, _GB)),
    2048: frozenset(range(4 * _GB, 16 * _GB + 1, _GB)),
    4096: frozenset(range(8 * _GB, 30 * _GB + 1, _GB)),
    8192: frozenset(range(16 * _GB, 60 * _GB + 1, 4 * _GB)),
    16384: frozenset(range(32 * _GB, 120 * _GB + 1, 8 * _GB)),
}
_WINDOWS_CPU = frozenset({1024, 2048, 4096})
# Tasks of 8 and 16 vCPU want Linux platform 1.4.0 or later, says the page.
_RECENT_PLATFORM_CPU = frozenset({8192, 16384})
_RECENT_PLATFORM = (1, 4, 0)

# Service Quotas, service `fargate`: the vCPUs of all tasks of the account and region, EKS pods included.
VCPU_QUOTA_OF_PROVIDER = {"FARGATE": "L-3032A538", "FARGATE_SPOT": "L-36FBB829"}


def fargate_sizes() -> Mapping[int, tuple[int, ...]]:
    """Every size of a task on Linux: MiB by CPU units, both ascending."""
    return {cpu: tuple(sorted(sizes)) for cpu, sizes in _MEMORY_OF_CPU.items()}


def is_fargate_size(cpu: int, memory: int) -> bool:
    """Whether Fargate has tasks of `cpu` CPU units and `memory` MiB (on Linux: Windows has fewer)."""
    return memory in _MEMORY_OF_CPU.get(cpu, frozenset())


@dataclass(frozen=True, slots=True)
class FargateRoom:
    """How many of `count` tasks Fargate can take on top of what runs now.

    `limits` are copies by what limits them: VCPU_QUOTA, SUBNET_IP. `binding` is the lowest of them; `error` says why
    Fargate takes no such task at all: NETWORK_MODE, INVALID_SIZE, GPU, UNSUPPORTED_PLATFORM.
    `at_least` is what is certain where the quota, its usage or the addresses were not read (`unknowns`); nothing
    foretells "Capacity is unavailable at this time".
    """

    count: int
    placeable: int
    max_placeable: int | None
    at_least: int
    limits: Mapping[str, int]
    binding: str | None
    error: str | None
    unknowns: tuple[str, ...]


def fargate_room(
    task: TaskDefinition | Mapping[str, Any],
    count: int,
    *,
    capacity_provider: str = "FARGATE",
    platform_version: str | None = None,
    quota_vcpu: float | None = None,
    vcpu_in_use: float | None = None,
    subnets: Iterable[Subnet | Mapping[str, Any]] | None = None,
) -> FargateRoom:
    """How many of `count` more tasks fit; quota and usage in vCPUs, those of `capacity_provider`.

    None means: not read; without subnets their addresses limit nothing. Fargate uses those of any zone.
    Raises InputError for what cannot be read, UsageError for a provider that is not Fargate's.
    """
    if capacity_provider not in VCPU_QUOTA_OF_PROVIDER:
        raise UsageError(f"{capacity_provider!r} is not FARGATE or FARGATE_SPOT.")
    if count < 0:
        raise UsageError(f"The number of tasks is {count}: expected 0 or more.")
    task = read_shape(TaskDefinition, task, name="task definition")
    error = fargate_refusal(task, capacity_provider, platform_version)
    if error is not None:
        return FargateRoom(count, 0, 0, 0, {}, None, error, ())
    limits, certain, unknowns = {}, [], []
    if quota_vcpu is None or vcpu_in_use is None:
        unknowns.append(f"The vCPU quota {VCPU_QUOTA_OF_PROVIDER[capacity_provider]} or its usage was not read.")
        certain.append(0)
    else:
        free = Fraction(quota_vcpu) - Fraction(vcpu_in_use)
        limits["VCPU_QUOTA"] = max(free * 1024 // (task.cpu or 0), 0)
    if subnets is not None:
        counts = [subnet.available_ip_address_count for subnet in read_subnets(subnets)]
        addresses = sum(max(free_addresses or 0, 0) for free_addresses in counts)
        if None in counts:
            unknowns.append("The free addresses of some subnets were not read.")
            certain.append(addresses)
        else:
            limits["SUBNET_IP"] = addresses
    most = min(limits.values(), default=None)
    return FargateRoom(
        count=count,
        placeable=count if most is None else min(count, most),
        max_placeable=most,
        at_least=min([*certain, *limits.values()]),
        limits=limits,
        binding=min(limits, key=limits.__getitem__, default=None),
        error=None,
        unknowns=tuple(unknowns),
    )


def fargate_refusal(
    task: TaskDefinition | Mapping[str, Any], capacity_provider: str = "FARGATE", platform_version: str | None = None
) -> str | None:
    """Why Fargate takes no such task: the first of FargateRoom's errors, or None. Raises InputError for no task definition."""
    task = read_shape(TaskDefinition, task, name="task definition")
    if task.network_mode != "awsvpc":
        return "NETWORK_MODE"
    cpu, memory = task.cpu or 0, task.memory or 0
    old = _is_older(platform_version, _RECENT_PLATFORM) and not task.is_windows
    if not is_fargate_size(cpu, memory) or (task.is_windows and cpu not in _WINDOWS_CPU):
        return "INVALID_SIZE"
    if cpu in _RECENT_PLATFORM_CPU and old:
        return "INVALID_SIZE"
    if any(wish.type.upper() == "GPU" for item in task.container_definitions for wish in item.resource_requirements):
        return "GPU"
    arm = (task.runtime_platform.cpu_architecture or "").upper() == "ARM64"
    if capacity_provider == "FARGATE_SPOT" and (task.is_windows or (arm and old)):
        return "UNSUPPORTED_PLATFORM"
    return None


def _is_older(platform_version: str | None, than: tuple[int, ...]) -> bool:
    """LATEST, and none given, are the newest there is."""
    numbers = tuple(int(number) for number in re.findall(r"\d+", platform_version or ""))
    return bool(numbers) and numbers < than
