"""Elements of DescribeTasks, summed up by container instance."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.running import RunningTask, read_tasks
from ecs_preflight.errors import InputError
from tests.ecs.builders import arn, running


def test_tasks_are_summed_by_instance_and_those_on_fargate_left_out() -> None:
    tasks = read_tasks(
        [
            running("a", "service:web", interface="ATTACHED", gpu_ids=["GPU-1"]),
            running("a", "service:web"),
            running("b", "service:api", interface="ATTACHED"),
            running(None, "service:web", interface="ATTACHED"),
        ]
    )
    assert tasks.keys() == {arn("a"), arn("b")}
    assert tasks[arn("a")].groups == {"service:web": 2}
    assert tasks[arn("a")].gpu_ids == {"GPU-1"}
    assert [tasks[arn(name)].interfaces for name in "ab"] == [1, 1]


@pytest.mark.parametrize(
    ("desired", "last", "counted"),
    [
        ("RUNNING", "RUNNING", True),
        ("RUNNING", "PENDING", True),
        ("RUNNING", "PROVISIONING", True),
        ("STOPPED", "RUNNING", False),  # distinctInstance looks at the desired status
        ("STOPPED", "STOPPED", False),
        ("RUNNING", "STOPPED", False),
    ],
)
def test_a_group_counts_the_tasks_that_are_wanted(desired: str, last: str, counted: bool) -> None:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html
    there = read_tasks([running("a", "service:web", desired=desired, last=last)])[arn("a")]
    assert bool(there.groups["service:web"]) is counted


@pytest.mark.parametrize(
    ("status", "last", "held"),
    [
        ("ATTACHED", "RUNNING", 1),
        ("PRECREATED", "PROVISIONING", 1),
        ("ATTACHED", "DEACTIVATING", 1),
        ("DETACHING", "STOPPING", 1),
        ("DETACHED", "DEPROVISIONING", 0),
        ("DELETED", "DEPROVISIONING", 0),
        ("ATTACHED", "STOPPED", 0),
        (None, "RUNNING", 0),
    ],
)
def test_a_task_holds_its_interface_until_it_is_detached(status: str | None, last: str, held: int) -> None:
    assert read_tasks([running("a", last=last, interface=status)])[arn("a")].interfaces == held


@pytest.mark.parametrize(
    ("members", "size"),
    [
        ({}, (0, 0)),
        ({"cpu": "256", "memory": "512"}, (256, 512)),
        ({"cpu": "1 vCPU", "memory": "2 GB"}, (1024, 2048)),
        ({"containers": [{"cpu": "10", "memory": "100"}, {"cpu": "20", "memoryReservation": "50"}]}, (30, 150)),
        ({"containers": [{"cpu": "10", "memory": "100", "memoryReservation": "60"}]}, (10, 60)),
        ({"cpu": "256", "containers": [{"cpu": "10", "memory": "100"}]}, (256, 100)),
    ],
    ids=str,
)
def test_a_task_is_as_large_as_its_definition_says(members: dict[str, Any], size: tuple[int, int]) -> None:
    assert RunningTask.model_validate(members).size == size


def test_a_bad_task_is_an_input_error() -> None:
    with pytest.raises(InputError, match="This is not the running task that the ECS API describes: attachments"):
        read_tasks([{"attachments": 3}])


def test_a_task_on_fargate_hides_none_that_comes_after_it() -> None:
    assert list(read_tasks([running(None), running("a")])) == [arn("a")]


def test_only_tasks_that_run_have_their_gpus() -> None:
    there = read_tasks([running("a", last="PENDING", gpu_ids=["GPU-1"]), running("a", last="RUNNING", gpu_ids=["GPU-2"])])
    assert there[arn("a")].gpu_ids == {"GPU-2"}
