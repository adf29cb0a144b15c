"""Resource and NotResource."""

from __future__ import annotations

from tests.iam.builders import (
    ALLOWED,
    DENIED,
    NOT_ALLOWED,
    NOT_RESOURCE_PAGE,
    RESOURCE_PAGE,
    ROOT,
    UNDECIDABLE,
    Case,
    asks,
    document,
    grants,
    statement,
)

_SERVICE = "arn:aws:ecs:us-east-1:111122223333:service/production/web"

# the Resource of the policy, the resource asked, the decision
_RESOURCES = (
    ("*", _SERVICE, ALLOWED),
    ("**", _SERVICE, ALLOWED),
    (_SERVICE, _SERVICE, ALLOWED),
    (_SERVICE + "2", _SERVICE, NOT_ALLOWED),
    ("arn:aws:ecs:us-east-1:111122223333:service/production/*", _SERVICE, ALLOWED),
    ("arn:aws:ecs:us-east-1:111122223333:service/staging/*", _SERVICE, NOT_ALLOWED),
    ("arn:aws:ecs:us-east-1:111122223333:service/*/web", _SERVICE, ALLOWED),
    ("arn:aws:ecs:us-east-1:111122223333:service/*", _SERVICE, ALLOWED),
    ("arn:aws:ecs:us-east-1:111122223333:service/production/w?b", _SERVICE, ALLOWED),
    ("arn:aws:ecs:us-east-1:111122223333:service/production/w?", _SERVICE, NOT_ALLOWED),
    ("arn:aws:ecs:us-east-1:111122223333:SERVICE/production/web", _SERVICE, NOT_ALLOWED),
    ("arn:aws:ecs:*:111122223333:service/production/web", _SERVICE, ALLOWED),
    ("arn:aws:ecs:us-*:111122223333:service/production/web", _SERVICE, ALLOWED),
    ("arn:aws:ecs:eu-*:111122223333:service/production/web", _SERVICE, NOT_ALLOWED),
    ("arn:aws:ecs:*:*:service/production/web", _SERVICE, ALLOWED),
    ("arn:aws:ecs:*:*:*", _SERVICE, ALLOWED),
    ("arn:*:ecs:*:*:*", _SERVICE, ALLOWED),
    ("arn:aws-cn:ecs:*:*:*", _SERVICE, NOT_ALLOWED),
    ("arn:aws:ecs:us-east-1:444455556666:*", _SERVICE, NOT_ALLOWED),
    ("arn:aws:ecs:us-east-1:1111*:service/production/web", _SERVICE, ALLOWED),
    ("arn:aws:ecs:*/web", _SERVICE, NOT_ALLOWED),  # a wildcard stays inside its component
    ("arn:aws:ecs", _SERVICE, ALLOWED),  # completed: arn:aws:ecs:*:*:*
    ("arn:aws:ecs:us-east-1", _SERVICE, ALLOWED),
    ("ar*:aws:ecs", _SERVICE, ALLOWED),
    ("arn:aws:ecs:eu-west-1", _SERVICE, NOT_ALLOWED),
    ("arn:aws", _SERVICE, ALLOWED),
    ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket/a/b/c", ALLOWED),
    ("arn:aws:s3:::bucket/*", "arn:aws:s3:::bucket", NOT_ALLOWED),
    ("arn:aws:s3:::bucket*", "arn:aws:s3:::bucket", ALLOWED),
    ("arn:aws:s3:::buck?t", "arn:aws:s3:::bucket", ALLOWED),
    ("arn:aws:logs:*:*:log-group:*", "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/web:log-stream:x", ALLOWED),
    ("arn:aws:logs:*:*:*:/ecs/web:*", "arn:aws:logs:us-east-1:111122223333:log-group:/ecs/web:log-stream:x", ALLOWED),
    ([_SERVICE, "arn:aws:s3:::bucket"], "arn:aws:s3:::bucket", ALLOWED),
    ([_SERVICE, "arn:aws:s3:::bucket"], "arn:aws:s3:::other", NOT_ALLOWED),
    ([_SERVICE, None], _SERVICE, ALLOWED),
    ([], _SERVICE, NOT_ALLOWED),
    ("*", "*", ALLOWED),
    ("arn:aws:ecs:*:*:*", "*", NOT_ALLOWED),
    (_SERVICE, "*", NOT_ALLOWED),
    ("*", None, ALLOWED),
    (_SERVICE, None, UNDECIDABLE),
    ("arn:aws:ecs:*:*:service/*", "arn:aws:ecs:us-east-1:111122223333:service/production/*", ALLOWED),
    ("arn:aws:ecs:*:*:service/*/web", "arn:aws:ecs:us-east-1:111122223333:service/production/*", UNDECIDABLE),
    ("arn:aws:ecs:*:*:service/production/?*", "arn:aws:ecs:us-east-1:111122223333:service/production/*", UNDECIDABLE),
    ("arn:aws:ecs:*:*:task/*", "arn:aws:ecs:us-east-1:111122223333:service/production/*", NOT_ALLOWED),
    ("arn:aws:ecs:*:*:service/pro*/w?b", "arn:aws:ecs:us-east-1:111122223333:service/production/?eb", UNDECIDABLE),
    ("arn:aws:ecs:*:*:service/pro*/?eb", "arn:aws:ecs:us-east-1:111122223333:service/production/?eb", ALLOWED),
    ("bucket/key", "bucket/key", ALLOWED),
    ("bucket/*", "bucket/key", ALLOWED),
    ("bucket/*", _SERVICE, NOT_ALLOWED),
)
# the NotResource of an Allow, the resource asked, the decision
_NOT_RESOURCES = (
    ("arn:aws:s3:::secret/*", "arn:aws:s3:::open/a", ALLOWED),
    ("arn:aws:s3:::secret/*", "arn:aws:s3:::secret/a", NOT_ALLOWED),
    (["arn:aws:s3:::secret", "arn:aws:s3:::secret/*"], "arn:aws:s3:::secret", NOT_ALLOWED),
    ("*", "arn:aws:s3:::open/a", NOT_ALLOWED),
    ("arn:aws:s3:::secret/*", "*", ALLOWED),
    ("arn:aws:s3:::secret/*", None, UNDECIDABLE),
)

