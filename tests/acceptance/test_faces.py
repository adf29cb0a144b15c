"""Three faces, one result: Python, the command line and pytest give the same (id, target, outcome) list."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from ecs_preflight import load_config, run_preflight
from ecs_preflight.cli import main
from ecs_preflight.reach import reached
from tests.acceptance.worlds import NAMED, NAMED_PREFLIGHT

# Something of most outcomes: clusters that are missing, a waiver, a managing identity that may not list regions.
PREFLIGHT = (
    NAMED_PREFLIGHT.replace("desired_count: 4", "desired_count: 4000")
    + """\
waivers:
  - {check: CAPACITY001, target: "*/web", until: 2100-01-01, reason: "grows next week"}
"""
)

Row = tuple[str, str, str]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "clouddriver.yml").write_text(NAMED)
    (tmp_path / "preflight.yml").write_text(PREFLIGHT)
    (tmp_path / "sandbox.yml").write_text(_SANDBOX)
    return tmp_path / "clouddriver.yml", tmp_path / "preflight.yml"


_SANDBOX = """\
managing_identity_arn: arn:aws:iam::100000000001:role/spinnaker
accounts:
  "100000000001":
    roles:
      spinnaker:
        trusts: [ec2.amazonaws.com]
        policies:
          assume: '{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}}'
  "100000000002":
    roles:
      SpinnakerManaged:
        path: /spinnaker/
        trusts: ["arn:aws:iam::100000000001:role/spinnaker"]
        attached: [PowerUserAccess]
    regions:
      us-west-2: {clusters: {production: {}}}
"""


def _from_python(files: tuple[Path, Path]) -> list[Row]:
    config = load_config(files[0], preflight=files[1])
    with reached(config, sandbox_beside=files[0]) as access:
        report = run_preflight(config, access)
    return [(result.check, result.target.id, result.outcome.value) for result in report.results]


def _from_command_line(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> list[Row]:
    main(["check", str(files[0]), "--preflight", str(files[1]), "--sandbox", "--format", "json"])
    document = json.loads(capsys.readouterr().out)
    return [(row["check"], row["target"], row["outcome"]) for row in document["results"]]


def _from_pytest(files: tuple[Path, Path]) -> list[Row]:
    # In a process of its own, and not with pytester: that one forgets, after a test, every module imported meanwhile.
    folder = files[0].parent
    subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", "junit_family=xunit1", "--junitxml=junit.xml"),
            *("--ecs-preflight", str(files[0]), "--ecs-preflight-file", str(files[1]), "--ecs-preflight-sandbox"),
        ],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    rows = []
    for case in ElementTree.parse(folder / "junit.xml").getroot().iter("testcase"):
        check, _, target = case.attrib["name"].rstrip("]").partition("[")
        outcome = next(p.attrib["value"] for p in case.iter("property") if p.attrib["name"] == "ecs_preflight_outcome")
        rows.append((check, target, outcome))
    return rows


def test_three_faces_one_result(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    python = _from_python(files)

    assert {"PASSED", "FAILED", "WAIVED", "BLOCKED"} <= {outcome for _, _, outcome in python}
    assert _from_command_line(files, capsys) == python
    assert _from_pytest(files) == python


def test_a_saved_snapshot_gives_the_same_report(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    live = ["check", str(files[0]), "--preflight", str(files[1]), "--sandbox", "--format", "json"]
    saved = files[0].parent / "snapshot.json"
    main([*live, "--save-snapshot", str(saved)])
    first = json.loads(capsys.readouterr().out)
    main(["check", str(files[0]), "--preflight", str(files[1]), "--snapshot", str(saved), "--format", "json"])
    second = json.loads(capsys.readouterr().out)

    assert second["results"] == first["results"]
    assert saved.stat().st_mode & 0o777 == 0o600
