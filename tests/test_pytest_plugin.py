"""The pytest plugin: items without a network, outcomes in pytest's terms."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ecs_preflight.facts import Snapshot
from ecs_preflight.snapshot_file import save_snapshot

GOOD = """\
aws:
  enabled: true
  accounts: [{name: aws-account-name, accountId: "123456789012", assumeRole: role/SpinnakerManaged, regions: [{name: us-east-1}]}]
ecs:
  enabled: true
  accounts: [{name: ecs-account-name, awsAccount: aws-account-name}]
"""
BAD = GOOD.replace("awsAccount: aws-account-name", "awsAccount: aws-acount-name")


@pytest.fixture
def configured(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makefile(".yml", clouddriver=GOOD, misspelt=BAD)
    save_snapshot(Snapshot(), pytester.path / "empty.json")
    return pytester


def _run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    # In a process of its own, as users run it: the outer session has the plugin and the socket guard loaded already.
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "--strict-markers", "-W", "error", *arguments)


def test_items_are_listed_without_a_network(configured: pytest.Pytester) -> None:
    result = _run(
        configured,
        "--disable-socket",
        "--ecs-preflight",
        "clouddriver.yml",
        "--collect-only",
        "-q",
        "--ecs-preflight-select",
        "TRUST001,CLUSTER001",
    )

    result.stdout.fnmatch_lines(["ecs-preflight::TRUST001[[]ecs-account-name[]]", "ecs-preflight::CLUSTER001*us-east-1/[*]]"])
    assert result.ret == 0


def test_a_pass_passes(configured: pytest.Pytester) -> None:
    result = _run(
        configured, "--ecs-preflight", "clouddriver.yml", "--ecs-preflight-offline", "--ecs-preflight-select", "ACCOUNT001"
    )

    result.assert_outcomes(passed=1)


def test_a_failure_shows_what_the_report_says(configured: pytest.Pytester) -> None:
    result = _run(
        configured, "--ecs-preflight", "misspelt.yml", "--ecs-preflight-offline", "--ecs-preflight-select", "ACCOUNT001"
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*FATAL*ACCOUNT001 aws-account-not-found*ecs-account-name", "*fix*aws-account-name*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_what_could_not_be_seen_fails(configured: pytest.Pytester) -> None:
    result = _run(
        configured,
        "--ecs-preflight",
        "clouddriver.yml",
        "--ecs-preflight-snapshot",
        "empty.json",
        "--ecs-preflight-select",
        "TRUST001",
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*UNDETERMINED TRUST001*"])


def test_below_fail_on_is_expected_to_fail(configured: pytest.Pytester) -> None:
    configured.makefile(".yml", preflight="waivers: [{check: ACCOUNT001, target: nobody, until: 2100-01-01, reason: typo}]\n")
    arguments = ["--ecs-preflight", "clouddriver.yml", "--ecs-preflight-file", "preflight.yml", "--ecs-preflight-offline"]
    arguments += ["--ecs-preflight-select", "ACCOUNT001,WAIVER002"]

    _run(configured, *arguments).assert_outcomes(passed=1, xfailed=1)
    _run(configured, *arguments, "--ecs-preflight-fail-on", "WARNING").assert_outcomes(passed=1, failed=1)


def test_a_waived_failure_is_expected_to_fail(configured: pytest.Pytester) -> None:
    configured.makefile(".yml", preflight="waivers: [{check: ACCOUNT001, target: '*', until: 2100-01-01, reason: known}]\n")
    result = _run(
        configured,
        *("--ecs-preflight", "misspelt.yml", "--ecs-preflight-file", "preflight.yml", "--ecs-preflight-offline"),
        *("--ecs-preflight-select", "ACCOUNT001", "-rx"),
    )

    result.assert_outcomes(xfailed=1)
    result.stdout.fnmatch_lines(["*waived until 2100-01-01: known*"])


def test_unreadable_input_is_a_usage_error(configured: pytest.Pytester) -> None:
    configured.makefile(".yml", broken="aws:\n\tenabled: true\n")
    result = _run(configured, "--ecs-preflight", "broken.yml")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*broken.yml:2:1: the line is indented with a tab*"])


def test_items_can_be_chosen_by_keyword_beside_other_tests(configured: pytest.Pytester) -> None:
    configured.makepyfile("def test_of_the_user():\n    assert True\n")
    arguments = ["--ecs-preflight", "clouddriver.yml", "--ecs-preflight-offline", "--ecs-preflight-select", "ACCOUNT001"]

    _run(configured, *arguments).assert_outcomes(passed=2)
    _run(configured, *arguments, "-k", "ACCOUNT001").assert_outcomes(passed=1, deselected=1)


def test_without_the_option_nothing_happens(configured: pytest.Pytester) -> None:
    configured.makepyfile("def test_of_the_user():\n    assert True\n")

    _run(configured).assert_outcomes(passed=1)


def test_the_plugin_is_light() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import ecs_preflight.pytest_plugin"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "pydantic" not in done.stderr
    assert "botocore" not in done.stderr
