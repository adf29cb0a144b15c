"""What the checks of deploy stages share: which server groups a target means, and what a broken rule becomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ecs_preflight.checks._check import Judgement
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.spinnaker.rules.violation import Broken, Violation
from ecs_preflight.spinnaker.server_group import Path, ServerGroup
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

RuleOfWorkload: TypeAlias = Callable[[Workload, ServerGroup], Broken]


def each_server_group(config: PreflightConfig) -> Iterator[Target]:
    """Every workload that a server group describes; and the configuration as a whole, for those that go nobody knows where."""
    for target in each_cluster(config):
        for workload in config.workloads(target):
            if workload.server_group is not None:
                yield Target(target.account, target.region, target.cluster, workload.name)
    if config.unplaced_workloads:
        yield Target()


def described_workloads(config: PreflightConfig, target: Target) -> Iterator[tuple[Workload, ServerGroup]]:
    """The workloads that a target of `each_server_group` means."""
    for workload in (config.workload(target),) if target.account else config.unplaced_workloads:
        if workload.server_group is not None:
            yield workload, workload.server_group


def judged_by(config: PreflightConfig, target: Target, rule: RuleOfWorkload) -> Judgement:
    """A problem for each violation of a rule; Undetermined where an expression decides it."""
    for workload, group in described_workloads(config, target):
        for broken in rule(workload, group):
            if isinstance(broken, Violation):
                yield _problem(workload, group, broken)
            else:
                yield Undetermined(f"{workload.name}: {spelled(broken.path) or 'it'} is decided when it runs: {broken.text}")


def spelled(path: Path) -> str:
    """`capacity.min`, `targetGroupMappings[0].containerPort`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def stage_of(group: ServerGroup) -> str:
    return f"stage {group.stage!r}" if group.stage else "the server group"


def _problem(workload: Workload, group: ServerGroup, broken: Violation) -> Problem:
    key = spelled(broken.path)
    return Problem(
        f"{shown(workload.name, 28)}: {broken.found}",
        remediation=broken.fix,
        evidence=f"{stage_of(group)}{f', {key}' if key else ''}: {broken.consequence}",
        location=group.where(*broken.path),
        severity=Severity.WARNING if broken.is_degraded else None,
    )
