"""What of an Auto Scaling group ECS cannot live with when it scales the group itself.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/asg-capacity-providers.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-warm-pool.html
"""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote

from ecs_preflight.answers import AutoScalingGroup
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.findings import Problem, Remark, Severity
from ecs_preflight.targets import Target


def unfit_for_managed_scaling(target: Target, provider: str, group: AutoScalingGroup) -> Iterator[Problem | Remark]:
    """Warnings; and a remark on a warm pool, whose user data no read of this run shows."""
    of_group = f"the Auto Scaling group of {shown(provider, 24)}"
    named, region = quote(group.name), target.region
    if not group.is_tagged_for_ecs:
        yield Problem(
            f"{of_group} has lost its tag AmazonECSManaged",
            remediation=(
                f"aws autoscaling create-or-update-tags --region {region} --tags ResourceId={named},"
                "ResourceType=auto-scaling-group,Key=AmazonECSManaged,Value=true,PropagateAtLaunch=true\n"
                "and write it into the template that makes the group, which else removes it again."
            ),
            evidence=f"autoscaling:DescribeAutoScalingGroups: no tag of {group.name} has that key; ECS put it there itself",
            severity=Severity.WARNING,
        )
    if group.weighs_instances:
        yield Problem(
            f"{of_group} gives instance types weights",
            remediation=f"Take WeightedCapacity out of the overrides of {group.name}: ECS counts instances, not their weights.",
            evidence=f"an override of MixedInstancesPolicy of {group.name} has a WeightedCapacity other than 1",
            severity=Severity.WARNING,
        )
    if group.reuses_instances:
        yield Problem(
            f"the warm pool of {shown(provider, 24)} takes instances back when it scales in",
            remediation=(
                f"aws autoscaling put-warm-pool --auto-scaling-group-name {named} --region {region}"
                " --instance-reuse-policy ReuseOnScaleIn=false"
            ),
            evidence=f"InstanceReusePolicy of the warm pool of {group.name}: ReuseOnScaleIn is true, which ECS does not support",
            severity=Severity.WARNING,
        )
    elif group.has_warm_pool:
        yield Remark(f"{group.name} has a warm pool: its user data must set ECS_WARM_POOLS_CHECK=true, which was not looked at")
