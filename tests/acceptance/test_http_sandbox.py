"""A moto server over HTTP serves the same run as the sandbox within the process."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecs_preflight import AwsAccess, Report, run_preflight
from ecs_preflight.sandbox.run import sandbox, serve
from tests.acceptance.worlds import GREEN

Row = tuple[str, str, str, tuple[str, ...]]


def _rows(report: Report) -> list[Row]:
    return [
        (result.check, result.target.id, result.outcome.value, tuple(problem.summary for problem in result.problems))
        for result in report.results
    ]


@pytest.mark.parametrize("name", GREEN)
def test_over_http_and_within_the_process(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = GREEN[name]
    config = setting.config(tmp_path)
    with sandbox(config, setting.world(config)) as access:
        within = _rows(run_preflight(config, access, select=setting.select))
    with serve(config, setting.world(config)) as endpoint_url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint_url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
        over_http = _rows(run_preflight(config, AwsAccess(), select=setting.select))

    assert within
    assert over_http == within
