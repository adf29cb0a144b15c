"""The container instances of the simulated ECS, and the tasks on them: what each registered, and what that leaves.

moto's own are four vCPU each, whatever their type, and count ports and memory wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from random import Random
from typing import Any

from ecs_preflight.ecs.requirements import TaskRequirements

# The agent's own: ssh, Docker, and the agent (amazon-ecs-agent agent/config/config.go, DefaultConfig).
RESERVED_PORTS = (22, 2375, 2376, 51678, 51679)


@dataclass(slots=True)
class Task:
    """A task that runs, or is to."""

    arn: str
    cluster_arn: str
    instance_arn: str
    definition_arn: str
    family: str
    group: str
    demand: TaskRequirements
    started_at: datetime

    def described(self) -> dict[str, Any]:
        """The element of DescribeTasks."""
        eni = {"id": self.arn[-32:], "type": "ElasticNetworkInterface", "status": "ATTACHED", "details": []}
        return {
            "taskArn": self.arn,
            "clusterArn": self.cluster_arn,
            "containerInstanceArn": self.instance_arn,
            "taskDefinitionArn": self.definition_arn,
            "group": self.group,
            "lastStatus": "RUNNING",
            "desiredStatus": "RUNNING",
            "launchType": "EC2",
            "cpu": str(self.demand.cpu),
            "memory": str(self.demand.memory),
            "attachments": [eni] * self.demand.enis,
            "containers": [{"name": self.family, "lastStatus": "RUNNING"}],
            "connectivity": "CONNECTED",
            "createdAt": self.started_at,
            "startedAt": self.started_at,
            "version": 1,
        }


@dataclass(slots=True)
class Instance:
    """A registered container instance."""

    arn: str
    ec2_instance_id: str
    registered: dict[str, Any]
    """CPU and MEMORY as numbers; PORTS, PORTS_UDP and GPU as tuples of what was registered."""
    attributes: dict[str, str | None]
    status: str = "ACTIVE"
    agent_connected: bool = True
    capacity_provider: str | None = None
    registered_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    tasks: list[Task] = field(default_factory=list)

    def remaining(self) -> dict[str, Any]:
        """CPU, memory and GPUs that are free; of ports those that are taken, the agent's own among them."""
        gpus = self.registered["GPU"]
        taken_gpus = sum(task.demand.gpus for task in self.tasks)
        ports = {port for task in self.tasks for port in task.demand.ports}
        ports_udp = {port for task in self.tasks for port in task.demand.ports_udp}
        return {
            "CPU": self.registered["CPU"] - sum(task.demand.cpu for task in self.tasks),
            "MEMORY": self.registered["MEMORY"] - sum(task.demand.memory for task in self.tasks),
            "PORTS": (*self.registered["PORTS"], *sorted(ports)),
            "PORTS_UDP": (*self.registered["PORTS_UDP"], *sorted(ports_udp)),
            "GPU": gpus[taken_gpus:],
        }

    def shortfall(self, demand: TaskRequirements) -> str | None:
        """Why one more task of this demand does not start here, in the words of StartTask's failures."""
        free = self.remaining()
        if not self.agent_connected:
            return "AGENT"
        for reason, lacks in (
            ("RESOURCE:CPU", demand.cpu > free["CPU"]),
            ("RESOURCE:MEMORY", demand.memory > free["MEMORY"]),
            ("RESOURCE:PORTS", bool(demand.ports & set(free["PORTS"]) or demand.ports_udp & set(free["PORTS_UDP"]))),
            ("RESOURCE:GPU", demand.gpus > len(free["GPU"])),
        ):
            if lacks:
                return reason
        return None

    def described(self, *, health: bool) -> dict[str, Any]:
        """The element of DescribeContainerInstances."""
        element: dict[str, Any] = {
            "containerInstanceArn": self.arn,
            "ec2InstanceId": self.ec2_instance_id,
            "version": 1,
            "versionInfo": {"agentVersion": "1.89.0", "agentHash": "0a1b2c3d", "dockerVersion": "DockerVersion: 25.0.6"},
            "registeredResources": _listed(self.registered),
            "remainingResources": _listed(self.remaining()),
            "status": self.status,
            "agentConnected": self.agent_connected,
            "runningTasksCount": len(self.tasks),
            "pendingTasksCount": 0,
            "attributes": self.attributes,  # moto's serializer makes the list of it
            "registeredAt": self.registered_at,
            "attachments": [],
            "tags": [],
        }
        if self.capacity_provider:
            element["capacityProviderName"] = self.capacity_provider
        if health:
            element["healthStatus"] = {"overallStatus": "OK" if self.agent_connected else "INSUFFICIENT_DATA"}
        return element


@dataclass(slots=True)
class Fleet:
    """Every container instance and task, by account, region and cluster."""

    _random: Random = field(default_factory=lambda: Random(0))  # its own: what moto draws differs from wire to wire
    _instances: dict[tuple[str, str, str], dict[str, Instance]] = field(default_factory=dict)

    def instances(self, account_id: str, region: str, cluster: str) -> dict[str, Instance]:
        """By ARN, in the order of registration."""
        return self._instances.setdefault((account_id, region, cluster), {})

    def new_id(self) -> str:
        """32 hexadecimal digits, the same in every run."""
        return f"{self._random.getrandbits(128):032x}"

    def tasks(self, account_id: str, region: str, cluster: str) -> dict[str, Task]:
        """By ARN."""
        instances = self.instances(account_id, region, cluster).values()
        return {task.arn: task for instance in instances for task in instance.tasks}


def read_registered(total: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`totalResources` of RegisterContainerInstance."""
    given = {entry["name"]: entry for entry in total}
    numbers = {name: int(given.get(name, {}).get("integerValue") or 0) for name in ("CPU", "MEMORY")}
    ports = {
        name: tuple(int(port) for port in given.get(name, {}).get("stringSetValue") or otherwise)
        for name, otherwise in (("PORTS", RESERVED_PORTS), ("PORTS_UDP", ()))
    }
    return {**numbers, **ports, "GPU": tuple(given.get("GPU", {}).get("stringSetValue") or ())}


def _listed(resources: Mapping[str, Any]) -> list[dict[str, Any]]:
    """As ECS lists resources: numbers as INTEGER, sets as STRINGSET; GPU only where there is one registered."""
    listed = [_number(name, resources[name]) for name in ("CPU", "MEMORY")]
    listed += [_set(name, resources[name]) for name in ("PORTS", "PORTS_UDP")]
    return [*listed, _set("GPU", resources["GPU"])] if resources["GPU"] else listed


def _number(name: str, value: int) -> dict[str, Any]:
    return {"name": name, "type": "INTEGER", "doubleValue": 0.0, "longValue": 0, "integerValue": value}


def _set(name: str, values: Iterable[object]) -> dict[str, Any]:
    texts = [str(value) for value in values]
    return {"name": name, "type": "STRINGSET", "doubleValue": 0.0, "longValue": 0, "integerValue": 0, "stringSetValue": texts}
