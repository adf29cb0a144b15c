"""context_complete: False, where a key that is not given is unknown; and the keys that the principal implies."""

from __future__ import annotations

from typing import Any

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    DENIED,
    ECS_TASKS,
    KEYS_PAGE,
    LOGIC_PAGE,
    NOT_ALLOWED,
    OPERATORS_PAGE,
    ROOT,
    SESSION,
    TRUSTING,
    UNDECIDABLE,
    Case,
    asks,
    document,
    trusts,
)

# the Condition of an Allow for everyone of the account, what is known, the decision, the keys that it depends on
_ONE_ALLOW: tuple[tuple[dict[str, Any], dict[str, Any], str, tuple[str, ...]], ...] = (
    ({"StringEquals": {"sts:ExternalId": "1"}}, {}, UNDECIDABLE, ("sts:ExternalId",)),
    ({"StringEquals": {"sts:ExternalId": "1"}}, {"sts:ExternalId": "1"}, ALLOWED, ()),
    ({"StringEquals": {"sts:ExternalId": "1"}}, {"sts:ExternalId": "2"}, NOT_ALLOWED, ()),
    ({"StringEquals": {"sts:ExternalId": "1"}}, {"sts:ExternalId": None}, NOT_ALLOWED, ()),
    ({"StringNotEquals": {"sts:ExternalId": "1"}}, {}, UNDECIDABLE, ("sts:ExternalId",)),
    ({"StringNotEquals": {"sts:ExternalId": "1"}}, {"sts:ExternalId": None}, ALLOWED, ()),
    ({"StringEqualsIfExists": {"sts:ExternalId": "1"}}, {}, UNDECIDABLE, ("sts:ExternalId",)),
    ({"Null": {"sts:ExternalId": "true"}}, {}, UNDECIDABLE, ("sts:ExternalId",)),
    ({"Null": {"sts:ExternalId": "false"}}, {}, UNDECIDABLE, ("sts:ExternalId",)),
    ({"Null": {"sts:ExternalId": ["true", "false"]}}, {}, ALLOWED, ()),
    ({"Null": {"sts:ExternalId": "perhaps"}}, {}, NOT_ALLOWED, ()),
    ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}, {}, UNDECIDABLE, ("aws:TagKeys",)),
    ({"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}, {}, UNDECIDABLE, ("aws:TagKeys",)),
    ({"StringEquals": {"sts:ExternalId": []}}, {}, NOT_ALLOWED, ()),
    ({"StringEqualsIfExists": {"sts:ExternalId": []}}, {}, UNDECIDABLE, ("sts:ExternalId",)),
    ({"ForAllValues:StringEquals": {"aws:TagKeys": []}}, {}, UNDECIDABLE, ("aws:TagKeys",)),
    ({"ForAnyValue:StringEquals": {"aws:TagKeys": []}}, {}, NOT_ALLOWED, ()),
    ({"StringEquals": {"a:x": "1", "a:y": "2"}}, {"a:x": "9"}, NOT_ALLOWED, ()),
    ({"StringEquals": {"a:x": "1", "a:y": "2"}}, {"a:x": "1"}, UNDECIDABLE, ("a:y",)),
    ({"StringEquals": {"a:x": "1", "a:y": "2"}}, {}, UNDECIDABLE, ("a:x", "a:y")),
    ({"StringEquals": {"a:x": "1"}, "StringLike": {"A:X": "1*"}}, {}, UNDECIDABLE, ("a:x",)),
    ({"StringEquals": {"a:x": "${a:y}"}}, {"a:x": "1"}, UNDECIDABLE, ("a:y",)),
    ({"StringEquals": {"a:x": "${a:y}-${a:z}"}}, {"a:x": "1-2"}, UNDECIDABLE, ("a:y", "a:z")),
    ({"StringEquals": {"a:x": "${a:y}"}}, {}, UNDECIDABLE, ("a:x", "a:y")),
    ({"StringEquals": {"a:x": "p-${a:y}"}}, {"a:x": "1"}, NOT_ALLOWED, ()),
    ({"StringEqualsIgnoreCase": {"a:x": "${a:y}"}}, {"a:x": "1"}, UNDECIDABLE, ("a:y",)),
    ({"StringEquals": {"a:x": ["1", "${a:y}"]}}, {"a:x": "1"}, ALLOWED, ()),
    ({"StringEquals": {"a:x": "${a:y, 'd'}"}}, {"a:x": "d"}, UNDECIDABLE, ("a:y",)),
    ({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}, {}, UNDECIDABLE, ("aws:MultiFactorAuthAge",)),
    ({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}, {}, UNDECIDABLE, ("aws:SourceIp",)),
    ({"Bool": {"aws:MultiFactorAuthPresent": "true"}}, {}, UNDECIDABLE, ("aws:MultiFactorAuthPresent",)),
    ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01"}}, {}, UNDECIDABLE, ("aws:CurrentTime",)),
)
# the Condition, the caller, the decision: nothing else is known
_IMPLIED: tuple[tuple[dict[str, Any], Any, str], ...] = (
    ({"StringEquals": {"aws:PrincipalAccount": TRUSTING}}, ALICE, ALLOWED),
    ({"StringEquals": {"aws:PrincipalAccount": TRUSTING}}, SESSION, ALLOWED),
    ({"StringEquals": {"aws:PrincipalAccount": "444455556666"}}, SESSION, NOT_ALLOWED),
    ({"ArnEquals": {"aws:PrincipalArn": ALICE}}, ALICE, ALLOWED),
    ({"ArnEquals": {"aws:PrincipalArn": APP}}, APP, ALLOWED),
    ({"ArnEquals": {"aws:PrincipalArn": ROOT}}, ROOT, ALLOWED),
    ({"ArnEquals": {"aws:PrincipalArn": ROOT}}, ALICE, NOT_ALLOWED),  # here, root is the root user only
    ({"ArnEquals": {"aws:PrincipalArn": APP}}, SESSION, UNDECIDABLE),  # the path of the role is lost
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, SESSION, ALLOWED),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*app"}}, SESSION, ALLOWED),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*other"}}, SESSION, NOT_ALLOWED),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/xapp"}}, SESSION, NOT_ALLOWED),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/team/app"}}, SESSION, UNDECIDABLE),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}, SESSION, NOT_ALLOWED),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/app"}}, SESSION, NOT_ALLOWED),
    ({"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::444455556666:role/app"}}, SESSION, ALLOWED),
    ({"ArnLike": {"aws:PrincipalArn": "nonsense"}}, SESSION, NOT_ALLOWED),
    ({"ArnNotLike": {"aws:PrincipalArn": "nonsense"}}, SESSION, UNDECIDABLE),
    ({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}, SESSION, ALLOWED),
    ({"StringEquals": {"aws:PrincipalArn": APP}}, SESSION, UNDECIDABLE),
    ({"StringEquals": {"aws:PrincipalArn": SESSION}}, SESSION, NOT_ALLOWED),
    ({"StringEqualsIgnoreCase": {"aws:PrincipalArn": APP}}, SESSION, UNDECIDABLE),
    ({"StringEqualsIgnoreCase": {"aws:PrincipalArn": APP.upper()}}, SESSION, UNDECIDABLE),
    ({"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalTag/none}"}}, SESSION, UNDECIDABLE),
    ({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/${aws:PrincipalTag/none}"}}, SESSION, UNDECIDABLE),
    ({"Null": {"aws:PrincipalArn": "false"}}, SESSION, ALLOWED),
    ({"StringEquals": {"aws:PrincipalType": "User"}}, ALICE, ALLOWED),
    ({"StringEquals": {"aws:PrincipalType": "AssumedRole"}}, SESSION, ALLOWED),
    ({"StringEquals": {"aws:PrincipalType": "Account"}}, ROOT, ALLOWED),
    ({"StringEquals": {"aws:PrincipalType": "Anonymous"}}, {"type": "anonymous"}, ALLOWED),
    ({"StringEquals": {"aws:username": "alice"}}, ALICE, ALLOWED),
    ({"StringEquals": {"aws:username": "app"}}, SESSION, NOT_ALLOWED),
    ({"Null": {"aws:username": "true"}}, SESSION, ALLOWED),
    ({"StringEquals": {"aws:userid": TRUSTING}}, ROOT, ALLOWED),
    ({"StringLike": {"aws:userid": "AROA*:*"}}, SESSION, UNDECIDABLE),
    ({"StringLike": {"aws:userid": "*"}}, SESSION, ALLOWED),
    ({"ArnLike": {"aws:userid": "arn:aws:iam::*:user/x"}}, SESSION, UNDECIDABLE),
    ({"Null": {"aws:CurrentTime": "true"}}, SESSION, NOT_ALLOWED),
    ({"Bool": {"aws:SecureTransport": "true"}}, ALICE, ALLOWED),
    ({"Bool": {"aws:ViaAWSService": "false"}}, ALICE, ALLOWED),
    ({"Bool": {"aws:PrincipalIsAWSService": "false"}}, ALICE, ALLOWED),
    ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, ECS_TASKS, ALLOWED),
    ({"StringEquals": {"aws:PrincipalIsAWSService": "true"}}, ECS_TASKS, ALLOWED),
    ({"StringEquals": {"aws:PrincipalIsAWSService": "false"}}, ALICE, ALLOWED),
    ({"StringEquals": {"aws:ViaAWSService": "false"}}, ALICE, ALLOWED),
    ({"StringEquals": {"aws:SecureTransport": "true"}}, ALICE, ALLOWED),
    ({"StringEquals": {"aws:PrincipalServiceName": ECS_TASKS}}, ECS_TASKS, ALLOWED),
    ({"Null": {"aws:PrincipalServiceName": "true"}}, ALICE, ALLOWED),
    ({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}, ECS_TASKS, NOT_ALLOWED),
    ({"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}, ALICE, UNDECIDABLE),
    ({"StringEquals": {"aws:PrincipalTag/t": "x"}}, ECS_TASKS, NOT_ALLOWED),
    ({"StringEquals": {"aws:PrincipalTag/t": "x"}}, ALICE, UNDECIDABLE),
    ({"StringEquals": {"aws:SourceAccount": TRUSTING}}, ECS_TASKS, UNDECIDABLE),
)
_OPEN = {"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}
_CLOSED = {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}
# the statements (effect and Condition), the decision, the keys
_SEVERAL: tuple[tuple[str, tuple[tuple[str, dict[str, Any]], ...], str, tuple[str, ...]], ...] = (
    ("an allow for certain beside an open one", (("Allow", {}), ("Allow", _OPEN)), ALLOWED, ()),
    ("a deny for certain beside an open allow", (("Deny", {}), ("Allow", _OPEN)), DENIED, ()),
    ("a deny for certain beside an open deny", (("Deny", {}), ("Deny", _OPEN)), DENIED, ()),
    ("an open deny and nothing else", (("Deny", _OPEN),), NOT_ALLOWED, ()),
    ("an open deny and an allow that cannot apply", (("Deny", _OPEN), ("Allow", _CLOSED)), NOT_ALLOWED, ()),
    ("an open deny beside an allow", (("Deny", _OPEN), ("Allow", {})), UNDECIDABLE, ("aws:PrincipalOrgID",)),
    (
        "an open deny beside an open allow",
        (("Deny", _OPEN), ("Allow", {"StringEquals": {"sts:ExternalId": "1"}})),
        UNDECIDABLE,
        ("aws:PrincipalOrgID", "sts:ExternalId"),
    ),
    (
        "an open deny beside an allow for certain and an open one",
        (("Deny", _OPEN), ("Allow", {}), ("Allow", {"StringEquals": {"sts:ExternalId": "1"}})),
        UNDECIDABLE,
        ("aws:PrincipalOrgID",),
    ),
    (
        "two open allows",
        (("Allow", _OPEN), ("Allow", {"StringEquals": {"sts:ExternalId": "1"}})),
        UNDECIDABLE,
        ("aws:PrincipalOrgID", "sts:ExternalId"),
    ),
    ("a deny that cannot apply", (("Deny", _CLOSED), ("Allow", {})), ALLOWED, ()),
)

CASES = (
    *(
        Case(
            f"{condition}, knowing {known}",
            document(trusts(Condition=condition)),
            asks(context=known, context_complete=False),
            decision,
            OPERATORS_PAGE,
            keys=keys,
        )
        for condition, known, decision, keys in _ONE_ALLOW
    ),
    *(
        Case(
            f"{condition} of {caller}",
            document(trusts({"AWS": [TRUSTING, "*"], "Service": ECS_TASKS}, Condition=condition)),
            asks(caller, context_complete=False),
            decision,
            KEYS_PAGE,
        )
        for condition, caller, decision in _IMPLIED
    ),
    *(
        Case(
            name,
            document(*(trusts(effect=effect, Condition=condition) for effect, condition in statements)),
            asks(context_complete=False),
            decision,
            LOGIC_PAGE,
            keys=keys,
        )
        for name, statements, decision, keys in _SEVERAL
    ),
    Case(
        "a variable without a value equals no shape either",
        document(trusts(Condition={"StringEquals": {"aws:PrincipalArn": "${aws:PrincipalTag/none}"}})),
        asks(SESSION),
        NOT_ALLOWED,
        KEYS_PAGE,
    ),
    Case(
        "a complete context has no time but a given one",
        document(trusts(Condition={"Null": {"aws:CurrentTime": "true"}})),
        asks(),
        ALLOWED,
        KEYS_PAGE,
    ),
    Case(
        "what is given wins over what is implied",
        document(trusts(Condition={"ArnEquals": {"aws:PrincipalArn": APP}})),
        asks(SESSION, context={"aws:PrincipalArn": APP}, context_complete=False),
        ALLOWED,
        KEYS_PAGE,
    ),
    Case(
        "the role with its path behind a session",
        document(trusts(Condition={"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/app"}})),
        asks(SESSION, context={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/app"}),
        ALLOWED,
        KEYS_PAGE,
    ),
    Case(
        "a service never has an organization, so a guard by organization shuts it out",
        document(
            trusts({"Service": ECS_TASKS}),
            trusts({"Service": ECS_TASKS}, effect="Deny", Condition={"StringNotEquals": {"aws:PrincipalOrgID": "o-abc"}}),
        ),
        asks(ECS_TASKS),
        DENIED,
        KEYS_PAGE,
    ),
)