CASES = (
    *(
        Case(f"{named} and {asked}", document(grants("*", named)), asks(action="ecs:X", resource=asked), decision, RESOURCE_PAGE)
        for named, asked, decision in _RESOURCES
    ),
    *(
        Case(
            f"all but {named} and {asked}",
            document(statement(Action="*", NotResource=named)),
            asks(action="s3:GetObject", resource=asked),
            decision,
            NOT_RESOURCE_PAGE,
        )
        for named, asked, decision in _NOT_RESOURCES
    ),
    Case(
        "Deny with NotResource denies everything else",
        document(grants(), statement("Deny", Action="*", NotResource="arn:aws:s3:::open/*")),
        asks(action="s3:GetObject", resource="arn:aws:s3:::secret/a"),
        DENIED,
        NOT_RESOURCE_PAGE,
    ),
    Case(
        "Deny with NotResource spares what it names",
        document(grants(), statement("Deny", Action="*", NotResource="arn:aws:s3:::open/*")),
        asks(action="s3:GetObject", resource="arn:aws:s3:::open/a"),
        ALLOWED,
        NOT_RESOURCE_PAGE,
    ),
    Case(
        "a Deny of some of the resources asked leaves them open",
        document(grants(), grants("*", "arn:aws:s3:::bucket/secret*", effect="Deny")),
        asks(action="s3:GetObject", resource="arn:aws:s3:::bucket/*"),
        UNDECIDABLE,
        RESOURCE_PAGE,
    ),
    Case("an identity statement without Resource", document(statement(Action="*")), asks(), UNDECIDABLE, RESOURCE_PAGE),
    Case(
        "a resource-based statement with Resource",
        document(statement(Principal={"AWS": ROOT}, Action="s3:*", Resource="arn:aws:s3:::bucket/*")),
        asks(action="s3:GetObject", resource="arn:aws:s3:::other/a"),
        NOT_ALLOWED,
        RESOURCE_PAGE,
    ),
)
