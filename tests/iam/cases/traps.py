"""What evaluators get wrong most often, each trap by its name; and the trust policies of Amazon ECS."""

from __future__ import annotations

from typing import Any

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    DENIED,
    ECS_TASKS,
    LOGIC_PAGE,
    NOT_ALLOWED,
    ROLE,
    ROOT,
    SESSION,
    STRANGER,
    TRUSTING,
    Case,
    asks,
    document,
    grants,
    statement,
    trusts,
)

_ECS_PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"
_SLR_PAGE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html"
_ALL = document(grants())
_TASK = f"arn:aws:ecs:us-west-2:{TRUSTING}:task/cluster/0123456789abcdef"
_SLR = f"arn:aws:iam::{TRUSTING}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
_TASK_ROLE = {
    "ArnLike": {"aws:SourceArn": f"arn:aws:ecs:us-west-2:{TRUSTING}:*"},
    "StringEquals": {"aws:SourceAccount": TRUSTING},
}


def _when(operator: str, key: str, value: Any) -> dict[str, Any]:
    return document(trusts(Condition={operator: {key: value}}))


def _named(principal: Any) -> dict[str, Any]:
    return document(trusts({"AWS": principal}))


def _of_ecs(condition: dict[str, Any] | None = None, service: Any = ECS_TASKS) -> dict[str, Any]:
    return document(trusts({"Service": service}, Condition=condition or {}))


