"""The tasks of what drains, which need the room that others want."""

from __future__ import annotations

from ecs_preflight.capacity.displaced import displaced
from ecs_preflight.capacity.model import Answer
from ecs_preflight.capacity.wish import Wish
from tests.capacity.rooms import cluster_room
from tests.checks.cluster_facts import a_task, a_workload, an_instance, instances_fact, tasks_fact

ONE, TWO = an_instance(1, runningTasksCount=3), an_instance(2)
SMALL = {"cpu": "256", "memory": "512"}
INTERFACE = [{"type": "ElasticNetworkInterface", "status": "ATTACHED"}]


def test_they_are_told_apart_by_service_size_interface_and_provider() -> None:
    tasks = (
        a_task(ONE, **SMALL),
        a_task(ONE, **SMALL),
        a_task(ONE, group="", **SMALL),
        a_task(ONE, cpu="512", memory="1024", capacityProviderName="asg"),
        a_task(ONE, attachments=INTERFACE, group="service:web", **SMALL),
        a_task(ONE, desiredStatus="STOPPED", **SMALL),
        a_task(TWO, **SMALL),
    )
    found = list(displaced(tasks, [ONE]))
    assert [(one.what, one.count, one.size) for one in found] == [
        ("2 displaced of service:api", 2, "256 CPU units, 512 MiB"),
        ("1 displaced of no group", 1, "256 CPU units, 512 MiB"),
        ("1 displaced of service:api", 1, "512 CPU units, 1024 MiB"),
        ("1 displaced of service:web", 1, "256 CPU units, 512 MiB, a network interface"),
    ]
    assert [(one.workload.launch_type, one.workload.providers) for one in found] == [
        ("EC2", ()),
        ("EC2", ()),
        (None, ("asg",)),
        ("EC2", ()),
    ]
    assert found[0].group == "service:api"


def test_two_sizes_of_one_service_are_two() -> None:
    tasks = (a_task(ONE, **SMALL), a_task(ONE, cpu="512", memory="1024"))
    assert [one.workload.name for one in displaced(tasks, [ONE])] == [
        "1 displaced of service:api",
        "1 displaced of service:api (2)",
    ]
    wish = Wish(drained=("i-00000000000000001",))
    found = cluster_room(instances_fact(ONE, TWO), tasks_fact(*tasks), workloads=[a_workload(desired_count=6)], wish=wish)
    # Six of 256, one of 256 and one of 512 CPU units want more than the 2048 that are left.
    assert found.answers == (Answer.FITS, Answer.DOES_NOT_FIT)


def test_what_is_wanted_shares_the_room_with_them() -> None:
    """An m5.large holds eight copies of 256 CPU units: six fit by themselves, and not beside three others."""
    tasks = tasks_fact(*(a_task(ONE, **SMALL) for _ in range(3)))
    wish = Wish(drained=("i-00000000000000001",))
    found = cluster_room(instances_fact(ONE, TWO), tasks, workloads=[a_workload(desired_count=6)], wish=wish)
    (room,), (joint,) = found.workloads, found.together
    assert room.answer is Answer.FITS
    assert (joint.names, joint.wanted, joint.most) == (("web", "3 displaced of service:api"), 9, 8)
    assert joint.answer is Answer.DOES_NOT_FIT
    found = cluster_room(instances_fact(ONE, TWO), tasks, workloads=[a_workload(desired_count=5)], wish=wish)
    assert found.answers == (Answer.FITS, Answer.FITS)
