"""Rules of the network: mode, subnets, security groups, ports, target groups, service discovery."""

from __future__ import annotations

from ecs_preflight.spinnaker.opaque import Opaque, is_blank, known
from ecs_preflight.spinnaker.rules.violation import Broken, Undecided, Violation, refused, undecided
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_parts import TargetGroupMapping

# "default" is Deck's word; clouddriver sends no mode then. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
_MODES = ("awsvpc", "bridge", "host", "none", "default")
_HIGHEST_PORT = 65535


def network_is_well_chosen(group: ServerGroup) -> Broken:
    mode = group.network_mode
    if isinstance(mode, Opaque):
        yield Undecided(("networkMode",), mode.text)
    elif mode is not None and mode not in _MODES:
        yield Violation(
            ("networkMode",),
            f"networkMode is {mode!r}",
            "clouddriver does not check this, and compares it with awsvpc and host to the letter; ECS refuses it",
            f"Write one of {', '.join(_MODES)}.",
        )
    elif group.runs_on_fargate and mode != "awsvpc":
        yield Violation(
            ("networkMode",),
            f"networkMode is {mode!r} on Fargate",
            "clouddriver does not check this, and ECS refuses it: Fargate only supports network mode awsvpc",
            'Write "networkMode": "awsvpc", with "subnetTypes" and "securityGroupNames".',
        )
    if not is_blank(group.subnet_type) and group.subnet_types not in (None, ()):
        fix = "Leave subnetType out; it is deprecated."
        yield refused("subnetTypes.invalid", ("subnetType",), "both subnetType and subnetTypes are given", fix)
    if mode == "awsvpc":
        yield from _interface_has_a_place(group)


def _interface_has_a_place(group: ServerGroup) -> Broken:
    """Of awsvpc: clouddriver looks subnets up by their purpose and security groups by name, and checks neither."""
    if group.subnet_types in (None, ()) and is_blank(group.subnet_type):
        yield Violation(
            (),
            "no subnet type is named for awsvpc",
            "clouddriver does not check this, and finds no subnet without a purpose: CreateService refuses an empty list",
            'Write "subnetTypes": ["PURPOSE"], as Spinnaker calls the subnets: `internal (main)`.',
        )
    groups = group.security_group_names
    if groups is None:
        yield Violation(
            (),
            "securityGroupNames is missing for awsvpc",
            "clouddriver does not check this, and fails with a NullPointerException after the task definition is registered",
            'Write "securityGroupNames": ["NAME"], or [] for the default security group of the VPC.',
        )
    for number, name in enumerate(groups if isinstance(groups, tuple) else ()):
        if isinstance(name, str) and name.startswith("sg-"):
            yield Violation(
                ("securityGroupNames", number),
                f"a security group is named by its id {name!r}",
                "clouddriver looks for a security group of that name, finds none, and leaves it out without a word",
                "Write the name of the security group, not its id.",
            )


