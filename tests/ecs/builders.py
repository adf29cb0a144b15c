"""Small valid instances, tasks and answers of ECS, changed one member at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
API = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/"
AGENT = "https://github.com/aws/amazon-ecs-agent/blob/v1.105.1/"
# What the agent reserves for itself, the Docker daemon and ssh: agent/config/config_unix.go.
RESERVED_PORTS = (22, 2375, 2376, 51678, 51679)
CAPABILITIES = (
    "com.amazonaws.ecs.capability.privileged-container",
    "com.amazonaws.ecs.capability.docker-remote-api.1.18",
    "com.amazonaws.ecs.capability.docker-remote-api.1.19",
    "com.amazonaws.ecs.capability.docker-remote-api.1.21",
    "com.amazonaws.ecs.capability.ecr-auth",
    "com.amazonaws.ecs.capability.logging-driver.awslogs",
    "com.amazonaws.ecs.capability.task-iam-role",
    "ecs.capability.execution-role-awslogs",
    "ecs.capability.execution-role-ecr-pull",
    "ecs.capability.task-cpu-mem-limit",
    "ecs.capability.task-eni",
)
_PREFIX = "arn:aws:ecs:us-east-1:111122223333:container-instance/demo/"


def arn(name: str) -> str:
    return _PREFIX + name


def named(by_arn: Mapping[str, Any]) -> dict[str, Any]:
    """The same by the short names of the instances."""
    return {key.removeprefix(_PREFIX): value for key, value in by_arn.items()}


def integer(name: str, value: int) -> dict[str, Any]:
    return {"name": name, "type": "INTEGER", "doubleValue": 0.0, "longValue": 0, "integerValue": value}


def strings(name: str, values: Iterable[object]) -> dict[str, Any]:
    return {"name": name, "type": "STRINGSET", "integerValue": 0, "stringSetValue": [str(value) for value in values]}


def instance(
    name: str = "a",
    cpu: int = 2048,
    memory: int = 7680,
    *,
    ports: Iterable[int] = (),
    udp: Iterable[int] = (),
    gpus: Iterable[str] | None = None,
    registered_gpus: Iterable[str] | None = None,
    zone: str | None = "us-east-1a",
    kind: str | None = "m5.large",
    attributes: Mapping[str, str | None] | None = None,
    without: Iterable[str] = (),
    **members: Any,
) -> dict[str, Any]:
    """An element of DescribeContainerInstances; `ports` are in use beside those that the agent reserves."""
    values: dict[str, str | None] = dict.fromkeys(CAPABILITIES)
    values |= {"ecs.os-type": "linux", "ecs.cpu-architecture": "x86_64"}
    values |= {"ecs.availability-zone": zone} if zone else {}
    values |= {"ecs.instance-type": kind} if kind else {}
    values |= attributes or {}
    left = {key: value for key, value in values.items() if key not in set(without)}
    remaining = [
        integer("CPU", cpu),
        integer("MEMORY", memory),
        strings("PORTS", (*RESERVED_PORTS, *ports)),
        strings("PORTS_UDP", udp),
    ]
    return {
        "containerInstanceArn": arn(name),
        "ec2InstanceId": f"i-{name}",
        "versionInfo": {"agentVersion": "1.86.0"},
        "status": "ACTIVE",
        "agentConnected": True,
        "runningTasksCount": 0,
        "pendingTasksCount": 0,
        "registeredAt": 1718000000.0,
        "attributes": [{"name": key} | ({} if value is None else {"value": value}) for key, value in left.items()],
        "remainingResources": remaining + ([] if gpus is None else [strings("GPU", gpus)]),
        "registeredResources": [] if registered_gpus is None else [strings("GPU", registered_gpus)],
        **members,
    }


def container(cpu: int = 256, memory: int | None = 512, **members: Any) -> dict[str, Any]:
    hard = {} if memory is None else {"memory": memory}
    return {"name": "app", "image": "example/app:1", "cpu": cpu, **hard, **members}


def task(*containers: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"family": "web", "containerDefinitions": list(containers or (container(),)), **members}


def simple(cpu: int = 256, memory: int = 512, **members: Any) -> dict[str, Any]:
    """A definition of one container of that size."""
    return task(container(cpu, memory), **members)


def publishing(*mappings: dict[str, Any], cpu: int = 10, memory: int = 10, **members: Any) -> dict[str, Any]:
    """A definition of one small container with those port mappings."""
    return task(container(cpu, memory, portMappings=list(mappings)), **members)


def with_gpus(count: object, cpu: int = 10, memory: int = 10, **members: Any) -> dict[str, Any]:
    wish = {"type": "GPU", "value": str(count)}
    return task(container(cpu, memory, resourceRequirements=[wish]), **members)


def running(
    on: str | None = "a",
    group: str = "service:other",
    *,
    desired: str = "RUNNING",
    last: str = "RUNNING",
    interface: str | None = None,
    gpu_ids: Iterable[str] = (),
) -> dict[str, Any]:
    """An element of DescribeTasks; `interface` is the status of its network interface."""
    attachments = [] if interface is None else [{"type": "ElasticNetworkInterface", "status": interface, "details": []}]
    where = {} if on is None else {"containerInstanceArn": arn(on)}
    return {
        "taskArn": "arn:aws:ecs:us-east-1:111122223333:task/demo/1",
        "group": group,
        "desiredStatus": desired,
        "lastStatus": last,
        "attachments": attachments,
        "containers": [{"name": "app", "gpuIds": list(gpu_ids)}],
        **where,
    }


def member_of(expression: str) -> dict[str, str]:
    return {"type": "memberOf", "expression": expression}


EXTERNAL: dict[str, str | None] = {"ecs.capability.external": None}
DISTINCT = {"type": "distinctInstance"}


def subnet(zone: str = "us-east-1a", addresses: int | None = 100, **members: Any) -> dict[str, Any]:
    counted = {} if addresses is None else {"AvailableIpAddressCount": addresses}
    return {"SubnetId": f"subnet-{zone[-1]}", "AvailabilityZone": zone, **counted, **members}
