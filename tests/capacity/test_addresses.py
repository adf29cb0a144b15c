"""Free addresses of subnets: each copy with a network interface of its own takes one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from ecs_preflight.capacity.addresses import Addresses, within
from ecs_preflight.capacity.model import Answer, Limit, WorkloadRoom
from ecs_preflight.ecs.subnets import Subnet
from ecs_preflight.facts import Unknown
from ecs_preflight.network_questions import subnets
from ecs_preflight.workloads.reading import WorkloadFiles
from tests.capacity.rooms import THERE, group_room, workload_room
from tests.checks.cluster_facts import (
    ACCOUNT,
    REGION,
    Facts,
    a_cluster,
    a_config,
    a_provider,
    a_workload,
    an_instance,
    cluster_fact,
    fargate_tasks_fact,
    instances_fact,
    providers_fact,
    quota_fact,
    tasks_fact,
)
from tests.checks.cluster_facts import a_group as an_asg
from tests.checks.cluster_facts import groups_fact as asgs_fact
from tests.checks.network_facts import PURPOSE, VPC, a_subnet, deploying, subnets_fact
from tests.spinnaker.server_groups import GONE, a_task_definition, an_artifact_group

UNREAD: Facts = {subnets(ACCOUNT, REGION): Unknown("ec2:DescribeSubnets", "UnauthorizedOperation")}


def in_zone(number: int, zone: str, **changed: Any) -> Any:
    """An m5.large, which takes two awsvpc tasks."""
    place = {"ecs.availability-zone": f"us-east-1{zone}", "ecs.vpc-id": VPC, "com.amazonaws.ecs.capability.ecr-auth": None}
    return an_instance(number, attributes={**an_instance().attributes, **place}, **changed)


def on_fargate(*found: Facts, count: int = 4) -> WorkloadRoom:
    return group_room(deploying(capacity={"desired": count}), THERE, quota_fact(6), fargate_tasks_fact(), *found)


def on_ec2(*found: Facts, count: int = 4) -> WorkloadRoom:
    instances = instances_fact(in_zone(1, "a"), in_zone(2, "b"))
    return group_room(deploying(launchType="EC2", capacity={"desired": count}), THERE, instances, tasks_fact(), *found)


@pytest.mark.parametrize(
    ("free", "answer", "fit", "binds"),
    [
        ((251, 251), Answer.FITS, (24, 24), "VCPU_QUOTA"),
        ((3, 2), Answer.FITS, (5, 5), "SUBNET_IP"),
        ((3, 0), Answer.DOES_NOT_FIT, (3, 3), "SUBNET_IP"),
        ((3, None), Answer.UNDETERMINED, (3, 24), "VCPU_QUOTA"),
        ((4, None), Answer.FITS, (4, 24), "VCPU_QUOTA"),
    ],
)
def test_fargate_takes_those_of_any_zone(free: tuple[int, int | None], answer: Answer, fit: tuple[int, int], binds: str) -> None:
    room = on_fargate(subnets_fact(a_subnet(free=free[0]), a_subnet("subnet-b", "b", free=free[1])))
    assert (room.answer, (room.at_least, room.at_most), room.limits[-1].code) == (answer, fit, binds)
    assert ("describe-network-interfaces" in room.fix) is (answer is Answer.DOES_NOT_FIT)
    if binds == "SUBNET_IP":
        assert room.limits[-1].told.startswith(f"AvailableIpAddressCount: subnet-a (us-east-1a): {free[0]}, subnet-b")


@pytest.mark.parametrize(
    ("free", "answer", "fit", "fixes"),
    [
        ((9, 9), Answer.FITS, (4, 4), ()),
        ((1, 9), Answer.DOES_NOT_FIT, (3, 3), ("describe-network-interfaces",)),
        ((2, None), Answer.UNDETERMINED, (2, 4), ()),
    ],
)
def test_on_instances_those_of_the_zone_count(
    free: tuple[int, int | None], answer: Answer, fit: tuple[int, int], fixes: tuple[str, ...]
) -> None:
    room = on_ec2(subnets_fact(a_subnet(free=free[0]), a_subnet("subnet-b", "b", free=free[1])))
    assert (room.answer, (room.at_least, room.at_most)) == (answer, fit)
    assert all(fix in room.fix for fix in fixes)


def test_what_instances_lack_is_said_beside_what_subnets_lack() -> None:
    room = on_ec2(subnets_fact(a_subnet(free=1), a_subnet("subnet-b", "b")), count=6)
    assert (room.answer, room.at_most) == (Answer.DOES_NOT_FIT, 3)
    assert room.fix.startswith("Make a further subnet with the purpose")
    assert "\nAdd 1 container instance of type m5.large (an empty one holds 2), or ask for 4." in room.fix
    assert "describe-network-interfaces" in on_ec2(subnets_fact(a_subnet(free=1), a_subnet("subnet-b", "b")), count=3).fix


@pytest.mark.parametrize("look", [on_fargate, on_ec2])
def test_what_was_not_read_is_not_taken_for_enough(look: Any) -> None:
    room = look(UNREAD, count=1)
    assert (room.answer, room.at_least) == (Answer.UNDETERMINED, 0)
    assert room.doubts == ("the free addresses of its subnets: ec2:DescribeSubnets: UnauthorizedOperation",)
    none = look(subnets_fact(a_subnet(purpose="other")), count=1)
    assert none.doubts == ("the free addresses of its subnets: no subnet is found for 'web': see NETWORK002",)
    assert none.answer is Answer.UNDETERMINED


def test_of_sizes_nobody_says_which_subnets_they_get() -> None:
    room = workload_room(a_workload(network_mode="awsvpc", desired_count=1), instances_fact(an_instance()), tasks_fact())
    assert room.answer is Answer.FITS
    assert "Which subnets its tasks get is not said: free addresses are not counted." in room.cautions
    assert workload_room(a_workload(), instances_fact(an_instance())).cautions == ()


@pytest.mark.parametrize(
    ("free", "answer"), [(9, Answer.FITS_AFTER_SCALE_OUT), (2, Answer.DOES_NOT_FIT), (None, Answer.UNDETERMINED)]
)
def test_instances_that_join_bring_no_addresses(free: int | None, answer: Answer) -> None:
    strategy = [{"capacityProvider": "asg", "weight": 1}]
    config = deploying(launchType=GONE, capacityProviderStrategy=strategy, capacity={"desired": 4})
    there = cluster_fact(a_cluster(capacityProviders=["asg"]))
    instances = instances_fact(in_zone(1, "a", capacityProviderName="asg"))
    behind = an_asg(max_size=4, desired_capacity=1, instance_types=("m5.large",))
    facts = (there, instances, tasks_fact(), providers_fact(a_provider()), asgs_fact(behind))
    assert group_room(config, *facts, subnets_fact(a_subnet(free=free))).answer is answer


def test_a_group_may_grow_in_zones_without_the_subnets() -> None:
    strategy = [{"capacityProvider": "asg", "weight": 1}]
    config = deploying(launchType=GONE, capacityProviderStrategy=strategy, capacity={"desired": 4})
    instances = instances_fact(in_zone(1, "a", capacityProviderName="asg"))
    behind = an_asg(max_size=4, desired_capacity=1, instance_types=("m5.large",))
    there = cluster_fact(a_cluster(capacityProviders=["asg"]))
    facts = (there, instances, tasks_fact(), providers_fact(a_provider()), asgs_fact(behind))
    room = group_room(config, *facts, subnets_fact(a_subnet("subnet-b", "b", free=9)))
    assert room.answer is Answer.UNDETERMINED
    assert room.doubts[-1].startswith("its capacity providers have instances in zones without its subnets")


def on_windows(zone_id: str | None) -> WorkloadRoom:
    """In us-east-1, where Fargate has Windows in all zones but use1-az3."""
    windows = {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}
    entry = {"name": "web", "server_group": "web.json", "task_definition": "task.json"}
    group = an_artifact_group(account=ACCOUNT, subnetTypes=[PURPOSE])
    definition = a_task_definition(cpu="1024", memory="2048", runtimePlatform=windows)
    files = WorkloadFiles(server_groups={"web.json": (group,)}, task_definitions={"task.json": definition})
    config = replace(a_config(workloads=[entry], version="1.37.0"), workload_files=files)
    subnet = a_subnet(free=9).model_copy(update={"availability_zone_id": zone_id})
    return group_room(config, THERE, quota_fact(6), fargate_tasks_fact(), subnets_fact(subnet))


@pytest.mark.parametrize(
    ("zone_id", "answer"),
    [("use1-az1", Answer.FITS), ("use1-az3", Answer.DOES_NOT_FIT), (None, Answer.UNDETERMINED)],
)
def test_fargate_has_no_use_for_addresses_in_zones_where_it_is_not(zone_id: str | None, answer: Answer) -> None:
    room = on_windows(zone_id)
    assert room.answer is answer
    assert answer is not Answer.FITS or room.at_most == 6


def of(*found: Subnet) -> Addresses:
    return Addresses(tuple(found), fix="more")


@pytest.mark.parametrize(
    ("addresses", "certain", "most"),
    [
        (Addresses(), math.inf, math.inf),
        (Addresses(doubt="not read"), 0, math.inf),
        (of(), 0, 0),
        (of(a_subnet(free=3), a_subnet("b", free=-1)), 3, 3),
        (of(a_subnet(free=3), a_subnet("b", free=None)), 3, math.inf),
    ],
)
def test_how_many_there_are(addresses: Addresses, certain: float, most: float) -> None:
    assert (addresses.certain, addresses.most) == (certain, most)


def test_room_that_was_not_seen_stays_so() -> None:
    unseen = WorkloadRoom("web", Answer.UNDETERMINED, 4, unseen="denied")
    assert within(unseen, of(a_subnet(free=1))) == unseen


def test_a_shortage_of_both_names_both() -> None:
    room = WorkloadRoom("web", Answer.DOES_NOT_FIT, 4, 2, 2, limits=(Limit("CPU"),), fix="add one")
    assert within(room, of(a_subnet(free=3))).fix == "more\nadd one"
    assert within(room, of(a_subnet(free=3))).limits == (Limit("CPU"),)
    assert within(room, Addresses(doubt="not read")).answer is Answer.DOES_NOT_FIT