def load_balancing_is_complete(group: ServerGroup) -> Broken:
    has_target_group = not is_blank(group.target_group)
    if group.is_from_artifact:
        has_container = not is_blank(group.load_balanced_container)
        if has_target_group and not has_container:
            fix = 'Write "loadBalancedContainer": "NAME", or use "targetGroupMappings".'
            yield refused("loadBalancedContainer.not.nullable", ("targetGroup",), "the target group has no container", fix)
        elif has_container and not has_target_group:
            fix = 'Write "targetGroup": "NAME", or leave loadBalancedContainer out.'
            yield refused("targetGroup.not.nullable", ("loadBalancedContainer",), "the container has no target group", fix)
    yield from _port("containerPort", ("containerPort",), group.container_port, has_target_group)
    mappings = group.target_group_mappings
    yield from undecided(("targetGroupMappings",), mappings)
    listed = known(mappings) or ()
    if listed and has_target_group:
        message = "TargetGroup cannot be specified when TargetGroupMapping.TargetGroup is specified."
        found, fix = "both targetGroup and targetGroupMappings are given", "Leave targetGroup out; it is deprecated."
        yield refused("targetGroup.invalid", ("targetGroup",), found, fix, message)
    for number, mapping in enumerate(listed):
        yield from _mapping(group, number, mapping)
    protocol = group.port_protocol
    if isinstance(protocol, str) and protocol not in ("tcp", "udp"):
        yield Violation(
            ("portProtocol",),
            f"portProtocol is {protocol!r}",
            "clouddriver does not check this, and RegisterTaskDefinition refuses it: tcp or udp, in lower case",
            'Write "portProtocol": "tcp".',
        )
    has_balancer = has_target_group or listed or isinstance(mappings, Opaque)
    if known(group.health_check_grace_period_seconds) and not has_balancer:
        yield Violation(
            ("healthCheckGracePeriodSeconds",),
            "a grace period is given without a target group",
            "clouddriver passes it on, and CreateService refuses it for a service without a load balancer",
            "Leave healthCheckGracePeriodSeconds out, or name a target group.",
        )


def _mapping(group: ServerGroup, number: int, mapping: TargetGroupMapping) -> Broken:
    where = ("targetGroupMappings", number)
    has_target_group, has_container = not is_blank(mapping.target_group), not is_blank(mapping.container_name)
    if group.is_from_artifact and has_target_group and not has_container:
        fix = 'Write "containerName": "NAME", a container of the task definition.'
        yield refused("targetGroupMappings.containerName.not.nullable", where, "a target group has no container", fix)
    elif group.is_from_artifact and has_container and not has_target_group:
        fix = 'Write "targetGroup": "NAME".'
        yield refused("targetGroupMappings.targetGroup.not.nullable", where, "a container has no target group", fix)
    elif not has_target_group:
        yield Violation(
            where,
            "a mapping names no target group",
            "the validator lets it pass, and DescribeTargetGroups finds nothing by an empty name",
            'Write "targetGroup": "NAME", or leave the mapping out.',
        )
    for name, value in (("targetGroup", mapping.target_group), ("containerName", mapping.container_name)):
        yield from undecided((*where, name), value)
    if isinstance(mapping.target_group, str) and mapping.target_group.startswith("arn:"):
        yield Violation(
            (*where, "targetGroup"),
            "a target group is named by its ARN",
            "clouddriver looks for a target group of that name, and a name has at most 32 letters, digits and hyphens",
            f'Write "targetGroup": "{mapping.target_group.split("/")[1] if "/" in mapping.target_group else "NAME"}".',
        )
    yield from _port("targetGroupMappings.containerPort", (*where, "containerPort"), mapping.container_port, has_target_group)


def _port(code: str, path: tuple[str | int, ...], port: int | Opaque | None, is_needed: bool) -> Broken:
    fix = f'Write "containerPort": 8080, from 0 to {_HIGHEST_PORT}.'
    if isinstance(port, Opaque):
        yield Undecided(path, port.text)
    elif port is None:
        if is_needed:
            yield refused(f"{code}.not.nullable", path[:-1], "a target group has no container port", fix)
    elif not 0 <= port <= _HIGHEST_PORT:
        yield refused(f"{code}.invalid", path, f"containerPort is {port}", fix)


def service_discovery_is_complete(group: ServerGroup) -> Broken:
    where = "serviceDiscoveryAssociations"
    for number, association in enumerate(known(group.service_discovery_associations) or ()):
        registry = association.registry
        fix = 'Write "registry": {"arn": "arn:aws:servicediscovery:REGION:ACCOUNT:service/ID"}.'
        if registry is None:
            yield refused(f"{where}.item.invalid", (where, number), "an association has no registry", fix)
        elif not isinstance(registry, Opaque) and registry.arn is None:
            yield Violation(
                (where, number, "registry"),
                "a registry has no ARN",
                "clouddriver does not check this, and sends CreateService a registry without registryArn",
                fix,
            )
