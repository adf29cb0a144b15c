"""What capacity providers make of copies that do not fit now: how far their Auto Scaling groups may grow for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ecs_preflight.answers import AutoScalingGroup
from ecs_preflight.checks.fresh_instances import fresh_of_type, tasks_on
from ecs_preflight.checks.provider_groups import NEEDED_TO_SCALE_OUT, ProviderAndGroup
from ecs_preflight.checks.room import Wanted
from ecs_preflight.ecs.cluster import AutoScalingGroupProvider
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.managed_scaling import ScaleOut, scale_out
from ecs_preflight.ecs.placement import Placement
from ecs_preflight.ecs.provider_split import split_by_strategy


@dataclass(frozen=True, slots=True)
class Growth:
    """What one capacity provider may add for `missing` copies: instances, and how many of the copies these hold.

    `needed` of the instances are enough, were all of the smallest type; `told` says so, or why it adds nothing.
    """

    provider: str
    missing: int
    instances: int
    at_least: int
    at_most: int
    told: str
    group_name: str = ""
    desired_capacity: int = 0
    """Of the group, as it stands."""
    needed: int = 0

    @property
    def suffices(self) -> bool | None:
        """None where it is not known."""
        if self.at_least >= self.missing:
            return True
        return None if self.at_most >= self.missing else False


def shares_of(wanted: Wanted) -> tuple[Wanted, ...]:
    """The copies that each capacity provider gets, at the most; all together where there is one provider or none.

    Raises UsageError for a strategy that ECS would refuse.
    """
    workload = wanted.workload
    if not workload.providers:
        return (wanted,)
    split = split_by_strategy(workload.capacity_provider_strategy, wanted.count)
    if len(split.certain) == 1:
        return (wanted,)
    return tuple(
        replace(wanted, workload=replace(workload, capacity_provider_strategy=(item,)), count=split.most(name))
        for item in workload.capacity_provider_strategy
        for name in [item["capacityProvider"]]
        if split.most(name)
    )


def growth_for(
    share: Wanted, placement: Placement, instances: Sequence[ContainerInstance], providers: Sequence[ProviderAndGroup]
) -> Growth:
    """What the one capacity provider of `share` may add for the copies that are not certain to fit; `placement` is theirs."""
    (name,) = share.workload.providers
    missing = max(share.count - placement.at_least, 0)
    found = next((provider for provider in providers if provider.name == name), ProviderAndGroup(name, None))
    told = f"capacity provider {name!r}"
    if found.provider is None:
        return Growth(name, missing, 0, 0, 0, f"{told} is not one of the cluster's, or does not exist")
    behind = found.provider.auto_scaling_group_provider
    if not found.can_scale_from_zero:
        return Growth(name, missing, 0, 0, 0, f"{told} adds no instance: {_why_not(found)}")
    if behind is None or found.group is None:
        return Growth(name, missing, 0, missing, missing, f"{told} has ECS launch instances as they are needed")
    return _growth_of_group(share, missing, instances, found.group, behind, told)


def _growth_of_group(
    share: Wanted,
    missing: int,
    instances: Sequence[ContainerInstance],
    group: AutoScalingGroup,
    behind: AutoScalingGroupProvider,
    told: str,
) -> Growth:
    (name,) = share.workload.providers
    own = [instance for instance in instances if instance.capacity_provider_name == name]
    types = dict.fromkeys((*group.instance_types, *(instance.instance_type or "" for instance in own)))
    held = [_copies_on(kind, share, instances, name) for kind in types if kind]
    known = [copies for copies in held if copies is not None]
    headroom = max(group.max_size - group.desired_capacity, 0)
    limit = f"the group {group.name} stands at {group.desired_capacity} of at most {group.max_size} instances"
    if not known or len(known) < len(held):
        most = missing if headroom else 0
        said = f"{told} may add {headroom} instances ({limit}), of types whose size is not known"
        return Growth(name, missing, headroom, 0, most, said, group.name, group.desired_capacity)
    scaled = scale_out(
        missing,
        copies_on_largest=max(known),
        copies_on_smallest=min(known),
        running_instances=len(own),
        empty_instances=sum(not tasks_on(instance) for instance in own),
        auto_scaling_group={"maxSize": group.max_size, "desiredCapacity": group.desired_capacity},
        managed_scaling=behind.managed_scaling,
    )
    said = _told(scaled, tuple(kind for kind in types if kind), known)
    return Growth(
        provider=name,
        missing=missing,
        instances=headroom if scaled.compatible else 0,
        at_least=scaled.at_least,
        at_most=scaled.tasks_after_full_scale_out,
        told=f"{told} {said}; {limit}",
        group_name=group.name,
        desired_capacity=group.desired_capacity,
        needed=min(-(-missing // min(known)), headroom) if scaled.compatible else 0,
    )


def _told(scaled: ScaleOut, types: Sequence[str], copies: Sequence[int]) -> str:
    sizes = ", ".join(f"an empty {kind} holds {held}" for kind, held in zip(types, copies, strict=True))
    if not scaled.compatible:
        # "that group of tasks can't run with this capacity provider. The capacity provider doesn't scale"
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
        return f"does not scale out for tasks that its smallest instance type cannot hold ({sizes})"
    needed = "1 instance" if scaled.instances_needed == 1 else f"{scaled.instances_needed} instances"
    return f"needs {needed} more ({sizes}), and can add {scaled.asg_headroom} by itself"


def _copies_on(kind: str, share: Wanted, instances: Sequence[ContainerInstance], provider: str) -> int | None:
    """Copies on an empty instance of the type; None where nobody knows how large that is."""
    empty = fresh_of_type(kind, instances, provider)
    return None if empty is None else share.on([empty], ()).at_least


def _why_not(found: ProviderAndGroup) -> str:
    return next(_reasons(found), "it is not known to scale")


def _reasons(found: ProviderAndGroup) -> Iterator[str]:
    provider, group = found.provider, found.group
    behind = provider.auto_scaling_group_provider if provider else None
    if provider and provider.status != "ACTIVE":
        yield f"it is {provider.status}"
    if behind and behind.managed_scaling.status != "ENABLED":
        yield "managed scaling is off"
    if behind and group is None:
        yield f"its Auto Scaling group {found.group_name} does not exist"
    if group and not group.max_size:
        yield f"MaxSize of its Auto Scaling group {group.name} is 0"
    if group and (suspended := NEEDED_TO_SCALE_OUT.intersection(group.suspended_processes)):
        yield f"{', '.join(sorted(suspended))} of its Auto Scaling group {group.name} is suspended"
