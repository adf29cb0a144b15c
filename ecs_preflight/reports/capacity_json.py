"""Room as JSON, schema version 1: clusters in the order of the configuration; what differs from run to run under `run`."""

from __future__ import annotations

import math
from typing import Any

from ecs_preflight.capacity.model import CapacityReport, ClusterRoom, InstanceRow, Limit, ScaleOutRoom, TogetherRoom, WorkloadRoom
from ecs_preflight.checks.refusals import Refusal
from ecs_preflight.reports.json import SCHEMA_VERSION, document_text


def capacity_as_json(report: CapacityReport, *, per_instance: bool = False) -> str:
    """The document, ending in a line feed."""
    return document_text(
        {
            "schema_version": SCHEMA_VERSION,
            "answer": report.answer.value,
            "clusters": [_cluster(cluster, per_instance) for cluster in report.clusters],
            "run": {"source": report.source, "taken_at": report.taken_at.isoformat(), "calls": dict(report.calls)},
        }
    )


def _cluster(cluster: ClusterRoom, per_instance: bool) -> dict[str, Any]:
    return {
        "target": cluster.target.id,
        "account": cluster.target.account,
        "region": cluster.target.region,
        "cluster": cluster.target.cluster,
        "unseen": cluster.unseen or None,
        "container_instances": {"registered": cluster.registered, "taking_tasks": cluster.taking},
        "running_tasks": cluster.running_tasks,
        "workloads": [_workload(room, per_instance) for room in cluster.workloads],
        "together": [_together(joint) for joint in cluster.together],
        "notes": list(cluster.notes),
    }


def _workload(room: WorkloadRoom, per_instance: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "name": room.name,
        "answer": room.answer.value,
        "unseen": room.unseen or None,
        "wanted": room.wanted,
        "more_fit": {"at_least": room.at_least, "at_most": room.at_most},
        "missing": room.missing,
        "runs_on": room.runs_on,
        "one_copy_takes": room.size,
        "binding": [_limit(limit) for limit in room.limits],
        "refusals": [_refusal(refusal) for refusal in room.refusals],
        "fix": room.fix,
        "scale_out": _scale_out(room.scale_out) if room.scale_out else None,
        "doubts": list(room.doubts),
        "cautions": list(room.cautions),
    }
    if per_instance:
        document["instances"] = [_instance(row) for row in room.instances]
    return document


def _limit(limit: Limit) -> dict[str, Any]:
    """`without` is null where lifting that limit alone would not help, or where nothing else would limit anything."""
    finite = limit.without is not None and math.isfinite(limit.without)
    return {
        "code": limit.code,
        "more_fit_without": int(limit.without) if finite and limit.without is not None else None,
        "told": limit.told or None,
    }


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "codes": list(refusal.codes),
        "reasons_of_ecs": list(refusal.reasons_of_ecs),
        "words": refusal.words,
        "count": len(refusal.instances),
        "instances": list(refusal.instances),
    }


def _scale_out(room: ScaleOutRoom) -> dict[str, Any]:
    return {
        "capacity_providers": list(room.providers),
        "instances": room.instances,
        "fit": {"at_least": room.at_least, "at_most": room.at_most},
        "notes": list(room.notes),
    }


def _together(joint: TogetherRoom) -> dict[str, Any]:
    return {
        "workloads": list(joint.names),
        "answer": joint.answer.value,
        "wanted": joint.wanted,
        "best_packing": joint.best,
        "fit": {"at_least": joint.fewest, "at_most": joint.most},
        "each": [
            {"name": share.name, "wanted": share.wanted, "fit": {"at_least": share.fewest, "at_most": share.most}}
            for share in joint.shares
        ],
        "fix": joint.fix,
        "reason": joint.reason or None,
    }


def _instance(row: InstanceRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "arn": row.arn,
        "instance_type": row.instance_type,
        "zone": row.zone,
        "status": row.status,
        "free": {"cpu": row.free_cpu, "memory": row.free_memory},
        "copies": row.copies,
        "refuses_next_for": list(row.refusal.codes) if row.refusal else [],
    }
