"""The entries of remainingResources.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Resource.html
"""

from __future__ import annotations

from ecs_preflight.ecs.resources import Resources, read_resources
from tests.ecs.builders import integer, strings


def test_each_known_name_is_read() -> None:
    listed = [
        integer("CPU", 1024),
        integer("MEMORY", 3768),
        strings("PORTS", ["51678", "22", "22"]),
        strings("PORTS_UDP", [53]),
        strings("GPU", ["GPU-b", "GPU-a"]),
    ]
    assert read_resources(listed) == Resources(1024, 3768, (22, 51678), (53,), ("GPU-a", "GPU-b"))


def test_what_is_not_listed_is_not_there() -> None:
    assert read_resources([]) == Resources(0, 0, (), (), ())


def test_an_unknown_name_is_ignored() -> None:
    assert read_resources([strings("NEURON_CORES", ["0"]), integer("LICENSES", 3)]) == Resources()


def test_a_number_is_read_by_its_type() -> None:
    # "integerValue: When the integerValue type is set, the value of the resource must be an integer", and so on.
    assert read_resources([{"name": "CPU", "type": "LONG", "integerValue": 0, "longValue": 2048}]).cpu == 2048
    assert read_resources([{"name": "CPU", "type": "DOUBLE", "doubleValue": 512.0}]).cpu == 512
    assert read_resources([{"name": "CPU", "type": "INTEGER"}]).cpu == 0
