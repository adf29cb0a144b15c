"""Action and NotAction."""

from __future__ import annotations

from tests.iam.builders import (
    ACTION_PAGE,
    ALLOWED,
    DENIED,
    NOT_ACTION_PAGE,
    NOT_ALLOWED,
    UNDECIDABLE,
    Case,
    asks,
    document,
    grants,
    statement,
    trusts,
)

# the Action of the policy, the action asked, the decision
_ACTIONS = (
    ("sts:AssumeRole", "sts:AssumeRole", ALLOWED),
    ("STS:assumerole", "sts:AssumeRole", ALLOWED),
    ("sts:AssumeRole", "STS:ASSUMEROLE", ALLOWED),
    ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", NOT_ALLOWED),
    ("sts:AssumeRole", "sts:AssumeRoleWithSAML", NOT_ALLOWED),
    ("sts:AssumeRole*", "sts:AssumeRoleWithWebIdentity", ALLOWED),
    ("sts:AssumeRole*", "sts:AssumeRole", ALLOWED),
    ("sts:AssumeRole", "sts:TagSession", NOT_ALLOWED),
    ("sts:Assume*", "sts:AssumeRole", ALLOWED),
    ("sts:*Role", "sts:AssumeRole", ALLOWED),
    ("sts:*Role", "sts:AssumeRoleWithSAML", NOT_ALLOWED),
    ("sts:A*R*e", "sts:AssumeRole", ALLOWED),
    ("sts:AssumeRol?", "sts:AssumeRole", ALLOWED),
    ("sts:AssumeRole?", "sts:AssumeRole", NOT_ALLOWED),
    ("sts:?ssume?ole", "sts:AssumeRole", ALLOWED),
    ("sts:Assume?ole*Identity", "sts:AssumeRoleWithWebIdentity", ALLOWED),
    ("sts:*ss?me*", "sts:AssumeRole", ALLOWED),
    ("sts:*xx?me*", "sts:AssumeRole", NOT_ALLOWED),
    ("sts:*", "sts:AssumeRole", ALLOWED),
    ("*", "sts:AssumeRole", ALLOWED),
    ("**", "sts:AssumeRole", ALLOWED),
    ("*:*", "sts:AssumeRole", ALLOWED),
    ("s3:*", "sts:AssumeRole", NOT_ALLOWED),
    ("sts:", "sts:AssumeRole", NOT_ALLOWED),
    ("ecs:Describe*", "ecs:DescribeServices", ALLOWED),
    ("ecs:Describe*", "ec2:DescribeServices", NOT_ALLOWED),
    (["ecs:List*", "ecs:Describe*"], "ecs:DescribeServices", ALLOWED),
    (["ecs:List*", "ecs:Describe*"], "ecs:UpdateService", NOT_ALLOWED),
    ([], "ecs:UpdateService", NOT_ALLOWED),
    ("*:AssumeRole", "sts:AssumeRole", UNDECIDABLE),
    ("s?s:AssumeRole", "sts:AssumeRole", UNDECIDABLE),
    ("s?s:AssumeRole", "s3:GetObject", NOT_ALLOWED),
    ("sts*", "sts:AssumeRole", UNDECIDABLE),
    ("AssumeRole", "sts:AssumeRole", NOT_ALLOWED),
    ("ecs:*", "ecs:Describe*", ALLOWED),
    ("ecs:Describe*", "ecs:Describe*", ALLOWED),
    ("ecs:DescribeServices", "ecs:Describe*", UNDECIDABLE),
    ("ecs:DescribeServices", "ecs:DescribeService?", UNDECIDABLE),
    ("ecs:D*", "ecs:Describe*", ALLOWED),
    ("ecs:*Services", "ecs:Describe*", UNDECIDABLE),
    ("ecs:List*", "ecs:Describe*", NOT_ALLOWED),
)
# the NotAction of an Allow, the action asked, the decision
_NOT_ACTIONS = (
    ("sts:TagSession", "sts:AssumeRole", ALLOWED),
    ("sts:TagSession", "sts:TagSession", NOT_ALLOWED),
    ("STS:tagsession", "sts:TagSession", NOT_ALLOWED),
    ("sts:*", "sts:AssumeRole", NOT_ALLOWED),
    ("*", "sts:AssumeRole", NOT_ALLOWED),
    (["iam:*", "organizations:*", "account:*"], "ecs:CreateService", ALLOWED),
    (["iam:*", "organizations:*", "account:*"], "iam:PassRole", NOT_ALLOWED),
    (["iam:*", "organizations:*", "account:*"], "IAM:passrole", NOT_ALLOWED),
    ("*:AssumeRole", "sts:AssumeRole", UNDECIDABLE),
)

CASES = (
    *(
        Case(f"{named} and {asked}", document(grants(named)), asks(action=asked), decision, ACTION_PAGE)
        for named, asked, decision in _ACTIONS
    ),
    *(
        Case(
            f"all but {named} and {asked}",
            document(statement(NotAction=named, Resource="*")),
            asks(action=asked),
            decision,
            NOT_ACTION_PAGE,
        )
        for named, asked, decision in _NOT_ACTIONS
    ),
    Case(
        "Deny with NotAction denies everything else",
        document(trusts(), trusts(effect="Deny", NotAction="sts:TagSession")),
        asks(),
        DENIED,
        NOT_ACTION_PAGE,
    ),
    Case(
        "Deny with NotAction spares what it names",
        document(trusts(), trusts(effect="Deny", NotAction="sts:AssumeRole")),
        asks(),
        ALLOWED,
        NOT_ACTION_PAGE,
    ),
    Case(
        "NotAction grants nothing by itself when denying",
        document(statement("Deny", NotAction="s3:*", Resource="*")),
        asks(action="s3:GetObject"),
        NOT_ALLOWED,
        NOT_ACTION_PAGE,
    ),
    Case("a statement without Action is no statement", document(statement(Resource="*")), asks(), UNDECIDABLE, ACTION_PAGE),
)
