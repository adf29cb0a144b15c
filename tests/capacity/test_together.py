"""Workloads that compete: for container instances, for addresses, for the quota of Fargate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ecs_preflight.capacity.addresses import Addresses
from ecs_preflight.capacity.model import Answer, TogetherRoom
from ecs_preflight.capacity.together import (
    Circumstances,
    Rival,
    together_in_subnets,
    together_on_fargate,
    together_on_instances,
)
from ecs_preflight.checks.fargate_room import FargateShare
from ecs_preflight.checks.provider_groups import ProviderAndGroup
from ecs_preflight.checks.room import Wanted
from ecs_preflight.ecs.fargate import fargate_room
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Listing
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.workloads.making import workload_of_sizes
from tests.checks.cluster_facts import GAP, a_group, a_provider, an_instance
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
        (Addresses((A,)), Addresses((A, B)), (1, 1), Answer.UNDETERMINED),
        # Two instances take four tasks, whatever their subnets.
        (Addresses((A,)), Addresses((A, B)), (3, 3), Answer.DOES_NOT_FIT),
        (Addresses((A, B)), Addresses(doubt="not read"), (1, 1), Answer.UNDETERMINED),
        (Addresses(), Addresses(), (2, 2), Answer.FITS),
        (Addresses(), Addresses((B,)), (1, 1), Answer.UNDETERMINED),
    ],
)
def test_addresses_that_several_share(web: Addresses, api: Addresses, counts: tuple[int, int], answer: Answer) -> None:
    rivals = [Rival(wanted("web", counts[0]), web), Rival(wanted("api", counts[1]), api)]
    (joint,) = together_on_instances(rivals, Circumstances(Listing((IN_A, IN_B)), ()))
    assert joint.answer is answer
    assert bool(joint.reason) is (answer is Answer.UNDETERMINED)


def test_those_without_interfaces_take_no_addresses() -> None:
    rivals = [Rival(wanted("web", 2), Addresses((A,))), Rival(wanted("api", 4, "bridge"))]
    (joint,) = together_on_instances(rivals, Circumstances(Listing((IN_A, IN_B)), ()))
    assert joint.answer is Answer.FITS


def joint_of(*instances: ContainerInstance, counts: tuple[int, int] = (4, 4)) -> TogetherRoom:
    """Two workloads of 256 CPU units; an m5.large holds eight copies."""
    rivals = [Rival(wanted("web", counts[0], "bridge")), Rival(wanted("api", counts[1], "bridge"))]
    (joint,) = together_on_instances(rivals, Circumstances(Listing(instances), ()))
    return joint


def test_part_of_a_listing_promises_nothing_of_several() -> None:
    rivals = [Rival(wanted("web", 1, "bridge")), Rival(wanted("api", 1, "bridge"))]
    (joint,) = together_on_instances(rivals, Circumstances(Listing((IN_A,), (GAP,)), ()))
    assert (joint.answer, joint.reason.startswith("DescribeContainerInstances")) == (Answer.UNDETERMINED, True)
    assert list(together_on_instances(rivals[:1], Circumstances(Listing((IN_A,), (GAP,)), ()))) == []


def test_what_ecs_would_refuse_is_no_promise_either() -> None:
    odd = wanted("api", 1, "bridge")
    refused = replace(odd, workload=replace(odd.workload, placement_constraints=({"type": "memberOf", "expression": "?"},)))
    (joint,) = together_on_instances([Rival(wanted("web", 1, "bridge")), Rival(refused)], Circumstances(Listing((IN_A,)), ()))
    assert (joint.answer, joint.reason.startswith("ECS would refuse it")) == (Answer.UNDETERMINED, True)


def by_provider(one: Wanted, *names: str) -> Wanted:
    strategy = tuple({"capacityProvider": name, "weight": 1} for name in names)
    return replace(one, workload=replace(one.workload, launch_type=None, capacity_provider_strategy=strategy))


@pytest.mark.parametrize(
    ("counts", "providers", "answers"),
    [
        ((4, 4), ("asg",), []),
        ((4, 5), ("asg",), [Answer.UNDETERMINED]),
        ((4, 5), ("other",), []),
    ],
)
def test_launch_types_and_capacity_providers_compete(
    counts: tuple[int, int], providers: tuple[str, ...], answers: list[Answer]
) -> None:
    """The one instance holds eight copies."""
    rivals = [
        Rival(wanted("web", counts[0], "bridge")),
        Rival(by_provider(wanted("api", counts[1], "bridge"), *providers)),
    ]
    found = list(together_on_instances(rivals, Circumstances(Listing((an_instance(1, capacityProviderName="asg"),)), ())))
    assert [joint.answer for joint in found] == answers


def test_two_strategies_that_share_a_provider_compete() -> None:
    rivals = [
        Rival(by_provider(wanted("web", 1, "bridge"), "asg")),
        Rival(by_provider(wanted("api", 1, "bridge"), "asg", "spot")),
    ]
    found = list(together_on_instances(rivals, Circumstances(Listing((an_instance(1, capacityProviderName="asg"),)), ())))
    assert [joint.answer for joint in found] == [Answer.UNDETERMINED]


@pytest.mark.parametrize(
    ("most", "answer", "fix"),
    [
        (4, Answer.FITS_AFTER_SCALE_OUT, ""),
        (1, Answer.DOES_NOT_FIT, "Add 1 container instance of type m5.large to capacity provider asg: all fit then."),
        (None, Answer.UNDETERMINED, ""),
    ],
)
def test_capacity_providers_bring_what_all_need_together(most: int | None, answer: Answer, fix: str) -> None:
    behind = a_group(max_size=most or 0, desired_capacity=1)
    providers = None if most is None else (ProviderAndGroup("asg", a_provider(), behind),)
    rivals = [Rival(by_provider(wanted(name, 5, "bridge"), "asg")) for name in ("web", "api")]
    among = Circumstances(Listing((an_instance(1, capacityProviderName="asg"),)), (), providers)
    (joint,) = together_on_instances(rivals, among)
    assert (joint.answer, joint.fix) == (answer, fix)
    if answer is Answer.FITS_AFTER_SCALE_OUT:
        assert joint.reason == "capacity provider 'asg' needs 1 instance more, which it adds by itself"


def test_an_agent_that_is_gone_comes_not_back_by_scaling_out() -> None:
    gone = an_instance(2, agentConnected=False, capacityProviderName="asg")
    listing = Listing((an_instance(1, capacityProviderName="asg"), gone))
    rivals = [Rival(by_provider(wanted(name, 5, "bridge"), "asg")) for name in ("web", "api")]

    def among(most: int) -> Circumstances:
        return Circumstances(listing, (), (ProviderAndGroup("asg", a_provider(), a_group(max_size=most, desired_capacity=2)),))

    (joint,) = together_on_instances(rivals, among(4))
    assert (joint.answer, joint.fix) == (Answer.FITS_AFTER_SCALE_OUT, "")
    assert joint.reason == "capacity provider 'asg' needs 1 instance more, which it adds by itself"
    (joint,) = together_on_instances(rivals, among(2))
    assert (joint.answer, joint.fix) == (
        Answer.DOES_NOT_FIT,
        "Bring back the ECS agent of i-00000000000000002: all fit then.",
    )


def on_fargate(name: str, count: int) -> Rival:
    entry = {"name": name, "cpu": 256, "memory": 512, "network_mode": "awsvpc", "launch_type": "FARGATE"}
    return Rival(Wanted(name, workload_of_sizes(WorkloadFile.model_validate(entry)), count))


@pytest.mark.parametrize(("counts", "answers"), [((2, 2), []), ((3, 2), [Answer.DOES_NOT_FIT]), ((9, 0), [])])
def test_workloads_on_fargate_share_a_quota(counts: tuple[int, int], answers: list[Answer]) -> None:
    """One vCPU is left: four copies."""
    those = []
    for name, count in zip(("web", "api"), counts, strict=True):
        rival = on_fargate(name, count)
        room = fargate_room(rival.wanted.task_definition, count, quota_vcpu=2, vcpu_in_use=1)
        those.append((rival, (FargateShare("FARGATE", count, 2, 1, room),)))
    found = list(together_on_fargate(those))
    assert [joint.answer for joint in found] == answers
    assert all("the quota L-3032A538" in joint.reason and joint.most < joint.wanted for joint in found)


@pytest.mark.parametrize(
    ("subnets", "counts", "answers"),
    [
        (((A, B), (A, B)), (2, 1), []),
        (((A, B), (A, B)), (2, 2), [Answer.DOES_NOT_FIT]),
        (((A,), (A,)), (2, 1), [Answer.DOES_NOT_FIT]),
        # Three want the two of the first subnet; the second is no help to them.
        (((A,), (A,), (B,)), (2, 1, 1), [Answer.DOES_NOT_FIT]),
        (((A,), (A, B)), (2, 2), [Answer.DOES_NOT_FIT]),
        (((A,), (A, a_subnet("subnet-c", "b", free=None))), (2, 2), [Answer.UNDETERMINED]),
    ],
)
def test_addresses_are_counted_over_all_that_want_them(
    subnets: tuple[tuple[Subnet, ...], ...], counts: tuple[int, ...], answers: list[Answer]
) -> None:
    named = zip("abc", counts, subnets, strict=False)
    rivals = [Rival(wanted(name, count), Addresses(chosen, fix="more")) for name, count, chosen in named]
    found = list(together_in_subnets(rivals))
    assert [joint.answer for joint in found] == answers
    assert all("AvailableIpAddressCount" in joint.reason for joint in found)


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
