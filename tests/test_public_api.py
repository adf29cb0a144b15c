"""The names that others rely on, and the version that they are told."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

import ecs_preflight

ROOT = Path(__file__).parents[1]
PROMISED = {
    "ecs_preflight": {
        "load_config", "run_preflight", "AwsAccess", "Snapshot", "Target", "Report", "CheckResult", "Finding", "Outcome",
        "Severity", "render", "survey_capacity", "Wish", "CapacityReport",
    },
    "ecs_preflight.iam": {
        "PolicyDocument", "AccessRequest", "PolicySet", "EvalDecision", "evaluate_document", "evaluate_request",
    },
    "ecs_preflight.ecs": {
        "ContainerInstance", "TaskDefinition", "Workload", "task_requirements", "is_fargate_size", "place", "place_all",
        "compile_query", "QueryError", "fargate_room", "scale_out", "split_by_strategy", "daemon_demand",
    },
    "ecs_preflight.spinnaker": {
        "AwsAccount", "EcsAccount", "Clouddriver", "load_clouddriver", "load_halconfig",
        "trusted_services_as_clouddriver_reads_them",
    },
}  # fmt: skip


@pytest.mark.parametrize("package", PROMISED)
def test_all_is_sorted_and_complete_and_every_name_is_there(package: str) -> None:
    module = import_module(package)
    assert list(module.__all__) == sorted(set(module.__all__))
    assert PROMISED[package] <= set(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("package", PROMISED)
def test_everything_can_be_imported_with_a_star(package: str) -> None:
    names: dict[str, object] = {}
    exec(f"from {package} import *", names)
    assert set(import_module(package).__all__) <= set(names)


def test_lazy_names_are_those_of_all_and_come_from_where_they_are_made() -> None:
    assert {*ecs_preflight._HOME, "__version__"} == set(ecs_preflight.__all__) == set(dir(ecs_preflight))
    for name, home in ecs_preflight._HOME.items():
        made = getattr(ecs_preflight, name)
        assert made is getattr(import_module(f"ecs_preflight.{home}"), name)
        assert made.__module__ == f"ecs_preflight.{home}"
        assert made.__doc__, name


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'ecs_preflight' has no attribute 'run_preflght'"):
        _ = ecs_preflight.run_preflght
    assert not hasattr(ecs_preflight, "_nothing")


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    releases = [heading for heading in headings if heading != "Unreleased"]
    assert headings[0] == "Unreleased"
    assert releases[0] == ecs_preflight.__version__
    assert re.fullmatch(r"\d+\.\d+\.\d+", ecs_preflight.__version__)


def test_the_package_is_typed() -> None:
    assert (ROOT / "ecs_preflight" / "py.typed").exists()
