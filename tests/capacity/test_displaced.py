"""The tasks of what drains, which need the room that others want."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.capacity.displaced import displaced
from ecs_preflight.capacity.model import Answer
from ecs_preflight.capacity.wish import Wish
from ecs_preflight.facts import Unknown
from ecs_preflight.questions import running_tasks
from tests.capacity.rooms import cluster_room
from tests.checks.cluster_facts import (
    ACCOUNT,
    GAP,
    NAME,
    REGION,
    Facts,
    a_task,
    a_workload,
    an_instance,
    fargate_tasks_fact,
    instances_fact,
    quota_fact,
    tasks_fact,
)

ONE, TWO = an_instance(1, runningTasksCount=3), an_instance(2)
SMALL = {"cpu": "256", "memory": "512"}
UNREAD: Facts = {running_tasks(ACCOUNT, REGION, NAME): Unknown("ecs:ListTasks", "AccessDeniedException")}
INTERFACE = [{"type": "ElasticNetworkInterface", "status": "ATTACHED"}]


def test_those_of_services_are_told_apart_by_size_interface_and_provider() -> None:
    tasks = (
        a_task(ONE, **SMALL),
        a_task(ONE, **SMALL),
        a_task(ONE, group="family:job", **SMALL),
        a_task(ONE, cpu="512", memory="1024", capacityProviderName="asg"),
        a_task(ONE, attachments=INTERFACE, group="service:web", **SMALL),
        a_task(ONE, desiredStatus="STOPPED", **SMALL),
        a_task(TWO, **SMALL),
    )
    found = list(displaced(tasks, [ONE]))
    assert [(one.what, one.count, one.size) for one in found] == [
        ("2 displaced of service:api", 2, "256 CPU units, 512 MiB"),
        ("1 displaced of service:api", 1, "512 CPU units, 1024 MiB"),
        ("1 displaced of service:web", 1, "256 CPU units, 512 MiB, a network interface"),
    ]
    assert [(one.workload.launch_type, one.workload.providers) for one in found] == [
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


WISH = Wish(drained=("i-00000000000000001",))
THREE = tasks_fact(*(a_task(ONE, **SMALL) for _ in range(3)))


@pytest.mark.parametrize(
    ("facts", "workload", "answer"),
    [
        # Nothing else is wanted, and still they need room.
        ((instances_fact(ONE, an_instance(2, cpu=512)), THREE), a_workload(desired_count=0), Answer.DOES_NOT_FIT),
        ((instances_fact(ONE, an_instance(2, cpu=768)), THREE), a_workload(desired_count=0), Answer.FITS),
        # Of a capacity provider that has no other instance.
        (
            (instances_fact(ONE, TWO), tasks_fact(a_task(ONE, capacityProviderName="asg", **SMALL))),
            a_workload(desired_count=1),
            Answer.DOES_NOT_FIT,
        ),
        ((instances_fact(ONE, TWO, gaps=(GAP,)), THREE), a_workload(desired_count=1), Answer.UNDETERMINED),
        ((instances_fact(ONE, TWO), UNREAD), a_workload(desired_count=1), Answer.UNDETERMINED),
    ],
)
def test_nothing_is_promised_while_they_have_no_room(facts: tuple[Facts, ...], workload: dict[str, Any], answer: Answer) -> None:
    found = cluster_room(*facts, workloads=[workload], wish=WISH)
    assert found.workloads[0].answer is Answer.FITS
    assert found.together[-1].answer is answer


def test_an_instance_may_drain_where_all_that_is_wanted_runs_on_fargate() -> None:
    far = a_workload(launch_type="FARGATE", network_mode="awsvpc", cpu=512, memory=1024)
    facts = (instances_fact(ONE, TWO), THREE, quota_fact(6), fargate_tasks_fact())
    found = cluster_room(*facts, workloads=[far], wish=WISH)
    assert found.answers == (Answer.FITS, Answer.FITS)
