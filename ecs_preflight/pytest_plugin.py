"""pytest's face: every planned (check, target) pair is an item. AWS is asked when the first one runs, never to collect.

pytest --ecs-preflight clouddriver.yml --ecs-preflight-file preflight.yml
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ecs_preflight.config import PreflightConfig
    from ecs_preflight.findings import CheckResult
    from ecs_preflight.plan import Plan, PlannedCheck

_SEVERITIES = ("INFO", "WARNING", "ERROR", "FATAL")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("ecs-preflight", "Amazon ECS accounts of Spinnaker")
    group.addoption(
        "--ecs-preflight",
        action="append",
        default=[],
        metavar="FILE",
        help="check this clouddriver.yml or Halyard config; again for each overlay, in order",
    )
    group.addoption("--ecs-preflight-file", metavar="FILE", help="preflight.yml: clusters, workloads, waivers")
    group.addoption("--ecs-preflight-cluster", action="append", default=[], metavar="ACCOUNT/REGION/NAME")
    group.addoption("--ecs-preflight-pipeline", action="append", default=[], metavar="FILE", help="a pipeline: what it deploys")
    group.addoption("--ecs-preflight-spinnaker-version", metavar="V", help="such as 1.37.0")
    group.addoption("--ecs-preflight-region", metavar="R", help="the region of clouddriver's environment")
    group.addoption("--ecs-preflight-select", action="append", default=[], metavar="IDS", help="ids, families, slugs, patterns")
    group.addoption("--ecs-preflight-ignore", action="append", default=[], metavar="IDS", help="the same, to leave out")
    group.addoption("--ecs-preflight-fail-on", type=str.upper, choices=_SEVERITIES, default="ERROR")
    group.addoption("--ecs-preflight-profile", metavar="NAME", help="profile of the shared AWS configuration")
    group.addoption("--ecs-preflight-offline", action="store_true", help="only what needs no AWS")
    group.addoption("--ecs-preflight-sandbox", action="store_true", help="an embedded, simulated AWS")
    group.addoption("--ecs-preflight-snapshot", metavar="FILE", help="a saved snapshot instead of AWS")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "ecs_preflight: a planned check of ecs-preflight (added by the plugin)")


def pytest_report_header(config: pytest.Config) -> str | None:
    if not config.getoption("--ecs-preflight"):
        return None
    simulated = " against a SIMULATED AWS" if config.getoption("--ecs-preflight-sandbox") else ""
    return f"ecs-preflight: {', '.join(config.getoption('--ecs-preflight'))}{simulated}"


@pytest.hookimpl(tryfirst=True)  # before -k and -m choose among the items
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--ecs-preflight"):
        collector = PreflightCollector.from_parent(session, name="ecs-preflight", nodeid="ecs-preflight")
        report = collector.ihook.pytest_make_collect_report(collector=collector)
        if report.failed:
            raise pytest.UsageError(str(report.longrepr))
        collector.ihook.pytest_collectreport(report=report)  # so that the items are counted as collected
        items.extend(report.result)


class PreflightCollector(pytest.Collector):
    """The plan of one configuration."""

    @cached_property
    def run(self) -> PreflightRun:
        return PreflightRun(self.config)

    def collect(self) -> Iterator[PreflightItem]:
        from ecs_preflight.errors import PreflightError

        try:
            for planned in self.run.plan.items:
                yield PreflightItem.from_parent(self, name=planned.id, run=self.run, planned=planned)
        except PreflightError as error:
            raise pytest.UsageError(str(error)) from error


class PreflightItem(pytest.Item):
    """One check on one target."""

    def __init__(self, *, run: PreflightRun, planned: PlannedCheck, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._run = run
        self._planned = planned
        self.add_marker("ecs_preflight")

    def runtest(self) -> None:
        result = self._run.results[self._planned.check.id, self._planned.target.id]
        self.user_properties.append(("ecs_preflight_outcome", result.outcome.value))
        _become(result, self.config.getoption("--ecs-preflight-fail-on"))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from ecs_preflight.errors import PreflightError

        if isinstance(excinfo.value, CheckNotPassed | PreflightError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return Path(self.config.getoption("--ecs-preflight")[0]), None, self.name


class CheckNotPassed(AssertionError):
    """A check failed, or could not be judged; its text is what the report says of it."""


class PreflightRun:
    """The plan, and the results once something asks for them."""

    def __init__(self, options: pytest.Config) -> None:
        self._options = options

    @cached_property
    def config(self) -> PreflightConfig:
        from ecs_preflight.config import load_config

        option = self._options.getoption
        return load_config(
            *option("--ecs-preflight"),
            preflight=option("--ecs-preflight-file"),
            clusters=option("--ecs-preflight-cluster"),
            pipelines=option("--ecs-preflight-pipeline"),
            spinnaker_version=option("--ecs-preflight-spinnaker-version"),
            aws_region=option("--ecs-preflight-region"),
            offline=option("--ecs-preflight-offline"),
        )

    @cached_property
    def plan(self) -> Plan:
        from ecs_preflight.plan import make_plan

        return make_plan(self.config, self._ids("select"), self._ids("ignore"))

    @cached_property
    def results(self) -> dict[tuple[str, str], CheckResult]:
        """By check id and target id. The first to ask makes the run."""
        from ecs_preflight.reach import reached
        from ecs_preflight.runner import run_preflight

        option = self._options.getoption
        beside = option("--ecs-preflight")[0] if option("--ecs-preflight-sandbox") else None
        with reached(
            self.config,
            snapshot=option("--ecs-preflight-snapshot"),
            sandbox_beside=beside,
            profile=option("--ecs-preflight-profile"),
        ) as access:
            report = run_preflight(self.config, access, select=self._ids("select"), ignore=self._ids("ignore"))
        return {(result.check, result.target.id): result for result in report.results}

    def _ids(self, option: str) -> list[str]:
        given = self._options.getoption(f"--ecs-preflight-{option}")
        return [name.strip() for text in given for name in text.split(",") if name.strip()]


def _become(result: CheckResult, fail_on: str) -> None:
    """Turn a result into pytest's terms: failed, skipped where it does not apply, xfailed where it is borne."""
    from ecs_preflight.findings import Outcome, Severity
    from ecs_preflight.reports.text import render_result

    if result.outcome is Outcome.PASSED:
        return
    if result.outcome is Outcome.NOT_APPLICABLE:
        pytest.skip(result.reason)
    if result.waiver:
        pytest.xfail(f"waived until {result.waiver.until.isoformat()}: {result.waiver.reason}")
    text = render_result(result)
    if result.severity < Severity[fail_on]:
        pytest.xfail(f"{result.severity.name}, below --ecs-preflight-fail-on: {text}")
    raise CheckNotPassed(text)
