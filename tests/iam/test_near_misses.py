"""What a trust policy says and is hardly meant."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.iam import PolicyDocument
from ecs_preflight.iam.caller import Caller
from ecs_preflight.iam.near_misses import near_misses
from tests.iam.builders import ALICE, APP, ECS_TASKS, ROOT, SESSION, STRANGER, document, trusts


def told(value: dict[str, Any], caller: str | None = None) -> list[str]:
    found = near_misses(PolicyDocument.model_validate(value), Caller.of(caller) if caller else None)
    return [near.sentence for near in found]


ODD = {
    "a service of China": ({"Service": "ec2.amazonaws.com.cn"}, "end in .amazonaws.com in China too (ec2.amazonaws.com)."),
    "a service misspelt": ({"Service": "ecs-task.amazonaws.com"}, "did you mean ecs-tasks.amazonaws.com (the tasks)?"),
    "a service in capitals": ({"Service": "ECS-Tasks.amazonaws.com"}, "did you mean ecs-tasks.amazonaws.com"),
    "a deleted role": ({"AWS": "AROAEXAMPLE123"}, "AROAEXAMPLE123 is the id of a role that was deleted"),
    "a deleted user": ({"AWS": "AIDAEXAMPLE123"}, "AIDAEXAMPLE123 is the id of a user that was deleted"),
}


@pytest.mark.parametrize(("principal", "sentence"), ODD.values(), ids=ODD)
def test_what_is_odd_whoever_asks(principal: dict[str, str], sentence: str) -> None:
    (only,) = told(document(trusts(principal)))
    assert sentence in only


@pytest.mark.parametrize(
    "service",
    [ECS_TASKS, "eks.amazonaws.com", "lambda.amazonaws.com", "autoscaling.amazonaws.com", "delivery.logs.amazonaws.com"],
)
def test_services_that_are_not(service: str) -> None:
    assert told(document(trusts({"Service": service}))) == []


ALMOST = {
    "a session for its role": (SESSION, APP, "is one session of that role: the ARN of the role covers all of them."),
    "another path": (APP, APP.replace("role/", "role/ci/"), "is of the same name, with another path"),
    "a user for a role": (ALICE.replace("alice", "app"), APP, "is of the same name, as IAM user"),
    "an account with a digit wrong": (APP.replace("111122223333", "111122223334"), APP, "is one of them mistyped?"),
    "an account with digits swapped": (APP.replace("111122223333", "222211113333"), APP, "is one of them mistyped?"),
    "an account a digit short": (APP.replace("111122223333", "11112222333"), APP, "is one of them mistyped?"),
    "quite another account": (APP.replace("111122223333", "987698769876"), APP, "is of the same name, in another account."),
    "another partition": (APP.replace(":aws:", ":aws-cn:"), APP, "is in partition aws-cn"),
    "another case": (APP.replace("app", "App"), APP, "but for the case of its letters."),
    "a name misspelt": (APP + "lication", APP + "lications", "differs from"),
}


@pytest.mark.parametrize(("named", "caller", "sentence"), ALMOST.values(), ids=ALMOST)
def test_who_is_almost_the_caller(named: str, caller: str, sentence: str) -> None:
    (only,) = told(document(trusts({"AWS": named})), caller)
    assert sentence in only


@pytest.mark.parametrize(
    ("named", "caller"), [(APP, APP), (APP, SESSION), (APP, ALICE), (ROOT, APP), (STRANGER, APP), ("*", APP), ("1" * 12, APP)]
)
def test_who_is_not(named: str, caller: str) -> None:
    assert told(document(trusts({"AWS": named})), caller) == []


def test_services_that_stand_for_others() -> None:
    named = document(trusts({"Service": "ecs.amazonaws.com"}))
    assert told(named, ECS_TASKS) == [
        "ecs.amazonaws.com stands for ECS itself, and ecs-tasks.amazonaws.com for the tasks: neither covers the other."
    ]
    assert told(named, "ecs.amazonaws.com") == told(named, "ec2.amazonaws.com") == []
    assert len(told(document(trusts({"Service": ECS_TASKS})), "ECS-tasks.amazonaws.com")) == 1


def test_a_deny_is_no_near_miss_of_the_caller() -> None:
    assert told(document(trusts({"AWS": SESSION}, effect="Deny")), APP) == []


def test_variables_of_a_document_that_has_none() -> None:
    statement = trusts(Condition={"StringEquals": {"sts:RoleSessionName": "${aws:username}"}})
    (only,) = told(document(statement, version="2008-10-17"))
    assert "the ${...} in the condition on sts:RoleSessionName is plain text" in only
    assert told(document(statement)) == []
    plain = trusts(Condition={"StringEquals": {"sts:RoleSessionName": "x"}})
    assert told(document(plain, version="2008-10-17")) == []


def test_each_is_said_once_where_it_first_stands() -> None:
    value = document(trusts(), trusts({"AWS": SESSION}), trusts({"AWS": [SESSION, ROOT]}))
    (only,) = near_misses(PolicyDocument.model_validate(value), Caller.of(APP))
    assert only.statement == 1
