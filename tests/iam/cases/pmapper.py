"""What PMapper 1.1.5 (https://github.com/nccgroup/PMapper) decides wrongly by AWS's pages, and the forms beside it.

Its answers were taken from `principalmapper.querying.local_policy_simulation`, read and run; ours must be AWS's.
"""

from __future__ import annotations

from typing import Any

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    MULTI_VALUE_PAGE,
    NOT_ALLOWED,
    OPERATORS_PAGE,
    RESOURCE_PAGE,
    VARIABLES_PAGE,
    Case,
    asks,
    document,
    grants,
)

_AGE = "aws:MultiFactorAuthAge"
_TOPIC = "arn:aws:sns:us-east-1:111122223333:topic"
_NOW = "2026-11-24T12:00:00"

# what it does wrong, operator, key, the values of the policy, the value of the request, AWS's decision, AWS's page
_WRONG: tuple[tuple[str, str, str, Any, Any, str, str], ...] = (
    ("StringNotLike of an absent key is false", "StringNotLike", "aws:UserAgent", "curl*", None, ALLOWED, OPERATORS_PAGE),
    (
        "NumericLessThanIfExists of a smaller number is false",
        "NumericLessThanIfExists",
        _AGE,
        "60",
        "59",
        ALLOWED,
        OPERATORS_PAGE,
    ),
    ("IpAddressIfExists denies inside", "IpAddressIfExists", "aws:SourceIp", "10.0.0.0/8", "10.1.2.3", ALLOWED, OPERATORS_PAGE),
    ("and allows outside", "IpAddressIfExists", "aws:SourceIp", "10.0.0.0/8", "11.1.2.3", NOT_ALLOWED, OPERATORS_PAGE),
    ("a + in StringLike is a regular expression", "StringLike", "aws:UserAgent", "a+b*", "a+b/1", ALLOWED, OPERATORS_PAGE),
    ("so that other texts match", "StringLike", "aws:UserAgent", "a+b*", "aab/1", NOT_ALLOWED, OPERATORS_PAGE),
    ("a * in ArnLike crosses colons", "ArnLike", "aws:PrincipalArn", "arn:aws:iam::*", ALICE, NOT_ALLOWED, OPERATORS_PAGE),
    ("ArnEquals ignores case", "ArnEquals", "aws:SourceArn", _TOPIC.upper(), _TOPIC, NOT_ALLOWED, OPERATORS_PAGE),
    (
        "ArnEquals ignores the case of the resource",
        "ArnEquals",
        "aws:SourceArn",
        f"{_TOPIC}X",
        f"{_TOPIC}x",
        NOT_ALLOWED,
        OPERATORS_PAGE,
    ),
    (
        "only the first of two dates is tried",
        "DateGreaterThan",
        "aws:CurrentTime",
        ["2030-01-01T00:00:00Z", "2020-01-01T00:00:00Z"],
        "2026-11-24T12:00:00Z",
        ALLOWED,
        OPERATORS_PAGE,
    ),
    ("a date without a zone ends in a TypeError", "DateEquals", "aws:CurrentTime", _NOW, f"{_NOW}Z", ALLOWED, OPERATORS_PAGE),
    ("in the request as well", "DateLessThan", "aws:CurrentTime", f"{_NOW}Z", _NOW, NOT_ALLOWED, OPERATORS_PAGE),
    ("a variable is text", "StringEquals", "aws:PrincipalTag/owner", "${aws:username}", "alice", ALLOWED, VARIABLES_PAGE),
    (
        "and equals its own spelling",
        "StringEquals",
        "aws:PrincipalTag/owner",
        "${aws:username}",
        "${aws:username}",
        NOT_ALLOWED,
        VARIABLES_PAGE,
    ),
)
_BESIDE: tuple[tuple[str, str, str, Any, Any, str, str], ...] = (
    ("NumericLessThanIfExists of an absent key", "NumericLessThanIfExists", _AGE, "60", None, ALLOWED, OPERATORS_PAGE),
    ("NumericLessThanIfExists of the same number", "NumericLessThanIfExists", _AGE, "60", "60", NOT_ALLOWED, OPERATORS_PAGE),
    ("ForAnyValue, one of them", "ForAnyValue:StringEquals", "aws:TagKeys", ["a", "b"], ["b", "c"], ALLOWED, MULTI_VALUE_PAGE),
    ("ForAnyValue, none of them", "ForAnyValue:StringEquals", "aws:TagKeys", ["a", "b"], ["c"], NOT_ALLOWED, MULTI_VALUE_PAGE),
    ("ForAllValues, all of them", "ForAllValues:NumericEquals", "k:n", ["1", "2"], ["2", "1"], ALLOWED, MULTI_VALUE_PAGE),
    ("ForAllValues, but one", "ForAllValues:NumericEquals", "k:n", ["1", "2"], ["1", "3"], NOT_ALLOWED, MULTI_VALUE_PAGE),
    ("ArnNotLikeIfExists of another", "ArnNotLikeIfExists", "aws:SourceArn", APP, ALICE, ALLOWED, OPERATORS_PAGE),
    ("ArnNotLikeIfExists of the same", "ArnNotLikeIfExists", "aws:SourceArn", APP, APP, NOT_ALLOWED, OPERATORS_PAGE),
    ("ArnNotLikeIfExists of an absent key", "ArnNotLikeIfExists", "aws:SourceArn", APP, None, ALLOWED, OPERATORS_PAGE),
)

CASES = (
    *(
        Case(
            f"{verdict}: {name}",
            document(grants("s3:GetObject", Condition={operator: {key: values}})),
            asks(ALICE, "s3:GetObject", "arn:aws:s3:::bucket/key", context={key: value}),
            decision,
            page,
        )
        for verdict, table in (("wrong", _WRONG), ("beside", _BESIDE))
        for name, operator, key, values, value, decision, page in table
    ),
    Case(
        "wrong: a resource ignores case",
        document(grants("s3:GetObject", "arn:aws:s3:::bucket/Key")),
        asks(ALICE, "s3:GetObject", "arn:aws:s3:::bucket/key"),
        NOT_ALLOWED,
        RESOURCE_PAGE,
    ),
)
