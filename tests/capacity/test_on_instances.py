"""Workloads at once, where their subnets are the same, and where they are not."""

from __future__ import annotations

import pytest

from ecs_preflight.capacity.addresses import Addresses
from ecs_preflight.capacity.model import Answer
from ecs_preflight.capacity.on_instances import together
from ecs_preflight.checks.room import Wanted
from ecs_preflight.facts import Listing
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.workloads.making import workload_of_sizes
from tests.checks.cluster_facts import an_instance
from tests.checks.network_facts import VPC, a_subnet

IN_A, IN_B = (
    an_instance(number, attributes={**an_instance().attributes, "ecs.availability-zone": f"us-east-1{zone}", "ecs.vpc-id": VPC})
    for number, zone in ((1, "a"), (2, "b"))
)
A, B = a_subnet(free=2), a_subnet("subnet-b", "b", free=1)


def wanted(name: str, count: int, network_mode: str = "awsvpc") -> Wanted:
    entry = WorkloadFile.model_validate({"name": name, "cpu": 256, "memory": 512, "network_mode": network_mode})
    return Wanted(name, workload_of_sizes(entry), count)


@pytest.mark.parametrize(
    ("web", "api", "counts", "answer"),
    [
        (Addresses((A, B)), Addresses((A, B)), (2, 1), Answer.FITS),
        # An m5.large takes two awsvpc tasks, and the zone of the second has one address.
        (Addresses((A, B)), Addresses((A, B)), (2, 2), Answer.DOES_NOT_FIT),
        (Addresses((A,)), Addresses((A, B)), (2, 1), Answer.FITS),
        (Addresses((A,)), Addresses((A, B)), (2, 2), Answer.UNDETERMINED),
        (Addresses((A, B)), Addresses(doubt="not read"), (1, 1), Answer.UNDETERMINED),
        (Addresses(), Addresses(), (2, 2), Answer.FITS),
        (Addresses(), Addresses((B,)), (2, 2), Answer.UNDETERMINED),
        (Addresses(), Addresses((B,)), (2, 1), Answer.FITS),
    ],
)
def test_addresses_that_several_share(web: Addresses, api: Addresses, counts: tuple[int, int], answer: Answer) -> None:
    rivals = [(wanted("web", counts[0]), web), (wanted("api", counts[1]), api)]
    (joint,) = together(rivals, Listing((IN_A, IN_B)), ())
    assert joint.answer is answer


def test_those_without_interfaces_take_no_addresses() -> None:
    rivals = [(wanted("web", 2), Addresses((A,))), (wanted("api", 4, "bridge"), Addresses())]
    (joint,) = together(rivals, Listing((IN_A, IN_B)), ())
    assert joint.answer is Answer.FITS
