"""Container instances as they would join."""

from __future__ import annotations

import pytest

from ecs_preflight.checks.fresh_instances import emptied, fresh, fresh_of_type, tasks_on
from ecs_preflight.ecs.instance import TRUNK_ATTRIBUTE
from tests.checks.cluster_facts import an_instance

FULL = an_instance(1, cpu=0, memory=0, status="DRAINING", agentConnected=False, runningTasksCount=7)


def test_a_fresh_one_has_all_that_it_registered_and_runs_nothing() -> None:
    new = fresh(FULL)
    assert new.remaining_resources == FULL.registered_resources
    assert (new.status, new.agent_connected, tasks_on(new)) == ("ACTIVE", True, 0)
    assert fresh(FULL, capacity_provider_name="asg").capacity_provider_name == "asg"


def test_one_of_each_type_the_commonest_first() -> None:
    other = an_instance(2, attributes=[{"name": "ecs.instance-type", "value": "c5.large"}])
    assert [one.instance_type for one in emptied([other, FULL, FULL])] == ["m5.large", "c5.large"]
    assert emptied([]) == []


def test_one_of_a_type_that_is_there_is_like_it_and_of_the_provider() -> None:
    new = fresh_of_type("m5.large", [FULL], "asg")
    assert new is not None
    assert (new.remaining_resources.memory, new.capacity_provider_name) == (7985, "asg")


@pytest.mark.parametrize(
    ("instance_type", "cpu", "memory", "gpus", "architecture"),
    [
        ("c5.xlarge", 4096, 7577, 0, "x86_64"),
        ("m6g.large", 2048, 7577, 0, "arm64"),
        ("g4dn.12xlarge", 49152, 181862, 4, "x86_64"),
    ],
)
def test_one_of_another_type_is_as_documented(instance_type: str, cpu: int, memory: int, gpus: int, architecture: str) -> None:
    trunked = an_instance(1, attributes=[{"name": TRUNK_ATTRIBUTE, "value": "trunk"}, {"name": "own", "value": "x"}])
    new = fresh_of_type(instance_type, [trunked])
    assert new is not None
    free = new.remaining_resources
    assert (free.cpu, free.memory, len(free.gpus)) == (cpu, memory, gpus)
    assert 22 in free.ports
    assert new.attributes == {"own": "x", "ecs.instance-type": instance_type, "ecs.cpu-architecture": architecture}


def test_in_an_empty_cluster_it_has_the_agent_of_linux() -> None:
    new = fresh_of_type("m5.large", [])
    assert new is not None
    assert "ecs.capability.task-eni" in new.attributes
    external = an_instance(1, ec2InstanceId="mi-0123")
    assert fresh_of_type("m5.large", [external]) == new


def test_nothing_is_made_up_of_a_type_that_nobody_knows() -> None:
    assert fresh_of_type("x99.huge", [FULL]) is None
