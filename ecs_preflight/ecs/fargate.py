"""Fargate: the task sizes that exist, and how many tasks fit under the vCPU quota and in the subnets.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

from __future__ import annotations

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


def is_fargate_size(cpu: int, memory: int) -> bool:
    """Whether Fargate has tasks of `cpu` CPU units and `memory` MiB (on Linux: Windows has fewer)."""
    return memory in _MEMORY_OF_CPU.get(cpu, frozenset())
