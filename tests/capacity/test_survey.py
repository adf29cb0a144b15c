"""How many more copies fit, what stops the next one, and whether all that are wanted do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ecs_preflight.capacity.inquiry import Inquiry
from ecs_preflight.capacity.model import Answer, Limit
from ecs_preflight.capacity.survey import survey
from ecs_preflight.capacity.wish import Wish, wished_size
from ecs_preflight.checks.refusals import Refusal
from ecs_preflight.errors import UsageError
from ecs_preflight.facts import Absent, Snapshot, Unknown
from ecs_preflight.questions import cluster, container_instances, running_tasks
from ecs_preflight.targets import Target
from tests.capacity.rooms import THERE, cluster_room, group_room, surveyed, workload_room
from tests.checks.cluster_facts import (
    ACCOUNT,
    DENIED,
    GAP,
    NAME,
    REGION,
    Facts,
    a_cluster,
    a_config,
    a_group,
    a_group_config,
    a_provider,
    a_snapshot,
    a_task,
    a_workload,
    an_instance,
    by_providers,
    cluster_fact,
    clusters_fact,
    fargate_tasks_fact,
    groups_fact,
    instances_fact,
    providers_fact,
    quota_fact,
    tasks_fact,
)

TASKS_NOT_READ: Facts = {running_tasks(ACCOUNT, REGION, NAME): Unknown("ecs:ListTasks", "AccessDeniedException")}


def test_a_workload_that_fits_says_how_many_more_and_what_stops_the_next() -> None:
    # An m5.large holds 8 copies of 256 CPU units; 7985 MiB would hold 15 of 512.
    room = workload_room(a_workload(), instances_fact(an_instance(1), an_instance(2, cpu=300)))
    assert (room.answer, room.wanted, room.at_least, room.at_most) == (Answer.FITS, 4, 9, 9)
    assert room.limits == (Limit("CPU", without=30),)
    assert [(refusal.codes, len(refusal.instances)) for refusal in room.refusals] == [(("CPU",), 2)]
    assert room.refusals[0].reasons_of_ecs == ("RESOURCE:CPU",)
    assert room.fix == "For more, add container instances: an empty m5.large holds 8."
    assert room.missing == 0


def test_a_workload_that_does_not_fit_says_what_to_add() -> None:
    room = workload_room(a_workload(desired_count=12), instances_fact(an_instance(1), an_instance(2, status="DRAINING")))
    assert (room.answer, room.at_most, room.missing) == (Answer.DOES_NOT_FIT, 8, 4)
    assert room.fix.startswith("Add 1 container instance of type m5.large (an empty one holds 8), or ask for 8.")
    assert {refusal.codes for refusal in room.refusals} == {("CPU",), ("STATUS",)}
    assert Refusal(("STATUS",), ()).reasons_of_ecs == ()


def test_an_agent_that_comes_back_may_be_all_that_it_takes() -> None:
    room = workload_room(a_workload(desired_count=9), instances_fact(an_instance(1), an_instance(2, agentConnected=False)))
    assert room.fix.startswith(
        "Bring back the ECS agent of i-00000000000000002 (there: sudo systemctl restart ecs): 16 fit then. Or:\n"
        "Add 1 container instance"
    )
    assert room.cautions == (
        "i-00000000000000002 has an agent that is not connected; if that lasts longer than a minute, it is down.",
    )


def test_each_instance_has_a_row() -> None:
    room = workload_room(a_workload(), instances_fact(an_instance(1, cpu=512), an_instance(2, agentConnected=False)))
    rows = [(row.name[-1], row.status, row.free_cpu, row.copies, row.refusal and row.refusal.codes) for row in room.instances]
    assert rows == [("1", "ACTIVE", 512, 2, ("CPU",)), ("2", "ACTIVE, agent gone", 2048, 0, ("AGENT",))]


def test_part_of_a_list_proves_what_fits_and_not_what_does_not() -> None:
    facts = instances_fact(an_instance(), gaps=(GAP,))
    assert workload_room(a_workload(desired_count=8), facts).answer is Answer.FITS
    room = workload_room(a_workload(desired_count=9), facts)
    assert (room.answer, room.at_least, room.at_most) == (Answer.UNDETERMINED, 8, None)
    assert room.doubts[0].startswith("DescribeContainerInstances after 100 items")


def test_without_workloads_more_of_the_largest_task_is_asked_for() -> None:
    instance = an_instance(1, runningTasksCount=2)
    tasks = tasks_fact(a_task(instance, cpu="1024", memory="2048"), a_task(instance, cpu="256", memory="512"))
    (room,) = cluster_room(instances_fact(instance), tasks).workloads
    assert (room.name, room.size, room.wanted, room.at_most) == ("the largest running task", "1024 CPU units, 2048 MiB", 3, 2)
    assert room.answer is Answer.DOES_NOT_FIT


def test_without_tasks_either_a_small_one_is() -> None:
    (room,) = cluster_room(instances_fact(an_instance()), tasks_fact()).workloads
    assert (room.name, room.answer) == ("a task of 256 CPU units, 512 MiB", Answer.FITS)


def test_which_is_the_largest_is_not_guessed() -> None:
    (room,) = cluster_room(instances_fact(an_instance()), TASKS_NOT_READ).workloads
    assert (room.answer, room.unseen) == (Answer.UNDETERMINED, "which tasks run was not read")


def test_tasks_that_were_not_read_make_bounds() -> None:
    found = cluster_room(
        instances_fact(an_instance(1, runningTasksCount=1)), TASKS_NOT_READ, workloads=[a_workload(network_mode="awsvpc")]
    )
    (room,) = found.workloads
    assert (room.answer, room.at_least, room.at_most) == (Answer.DOES_NOT_FIT, 1, 2)
    assert found.notes == ("Which tasks run was not read: ecs:ListTasks: AccessDeniedException",)


@pytest.mark.parametrize(
    ("facts", "unseen"),
    [
        (cluster_fact(DENIED), "ecs:DescribeClusters: AccessDeniedException: not authorized"),
        (cluster_fact(Absent("there is no such cluster")), "there is no such cluster"),
        (cluster_fact(a_cluster(status="INACTIVE")), "the ECS cluster is INACTIVE: it was deleted"),
        (
            {**THERE, container_instances(ACCOUNT, REGION, NAME): Unknown("ecs:ListContainerInstances", "denied")},
            "ecs:ListContainerInstances: denied",
        ),
    ],
)
def test_a_cluster_that_was_not_seen_is_undetermined(facts: Facts, unseen: str) -> None:
    report = surveyed(a_config(workloads=[a_workload()]), facts)
    assert [found.unseen for found in report.clusters] == [unseen]
    assert report.exit_code == 3


def test_every_cluster_of_a_region_where_none_is_named() -> None:
    facts = (clusters_fact("a", "b"), cluster_fact(a_cluster("a"), "a"), instances_fact(an_instance(), name="a"))
    report = surveyed(a_config(named=()), *facts, tasks_fact(name="a"), cluster_fact(DENIED, "b"))
    assert [(found.target.cluster, bool(found.unseen)) for found in report.clusters] == [("a", False), ("b", True)]
    assert surveyed(a_config(named=()), clusters_fact()).clusters[0].unseen == "there is no ECS cluster"
    assert surveyed(a_config(named=()), clusters_fact(gaps=(GAP,))).exit_code == 3


def test_without_a_role_nobody_is_asked() -> None:
    report = surveyed(a_config(workloads=[a_workload()], assume_role=None, named_in=REGION))
    assert report.exit_code == 3
    assert report.clusters[0].unseen


def test_a_cluster_of_fargate_alone_has_no_instances_to_count() -> None:
    facts = cluster_fact(a_cluster(registeredContainerInstancesCount=0, capacityProviders=["FARGATE"]))
    (found,) = surveyed(a_config(), facts).clusters
    assert found.workloads == ()
    assert Inquiry(a_config()).questions(a_snapshot(facts)) == ()


def test_what_only_a_run_of_the_pipeline_tells_leaves_the_room_known() -> None:
    room = group_room(a_group_config(capacity={"desired": "${count}"}), THERE, instances_fact(an_instance()))
    assert (room.answer, room.wanted, room.at_most) == (Answer.UNDETERMINED, None, 8)
    assert room.doubts == ("how many are wanted is not known: ${count}",)
    room = group_room(a_group_config(reservedMemory="${memory}"), THERE, instances_fact(an_instance()))
    assert (room.answer, room.unseen) == (Answer.UNDETERMINED, "the memory of 'web' is not known: ${memory}")


def test_what_ecs_would_refuse_does_not_fit() -> None:
    room = workload_room(
        a_workload(placement_constraints=[{"type": "memberOf", "expression": "?"}]), instances_fact(an_instance())
    )
    assert room.answer is Answer.DOES_NOT_FIT
    assert room.unseen.startswith("ECS would refuse it:")


@pytest.mark.parametrize(("instances", "answer", "most"), [(1, Answer.DOES_NOT_FIT, 8), (2, Answer.FITS, 10)])
def test_several_workloads_are_judged_together_too(instances: int, answer: Answer, most: int) -> None:
    workloads = [a_workload(desired_count=5), a_workload(name="api", desired_count=5)]
    facts = instances_fact(*(an_instance(number) for number in range(instances)))
    found = cluster_room(facts, tasks_fact(), workloads=workloads)
    assert [room.answer for room in found.workloads] == [Answer.FITS, Answer.FITS]
    (joint,) = found.together
    assert (joint.names, joint.wanted, joint.most, joint.answer) == (("web", "api"), 10, most, answer)
    assert answer in found.answers


def test_what_does_not_compete_is_not_judged_together() -> None:
    workloads = [a_workload(), a_workload(name="x", launch_type="EXTERNAL"), a_workload(name="none", desired_count=0)]
    assert cluster_room(instances_fact(an_instance()), tasks_fact(), workloads=workloads).together == ()


FAR = a_workload(launch_type="FARGATE", network_mode="awsvpc", cpu=512, memory=1024)


@pytest.mark.parametrize(("quota", "answer", "fit"), [(6, Answer.FITS, 10), (2, Answer.DOES_NOT_FIT, 2)])
def test_fargate_has_room_under_its_quota(quota: float, answer: Answer, fit: int) -> None:
    running = a_task(None, cpu="1024", memory="2048")
    room = workload_room(FAR, quota_fact(quota), fargate_tasks_fact(running))
    assert (room.answer, room.at_most, room.runs_on) == (answer, fit, "FARGATE")
    assert room.limits[0].code == "VCPU_QUOTA"
    assert f"is {quota:g} vCPU, and 1 are in use" in room.limits[0].told
    assert f"--desired-value {7 if fit == 10 else 3} --region us-east-1" in room.fix


def test_fargate_without_such_a_size_and_without_a_quota_read() -> None:
    facts = (quota_fact(6), fargate_tasks_fact())
    assert workload_room({**FAR, "memory": 999}, *facts).unseen == "Fargate has no such task: INVALID_SIZE"
    assert workload_room(FAR, quota_fact(6)).answer is Answer.UNDETERMINED


def a_scaled_room(count: int, *, most: int = 4, scaling: str = "ENABLED", **group: Any) -> Any:
    config = by_providers("asg", capacity={"desired": count})
    there = cluster_fact(a_cluster(capacityProviders=["asg"]))
    instances = instances_fact(an_instance(1, capacityProviderName="asg"))
    behind = a_group(**{"max_size": most, "desired_capacity": 1, "instance_types": ("m5.large",), **group})
    return group_room(config, there, instances, providers_fact(a_provider(scaling=scaling)), groups_fact(behind))


@pytest.mark.parametrize(
    ("count", "answer", "later"),
    [
        (8, Answer.FITS, None),
        (9, Answer.FITS_AFTER_SCALE_OUT, 9),
        (32, Answer.FITS_AFTER_SCALE_OUT, 32),
        (33, Answer.DOES_NOT_FIT, 32),
    ],
)
def test_capacity_providers_bring_instances_up_to_the_groups_maximum(count: int, answer: Answer, later: int | None) -> None:
    room = a_scaled_room(count)
    assert (room.answer, room.scale_out and room.scale_out.at_least) == (answer, later)


def test_a_provider_that_cannot_scale_says_why() -> None:
    room = a_scaled_room(9, scaling="DISABLED")
    assert (room.answer, room.scale_out.instances) == (Answer.DOES_NOT_FIT, 0)
    assert room.scale_out.notes == ("capacity provider 'asg' adds no instance: managed scaling is off",)


def test_types_of_unknown_size_leave_it_undetermined() -> None:
    room = a_scaled_room(9, instance_types=("x99.huge",))
    assert (room.answer, room.scale_out.at_least, room.scale_out.at_most) == (Answer.UNDETERMINED, 8, 9)


def test_providers_that_were_not_read_leave_it_undetermined() -> None:
    there = cluster_fact(a_cluster(capacityProviders=["asg"]))
    instances = instances_fact(an_instance(1, capacityProviderName="asg"))
    room = group_room(by_providers("asg", capacity={"desired": 9}), there, instances)
    assert room.answer is Answer.UNDETERMINED
    assert room.doubts[-1].startswith("what its capacity providers may add: ")
    assert group_room(by_providers("asg", capacity={"desired": 8}), there, instances).answer is Answer.FITS


def test_a_wish_takes_the_place_of_the_workloads() -> None:
    wish = Wish(size=wished_size(cpu=1024, memory=1024, desired_count=3))
    (room,) = cluster_room(instances_fact(an_instance()), workloads=[a_workload()], wish=wish).workloads
    assert (room.name, room.wanted, room.at_most) == ("a task of 1024 CPU units, 1024 MiB", 3, 2)


def test_clusters_that_are_named_are_the_only_ones() -> None:
    config = a_config(named=("production", "staging"))
    wish = Wish(clusters=(Target(ACCOUNT, REGION, "staging"),))
    assert [target.cluster for target in Inquiry(config, wish).targets] == ["staging"]
    with pytest.raises(UsageError, match="no ECS cluster to look at"):
        _ = Inquiry(config, Wish(clusters=(Target("other", REGION, "x"),))).targets


def test_hiding_an_answer_never_makes_a_promise() -> None:
    config = a_config(workloads=[a_workload(network_mode="awsvpc", desired_count=2), {**FAR, "name": "far"}])
    facts = (THERE, instances_fact(an_instance(1, runningTasksCount=1)), tasks_fact(), quota_fact(6), fargate_tasks_fact())
    assert surveyed(config, *facts).exit_code == 0
    snapshot: Snapshot = a_snapshot(*facts)
    for question in Inquiry(config).asked(snapshot):
        for hidden in (Absent("it is gone"), Unknown("any:Action", "AccessDenied")):
            report = surveyed(config, snapshot.with_fact(question, hidden).facts)
            assert report.exit_code == 3, question


def test_the_worst_answer_decides() -> None:
    two = [a_workload(), a_workload(name="far", launch_type="FARGATE", network_mode="awsvpc")]
    report = surveyed(a_config(workloads=two), THERE, instances_fact(an_instance(cpu=0)))
    assert [room.answer for room in report.clusters[0].workloads] == [Answer.DOES_NOT_FIT, Answer.UNDETERMINED]
    assert (report.answer, report.exit_code) == (Answer.DOES_NOT_FIT, 1)


def test_it_is_said_where_only_the_reader_could_look() -> None:
    question = cluster(ACCOUNT, REGION, NAME)
    facts = a_snapshot(THERE, instances_fact(an_instance()))
    snapshot = replace(facts, stand_ins={question: "ecs:DescribeClusters: denied"})
    (found,) = survey(Inquiry(a_config(workloads=[a_workload()])), snapshot).clusters
    assert found.notes == ("The managed role cannot see this, and the reader did: ecs:DescribeClusters: denied",)
