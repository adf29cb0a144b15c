"""A container instance: the element of DescribeContainerInstances.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from sys import intern
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from ecs_preflight.ecs._model import AwsShape
from ecs_preflight.ecs.resources import Resources, read_resources

EXTERNAL_CAPABILITY = "ecs.capability.external"
TRUNK_ATTRIBUTE = "ecs.awsvpc-trunk-id"


def _read_attributes(value: Any) -> Any:
    """`[{"name": n, "value": v}, ...]` as `{n: v}`; what is a mapping already stays as it is.

    Texts are interned: the instances of a cluster have the same thirty names, and few values that differ.
    """
    if isinstance(value, Mapping):
        return value
    try:
        return {intern(item["name"]): _interned(item.get("value")) for item in value}
    except (AttributeError, KeyError, TypeError):
        raise ValueError('expected a list of attributes, each {"name": ..., "value": ...}') from None


def _interned(value: str | None) -> str | None:
    return None if value is None else intern(value)


def _read_resources(value: Any) -> Any:
    return read_resources(value) if isinstance(value, list | tuple) else value


def _read_moment(value: Any) -> Any:
    """Seconds since the epoch, from a datetime as boto3 gives it, an ISO 8601 text or a number."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).timestamp()
    return value


def is_external(ec2_instance_id: str | None, attributes: Mapping[str, str | None]) -> bool:
    """Registered through ECS Anywhere: Systems Manager gives such a machine an id that begins with `mi-`."""
    return EXTERNAL_CAPABILITY in attributes or (ec2_instance_id or "").startswith("mi-")


class VersionInfo(AwsShape):
    """Which agent runs on the instance."""

    agent_version: str | None = None


class HealthStatus(AwsShape):
    """What `include=[CONTAINER_INSTANCE_HEALTH]` adds: OK, IMPAIRED, INSUFFICIENT_DATA or INITIALIZING."""

    overall_status: str | None = None


class ContainerInstance(AwsShape):
    """An instance that is registered to a cluster; `attributes` maps each name to its value or None."""

    container_instance_arn: str
    ec2_instance_id: str | None = None
    capacity_provider_name: str | None = None
    status: str = ""
    agent_connected: bool = False
    version_info: VersionInfo = VersionInfo()
    health_status: HealthStatus = HealthStatus()
    running_tasks_count: int = 0
    pending_tasks_count: int = 0
    registered_at: Annotated[float | None, BeforeValidator(_read_moment)] = None
    attributes: Annotated[Mapping[str, str | None], BeforeValidator(_read_attributes)] = Field(default_factory=dict)
    remaining_resources: Annotated[Resources, BeforeValidator(_read_resources)] = Resources()
    registered_resources: Annotated[Resources, BeforeValidator(_read_resources)] = Resources()

    @property
    def is_external(self) -> bool:
        """Registered through ECS Anywhere."""
        return is_external(self.ec2_instance_id, self.attributes)

    @property
    def is_impaired(self) -> bool:
        """Its health was asked for, and is bad."""
        return self.health_status.overall_status == "IMPAIRED"

    @property
    def instance_type(self) -> str | None:
        """`m5.large`; None of an external instance."""
        return self.attributes.get("ecs.instance-type")

    @property
    def availability_zone(self) -> str | None:
        """`us-east-1a`; None of an external instance."""
        return self.attributes.get("ecs.availability-zone")
