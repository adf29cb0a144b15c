"""What holds of every check: its papers, its names, its place in the list, and that it asks what it says."""

from __future__ import annotations

import inspect
import pkgutil
import re
from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

import ecs_preflight.checks
from ecs_preflight.checks import _MODULES, ALL_CHECKS, FAMILIES
from ecs_preflight.checks._check import Check
from ecs_preflight.facts import Absent, Question, Snapshot, Unknown
from ecs_preflight.findings import Outcome, Problem, Severity
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from ecs_preflight.questions import ALL_KINDS
from ecs_preflight.workloads.reading import WorkloadFiles
from tests.plans import CLOUDDRIVER, MANAGING_IDENTITY, config
from tests.spinnaker.server_groups import a_group

HEADINGS = ["What it checks", "Why it matters", "How to fix it"]
WORKLOADS = [
    {"name": "web", "memory": 512, "cpu": 256, "task_role": "webTaskRole"},
    {"name": "far", "memory": 512, "cpu": 256, "launch_type": "FARGATE", "network_mode": "awsvpc", "execution_role": "run"},
    {"name": "group", "server_group": "group.json"},
    {"name": "bare", "memory": 512, "cpu": 256, "launch_type": "FARGATE", "network_mode": "awsvpc"},
    {"name": "registered", "task_definition": "web:7"},
]
GROUP = a_group(
    account="ecs",
    launchType="FARGATE",
    networkMode="awsvpc",
    subnetTypes=["internal (main)"],
    securityGroupNames=["web"],
    targetGroupMappings=[{"containerPort": 80, "targetGroup": "web"}],
)
FULL = config(
    CLOUDDRIVER.replace("awsAccount: aws}", "awsAccount: aws, namingStrategy: tags}").replace(
        "  defaultAssumeRole", "  defaultSessionDurationSeconds: 7200\n  defaultAssumeRole"
    ),
    managing_identity_arn=MANAGING_IDENTITY,
    accounts={
        "ecs": {
            "task_roles": ["webTaskRole"],
            "regions": {
                "us-east-1": {"clusters": {"production": {"workloads": WORKLOADS}, "empty": None}},
            },
        }
    },
    waivers=[{"check": "CAPACITY001", "target": "ecs/*", "until": "2027-03-01", "reason": "it grows"}],
)
FULL = replace(FULL, workload_files=WorkloadFiles(server_groups={"group.json": (GROUP,)}))
"""A configuration that every check has something to say of."""


def modules() -> list[str]:
    return [module.name for module in pkgutil.iter_modules(ecs_preflight.checks.__path__)]


def checks_in(module: Any) -> list[Check]:
    return [check for check in vars(module).values() if isinstance(check, Check)]


def test_no_module_with_checks_is_forgotten() -> None:
    with_checks = {name for name in modules() if checks_in(import_module(f"ecs_preflight.checks.{name}"))}
    assert {module.__name__.rpartition(".")[2] for module in _MODULES} == with_checks
    assert len(set(_MODULES)) == len(_MODULES)


def test_no_check_is_forgotten_and_none_stands_twice() -> None:
    everywhere = {check for name in modules() for check in checks_in(import_module(f"ecs_preflight.checks.{name}"))}
    assert set(ALL_CHECKS) == everywhere
    assert len(ALL_CHECKS) == len(everywhere)


def test_ids_slugs_and_functions_are_unique() -> None:
    for names in ([c.id for c in ALL_CHECKS], [c.slug for c in ALL_CHECKS], [c.name for c in ALL_CHECKS]):
        assert sorted(names) == sorted(set(names))


def test_the_report_is_in_order_of_families_and_ids() -> None:
    places = [(list(FAMILIES).index(check.family), check.id) for check in ALL_CHECKS]
    assert places == sorted(places)


every_check = pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: check.id)


@every_check
def test_an_id_is_a_family_and_three_digits(check: Check) -> None:
    assert re.fullmatch(r"[A-Z]+\d{3}", check.id)
    assert check.family in FAMILIES
    assert not any(severity.name in check.id for severity in Severity)


