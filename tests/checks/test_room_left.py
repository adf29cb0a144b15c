"""CAPACITY010: where no workload is given, some more copies of the largest running task fit."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Unknown
from ecs_preflight.findings import CheckResult, Outcome, Severity
from ecs_preflight.plan import make_plan
from ecs_preflight.questions import running_tasks
from tests.checks.cluster_facts import (
    ACCOUNT,
    GAP,
    NAME,
    REGION,
    Facts,
    a_cluster,
    a_config,
    a_group,
    a_provider,
    a_task,
    a_workload,
    an_instance,
    asked,
    cluster_fact,
    clusters_fact,
    groups_fact,
    instances_fact,
    judged,
    providers_fact,
    tasks_fact,
)

HERE = an_instance(1)
AWSVPC = [{"type": "ElasticNetworkInterface", "status": "ATTACHED"}]


def left(instances: Any, *tasks: Any, copies: int = 3) -> CheckResult:
    return judged(
        "CAPACITY010", a_config(copies=copies), cluster_fact(a_cluster()), instances_fact(*instances), tasks_fact(*tasks)
    )


@pytest.mark.parametrize(
    ("cpu", "copies", "outcome", "severity"),
    [
        # None runs, so copies of 256 CPU units.
        (768, 3, Outcome.PASSED, Severity.ERROR),
        (767, 3, Outcome.FAILED, Severity.WARNING),
        (256, 3, Outcome.FAILED, Severity.WARNING),
        (255, 3, Outcome.FAILED, Severity.ERROR),
        (256, 1, Outcome.PASSED, Severity.ERROR),
        (1024, 5, Outcome.FAILED, Severity.WARNING),
    ],
)
def test_none_is_an_error_and_few_are_a_warning(cpu: int, copies: int, outcome: Outcome, severity: Severity) -> None:
    result = left([an_instance(cpu=cpu)], copies=copies)
    assert (result.outcome, result.severity) == (outcome, severity)


@pytest.mark.parametrize(
    ("tasks", "size"),
    [
        ([], "256 CPU units, 512 MiB"),
        ([a_task(HERE, cpu="512", memory="1024"), a_task(HERE, cpu="256", memory="9999")], "256 CPU units, 9999 MiB"),
        ([a_task(HERE, containers=[{"cpu": "9000", "memory": "300"}])], "9000 CPU units, 300 MiB"),
        ([a_task(HERE, containers=[{"memory": "900", "memoryReservation": "8000"}])], "0 CPU units, 8000 MiB"),
        # Not on a container instance of EC2, on its way out, or of no size that is told.
        ([a_task(None, cpu="4096", memory="30720")], "256 CPU units, 512 MiB"),
        ([a_task(HERE, cpu="4096", memory="30720", desiredStatus="STOPPED")], "256 CPU units, 512 MiB"),
        ([a_task(an_instance(7), cpu="4096", memory="30720")], "256 CPU units, 512 MiB"),
        ([a_task(HERE)], "256 CPU units, 512 MiB"),
        ([a_task(HERE, cpu="4096", memory="8000", attachments=AWSVPC)], "4096 CPU units, 8000 MiB, a network interface"),
        ([a_task(HERE, cpu="4096", memory="8000", containers=[{"gpuIds": ["a", "b"]}])], "4096 CPU units, 8000 MiB, 2 GPUs"),
    ],
)
def test_the_next_task_is_taken_to_be_like_the_largest(tasks: list[Any], size: str) -> None:
    full = an_instance(1, cpu=0, memory=100)
    (problem,) = left([full], *tasks).problems
    assert f"one copy takes {size}; 0 more fit of 3" in problem.evidence


def test_network_interfaces_in_use_are_taken_from_the_room() -> None:
    # An m5.large has two interfaces for tasks, and one is in use: one more copy fits.
    result = left([an_instance(1, runningTasksCount=1)], a_task(HERE, cpu="64", memory="64", attachments=AWSVPC))
    assert (result.outcome, result.severity) == (Outcome.FAILED, Severity.WARNING)
    assert "what binds: ENI" in result.problems[0].evidence


@pytest.mark.parametrize(
    ("found", "scaling", "outcome", "asks"),
    [
        (a_cluster(capacityProviders=["FARGATE"], registeredContainerInstancesCount=0), "ENABLED", Outcome.NOT_APPLICABLE, set()),
        # Tasks run where no instance is: on Fargate, by its launch type.
        (a_cluster(registeredContainerInstancesCount=0, runningTasksCount=5), "ENABLED", Outcome.NOT_APPLICABLE, set()),
        # "ASG providers with managed scaling may legitimately be at 0": clouddriver.md section 7
        (
            a_cluster(capacityProviders=["FARGATE", "asg"], registeredContainerInstancesCount=0),
            "ENABLED",
            Outcome.NOT_APPLICABLE,
            {"capacity-providers", "auto-scaling-groups"},
        ),
        (
            a_cluster(capacityProviders=["FARGATE", "asg"], registeredContainerInstancesCount=0),
            "DISABLED",
            Outcome.FAILED,
            {"capacity-providers", "auto-scaling-groups"},
        ),
        (a_cluster(registeredContainerInstancesCount=0), "ENABLED", Outcome.FAILED, set()),
        (a_cluster(capacityProviders=["FARGATE"]), "ENABLED", Outcome.UNDETERMINED, {"container-instances", "running-tasks"}),
    ],
)
def test_only_what_brings_its_own_capacity_may_stand_empty(found: Any, scaling: str, outcome: Outcome, asks: set[str]) -> None:
    facts = (cluster_fact(found), instances_fact(), providers_fact(a_provider(scaling=scaling)), groups_fact(a_group()))
    result = judged("CAPACITY010", a_config(), *facts)
    assert result.outcome is outcome
    assert asked("CAPACITY010", a_config(), *facts) == {"cluster", *asks}


def test_one_fargate_cluster_among_others_does_not_set_the_others_aside() -> None:
    fargate = a_cluster("fargate", capacityProviders=["FARGATE"], registeredContainerInstancesCount=0)
    facts: list[Facts] = [clusters_fact("fargate", NAME), cluster_fact(fargate, "fargate"), cluster_fact(a_cluster())]
    well = judged("CAPACITY010", a_config(named=()), *facts, instances_fact(HERE), tasks_fact())
    ill = judged("CAPACITY010", a_config(named=()), *facts, instances_fact(an_instance(cpu=0)), tasks_fact())
    assert (well.outcome, ill.outcome) == (Outcome.PASSED, Outcome.FAILED)


@pytest.mark.parametrize(
    ("instances", "outcome"),
    [
        (instances_fact(HERE, gaps=(GAP,)), Outcome.PASSED),
        (instances_fact(an_instance(cpu=0), gaps=(GAP,)), Outcome.UNDETERMINED),
        (instances_fact(gaps=(GAP,)), Outcome.UNDETERMINED),
    ],
)
def test_part_of_the_instances_proves_room_and_not_the_lack_of_it(instances: Facts, outcome: Outcome) -> None:
    assert judged("CAPACITY010", a_config(), cluster_fact(a_cluster()), instances, tasks_fact()).outcome is outcome


@pytest.mark.parametrize(
    "tasks", [tasks_fact(gaps=(GAP,)), {running_tasks(ACCOUNT, REGION, NAME): Unknown("ecs:ListTasks", "no")}]
)
def test_the_largest_task_is_not_known_where_tasks_were_not_read(tasks: Facts) -> None:
    result = judged("CAPACITY010", a_config(), cluster_fact(a_cluster()), instances_fact(HERE), tasks)
    assert result.outcome is Outcome.UNDETERMINED


def test_doubt_whether_even_one_fits_is_said_beside_the_warning() -> None:
    strange = an_instance(
        attributes=[
            {"name": "ecs.instance-type", "value": "x99.huge"},
            {"name": "ecs.capability.task-eni"},
            *({"name": f"com.amazonaws.ecs.capability.docker-remote-api.1.{minor}"} for minor in (17, 18, 19, 21)),
        ]
    )
    result = left([strange], a_task(HERE, cpu="1024", memory="64", attachments=AWSVPC))
    assert result.outcome is Outcome.FAILED
    assert result.problems[0].severity is Severity.WARNING
    assert result.reason.startswith("whether even one more fits:")


def test_a_cluster_with_workloads_is_judged_by_those() -> None:
    config = a_config(workloads=[a_workload()], named=(NAME, "other"))
    targets = [item.target.cluster for item in make_plan(config, ["CAPACITY010"]).items]
    assert targets == ["other"]
