"""A workload whose task definition must be looked up: what to ask for it, and the workload that the answers complete."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ecs_preflight.checks._check import Facts, Questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.deploy_questions import SERVICE, TASK_DEFINITION, service, task_definition
from ecs_preflight.ecs.service import Service
from ecs_preflight.facts import Snapshot
from ecs_preflight.targets import Target
from ecs_preflight.workloads.making import with_definition
from ecs_preflight.workloads.workload import Workload

WORKLOAD_KINDS = (SERVICE, TASK_DEFINITION)
"""For the `asks` of every check that completes workloads."""


def workload_questions(config: PreflightConfig, target: Target, workload: Workload, known: Snapshot) -> Questions:
    """What must be asked to complete a workload, given what is known; nothing for one that preflight.yml or a pipeline describes.

    `target` says its account, region and ECS cluster.
    """
    if not workload.is_looked_up or not config.role_is_known(target.account) or not target.region:
        return
    registered = workload.registered
    if workload.service:
        asked = _service_of(target, workload)
        yield asked
        found = known[asked].value_or_none()
        registered = found.task_definition if found else None
    if registered:
        yield task_definition(target.account, target.region, registered)


def completed(target: Target, workload: Workload, facts: Facts) -> Workload:
    """The workload with its task definition; raises Blocked where that does not exist, Undetermined where it was not seen."""
    if not workload.is_looked_up:
        return workload
    if workload.service:
        running = facts[_service_of(target, workload)].require()
        workload = _of_service(workload, running)
        registered = running.task_definition
    else:
        registered = workload.registered or ""
    found = facts[task_definition(target.account, target.region, registered)].require()
    return with_definition(workload, _as_aws_has_it(found))


def completed_if_known(target: Target, workload: Workload, known: Snapshot) -> Workload | None:
    """The same for `needs`, which have to ask further; None while an answer is not there."""
    if not workload.is_looked_up:
        return workload
    registered = workload.registered
    if workload.service:
        running = known[_service_of(target, workload)].value_or_none()
        if running is None:
            return None
        workload = _of_service(workload, running)
        registered = running.task_definition
    found = known[task_definition(target.account, target.region, registered or "")].value_or_none()
    return with_definition(workload, _as_aws_has_it(found)) if found else None


def workloads_of_account(config: PreflightConfig, account: str) -> Iterator[tuple[Target, Workload]]:
    """Every workload of an ECS account, with the target that stands for it."""
    for region in config.regions(account):
        for cluster in config.clusters(account, region):
            for workload in config.workloads(Target(account, region, cluster)):
                yield Target(account, region, cluster, workload.name), workload


def _service_of(target: Target, workload: Workload) -> Any:
    return service(target.account, target.region, target.cluster, workload.service or "")


def _of_service(workload: Workload, running: Service) -> Workload:
    """ECS states a launch type only where no capacity provider decides."""
    strategy = tuple(item.model_dump(by_alias=True) for item in running.capacity_provider_strategy)
    interface = running.network_configuration.awsvpc_configuration
    return replace(
        workload,
        launch_type=None if strategy else running.launch_type or "EC2",
        capacity_provider_strategy=strategy,
        placement_constraints=_dumped(running.placement_constraints),
        placement_strategy=_dumped(running.placement_strategy),
        platform_version=running.platform_version,
        subnet_ids=interface.subnets,
        assigns_public_ip=interface.assign_public_ip == "ENABLED",
    )


def _dumped(items: tuple[Any, ...]) -> tuple[Mapping[str, Any], ...]:
    return tuple(item.model_dump(by_alias=True, exclude_none=True) for item in items)


def _as_aws_has_it(found: Any) -> Mapping[str, Any]:
    dumped: dict[str, Any] = found.model_dump(by_alias=True, exclude_none=True)
    return dumped
