"""The calls that are tried, against the sandbox: each is answered, and each is denied to whom nothing is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Listing, Question, Snapshot
from ecs_preflight.gather.rounds import gather
from ecs_preflight.questions import may_get_role, reads_as_aws_account, reads_as_ecs_account, reads_of_cluster, simulation
from ecs_preflight.sandbox.healthy import healthy_world
from ecs_preflight.sandbox.run import sandbox
from ecs_preflight.sandbox.world import permission_policy
from tests.plans import CLOUDDRIVER, MANAGED, MANAGING_IDENTITY, config, plan, requiring

CONFIG = config(CLOUDDRIVER, managing_identity_arn=MANAGING_IDENTITY)
ROLE_ARN = f"arn:aws:iam::{MANAGED}:role/SpinnakerManaged"
READS: tuple[Question[Listing[Any]], ...] = (
    reads_as_ecs_account("ecs", "us-east-1"),
    reads_of_cluster("ecs", "us-east-1", "default"),
    reads_as_aws_account("ecs", "us-east-1"),
)
GET_ITSELF = may_get_role("ecs", "SpinnakerManaged")
SIMULATED = simulation("ecs", "us-east-1", ROLE_ARN, ("ecs:CreateService", "iam:CreateUser"), "*", {})


def gathered(**role: Any) -> Snapshot:
    world = healthy_world(CONFIG)
    account = world.accounts[MANAGED]
    managed = account.roles["SpinnakerManaged"].model_copy(update=role)
    account = account.model_copy(update={"roles": {**account.roles, "SpinnakerManaged": managed}})
    world = world.model_copy(update={"accounts": {**world.accounts, MANAGED: account}})
    with sandbox(CONFIG, world) as access:
        return gather(plan(requiring(*READS, GET_ITSELF, SIMULATED), of=CONFIG), access)


@pytest.fixture(scope="module")
def healthy() -> Snapshot:
    return gathered()


@pytest.fixture(scope="module")
def denied() -> Snapshot:
    return gathered(attached=(), policies={"none": permission_policy("s3:GetObject")})


@pytest.mark.parametrize("question", READS, ids=lambda question: question.kind.name)
def test_the_healthy_role_may_read_everything(healthy: Snapshot, question: Question[Listing[Any]]) -> None:
    calls = healthy[question].require().items
    assert [call.action for call in calls if not call.allowed] == []
    assert [call.action for call in calls] == list(question.kind.actions)


@pytest.mark.parametrize("question", READS, ids=lambda question: question.kind.name)
def test_whom_nothing_is_allowed_is_told_so_by_every_call(denied: Snapshot, question: Question[Listing[Any]]) -> None:
    calls = denied[question].require().items
    assert [call.action for call in calls if call.allowed] == []
    assert all("is not authorized to perform" in call.said for call in calls)
    assert [call.action for call in calls] == list(question.kind.actions)


def test_whether_a_role_may_be_read(healthy: Snapshot, denied: Snapshot) -> None:
    assert healthy[GET_ITSELF].require().allowed
    assert not denied[GET_ITSELF].require().allowed


def test_the_simulator_tells_apart_what_is_allowed(healthy: Snapshot, denied: Snapshot) -> None:
    decisions = {result.action: result.decision for result in healthy[SIMULATED].require().results}
    assert decisions == {"ecs:CreateService": "allowed", "iam:CreateUser": "implicitDeny"}
    assert denied[SIMULATED].require().is_refused
