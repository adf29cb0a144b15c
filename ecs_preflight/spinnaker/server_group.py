"""A server group to be deployed to ECS, as clouddriver is told of it: its CreateServerGroupDescription, field for field.

clouddriver-ecs deploy/description/CreateServerGroupDescription.java and AbstractECSDescription.java.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import PrivateAttr

from ecs_preflight.errors import Location
from ecs_preflight.spinnaker.opaque import Opaque, holds_expression, known
from ecs_preflight.spinnaker.server_group_parts import (
    AnOpaque,
    Capacity,
    CapacityProviderItem,
    DescriptionPart,
    Moniker,
    OrOpaque,
    PlacementConstraintItem,
    PlacementStrategyItem,
    ServiceDiscoveryAssociation,
    Source,
    Switch,
    TargetGroupMapping,
    Text,
    TextMap,
    Texts,
    Whole,
)

Path = tuple[str | int, ...]

# What Deck writes where nothing is chosen; clouddriver takes each for null, in its own field.
_NO_ROLE = "None (No IAM role)"
_NO_SECRET = "None (No registry credentials)"
_NO_LOG_DRIVER = "None"
_FARGATE_PROVIDERS = frozenset({"FARGATE", "FARGATE_SPOT"})


@dataclass(frozen=True, slots=True)
class DescriptionDefect:
    """What of a description clouddriver would not read, or would ignore: `key` as written, inside of the server group."""

    key: str
    found: str
    expected: str
    location: Location | None = None
    near_miss: str | None = None
    is_refused: bool = False
    """Jackson fails on it, and the stage with it; what is only ignored is not refused."""


@dataclass(frozen=True, slots=True)
class _Origin:
    """Not compared: two server groups that say the same are the same, wherever they were written."""

    places: Mapping[Path, Location] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    stage: str = field(default="", compare=False)

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (dict(self.places), self.stage)


def _restored(places: dict[Path, Location], stage: str) -> _Origin:
    return _Origin(MappingProxyType(places), stage)


class ServerGroup(DescriptionPart):
    """One server group. None is what clouddriver finds null; `Opaque` is what only a run of the pipeline tells."""

    account: Text = None
    credentials: Text = None
    """The ECS account's name; Orca fills it in from `account`."""
    application: Text = None
    stack: Text = None
    free_form_details: Text = None
    moniker: Annotated[Moniker | AnOpaque | None, OrOpaque] = None
    ecs_cluster_name: Text = None
    availability_zones: Annotated[Mapping[str, Texts] | AnOpaque | None, OrOpaque] = None
    """By region, of which there must be exactly one."""
    capacity: Annotated[Capacity | AnOpaque | None, OrOpaque] = None
    source: Annotated[Source | AnOpaque | None, OrOpaque] = None
    copy_source_scaling_policies_and_actions: Switch = True
    launch_type: Text = None
    platform_version: Text = None
    capacity_provider_strategy: Annotated[tuple[CapacityProviderItem, ...] | AnOpaque | None, OrOpaque] = None
    placement_strategy_sequence: Annotated[tuple[PlacementStrategyItem, ...] | AnOpaque | None, OrOpaque] = None
    placement_constraints: Annotated[tuple[PlacementConstraintItem, ...] | AnOpaque | None, OrOpaque] = None
    network_mode: Text = None
    subnet_type: Text = None
    """Deprecated, in favour of `subnet_types`."""
    subnet_types: Texts = None
    security_group_names: Texts = None
    associate_public_ip_address: Switch = None
    use_task_definition_artifact: Switch = False
    evaluate_task_definition_artifact_expressions: Switch = False
    task_definition_artifact: Any = None
    """Of a deploy stage: `artifact` or `artifactId`, which Orca resolves."""
    resolved_task_definition_artifact: Any = None
    spel_processed_task_definition_artifact: Any = None
    task_definition_artifact_account: Text = None
    container_to_image_map: TextMap = None
    docker_image_address: Text = None
    docker_image_credentials_secret: Text = None
    compute_units: Whole = None
    reserved_memory: Whole = None
    iam_role: Text = None
    environment_variables: TextMap = None
    docker_labels: TextMap = None
    tags: TextMap = None
    log_driver: Text = None
    log_options: TextMap = None
    port_protocol: Text = None
    container_port: Whole = None
    target_group: Text = None
    load_balanced_container: Text = None
    target_group_mappings: Annotated[tuple[TargetGroupMapping, ...] | AnOpaque | None, OrOpaque] = None
    service_discovery_associations: Annotated[tuple[ServiceDiscoveryAssociation, ...] | AnOpaque | None, OrOpaque] = None
    health_check_grace_period_seconds: Whole = None
    enable_execute_command: Switch = False
    enable_deployment_circuit_breaker: Switch = False
    strategy: Text = None
    """Orca's deployment strategy: redblack, highlander, rollingredblack, custom; blank for none."""

    use_source_capacity: Switch = None
    """Of a deploy stage: as many copies as the server group before it has by then."""

    defects: tuple[DescriptionDefect, ...] = ()
    """What of it clouddriver would refuse to read, or ignore."""
    is_of_stage: bool = False
    """It is a deploy stage's, which Orca completes, and not yet what Orca sends to clouddriver."""

    _origin: _Origin = PrivateAttr(default_factory=_Origin)

    def written_at(self, places: Mapping[Path, Location], stage: str = "") -> None:
        """Where each key stands, by path; `()` is the whole."""
        self._origin = _Origin(MappingProxyType(dict(places)), stage)

    @property
    def location(self) -> Location | None:
        """Where it begins; None for one made in Python."""
        return self._origin.places.get(())

    @property
    def stage(self) -> str:
        """The name of its deploy stage; empty where it is of none."""
        return self._origin.stage

    def where(self, *path: str | int) -> Location | None:
        """The best place to show for a key, as clouddriver spells it: its own, else the nearest one around it."""
        places = self._origin.places
        return next((places[path[:end]] for end in range(len(path), -1, -1) if path[:end] in places), None)

    @property
    def account_name(self) -> str | Opaque | None:
        """The ECS account."""
        return self.credentials if self.credentials is not None else self.account

    @property
    def region(self) -> str | Opaque | None:
        """clouddriver takes the first key of `availabilityZones`; None where there is none."""
        if isinstance(self.availability_zones, Opaque):
            return self.availability_zones
        first = next(iter(self.availability_zones or {}), None)
        return Opaque(first) if first is not None and holds_expression(first) else first

    @property
    def takes_capacity_of_source(self) -> bool | Opaque:
        """Whether the desired count is that of the server group before it, where there is one, and not its own."""
        source = known(self.source)
        stated = self.use_source_capacity if self.use_source_capacity is not None else source and source.use_source_capacity
        return stated or False

    @property
    def is_from_artifact(self) -> bool:
        """Its task definition comes from a file and not from `inputs`."""
        return self.use_task_definition_artifact is True

    @property
    def providers(self) -> tuple[str, ...]:
        """The capacity providers that its strategy names, as far as they are known."""
        items = known(self.capacity_provider_strategy) or ()
        return tuple(name for item in items if (name := known(item.capacity_provider)))

    @property
    def runs_on_fargate(self) -> bool | None:
        """By its launch type or one of its providers; None where that cannot be known."""
        if self.launch_type == "FARGATE" or not _FARGATE_PROVIDERS.isdisjoint(self.providers):
            return True
        if isinstance(self.launch_type, Opaque) or isinstance(self.capacity_provider_strategy, Opaque):
            return None
        items = self.capacity_provider_strategy or ()
        return None if any(isinstance(item.capacity_provider, Opaque) for item in items) else False

    @property
    def task_role(self) -> str | Opaque | None:
        """The role that it names for its containers; an artifact names its own, and this is ignored."""
        return None if self.is_from_artifact or self.iam_role == _NO_ROLE else self.iam_role

    @property
    def registry_secret(self) -> str | Opaque | None:
        """The secret that pulls its image."""
        secret = self.docker_image_credentials_secret
        return None if self.is_from_artifact or secret == _NO_SECRET else secret

    @property
    def log_driver_in_force(self) -> str | Opaque | None:
        return None if self.is_from_artifact or self.log_driver == _NO_LOG_DRIVER else self.log_driver
