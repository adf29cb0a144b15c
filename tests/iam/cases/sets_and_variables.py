"""Set operators on keys with several values; policy variables."""

from __future__ import annotations

from typing import Any

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    MULTI_VALUE_PAGE,
    NOT_ALLOWED,
    RESOURCE_PAGE,
    TRUSTING,
    UNDECIDABLE,
    VARIABLES_PAGE,
    VERSION_PAGE,
    Case,
    asks,
    document,
    grants,
    statement,
    trusts,
)

_ABSENT = None

# operator, the values of the policy, the values of the request, the decision
_SETS: tuple[tuple[str, Any, Any, str], ...] = (
    ("ForAllValues:StringEquals", ["a", "b"], ["a"], ALLOWED),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], ALLOWED),
    ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], NOT_ALLOWED),
    ("ForAllValues:StringEquals", ["a", "b"], _ABSENT, ALLOWED),
    ("ForAllValues:StringEquals", ["a", "b"], [], ALLOWED),
    ("ForAllValues:StringEquals", "a", "a", ALLOWED),
    ("ForAllValues:StringLike", "a*", ["ab", "ac"], ALLOWED),
    ("ForAllValues:StringLike", "a*", ["ab", "bc"], NOT_ALLOWED),
    ("ForAllValues:StringNotEquals", ["a", "b"], ["c", "d"], ALLOWED),
    ("ForAllValues:StringNotEquals", ["a", "b"], ["a", "c"], NOT_ALLOWED),
    ("ForAllValues:StringNotEquals", ["a", "b"], _ABSENT, ALLOWED),
    ("ForAllValues:StringEquals", [], ["a"], NOT_ALLOWED),
    ("ForAllValues:StringEquals", [], _ABSENT, ALLOWED),
    ("ForAllValues:NumericLessThan", "10", ["9", "8"], ALLOWED),
    ("ForAllValues:ArnLike", "arn:aws:iam::*:role/x*", ["arn:aws:iam::1:role/xy"], ALLOWED),
    ("ForAllValues:StringEqualsIfExists", "a", _ABSENT, ALLOWED),
    ("ForAllValues:ARNEqualsIfExists", "arn:aws:iam::*:role/x", ["arn:aws:iam::1:role/y"], NOT_ALLOWED),
    ("ForAllValues:Bool", False, ["false"], ALLOWED),
    ("ForAnyValue:StringEquals", ["a", "b"], ["b", "c"], ALLOWED),
    ("ForAnyValue:StringEquals", ["a", "b"], ["c", "d"], NOT_ALLOWED),
    ("ForAnyValue:StringEquals", ["a", "b"], _ABSENT, NOT_ALLOWED),
    ("ForAnyValue:StringEquals", ["a", "b"], [], NOT_ALLOWED),
    ("ForAnyValue:StringLike", "o-*/r-*", ["o-1/r-1/ou-2/", "x"], ALLOWED),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "c"], ALLOWED),
    ("ForAnyValue:StringNotEquals", ["a", "b"], ["a", "b"], NOT_ALLOWED),
    ("ForAnyValue:StringNotEquals", ["a", "b"], _ABSENT, NOT_ALLOWED),
    ("ForAnyValue:StringEquals", [], ["a"], NOT_ALLOWED),
    ("ForAnyValue:StringEquals", [], _ABSENT, NOT_ALLOWED),
    ("ForAnyValue:StringEqualsIfExists", "a", ["a"], ALLOWED),
    ("ForAnyValue:StringEqualsIfExists", "a", _ABSENT, UNDECIDABLE),
    ("ForAnyValue:StringEqualsIfExists", [], _ABSENT, NOT_ALLOWED),
    ("foranyvalue:stringequals", "a", ["a", "b"], ALLOWED),
    ("StringEquals", "a", ["a", "b"], NOT_ALLOWED),
    ("StringLike", "*", ["a", "b"], NOT_ALLOWED),
    ("StringNotEquals", "a", ["a", "b"], UNDECIDABLE),
)
# StringLike value, the caller, its context, the request's value, the decision
_VARIABLES: tuple[tuple[str, str, dict[str, Any], str, str], ...] = (
    ("${aws:username}", ALICE, {}, "alice", ALLOWED),
    ("${aws:username}", ALICE, {"aws:username": "bob"}, "bob", ALLOWED),
    ("${aws:username}", ALICE, {"aws:username": "bob"}, "alice", NOT_ALLOWED),
    ("${AWS:UserName}", ALICE, {}, "alice", ALLOWED),
    ("${ aws:username }", ALICE, {}, "alice", ALLOWED),
    ("${aws:username}", APP, {}, "app", NOT_ALLOWED),  # a role has no user name
    ("home/${aws:username}/*", ALICE, {}, "home/alice/x", ALLOWED),
    ("home/${aws:username}/*", ALICE, {"aws:username": "*"}, "home/bob/x", NOT_ALLOWED),
    ("home/${aws:username}/*", ALICE, {"aws:username": "*"}, "home/*/x", ALLOWED),
    ("${aws:username, 'nobody'}", APP, {}, "nobody", ALLOWED),
    ("${aws:username,'nobody'}", ALICE, {}, "alice", ALLOWED),
    ("${aws:username, 'nobody'}", ALICE, {}, "nobody", NOT_ALLOWED),
    ("${aws:username, nobody}", APP, {}, "nobody", NOT_ALLOWED),
    ("${aws:PrincipalTag/team}-${aws:username}", ALICE, {"aws:PrincipalTag/team": "a"}, "a-alice", ALLOWED),
    ("${aws:PrincipalTag/team}-${aws:username}", ALICE, {}, "-alice", NOT_ALLOWED),
    ("${aws:PrincipalTag/team}", ALICE, {"aws:PrincipalTag/team": ["a", "b"]}, "a", UNDECIDABLE),
    ("a${*}b", ALICE, {}, "a*b", ALLOWED),
    ("a${*}b", ALICE, {}, "axb", NOT_ALLOWED),
    ("a${?}b", ALICE, {}, "a?b", ALLOWED),
    ("a${?}b", ALICE, {}, "axb", NOT_ALLOWED),
    ("${$}{aws:username}", ALICE, {}, "${aws:username}", ALLOWED),
    ("${aws:username", ALICE, {}, "${aws:username", ALLOWED),
    ("$aws:username", ALICE, {}, "$aws:username", ALLOWED),
)
_HOME = "arn:aws:s3:::home/${aws:username}/*"


