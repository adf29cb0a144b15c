"""Runs the cases of a folder that ECS_PREFLIGHT_PLACEMENT_CORPUS names: the score of each category, and every miss."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.ecs import (
    QueryError,
    Workload,
    compile_query,
    daemon_demand,
    fargate_room,
    place,
    place_all,
    rolling_deployment,
    scale_out,
    split_by_strategy,
    task_requirements,
)
from ecs_preflight.spinnaker import rollout_demand

_FOLDER = os.environ.get("ECS_PREFLIGHT_PLACEMENT_CORPUS")

pytestmark = pytest.mark.skipif(_FOLDER is None, reason="ECS_PREFLIGHT_PLACEMENT_CORPUS names no folder of cases")


def test_every_case_of_the_corpus_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    cases = list(_cases(Path(str(_FOLDER))))
    misses = {case["id"]: (category, miss) for category, case, run in cases if (miss := _tried(run, case))}
    total = Counter(category for category, _, _ in cases)
    wrong = Counter(category for category, _ in misses.values())
    with capsys.disabled():
        print()
        for category, count in sorted(total.items()):
            print(f"{category:24} {count - wrong[category]:4} of {count:4}")
        for identifier, (_, miss) in misses.items():
            print(f"{identifier}: {miss}")
    assert cases, f"{_FOLDER} holds no cases"
    assert not misses


Case = dict[str, Any]
Run = Callable[[Case], Mapping[str, object]]


def _tried(run: Run, case: Case) -> Mapping[str, object]:
    try:
        return run(case)
    except KeyError as error:
        return {"not understood": f"the case has no {error}"}


def _cases(folder: Path) -> Iterator[tuple[str, Case, Run]]:
    files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}
    for name, content in files.items():
        queried = files.get(content.get("instances_from", "").removesuffix(".json"), content)
        run = _runner(name, queried)
        yield from ((content["category"], case, run) for case in content["cases"])


def _runner(name: str, content: Mapping[str, Any]) -> Run:
    if name.startswith("cql"):
        return lambda case: _miss_of_query(case, content)
    return _RUNNERS.get(name, _miss_of_placement)


def _differences(got: Mapping[str, object], expected: Mapping[str, object]) -> dict[str, object]:
    """Member -> (what came out, what should have), for the members that the case expects."""
    return {key: (got.get(key), value) for key, value in expected.items() if got.get(key) != value}


def _circumstances(case: Case) -> dict[str, Any]:
    return {
        "on": case["instances"],
        "running_tasks": case.get("running_tasks"),
        "instance_types": case.get("instance_types"),
        "launch_type": case.get("launch_type"),
        "capacity_provider": case.get("capacity_provider"),
        "subnets": (case.get("network") or {}).get("subnets"),
    }


def _miss_of_placement(case: Case) -> Mapping[str, object]:
    if "workload" in case:
        return _miss_of_workloads(case)
    expected = case["expected"]
    placement = place(
        case["task"],
        case["count"],
        **_circumstances(case),
        constraints=case.get("constraints", ()),
        strategy=case.get("strategy", ()),
        group=case.get("group"),
    )
    got = {
        "placeable": placement.placed,
        "max_placeable": placement.max_placeable,
        "per_instance_max": placement.per_instance,
        "ineligible": placement.ineligible,
        "failures": placement.blocking,
        "binding_set": placement.binding,
        "relax": {
            code: "unbounded" if placement.relax.get(code) == math.inf else placement.relax.get(code)
            for code in expected.get("relax", ())
        },
    }
    wanted = {key: expected[key] for key in got if key in expected}
    for key in ("ineligible", "failures"):
        if key in wanted:
            wanted[key] = {item["arn"]: frozenset(item["codes"]) for item in expected[key]}
    if "binding_set" in wanted:
        wanted["binding_set"] = frozenset(expected["binding_set"])
    certain = {"at_least": (placement.at_least, placement.unknowns)} if placement.at_least > placement.max_placeable else {}
    return {**_differences(got, wanted), **certain}


def _miss_of_workloads(case: Case) -> Mapping[str, object]:
    joint = place_all([Workload(**workload) for workload in case["workload"]], **_circumstances(case))
    got = {
        "requested": joint.requested,
        "max_total": joint.optimal,
        "optimal_total": joint.optimal,
        "feasible_all": joint.feasible,
        "placed_min": joint.fewest,
        "placed_max": joint.most,
    }
    inexact = {} if joint.range_is_exact or "placed_min" not in case["expected"] else {"range_is_exact": False}
    return {**_differences(got, {key: value for key, value in case["expected"].items() if key in got}), **inexact}


def _miss_of_query(case: Case, content: Mapping[str, Any]) -> Mapping[str, object]:
    accepted = case.get("expected_any_of", [case["expected"]] if "expected" in case else [])
    try:
        query = compile_query(case["expr"])
    except QueryError as error:
        refusable = case.get("expected") == "error" or "expected_any_of" in case
        return {} if refusable else {"refused": str(error)}
    names = {item["tags"][0]["value"]: item for item in content.get("instances", ())}
    matched = [name for name, item in names.items() if query.matches(item, content["task_groups"][name])]
    warned = query.warnings or "expected_any_of" not in case
    return {} if matched in accepted and warned else {"matched": (matched, accepted), "warnings": query.warnings}


def _miss_of_requirements(case: Case) -> Mapping[str, object]:
    needs = task_requirements(case["task"])
    got = {
        "CPU": needs.cpu,
        "MEMORY": needs.memory,
        "PORTS": sorted(str(port) for port in needs.ports),
        "PORTS_UDP": sorted(str(port) for port in needs.ports_udp),
        "GPU": needs.gpus,
        "ENI": needs.enis,
    }
    expected = {key: sorted(value) if isinstance(value, list) else value for key, value in case["expected"].items()}
    return _differences(got, expected)


def _miss_of_daemon(case: Case) -> Mapping[str, object]:
    demand = daemon_demand(case["task"], group=case["group"], constraints=case.get("constraints", ()), **_circumstances(case))
    expected = case["expected"] | {"failures": {item["arn"]: frozenset(item["codes"]) for item in case["expected"]["failures"]}}
    got = {"new_tasks": demand.new_tasks, "target_instances": demand.target_instances, "failures": demand.failures}
    return _differences(got, expected)


def _miss_of_fargate(case: Case) -> Mapping[str, object]:
    room = fargate_room(
        case["task"],
        case["count"],
        capacity_provider=case["capacity_provider"],
        platform_version=case["platformVersion"],
        quota_vcpu=case["quota_vcpu"],
        vcpu_in_use=case["vcpu_in_use"],
        subnets=case["subnets"],
    )
    return _differences({name: getattr(room, name, None) for name in case["expected"]}, case["expected"])


def _miss_of_split(case: Case) -> Mapping[str, object]:
    allowed = split_by_strategy(case["strategy"], case["count"]).allowed
    got, expected = ({tuple(sorted(way.items())) for way in ways} for ways in (allowed, case["expected"]["allowed"]))
    return {} if got == expected else {"allowed": (got, expected)}


def _miss_of_scaling(case: Case) -> Mapping[str, object]:
    scaled = scale_out(
        case["provisioning_tasks"],
        copies_on_largest=case["copies_per_new_instance_largest"],
        copies_on_smallest=case["copies_per_new_instance_smallest"],
        running_instances=case["running_instances_N"],
        empty_instances=case["empty_instances"],
        auto_scaling_group=case["asg"],
        managed_scaling=case["managedScaling"],
    )
    got = {name: getattr(scaled, name, None) for name in case["expected"]}
    return _differences(got | {"CapacityProviderReservation": scaled.reservation}, case["expected"])


def _miss_of_deployment(case: Case) -> Mapping[str, object]:
    configuration = case.get("deploymentConfiguration", case)
    rolling = rolling_deployment(
        case["desired"],
        minimum_healthy_percent=configuration["minimumHealthyPercent"],
        maximum_percent=configuration["maximumPercent"],
    )
    return _differences({name: getattr(rolling, name, None) for name in case["expected"]}, case["expected"])


def _miss_of_rollout(case: Case) -> Mapping[str, object]:
    demand = rollout_demand(
        case["strategy"],
        capacity_desired=case["capacity_desired"],
        old=case["old"],
        use_source_capacity=case["useSourceCapacity"],
    )
    return _differences({name: getattr(demand, name, None) for name in case["expected"]}, case["expected"])


_RUNNERS: dict[str, Run] = {
    "requirements": _miss_of_requirements,
    "daemon": _miss_of_daemon,
    "deployment": _miss_of_deployment,
    "fargate_capacity": _miss_of_fargate,
    "capacity_provider_split": _miss_of_split,
    "cluster_auto_scaling": _miss_of_scaling,
    "spinnaker_strategy": _miss_of_rollout,
}