_TRAPS: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
    ("the path of a role is lost in its sessions", _named(f"arn:aws:iam::{TRUSTING}:role/a/b/app"), asks(SESSION), ALLOWED),
    ("the id of a deleted role is nobody", _named("AROADBQP57FF2AEXAMPLE"), asks(APP), NOT_ALLOWED),
    ("an account is not its root user", _named(ROOT), asks(ALICE), ALLOWED),
    ("a principal ARN of :root is the root user", _when("ArnEquals", "aws:PrincipalArn", ROOT), asks(ALICE), NOT_ALLOWED),
    ("ecs is not ecs-tasks", _of_ecs(service="ecs.amazonaws.com"), asks(ECS_TASKS), NOT_ALLOWED),
    ("StringEquals takes * as it is", _when("StringEquals", "k:a", "a*"), asks(context={"k:a": "ab"}), NOT_ALLOWED),
    ("an ARN splits into six", _when("ArnLike", "k:a", "arn:aws:sns:*"), asks(context={"k:a": "arn:aws:sns:a:1:t"}), NOT_ALLOWED),
    (
        "the sixth may hold colons",
        _when("ArnLike", "k:a", "arn:aws:sns:a:1:t*"),
        asks(context={"k:a": "arn:aws:sns:a:1:t:u:v"}),
        ALLOWED,
    ),
    ("a negated operator holds where the key is absent", _when("StringNotEquals", "k:a", "a"), asks(), ALLOWED),
    ("ForAllValues holds of nothing", _when("ForAllValues:StringEquals", "aws:TagKeys", "a"), asks(), ALLOWED),
    ("BoolIfExists holds of nothing", _when("BoolIfExists", "aws:MultiFactorAuthPresent", "true"), asks(), ALLOWED),
    ("negated values are NORed", _when("StringNotEquals", "k:a", ["a", "b"]), asks(context={"k:a": "b"}), NOT_ALLOWED),
    (
        "version 2008 has no variables",
        document(trusts(Condition={"StringEquals": {"k:a": "${aws:username}"}}), version="2008-10-17"),
        asks(context={"k:a": "alice"}),
        NOT_ALLOWED,
    ),
    ("numbers are no texts", _when("NumericLessThan", "k:n", "10"), asks(context={"k:n": "9"}), ALLOWED),
    ("a bare true is true", _when("Bool", "k:b", True), asks(context={"k:b": "true"}), ALLOWED),
    ("a bare number is a number", _when("NumericEquals", "k:n", 7), asks(context={"k:n": "7"}), ALLOWED),
    ("key names ignore case", _when("StringEquals", "STS:externalID", "x"), asks(context={"sts:ExternalId": "x"}), ALLOWED),
    ("a deny wins wherever it stands", document(trusts(effect="Deny"), trusts()), asks(), DENIED),
    ("and after it, too", document(trusts(), trusts(effect="Deny")), asks(), DENIED),
    ("everyone of another account needs an identity policy", {"resource": _named("*")}, asks(STRANGER), NOT_ALLOWED),
    ("and with one may", {"resource": _named("*"), "identity": [_ALL]}, asks(STRANGER), ALLOWED),
    ("the account alone needs an identity policy", {"resource": _named(ROOT)}, asks(ALICE), NOT_ALLOWED),
    ("AssumeRole is not TagSession", {"resource": _named(ALICE)}, asks(ALICE, "sts:TagSession"), NOT_ALLOWED),
    ("AssumeRole is not SetSourceIdentity", {"resource": _named(ALICE)}, asks(ALICE, "sts:SetSourceIdentity"), NOT_ALLOWED),
    ("a role does not trust itself", {"resource": _named(ALICE), "identity": [_ALL]}, asks(ROLE), NOT_ALLOWED),
    ("a boundary caps a role's ARN", {"resource": _named(APP), "boundary": [document(grants("s3:*"))]}, asks(APP), NOT_ALLOWED),
    ("an SCP caps the caller", {"resource": _named(ALICE), "scp": [[document(grants("s3:*"))]]}, asks(), NOT_ALLOWED),
    (
        "an RCP caps the role",
        {"resource": _named(ALICE), "rcp": [[document(statement("Deny", Principal="*", Action="sts:*", Resource="*"))]]},
        asks(),
        DENIED,
    ),
    ("a service-linked role is exempt from SCPs", {"resource": _named(_SLR), "scp": [[]]}, asks(_SLR), ALLOWED),
)
_GUARDED: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
    ("of this account and region", _TASK_ROLE, {"aws:SourceArn": _TASK, "aws:SourceAccount": TRUSTING}, ALLOWED),
    ("without a source account", _TASK_ROLE, {"aws:SourceArn": _TASK}, NOT_ALLOWED),
    ("without a source ARN", _TASK_ROLE, {"aws:SourceAccount": TRUSTING}, NOT_ALLOWED),
    (
        "of another region",
        _TASK_ROLE,
        {"aws:SourceArn": _TASK.replace("west", "east"), "aws:SourceAccount": TRUSTING},
        NOT_ALLOWED,
    ),
    (
        "of another account",
        _TASK_ROLE,
        {"aws:SourceArn": _TASK.replace("1111", "2222"), "aws:SourceAccount": TRUSTING},
        NOT_ALLOWED,
    ),
    (
        "of a pattern with the wrong partition",
        {"ArnLike": {"aws:SourceArn": "arn:aws:ecs:*:*:*"}},
        {"aws:SourceArn": _TASK.replace("arn:aws:", "arn:aws-cn:")},
        NOT_ALLOWED,
    ),
    (
        "of a pattern under StringLike",
        {"StringLike": {"aws:SourceArn": _TASK_ROLE["ArnLike"]["aws:SourceArn"]}},
        {"aws:SourceArn": _TASK},
        ALLOWED,
    ),
    ("of a pattern under StringEquals", {"StringEquals": _TASK_ROLE["ArnLike"]}, {"aws:SourceArn": _TASK}, NOT_ALLOWED),
    ("of an organization", {"StringEquals": {"aws:SourceOrgID": "o-abc"}}, {"aws:SourceOrgID": "o-abc"}, ALLOWED),
)
_SERVICES = (
    ("AWSServiceRoleForECS", "ecs.amazonaws.com", "ecs.amazonaws.com", ALLOWED),
    (
        "AWSServiceRoleForApplicationAutoScaling_ECSService",
        "ecs.application-autoscaling.amazonaws.com",
        "ecs.application-autoscaling.amazonaws.com",
        ALLOWED,
    ),
    (
        "a role that trusts application-autoscaling",
        "application-autoscaling.amazonaws.com",
        "ecs.application-autoscaling.amazonaws.com",
        NOT_ALLOWED,
    ),
    ("a container instance role", "ec2.amazonaws.com", "ec2.amazonaws.com", ALLOWED),
    ("a container instance role of China, in the older spelling", "ec2.amazonaws.com.cn", "ec2.amazonaws.com", NOT_ALLOWED),
)

CASES = (
    *(Case(name, policy, request, decision, LOGIC_PAGE) for name, policy, request, decision in _TRAPS),
    *(
        Case(f"a task {name}", _of_ecs(condition), asks(ECS_TASKS, context=context), decision, _ECS_PAGE)
        for name, condition, context, decision in _GUARDED
    ),
    *(Case(name, _of_ecs(service=trusted), asks(asking), decision, _SLR_PAGE) for name, trusted, asking, decision in _SERVICES),
)
