"""How many awsvpc tasks an instance has network interfaces for.

Without trunking: every interface but the instance's own. With trunking: what the guide's table says.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-eni.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

InterfaceTable: TypeAlias = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SlotLimit:
    """awsvpc tasks that an instance takes: `most` at the most (None: not known), `certain` without any doubt."""

    most: int | None
    certain: int


@cache
def shipped_table() -> dict[str, tuple[int, int | None]]:
    """Instance type -> MaximumNetworkInterfaces and the trunk limit, from the package's own data."""
    text = files("ecs_preflight.ecs").joinpath("data/eni_limits.json").read_text("utf-8")
    return {name: (interfaces, trunk) for name, (interfaces, trunk) in json.loads(text)["types"].items()}


def slot_limit(instance_type: str | None, has_trunk: bool, table: InterfaceTable | None) -> SlotLimit:
    """The limit of an instance; what `table` (DescribeInstanceTypes) does not say is taken from the shipped one.

    That an instance has a trunk is proven by its attribute alone: opting the account in changes nothing on
    instances that are already there.
    """
    interfaces, trunk = _numbers(instance_type or "", table or {})
    if interfaces is None:
        return SlotLimit(most=None, certain=0)
    own = max(interfaces - 1, 0)
    if not has_trunk:
        return SlotLimit(most=own, certain=own)
    if trunk is None:  # a trunk on a type that nobody lists as able to have one
        return SlotLimit(most=own, certain=0)
    return SlotLimit(most=trunk, certain=trunk)


def _numbers(instance_type: str, table: InterfaceTable) -> tuple[int | None, int | None]:
    shipped_interfaces, shipped_trunk = shipped_table().get(instance_type, (None, None))
    given = table.get(instance_type, {})
    return given.get("MaximumNetworkInterfaces", shipped_interfaces), given.get("ecsTrunkTaskLimit", shipped_trunk)
