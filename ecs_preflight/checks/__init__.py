"""Every check, in the order of the report. Listed by hand; a test says that none was forgotten."""

from __future__ import annotations

from types import ModuleType

from ecs_preflight.checks import (
    account_regions,
    account_settings,
    accounts,
    agents,
    aws_accounts,
    capacity,
    capacity_providers,
    clock,
    clusters,
    config_keys,
    container_instances,
    deploy_needs,
    deploy_placement,
    deploy_places,
    deploy_tasks,
    execution_roles,
    fargate_execution,
    fargate_quota,
    fargate_sizes,
    joined_instances,
    managing_permissions,
    network,
    passed_roles,
    permission_reads,
    permission_writes,
    placement_rules,
    providers,
    regions,
    role_cache,
    role_limits,
    role_picker,
    role_sessions,
    roles,
    rollback_room,
    room_left,
    scale_out,
    service_linked_roles,
    task_roles,
    trust,
    trust_conditions,
    trust_grammar,
    trust_openness,
    waivers,
)
from ecs_preflight.checks._check import Check

_MODULES: tuple[ModuleType, ...] = (
    accounts,
    aws_accounts,
    account_regions,
    providers,
    config_keys,
    account_settings,
    agents,
    roles,
    role_sessions,
    regions,
    clock,
    managing_permissions,
    trust,
    trust_conditions,
    trust_openness,
    task_roles,
    fargate_execution,
    trust_grammar,
    role_cache,
    role_picker,
    service_linked_roles,
    permission_reads,
    permission_writes,
    passed_roles,
    role_limits,
    execution_roles,
    clusters,
    container_instances,
    joined_instances,
    network,
    capacity,
    scale_out,
    rollback_room,
    fargate_quota,
    fargate_sizes,
    placement_rules,
    room_left,
    capacity_providers,
    deploy_places,
    deploy_placement,
    deploy_tasks,
    deploy_needs,
    waivers,
)
FAMILIES = {
    "ACCOUNT": "the mapping, and Spinnaker's own configuration",
    "ROLE": "who Spinnaker is, and the role it assumes",
    "TRUST": "trust policies",
    "PERMISSION": "what clouddriver will call",
    "CLUSTER": "the ECS cluster",
    "CAPACITY": "room for what will be deployed",
    "NETWORK": "the network that is passed on to the containers",
    "DEPLOY": "what a deploy stage asks for",
    "WAIVER": "the waivers themselves",
}


def _place_in_report(check: Check) -> tuple[int, str]:
    return list(FAMILIES).index(check.family), check.id


ALL_CHECKS: tuple[Check, ...] = tuple(
    sorted({check for module in _MODULES for check in vars(module).values() if isinstance(check, Check)}, key=_place_in_report)
)
