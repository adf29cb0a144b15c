"""CPU and memory as RegisterTaskDefinition takes them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
"""

from __future__ import annotations

import pytest

from ecs_preflight.ecs.sizes import parse_cpu, parse_memory


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("256", 256),
        (256, 256),
        (" 1024 ", 1024),
        ("1 vCPU", 1024),
        ("1 vcpu", 1024),
        ("2vCPU", 2048),
        (".5 vCPU", 512),
        ("0.25 vCPU", 256),
        ("1. vcpu", 1024),
        ("16 vCPUs", 16384),
        ("0", 0),
    ],
)
def test_cpu_is_read_as_units(text: str | int, units: int) -> None:
    assert parse_cpu(text) == units


@pytest.mark.parametrize(
    ("text", "mib"),
    [
        ("512", 512),
        (512, 512),
        ("1GB", 1024),
        ("0.5 GB", 512),
        ("30 gb", 30720),
        ("2 GiB", 2048),
        ("768 MiB", 768),
        ("768MB", 768),
    ],
)
def test_memory_is_read_as_mib(text: str | int, mib: int) -> None:
    assert parse_memory(text) == mib


@pytest.mark.parametrize("text", ["", "one", "1 GHz", "-256", "1,5 vCPU", ".", "1 core"])
def test_what_is_no_cpu_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no size; expected CPU units such as 256, or vCPUs such as '1 vCPU'"):
        parse_cpu(text)


@pytest.mark.parametrize("text", ["", "1 TB", "1 vCPU", "-1"])
def test_what_is_no_memory_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no size; expected MiB such as 512, or GB such as '0.5 GB'"):
        parse_memory(text)


def test_a_part_of_a_unit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'0\.0001 vCPU' is not a whole number of CPU units"):
        parse_cpu("0.0001 vCPU")
    with pytest.raises(ValueError, match=r"'0\.0001GB' is not a whole number of MiB"):
        parse_memory("0.0001GB")
