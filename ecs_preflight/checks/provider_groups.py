"""The capacity providers of a cluster with the Auto Scaling groups behind them, and whether they can bring instances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ecs_preflight.answers import AutoScalingGroup
from ecs_preflight.checks._check import Facts, Questions
from ecs_preflight.checks.each_cluster import instance_providers
from ecs_preflight.ecs.cluster import CapacityProvider, Cluster
from ecs_preflight.facts import Snapshot
from ecs_preflight.questions import auto_scaling_groups, capacity_providers
from ecs_preflight.targets import Target

# Without Launch nothing starts; without AlarmNotification the group no longer follows the scaling policy of managed scaling.
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
NEEDED_TO_SCALE_OUT = frozenset({"Launch", "AlarmNotification"})


@dataclass(frozen=True, slots=True)
class ProviderAndGroup:
    """A capacity provider as ECS describes it (None: it does not exist), and its Auto Scaling group (None likewise)."""

    name: str
    provider: CapacityProvider | None
    group: AutoScalingGroup | None = None

    @property
    def group_name(self) -> str:
        """The name in the group's ARN; empty for a provider whose instances ECS manages itself."""
        return group_name(self.provider) if self.provider else ""

    @property
    def can_scale_from_zero(self) -> bool:
        """Whether it brings container instances once tasks wait for it, though none is there now.

        https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
        """
        if self.provider is None or self.provider.status != "ACTIVE":
            return False
        behind = self.provider.auto_scaling_group_provider
        if behind is None:  # Managed Instances: ECS itself launches and ends them
            return True
        if self.group is None or behind.managed_scaling.status != "ENABLED":
            return False
        return self.group.max_size > 0 and NEEDED_TO_SCALE_OUT.isdisjoint(self.group.suspended_processes)


def provider_questions(target: Target, found: Cluster, known: Snapshot) -> Questions:
    """The cluster's capacity providers, and then the Auto Scaling groups behind them."""
    names = instance_providers(found)
    if not names:
        return
    asked = capacity_providers(target.account, target.region, names)
    yield asked
    listing = known[asked].value_or_none()
    groups = _group_names(listing.items) if listing else ()
    if groups:
        yield auto_scaling_groups(target.account, target.region, groups)


def providers_of(target: Target, found: Cluster, facts: Facts) -> tuple[ProviderAndGroup, ...]:
    """Each capacity provider that brings instances, in the cluster's order; raises Undetermined where one was not seen."""
    names = instance_providers(found)
    if not names:
        return ()
    described = {
        provider.name: provider for provider in facts[capacity_providers(target.account, target.region, names)].require().items
    }
    groups: Mapping[str, AutoScalingGroup] = {}
    if wanted := _group_names(described.values()):
        listing = facts[auto_scaling_groups(target.account, target.region, wanted)].require()
        groups = {group.name: group for group in listing.items}
    return tuple(_joined(name, described.get(name), groups) for name in names)


def group_name(provider: CapacityProvider) -> str:
    """`web` of `arn:...:autoScalingGroup:UUID:autoScalingGroupName/web`; what is no such ARN is a name itself."""
    behind = provider.auto_scaling_group_provider
    if behind is None:
        return ""
    _, _, name = behind.auto_scaling_group_arn.partition(":autoScalingGroupName/")
    return name or behind.auto_scaling_group_arn


def _joined(name: str, provider: CapacityProvider | None, groups: Mapping[str, AutoScalingGroup]) -> ProviderAndGroup:
    return ProviderAndGroup(name, provider, groups.get(group_name(provider)) if provider else None)


def _group_names(providers: Iterable[CapacityProvider]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for provider in providers if (name := group_name(provider))))