@every_check
def test_the_slug_names_the_defect_and_the_function_the_good_state(check: Check) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", check.slug)
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", check.name)
    assert check.slug != check.name.replace("_", "-")
    assert not any(severity.name.lower() in check.slug.split("-") for severity in Severity)


@every_check
def test_the_docstring_has_its_three_headings_in_order_and_says_something_under_each(check: Check) -> None:
    assert check.judge.__doc__
    assert list(check.headings) == HEADINGS
    for heading, text in check.headings.items():
        assert len(text.split()) >= 3, heading
        assert text.rstrip("`)").endswith((".", "!", "?", ":", "}")) or text.endswith("```"), f"{heading}: {text[-40:]!r}"


@every_check
def test_it_is_a_generator_of_config_target_and_facts(check: Check) -> None:
    assert inspect.isgeneratorfunction(check.judge)
    assert list(inspect.signature(check.judge).parameters) == ["config", "target", "facts"]


@every_check
def test_it_is_planned_on_the_full_configuration(check: Check) -> None:
    targets = list(check.targets(FULL))
    if check.id.startswith("WAIVER"):
        assert [target.id for target in targets] == ["config"]
    else:
        assert len(targets) == len(set(targets)) <= 10


@every_check
def test_it_lists_kinds_if_and_only_if_it_needs_answers(check: Check) -> None:
    """`needs` gives questions on the full configuration where `asks` names kinds, and nothing where it names none."""
    asked: set[Question[Any]] = set()
    for target in check.targets(FULL):
        asked.update(check.needs(FULL, target, Snapshot()))
    assert {question.kind for question in asked} <= set(check.asks) <= set(ALL_KINDS)
    assert bool(asked) == bool(check.asks)
    assert not (check.asks and check.judges_results)


def _questions(known: Snapshot) -> set[Question[Any]]:
    return {question for item in make_plan(FULL).items for question in item.questions(FULL, known)}


@pytest.mark.parametrize(
    "fact", [Absent("it is not there"), Unknown("iam:GetRole", "AccessDenied: no")], ids=["absent", "unknown"]
)
def test_where_nothing_is_known_nothing_that_asks_is_green_and_nothing_breaks(fact: Any) -> None:
    """In rounds, as gather does it, until no question is open."""
    known = Snapshot()
    while still := _questions(known) - set(known.facts):
        known = Snapshot({**known.facts, **dict.fromkeys(still, fact)})
    plan = make_plan(FULL)
    for item, result in zip(plan.items, judge(plan, known).results, strict=True):
        if item.questions(FULL, known):
            assert result.outcome in (Outcome.UNDETERMINED, Outcome.BLOCKED, Outcome.FAILED), result.check
            assert result.reason or result.problems, result.check


def test_problems_are_short_and_one_line_and_say_what_to_do() -> None:
    """Whatever fails offline on a broken configuration."""
    broken = config(
        """
        aws:
          enabled: true
          defaultAssumeRole: role/SpinnakerManaged
          defaultRegions: []
          accounts:
            - {name: aws, accountId: 0123, assumeRole: "not a role", regions: [us-east-1], asumeRole: x, namingStrategy: y}
            - {name: aws, accountId: "100000000002", externalId: secret-id, sessionDurationSeconds: 9, enabled: false}
        ecs:
          enabled: true
          accounts:
            - {name: ecs, awsAccount: awss}
            - {name: ecs2, awsAccount: aws, permissions: {}}
            - {name: ecs3, awsAccount: aws}
        """,
        offline=True,
    )
    problems = [problem for result in judge(make_plan(broken), Snapshot()).results for problem in result.problems]
    assert problems
    for problem in problems:
        assert isinstance(problem, Problem)
        assert len(problem.summary) < 100, problem.summary
        assert "\n" not in problem.summary
        assert problem.remediation
        assert "secret-id" not in f"{problem}"