def _reads(resource: str, caller: str = ALICE, **rest: Any) -> dict[str, Any]:
    return asks(caller, "s3:GetObject", resource, **rest)


CASES = (
    *(
        Case(
            f"{operator} {values!r} and {value!r}",
            document(trusts(Condition={operator: {"aws:TagKeys": values}})),
            asks(context={} if value is _ABSENT else {"aws:TagKeys": value}),
            decision,
            MULTI_VALUE_PAGE,
        )
        for operator, values, value, decision in _SETS
    ),
    *(
        Case(
            f"{number}: {pattern} and {value}",
            document(trusts(Condition={"StringLike": {"sts:RoleSessionName": pattern}})),
            asks(caller, context={"sts:RoleSessionName": value, **context}),
            decision,
            VARIABLES_PAGE,
        )
        for number, (pattern, caller, context, value, decision) in enumerate(_VARIABLES)
    ),
    *(
        Case(
            f"{operator} with a variable that has no value",
            document(trusts(Condition={operator: {"sts:RoleSessionName": "${aws:PrincipalTag/none}"}})),
            asks(context={"sts:RoleSessionName": "x"}),
            decision,
            VARIABLES_PAGE,
        )
        for operator, decision in (
            ("StringEquals", NOT_ALLOWED),
            ("StringLike", NOT_ALLOWED),
            ("StringNotEquals", ALLOWED),
            ("StringNotLike", ALLOWED),
        )
    ),
    Case(
        "StringEquals with a variable",
        document(trusts(Condition={"StringEquals": {"sts:RoleSessionName": "${aws:username}"}})),
        asks(context={"sts:RoleSessionName": "alice"}),
        ALLOWED,
        VARIABLES_PAGE,
    ),
    Case(
        "StringEqualsIgnoreCase with a variable",
        document(trusts(Condition={"StringEqualsIgnoreCase": {"sts:RoleSessionName": "${aws:username}"}})),
        asks(context={"sts:RoleSessionName": "ALICE"}),
        ALLOWED,
        VARIABLES_PAGE,
    ),
    Case(
        "a value with colons stays in its component of an ARN",
        document(trusts(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:${aws:PrincipalTag/t}"}})),
        asks(context={"aws:PrincipalTag/t": "a:b", "aws:SourceArn": "arn:aws:sns:us-east-1:1:a:b"}),
        ALLOWED,
        VARIABLES_PAGE,
    ),
    Case(
        "a variable behind the sixth colon of an ARN",
        document(trusts(Condition={"ArnLike": {"k:a": "arn:aws:logs:*:*:log-group:${aws:username}"}})),
        asks(context={"k:a": "arn:aws:logs:us-east-1:1:log-group:alice"}),
        ALLOWED,
        VARIABLES_PAGE,
    ),
    Case(
        "a variable with a colon stays in its component of an ARN",
        document(trusts(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:${aws:PrincipalAccount}:t"}})),
        asks(context={"aws:SourceArn": f"arn:aws:sns:us-east-1:{TRUSTING}:t"}),
        ALLOWED,
        VARIABLES_PAGE,
    ),
    Case(
        "in 2008, ${a:b} within an ARN is two of its components",
        document(trusts(Condition={"ArnLike": {"k:a": "arn:aws:sns:${a:b}:t"}}), version="2008-10-17"),
        asks(context={"k:a": "arn:aws:sns:${a:b}:t"}),
        ALLOWED,
        VERSION_PAGE,
    ),
    *(
        Case(
            f"in {version}, the last component of an ARN may hold colons",
            document(trusts(Condition={"ArnLike": {"k:a": "arn:aws:logs:*:*:log-group:a"}}), version=version),
            asks(context={"k:a": "arn:aws:logs:us-east-1:1:log-group:a"}),
            ALLOWED,
            VERSION_PAGE,
        )
        for version in ("2008-10-17", "2012-10-17")
    ),
    Case(
        "a wildcard before a variable is one",
        document(trusts(Condition={"StringLike": {"sts:RoleSessionName": "*-${aws:username}-?"}})),
        asks(context={"sts:RoleSessionName": "x-alice-1"}),
        ALLOWED,
        VARIABLES_PAGE,
    ),
    *(
        Case(
            f"{operator} takes {written} for {value}, or not",
            document(trusts(Condition={operator: {"sts:RoleSessionName": written}})),
            asks(context={"sts:RoleSessionName": value}),
            decision,
            VARIABLES_PAGE,
        )
        for operator, written, value, decision in (
            ("StringEquals", "${aws:username}*", "alice*", ALLOWED),
            ("StringEquals", "${aws:username}*", "alicex", NOT_ALLOWED),
            ("StringEqualsIgnoreCase", "?${aws:username}", "?ALICE", ALLOWED),
            ("StringEqualsIgnoreCase", "?${aws:username}", "xalice", NOT_ALLOWED),
            ("StringLike", "a*bc?de-${aws:username}", "axbcyde-alice", ALLOWED),
            ("StringLike", "a*bc?de-${aws:username}", "axcye-alice", NOT_ALLOWED),
            ("StringLike", "a*b*c?d-${aws:username}", "axbcyd-alice", ALLOWED),
            ("StringLike", "a*b*c?d-${aws:username}", "axbycd-alice", NOT_ALLOWED),
            ("StringLike", "${aws:username}?b*cd", "alice-b-cd", ALLOWED),
            ("StringLike", "${aws:username}?b*cd", "alice-bd", NOT_ALLOWED),
        )
    ),
    *(
        Case(
            f"the default of {variable} and {value!r}",
            document(trusts(Condition={"StringEquals": {"k:a": variable}})),
            asks(context={"k:a": value}),
            decision,
            VARIABLES_PAGE,
        )
        for variable, value, decision in (
            ("${k:m, ''}", "", ALLOWED),
            ("${k:m, 'a,b'}", "a,b", ALLOWED),
            ("${k:m, x}", "", NOT_ALLOWED),
            ("${k:m, '}", "", NOT_ALLOWED),
        )
    ),
    Case(
        "a number has no variables",
        document(trusts(Condition={"NumericEquals": {"k:n": "${k:m}"}})),
        asks(context={"k:n": 1, "k:m": 1}),
        NOT_ALLOWED,
        VARIABLES_PAGE,
    ),
    *(
        Case(
            f"version {version} takes a variable as {meaning}",
            document(
                trusts(Condition={"StringEquals": {"sts:RoleSessionName": "${aws:username}"}}),
                version=version,
            ),
            asks(context={"sts:RoleSessionName": value}),
            decision,
            VERSION_PAGE,
        )
        for version, meaning, value, decision in (
            ("2012-10-17", "its value", "alice", ALLOWED),
            ("2012-10-17", "no text", "${aws:username}", NOT_ALLOWED),
            ("2008-10-17", "text", "${aws:username}", ALLOWED),
            ("2008-10-17", "no value", "alice", NOT_ALLOWED),
        )
    ),
    Case(
        "a document without a version is of 2008",
        {"Statement": [trusts(Condition={"StringLike": {"sts:RoleSessionName": "a${*}b"}})]},
        asks(context={"sts:RoleSessionName": "a${xx}b"}),
        ALLOWED,
        VERSION_PAGE,
    ),
    Case(
        "in 2008, Bool has no variables to disagree about",
        document(trusts(Condition={"Bool": {"k:b": "${k:c}"}}), version="2008-10-17"),
        asks(context={"k:b": "true"}),
        NOT_ALLOWED,
        VERSION_PAGE,
    ),
    Case(
        "in 2008, an ARN with ${a:b} in it splits at its colon",
        document(trusts(Condition={"ArnLike": {"k:a": "arn:aws:s3:::${a:b}"}}), version="2008-10-17"),
        asks(context={"k:a": "arn:aws:s3:::${a:b}"}),
        ALLOWED,
        VERSION_PAGE,
    ),
    Case("a variable in a resource", document(grants("*", _HOME)), _reads("arn:aws:s3:::home/alice/x"), ALLOWED, RESOURCE_PAGE),
    Case("somebody else's", document(grants("*", _HOME)), _reads("arn:aws:s3:::home/bob/x"), NOT_ALLOWED, RESOURCE_PAGE),
    Case(
        "a role has no home", document(grants("*", _HOME)), _reads("arn:aws:s3:::home/alice/x", APP), NOT_ALLOWED, RESOURCE_PAGE
    ),
    Case(
        "all but a home that a role does not have",
        document(statement(Action="*", NotResource=_HOME)),
        _reads("arn:aws:s3:::home/alice/x", APP),
        ALLOWED,
        VARIABLES_PAGE,
    ),
    Case(
        "an escaped wildcard in a resource",
        document(grants("*", "arn:aws:s3:::home/${*}/x")),
        _reads("arn:aws:s3:::home/alice/x"),
        NOT_ALLOWED,
        RESOURCE_PAGE,
    ),
    Case(
        "in 2008 a resource's variable is text",
        document(grants("*", "arn:aws:s3:::${aws:username}"), version="2008-10-17"),
        _reads("arn:aws:s3:::alice"),
        NOT_ALLOWED,
        VERSION_PAGE,
    ),
    Case(
        "in 2008 a resource's ${a:b} is two of its components",
        document(grants("*", "arn:aws:sns:${a:b}:t*"), version="2008-10-17"),
        _reads("arn:aws:sns:${a:b}:topic"),
        ALLOWED,
        VERSION_PAGE,
    ),
    Case(
        "in 2008 the last component of a resource may hold colons",
        document(grants("*", "arn:aws:logs:*:*:log-group:/ecs/*"), version="2008-10-17"),
        _reads("arn:aws:logs:us-east-1:1:log-group:/ecs/web:log-stream:x"),
        ALLOWED,
        VERSION_PAGE,
    ),
    Case(
        "a variable does not stand for its own spelling",
        document(grants("*", "arn:aws:s3:::home/${aws:username}")),
        _reads("arn:aws:s3:::home/${aws:username}"),
        NOT_ALLOWED,
        RESOURCE_PAGE,
    ),
    Case(
        "a variable before the fifth colon is not documented",
        document(grants("*", "arn:aws:iam::${aws:PrincipalAccount}:role/app")),
        _reads(APP),
        UNDECIDABLE,
        RESOURCE_PAGE,
    ),
    Case(
        "but it cannot make another resource match",
        document(grants("*", "arn:aws:iam::${aws:PrincipalAccount}:role/other")),
        _reads(APP),
        NOT_ALLOWED,
        RESOURCE_PAGE,
    ),
    Case(
        "a variable that is not known",
        document(grants("*", "arn:aws:s3:::home/${aws:PrincipalTag/t}")),
        _reads("arn:aws:s3:::home/alice", context_complete=False),
        UNDECIDABLE,
        RESOURCE_PAGE,
        keys=("aws:PrincipalTag/t",),
    ),
    Case(
        "whatever it holds, this bucket is not meant",
        document(grants("*", "arn:aws:s3:::home/${aws:PrincipalTag/t}")),
        _reads("arn:aws:s3:::other/alice", context_complete=False),
        NOT_ALLOWED,
        RESOURCE_PAGE,
    ),
)
