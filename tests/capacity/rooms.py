"""Surveys of made-up facts: one ECS cluster, whose instances, tasks and workloads a test chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ecs_preflight.capacity.inquiry import Inquiry
from ecs_preflight.capacity.model import CapacityReport, ClusterRoom, WorkloadRoom
from ecs_preflight.capacity.survey import survey
from ecs_preflight.capacity.wish import Wish
from ecs_preflight.config import PreflightConfig
from tests.checks.cluster_facts import Facts, a_cluster, a_config, a_snapshot, cluster_fact

THERE = cluster_fact(a_cluster())


def surveyed(config: PreflightConfig, *facts: Facts, wish: Wish | None = None) -> CapacityReport:
    """The report on the configuration's clusters."""
    return survey(Inquiry(config, wish or Wish()), a_snapshot(*facts))


def cluster_room(*facts: Facts, workloads: Sequence[Mapping[str, Any]] | None = None, wish: Wish | None = None) -> ClusterRoom:
    """The one cluster, with these workloads of preflight.yml."""
    (found,) = surveyed(a_config(workloads=workloads), THERE, *facts, wish=wish).clusters
    return found


def workload_room(workload: Mapping[str, Any], *facts: Facts, wish: Wish | None = None) -> WorkloadRoom:
    """The one workload of the one cluster."""
    (room,) = cluster_room(*facts, workloads=[workload], wish=wish).workloads
    return room


def group_room(config: PreflightConfig, *facts: Facts) -> WorkloadRoom:
    """The same of a configuration with one server group."""
    (found,) = surveyed(config, *facts).clusters
    (room,) = found.workloads
    return room
