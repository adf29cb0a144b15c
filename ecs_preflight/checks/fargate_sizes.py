"""CAPACITY006: the tasks that Fargate takes: their sizes, and what it has no hosts for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.fargate import VCPU_QUOTA_OF_PROVIDER, fargate_refusal, fargate_sizes, is_fargate_size
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.errors import InputError
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


def _described_on_fargate(config: PreflightConfig) -> Iterator[Target]:
    """What is registered for Fargate already has a size that ECS took."""
    for target in each_workload(config):
        workload = config.workload(target)
        if workload.runs_on_fargate and not workload.is_looked_up:
            yield target


@check("CAPACITY006", "fargate-size-invalid", Severity.ERROR, on=_described_on_fargate)
def fargate_size_is_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The workload that runs on Fargate has one of the pairs of CPU units and MiB that Fargate offers, fewer of them on Windows and
    on old platform versions; it wants no GPU; and FARGATE_SPOT is asked for Linux alone, for ARM64 from platform version 1.4.0
    on. clouddriver takes all of it from the server group or from the task definition artifact, and does not look at it.

    ## Why it matters
    RegisterTaskDefinition or CreateService refuses it: `No Fargate configuration exists for given values.`, or `Invalid 'cpu'
    setting for task`; or its tasks never start.

    ## How to fix it
    Choose one of the sizes that are named, FARGATE in place of FARGATE_SPOT, or EC2.
    """
    workload = config.workload(target)
    workload.require("task_definition", "cpu", "memory", "platform_version", "launch_type", "capacity_provider_strategy")
    for provider in _providers(workload):
        try:
            error = fargate_refusal(_definition(workload), provider, workload.platform_version)
        except InputError as refused:
            raise Undetermined(str(refused)) from None
        if error:
            yield _problem(workload, provider, error)
            return


def _definition(workload: Workload) -> Mapping[str, Any]:
    """The network mode of a server group is judged with its other settings (DEPLOY011)."""
    definition = workload.task_definition or {}
    return {**definition, "networkMode": "awsvpc"} if workload.server_group else definition


def _providers(workload: Workload) -> tuple[str, ...]:
    return tuple(name for name in workload.providers if name in VCPU_QUOTA_OF_PROVIDER) or ("FARGATE",)


def _problem(workload: Workload, provider: str, error: str) -> Problem:
    name = shown(workload.name, 28)
    task = TaskDefinition.model_validate(workload.task_definition or {})
    cpu, memory = task.cpu or 0, task.memory or 0
    if error == "INVALID_SIZE":
        of_that_kind = is_fargate_size(cpu, memory)
        return Problem(
            f"{name}: Fargate has no task of {cpu} CPU units and {memory} MiB{_KIND if of_that_kind else ''}",
            remediation=_OTHER_KIND if of_that_kind else _remedy(cpu, memory),
            evidence=f"cpu {cpu}, memory {memory}; the sizes of Fargate, in CPU units: {_all_sizes()}",
            location=workload.location,
        )
    what, fix = _REFUSED[error]
    return Problem(f"{name}: {provider} {what}", remediation=fix, evidence=_said(workload), location=workload.location)


_KIND = " of that kind"
_OTHER_KIND = (
    "Windows has 1024, 2048 and 4096 CPU units; 8192 and 16384 want platform version 1.4.0 or later: choose another size, or "
    '"platformVersion": "LATEST".'
)
_REFUSED = {
    "NETWORK_MODE": ("runs tasks of network mode awsvpc alone", "Give it the network mode awsvpc, or run it on EC2."),
    "GPU": ("has no GPUs", "Run it on EC2, on container instances with GPUs."),
    "UNSUPPORTED_PLATFORM": (
        "does not run such tasks",
        "FARGATE_SPOT runs Linux alone, and ARM64 from platform version 1.4.0 on: use FARGATE, or a newer platform version.",
    ),
}


def _said(workload: Workload) -> str:
    definition = workload.task_definition or {}
    platform = definition.get("runtimePlatform") or "none"
    return (
        f"networkMode {definition.get('networkMode') or 'bridge'}; runtimePlatform {platform}; "
        f"platform version {workload.platform_version or 'LATEST'}"
    )


def _remedy(cpu: int, memory: int) -> str:
    """The smallest size that holds both."""
    fitting = [(units, least) for units, sizes in fargate_sizes().items() for least in sizes if units >= cpu and least >= memory]
    if not fitting:
        return "Make the task smaller: Fargate has none as large. Or run it on EC2."
    units, least = min(fitting)
    return f"Ask for {units} CPU units and {least} MiB, the smallest size that holds it."


def _all_sizes() -> str:
    return "; ".join(f"{units} with {min(sizes)} to {max(sizes)} MiB" for units, sizes in fargate_sizes().items())
