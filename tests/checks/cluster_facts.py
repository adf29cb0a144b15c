"""Facts about ECS clusters with defaults, for the tests of CLUSTER, CAPACITY and NETWORK to change one at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ecs_preflight.answers import AutoScalingGroup
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.facts import Absent, Fact, Gap, Known, Listing, Question, Snapshot, Unknown
from ecs_preflight.fargate_questions import fargate_quota, fargate_tasks
from ecs_preflight.findings import CheckResult
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.preflight_reader import parse_preflight_file
from ecs_preflight.questions import (
    account_settings,
    auto_scaling_groups,
    capacity_providers,
    cluster,
    clusters,
    container_instances,
    container_instances_again,
    running_tasks,
)
from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, EcsProvider, Region
from ecs_preflight.spinnaker.clouddriver import Clouddriver
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from ecs_preflight.targets import Target
from ecs_preflight.workloads.reading import WorkloadFiles
from tests.spinnaker import server_groups

ACCOUNT, REGION, NAME = "prod-ecs", "us-east-1", "production"
ACCOUNT_ID = "123456789012"
DENIED = Unknown("ecs:DescribeClusters", "AccessDeniedException: not authorized")
GAP = Gap("DescribeContainerInstances after 100 items", "ThrottlingException: Rate exceeded")

Facts = Mapping[Question[Any], Fact[Any]]


def a_config(
    *,
    workloads: Sequence[Mapping[str, Any]] | None = None,
    named: Sequence[str] = (NAME,),
    extra: Sequence[str] = (),
    regions: Sequence[str] = (REGION,),
    named_in: str = REGION,
    version: str | None = None,
    naming_strategy: str | None = None,
    assume_role: str | None = "role/SpinnakerManaged",
    default_regions: Sequence[str] = (REGION,),
    copies: int = 3,
) -> PreflightConfig:
    """One ECS account; the workloads are those of the first cluster that is named, and none named means every cluster."""
    described: dict[str, Any] = {name: {} for name in named}
    if workloads is not None:
        described[named[0]] = {"workloads": list(workloads)}
    preflight = {
        "thresholds": {"copies": copies},
        "accounts": {ACCOUNT: {"regions": {named_in: {"clusters": described}}}} if named else {},
    }
    account = AwsAccount(
        name="prod", account_id=ACCOUNT_ID, assume_role=assume_role, regions=tuple(Region(name=name) for name in regions)
    )
    return PreflightConfig(
        Clouddriver(
            aws=AwsProvider(
                enabled=True, accounts=(account,), default_regions=tuple(Region(name=name) for name in default_regions)
            ),
            ecs=EcsProvider(
                enabled=True, accounts=(EcsAccount(name=ACCOUNT, aws_account="prod", naming_strategy=naming_strategy),)
            ),
            version=SpinnakerVersion.parse(version) if version else None,
        ),
        PreflightFile.model_validate(preflight),
        tuple(Target.parse(text) for text in extra),
    )


def a_written_config(*lines: str, region: str = REGION, version: str | None = None) -> PreflightConfig:
    """The same with a preflight.yml that has these lines for clusters of the region: the first of them is its line 6."""
    head = f"accounts:\n  {ACCOUNT}:\n    regions:\n      {region}:\n        clusters:\n"
    text = head + "".join(f"          {line}\n" for line in lines)
    return replace(a_config(version=version), preflight=parse_preflight_file(text, "preflight.yml"))


def a_workload(**changed: Any) -> dict[str, Any]:
    return {"name": "web", "cpu": 256, "memory": 512, "desired_count": 4, **changed}


def a_cluster(name: str = NAME, **changed: Any) -> Cluster:
    return Cluster.model_validate(
        {
            "clusterArn": f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:cluster/{name}",
            "clusterName": name,
            "status": "ACTIVE",
            "registeredContainerInstancesCount": 2,
            **changed,
        }
    )


def an_instance(number: int = 1, *, cpu: int = 2048, memory: int = 7985, **changed: Any) -> ContainerInstance:
    """An m5.large with two vCPUs; `cpu` and `memory` are what it has left."""
    return ContainerInstance.model_validate(
        {
            "containerInstanceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:container-instance/{NAME}/{number:032x}",
            "ec2InstanceId": f"i-{number:017x}",
            "status": "ACTIVE",
            "agentConnected": True,
            "attributes": [
                {"name": "ecs.instance-type", "value": "m5.large"},
                {"name": "ecs.availability-zone", "value": "us-east-1a"},
                {"name": "ecs.capability.task-eni"},
                *({"name": f"com.amazonaws.ecs.capability.docker-remote-api.1.{version}"} for version in (17, 18, 19, 21)),
            ],
            "remainingResources": resources(cpu, memory),
            "registeredResources": resources(2048, 7985),
            **changed,
        }
    )


def resources(cpu: int, memory: int, ports: Sequence[str] = ("22", "2375", "2376", "51678", "51679")) -> list[dict[str, Any]]:
    return [
        {"name": "CPU", "type": "INTEGER", "integerValue": cpu},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": memory},
        {"name": "PORTS", "type": "STRINGSET", "stringSetValue": list(ports)},
        {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": []},
    ]


def a_task(on: ContainerInstance | None, **changed: Any) -> RunningTask:
    arn = {} if on is None else {"containerInstanceArn": on.container_instance_arn}
    return RunningTask.model_validate(
        {"taskArn": "arn:task", "group": "service:api", "lastStatus": "RUNNING", "desiredStatus": "RUNNING", **arn, **changed}
    )


def a_provider(name: str = "asg", *, scaling: str = "ENABLED", group: str | None = "web-asg", **changed: Any) -> CapacityProvider:
    arn = f"arn:aws:autoscaling:{REGION}:{ACCOUNT_ID}:autoScalingGroup:0f3d:autoScalingGroupName/{group}"
    behind = {"autoScalingGroupArn": arn, "managedScaling": {"status": scaling}}
    return CapacityProvider.model_validate(
        {"name": name, "status": "ACTIVE", **({"autoScalingGroupProvider": behind} if group else {}), **changed}
    )


def a_group(name: str = "web-asg", **changed: Any) -> AutoScalingGroup:
    fields: dict[str, Any] = {"min_size": 0, "max_size": 4, "desired_capacity": 2, **changed}
    return AutoScalingGroup(name=name, arn=f"arn:aws:autoscaling:{REGION}:{ACCOUNT_ID}:autoScalingGroup:0f3d:{name}", **fields)


def cluster_fact(found: Cluster | Fact[Cluster], name: str = NAME) -> Facts:
    return {cluster(ACCOUNT, REGION, name): Known(found) if isinstance(found, Cluster) else found}


def clusters_fact(*names: str, region: str = REGION, gaps: tuple[Gap, ...] = ()) -> Facts:
    return {clusters(ACCOUNT, region): Known(Listing(names, gaps))}


def instances_fact(*items: ContainerInstance, name: str = NAME, gaps: tuple[Gap, ...] = ()) -> Facts:
    return {container_instances(ACCOUNT, REGION, name): Known(Listing(items, gaps))}


def again_fact(*items: ContainerInstance, name: str = NAME, gaps: tuple[Gap, ...] = ()) -> Facts:
    return {container_instances_again(ACCOUNT, REGION, name): Known(Listing(items, gaps))}


def tasks_fact(*items: RunningTask, name: str = NAME, gaps: tuple[Gap, ...] = ()) -> Facts:
    return {running_tasks(ACCOUNT, REGION, name): Known(Listing(items, gaps))}


def providers_fact(*items: CapacityProvider, asked: tuple[str, ...] | None = None, gaps: tuple[Gap, ...] = ()) -> Facts:
    names = tuple(item.name for item in items) if asked is None else asked
    return {capacity_providers(ACCOUNT, REGION, names): Known(Listing(items, gaps))}


def groups_fact(*items: AutoScalingGroup, asked: tuple[str, ...] | None = None, gaps: tuple[Gap, ...] = ()) -> Facts:
    names = tuple(item.name for item in items) if asked is None else asked
    return {auto_scaling_groups(ACCOUNT, REGION, names): Known(Listing(items, gaps))}


def settings_fact(region: str = REGION, **settings: str) -> Facts:
    return {account_settings(ACCOUNT, region): Known(settings)}


def a_snapshot(*parts: Facts) -> Snapshot:
    return Snapshot(facts={question: fact for part in parts for question, fact in part.items()})


def judged(check: str, config: PreflightConfig, *parts: Facts) -> CheckResult:
    """The one result of a check that has one target."""
    (result,) = judge(make_plan(config, [check]), a_snapshot(*parts)).results
    return result


def judged_on(target: str, check: str, config: PreflightConfig, *parts: Facts) -> CheckResult:
    """The result of a check on one of its targets."""
    results = judge(make_plan(config, [check]), a_snapshot(*parts)).results
    return next(result for result in results if result.target.id == target)


def asked(check: str, config: PreflightConfig, *parts: Facts) -> set[str]:
    """The kinds of question that the check has, given the facts."""
    (item,) = make_plan(config, [check]).items
    return {question.kind.name for question in item.questions(config, a_snapshot(*parts))}


def assert_not_green_by_ignorance(check: str, config: PreflightConfig, *parts: Facts) -> None:
    """A green result that lost any one answer that it declared is green no more."""
    snapshot = a_snapshot(*parts)
    plan = make_plan(config, [check])
    (item,) = plan.items
    assert judge(plan, snapshot).is_green, judge(plan, snapshot).results
    for question in item.questions(config, snapshot):
        for hidden in (Absent("it is gone"), Unknown("any:Action", "AccessDenied")):
            report = judge(plan, snapshot.with_fact(question, hidden))
            assert not report.is_green, f"{check} is green without {question} ({hidden})"


def quota_fact(vcpus: float, code: str = "L-3032A538") -> Facts:
    return {fargate_quota(ACCOUNT, REGION, code): Known(vcpus)}


def fargate_tasks_fact(*items: RunningTask, gaps: tuple[Gap, ...] = ()) -> Facts:
    return {fargate_tasks(ACCOUNT, REGION): Known(Listing(items, gaps))}


def a_group_config(**changed: Any) -> PreflightConfig:
    """A configuration whose one workload, `web`, is a server group: four copies of 256 CPU units and 512 MiB, six at the most."""
    group = server_groups.a_group(**{"account": ACCOUNT, "ecsClusterName": NAME, "dockerImageAddress": "web:7", **changed})
    config = a_config(workloads=[{"name": "web", "server_group": "web.json"}])
    return replace(config, workload_files=WorkloadFiles(server_groups={"web.json": (group,)}))


def by_providers(*names: str, **changed: Any) -> PreflightConfig:
    """The same, placed by capacity providers of equal weight."""
    strategy = [{"capacityProvider": name, "weight": 1} for name in names]
    return a_group_config(launchType=server_groups.GONE, capacityProviderStrategy=strategy, **changed)
