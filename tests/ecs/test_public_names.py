"""The names that other packages and tools rely on."""

from __future__ import annotations

from ecs_preflight import ecs

PROMISED = {
    "ContainerInstance",
    "QueryError",
    "TaskDefinition",
    "Workload",
    "compile_query",
    "daemon_demand",
    "fargate_room",
    "is_fargate_size",
    "place",
    "place_all",
    "scale_out",
    "split_by_strategy",
    "task_requirements",
}


def test_every_promised_name_is_there_and_the_list_is_sorted() -> None:
    assert set(ecs.__all__) >= PROMISED
    assert sorted(ecs.__all__) == ecs.__all__
    assert all(hasattr(ecs, name) for name in ecs.__all__)


def test_the_codes_are_those_of_the_design() -> None:
    assert " ".join(ecs.CODES) == (
        "STATUS AGENT CAPACITY_PROVIDER LAUNCH_TYPE LOCATION ATTRIBUTE CONSTRAINT DISTINCT "
        "CPU MEMORY PORTS PORTS_UDP PORT_LIMIT GPU ENI SUBNET_IP"
    )
