"""How many awsvpc tasks an instance has network interfaces for.

Without trunking: every interface but the instance's own. With trunking: what the guide's table says.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

InterfaceTable: TypeAlias = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SlotLimit:
    """awsvpc tasks that an instance takes: `most` at the most (infinite: not known), `certain` without any doubt."""

    most: float
    certain: int


@cache
def shipped_table() -> dict[str, tuple[int, int | None]]:
    """Instance type -> MaximumNetworkInterfaces and the trunk limit, from the package's own data."""
    text = files("ecs_preflight.ecs").joinpath("data/eni_limits.json").read_bytes()
    return {name: (interfaces, trunk) for name, (interfaces, trunk) in json.loads(text)["types"].items()}


def slot_limit(instance_type: str, has_trunk: bool, table: InterfaceTable | None) -> SlotLimit:
    """The limit of an instance; what `table` (DescribeInstanceTypes) does not say is taken from the shipped one.

    That an instance has a trunk is proven by its attribute alone: opting the account in changes nothing on
    instances that are already there.
    """
    interfaces, trunk = _numbers(instance_type, table or {})
    if has_trunk and trunk is not None:
        return SlotLimit(most=trunk, certain=trunk)
    if interfaces is None:
        return SlotLimit(most=math.inf, certain=0)
    own = max(interfaces - 1, 0)
    # A trunk on a type that nobody lists as able to have one is certain of nothing.
    return SlotLimit(most=own, certain=0 if has_trunk else own)


def _numbers(instance_type: str, table: InterfaceTable) -> tuple[int | None, int | None]:
    shipped_interfaces, shipped_trunk = shipped_table().get(instance_type, (None, None))
    given = table.get(instance_type, {})
    return given.get("MaximumNetworkInterfaces", shipped_interfaces), given.get("ecsTrunkTaskLimit", shipped_trunk)
