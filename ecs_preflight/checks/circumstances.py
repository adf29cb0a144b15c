"""Whether what a conditional need of clouddriver depends on is the case, as far as the configuration tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecs_preflight.checks.workload_facts import workloads_of_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Severity
from ecs_preflight.spinnaker.requirements import Need, Requirement, When
from ecs_preflight.targets import Target


def severity_without(needs: Iterable[Requirement], config: PreflightConfig, target: Target) -> Severity:
    """How bad it is when an action is denied that these requirements ask for."""
    known = _known(config, target)
    return max((_severity(need, known) for need in needs), default=Severity.WARNING)


def _severity(requirement: Requirement, known: Mapping[When, bool]) -> Severity:
    is_certain = requirement.need is Need.REQUIRED or (
        requirement.need is Need.CONDITIONAL and known.get(requirement.when, False)
    )
    return Severity.ERROR if is_certain else Severity.WARNING


def _known(config: PreflightConfig, target: Target) -> Mapping[When, bool]:
    """What the configuration tells. Where it names no workload, tasks on container instances are what the guide sets up."""
    of_account = workloads_of_account(config, target.account)
    workloads = [workload for place, workload in of_account if target.region in ("", place.region)]
    on_instances = any(not workload.runs_on_fargate for workload in workloads) or not workloads
    own_network = any(workload.runs_on_fargate or workload.network_mode == "awsvpc" for workload in workloads)
    strategy = config.clouddriver.ecs.naming_strategy_of(config.ecs_account(target.account)) or ""
    return {
        When.ALWAYS: True,
        When.EC2_LAUNCH_TYPE: on_instances,
        When.AWSVPC: own_network,
        When.LOAD_BALANCER: any(workload.target_groups for workload in workloads),
        When.TAGS: strategy.lower() == "tags",
    }
