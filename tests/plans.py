"""Small configurations, checks that are made up, and the plans of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ecs_preflight.checks._check import Check, Facts, Judgement
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Question, Snapshot
from ecs_preflight.findings import CheckResult, Outcome, Problem, Severity
from ecs_preflight.plan import Plan, PlannedCheck
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.questions import ALL_KINDS
from ecs_preflight.spinnaker.clouddriver import read_clouddriver
from ecs_preflight.targets import Target
from ecs_preflight.yamlfile import parse_yaml

MANAGED = "100000000002"
MANAGED_ROLE = f"arn:aws:iam::{MANAGED}:role/SpinnakerManaged"
MANAGING_IDENTITY = "arn:aws:iam::100000000001:user/spinnaker"

CLOUDDRIVER = f"""
aws:
  enabled: true
  defaultAssumeRole: role/SpinnakerManaged
  accounts:
    - name: aws
      accountId: "{MANAGED}"
      externalId: the-external-id
      regions: [{{name: us-east-1}}]
ecs:
  enabled: true
  accounts:
    - {{name: ecs, awsAccount: aws}}
"""

Judge = Callable[[PreflightConfig, Target, Facts], Judgement]


def config(clouddriver: str = CLOUDDRIVER, *, offline: bool = False, **preflight: Any) -> PreflightConfig:
    """The guide's one account; the keywords are keys of preflight.yml."""
    read = read_clouddriver([parse_yaml(clouddriver, "clouddriver.yml")])
    return PreflightConfig(read, PreflightFile.model_validate(preflight), offline=offline)


def many_accounts(count: int) -> str:
    """clouddriver.yml with accounts ecs0, ecs1, ... on AWS accounts 200000000000, 200000000001, ..."""
    aws = "".join(
        f'    - {{name: aws{n}, accountId: "{200000000000 + n}", regions: [{{name: us-east-1}}]}}\n' for n in range(count)
    )
    ecs = "".join(f"    - {{name: ecs{n}, awsAccount: aws{n}}}\n" for n in range(count))
    head = "aws:\n  enabled: true\n  defaultAssumeRole: role/SpinnakerManaged\n  accounts:\n"
    return f"{head}{aws}ecs:\n  enabled: true\n  accounts:\n{ecs}"


def requiring(
    *questions: Question[Any], check_id: str = "TEST001", severity: Severity = Severity.ERROR, then: Judge | None = None
) -> Check:
    """A check that passes once it has looked at the answers to these questions."""

    def everything_is_answered(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
        for question in questions:
            facts[question].require()
        if then:
            yield from then(config, target, facts)

    return made(everything_is_answered, lambda *_: questions, check_id=check_id, severity=severity)


def made(
    judge: Judge,
    needs: Callable[[PreflightConfig, Target, Snapshot], Iterable[Question[Any]]] = lambda *_: (),
    *,
    check_id: str = "TEST001",
    severity: Severity = Severity.ERROR,
    judges_results: bool = False,
) -> Check:
    """A check of a function; it may ask anything."""
    return Check(
        check_id, f"slug-of-{check_id.lower()}", severity, judge, lambda _: (Target(),), needs, ALL_KINDS, judges_results
    )


def plan(*checks: Check, of: PreflightConfig | None = None, on: tuple[Target, ...] = (Target(),)) -> Plan:
    """Every check on every target."""
    return Plan(of or config(), tuple(PlannedCheck(check, target) for check in checks for target in on), frozenset(checks))


def result(
    check: str = "TEST001",
    target: str = "config",
    outcome: Outcome = Outcome.PASSED,
    severity: Severity = Severity.ERROR,
    **changes: Any,
) -> CheckResult:
    """One result; a failed one has a problem."""
    if outcome is Outcome.FAILED:
        changes.setdefault("problems", (Problem("something is wrong", severity=severity),))
    return CheckResult(check, f"slug-of-{check.lower()}", Target.parse(target), severity, outcome, **changes)
