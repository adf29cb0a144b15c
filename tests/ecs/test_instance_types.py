"""The sizes of instance types, from the package's own data."""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.eni import shipped_table
from ecs_preflight.ecs.instance_types import InstanceSize, documented_size, documented_sizes


@pytest.mark.parametrize(
    ("instance_type", "size"),
    [
        # https://aws.amazon.com/ec2/instance-types/
        ("m5.large", InstanceSize(2048, 8192, 0, "x86_64")),
        ("t3.nano", InstanceSize(2048, 512, 0, "x86_64")),
        ("m6g.large", InstanceSize(2048, 8192, 0, "arm64")),
        ("g4dn.12xlarge", InstanceSize(49152, 196608, 4, "x86_64")),
        ("r5.24xlarge", InstanceSize(98304, 786432, 0, "x86_64")),
        ("x99.huge", None),
    ],
)
def test_sizes_are_as_aws_documents_them(instance_type: str, size: InstanceSize | None) -> None:
    assert documented_size(instance_type) == size


def test_what_is_likely_registered_is_below_what_is_seen() -> None:
    # "an m4.large ... 8192 MiB ... DescribeContainerInstances ... 7985": the developer guide on memory.
    assert InstanceSize(2048, 8192, 0, "x86_64").likely_memory == 7577


def test_every_size_makes_sense() -> None:
    for name, size in documented_sizes().items():
        assert divmod(size.cpu, 1024) >= (1, 0), name
        assert size.cpu % 1024 == 0, name
        assert size.memory >= 512, name
        assert 0 <= size.gpus <= 16, name


def test_the_two_tables_know_the_same_world() -> None:
    both = set(documented_sizes()) & set(shipped_table())
    assert len(both) > 1000
