"""How large an EC2 instance of a type is, from the package's own data: for instances that are not there yet.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeInfo.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# What kernel, firmware and Docker keep is published nowhere, and differs: Karpenter, which has to foretell it likewise, takes
# 7.5 % (VM_MEMORY_OVERHEAD_PERCENT, https://karpenter.sh/docs/reference/settings/). An m4.large registers 7985 of its 8192 MiB.
_KEPT_BY_THE_HOST = 0.075


@dataclass(frozen=True, slots=True)
class InstanceSize:
    """What a type has: CPU units, MiB of memory, whole GPUs, and `x86_64` or `arm64`."""

    cpu: int
    memory: int
    gpus: int
    architecture: str

    @property
    def likely_memory(self) -> int:
        """MiB that an agent on it registers at the least: an estimate, on the low side."""
        return int(self.memory * (1 - _KEPT_BY_THE_HOST))


def documented_size(instance_type: str) -> InstanceSize | None:
    """The size of `m5.large`; None of a type that is not in the table."""
    return documented_sizes().get(instance_type)


@cache
def documented_sizes() -> Mapping[str, InstanceSize]:
    """By instance type."""
    text = files("ecs_preflight.ecs").joinpath("data/instance_types.json").read_bytes()
    return {
        name: InstanceSize(vcpus * 1024, memory, sum(gpus), architecture)
        for architecture, types in json.loads(text)["types"].items()
        for name, (vcpus, memory, *gpus) in types.items()
    }
