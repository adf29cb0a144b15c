"""What managed scaling does about tasks that wait.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.managed_scaling import ScaleOut, scale_out
from ecs_preflight.errors import InputError, UsageError


def scaled(
    waiting: int,
    *,
    running: int = 4,
    empty: int = 0,
    largest: int = 4,
    smallest: int = 4,
    max_size: int = 10,
    desired: int | None = None,
    **scaling: Any,
) -> ScaleOut:
    return scale_out(
        waiting,
        copies_on_largest=largest,
        copies_on_smallest=smallest,
        running_instances=running,
        empty_instances=empty,
        auto_scaling_group={
            "MinSize": 0,
            "MaxSize": max_size,
            "DesiredCapacity": running if desired is None else desired,
        },
        managed_scaling={"status": "ENABLED", "targetCapacity": 100, **scaling},
    )


@pytest.mark.parametrize(
    ("outcome", "needed", "headroom", "step", "reservation", "tasks"),
    [
        (scaled(0, running=3), 0, 7, 0, 100.0, 0),
        (scaled(8), 2, 6, 2, 150.0, 8),
        (scaled(9), 3, 6, 3, 175.0, 9),
        (scaled(8, running=5, max_size=5), 2, 0, 0, 140.0, 0),
        (scaled(8, max_size=5), 2, 1, 1, 150.0, 4),
        (scaled(8, max_size=3, desired=4), 2, 0, 0, 150.0, 0),
        (scaled(100), 25, 6, 6, 725.0, 24),
        # No instance yet: 200, and two to begin with.
        (scaled(1, running=0, largest=1, smallest=1), 1, 10, 2, 200.0, 1),
        (scaled(12, running=0), 3, 10, 3, 200.0, 12),
        (scaled(1, running=0, max_size=0), 1, 0, 0, 200.0, 0),
        (scaled(0, running=0), 0, 10, 0, 100.0, 0),
        # Instances that run nothing are not wanted.
        (scaled(0, running=5, empty=5), 0, 5, 0, 0.0, 0),
        (scaled(0, running=4, empty=1), 0, 6, 0, 75.0, 0),
        (scaled(4, running=4, empty=1), 1, 6, 0, 100.0, 4),
        # A target below 100 keeps spare instances.
        (scaled(0, running=3, targetCapacity=75), 0, 7, 1, 100.0, 0),
        (scaled(8, running=4, targetCapacity=50), 2, 6, 6, 150.0, 8),
        # Steps.
        (scaled(8, minimumScalingStepSize=5), 2, 6, 5, 150.0, 8),
        (scaled(20, maximumScalingStepSize=2), 5, 6, 2, 225.0, 20),
        (scaled(1, running=0, maximumScalingStepSize=1), 1, 10, 1, 200.0, 1),
        # "If the smallest instance type can't run at least one of the tasks", they are left out.
        (scaled(8, smallest=0), 0, 6, 0, 100.0, 0),
        (scaled(8, largest=0, smallest=0), 0, 6, 0, 100.0, 0),
    ],
)
def test_scaling_out(outcome: ScaleOut, needed: int, headroom: int, step: int, reservation: float, tasks: int) -> None:
    assert outcome.instances_needed == needed
    assert outcome.asg_headroom == headroom
    assert outcome.first_step_instances == step
    assert outcome.reservation == reservation
    assert outcome.tasks_after_full_scale_out == tasks


def test_tasks_that_the_smallest_type_cannot_hold_are_not_compatible() -> None:
    assert scaled(8).compatible
    assert not scaled(8, smallest=0).compatible


def test_a_group_of_several_types_is_certain_of_the_smallest_only() -> None:
    outcome = scaled(16, largest=8, smallest=2, max_size=6)
    assert (outcome.instances_needed, outcome.tasks_after_full_scale_out, outcome.at_least) == (2, 16, 4)


@pytest.mark.parametrize("scaling", [None, {"status": "DISABLED"}])
def test_without_managed_scaling_nothing_is_added(scaling: dict[str, Any] | None) -> None:
    outcome = scale_out(
        5,
        copies_on_largest=3,
        copies_on_smallest=3,
        running_instances=2,
        empty_instances=0,
        auto_scaling_group={"MaxSize": 10, "DesiredCapacity": 2},
        managed_scaling=scaling,
    )
    assert (outcome.instances_needed, outcome.first_step_instances, outcome.reservation) == (2, 0, None)
    assert outcome.tasks_after_full_scale_out == outcome.at_least == 0
    assert outcome.warnings == ("Managed scaling is off: tasks that fit nowhere fail at once, and no instance is added.",)


def test_more_tasks_than_may_wait_are_a_warning() -> None:
    assert scaled(500).warnings == ()
    assert scaled(501).warnings == ("501 tasks wait: a cluster has at most 500 in PROVISIONING.",)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(UsageError) as refused:
        scaled(-1)
    assert str(refused.value) == "There is a count of -1: expected 0 or more."
    with pytest.raises(InputError, match="This is not the Auto Scaling group"):
        scale_out(
            1,
            copies_on_largest=1,
            copies_on_smallest=1,
            running_instances=0,
            empty_instances=0,
            auto_scaling_group={"MaxSize": 3},
            managed_scaling=None,
        )
