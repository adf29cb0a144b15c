"""CAPACITY006: the sizes of tasks on Fargate."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.fargate import fargate_sizes, is_fargate_size
from ecs_preflight.ecs.requirements import task_requirements
from ecs_preflight.errors import InputError
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.targets import Target


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
    The workload that runs on Fargate has one of the pairs of CPU units and MiB that Fargate offers. clouddriver takes them from
    computeUnits and reservedMemory, or from the task definition artifact, and does not look at them.

    ## Why it matters
    RegisterTaskDefinition or CreateService refuses it: `No Fargate configuration exists for given values.`, or `Invalid 'cpu'
    setting for task`.

    ## How to fix it
    Choose one of the sizes that are named.
    """
    workload = config.workload(target)
    workload.require("task_definition", "cpu", "memory")
    try:
        needs = task_requirements(workload.task_definition or {})
    except InputError as error:
        raise Undetermined(str(error)) from None
    if not is_fargate_size(needs.cpu, needs.memory):
        yield Problem(
            f"{shown(workload.name, 28)}: Fargate has no task of {needs.cpu} CPU units and {needs.memory} MiB",
            remediation=_remedy(needs.cpu, needs.memory),
            evidence=f"cpu {needs.cpu}, memory {needs.memory}; the sizes of Fargate, in CPU units: {_all_sizes()}",
            location=workload.location,
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
