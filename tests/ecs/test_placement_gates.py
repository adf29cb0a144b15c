"""Instances that are no candidates: status, agent, capacity provider, launch type, zone, attributes."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.placement import place
from ecs_preflight.errors import InputError, UsageError
from tests.ecs.builders import EXTERNAL, container, instance, named, simple, subnet, task
from tests.ecs.test_placement_resources import bound, codes

GOOD = instance("good", cpu=512)


@pytest.mark.parametrize(
    ("members", "reasons"),
    [
        ({}, ""),
        # "ACTIVE: the container instance can accept tasks", of API_ContainerInstance's status.
        ({"status": "DRAINING"}, "STATUS"),
        ({"status": "REGISTERING"}, "STATUS"),
        ({"status": "REGISTRATION_FAILED"}, "STATUS"),
        ({"status": "DEREGISTERING"}, "STATUS"),
        ({"status": "INACTIVE"}, "STATUS"),
        ({"status": None}, "STATUS"),
        # "Only instances connected to an agent can accept task placement requests."
        ({"agentConnected": False}, "AGENT"),
        ({"agentConnected": None}, "AGENT"),
        ({"agentConnected": False, "status": "DRAINING"}, "AGENT STATUS"),
        ({"status": "DRAINING", "cpu": 10}, "CPU STATUS"),
        ({"healthStatus": {"overallStatus": "IMPAIRED"}}, ""),
        ({"healthStatus": {"overallStatus": "OK"}}, ""),
    ],
    ids=str,
)
def test_status_and_agent(members: dict[str, Any], reasons: str) -> None:
    placement = place(simple(512, 10), 100, on=[instance("bad", **members), GOOD])
    assert codes(placement.ineligible) == ({"bad": reasons} if reasons else {})
    assert bound(placement) == "CPU"
    assert named(placement.per_instance) == {"bad": 0 if reasons else 4, "good": 1}


def test_where_no_instance_is_a_candidate_the_gates_bind() -> None:
    placement = place(simple(), 1, on=[instance("a", status="DRAINING"), instance("b", status="DRAINING", cpu=0)])
    assert bound(placement) == "STATUS"
    assert placement.relax["STATUS"] == 8


@pytest.mark.parametrize(
    ("provider", "of_instance", "reasons"),
    [
        (None, None, ""),
        (None, "cp-a", ""),
        ("cp-a", "cp-a", ""),
        ("cp-a", "cp-b", "CAPACITY_PROVIDER"),
        ("cp-a", None, "CAPACITY_PROVIDER"),  # attached to the group by hand: containers-roadmap#2055
        (["cp-a", "cp-b"], "cp-b", ""),
        (["cp-a", "cp-b"], "cp-c", "CAPACITY_PROVIDER"),
        ("FARGATE", "cp-a", "CAPACITY_PROVIDER"),
    ],
)
def test_capacity_providers(provider: Any, of_instance: str | None, reasons: str) -> None:
    placement = place(simple(), 1, on=[instance(capacityProviderName=of_instance)], capacity_provider=provider)
    assert codes(placement.ineligible) == ({"a": reasons} if reasons else {})


@pytest.mark.parametrize(
    ("launch_type", "definition", "eligible"),
    [
        (None, simple(), "ec2"),
        ("EC2", simple(), "ec2"),
        ("EXTERNAL", simple(), "external mi"),
        ("FARGATE", simple(), ""),
        ("MANAGED_INSTANCES", simple(), "ec2"),
        ("EXTERNAL", simple(networkMode="awsvpc", requiresAttributes=[]), ""),
        ("EC2", simple(compatibilities=["EC2", "FARGATE"]), "ec2"),
        (None, simple(compatibilities=["EC2", "FARGATE"]), "ec2"),
        ("EC2", simple(compatibilities=["FARGATE"]), ""),
        (None, simple(compatibilities=["EXTERNAL"]), ""),
        ("EXTERNAL", simple(compatibilities=["EXTERNAL", "EC2"]), "external mi"),
        ("EC2", simple(requiresCompatibilities=["FARGATE"]), "ec2"),
    ],
    ids=str,
)
def test_launch_types(launch_type: str | None, definition: dict[str, Any], eligible: str) -> None:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-anywhere.html
    instances = [
        instance("ec2"),
        instance("external", attributes=EXTERNAL, zone=None, kind=None),
        instance("mi", ec2InstanceId="mi-0123", zone=None, kind=None),
    ]
    placement = place(definition, 1, on=instances, launch_type=launch_type)
    barred = {name: reasons for name, reasons in codes(placement.ineligible).items() if "LAUNCH_TYPE" in reasons}
    assert {"ec2", "external", "mi"} - barred.keys() == set(eligible.split())


@pytest.mark.parametrize(
    ("required", "attributes", "reasons"),
    [
        ([], {}, ""),
        ([{"name": "ecs.capability.efs"}], {}, "ATTRIBUTE"),
        ([{"name": "ecs.capability.efs"}], {"ecs.capability.efs": None}, ""),
        ([{"name": "ecs.capability.efs"}], {"ecs.capability.efs": "1"}, ""),
        ([{"name": "a"}, {"name": "b"}], {"a": None}, "ATTRIBUTE"),
        ([{"name": "a"}, {"name": "b"}], {"a": None, "b": None}, ""),
        ([{"name": "stack", "value": "prod"}], {"stack": "prod"}, ""),
        ([{"name": "stack", "value": "prod"}], {"stack": "dev"}, "ATTRIBUTE"),
        ([{"name": "stack", "value": "prod"}], {"stack": None}, "ATTRIBUTE"),
        ([{"name": "stack", "value": "prod"}], {}, "ATTRIBUTE"),
    ],
    ids=str,
)
def test_attributes_of_a_registered_definition(
    required: list[dict[str, str]], attributes: dict[str, str | None], reasons: str
) -> None:
    # API_TaskDefinition: requiresAttributes are "used when determining task placement".
    placement = place(simple(requiresAttributes=required), 1, on=[instance(attributes=attributes)])
    assert codes(placement.ineligible) == ({"a": reasons} if reasons else {})


@pytest.mark.parametrize(
    ("definition", "lacking"),
    [
        (simple(networkMode="awsvpc"), "ecs.capability.task-eni"),
        (task(container(), cpu="256"), "ecs.capability.task-cpu-mem-limit"),
        (
            task(container(logConfiguration={"logDriver": "awslogs"})),
            "com.amazonaws.ecs.capability.logging-driver.awslogs",
        ),
        (simple(taskRoleArn="role"), "com.amazonaws.ecs.capability.task-iam-role"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_attributes_that_an_unregistered_definition_will_want(definition: dict[str, Any], lacking: str) -> None:
    with_it, without_it = instance("with"), instance("without", without=[lacking])
    placement = place(definition, 1, on=[with_it, without_it], running_tasks=[])
    assert codes(placement.ineligible) == {"without": "ATTRIBUTE"}
    assert placement.unknowns == ()


def test_an_attribute_that_is_only_likely_is_doubted() -> None:
    ranged = task(container(10, 10, portMappings=[{"containerPortRange": "8000-8010"}]))
    has = instance("has", attributes={"ecs.capability.network.container-port-range": None})
    placement = place(ranged, 1000, on=[has, instance("lacks"), instance("gone", status="INACTIVE")])
    assert (placement.max_placeable, placement.at_least) == (408, 204)
    assert len(placement.unknowns) == 1
    assert "container-instance/demo/lacks: it lacks ecs.capability.network.container-port-range" in placement.unknowns[0]


def test_likely_and_certain_attributes_are_judged_together() -> None:
    definition = task(container(10, 10, portMappings=[{"containerPortRange": "80-90"}]), taskRoleArn="role")
    placement = place(definition, 1, on=[instance(without=["com.amazonaws.ecs.capability.task-iam-role"])])
    assert codes(placement.ineligible) == {"a": "ATTRIBUTE"}
    assert placement.unknowns == ()


# LOCATION and SUBNET_IP: awsvpc tasks and the subnets that they are given.

AWSVPC = simple(10, 10, networkMode="awsvpc", requiresAttributes=[])
TWO_ZONES = [
    instance("a1", kind="m5.xlarge"),
    instance("a2", kind="m5.xlarge"),
    instance("b1", kind="m5.xlarge", zone="us-east-1b"),
]


@pytest.mark.parametrize(
    ("subnets", "placed", "ineligible"),
    [
        (None, 9, {}),
        ([subnet("us-east-1a"), subnet("us-east-1b")], 9, {}),
        ([subnet("us-east-1a")], 6, {"b1": "LOCATION"}),
        ([subnet("us-east-1b")], 3, {"a1": "LOCATION", "a2": "LOCATION"}),
        ([subnet("us-east-1c")], 0, {"a1": "LOCATION", "a2": "LOCATION", "b1": "LOCATION"}),
        ([], 0, {"a1": "LOCATION", "a2": "LOCATION", "b1": "LOCATION"}),
        ([subnet("us-east-1a", 4), subnet("us-east-1b")], 7, {}),
        ([subnet("us-east-1a", 4), subnet("us-east-1b", 0)], 4, {"b1": "SUBNET_IP"}),
        ([subnet("us-east-1a", 0), subnet("us-east-1b", 2)], 2, {"a1": "SUBNET_IP", "a2": "SUBNET_IP"}),
        ([subnet("us-east-1a", 2), subnet("us-east-1a", 3)], 5, {"b1": "LOCATION"}),
        ([subnet("us-east-1a", -5)], 0, {"a1": "SUBNET_IP", "a2": "SUBNET_IP", "b1": "LOCATION"}),
    ],
    ids=str,
)
def test_subnets(subnets: list[dict[str, Any]] | None, placed: int, ineligible: dict[str, str]) -> None:
    placement = place(AWSVPC, 100, on=TWO_ZONES, subnets=subnets, running_tasks=[])
    assert placement.max_placeable == placement.at_least == placed
    assert codes(placement.ineligible) == ineligible


def test_addresses_are_no_matter_of_one_instance() -> None:
    placement = place(AWSVPC, 9, on=TWO_ZONES, subnets=[subnet("us-east-1a", 4), subnet("us-east-1b")], running_tasks=[])
    assert named(placement.per_instance) == {"a1": 3, "a2": 3, "b1": 3}
    assert codes(placement.blocking) == {"a1": "ENI SUBNET_IP", "a2": "SUBNET_IP", "b1": "ENI"}
    assert bound(placement) == "ENI SUBNET_IP"
    assert placement.relax["SUBNET_IP"] == 9
    assert placement.relax["ENI"] == 104


def test_addresses_that_were_not_read_are_certain_of_none() -> None:
    placement = place(AWSVPC, 9, on=TWO_ZONES, subnets=[subnet("us-east-1a", None), subnet("us-east-1b")], running_tasks=[])
    assert (placement.max_placeable, placement.at_least) == (9, 3)
    assert placement.unknowns == ("The free addresses of the subnets in us-east-1a were not read.",)


def test_a_subnet_of_another_vpc_is_another_location() -> None:
    here = instance("here", attributes={"ecs.vpc-id": "vpc-1"})
    elsewhere = instance("elsewhere", attributes={"ecs.vpc-id": "vpc-2"})
    untold = instance("untold")
    placement = place(AWSVPC, 1, on=[here, elsewhere, untold], subnets=[subnet(VpcId="vpc-1")], running_tasks=[])
    assert codes(placement.ineligible) == {"elsewhere": "LOCATION"}
    assert codes(place(AWSVPC, 1, on=[elsewhere], subnets=[subnet()], running_tasks=[]).ineligible) == {}


def test_tasks_without_an_interface_of_their_own_do_not_mind_the_subnets() -> None:
    assert place(simple(), 1, on=[instance()], subnets=[]).placed == 1


# Cautions.


@pytest.mark.parametrize(
    ("definition", "members", "said"),
    [
        (simple(), {"agentConnected": False}, "has an agent that is not connected"),
        (simple(), {"healthStatus": {"overallStatus": "IMPAIRED"}}, "is IMPAIRED"),
        (
            simple(runtimePlatform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}),
            {},
            "is not the LINUX ARM64 that the images are built for",
        ),
        (simple(runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2019_CORE"}), {}, "is not the WINDOWS_SERVER"),
    ],
    ids=str,
)
def test_what_bars_no_task_is_a_warning(definition: dict[str, Any], members: dict[str, Any], said: str) -> None:
    placement = place(definition, 1, on=[instance(**members), instance("b", **members)])
    assert len(placement.warnings) == 1
    assert said in placement.warnings[0]
    assert placement.warnings[0].endswith("(and 1 more).")


@pytest.mark.parametrize(
    "platform",
    [
        {},
        {"cpuArchitecture": "X86_64"},
        {"operatingSystemFamily": "LINUX"},
        {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
    ],
    ids=str,
)
def test_the_platform_of_the_instance_is_no_warning(platform: dict[str, str]) -> None:
    assert place(simple(runtimePlatform=platform), 1, on=[instance()]).warnings == ()


def test_an_instance_that_tells_no_platform_fits_any() -> None:
    silent = instance(without=["ecs.os-type", "ecs.cpu-architecture"])
    assert place(simple(runtimePlatform={"cpuArchitecture": "ARM64"}), 1, on=[silent]).warnings == ()


def test_no_instances_are_a_warning() -> None:
    placement = place(simple(), 3, on=[])
    assert placement.warnings == ("There are no container instances.",)
    assert (placement.placed, placement.blocking, placement.binding) == (0, {}, frozenset())


# What is refused.


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(UsageError, match="The number of copies is -1"):
        place(simple(), -1, on=[])
    with pytest.raises(UsageError, match="There is no launch type 'SPOT': use one of EC2, EXTERNAL, FARGATE"):
        place(simple(), 1, on=[], launch_type="SPOT")
    with pytest.raises(UsageError, match="binpack takes the field cpu or memory"):
        place(simple(), 1, on=[], strategy=[{"type": "binpack", "field": "disk"}])
    with pytest.raises(InputError, match="This is not the task definition"):
        place({"cpu": "many"}, 1, on=[])
