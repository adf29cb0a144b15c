"""Managed scaling: how far a capacity provider grows its Auto Scaling group for tasks that wait.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-auto-scaling.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Annotated, Any

from pydantic import AliasChoices, Field

from ecs_preflight.ecs._model import AwsShape, read_shape
from ecs_preflight.ecs.cluster import ManagedScaling
from ecs_preflight.errors import UsageError

# Service Quotas L-B7718569: tasks of a cluster that wait in PROVISIONING for capacity.
MAX_PROVISIONING_TASKS = 500
# "If there are no container instances", the metric is 200: the group starts with two.
_FIRST_INSTANCES = 2


class AutoScalingGroup(AwsShape):
    """The sizes of an element of DescribeAutoScalingGroups."""

    max_size: Annotated[int, Field(validation_alias=AliasChoices("MaxSize", "maxSize"))]
    desired_capacity: Annotated[int, Field(validation_alias=AliasChoices("DesiredCapacity", "desiredCapacity"))]


@dataclass(frozen=True, slots=True)
class ScaleOut:
    """What managed scaling does about tasks that wait.

    `compatible`: the smallest instance type holds one, otherwise they are left out for ever. `instances_needed` are
    more instances of the largest type; `first_step_instances` those of the next step. `reservation` is
    CapacityProviderReservation, None where scaling is off. `tasks_after_full_scale_out` is what runs if all new
    instances are of the largest type, `at_least` if they are of the smallest.
    """

    compatible: bool
    instances_needed: int
    asg_headroom: int
    first_step_instances: int
    reservation: float | None
    tasks_after_full_scale_out: int
    at_least: int
    warnings: tuple[str, ...]


def scale_out(
    provisioning_tasks: int,
    *,
    copies_on_largest: int,
    copies_on_smallest: int,
    running_instances: int,
    empty_instances: int,
    auto_scaling_group: AutoScalingGroup | Mapping[str, Any],
    managed_scaling: ManagedScaling | Mapping[str, Any] | None,
) -> ScaleOut:
    """What a capacity provider does about `provisioning_tasks` equal tasks that fit no instance that is there.

    `copies_on_largest` and `copies_on_smallest`: how many of them an empty instance of the group's largest and
    smallest type holds. `empty_instances`, of the `running_instances`, run nothing but daemons. `managed_scaling` None
    is disabled. Raises InputError for what cannot be read, UsageError for a negative count.
    """
    for count in (provisioning_tasks, copies_on_largest, copies_on_smallest, running_instances, empty_instances):
        if count < 0:
            raise UsageError(f"There is a count of {count}: expected 0 or more.")
    group = read_shape(AutoScalingGroup, auto_scaling_group, name="Auto Scaling group")
    scaling = read_shape(ManagedScaling, managed_scaling or {}, name="managed scaling")
    compatible = copies_on_smallest >= 1 and copies_on_largest >= 1
    enabled = scaling.status == "ENABLED"
    headroom = max(group.max_size - group.desired_capacity, 0)
    needed = -(-provisioning_tasks // copies_on_largest) if compatible else 0
    grows = enabled and compatible
    instances = headroom if grows else 0
    return ScaleOut(
        compatible=compatible,
        instances_needed=needed,
        asg_headroom=headroom,
        first_step_instances=min(_step(needed, running_instances, empty_instances, scaling), instances),
        reservation=_reservation(needed, running_instances, empty_instances) if enabled else None,
        tasks_after_full_scale_out=min(provisioning_tasks, instances * copies_on_largest),
        at_least=min(provisioning_tasks, instances * copies_on_smallest),
        warnings=tuple(_warnings(provisioning_tasks, scaling)),
    )


def _reservation(needed: int, running: int, empty: int) -> float:
    """Instances that are wanted over instances that there are, in percent; 200 where there are none and some are."""
    wanted = running - empty + needed
    if running == 0:
        return 200.0 if wanted else 100.0
    return wanted / running * 100


def _step(needed: int, running: int, empty: int, scaling: ManagedScaling) -> int:
    """More instances towards the target, within the step sizes; a target below 100 keeps spare ones."""
    wanted = running - empty + needed
    if running == 0 and wanted:
        missing = max(needed, _FIRST_INSTANCES)
    else:
        missing = ceil(Fraction(wanted * 100, scaling.target_capacity)) - running
    if missing <= 0:
        return 0
    return min(max(missing, scaling.minimum_scaling_step_size), scaling.maximum_scaling_step_size)


def _warnings(provisioning_tasks: int, scaling: ManagedScaling) -> Iterator[str]:
    if scaling.status != "ENABLED":
        yield "Managed scaling is off: tasks that fit nowhere fail at once, and no instance is added."
    if provisioning_tasks > MAX_PROVISIONING_TASKS:
        yield f"{provisioning_tasks} tasks wait: a cluster has at most {MAX_PROVISIONING_TASKS} in PROVISIONING."
