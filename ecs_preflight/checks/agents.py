"""CLUSTER: the agents of the container instances are connected."""

from __future__ import annotations

from shlex import quote

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import judge_each, needs_of_each, shown, some_of
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.facts import Listing, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity
from ecs_preflight.questions import (
    CLUSTER,
    CLUSTERS,
    CONTAINER_INSTANCES,
    CONTAINER_INSTANCES_AGAIN,
    container_instances,
    container_instances_again,
)
from ecs_preflight.targets import Target


def _instances_twice(config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
    """The second look is asked for only where the first shows an agent that is not connected."""
    first = container_instances(target.account, target.region, target.cluster)
    yield first
    listing = known[first].value_or_none()
    if listing and _disconnected(listing):
        yield container_instances_again(target.account, target.region, target.cluster)


def _active(listing: Listing[ContainerInstance]) -> list[ContainerInstance]:
    """Those that would take tasks: the agent of one that drains or leaves may well be gone."""
    return [instance for instance in listing.items if instance.status == "ACTIVE"]


def _disconnected(listing: Listing[ContainerInstance]) -> dict[str, ContainerInstance]:
    return {instance.container_instance_arn: instance for instance in _active(listing) if not instance.agent_connected}


@check(
    "CLUSTER004",
    "agents-disconnected",
    Severity.ERROR,
    on=each_cluster,
    needs=needs_of_each(_instances_twice),
    asks=(CLUSTERS, CLUSTER, CONTAINER_INSTANCES, CONTAINER_INSTANCES_AGAIN),
)
def agents_are_connected(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The agent of every ACTIVE container instance is connected. Agents drop and reconnect several times an hour, so one that is not
    is looked at again after `thresholds.agent_recheck_seconds` (default 20). ERROR where no agent is connected, else WARNING.

    ## Why it matters
    "Only instances connected to an agent can accept task placement requests." The deployment's tasks are not placed: `The closest
    matching container-instance encountered error "AGENT"`; and tasks that run on such an instance are not replaced.

    ## How to fix it
    On the instance: `sudo systemctl restart ecs`, and read /var/log/ecs/ecs-agent.log. An agent that stays away has no route to
    the ECS endpoints, or its instance profile is gone. Or end the instance and let its Auto Scaling group replace it.
    """
    yield from judge_each(config, target, facts, _still_connected)


def _still_connected(config: PreflightConfig, target: Target, found: Cluster, facts: Facts) -> Judgement:
    fact = facts[container_instances(target.account, target.region, target.cluster)]
    before = _disconnected(fact.partial())
    if not before:
        if not _active(fact.require()):
            raise NotApplicable("the ECS cluster has no ACTIVE container instance")
        return
    again = facts[container_instances_again(target.account, target.region, target.cluster)]
    active = _active(again.partial())
    after = [instance for arn, instance in _disconnected(again.partial()).items() if arn in before]
    # What the second look did not reach may be connected: all of them is said only where all were seen.
    is_every_one = not again.partial().gaps and not any(instance.agent_connected for instance in active)
    if after:
        yield Problem(
            f"the agents of {len(after)} of {len(active)} container instances of {shown(target.cluster, 24)} are disconnected",
            remediation=_look_at(after[0], target),
            evidence=(
                "ecs:DescribeContainerInstances, twice: agentConnected false of "
                f"{some_of([instance.ec2_instance_id or instance.container_instance_arn for instance in after], 20)}"
            ),
            severity=None if is_every_one else Severity.WARNING,
        )
    again.require()
    fact.require()


def _look_at(instance: ContainerInstance, target: Target) -> str:
    arn = quote(instance.container_instance_arn)
    restart = (
        f"aws ssm send-command --document-name AWS-RunShellScript --parameters commands='systemctl restart ecs'"
        f" --instance-ids {instance.ec2_instance_id} --region {target.region}\n"
        if instance.ec2_instance_id
        else ""
    )
    return (
        f"Restart the agent, or replace the instance:\n{restart}"
        f"aws ecs describe-container-instances --cluster {quote(target.cluster)} --container-instances {arn}"
        f" --query 'containerInstances[].agentConnected' --region {target.region}"
    )
