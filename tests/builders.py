"""Small valid files of Spinnaker's and the runs of them, for tests to change one thing at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ecs_preflight.config import PreflightConfig, load_config
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import CheckResult, Outcome, Report
from ecs_preflight.runner import run_preflight

CLOUDDRIVER = """\
aws:
  enabled: true
  accounts:
    - name: prod-aws
      accountId: "123456789012"
      assumeRole: role/SpinnakerManaged
      regions: [{name: us-east-1}]
ecs:
  enabled: true
  accounts:
    - {name: prod, awsAccount: prod-aws}
"""
SPARE = """\
    - name: spare
      accountId: "210987654321"
      assumeRole: role/SpinnakerManaged
      regions: [{name: us-east-1}]
"""
HALCONFIG = """\
currentDeployment: default
deploymentConfigurations:
- name: default
  version: 1.30.1
  providers:
    aws:
      enabled: true
      accounts:
      - name: prod-aws
        accountId: "123456789012"
        assumeRole: role/SpinnakerManaged
        regions: [{name: us-east-1}]
    ecs:
      enabled: true
      accounts:
      - {name: prod, awsAccount: prod-aws}
"""


def changed(old: str, new: str, text: str = CLOUDDRIVER) -> str:
    """The file with one part of it written differently; that part must be there."""
    assert old in text, old
    return text.replace(old, new)


def with_in_account(line: str) -> str:
    """The file with one more line in its AWS account."""
    return changed("    - name: prod-aws\n", f"    - name: prod-aws\n      {line}\n")


def with_in_aws(line: str, text: str = CLOUDDRIVER) -> str:
    """The file with one more line in its `aws` block."""
    return changed("aws:\n", f"aws:\n  {line}\n", text)


def with_in_ecs_account(entry: str) -> str:
    """The file with one more key in its ECS account."""
    return changed("awsAccount: prod-aws", f"awsAccount: prod-aws, {entry}")


def with_spare(old: str = "spare", new: str = "spare") -> str:
    """The file with a second AWS account, changed, that no ECS account maps to."""
    return changed("ecs:\n", changed(old, new, SPARE) + "ecs:\n")


def loaded(folder: Path, *files: str, preflight: str | None = None, **options: Any) -> PreflightConfig:
    """The configuration of these files, called clouddriver0.yml, clouddriver1.yml, ..., and of preflight.yml."""
    paths = [folder / f"clouddriver{number}.yml" for number in range(len(files))]
    for path, text in zip(paths, files, strict=True):
        path.write_text(text, encoding="utf-8")
    if preflight is not None:
        (folder / "preflight.yml").write_text(preflight, encoding="utf-8")
        options["preflight"] = folder / "preflight.yml"
    return load_config(*paths, **options)


def judged(folder: Path, *files: str, select: tuple[str, ...] = ("ACCOUNT",), **options: Any) -> Report:
    """What is said of these files without asking AWS."""
    return run_preflight(loaded(folder, *files, **options), Snapshot(), select=select)


def failed(report: Report) -> dict[str, CheckResult]:
    """The results that failed, by the check's id."""
    return {result.check: result for result in report.results if result.outcome is Outcome.FAILED}


def outcomes(report: Report, target: str) -> dict[str, Outcome]:
    """What became of each check on one target."""
    return {result.check: result.outcome for result in report.results if result.target.id == target}
