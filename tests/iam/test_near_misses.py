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


_DELETED = "that was deleted: nobody has it. If it was made anew, write its ARN in place of the id."
_MEANT = "is no service principal that we know; did you mean ecs-tasks.amazonaws.com (the tasks)?"
ODD = {
    "a service of China": (
        {"Service": "ec2.amazonaws.com.cn"},
        "ec2.amazonaws.com.cn: service principals end in .amazonaws.com in China too (ec2.amazonaws.com).",
    ),
    "a service misspelt": ({"Service": "ecs-task.amazonaws.com"}, f"ecs-task.amazonaws.com {_MEANT}"),
    "a service in capitals": ({"Service": "ECS-Tasks.amazonaws.com"}, f"ECS-Tasks.amazonaws.com {_MEANT}"),
    "a deleted role": ({"AWS": "AROAEXAMPLE123"}, f"AROAEXAMPLE123 is the id of a role {_DELETED}"),
    "a deleted user": ({"AWS": "AIDAEXAMPLE123"}, f"AIDAEXAMPLE123 is the id of a user {_DELETED}"),
}


@pytest.mark.parametrize(("principal", "sentence"), ODD.values(), ids=ODD)
def test_what_is_odd_whoever_asks(principal: dict[str, str], sentence: str) -> None:
    assert told(document(trusts(principal))) == [sentence]


def test_two_oddities_are_both_told() -> None:
    odd = trusts({"AWS": ["AROAEXAMPLE123", "AIDAEXAMPLE123"]})
    assert told(document(odd)) == [
        f"AROAEXAMPLE123 is the id of a role {_DELETED}",
        f"AIDAEXAMPLE123 is the id of a user {_DELETED}",
    ]


@pytest.mark.parametrize(
    "service",
    [ECS_TASKS, "eks.amazonaws.com", "lambda.amazonaws.com", "autoscaling.amazonaws.com", "delivery.logs.amazonaws.com"],
)
def test_services_that_are_not(service: str) -> None:
    assert told(document(trusts({"Service": service}))) == []


def _in_account(account_id: str) -> str:
    return f"arn:aws:iam::{account_id}:role/app"


def _mistyped(account_id: str) -> str:
    return f"is in account {account_id}, and {APP} in 111122223333: is one of them mistyped?"


_ELSEWHERE = "is of the same name, in another account."
_FEW_LETTERS = "in a few letters of its name."
_LONG = APP + "lication"
_TWENTY = APP.replace("app", "a" * 17)
# who is named, who asks, and what is said of the first
ALMOST = {
    "a session for its role": (SESSION, APP, "is one session of that role: the ARN of the role covers all of them."),
    "another path": (
        APP,
        APP.replace("role/", "role/ci/"),
        "is of the same name, with another path: for IAM that is another principal.",
    ),
    "a user for a role": (
        ALICE.replace("alice", "app"),
        APP,
        "is of the same name, as IAM user: for IAM that is another principal.",
    ),
    "an account with a digit wrong": (_in_account("111122223334"), APP, _mistyped("111122223334")),
    "an account with two digits wrong": (_in_account("111122223399"), APP, _mistyped("111122223399")),
    "an account with three digits wrong": (_in_account("111122223888"), APP, _ELSEWHERE),
    "an account with digits swapped": (_in_account("222211113333"), APP, _mistyped("222211113333")),
    "an account a digit short": (_in_account("11112222333"), APP, _mistyped("11112222333")),
    "an account two digits short": (_in_account("1111222233"), APP, _ELSEWHERE),
    "quite another account": (_in_account("987698769876"), APP, _ELSEWHERE),
    "another partition": (APP.replace(":aws:", ":aws-cn:"), APP, f"is in partition aws-cn, and {APP} in aws."),
    "another case": (APP.replace("app", "App"), APP, f"is {APP} but for the case of its letters."),
    "a name misspelt": (_LONG, _LONG + "s", f"differs from {_LONG}s {_FEW_LETTERS}"),
    "a name just near enough": (_TWENTY + "bcd", _TWENTY + "efg", f"differs from {_TWENTY}efg {_FEW_LETTERS}"),
}


@pytest.mark.parametrize(("named", "caller", "sentence"), ALMOST.values(), ids=ALMOST)
def test_who_is_almost_the_caller(named: str, caller: str, sentence: str) -> None:
    assert told(document(trusts({"AWS": named})), caller) == [f"{named} {sentence}"]


NOT_ALMOST = {
    "the caller": (APP, APP),
    "the role of a session": (APP, SESSION),
    "a role for a user": (APP, ALICE),
    "the account": (ROOT, APP),
    "the account's number": ("1" * 12, APP),
    "everyone": ("*", APP),
    "another account's user": (STRANGER, APP),
    "another role": (APP.replace("app", "other"), APP),
    "a user of almost the name": (_LONG, _LONG.replace("role/", "user/") + "s"),
    "almost the name in another account": (_LONG, _LONG.replace("1111", "2222") + "s"),
    "an ARN of another service": (_in_account("222222222222").replace("iam", "sts"), APP),
    "an ARN with a region": (_in_account("222222222222").replace("iam:", "iam:eu-west-1"), APP),
}


@pytest.mark.parametrize(("named", "caller"), NOT_ALMOST.values(), ids=NOT_ALMOST)
def test_who_is_not(named: str, caller: str) -> None:
    assert told(document(trusts({"AWS": named})), caller) == []


def test_services_that_stand_for_others() -> None:
    named = document(trusts({"Service": "ecs.amazonaws.com"}))
    assert told(named, ECS_TASKS) == [
        "ecs.amazonaws.com stands for ECS itself, and ecs-tasks.amazonaws.com for the tasks: neither covers the other."
    ]
    assert told(named, "ecs.amazonaws.com") == told(named, "ec2.amazonaws.com") == []
    in_capitals = told(document(trusts({"Service": ECS_TASKS})), "ECS-tasks.amazonaws.com")
    assert in_capitals == ["ecs-tasks.amazonaws.com is ECS-tasks.amazonaws.com but for the case of its letters."]


def test_a_deny_is_no_near_miss_of_the_caller() -> None:
    assert told(document(trusts({"AWS": SESSION}, effect="Deny")), APP) == []


def test_variables_of_a_document_that_has_none() -> None:
    statement = trusts(Condition={"StringEquals": {"sts:RoleSessionName": "${aws:username}"}})
    assert told(document(statement, version="2008-10-17")) == [
        "the ${...} in the condition on sts:RoleSessionName is plain text: the document is of version 2008-10-17, "
        "and variables need 2012-10-17."
    ]
    assert told(document(statement)) == []
    plain = trusts(Condition={"StringEquals": {"sts:RoleSessionName": "x"}})
    assert told(document(plain, version="2008-10-17")) == []


def test_each_is_said_once_where_it_first_stands() -> None:
    value = document(trusts(), trusts({"AWS": SESSION}), trusts({"AWS": [SESSION, ROOT]}))
    (only,) = near_misses(PolicyDocument.model_validate(value), Caller.of(APP))
    assert only.statement == 1
