"""What AWS sends, read as models: what is said where it cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ecs_preflight.ecs.daemon import daemon_demand
from ecs_preflight.ecs.fargate import fargate_room
from ecs_preflight.ecs.managed_scaling import scale_out
from ecs_preflight.ecs.placement import place
from ecs_preflight.ecs.provider_split import split_by_strategy
from ecs_preflight.ecs.query import compile_query
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.ecs.strategies import read_strategy
from ecs_preflight.ecs.workloads import Workload, place_all
from ecs_preflight.errors import InputError
from tests.ecs.builders import container, task

NONSENSE: Any = 7


def scaled(group: Any, scaling: Any) -> object:
    return scale_out(
        1,
        copies_on_largest=1,
        copies_on_smallest=1,
        running_instances=0,
        empty_instances=0,
        auto_scaling_group=group,
        managed_scaling=scaling,
    )


@pytest.mark.parametrize(
    ("read", "name", "model"),
    [
        (lambda: task_requirements(NONSENSE), "task definition", "TaskDefinition"),
        (lambda: place(NONSENSE, 1, on=[]), "task definition", "TaskDefinition"),
        (lambda: place_all([Workload("x", NONSENSE, 1)], on=[]), "task definition", "TaskDefinition"),
        (lambda: daemon_demand(NONSENSE, [], group="service:x"), "task definition", "TaskDefinition"),
        (lambda: fargate_room(NONSENSE, 1), "task definition", "TaskDefinition"),
        (lambda: compile_query("attribute:a exists").matches(NONSENSE), "container instance", "ContainerInstance"),
        (lambda: read_strategy([NONSENSE]), "placement strategy", "PlacementStrategy"),
        (lambda: split_by_strategy([NONSENSE], 1), "capacity provider strategy item", "CapacityProviderStrategyItem"),
        (lambda: scaled(NONSENSE, None), "Auto Scaling group", "AutoScalingGroup"),
        (lambda: scaled({"MaxSize": 1, "DesiredCapacity": 0}, NONSENSE), "managed scaling", "ManagedScaling"),
    ],
)
def test_what_was_to_be_read_is_named(read: Callable[[], object], name: str, model: str) -> None:
    with pytest.raises(InputError) as refused:
        read()
    expected = f"{name}: Input should be a valid dictionary or instance of {model}."
    assert str(refused.value) == f"This is not the {name} that the ECS API describes: {expected}"


def test_every_member_that_cannot_be_read_is_named_with_its_path() -> None:
    with pytest.raises(InputError) as refused:
        task_requirements(task(container("few"), cpu="1 GHz"))  # type: ignore[arg-type]
    assert str(refused.value) == (
        "This is not the task definition that the ECS API describes: "
        "cpu: '1 GHz' is no size; expected CPU units such as 256, or vCPUs such as '1 vCPU'; "
        "containerDefinitions.0.cpu: Input should be a valid integer, unable to parse string as an integer."
    )
