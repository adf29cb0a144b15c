"""No ROLE or TRUST check is green by ignorance: hide any answer that one declared, and it is not green."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.facts import Absent, Known, Listing, Snapshot, Unknown
from ecs_preflight.judge import judge
from ecs_preflight.plan import Plan, make_plan
from ecs_preflight.questions import caller_identity, caller_may_list_zones, managing_policies
from tests.checks.role_facts import (
    ECS,
    ECS_TASKS,
    EVERY_ROLE,
    IDENTITY,
    IN_MANAGED,
    IN_MANAGING,
    MANAGED,
    MANAGED_QUESTION,
    MANAGING,
    OFFICE,
    OUTSIDER,
    SCALING,
    STRANGER,
    a_config,
    a_role,
    allow,
    allowed,
    attempt,
    denied,
    document,
    enabled,
    may,
    rights,
    snapshot,
    task_role,
    who,
)

MINE = {check.id for check in ALL_CHECKS if check.family in ("ROLE", "TRUST")}
ORGANIZATION = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
ON = enabled(ap_east_1="opted-in")
A_NEIGHBOUR = f"arn:aws:iam::{MANAGED}:role/spinnaker"
FULL: dict[str, Any] = {"external_id": "the-external-id", "default_duration": 7200, "task_roles": ["web"]}

GREEN: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "nothing special": (a_config(), ()),
    "everything there is": (a_config(**FULL), (task_role("web"),)),
    "nobody is stated": (a_config(identity=None, **FULL), (task_role("web"),)),
    "an old Spinnaker": (a_config(version="1.18.0"), ()),
    "every zone is written": (a_config(zones=True, regions=["us-east-1", "ap-east-1"]), ((IN_MANAGED, ON),)),
    "two regions": (
        a_config(regions=["us-east-1", "ap-east-1"]),
        ((IN_MANAGING, ON), (IN_MANAGED, ON), (caller_may_list_zones("ap-east-1"), allowed())),
    ),
    "a trust policy that depends on the place": (
        a_config(),
        ((MANAGED_QUESTION, Known(a_role(document(allow({"AWS": IDENTITY}, OFFICE))))),),
    ),
    "refused for something else than duration": (
        a_config(default_duration=7200),
        ((attempt("A"), denied()), (MANAGED_QUESTION, Known(a_role(max_session_duration=7200)))),
    ),
    "somebody else of the managing account": (
        a_config(**FULL),
        ((caller_identity(), who(STRANGER)), (managing_policies(IDENTITY), rights(may())), task_role("web")),
    ),
    "somebody of a third account": (
        a_config(),
        ((caller_identity(), who(OUTSIDER)), (managing_policies(IDENTITY), rights(may()))),
    ),
    "within one account, by the trust policy alone": (
        a_config(identity=A_NEIGHBOUR),
        (
            (caller_identity(), who(OUTSIDER)),
            (managing_policies(A_NEIGHBOUR), rights(arn=A_NEIGHBOUR)),
            (MANAGED_QUESTION, Known(a_role(document(allow({"AWS": A_NEIGHBOUR}))))),
        ),
    ),
    "the managing identity's own unique id": (
        a_config(),
        (
            (caller_identity(), who(user_id="AROAEXAMPLEEXAMPLE12:i-0123456789abcdef0")),
            (MANAGED_QUESTION, Known(a_role(document(allow({"AWS": "AROAEXAMPLEEXAMPLE12"}))))),
        ),
    ),
    "an organization, which the attempt settles": (
        a_config(),
        ((MANAGED_QUESTION, Known(a_role(document(allow({"AWS": IDENTITY}, ORGANIZATION))))),),
    ),
    "Fargate falls back to the managed role": (
        a_config(workloads=[{"name": "far", "memory": 512, "launch_type": "FARGATE"}]),
        ((MANAGED_QUESTION, Known(a_role(document(allow({"AWS": IDENTITY}), allow({"Service": ECS_TASKS}))))),),
    ),
    "nobody is stated, and the managing account is let in as a whole": (
        a_config(identity=None),
        ((MANAGED_QUESTION, Known(a_role(document(allow({"AWS": MANAGING}), allow({"Service": [ECS, SCALING]}))))),),
    ),
    "an account without roles": (a_config(), ((EVERY_ROLE, Known(Listing())),)),
}


def alone(check_id: str, config: Any) -> Plan:
    return make_plan(config, select=[check_id])


def green(plan: Plan, facts: Snapshot) -> bool:
    return judge(plan, facts).is_green


def test_each_check_is_green_somewhere_and_declares_something() -> None:
    seen: dict[str, int] = dict.fromkeys(MINE, 0)
    for config, changes in GREEN.values():
        for check_id in MINE:
            plan, facts = alone(check_id, config), snapshot(*changes)
            if green(plan, facts):
                seen[check_id] = max(seen[check_id], len(plan.items[0].questions(config, facts)))
    assert [check_id for check_id, most in seen.items() if not most] == []


@pytest.mark.parametrize("name", GREEN)
@pytest.mark.parametrize("hidden", [Unknown("iam:GetRole", "hidden"), Absent("hidden")], ids=["unknown", "absent"])
def test_hiding_any_declared_answer_is_not_green(name: str, hidden: Any) -> None:
    config, changes = GREEN[name]
    facts = snapshot(*changes)
    overlooked = [
        f"{check_id} overlooks {question}"
        for check_id in sorted(MINE)
        if green(plan := alone(check_id, config), facts)
        for question in plan.items[0].questions(config, facts)
        if green(plan, facts.with_fact(question, hidden))
    ]
    assert overlooked == []


@pytest.mark.parametrize("name", GREEN)
def test_nothing_but_what_was_declared_decides(name: str) -> None:
    """What was not declared may be taken away: a check cannot depend on it."""
    config, changes = GREEN[name]
    facts = snapshot(*changes)
    for check_id in MINE:
        plan = alone(check_id, config)
        declared = plan.items[0].questions(config, facts)
        alone_with_it = Snapshot({question: facts.facts[question] for question in declared if question in facts}, salt=facts.salt)
        assert green(plan, alone_with_it) == green(plan, facts), check_id
