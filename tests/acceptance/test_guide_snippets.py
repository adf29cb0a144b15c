"""The snippets of the setup guide, as they stand: each loads, or says file, line, cause and mend.

https://docs.opsmx.com, "Amazon ECS as a Cloud Provider". The indentation is the guide's own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ecs_preflight.cli import main

MANAGED_ROLE_POLICY = """\
\t\t{
\t\t "Version": "2012-10-17",
\t\t "Statement": [
\t\t  {
\t\t\t"Effect": "Allow",
\t\t\t"Principal": {
\t\t\t\t"Service": [
\t\t\t\t\t"ecs.amazonaws.com",
\t\t\t\t\t"application-autoscaling.amazonaws.com"
\t\t\t\t]
\t\t\t },
\t\t\t "Action": "sts:AssumeRole"
\t\t\t}
\t\t ]
\t}
"""
TASK_ROLE_POLICY = """\
\t\t{
\t\t  "Version": "2012-10-17",
\t\t  "Statement": [
\t\t\t{
\t\t\t  "Sid": "",
\t\t\t  "Effect": "Allow",
\t\t\t  "Principal": {
\t\t\t\t"Service": "ecs-tasks.amazonaws.com"
\t\t\t  },
\t\t\t  "Action": "sts:AssumeRole"
\t\t\t}
\t\t} ]
"""
CLOUDDRIVER = """\
\t\taws:
\t\t  enabled: true

\t\t  accounts:
\t\t\t- name: aws-account-name
\t\t\t  accountId: "123456789012"
\t\t\t  regions:
\t\t\t\t- name: us-east-1
\t\t  defaultAssumeRole: role/SpinnakerManaged

\t\tecs:
\t\t  enabled: true
\t\t  accounts:
\t\t\t- name: ecs-account-name
      awsAccount: aws-account-name
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def started(text: str, name: str, *arguments: str) -> tuple[int, str, str]:
        path = tmp_path / name
        path.write_text(text)
        code = main([*arguments, str(path)])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return started


def test_the_first_policy_loads_as_it_stands(run: Run) -> None:
    code, out, _ = run(MANAGED_ROLE_POLICY, "managed.json", "trust", "--policy")

    assert code == 0
    assert "ecs.amazonaws.com" in out


def test_the_second_policy_fails_at_its_brackets(run: Run) -> None:
    code, out, err = run(TASK_ROLE_POLICY, "task.json", "trust", "--policy")

    assert (code, out) == (2, "")
    assert "task.json:12:3: the list opened at line 3 is closed by `}`" in err
    assert "write `] }` in place of `} ]`" in err


def test_the_second_policy_loads_once_mended(run: Run) -> None:
    mended = TASK_ROLE_POLICY.replace("} ]", "] }")

    assert run(mended, "task.json", "trust", "--policy")[0] == 0
    code, out, _ = run(mended, "task.json", "trust", "--principal", "ecs-tasks.amazonaws.com", "--policy")
    assert code == 0
    assert "allowed" in out


MANAGING = "arn:aws:iam::100000000001:role/spinnaker"


def test_the_first_policy_is_fixed_for_the_managing_identity(run: Run) -> None:
    code, out, err = run(MANAGED_ROLE_POLICY, "managed.json", "trust", "--fix", "--principal", MANAGING, "--policy")

    assert code == 0
    guide = {"Service": ["ecs.amazonaws.com", "application-autoscaling.amazonaws.com"]}
    assert [statement["Principal"] for statement in json.loads(out)["Statement"]] == [guide, {"AWS": MANAGING}]
    assert f"a statement is added that allows {MANAGING} sts:AssumeRole, and nothing else" in err
    assert run(out, "fixed.json", "trust", "--principal", MANAGING, "--policy")[0] == 0
    again = run(out, "fixed.json", "trust", "--fix", "--principal", MANAGING, "--policy")
    assert again[:2] == (0, out)
    assert "nothing to change" in again[2]


def test_the_second_policy_is_mended(run: Run) -> None:
    code, out, err = run(TASK_ROLE_POLICY, "task.json", "trust", "--fix", "--principal", "ecs-tasks.amazonaws.com", "--policy")

    assert code == 0
    assert json.loads(out) == json.loads(TASK_ROLE_POLICY.replace("} ]", "] }"))
    assert "task.json:12: `] }` is written in place of `} ]`." in err
    assert run(TASK_ROLE_POLICY, "task.json", "trust", "--fix", "--policy")[:2] == (0, out)


def test_the_yaml_fails_at_its_first_tab(run: Run) -> None:
    code, out, err = run(CLOUDDRIVER, "clouddriver.yml", "check", "--offline")

    assert (code, out) == (2, "")
    assert "clouddriver.yml:1:1: the line is indented with a tab" in err
    assert "Replace each leading tab" in err


@pytest.mark.parametrize("width", [4, 8])
def test_with_tabs_expanded_it_fails_at_the_misplaced_key(run: Run, width: int) -> None:
    code, out, err = run(CLOUDDRIVER.expandtabs(width), "clouddriver.yml", "check", "--offline")

    assert (code, out) == (2, "")
    assert "clouddriver.yml:15:7: `awsAccount` in column 7 is in line with nothing above it" in err
    assert "to make it a sibling of `name`" in err


def test_with_tabs_of_two_it_is_yaml_and_the_key_is_a_finding(run: Run) -> None:
    """Two spaces make the misplaced key a key of `ecs`: clouddriver reads that, and ignores it."""
    code, out, _ = run(CLOUDDRIVER.expandtabs(2), "clouddriver.yml", "check", "--offline")

    assert code == 1
    assert "names no AWS account" in out
    assert "clouddriver.yml:15" in out


def test_mended_it_loads(run: Run) -> None:
    mended = CLOUDDRIVER.expandtabs(4).replace("\n      awsAccount", "\n              awsAccount")
    code, out, _ = run(mended, "clouddriver.yml", "check", "--offline")

    assert code == 0
    assert "passed" in out


def test_the_guides_hal_commands_come_out_of_its_mapping(run: Run) -> None:
    mended = CLOUDDRIVER.expandtabs(4).replace("\n      awsAccount", "\n              awsAccount")

    assert run(mended, "clouddriver.yml", "hal")[1].splitlines() == [
        "hal config provider ecs account add ecs-account-name --aws-account aws-account-name",
        "hal deploy apply",
    ]
