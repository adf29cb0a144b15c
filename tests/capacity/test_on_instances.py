"""Workloads at once, where their subnets are the same, and where they are not."""

from __future__ import annotations

import pytest

from ecs_preflight.capacity.addresses import Addresses
from ecs_preflight.capacity.model import Answer, TogetherRoom
from ecs_preflight.capacity.on_instances import together
from ecs_preflight.checks.room import Wanted
from ecs_preflight.ecs.instance import ContainerInstance
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


def joint_of(*instances: ContainerInstance, counts: tuple[int, int] = (4, 4)) -> TogetherRoom:
    """Two workloads of 256 CPU units; an m5.large holds eight copies."""
    rivals = [(wanted("web", counts[0], "bridge"), Addresses()), (wanted("api", counts[1], "bridge"), Addresses())]
    (joint,) = together(rivals, Listing(instances), ())
    return joint


def test_what_each_gets_of_the_room_is_told() -> None:
    joint = joint_of(an_instance(1, cpu=1280))
    assert (joint.answer, joint.most) == (Answer.DOES_NOT_FIT, 5)
    assert [(share.name, share.wanted) for share in joint.shares] == [("web", 4), ("api", 4)]
    assert sum(share.fewest for share in joint.shares) <= 5 <= sum(share.most for share in joint.shares)
    assert joint_of(an_instance(1)).fix == ""


@pytest.mark.parametrize(
    ("instances", "counts", "fix"),
    [
        (
            (an_instance(1, cpu=256), an_instance(2, agentConnected=False)),
            (4, 4),
            "Bring back the ECS agent of i-00000000000000002: all fit then.",
        ),
        ((an_instance(1, cpu=256),), (4, 4), "Add 1 container instance of type m5.large: all fit then."),
        ((an_instance(1, cpu=0),), (9, 8), "Add 3 container instances of type m5.large: all fit then."),
        (
            (an_instance(1, cpu=0), an_instance(2, cpu=0, agentConnected=False)),
            (4, 4),
            "Add 1 container instance of type m5.large",
        ),
        # Sixty-five would do: that is no advice.
        ((an_instance(1, cpu=0),), (260, 260), ""),
        ((an_instance(1, cpu=0),), (256, 256), "Add 64 container instances of type m5.large: all fit then."),
    ],
)
def test_what_makes_all_fit_is_found_by_trial(
    instances: tuple[ContainerInstance, ...], counts: tuple[int, int], fix: str
) -> None:
    joint = joint_of(*instances, counts=counts)
    assert joint.answer is Answer.DOES_NOT_FIT
    assert joint.fix.startswith(fix)
    assert bool(joint.fix) is bool(fix)
