"""Container instances as they would join a cluster, with nothing on them: of the types that are there, and of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ecs_preflight.ecs.agent_capabilities import LINUX_CAPABILITIES
from ecs_preflight.ecs.instance import EXTERNAL_CAPABILITY, TRUNK_ATTRIBUTE, ContainerInstance
from ecs_preflight.ecs.instance_types import InstanceSize, documented_size
from ecs_preflight.ecs.resources import Resources

# The agent's own: ssh, Docker, and the agent (amazon-ecs-agent agent/config/config.go, DefaultConfig).
_RESERVED_PORTS = (22, 2375, 2376, 51678, 51679)


def emptied(instances: Iterable[ContainerInstance]) -> list[ContainerInstance]:
    """One of each instance type, the commonest first, as it would join: connected, and with nothing on it."""
    listed = list(instances)
    counted = Counter(instance.instance_type for instance in listed)
    of_type = {instance.instance_type: instance for instance in listed}
    return [fresh(of_type[instance_type]) for instance_type, _ in counted.most_common()]


def fresh(instance: ContainerInstance, **fields: Any) -> ContainerInstance:
    """The same as it would join, but for `fields`."""
    return altered(
        instance,
        **{
            "status": "ACTIVE",
            "agent_connected": True,
            "running_tasks_count": 0,
            "pending_tasks_count": 0,
            "remaining_resources": instance.registered_resources,
            **fields,
        },
    )


def altered(instance: ContainerInstance, **fields: Any) -> ContainerInstance:
    """The same but for `fields`. Made anew: a copied model would keep what placement has worked out for the old one."""
    return ContainerInstance(**{**{name: getattr(instance, name) for name in ContainerInstance.model_fields}, **fields})


def fresh_of_type(
    instance_type: str, beside: Sequence[ContainerInstance], capacity_provider: str | None = None
) -> ContainerInstance | None:
    """An instance of a type as it would join the instances `beside`; None where nothing is known of such a one.

    Like one of that type, where one is there, preferably of that capacity provider. Else as large as AWS documents, with the
    attributes of the agents that are there: instances of one cluster are mostly of one image. In an empty cluster, of a recent
    agent on Linux.
    """
    own = [instance for instance in beside if instance.capacity_provider_name == capacity_provider]
    candidates = [instance for instance in (*own, *beside) if not instance.is_external]
    like = next((instance for instance in candidates if instance.instance_type == instance_type), None)
    if like is not None:
        return fresh(like, capacity_provider_name=capacity_provider)
    size = documented_size(instance_type)
    if size is None:
        return None
    resources = _resources(size)
    sibling = candidates[0] if candidates else ContainerInstance(container_instance_arn=instance_type)
    return fresh(
        sibling,
        attributes=_attributes(sibling.attributes or dict.fromkeys(LINUX_CAPABILITIES), instance_type, size),
        registered_resources=resources,
        remaining_resources=resources,
        capacity_provider_name=capacity_provider,
    )


def tasks_on(instance: ContainerInstance) -> int:
    """Tasks that are wanted on it, running or about to."""
    return instance.running_tasks_count + instance.pending_tasks_count


def is_documented_only(instance_type: str, beside: Iterable[ContainerInstance]) -> bool:
    """Whether what is said of the type is an estimate, as none of it is there."""
    return all(instance.instance_type != instance_type for instance in beside)


def _attributes(of_sibling: Mapping[str, str | None], instance_type: str, size: InstanceSize) -> dict[str, str | None]:
    """Whether a new one gets a trunk interface is not known before it is there."""
    kept = {name: value for name, value in of_sibling.items() if name not in (TRUNK_ATTRIBUTE, EXTERNAL_CAPABILITY)}
    return {**kept, "ecs.instance-type": instance_type, "ecs.cpu-architecture": size.architecture}


def _resources(size: InstanceSize) -> Resources:
    gpus = tuple(f"GPU-{number}" for number in range(size.gpus))
    return Resources(cpu=size.cpu, memory=size.likely_memory, ports=_RESERVED_PORTS, gpus=gpus)
