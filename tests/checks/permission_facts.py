"""Facts about what the managed role may do, for the tests of PERMISSION: all is allowed, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecs_preflight.answers import PrincipalPolicies, SimulatedAction, Simulation, TriedCall
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Fact, Known, Listing, Question
from ecs_preflight.findings import CheckResult
from ecs_preflight.questions import (
    SIMULATION,
    clusters,
    reads_as_aws_account,
    reads_as_ecs_account,
    reads_of_cluster,
    role_policies,
)
from tests.checks.role_facts import ACCOUNT, MANAGED_ROLE, a_config, asked_for, judged, rights

REGION = "us-east-1"
POLICIES = role_policies(ACCOUNT, "SpinnakerManaged")
AS_ECS = reads_as_ecs_account(ACCOUNT, REGION)
AS_AWS = reads_as_aws_account(ACCOUNT, REGION)
CLUSTERS = clusters(ACCOUNT, REGION)
REFUSED = Simulation(is_refused=True)
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html
POWER_USER = {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"}

Change = tuple[Question[Any], Fact[Any]]


def of(name: str) -> Question[Listing[TriedCall]]:
    """The reads of an ECS cluster."""
    return reads_of_cluster(ACCOUNT, REGION, name)


def tried(question: Question[Listing[TriedCall]], **denied: str) -> Change:
    """All reads of a question: `ListTasks="AccessDenied: ..."` is what a denied one was told."""
    calls = tuple(
        TriedCall(action, False, denied[name]) if (name := action.partition(":")[2]) in denied else TriedCall(action, True)
        for action in question.kind.actions
    )
    return question, Known(Listing(calls))


def holding(*statements: Any, boundary: str | None = None) -> Change:
    """The managed role with these statements as its policy."""
    held: Known[PrincipalPolicies] = rights(*statements, arn=MANAGED_ROLE, boundary=boundary)
    return POLICIES, held


def questions_of(check_id: str, config: PreflightConfig, *changes: Change) -> list[Question[Any]]:
    """What the simulator is asked for a check."""
    return [question for question in asked_for(check_id, config, *changes) if question.kind is SIMULATION]


def simulated(
    questions: Iterable[Question[Simulation]], exceptions: Mapping[str, SimulatedAction | None] | None = None
) -> list[Change]:
    """The simulator allows all that it is asked; `exceptions` are what it says of an action instead, None for nothing."""
    told = exceptions or {}
    changes: list[Change] = []
    for question in questions:
        actions = question.arguments[1].split(",")
        results = [told[action] if action in told else SimulatedAction(action, "allowed") for action in actions]
        changes.append((question, Known(Simulation(tuple(result for result in results if result)))))
    return changes


def refused(questions: Iterable[Question[Simulation]]) -> list[Change]:
    """Nobody may use the simulator."""
    return [(question, Known(REFUSED)) for question in questions]


def of_writes(
    *statements: Any,
    config: PreflightConfig | None = None,
    exceptions: Mapping[str, SimulatedAction | None] | None = None,
    simulator: bool = True,
    boundary: str | None = None,
) -> CheckResult:
    """The result of PERMISSION002 for a role with these statements (PowerUserAccess by default)."""
    settings = config or a_config()
    held = holding(*(statements or (POWER_USER,)), boundary=boundary)
    asked = questions_of("PERMISSION002", settings)
    told = simulated(asked, exceptions) if simulator else refused(asked)
    return judged("PERMISSION002", settings, held, *told)
