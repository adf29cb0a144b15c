"""CPU and memory as a task definition spells them: "256", "1 vCPU", "0.5 GB".

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html ("cpu", "memory")
"""

from __future__ import annotations

import re
from fractions import Fraction

_CPU = re.compile(r"\s*(?P<number>\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>vcpus?)?\s*", re.IGNORECASE)
_MEMORY = re.compile(r"\s*(?P<number>\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>gib|gb|mib|mb)?\s*", re.IGNORECASE)


def parse_cpu(text: str | int) -> int:
    """CPU units: 1024 for "1 vCPU", ".5 vcpu" is 512, a bare number counts units. Raises ValueError."""
    number, unit = _split(text, _CPU, "CPU units such as 256, or vCPUs such as '1 vCPU'")
    return _whole(number * 1024 if unit else number, text, "CPU units")


def parse_memory(text: str | int) -> int:
    """MiB: 1024 for "1 GB" (ECS's GB are 1024 MiB), a bare number counts MiB. Raises ValueError."""
    number, unit = _split(text, _MEMORY, "MiB such as 512, or GB such as '0.5 GB'")
    return _whole(number * 1024 if unit.startswith("g") else number, text, "MiB")


def _split(text: str | int, pattern: re.Pattern[str], expected: str) -> tuple[Fraction, str]:
    match = pattern.fullmatch(str(text))
    if match is None:
        raise ValueError(f"{text!r} is no size; expected {expected}")
    return Fraction(match["number"]), (match["unit"] or "").lower()


def _whole(number: Fraction, text: str | int, unit: str) -> int:
    if number.denominator != 1:
        raise ValueError(f"{text!r} is not a whole number of {unit}")
    return int(number)
