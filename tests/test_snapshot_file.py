"""Snapshots on disk: every kind of answer comes back as it was, and what is no snapshot is said to be none."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight import deploy_questions as d
from ecs_preflight import fargate_questions as f
from ecs_preflight import network_questions as n
from ecs_preflight import questions as q
from ecs_preflight.answers import (
    Attempt,
    AutoScalingGroup,
    CallerIdentity,
    ClockReading,
    NamedPolicy,
    PrincipalPolicies,
    RegionStatus,
    Role,
    SimulatedAction,
    Simulation,
    TriedCall,
)
from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.ecs.service import Service
from ecs_preflight.ecs.subnets import Subnet, Tag
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Absent, Asker, Gap, Known, Listing, Question, Snapshot, Unknown
from ecs_preflight.snapshot_file import load_snapshot, save_snapshot
from ecs_preflight.spinnaker.security_groups import SecurityGroup

CLUSTER = Cluster.model_validate(
    {
        "clusterArn": "arn:aws:ecs:us-east-1:100000000002:cluster/production",
        "clusterName": "production",
        "status": "ACTIVE",
        "registeredContainerInstancesCount": 2,
        "capacityProviders": ["FARGATE", "large"],
        "defaultCapacityProviderStrategy": [{"capacityProvider": "large", "weight": 1, "base": 2}],
    }
)
INSTANCE = ContainerInstance.model_validate(
    {
        "containerInstanceArn": "arn:aws:ecs:us-east-1:100000000002:container-instance/production/1",
        "ec2InstanceId": "i-1",
        "capacityProviderName": "large",
        "status": "ACTIVE",
        "agentConnected": True,
        "versionInfo": {"agentVersion": "1.80.0"},
        "healthStatus": {"overallStatus": "OK"},
        "registeredAt": datetime(2027, 3, 1, tzinfo=timezone.utc),
        "attributes": [{"name": "ecs.instance-type", "value": "m5.large"}, {"name": "ecs.capability.task-eni"}],
        "remainingResources": [
            {"name": "CPU", "type": "INTEGER", "integerValue": 1024},
            {"name": "MEMORY", "type": "INTEGER", "integerValue": 2048},
            {"name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22", "2375"]},
            {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": ["53"]},
            {"name": "GPU", "type": "STRINGSET", "stringSetValue": ["gpu-1"]},
        ],
        "registeredResources": [{"name": "CPU", "type": "INTEGER", "integerValue": 2048}],
    }
)
TASK = RunningTask.model_validate(
    {
        "taskArn": "arn:aws:ecs:us-east-1:100000000002:task/production/1",
        "containerInstanceArn": INSTANCE.container_instance_arn,
        "group": "service:web",
        "attachments": [{"type": "ElasticNetworkInterface", "status": "ATTACHED"}],
        "containers": [{"cpu": "256", "memory": "512", "gpuIds": ["gpu-1"]}],
        "cpu": "256",
        "memory": "512",
    }
)
PROVIDER = CapacityProvider.model_validate(
    {
        "name": "large",
        "status": "ACTIVE",
        "autoScalingGroupProvider": {"autoScalingGroupArn": "arn:group", "managedScaling": {"status": "ENABLED"}},
    }
)
SERVICE = Service.model_validate(
    {
        "serviceName": "web-v001",
        "status": "ACTIVE",
        "taskDefinition": "arn:aws:ecs:us-east-1:100000000002:task-definition/web:7",
        "desiredCount": 4,
        "capacityProviderStrategy": [{"capacityProvider": "large", "base": 1, "weight": 2}],
        "placementStrategy": [{"type": "spread", "field": "instanceId"}],
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "ENABLED"}},
    }
)
TASK_DEFINITION = TaskDefinition.model_validate(
    {
        "family": "web",
        "revision": 7,
        "networkMode": "awsvpc",
        "cpu": "256",
        "requiresAttributes": [{"name": "ecs.capability.task-eni"}],
        "containerDefinitions": [
            {"name": "web", "memory": 512, "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/web"}}}
        ],
    }
)
ROLE = Role(
    "arn:aws:iam::100000000002:role/a/Managed", "Managed", "AROA", '{"Statement": []}', 7200, "arn:boundary", "iam:GetRole"
)
POLICIES = PrincipalPolicies("arn:role", (NamedPolicy("inline", "{}"),), NamedPolicy("arn:boundary", "{}"))
GROUP = AutoScalingGroup("group", "arn:group", 0, 4, 2, ("i-1", "i-2"), ("m5.large",), ("Launch",))
GAP = Gap("ListRoles after 100 items", "Throttling: Rate exceeded")
DENIED = Attempt(False, "arn:caller", "AccessDenied", "User is not authorized: ü")

ANSWERS: dict[Question[Any], Any] = {
    q.caller_identity(): CallerIdentity("arn:caller", "100000000001", "AIDA"),
    q.clock("us-west-2"): ClockReading(-1.5),
    q.caller_may_list_regions("us-east-1"): Attempt(True, "arn:caller"),
    q.caller_may_list_zones("us-east-1"): DENIED,
    q.managing_account_regions("us-east-1"): Listing((RegionStatus("us-east-1", "opt-in-not-required"),)),
    q.managed_account_regions("ecs", "us-east-1"): Listing((RegionStatus("af-south-1", "not-opted-in"),)),
    q.assume_role("ecs", Asker.AWS_SESSION): DENIED,
    q.assumed_identity("ecs"): CallerIdentity("arn:session", "100000000002", "AROA:Spinnaker"),
    q.role("ecs", "Managed"): ROLE,
    q.roles("ecs"): Listing((ROLE, ROLE), (GAP,)),
    q.managing_policies("arn:aws:iam::100000000001:user/spinnaker"): POLICIES,
    q.role_policies("ecs", "Managed"): PrincipalPolicies("arn:role"),
    q.clusters("ecs", "us-east-1"): Listing(("production", "default")),
    q.cluster("ecs", "us-east-1", "production"): CLUSTER,
    q.container_instances("ecs", "us-east-1", "production"): Listing((INSTANCE,)),
    q.container_instances_again("ecs", "us-east-1", "production"): Listing((INSTANCE,), (GAP,)),
    q.running_tasks("ecs", "us-east-1", "production"): Listing((TASK,)),
    d.service("ecs", "us-east-1", "production", "web-v001"): SERVICE,
    d.task_definition("ecs", "us-east-1", "web:7"): TASK_DEFINITION,
    d.image("ecs", "us-east-1", "100000000002", "web", "7"): d.Image("100000000002", "web", "7"),
    d.log_group("ecs", "us-east-1", "/web"): d.LogGroup("/web"),
    d.registry_secret("ecs", "us-east-1", "registry"): d.RegistrySecret("registry", "arn:secret"),
    q.capacity_providers("ecs", "us-east-1", ("large", "FARGATE")): Listing((PROVIDER, CapacityProvider(name="FARGATE"))),
    q.auto_scaling_groups("ecs", "us-east-1", ("group",)): Listing((GROUP,)),
    f.fargate_quota("ecs", "us-east-1", "L-3032A538"): 6.0,
    f.fargate_tasks("ecs", "us-east-1"): Listing((TASK,), (GAP,)),
    q.account_settings("ecs", "us-east-1"): {"containerInstanceLongArnFormat": "enabled"},
    q.reads_as_ecs_account("ecs", "us-east-1"): Listing((TriedCall("ecs:ListClusters", True),), (GAP,)),
    q.reads_of_cluster("ecs", "us-east-1", "production"): Listing((TriedCall("ecs:ListTasks", False, "AccessDenied: no"),)),
    q.reads_as_aws_account("ecs", "us-east-1"): Listing((TriedCall("ec2:DescribeVpcs", True),)),
    q.may_get_role("ecs", "web"): DENIED,
    n.subnets("ecs", "us-east-1"): Listing(
        (
            Subnet(
                subnet_id="subnet-1",
                availability_zone="us-east-1a",
                available_ip_address_count=251,
                vpc_id="vpc-1",
                tags=(Tag(key="Name", value="main.internal.us-east-1a"),),
            ),
        ),
        (GAP,),
    ),
    n.security_groups("ecs", "us-east-1"): Listing((SecurityGroup("web", "sg-1", "vpc-1"),)),
    n.target_group("ecs", "us-east-1", "web"): n.TargetGroup("web", "arn:tg", "ip", "HTTP", "vpc-1", ("arn:lb",)),
    n.route_tables("ecs", "us-east-1", "vpc-1"): Listing(
        (n.RouteTable("rtb-1", (n.Route("0.0.0.0/0", "nat-1", False),), ("subnet-1",), True),)
    ),
    n.vpc_endpoints("ecs", "us-east-1", "vpc-1"): Listing(
        (n.VpcEndpoint("com.amazonaws.us-east-1.s3", "Gateway", True, ("rtb-1",), False),)
    ),
    q.simulation("ecs", "us-east-1", "arn:role", ("a:B", "a:C"), "*", {"a:key": "x=y"}): Simulation(
        (SimulatedAction("a:B", "allowed"), SimulatedAction("a:C", "implicitDeny", ("aws:SourceIp",), False, True))
    ),
}
TAKEN = datetime(2027, 3, 1, 12, 30, 15, 123456, timezone(timedelta(hours=2)))


def test_no_kind_is_forgotten() -> None:
    assert {question.kind.name for question in ANSWERS} == {kind.name for kind in q.ALL_KINDS}
    assert len({kind.name for kind in q.ALL_KINDS}) == len(q.ALL_KINDS)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "snapshot.json"


def kept(snapshot: Snapshot, path: Path) -> Snapshot:
    save_snapshot(snapshot, path)
    return load_snapshot(path)


@pytest.mark.parametrize("question", ANSWERS, ids=str)
def test_every_kind_of_answer_comes_back_as_it_was(question: Question[Any], path: Path) -> None:
    back = kept(Snapshot({question: Known(ANSWERS[question])}, TAKEN), path)
    assert back.facts == {question: Known(ANSWERS[question])}
    assert type(back[question].value_or_none()) is type(ANSWERS[question])


def test_everything_else_of_a_snapshot_comes_back_too(path: Path) -> None:
    missing, unseen = q.role("ecs", "gone"), q.role("ecs", "hidden")
    asked_by = {question: f"arn:{question.kind.name}" for question in ANSWERS}
    snapshot = Snapshot(
        {**{question: Known(answer) for question, answer in ANSWERS.items()}, missing: Absent("no"), unseen: Unknown("a:B", "c")},
        TAKEN,
        asked_by,
        {"ecs:ListClusters": 3},
        "the-salt",
        "aws",
    )
    back = kept(snapshot, path)
    assert list(back.facts.items()) == list(snapshot.facts.items())
    assert (back.taken_at, back.salt, back.calls) == (TAKEN, "the-salt", {"ecs:ListClusters": 3})
    assert back.answered_by == asked_by
    assert back.token("the-external-id") == snapshot.token("the-external-id")
    assert kept(back, path) == back


@pytest.mark.parametrize(("source", "read"), [("aws", "snapshot"), ("offline", "snapshot"), ("sandbox", "sandbox")])
def test_what_was_simulated_stays_simulated(source: str, read: str, path: Path) -> None:
    assert kept(Snapshot(source=source), path).source == read


@pytest.mark.parametrize("before", [None, 0o644, 0o666, 0o600])
def test_only_its_owner_may_read_it(before: int | None, path: Path) -> None:
    if before is not None:
        path.write_text("something longer than what comes" * 1000)
        path.chmod(before)
    old = os.umask(0)
    try:
        save_snapshot(Snapshot(), path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_snapshot(path).facts == {}


def document(**changes: Any) -> str:
    row = {
        "kind": "clock",
        "account": "",
        "region": "us-east-1",
        "arguments": [],
        "answered_by": "",
        "known": {"skew_seconds": 1},
    }
    whole = {
        "format": "ecs_preflight-snapshot/1",
        "taken_at": "2027-03-01T12:00:00+00:00",
        "source": "aws",
        "salt": "s",
        "calls": {},
        "facts": [{**row, **changes.pop("row", {})}],
    }
    return json.dumps({**whole, **changes})


def without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda whole: {name: value for name, value in whole.items() if name != key}


def test_the_sample_is_whole(path: Path) -> None:
    path.write_text(document())
    assert load_snapshot(path).facts == {q.clock("us-east-1"): Known(ClockReading(1.0))}


DAMAGED: list[tuple[str, str]] = [
    ("", "this is no snapshot"),
    ("{", "this is no snapshot"),
    ("aws:\n  enabled: true\n", "this is no snapshot"),
    ("[]", "this is no snapshot of format"),
    ("null", "this is no snapshot of format"),
    ("{}", "this is no snapshot of format"),
    ("[" * 100_000, "this is no snapshot"),
    (document(format="ecs_preflight-snapshot/2"), "this is no snapshot of format"),
    (document(facts={}), "damaged: facts"),
    (document(facts=[3]), r"damaged: facts\.0"),
    (document(facts=None), "damaged: facts"),
    (document(taken_at="yesterday"), "damaged: taken_at"),
    (document(taken_at="2027-03-01T12:00:00"), "damaged: taken_at"),
    (document(salt=None), "damaged: salt"),
    (document(calls=[]), "damaged: calls"),
    (document(calls={"a": "many"}), r"damaged: calls\.a"),
    (document(row={"kind": "phase-of-the-moon"}), r"damaged: facts\.0\.kind"),
    (document(row={"account": ["a"]}), r"damaged: facts\.0\.account"),
    (document(row={"arguments": "abc"}), r"damaged: facts\.0\.arguments"),
    (document(row={"answered_by": 5}), r"damaged: facts\.0\.answered_by"),
    (document(row={"known": {"skew_seconds": "much"}}), "damaged: skew_seconds"),
    (document(row={"known": None}), "damaged"),
    (document(row={"absent": "both"}), "expected one of known, absent and unknown"),
    (document(row={"unknown": {"call": "a:B"}}), r"damaged: facts\.0\.unknown\.error"),
]


@pytest.mark.parametrize(("text", "said"), DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_said_to_be_one(text: str, said: str, path: Path) -> None:
    path.write_text(text)
    with pytest.raises(InputError, match=said) as caught:
        load_snapshot(path)
    assert caught.value.exit_code == 2
    assert str(caught.value).startswith(f"{path}: ")


@pytest.mark.parametrize("key", ["taken_at", "source", "salt", "calls", "facts"])
def test_nothing_may_be_missing(key: str, path: Path) -> None:
    path.write_text(json.dumps(without(key)(json.loads(document()))))
    with pytest.raises(InputError, match=f"damaged: {key}: Field required"):
        load_snapshot(path)


@pytest.mark.parametrize("key", ["kind", "account", "region", "arguments", "answered_by", "known"])
def test_nothing_of_an_answer_may_be_missing(key: str, path: Path) -> None:
    whole = json.loads(document())
    path.write_text(json.dumps({**whole, "facts": [without(key)(whole["facts"][0])]}))
    with pytest.raises(InputError, match="the snapshot is damaged"):
        load_snapshot(path)


def test_bytes_that_are_no_text_are_no_snapshot(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(InputError, match="this is no snapshot"):
        load_snapshot(path)


def test_a_file_that_is_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the snapshot cannot be read: No such file"):
        load_snapshot(tmp_path / "none.json")
    with pytest.raises(InputError, match="the snapshot cannot be read: Is a directory"):
        load_snapshot(tmp_path)
    with pytest.raises(InputError, match="the snapshot cannot be written: No such file") as caught:
        save_snapshot(Snapshot(), tmp_path / "none" / "s.json")
    assert caught.value.exit_code == 2


def test_what_the_reader_saw_in_the_managed_roles_place_is_kept(tmp_path: Path) -> None:
    question = q.clusters("ecs", "us-east-1")
    snapshot = Snapshot({question: Known(Listing(("production",)))}, stand_ins={question: "ecs:ListClusters: AccessDenied"})
    save_snapshot(snapshot, tmp_path / "snapshot.json")
    assert load_snapshot(tmp_path / "snapshot.json").stand_ins == snapshot.stand_ins
