"""A rolling deployment of a service: how far it may go below and above the desired count.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
"""

from __future__ import annotations

from dataclasses import dataclass

from ecs_preflight.errors import UsageError


@dataclass(frozen=True, slots=True)
class RollingDeployment:
    """Tasks that must stay healthy, tasks that may run at once, and whether that leaves a way forward."""

    desired: int
    floor: int
    ceiling: int

    @property
    def extra(self) -> int:
        """New tasks that may start before an old one stops."""
        return self.ceiling - self.desired

    @property
    def can_progress(self) -> bool:
        """Either a new task may start first, or an old one may stop first."""
        return self.desired == 0 or self.ceiling > self.desired or self.floor < self.desired


def rolling_deployment(desired: int, *, minimum_healthy_percent: int = 100, maximum_percent: int = 200) -> RollingDeployment:
    """The floor, rounded up, and the ceiling, rounded down; the defaults are those of a replica service.

    Raises UsageError for a negative number.
    """
    if min(desired, minimum_healthy_percent, maximum_percent) < 0:
        raise UsageError("A desired count and the percentages of a deployment are 0 or more.")
    return RollingDeployment(
        desired=desired,
        floor=-(-desired * minimum_healthy_percent // 100),
        ceiling=desired * maximum_percent // 100,
    )
