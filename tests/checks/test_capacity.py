"""CAPACITY001: the workload's copies fit on the container instances, beside what runs."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.errors import Location
from ecs_preflight.facts import Unknown
from ecs_preflight.findings import CheckResult, Outcome, Severity
from ecs_preflight.questions import running_tasks
from tests.checks.cluster_facts import (
    ACCOUNT,
    GAP,
    NAME,
    REGION,
    Facts,
    a_cluster,
    a_config,
    a_task,
    a_workload,
    a_written_config,
    an_instance,
    asked,
    cluster_fact,
    instances_fact,
    judged,
    judged_on,
    resources,
    tasks_fact,
)

THERE = cluster_fact(a_cluster())
AWSVPC = [{"type": "ElasticNetworkInterface", "status": "ATTACHED"}]
NOT_READ: Facts = {running_tasks(ACCOUNT, REGION, NAME): Unknown("ecs:ListTasks", "AccessDeniedException")}


def of_workload(workload: dict[str, Any], *facts: Facts) -> CheckResult:
    return judged("CAPACITY001", a_config(workloads=[workload]), THERE, *facts)


@pytest.mark.parametrize(
    ("count", "instances", "outcome"),
    [
        # An m5.large holds 8 copies of 256 CPU units and 512 MiB: 2048 // 256, and 7985 // 512 is more.
        (8, (an_instance(),), Outcome.PASSED),
        (9, (an_instance(),), Outcome.FAILED),
        (9, (an_instance(1), an_instance(2)), Outcome.PASSED),
        # failure-modes.md F79b: half a copy here and half a copy there are none.
        (1, (an_instance(1, cpu=128), an_instance(2, cpu=128)), Outcome.FAILED),
        # F66, F67: nothing is placed there.
        (1, (an_instance(agentConnected=False), an_instance(2, status="DRAINING")), Outcome.FAILED),
        (1, (), Outcome.FAILED),
        (0, (), Outcome.PASSED),
    ],
)
def test_copies_are_placed_whole_on_instances_that_take_them(count: int, instances: Any, outcome: Outcome) -> None:
    assert of_workload(a_workload(desired_count=count), instances_fact(*instances)).outcome is outcome


@pytest.mark.parametrize(("count", "outcome"), [(8, Outcome.PASSED), (9, Outcome.UNDETERMINED)])
def test_part_of_the_list_proves_a_pass_and_no_failure(count: int, outcome: Outcome) -> None:
    result = of_workload(a_workload(desired_count=count), instances_fact(an_instance(), gaps=(GAP,)))
    assert result.outcome is outcome
    assert outcome is Outcome.PASSED or "8 of 9 fit on what could be read" in result.reason


def test_a_failure_says_how_many_fit_what_binds_who_refuses_and_what_to_add() -> None:
    facts = instances_fact(
        an_instance(1, cpu=512),
        an_instance(2, cpu=0),
        an_instance(3, cpu=100),
        an_instance(4, agentConnected=False),
    )
    (problem,) = of_workload(a_workload(desired_count=12), facts).problems
    assert problem.summary == "only 2 of 12 copies of 'web' in ECS cluster 'production' fit"
    assert problem.evidence.splitlines() == [
        "one copy takes 256 CPU units, 512 MiB; 2 more fit of 12",
        "i-00000000000000001 holds 2",
        "what binds: CPU (45 would fit without that limit)",
        "3 of 4 container instances: has too little CPU left (i-00000000000000001, i-00000000000000002, i-00000000000000003)",
        "1 of 4 container instances: has no connected agent (i-00000000000000004)",
    ]
    # Ten are missing, and an empty m5.large takes eight.
    assert problem.remediation == (
        "Add 2 container instances of type m5.large (an empty one holds 8), or ask for 2. "
        "Room is missing for 10 copies of 256 CPU units, 512 MiB."
    )


def test_a_task_that_no_instance_type_holds_needs_another_type() -> None:
    # failure-modes.md F72: m4.large registers 7985 of its 8192 MiB.
    (problem,) = of_workload(a_workload(memory=8192, desired_count=1), instances_fact(an_instance())).problems
    assert "of another type: even when empty, m5.large has too little memory left" in problem.remediation
    assert "One copy takes 256 CPU units, 8192 MiB." in problem.remediation


def test_an_empty_cluster_needs_its_first_instance() -> None:
    (problem,) = of_workload(a_workload(), instances_fact()).problems
    assert "no container instance is registered" in problem.evidence
    assert problem.remediation == "Register container instances with room for 4 copies of 256 CPU units, 512 MiB each."


def test_static_ports_go_once_on_an_instance() -> None:
    taken = an_instance(2, remainingResources=resources(2048, 7985, ("22", "8080")))
    (problem,) = of_workload(a_workload(host_ports=[8080], desired_count=2), instances_fact(an_instance(1), taken)).problems
    assert "only 1 of 2" in problem.summary
    assert "what binds: PORTS" in problem.evidence
    assert "Add 1 container instance of type m5.large (an empty one holds 1)" in problem.remediation


def test_fargate_brings_its_own_capacity_and_asks_nothing() -> None:
    workload = a_workload(launch_type="FARGATE")
    assert of_workload(workload).outcome is Outcome.NOT_APPLICABLE
    assert asked("CAPACITY001", a_config(workloads=[workload])) == set()


@pytest.mark.parametrize(
    ("workload", "asks"),
    [
        (a_workload(desired_count=99), False),
        # An m5.large has three interfaces, two of them for tasks: six copies would need three such instances.
        (a_workload(network_mode="awsvpc", desired_count=2), True),
        (a_workload(network_mode="awsvpc", desired_count=9), False),
        (a_workload(desired_count=1, placement_constraints=[{"type": "distinctInstance"}]), True),
        (a_workload(desired_count=5, placement_constraints=[{"type": "distinctInstance"}]), False),
        (a_workload(gpus=1), True),
    ],
)
def test_tasks_are_listed_only_where_the_answer_hangs_on_them(workload: dict[str, Any], asks: bool) -> None:
    busy = an_instance(1, runningTasksCount=3)
    facts = (THERE, instances_fact(busy))
    assert ("running-tasks" in asked("CAPACITY001", a_config(workloads=[workload]), *facts)) == asks


@pytest.mark.parametrize(
    ("tasks", "outcome"),
    [
        (tasks_fact(), Outcome.PASSED),
        (tasks_fact(a_task(an_instance(1), attachments=AWSVPC)), Outcome.FAILED),
        (tasks_fact(a_task(an_instance(1))), Outcome.PASSED),
        (tasks_fact(gaps=(GAP,)), Outcome.UNDETERMINED),
        (NOT_READ, Outcome.UNDETERMINED),
    ],
)
def test_network_interfaces_are_counted_by_task(tasks: Facts, outcome: Outcome) -> None:
    workload = a_workload(network_mode="awsvpc", desired_count=2)
    result = of_workload(workload, instances_fact(an_instance(1, runningTasksCount=1)), tasks)
    assert result.outcome is outcome


def test_a_constraint_that_ecs_would_refuse_is_a_finding() -> None:
    workload = a_workload(placement_constraints=[{"type": "memberOf", "expression": "attribute:x =="}])
    result = of_workload(workload, instances_fact(an_instance()))
    assert (result.outcome, result.severity) == (Outcome.FAILED, Severity.ERROR)
    assert result.problems[0].summary == "ECS would refuse the placement of 'web'"
    assert "at character" in result.problems[0].evidence


def test_a_strategy_that_ecs_would_refuse_is_a_finding() -> None:
    workload = a_workload(placement_strategy=[{"type": "binpack", "field": "instanceId"}])
    assert of_workload(workload, instances_fact(an_instance())).outcome is Outcome.FAILED


@pytest.mark.parametrize("more", ["desired_count: 9", "placement_constraints: [{type: memberOf, expression: '?'}]"])
def test_the_line_of_the_workload_is_said(more: str) -> None:
    config = a_written_config(f"{NAME}:", "  workloads:", f"    - {{name: web, cpu: 256, memory: 512, {more}}}")
    (problem,) = judged("CAPACITY001", config, THERE, instances_fact(an_instance())).problems
    assert problem.location == Location("preflight.yml", 8, 17)


TWO = [a_workload(desired_count=5), a_workload(name="api", desired_count=5), a_workload(name="f", launch_type="FARGATE")]


@pytest.mark.parametrize(("instances", "remarks"), [((an_instance(),), True), ((an_instance(1), an_instance(2)), False)])
def test_workloads_that_fit_alone_and_may_not_together_say_so(instances: Any, remarks: bool) -> None:
    result = judged_on(
        f"{ACCOUNT}/{REGION}/{NAME}/web", "CAPACITY001", a_config(workloads=TWO), THERE, instances_fact(*instances)
    )
    assert result.outcome is Outcome.PASSED
    assert (result.reason == _TOGETHER) == remarks


_TOGETHER = "judged alone, it fits; with api (5) of the same cluster there may be too little room for all"


def test_a_rival_that_ecs_would_refuse_takes_no_room() -> None:
    refused = a_workload(name="api", desired_count=99, placement_constraints=[{"type": "memberOf", "expression": "?"}])
    config = a_config(workloads=[a_workload(desired_count=5), refused])
    result = judged_on(f"{ACCOUNT}/{REGION}/{NAME}/web", "CAPACITY001", config, THERE, instances_fact(an_instance()))
    assert (result.outcome, result.reason) == (Outcome.PASSED, "")


def test_room_that_is_in_doubt_is_undetermined() -> None:
    # Which attributes an unregistered definition requires is published nowhere: those of Docker's API are likely.
    bare = an_instance(attributes=[{"name": "ecs.instance-type", "value": "m5.large"}])
    result = of_workload(a_workload(desired_count=4), instances_fact(bare))
    assert result.outcome is Outcome.UNDETERMINED
    assert result.reason.startswith("between 0 and 8 of 4 fit: On ")


def test_a_failure_names_the_workloads_that_were_left_aside() -> None:
    facts = (THERE, instances_fact(an_instance(cpu=0)))
    result = judged_on(f"{ACCOUNT}/{REGION}/{NAME}/web", "CAPACITY001", a_config(workloads=TWO), *facts)
    assert "judged alone: api (5) of the same cluster would take room as well" in result.problems[0].evidence


def test_long_names_do_not_burst_the_summary() -> None:
    config = a_config(workloads=[a_workload(name="w" * 255, desired_count=10**6)], named=("c" * 255,))
    found = (cluster_fact(a_cluster("c" * 255), "c" * 255), instances_fact(name="c" * 255))
    assert len(judged("CAPACITY001", config, *found).problems[0].summary) < 100
