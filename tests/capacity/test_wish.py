"""What is asked beside the configuration, as people write it."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.capacity.wish import Added, wished_size
from ecs_preflight.errors import UsageError


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("3xm5.large", Added(3, "m5.large")),
        ("m5.large", Added(1, "m5.large")),
        (" 12 x u-6tb1.112xlarge ", Added(12, "u-6tb1.112xlarge")),
        ("2xm5.large@on-demand", Added(2, "m5.large", "on-demand")),
    ],
)
def test_instances_to_add(text: str, added: Added) -> None:
    assert Added.parse(text) == added


@pytest.mark.parametrize("text", ["", "3", "0xm5.large", "3 m5.large", "-1xm5.large", "m5", "m5.large@", "m5.large@a b"])
def test_what_is_no_number_of_instances(text: str) -> None:
    with pytest.raises(UsageError, match="no number of instances of a type") as error:
        Added.parse(text)
    assert error.value.hint == "Such as 3xm5.large, or 3xm5.large@CAPACITY-PROVIDER."


def test_nothing_is_wished_where_nothing_is_said() -> None:
    assert wished_size(cpu=None, memory=None, desired_count=None) is None


def test_a_size_is_a_workload_of_one_copy_in_bridge_mode() -> None:
    size = wished_size(cpu=None, memory=512, network_mode=None, launch_type=None, desired_count=None)
    assert size is not None
    assert (size.name, size.desired_count, size.network_mode, size.launch_type) == (
        "a task of 0 CPU units, 512 MiB",
        1,
        "bridge",
        "EC2",
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cpu": 256, "desired_count": 2}, "--cpu, --count: one copy's memory is not given"),
        ({"memory": 3}, "--memory 3: Input should be greater than or equal to 4"),
        ({"memory": 512, "desired_count": -1}, "--count -1: Input should be greater than or equal to 0"),
        ({"memory": 512, "cpu": -5}, "--cpu -5: Input should be greater than or equal to 0"),
    ],
)
def test_a_size_that_is_none(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as error:
        wished_size(**fields)
    assert error.value.message == message
