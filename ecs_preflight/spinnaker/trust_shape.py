"""The shapes that clouddriver's reader of trust policies needs, which IAM does not: each means the same to IAM.

clouddriver-ecs: `IamPolicyReader.getTrustedEntities`; see trust_reader.
"""

from __future__ import annotations

from typing import Any

from ecs_preflight.iam.admission import ASSUME_ROLE
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.repair import Change, Json, Repair
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS, read_trust_policy


def with_statements_in_a_list(value: Any) -> Repair:
    """Of a single object the reader makes a ClassCastException, and no role of the account is cached."""
    if not isinstance(value, dict) or not isinstance(value.get("Statement"), dict):
        return Repair(value, ())
    done = "Statement is written as a list: clouddriver's reader throws a ClassCastException at a single object"
    return Repair({**value, "Statement": [value["Statement"]]}, (Change(("Statement",), done),))


def with_tasks_visible(value: Json, request: AccessRequest) -> Repair:
    """For the request of ecs-tasks.amazonaws.com, which the policy allows: also so that the reader finds it.

    It takes `"Action": "sts:AssumeRole"` and nothing else. What it does not find is refused for a server group: "does not have
    a trust relationship to ecs-tasks.amazonaws.com". For other services and for AWS principals it looks nowhere.
    """
    if request.question.context.caller.text != ECS_TASKS or ECS_TASKS in read_trust_policy(value).services:
        return Repair(value, ())
    allowing = [matched.index for matched in evaluate_document(value, request).matched_statements]
    for number in allowing:
        if value["Statement"][number].get("Action") == [ASSUME_ROLE]:
            return _with_action_as_text(value, number)
    plain = [number for number in allowing if not value["Statement"][number].get("Condition")]
    return _with_statement_like(value, (plain or allowing)[0])


def _with_action_as_text(value: Json, number: int) -> Repair:
    statements = [*value["Statement"]]
    statements[number] = {**statements[number], "Action": ASSUME_ROLE}
    done = "Action is written as a text: clouddriver's reader passes over a list"
    return Repair({**value, "Statement": statements}, (Change(("Statement", number, "Action"), done),))


def _with_statement_like(value: Json, number: int) -> Repair:
    """A statement for the reader beside the one that allows, under the same conditions."""
    condition = value["Statement"][number].get("Condition")
    added = {"Effect": "Allow", "Principal": {"Service": ECS_TASKS}, "Action": ASSUME_ROLE}
    added |= {"Condition": condition} if condition else {}
    under = ", under the conditions of that statement" if condition else ""
    done = (
        f"a statement is added that allows {ECS_TASKS} {ASSUME_ROLE}{under}: statement number {number + 1} does so for IAM, and "
        f"clouddriver's reader passes over any Action but the text {ASSUME_ROLE}"
    )
    return Repair({**value, "Statement": [*value["Statement"], added]}, (Change(("Statement", number), done),))
