"""Clusters, container instances and tasks as ECS answers about them; moto alone pages nothing and makes sizes up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.sandbox.world import Account, CapacityProvider, Cluster, Instances, Region, Role, StrategyItem, Tasks
from tests.sandbox.builders import MANAGED, MANAGED_ROLE, MANAGING, world
from tests.sandbox.conftest import Wire

TASKS = Tasks(family="web", count=2, cpu=256, memory=512, host_ports=())
CLUSTERS = {
    "mixed": Cluster(
        capacity_providers=("FARGATE", "from-group"),
        default_strategy=(StrategyItem(provider="from-group", weight=1, base=1),),
        instances=(
            Instances(type="m5.large", tasks=(TASKS, Tasks(family="agent", memory=64, host_ports=(8126,)))),
            Instances(
                type="t3.small", cpu=1500, memory=1700, status="DRAINING", attributes={"team": "a"}, lacks=("ecs.os-type",)
            ),
            Instances(type="g4dn.xlarge", agent_connected=False),
            Instances(type="c5.large", capacity_provider="from-group", count=2),
        ),
    ),
    "eni": Cluster(instances=(Instances(tasks=(Tasks(family="vpc", memory=64, network_mode="awsvpc"),)),)),
    "large": Cluster(instances=(Instances(type="t3.micro", count=120),)),
    "gone": Cluster(status="INACTIVE"),
}
REGION = Region(
    clusters=CLUSTERS,
    capacity_providers={"from-group": CapacityProvider(instance_type="c5.large", max_size=7, unregistered=1)},
    account_settings={"awsvpcTrunking": "enabled"},
    quotas={"fargate/L-3032A538": 64},
)


@pytest.fixture(scope="module")
def wire(opened_on: Callable[..., Any]) -> Iterator[Wire]:
    role = Role(trusts=(MANAGING,), attached=("AdministratorAccess",))
    account = Account(roles={"SpinnakerManaged": role}, regions={"us-east-1": REGION}, disabled_regions=("ap-east-1",))
    with opened_on(world(account)) as wire:
        yield wire


@pytest.fixture(scope="module")
def ecs(wire: Wire) -> Any:
    return wire.client("ecs", keys=wire.assume())


def described(ecs: Any, cluster: str) -> list[Any]:
    arns = ecs.list_container_instances(cluster=cluster)["containerInstanceArns"]
    answer = ecs.describe_container_instances(cluster=cluster, containerInstances=arns, include=["CONTAINER_INSTANCE_HEALTH"])
    return list(answer["containerInstances"])


def test_instances_register_what_their_type_has(ecs: Any) -> None:
    large, small, gpu, one, other = (ContainerInstance.model_validate(raw) for raw in described(ecs, "mixed"))
    assert (large.registered_resources.cpu, large.registered_resources.memory) == (2048, 7782)
    assert (small.registered_resources.cpu, small.registered_resources.memory) == (1500, 1700)
    assert len(gpu.registered_resources.gpus) == 1
    assert large.instance_type == "m5.large"
    assert [instance.availability_zone for instance in (large, small, gpu)] == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert [one.capacity_provider_name, other.capacity_provider_name, large.capacity_provider_name] == ["from-group"] * 2 + [None]


def test_what_tasks_take_is_gone(ecs: Any) -> None:
    large = ContainerInstance.model_validate(described(ecs, "mixed")[0])
    assert (large.remaining_resources.cpu, large.remaining_resources.memory) == (2048 - 512, 7782 - 1024 - 64)
    assert large.remaining_resources.ports == (22, 2375, 2376, 8126, 51678, 51679)
    assert large.running_tasks_count == 3


def test_status_and_agent_are_told(ecs: Any) -> None:
    raw = described(ecs, "mixed")
    assert [instance["status"] for instance in raw] == ["ACTIVE", "DRAINING", "ACTIVE", "ACTIVE", "ACTIVE"]
    assert [instance["agentConnected"] for instance in raw] == [True, True, False, True, True]
    assert [instance["healthStatus"]["overallStatus"] for instance in raw[1:3]] == ["OK", "INSUFFICIENT_DATA"]


def test_attributes_are_those_of_an_agent_and_ones_own(ecs: Any) -> None:
    small = ContainerInstance.model_validate(described(ecs, "mixed")[1])
    assert small.attributes["team"] == "a"
    assert small.attributes["ecs.capability.task-eni"] is None
    assert small.attributes["ecs.cpu-architecture"] == "x86_64"
    assert "ecs.os-type" not in small.attributes


def test_instances_are_listed_by_status(ecs: Any) -> None:
    assert len(ecs.list_container_instances(cluster="mixed", status="DRAINING")["containerInstanceArns"]) == 1
    with pytest.raises(ClientError, match="NotSimulated"):
        ecs.list_container_instances(cluster="mixed", filter="attribute:team == a")


def test_instances_come_in_pages(ecs: Any) -> None:
    pages = list(ecs.get_paginator("list_container_instances").paginate(cluster="large"))
    assert [len(page["containerInstanceArns"]) for page in pages] == [100, 20]
    assert len({arn for page in pages for arn in page["containerInstanceArns"]}) == 120
    assert len(ecs.list_container_instances(cluster="large", maxResults=7)["containerInstanceArns"]) == 7


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"maxResults": 101}, "between 1 and 100"),
        ({"nextToken": "no token"}, "Invalid token"),
        ({"nextToken": "YQ=="}, "Invalid token"),
    ],
)
def test_a_page_that_cannot_be_had_is_refused(ecs: Any, parameters: Any, said: str) -> None:
    with pytest.raises(ClientError, match=said):
        ecs.list_container_instances(cluster="large", **parameters)


def test_a_hundred_are_described_at_once_and_no_more(ecs: Any) -> None:
    with pytest.raises(ClientError, match="more than 100"):
        ecs.describe_container_instances(cluster="large", containerInstances=["x"] * 101)
    with pytest.raises(ClientError, match="cannot be empty"):
        ecs.describe_container_instances(cluster="large", containerInstances=[])


def test_what_is_missing_is_a_failure(ecs: Any) -> None:
    answer = ecs.describe_container_instances(cluster="large", containerInstances=["nothing"])
    assert answer["containerInstances"] == []
    assert [failure["reason"] for failure in answer["failures"]] == ["MISSING"]


@pytest.mark.parametrize(("cluster", "said"), [("never", "Cluster not found"), ("gone", "inactive")])
@pytest.mark.parametrize("method", ["list_container_instances", "list_tasks"])
def test_a_cluster_must_be_there(ecs: Any, method: str, cluster: str, said: str) -> None:
    with pytest.raises(ecs.exceptions.ClusterNotFoundException, match=said):
        getattr(ecs, method)(cluster=cluster)


def test_clusters_are_listed_while_they_are_active(ecs: Any) -> None:
    arns = ecs.list_clusters()["clusterArns"]
    assert [arn.rpartition("/")[2] for arn in arns] == ["mixed", "eni", "large"]
    first = ecs.list_clusters(maxResults=2)
    rest = ecs.list_clusters(nextToken=first["nextToken"])
    assert first["clusterArns"] + rest["clusterArns"] == arns


def test_clusters_are_described_with_what_is_on_them(ecs: Any) -> None:
    answer = ecs.describe_clusters(clusters=["mixed", "gone", "never"], include=["STATISTICS"])
    mixed, gone = answer["clusters"]
    assert (mixed["registeredContainerInstancesCount"], mixed["runningTasksCount"], mixed["status"]) == (5, 3, "ACTIVE")
    assert mixed["capacityProviders"] == ["FARGATE", "from-group"]
    assert mixed["defaultCapacityProviderStrategy"] == [{"capacityProvider": "from-group", "weight": 1, "base": 1}]
    assert {"name": "runningEC2TasksCount", "value": "3"} in mixed["statistics"]
    assert gone["status"] == "INACTIVE"
    assert answer["failures"] == [{"arn": f"arn:aws:ecs:us-east-1:{MANAGED}:cluster/never", "reason": "MISSING"}]


def test_tasks_are_listed_and_described(ecs: Any) -> None:
    arns = ecs.list_tasks(cluster="mixed")["taskArns"]
    tasks = ecs.describe_tasks(cluster="mixed", tasks=[*arns, "missing"])
    assert sorted(task["group"] for task in tasks["tasks"]) == ["family:agent", "family:web", "family:web"]
    assert {task["lastStatus"] for task in tasks["tasks"]} == {"RUNNING"}
    assert [failure["reason"] for failure in tasks["failures"]] == ["MISSING"]
    assert ecs.list_tasks(cluster="mixed", desiredStatus="STOPPED")["taskArns"] == []
    assert len(ecs.list_tasks(cluster="mixed", family="agent")["taskArns"]) == 1


def test_a_task_of_awsvpc_holds_an_interface(ecs: Any) -> None:
    (task,) = ecs.describe_tasks(cluster="eni", tasks=ecs.list_tasks(cluster="eni")["taskArns"])["tasks"]
    assert [attachment["type"] for attachment in task["attachments"]] == ["ElasticNetworkInterface"]


@pytest.mark.parametrize(
    ("instance", "container", "reason"),
    [
        (0, {"cpu": 4096, "memory": 64}, "RESOURCE:CPU"),
        (0, {"memory": 60000}, "RESOURCE:MEMORY"),
        (0, {"memory": 64, "portMappings": [{"containerPort": 1, "hostPort": 8126}]}, "RESOURCE:PORTS"),
        (0, {"memory": 64, "resourceRequirements": [{"type": "GPU", "value": "1"}]}, "RESOURCE:GPU"),
        (2, {"memory": 64}, "AGENT"),
    ],
)
def test_what_does_not_fit_does_not_start(ecs: Any, instance: int, container: Any, reason: str) -> None:
    definition = {"name": "c", "image": "c", **container}
    arn = ecs.register_task_definition(family="try", containerDefinitions=[definition])["taskDefinition"]["taskDefinitionArn"]
    on = described(ecs, "mixed")[instance]["containerInstanceArn"]
    answer = ecs.start_task(cluster="mixed", taskDefinition=arn, containerInstances=[on])
    assert (answer["tasks"], answer["failures"]) == ([], [{"arn": on, "reason": reason}])


def test_capacity_providers_and_their_groups(wire: Wire, ecs: Any) -> None:
    answer = ecs.describe_capacity_providers(capacityProviders=["FARGATE", "from-group", "none"])
    fargate, own = answer["capacityProviders"]
    assert (fargate["name"], fargate["status"]) == ("FARGATE", "ACTIVE")
    assert own["autoScalingGroupProvider"]["managedScaling"]["status"] == "ENABLED"
    assert [failure["arn"] for failure in answer["failures"]] == [f"arn:aws:ecs:us-east-1:{MANAGED}:capacity-provider/none"]
    names = [provider["name"] for provider in ecs.describe_capacity_providers()["capacityProviders"]]
    assert names == ["FARGATE", "FARGATE_SPOT", "from-group"]
    scaling = wire.client("autoscaling", keys=wire.assume())
    (group,) = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=["from-group"])["AutoScalingGroups"]
    assert group["AutoScalingGroupARN"] == own["autoScalingGroupProvider"]["autoScalingGroupArn"]
    assert (group["MaxSize"], len(group["Instances"])) == (7, 3)
    joined = {raw["ec2InstanceId"] for raw in described(ecs, "mixed")}
    assert len({member["InstanceId"] for member in group["Instances"]} & joined) == 2


def test_account_settings_have_their_defaults(ecs: Any) -> None:
    assert [setting["name"] for setting in ecs.list_account_settings()["settings"]] == ["awsvpcTrunking"]
    settings = {s["name"]: s["value"] for s in ecs.list_account_settings(effectiveSettings=True)["settings"]}
    assert (settings["awsvpcTrunking"], settings["taskLongArnFormat"]) == ("enabled", "enabled")
    (one,) = ecs.list_account_settings(effectiveSettings=True, name="dualStackIPv6")["settings"]
    assert one["value"] == "enabled"


def test_quotas(wire: Wire) -> None:
    quotas = wire.client("service-quotas", keys=wire.assume())
    asked = {"ServiceCode": "fargate", "QuotaCode": "L-3032A538"}
    assert quotas.get_service_quota(**asked)["Quota"]["Value"] == 64
    assert quotas.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 6
    assert len(quotas.list_service_quotas(ServiceCode="fargate")["Quotas"]) == 2
    assert len(quotas.list_aws_default_service_quotas(ServiceCode="ecs")["Quotas"]) == 6
    for unknown in ({**asked, "QuotaCode": "L-0"}, {**asked, "ServiceCode": "none"}):
        with pytest.raises(quotas.exceptions.NoSuchResourceException):
            quotas.get_service_quota(**unknown)


def test_regions_say_whether_they_are_on(wire: Wire) -> None:
    keys = wire.assume()
    ec2 = wire.client("ec2", keys=keys)
    status = {region["RegionName"]: region["OptInStatus"] for region in ec2.describe_regions(AllRegions=True)["Regions"]}
    assert (status["us-east-1"], status["ap-east-1"], status["af-south-1"]) == ("opt-in-not-required", "not-opted-in", "opted-in")
    assert "ap-east-1" not in {region["RegionName"] for region in ec2.describe_regions()["Regions"]}
    assert [region["RegionName"] for region in ec2.describe_regions(RegionNames=["us-east-1"])["Regions"]] == ["us-east-1"]
    with pytest.raises(ClientError, match="Invalid region provided: us-east-9"):
        ec2.describe_regions(RegionNames=["us-east-9"])
    for service, method, code in (
        ("ecs", "list_clusters", "UnrecognizedClientException"),
        ("ec2", "describe_regions", "AuthFailure"),
        ("autoscaling", "describe_auto_scaling_groups", "InvalidClientTokenId"),
    ):
        with pytest.raises(ClientError, match=code):
            getattr(wire.client(service, "ap-east-1", keys), method)()


def test_service_linked_roles_bear_their_real_names(wire: Wire) -> None:
    iam = wire.client("iam", keys=wire.assume())
    ecs = iam.get_role(RoleName="AWSServiceRoleForECS")["Role"]
    scaling = iam.get_role(RoleName="AWSServiceRoleForApplicationAutoScaling_ECSService")["Role"]
    assert ecs["Path"] == "/aws-service-role/ecs.amazonaws.com/"
    assert scaling["Path"] == "/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
    assert ecs["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": ["ecs.amazonaws.com"]}


def test_the_policy_simulator(wire: Wire) -> None:
    iam = wire.client("iam", keys=wire.assume())
    arn = f"arn:aws:iam::{MANAGED}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    answer = iam.simulate_principal_policy(
        PolicySourceArn=MANAGED_ROLE, ActionNames=["ecs:CreateService", "iam:PassRole"], ResourceArns=["*", arn]
    )
    assert [result["EvalDecision"] for result in answer["EvaluationResults"]] == ["allowed", "allowed"]
    assert [found["EvalResourceName"] for found in answer["EvaluationResults"][0]["ResourceSpecificResults"]] == ["*", arn]
    (denied,) = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["iam:PassRole"])["EvaluationResults"]
    assert (denied["EvalDecision"], denied["ResourceSpecificResults"]) == ("implicitDeny", [])
    first = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["ecs:A", "ecs:B"], MaxItems=1)
    assert (first["IsTruncated"], len(first["EvaluationResults"])) == (True, 1)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.simulate_principal_policy(PolicySourceArn=arn + "x", ActionNames=["ecs:A"])
    with pytest.raises(ClientError, match="NotSimulated"):
        iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=["ecs:A"], PolicyInputList=["{}"])


def test_what_is_not_simulated_says_so(wire: Wire) -> None:
    trail = wire.client("cloudtrail", keys=wire.assume())
    with pytest.raises(ClientError, match="the sandbox does not simulate cloudtrail:LookupEvents") as raised:
        trail.lookup_events()
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
