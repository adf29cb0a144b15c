"""DEPLOY007 to DEPLOY012: how many, on what, and in which network."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.server_groups import each_server_group, judged_by
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Severity
from ecs_preflight.spinnaker.rules import network, placement, rollout, sizes
from ecs_preflight.targets import Target


@check("DEPLOY007", "capacity-inconsistent", Severity.ERROR, on=each_server_group)
def capacity_is_consistent(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `capacity` has min, max and desired, none below 0, and min <= desired <= max: `capacity.not.nullable`,
    `capacity.*.not.nullable`, `capacity.*.invalid`, `capacity.min.max.range.invalid`, `capacity.desired.exceeds.max`,
    `capacity.desired.less.than.min`.

    ## Why it matters
    clouddriver's validator refuses the stage.

    ## How to fix it
    Write all three, in order.
    """
    yield from judged_by(config, target, lambda _, group: sizes.capacity_is_consistent(group))


@check("DEPLOY008", "launch-type-invalid", Severity.ERROR, on=each_server_group)
def launch_type_is_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Either a launch type or a capacity provider strategy is given, not both and not neither (`launchType.invalid`); and, which
    clouddriver does not check, the launch type is EC2, FARGATE or EXTERNAL in capitals, and the strategy is one that ECS takes:
    named providers of one sort, at least one weight above 0, at most one base.

    ## Why it matters
    The validator refuses the stage; or ECS does, after the task definition has been registered.

    ## How to fix it
    Choose one of the two. A launch type never makes a capacity provider scale out.
    """
    yield from judged_by(config, target, lambda _, group: placement.launch_type_is_well_chosen(group))


@check("DEPLOY009", "placement-invalid", Severity.ERROR, on=each_server_group)
def placement_is_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `placementStrategySequence` is there, if only as [] (`.not.nullable`), and holds strategies that clouddriver takes: random,
    spread by instanceId or one of four attributes, binpack by cpu or memory (`.type.invalid`, `.spread.invalid`,
    `.binpack.invalid`). Placement constraints, which it passes on unread, are such as ECS takes; on Fargate there are none.

    ## Why it matters
    The validator refuses the stage, even for what ECS would take (spread by host, or by an attribute of your own); or
    CreateService does, after the task definition has been registered.

    ## How to fix it
    Use one of the fields that are named.
    """
    yield from judged_by(config, target, lambda _, group: placement.placement_is_well_formed(group))


@check("DEPLOY010", "network-mode-invalid", Severity.ERROR, on=each_server_group)
def network_mode_is_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The network mode is one that ECS knows, and awsvpc on Fargate; with awsvpc, subnets are named by their purpose and security
    groups by name, and the list of security groups is there, if only as []. Of these, clouddriver checks only that subnetType
    and subnetTypes are not both given (`subnetTypes.invalid`).

    ## Why it matters
    RegisterTaskDefinition or CreateService refuses it; without securityGroupNames the stage ends in a NullPointerException,
    and a task definition is left behind.

    ## How to fix it
    Write the mode in lower case; with awsvpc, subnetTypes and securityGroupNames.
    """
    yield from judged_by(config, target, lambda _, group: network.network_is_well_chosen(group))


@check("DEPLOY011", "load-balancing-incomplete", Severity.ERROR, on=each_server_group)
def load_balancing_is_complete(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each target group has a container port from 0 to 65535, and with an artifact a container; target groups are given in one
    way only, by name: `containerPort.*`, `targetGroup.*`, `loadBalancedContainer.not.nullable`, `targetGroupMappings.*`. And,
    which clouddriver does not check, portProtocol is tcp or udp, and a grace period has a load balancer.

    ## Why it matters
    The validator refuses the stage; or ECS does, after the task definition has been registered.

    ## How to fix it
    Use `targetGroupMappings`, with all three of its members.
    """
    yield from judged_by(config, target, lambda _, group: network.load_balancing_is_complete(group))


@check("DEPLOY012", "service-discovery-incomplete", Severity.ERROR, on=each_server_group)
def service_discovery_is_complete(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each service discovery association names a registry (`serviceDiscoveryAssociations.item.invalid`), and the registry an ARN.

    ## Why it matters
    The validator refuses the stage, or CreateService a registry without an ARN.

    ## How to fix it
    Name the service of AWS Cloud Map by its ARN.
    """
    yield from judged_by(config, target, lambda _, group: network.service_discovery_is_complete(group))


@check("DEPLOY021", "deployment-strategy-unknown", Severity.WARNING, on=each_server_group)
def deployment_strategy_is_known(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The strategy of the deploy stage is one that Orca has for ECS: redblack, highlander, rollingredblack, monitored, custom, none,
    in any case.

    ## Why it matters
    With a strategy that it does not know, Orca deploys with none: the server group before it keeps its tasks and its traffic.

    ## How to fix it
    Write one of these words, or leave it blank.
    """
    yield from judged_by(config, target, lambda _, group: rollout.strategy_is_known(group))
