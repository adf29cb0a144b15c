"""Answers about ECS: pages, batches, failures[], gaps; and what one bad cluster may not do to the others."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.credentials import Credentials
from botocore.stub import Stubber
from moto import mock_aws

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.gateway import Gateway
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Absent, Fact, Gap, Known, Question, Unknown
from ecs_preflight.findings import Outcome
from ecs_preflight.gather import clusters as answers
from ecs_preflight.gather.desk import Desk
from ecs_preflight.gather.rounds import gather
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from ecs_preflight.questions import (
    account_settings,
    auto_scaling_groups,
    capacity_providers,
    cluster,
    clusters,
    container_instances,
    running_tasks,
)
from tests.aws.canned import CannedAccess, CannedAws, Refusal, Sent, session_of
from tests.checks.cluster_facts import ACCOUNT, ACCOUNT_ID, NAME, REGION, a_config

E_SESSION = Identity("E", f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/SpinnakerManaged/Spinnaker", Credentials("K", "S", "T"))
DENIED = Refusal("AccessDeniedException", "User is not authorized")
NO_CLUSTER = Refusal("ClusterNotFoundException", "Cluster not found.")


def desk(aws: CannedAws) -> Desk:
    access = CannedAccess(aws=aws)
    return Desk(a_config(), access, "salt", Gateway(access, sleep=lambda _: None))


def arn_of(name: str, kind: str = "cluster") -> str:
    return f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:{kind}/{name}"


def named(*names: str) -> list[Question[Any]]:
    return [cluster(ACCOUNT, REGION, name) for name in names]


def in_order(*given: Any) -> Callable[[Sent], Any]:
    """One answer after the other; the last stays."""
    rest: Iterator[Any] = itertools.chain(given, itertools.repeat(given[-1]))
    return lambda _: next(rest)


def describing(*, missing: tuple[str, ...] = (), refuse: dict[str, Refusal] | None = None) -> Callable[[Sent], Any]:
    """DescribeClusters as AWS answers it: HTTP 200 with failures[] for what is missing; refused as a whole for one denied."""

    def answer(sent: Sent) -> Any:
        asked = sent.parameters["clusters"]
        for name, refusal in (refuse or {}).items():
            if name in asked:
                return refusal
        return {
            "clusters": [
                {"clusterArn": arn_of(name.rpartition("/")[2]), "clusterName": name.rpartition("/")[2], "status": "ACTIVE"}
                for name in asked
                if name not in missing
            ],
            "failures": [{"arn": arn_of(name), "reason": "MISSING"} for name in asked if name in missing],
        }

    return answer


def described(aws: CannedAws, *names: str) -> dict[str, Fact[Any]]:
    found = answers.described_clusters(desk(aws), E_SESSION, named(*names))
    return {question.arguments[0]: fact for question, fact in found.items()}


def test_clusters_are_named_by_the_end_of_their_arn_on_every_page() -> None:
    pages = ({"clusterArns": [arn_of("a"), arn_of("b")], "nextToken": "more"}, {"clusterArns": [arn_of("c")]})
    aws = CannedAws({"ListClusters": in_order(*pages)})
    fact = answers.clusters(desk(aws), E_SESSION, clusters(ACCOUNT, REGION))
    assert fact.require().items == ("a", "b", "c")
    assert [sent.parameters.get("nextToken") for sent in aws.sent] == [None, "more"]


def test_a_second_page_that_fails_is_a_gap() -> None:
    aws = CannedAws({"ListClusters": in_order({"clusterArns": [arn_of("a")], "nextToken": "more"}, DENIED)})
    listing = answers.clusters(desk(aws), E_SESSION, clusters(ACCOUNT, REGION)).partial()
    assert listing.items == ("a",)
    assert listing.gaps == (Gap("ListClusters after 1 items", "AccessDeniedException: User is not authorized"),)


def test_a_first_page_that_fails_is_no_answer() -> None:
    with pytest.raises(AwsFailure) as raised:
        answers.clusters(desk(CannedAws({"ListClusters": DENIED})), E_SESSION, clusters(ACCOUNT, REGION))
    assert raised.value.kind is FailureKind.DENIED


def test_a_hundred_clusters_are_one_call_and_a_missing_one_is_absent() -> None:
    names = [f"c{number}" for number in range(150)]
    aws = CannedAws({"DescribeClusters": describing(missing=("c7",))})
    found = described(aws, *names)
    assert [len(sent.parameters["clusters"]) for sent in aws.sent] == [100, 50]
    assert aws.sent[0].parameters["include"] == ["ATTACHMENTS", "SETTINGS", "STATISTICS"]
    assert found["c7"] == Absent(f"there is no ECS cluster 'c7' in {ACCOUNT}/{REGION}")
    assert all(isinstance(fact, Known) for name, fact in found.items() if name != "c7")
    assert found["c149"].require().cluster_name == "c149"


@pytest.mark.parametrize(
    "refusal", [DENIED, Refusal("InvalidParameterException", "Identifier is for eu-west-1. Your region is us-east-1")]
)
def test_a_cluster_that_is_refused_hides_no_other(refusal: Refusal) -> None:
    names = [f"c{number}" for number in range(8)]
    aws = CannedAws({"DescribeClusters": describing(refuse={"c5": refusal})})
    found = described(aws, *names)
    assert found["c5"] == Unknown("ecs:DescribeClusters", f"{refusal.code}: {refusal.message}")
    assert all(isinstance(fact, Known) for name, fact in found.items() if name != "c5")
    assert len(aws.sent) == 7  # halved three times


def test_where_every_cluster_is_refused_the_next_asker_may_try() -> None:
    with pytest.raises(AwsFailure):
        described(CannedAws({"DescribeClusters": DENIED}), "a", "b", "c")


def test_a_batch_that_fails_costs_its_own_clusters_alone() -> None:
    unavailable = Refusal("ServerException", "try later", 500)
    aws = CannedAws({"DescribeClusters": lambda sent: describing()(sent) if "c0" in sent.parameters["clusters"] else unavailable})
    found = described(aws, *(f"c{number}" for number in range(101)))
    assert isinstance(found["c99"], Known)
    assert found["c100"] == Unknown("ecs:DescribeClusters", "ServerException: try later")


def test_a_cluster_named_by_name_and_by_arn_is_found_both_times() -> None:
    found = described(CannedAws({"DescribeClusters": describing()}), "a", arn_of("a"))
    assert all(isinstance(fact, Known) for fact in found.values())
    assert len(found) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"clusters": []}, "does not mention a"),
        ({"clusters": [], "failures": [{"arn": arn_of("a"), "reason": "OTHER", "detail": "odd"}]}, "OTHER: odd"),
        ({"clusters": [{"clusterArn": arn_of("a"), "clusterName": "a", "status": ["odd"]}]}, "describes at status"),
    ],
)
def test_what_is_said_of_no_cluster_is_unknown(answer: dict[str, Any], said: str) -> None:
    fact = described(CannedAws({"DescribeClusters": answer}), "a")["a"]
    assert isinstance(fact, Unknown)
    assert said in fact.error


INSTANCES = container_instances(ACCOUNT, REGION, NAME)
TASKS = running_tasks(ACCOUNT, REGION, NAME)


def instances_of(sent: Sent) -> dict[str, Any]:
    return {
        "containerInstances": [
            {"containerInstanceArn": arn, "status": "ACTIVE", "agentConnected": True}
            for arn in sent.parameters["containerInstances"]
        ]
    }


def listed(count: int) -> Callable[[Sent], Any]:
    """Pages of a hundred ARNs, as AWS gives them at the most."""
    arns = [arn_of(str(number), "container-instance") for number in range(count)]

    def answer(sent: Sent) -> Any:
        start = int(sent.parameters.get("nextToken", 0))
        more = {"nextToken": str(start + 100)} if start + 100 < count else {}
        return {"containerInstanceArns": arns[start : start + 100], **more}

    return answer


def test_instances_are_described_by_the_hundred_with_their_health() -> None:
    aws = CannedAws({"ListContainerInstances": listed(250), "DescribeContainerInstances": instances_of})
    listing = answers.container_instances(desk(aws), E_SESSION, INSTANCES).require()
    sizes = [len(sent.parameters["containerInstances"]) for sent in aws.of("DescribeContainerInstances")]
    assert (len(listing.items), sizes) == (250, [100, 100, 50])
    assert {tuple(sent.parameters["include"]) for sent in aws.of("DescribeContainerInstances")} == {
        ("CONTAINER_INSTANCE_HEALTH",)
    }


def test_no_instance_is_no_call_and_an_empty_list() -> None:
    aws = CannedAws({"ListContainerInstances": {"containerInstanceArns": []}})
    assert answers.container_instances(desk(aws), E_SESSION, INSTANCES).require().items == ()
    assert aws.operations() == ["ListContainerInstances"]


def test_a_second_batch_that_fails_is_a_gap() -> None:
    first = {"containerInstances": [{"containerInstanceArn": "a"}]}
    aws = CannedAws({"ListContainerInstances": listed(150), "DescribeContainerInstances": in_order(first, DENIED)})
    listing = answers.container_instances(desk(aws), E_SESSION, INSTANCES).partial()
    assert len(listing.items) == 1
    assert listing.gaps[0].what == "DescribeContainerInstances after 1 items"


def test_an_entry_of_failures_is_a_gap_unless_it_has_gone() -> None:
    failures = [
        {"arn": "gone", "reason": "MISSING"},
        {"arn": "gone too", "reason": "MISSING", "detail": "deregistered"},
        {"arn": "odd", "reason": "UNREADABLE", "detail": "who knows"},
    ]
    answer = {"containerInstances": [], "failures": failures}
    aws = CannedAws({"ListContainerInstances": listed(3), "DescribeContainerInstances": answer})
    assert answers.container_instances(desk(aws), E_SESSION, INSTANCES).partial().gaps == (Gap("odd", "UNREADABLE: who knows"),)


def test_a_listing_and_its_description_that_both_break_off_are_two_gaps() -> None:
    page = {"containerInstanceArns": ["a", "b"], "nextToken": "more"}
    described_in_part = {"containerInstances": [], "failures": [{"arn": "a", "reason": "X"}]}
    aws = CannedAws({"ListContainerInstances": in_order(page, DENIED), "DescribeContainerInstances": described_in_part})
    assert len(answers.container_instances(desk(aws), E_SESSION, INSTANCES).partial().gaps) == 2


@pytest.mark.parametrize(
    ("answerer", "question", "operation"),
    [
        (answers.container_instances, INSTANCES, "ListContainerInstances"),
        (answers.running_tasks, TASKS, "ListTasks"),
    ],
)
def test_a_cluster_that_is_gone_is_absent_and_one_that_is_denied_is_no_answer(
    answerer: Any, question: Any, operation: str
) -> None:
    fact = answerer(desk(CannedAws({operation: NO_CLUSTER})), E_SESSION, question)
    assert fact == Absent(f"there is no ECS cluster '{NAME}' in {ACCOUNT}/{REGION}")
    with pytest.raises(AwsFailure):
        answerer(desk(CannedAws({operation: DENIED})), E_SESSION, question)


def test_tasks_that_are_stopping_count_and_those_that_have_stopped_do_not() -> None:
    by_status = {"RUNNING": ["run", "both"], "STOPPED": ["both", "stopping", "stopped"]}
    last = {"run": "RUNNING", "both": "RUNNING", "stopping": "STOPPING", "stopped": "STOPPED"}
    aws = CannedAws(
        {
            "ListTasks": lambda sent: {"taskArns": by_status[sent.parameters["desiredStatus"]]},
            "DescribeTasks": lambda sent: {
                "tasks": [{"taskArn": arn, "lastStatus": last[arn]} for arn in sent.parameters["tasks"]]
            },
        }
    )
    listing = answers.running_tasks(desk(aws), E_SESSION, TASKS).require()
    assert [task.task_arn for task in listing.items] == ["run", "both", "stopping"]


def test_capacity_providers_are_asked_for_in_tens_and_a_missing_one_is_not_in_the_answer() -> None:
    names = tuple(f"p{number}" for number in range(12))

    def answer(sent: Sent) -> Any:
        wanted = sent.parameters["capacityProviders"]
        found = [{"name": name, "status": "ACTIVE"} for name in wanted if name != "p3"]
        failures = [{"arn": "p3", "reason": "MISSING", "detail": "The specified capacity provider does not exist"}]
        return {"capacityProviders": found, "failures": failures if "p3" in wanted else []}

    aws = CannedAws({"DescribeCapacityProviders": answer})
    listing = answers.capacity_providers(desk(aws), E_SESSION, capacity_providers(ACCOUNT, REGION, names)).require()
    assert [len(sent.parameters["capacityProviders"]) for sent in aws.sent] == [10, 2]
    assert [provider.name for provider in listing.items] == [name for name in names if name != "p3"]


GROUP = {
    "AutoScalingGroupName": "web-asg",
    "AutoScalingGroupARN": "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:u:autoScalingGroupName/web-asg",
    "MinSize": 0,
    "MaxSize": 4,
    "DesiredCapacity": 2,
    "Instances": [
        {"InstanceId": "i-1", "LifecycleState": "InService", "InstanceType": "m5.large"},
        {"InstanceId": "i-2", "LifecycleState": "Pending", "InstanceType": "m5.large"},
        {"InstanceId": "i-3", "LifecycleState": "Warmed:Stopped", "InstanceType": "m5.xlarge"},
    ],
    "SuspendedProcesses": [{"ProcessName": "Launch"}],
    "MixedInstancesPolicy": {"LaunchTemplate": {"Overrides": [{"InstanceType": "m6i.large"}, {"WeightedCapacity": "2"}]}},
}


def test_a_group_tells_its_sizes_types_instances_in_service_and_suspended_processes() -> None:
    aws = CannedAws({"DescribeAutoScalingGroups": {"AutoScalingGroups": [GROUP]}})
    question = auto_scaling_groups(ACCOUNT, REGION, ("web-asg", "gone"))
    (group,) = answers.auto_scaling_groups(desk(aws), E_SESSION, question).require().items
    assert (group.min_size, group.max_size, group.desired_capacity) == (0, 4, 2)
    assert group.instance_ids == ("i-1",)
    assert group.instance_types == ("m6i.large", "m5.large", "m5.xlarge")
    assert group.suspended_processes == ("Launch",)
    assert (group.is_tagged_for_ecs, group.weighs_instances) == (False, True)
    assert (group.has_warm_pool, group.reuses_instances) == (False, False)


def test_a_group_that_ecs_manages_tells_its_tag_and_its_warm_pool() -> None:
    pool = {"MinSize": 1, "InstanceReusePolicy": {"ReuseOnScaleIn": "true"}}
    managed = {
        **GROUP,
        "Tags": [{"Key": "AmazonECSManaged", "Value": "true"}],
        "WarmPoolConfiguration": pool,
        "MixedInstancesPolicy": {"LaunchTemplate": {"Overrides": [{"InstanceType": "m6i.large", "WeightedCapacity": "1"}]}},
    }
    aws = CannedAws({"DescribeAutoScalingGroups": {"AutoScalingGroups": [managed]}})
    (group,) = (
        answers.auto_scaling_groups(desk(aws), E_SESSION, auto_scaling_groups(ACCOUNT, REGION, ("web-asg",))).require().items
    )
    assert (group.is_tagged_for_ecs, group.weighs_instances) == (True, False)
    assert (group.has_warm_pool, group.reuses_instances) == (True, True)


def test_a_second_batch_of_groups_that_fails_is_a_gap() -> None:
    names = tuple(f"g{number}" for number in range(51))
    refused = Refusal("AccessDenied", "no")
    aws = CannedAws({"DescribeAutoScalingGroups": in_order({"AutoScalingGroups": [GROUP]}, refused)})
    listing = answers.auto_scaling_groups(desk(aws), E_SESSION, auto_scaling_groups(ACCOUNT, REGION, names)).partial()
    assert (len(listing.items), listing.gaps[0].what) == (1, "DescribeAutoScalingGroups after 1 items")


def test_settings_are_the_effective_ones_of_all_pages() -> None:
    access = AwsAccess()
    gateway = Gateway(access, sleep=lambda _: None)
    client = gateway.clients.client("ecs", REGION)
    with Stubber(client) as stub:
        on, off = {"name": "taskLongArnFormat", "value": "enabled"}, {"name": "serviceLongArnFormat", "value": "disabled"}
        stub.add_response("list_account_settings", {"settings": [on], "nextToken": "2"}, {"effectiveSettings": True})
        stub.add_response("list_account_settings", {"settings": [off]}, {"effectiveSettings": True, "nextToken": "2"})
        fact = answers.account_settings(Desk(a_config(), access, "salt", gateway), E_SESSION, account_settings(ACCOUNT, REGION))
        stub.assert_no_pending_responses()
    assert fact == Known({"taskLongArnFormat": "enabled", "serviceLongArnFormat": "disabled"})


def test_settings_of_which_a_page_fails_are_no_answer() -> None:
    first = {"settings": [{"name": "taskLongArnFormat", "value": "enabled"}], "nextToken": "2"}
    aws = CannedAws({"ListAccountSettings": in_order(first, DENIED)})
    with pytest.raises(AwsFailure):
        answers.account_settings(desk(aws), E_SESSION, account_settings(ACCOUNT, REGION))


def test_every_cluster_is_gathered_in_rounds_and_agents_are_looked_at_again_after_a_pause() -> None:
    connected = itertools.chain([False], itertools.repeat(True))

    def instances(sent: Sent) -> Any:
        (arn,) = sent.parameters["containerInstances"]
        return {"containerInstances": [{"containerInstanceArn": arn, "status": "ACTIVE", "agentConnected": next(connected)}]}

    aws = CannedAws(
        {
            "AssumeRole": session_of,
            "ListClusters": {"clusterArns": [arn_of("web"), arn_of("denied")]},
            "DescribeClusters": describing(refuse={"denied": DENIED}),
            "ListContainerInstances": {"containerInstanceArns": ["one"]},
            "DescribeContainerInstances": instances,
        }
    )
    plan = make_plan(a_config(named=()), ["CLUSTER004"])
    pauses: list[float] = []
    report = judge(plan, gather(plan, CannedAccess(aws=aws), sleep=pauses.append))
    (result,) = report.results
    assert pauses == [20]
    assert len(aws.of("DescribeContainerInstances")) == 2
    assert (result.outcome, result.reason.partition(": ")[0]) == (Outcome.UNDETERMINED, "denied")


@pytest.fixture
def moto_session(monkeypatch: pytest.MonkeyPatch) -> Iterator[boto3.Session]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        yield boto3.Session(region_name=REGION)


def _run(config: PreflightConfig, session: boto3.Session, *checks: str) -> dict[str, Outcome]:
    plan = make_plan(config, checks)
    report = judge(plan, gather(plan, AwsAccess(session=session), sleep=lambda _: None))
    return {f"{result.check} {result.target.cluster}": result.outcome for result in report.results}


def test_the_wiring_holds_against_moto(moto_session: boto3.Session) -> None:
    ecs = moto_session.client("ecs")
    ecs.create_cluster(clusterName=NAME)
    ecs.create_cluster(clusterName="gone")
    ecs.delete_cluster(cluster="gone")
    config = a_config(named=(NAME, "nowhere"), naming_strategy="tags")
    outcomes = _run(config, moto_session, "CLUSTER001", "CLUSTER002", "CLUSTER003", "CLUSTER005", "CLUSTER008")
    assert outcomes == {
        f"CLUSTER001 {NAME}": Outcome.PASSED,
        "CLUSTER001 nowhere": Outcome.FAILED,
        f"CLUSTER002 {NAME}": Outcome.PASSED,
        "CLUSTER002 nowhere": Outcome.BLOCKED,
        f"CLUSTER003 {NAME}": Outcome.FAILED,
        "CLUSTER003 nowhere": Outcome.BLOCKED,
        f"CLUSTER005 {NAME}": Outcome.NOT_APPLICABLE,
        "CLUSTER005 nowhere": Outcome.BLOCKED,
        f"CLUSTER008 {NAME}": Outcome.NOT_APPLICABLE,
        "CLUSTER008 nowhere": Outcome.BLOCKED,
    }


def test_settings_are_read_from_moto(moto_session: boto3.Session) -> None:
    ecs = moto_session.client("ecs")
    config = a_config(naming_strategy="tags")
    assert _run(config, moto_session, "CLUSTER009") == {"CLUSTER009 ": Outcome.FAILED}
    for name in ("serviceLongArnFormat", "taskLongArnFormat"):
        ecs.put_account_setting(name=name, value="enabled")
    assert _run(config, moto_session, "CLUSTER009") == {"CLUSTER009 ": Outcome.PASSED}
