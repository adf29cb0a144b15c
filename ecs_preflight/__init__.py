"""Preflight validation of Amazon ECS accounts for Spinnaker.

    from ecs_preflight import AwsAccess, load_config, render, run_preflight

    report = run_preflight(load_config("clouddriver.yml", preflight="preflight.yml"), AwsAccess(profile="spinnaker"))
    print(render(report, "text"))

Names are loaded when they are used: importing the package imports neither boto3 nor pydantic.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ecs_preflight._version import __version__

if TYPE_CHECKING:
    from ecs_preflight.aws.access import AwsAccess
    from ecs_preflight.capacity.model import CapacityReport
    from ecs_preflight.capacity.wish import Wish
    from ecs_preflight.config import PreflightConfig, load_config
    from ecs_preflight.errors import PreflightError
    from ecs_preflight.facts import Snapshot
    from ecs_preflight.findings import CheckResult, Finding, Outcome, Problem, Report, Severity
    from ecs_preflight.reports.formats import render
    from ecs_preflight.runner import run_preflight, survey_capacity
    from ecs_preflight.snapshot_file import load_snapshot, save_snapshot
    from ecs_preflight.targets import Target

_HOME = {
    "AwsAccess": "aws.access",
    "CapacityReport": "capacity.model",
    "CheckResult": "findings",
    "Finding": "findings",
    "Outcome": "findings",
    "PreflightConfig": "config",
    "PreflightError": "errors",
    "Problem": "findings",
    "Report": "findings",
    "Severity": "findings",
    "Snapshot": "facts",
    "Target": "targets",
    "Wish": "capacity.wish",
    "load_config": "config",
    "load_snapshot": "snapshot_file",
    "render": "reports.formats",
    "run_preflight": "runner",
    "save_snapshot": "snapshot_file",
    "survey_capacity": "runner",
}

__all__ = [
    "AwsAccess",
    "CapacityReport",
    "CheckResult",
    "Finding",
    "Outcome",
    "PreflightConfig",
    "PreflightError",
    "Problem",
    "Report",
    "Severity",
    "Snapshot",
    "Target",
    "Wish",
    "__version__",
    "load_config",
    "load_snapshot",
    "render",
    "run_preflight",
    "save_snapshot",
    "survey_capacity",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
