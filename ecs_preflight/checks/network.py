"""NETWORK001: what the network mode of the workloads asks of Spinnaker."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.checks.workload_network import FIRST_WITH_AWSVPC, has_own_interface
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined
from ecs_preflight.spinnaker.versions import is_at_least
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


@check("NETWORK001", "awsvpc-not-supported", Severity.ERROR, on=each_cluster)
def network_mode_is_supported(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No workload wants a network interface of its own (network mode awsvpc, and so every task on Fargate) from a Spinnaker that
    cannot give it one. ERROR before 1.10, WARNING where the version is not stated; from 1.10 on the check does not apply.

    ## Why it matters
    Up to 1.9, Spinnaker passes the network of the container instances on to the containers and does not know elastic network
    interfaces: it sends no awsvpcConfiguration, and CreateService is refused with `Network Configuration must be provided when
    networkMode 'awsvpc' is specified.`

    ## How to fix it
    Use Spinnaker 1.10 or later and state it (`spinnaker.version` in preflight.yml, or --spinnaker-version), or give the workload
    the network mode bridge or host, on EC2.
    """
    is_supported = is_at_least(config.version, FIRST_WITH_AWSVPC)
    if is_supported:
        raise NotApplicable(f"Spinnaker {config.version} supports awsvpc, as every release from {FIRST_WITH_AWSVPC} on")
    for workload in config.workloads(target):
        try:
            if not has_own_interface(workload):
                continue
        except Undetermined as verdict:
            yield verdict
            continue
        named = f"workload {shown(workload.name, 24)} uses {_mode(workload)}"
        if is_supported is None:
            yield Problem(
                f"{named}; Spinnaker's version is not stated",
                remediation=(
                    f"State the version, if it is {FIRST_WITH_AWSVPC} or later: this goes away. In preflight.yml:\n"
                    'spinnaker: {version: "1.37.0"}\n'
                    "or --spinnaker-version 1.37.0. Before that release: network_mode bridge or host, on EC2."
                ),
                evidence=_evidence(target, workload),
                location=workload.location,
                severity=Severity.WARNING,
            )
        else:
            yield Problem(
                f"{named}; Spinnaker {config.version} does not support it",
                remediation=(
                    f"Use Spinnaker {FIRST_WITH_AWSVPC} or later, or give {workload.name!r} network_mode bridge or host, on EC2."
                ),
                evidence=_evidence(target, workload),
                location=workload.location,
            )


def _mode(workload: Workload) -> str:
    return "Fargate, so awsvpc" if workload.runs_on_fargate else "awsvpc"


def _evidence(target: Target, workload: Workload) -> str:
    runs_on = f"launch_type {workload.launch_type}" if workload.launch_type else f"providers {', '.join(workload.providers)}"
    return (
        f"{workload.name} in ECS cluster {target.cluster} has network_mode {workload.network_mode}, {runs_on}. "
        f"ENIs are supported from Spinnaker {FIRST_WITH_AWSVPC} on; before that, the network of the container instances is "
        "passed to the containers."
    )
