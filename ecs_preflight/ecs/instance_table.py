"""The container instances that one question is about, as a table: a column for each thing that placement rules read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.instance import TRUNK_ATTRIBUTE, ContainerInstance, is_external
from ecs_preflight.ecs.query_terms import ATTRIBUTE, reader_of
from ecs_preflight.ecs.resources import Resources
from ecs_preflight.errors import UsageError


@dataclass(frozen=True)
class InstanceTable:
    """A row for each instance, in the order given; a column is worked out once, when the first rule asks for it.

    Rules run over columns because a cluster has up to 5,000 instances and each has thirty attributes: most rules read
    one number of each.
    """

    instances: tuple[ContainerInstance, ...]

    def __len__(self) -> int:
        return len(self.instances)

    @cached_property
    def arns(self) -> Sequence[str]:
        """The names of the rows."""
        return [instance.container_instance_arn for instance in self.instances]

    @cached_property
    def active(self) -> Sequence[bool]:
        """Whether the status is ACTIVE."""
        return [instance.status == "ACTIVE" for instance in self.instances]

    @cached_property
    def connected(self) -> Sequence[bool]:
        """Whether the agent is connected."""
        return [instance.agent_connected for instance in self.instances]

    @cached_property
    def unconnected(self) -> Sequence[int]:
        """The rows that are ACTIVE, and their agent not connected."""
        pairs = enumerate(zip(self.active, self.connected, strict=True))
        return [number for number, (active, connected) in pairs if active and not connected]

    @cached_property
    def impaired(self) -> Sequence[int]:
        """The rows that are ACTIVE, and their health was asked for and is bad."""
        return [
            number
            for number, instance in enumerate(self.instances)
            if instance.health_status.overall_status == "IMPAIRED" and self.active[number]
        ]

    @cached_property
    def external(self) -> Sequence[bool]:
        """Whether the machine is registered through ECS Anywhere."""
        ids = [instance.ec2_instance_id for instance in self.instances]
        return list(map(is_external, ids, self.attributes))

    @cached_property
    def providers(self) -> Sequence[str | None]:
        """The capacity provider that the instance belongs to."""
        return [instance.capacity_provider_name for instance in self.instances]

    @cached_property
    def tasks_counts(self) -> Sequence[int]:
        """Tasks that are wanted, running or about to: 0 means that DescribeTasks has nothing to add."""
        return [instance.running_tasks_count + instance.pending_tasks_count for instance in self.instances]

    @cached_property
    def remaining(self) -> Sequence[Resources]:
        """What no task has reserved."""
        return [instance.remaining_resources for instance in self.instances]

    @cached_property
    def cpu(self) -> Sequence[int]:
        """CPU units that are left."""
        return [left.cpu for left in self.remaining]

    @cached_property
    def memory(self) -> Sequence[int]:
        """MiB that are left."""
        return [left.memory for left in self.remaining]

    @cached_property
    def attributes(self) -> Sequence[Mapping[str, str | None]]:
        """Name -> value of every attribute."""
        return [instance.attributes for instance in self.instances]

    @cached_property
    def zones(self) -> Sequence[str]:
        """The Availability Zone; empty for an external instance."""
        return [attributes.get("ecs.availability-zone") or "" for attributes in self.attributes]

    @cached_property
    def instance_types(self) -> Sequence[str]:
        """The type of the machine, such as m5.large; empty where none is known."""
        return [attributes.get("ecs.instance-type") or "" for attributes in self.attributes]

    @cached_property
    def trunked(self) -> Sequence[bool]:
        """Whether the instance has a trunk for network interfaces."""
        return [TRUNK_ATTRIBUTE in attributes for attributes in self.attributes]

    def values_of(self, subject: str) -> Sequence[object]:
        """The column of a subject of the cluster query language; equal values are what no expression can tell apart."""
        if subject.startswith(ATTRIBUTE):
            name = subject.removeprefix(ATTRIBUTE)
            return [attributes.get(name, _ABSENT) for attributes in self.attributes]
        return list(map(reader_of(subject), self.instances))


_ABSENT = object()


Instances: TypeAlias = InstanceTable | Iterable[ContainerInstance | Mapping[str, Any]]


def read_instances(instances: Instances) -> InstanceTable:
    """Container instances as a table of models: made once, it serves any number of placements.

    Raises InputError where one cannot be read, UsageError where one comes twice.
    """
    if isinstance(instances, InstanceTable):
        return instances
    table = InstanceTable(
        tuple(
            item if isinstance(item, ContainerInstance) else read_shape(ContainerInstance, item, name="container instance")
            for item in instances
        )
    )
    if len(set(table.arns)) < len(table):
        raise UsageError("A container instance is given twice: each ARN may come once.")
    return table
