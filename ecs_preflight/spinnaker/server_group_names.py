"""What clouddriver calls a new server group: family, service and container. clouddriver-ecs names/EcsServerGroupName.java."""

from __future__ import annotations

from dataclasses import dataclass

from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.server_group import ServerGroup

# clouddriver takes the number after the highest one in use, modulo a thousand.
_SEQUENCES = 1000


@dataclass(frozen=True, slots=True)
class ServerGroupName:
    """The names of one server group; `sequence` counts up from 0."""

    family: str
    sequence: int = 0

    @property
    def container(self) -> str:
        """Of its one container, where the task definition comes from inputs."""
        return f"v{self.sequence % _SEQUENCES:03d}"

    @property
    def service(self) -> str:
        """Of the ECS service."""
        return f"{self.family}-{self.container}"


def family_of(group: ServerGroup) -> str | Opaque | None:
    """`app[-stack[-detail]]`, `app--detail` without a stack: the task definition's family, Spinnaker's name of the cluster.

    None where neither the moniker nor the server group names an application. kork's MonikerHelper and frigga's naming.
    """
    moniker = group.moniker
    if isinstance(moniker, Opaque):
        return moniker
    parts = (moniker.app, moniker.stack, moniker.detail) if moniker else (group.application, group.stack, group.free_form_details)
    unknown = next((part for part in parts if isinstance(part, Opaque)), None)
    if unknown is not None:
        return unknown
    app, stack, detail = (str(part) if part is not None else "" for part in parts)
    if not app:
        return None
    if detail:
        return f"{app}-{stack}-{detail}"
    return f"{app}-{stack}" if stack else app
