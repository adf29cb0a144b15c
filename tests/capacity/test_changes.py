"""Instances that drain, and fresh ones that join."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.capacity.model import Answer
from ecs_preflight.capacity.wish import Added, Wish
from ecs_preflight.errors import UsageError
from ecs_preflight.facts import Unknown
from ecs_preflight.questions import running_tasks
from tests.capacity.rooms import cluster_room, surveyed
from tests.checks.cluster_facts import (
    ACCOUNT,
    NAME,
    REGION,
    a_cluster,
    a_config,
    a_workload,
    an_instance,
    by_providers,
    cluster_fact,
    instances_fact,
    tasks_fact,
)

ONE, TWO = an_instance(1, runningTasksCount=3), an_instance(2)
FACTS = (instances_fact(ONE, TWO), tasks_fact())


def room(count: int, **wish: Any) -> Any:
    return cluster_room(*FACTS, workloads=[a_workload(desired_count=count)], wish=Wish(**wish))


@pytest.mark.parametrize(
    "name", ["i-00000000000000001", ONE.container_instance_arn, ONE.container_instance_arn.rpartition("/")[2]]
)
def test_a_drained_instance_takes_nothing_and_its_tasks_are_said(name: str) -> None:
    found = room(9, drained=(name,))
    assert (found.workloads[0].answer, found.workloads[0].at_most, found.taking) == (Answer.DOES_NOT_FIT, 8, 1)
    assert found.notes == (
        "what if i-00000000000000001 drains. 3 tasks stop; those of services start elsewhere: counted where it says Together, "
        "but for their ports and constraints.",
    )


def test_tasks_that_were_not_read_are_not_counted_and_that_is_said() -> None:
    unread = {running_tasks(ACCOUNT, REGION, NAME): Unknown("ecs:ListTasks", "AccessDeniedException")}
    wish = Wish(drained=("i-00000000000000001",))
    found = cluster_room(FACTS[0], unread, workloads=[a_workload(desired_count=1)], wish=wish)
    assert found.notes[-1].endswith("3 tasks stop, and which start elsewhere is not known: which tasks run was not read.")
    one = instances_fact(an_instance(1, runningTasksCount=1), TWO)
    found = cluster_room(one, unread, workloads=[a_workload(desired_count=1)], wish=wish)
    assert "1 task stops, and which" in found.notes[-1]


def test_one_that_runs_nothing_leaves_nothing_to_go() -> None:
    assert room(9, drained=("i-00000000000000002",)).notes == ("what if i-00000000000000002 drains.",)


def test_one_that_is_not_there_is_named_with_a_near_miss() -> None:
    with pytest.raises(UsageError, match="--drain i-00000000000000009: there is no such container instance") as error:
        room(9, drained=("i-00000000000000009",))
    assert error.value.hint == "Did you mean i-00000000000000002?"
    with pytest.raises(UsageError) as error:
        room(9, drained=("???",))
    assert error.value.hint == "--per-instance lists those that there are."


def test_instances_of_a_type_that_is_there_are_like_those() -> None:
    found = room(24, added=(Added(1, "m5.large"),))
    assert (found.workloads[0].answer, found.workloads[0].at_most, found.registered) == (Answer.FITS, 24, 3)
    assert found.workloads[0].instances[-1].name == "added-m5.large-1"
    assert found.notes == ("what if 1 x m5.large join, in no capacity provider, like those that are there.",)


def test_they_join_a_capacity_provider_where_that_is_said() -> None:
    config = by_providers("asg", capacity={"desired": 8})
    facts = (cluster_fact(a_cluster(capacityProviders=["asg", "spot"])), instances_fact(TWO), tasks_fact())

    def of(provider: str | None) -> Any:
        (found,) = surveyed(config, *facts, wish=Wish(added=(Added(1, "m5.large", provider),))).clusters
        return found

    assert [of(provider).workloads[0].at_most for provider in (None, "asg", "spot")] == [0, 8, 0]
    assert of("asg").notes == (
        "what if 1 x m5.large join, in capacity provider asg (whatever its group's maximum), like those that are there.",
    )
    with pytest.raises(UsageError, match=r"--add m5\.large@spto: the ECS cluster has no such capacity provider") as error:
        of("spto")
    assert error.value.hint == "Did you mean spot?"
    with pytest.raises(UsageError) as error:
        of("zzzzzz")
    assert error.value.hint == "It has asg, spot."


def test_more_of_one_type_may_join_in_several_ways() -> None:
    added = (Added(1, "m5.large"), Added(2, "m5.large"))
    found = room(9, added=added)
    names = [row.name for row in found.workloads[0].instances[-3:]]
    assert names == ["added-m5.large-1", "added-m5.large-2", "added-m5.large-3"]


def test_those_of_another_are_as_documented() -> None:
    # c5.xlarge: 4 vCPU hold 16 copies of 256 CPU units, and 8192 MiB less 7.5 % hold 14 of 512.
    found = room(30, added=(Added(1, "c5.xlarge"),))
    assert found.workloads[0].at_most == 30
    assert found.workloads[0].instances[-1].free_memory == 7577
    assert found.notes[0].endswith("as AWS documents the type, less an estimate of what the host keeps.")


def test_an_empty_cluster_takes_them_too() -> None:
    facts = (cluster_fact(a_cluster(registeredContainerInstancesCount=0)), instances_fact())
    report = surveyed(a_config(workloads=[a_workload()]), *facts, wish=Wish(added=(Added(1, "m5.large"),)))
    assert report.clusters[0].workloads[0].at_most == 8


@pytest.mark.parametrize(
    ("instance_type", "hint"),
    [("m5.lareg", "Known are m5.12xlarge"), ("m55.large", "Known are m5"), ("zzzzzz.????", "Such as m5.large")],
)
def test_a_type_that_nobody_knows(instance_type: str, hint: str) -> None:
    with pytest.raises(UsageError, match="nobody knows how large") as error:
        room(9, added=(Added(1, instance_type),))
    assert (error.value.hint or "").startswith(hint)


def test_it_is_one_cluster_that_they_join() -> None:
    config = a_config(named=("production", "staging"))
    facts = (cluster_fact(a_cluster()), cluster_fact(a_cluster("staging"), "staging"))
    with pytest.raises(UsageError, match="there are 2 ECS clusters to add to"):
        surveyed(config, *facts, wish=Wish(added=(Added(1, "m5.large"),)))
