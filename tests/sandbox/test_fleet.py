"""Laws of what instances have left, and of lists in pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.requirements import TaskRequirements
from ecs_preflight.sandbox.calls import Call, Caller
from ecs_preflight.sandbox.fleet import Instance, Task, read_registered
from ecs_preflight.sandbox.pages import page

TOTAL = [
    {"name": "CPU", "type": "INTEGER", "integerValue": 2048},
    {"name": "MEMORY", "type": "INTEGER", "integerValue": 4096},
    {"name": "GPU", "type": "STRINGSET", "stringSetValue": ["a", "b"]},
]
DEMANDS = st.builds(
    TaskRequirements,
    cpu=st.integers(0, 1024),
    memory=st.integers(4, 2048),
    ports=st.frozensets(st.sampled_from([22, 80, 443]), max_size=1),
    ports_udp=st.frozensets(st.sampled_from([53, 80]), max_size=1),
    gpus=st.integers(0, 2),
)


def _instance() -> Instance:
    return Instance("arn:aws:ecs:us-east-1:100000000002:container-instance/c/i", "i-1", read_registered(TOTAL), {})


def _task(demand: TaskRequirements) -> Task:
    return Task("arn/t", "arn/c", "arn/i", "arn/d", "f", "family:f", demand, datetime.now(timezone.utc))


@given(st.lists(DEMANDS, max_size=12))
def test_what_starts_only_where_it_fits_never_takes_too_much(demands: list[TaskRequirements]) -> None:
    instance = _instance()
    for demand in demands:
        before = instance.remaining()
        if instance.shortfall(demand) is None:
            instance.tasks.append(_task(demand))
            assert instance.remaining()["CPU"] == before["CPU"] - demand.cpu
            assert len(instance.remaining()["GPU"]) == len(before["GPU"]) - demand.gpus
    left = instance.remaining()
    assert left["CPU"] >= 0
    assert left["MEMORY"] >= 0
    assert len(set(left["PORTS"])) == len(left["PORTS"])


@given(st.lists(DEMANDS, max_size=5))
def test_it_reads_as_a_container_instance_of_ecs(demands: list[TaskRequirements]) -> None:
    instance = replace(_instance(), tasks=[_task(demand) for demand in demands])
    read = ContainerInstance.model_validate(instance.described(health=True))
    assert read.remaining_resources.cpu == 2048 - sum(demand.cpu for demand in demands)
    assert read.running_tasks_count == len(demands)


@given(st.integers(0, 350), st.integers(1, 100))
def test_the_pages_together_are_the_list(count: int, size: int) -> None:
    items, token, seen = list(range(count)), None, []
    while True:
        call = Call("ecs", "ListClusters", "us-east-1", "aws", Caller("a", "a"), {"maxResults": size, "nextToken": token})
        answer = page(call, "items", items)
        assert len(answer["items"]) <= size
        seen += answer["items"]
        token = answer.get("nextToken")
        if token is None:
            break
    assert seen == items


@pytest.mark.parametrize(("agent", "expected"), [(True, None), (False, "AGENT")])
def test_without_an_agent_nothing_starts(agent: bool, expected: str | None) -> None:
    assert replace(_instance(), agent_connected=agent).shortfall(TaskRequirements(cpu=0, memory=4)) == expected
