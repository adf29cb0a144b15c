"""Other actions than assuming a role: either side may allow, or both must."""

from __future__ import annotations

from typing import Any

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    BOUNDARIES_PAGE,
    CROSS_ACCOUNT_PAGE,
    DENIED,
    GUIDE,
    LOGIC_PAGE,
    NOT_ALLOWED,
    OTHER,
    PRINCIPAL_PAGE,
    ROLE,
    ROOT,
    SESSION,
    STRANGER,
    TRUSTING,
    UNDECIDABLE,
    Case,
    asks,
    document,
    grants,
    statement,
    trusts,
)

_ALL = document(grants())
_ASSUME = document(grants("sts:AssumeRole", ROLE))
_S3_ONLY = document(grants("s3:*"))
_OPEN = document(grants("sts:AssumeRole", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}))
_OIDC = f"arn:aws:iam::{TRUSTING}:oidc-provider/idp.example.com"
_SCP_PAGE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html"
_SLR = f"arn:aws:iam::{TRUSTING}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
_SLR_SESSION = f"arn:aws:sts::{TRUSTING}:assumed-role/AWSServiceRoleForECS/x"
_FEDERATED_USER = f"arn:aws:sts::{TRUSTING}:federated-user/bob"
_BUCKET = "arn:aws:s3:::bucket/key"
_KEY = f"arn:aws:kms:us-east-1:{TRUSTING}:key/1234"


def _trust(principal: Any) -> dict[str, Any]:
    return document(trusts(principal))


def _shares(principal: Any, *, effect: str = "Allow", resource: str = _BUCKET) -> dict[str, Any]:
    return document(statement(effect, Principal=principal, Action="*", Resource=resource))


_READ: tuple[str, str, dict[str, Any]] = ("s3:GetObject", _BUCKET, {})
# name, policies, caller, (action, resource, more), decision, page
_TABLE: tuple[tuple[str, dict[str, Any], Any, tuple[str, str | None, dict[str, Any]], str, str], ...] = (
    ("identity alone", {"identity": [_S3_ONLY]}, ALICE, _READ, ALLOWED, LOGIC_PAGE),
    ("nothing", {}, ALICE, _READ, NOT_ALLOWED, LOGIC_PAGE),
    ("one of two identity policies", {"identity": [_ASSUME, _S3_ONLY]}, ALICE, _READ, ALLOWED, LOGIC_PAGE),
    ("a single identity policy", {"identity": _S3_ONLY}, ALICE, _READ, ALLOWED, LOGIC_PAGE),
    ("the resource's policy alone", {"resource": _shares({"AWS": ALICE})}, ALICE, _READ, ALLOWED, LOGIC_PAGE),
    ("the bare *", {"resource": _shares("*")}, ALICE, _READ, ALLOWED, LOGIC_PAGE),
    ("the bare * and the anonymous", {"resource": _shares("*")}, {"type": "anonymous"}, _READ, ALLOWED, PRINCIPAL_PAGE),
    ("the account alone is named", {"resource": _shares({"AWS": ROOT})}, ALICE, _READ, NOT_ALLOWED, LOGIC_PAGE),
    (
        "the resource's policy denies",
        {"identity": [_ALL], "resource": _shares({"AWS": ALICE}, effect="Deny")},
        ALICE,
        _READ,
        DENIED,
        LOGIC_PAGE,
    ),
    (
        "a boundary does not cap what a user's ARN is granted",
        {"resource": _shares({"AWS": ALICE}), "boundary": [_ASSUME]},
        ALICE,
        _READ,
        ALLOWED,
        BOUNDARIES_PAGE,
    ),
    (
        "Deny with NotPrincipal always denies who has a boundary",
        {
            "identity": [_ALL],
            "boundary": [_ALL],
            "resource": document(statement("Deny", NotPrincipal={"AWS": [ALICE, ROOT]}, Action="*", Resource="*")),
        },
        ALICE,
        _READ,
        DENIED,
        BOUNDARIES_PAGE,
    ),
    (
        "but not who has none",
        {
            "identity": [_ALL],
            "resource": document(statement("Deny", NotPrincipal={"AWS": [ALICE, ROOT]}, Action="*", Resource="*")),
        },
        ALICE,
        _READ,
        ALLOWED,
        BOUNDARIES_PAGE,
    ),
    (
        "across accounts: both",
        {"identity": [_ALL], "resource": _shares({"AWS": OTHER})},
        STRANGER,
        ("s3:GetObject", _BUCKET, {"resource_account": TRUSTING}),
        ALLOWED,
        CROSS_ACCOUNT_PAGE,
    ),
    (
        "across accounts: identity alone",
        {"identity": [_ALL]},
        STRANGER,
        ("s3:GetObject", _BUCKET, {"resource_account": TRUSTING}),
        NOT_ALLOWED,
        CROSS_ACCOUNT_PAGE,
    ),
    (
        "a bucket's ARN names no account: the caller's own is meant",
        {"identity": [_ALL]},
        STRANGER,
        _READ,
        ALLOWED,
        CROSS_ACCOUNT_PAGE,
    ),
    (
        "an AWS managed policy's ARN names no account",
        {"identity": [_ALL]},
        ALICE,
        ("iam:GetPolicy", "arn:aws:iam::aws:policy/X", {}),
        ALLOWED,
        CROSS_ACCOUNT_PAGE,
    ),
    ("the root user needs no policy", {}, ROOT, _READ, ALLOWED, LOGIC_PAGE),
    ("but may be denied", {"resource": _shares("*", effect="Deny")}, ROOT, _READ, DENIED, LOGIC_PAGE),
    (
        "a root user named",
        {"resource": _shares({"AWS": ROOT}, resource=_KEY)},
        ROOT,
        ("kms:Decrypt", _KEY, {}),
        ALLOWED,
        LOGIC_PAGE,
    ),
    ("a federated user without a session policy", {"identity": [_ALL]}, _FEDERATED_USER, _READ, NOT_ALLOWED, LOGIC_PAGE),
    ("a federated user with one", {"identity": [_ALL], "session": [_S3_ONLY]}, _FEDERATED_USER, _READ, ALLOWED, LOGIC_PAGE),
    (
        "a key policy that says nothing",
        {"identity": [_ALL], "resource": _shares({"AWS": APP}, resource=_KEY)},
        ALICE,
        ("kms:Decrypt", _KEY, {}),
        NOT_ALLOWED,
        LOGIC_PAGE,
    ),
    (
        "a key policy that names the account",
        {"identity": [_ALL], "resource": _shares({"AWS": ROOT}, resource=_KEY)},
        ALICE,
        ("kms:Decrypt", _KEY, {}),
        ALLOWED,
        LOGIC_PAGE,
    ),
    (
        "tags need the trust policy too",
        {"identity": [_ALL], "resource": _trust({"AWS": ALICE})},
        ALICE,
        ("sts:TagSession", ROLE, {}),
        NOT_ALLOWED,
        GUIDE + "id_session-tags.html",
    ),
    (
        "tags of a federated user session do not",
        {"identity": [_ALL]},
        ALICE,
        ("sts:TagSession", _FEDERATED_USER, {}),
        ALLOWED,
        GUIDE + "id_session-tags.html",
    ),
    (
        "a provider is trusted",
        {"resource": document(trusts({"Federated": _OIDC}, Action="sts:AssumeRoleWithWebIdentity"))},
        _OIDC,
        ("sts:AssumeRoleWithWebIdentity", ROLE, {}),
        ALLOWED,
        LOGIC_PAGE,
    ),
    (
        "a caller of unknown account: both ways agree",
        {"identity": [_ALL], "resource": _shares("*", resource=_KEY)},
        "AROAEXAMPLE123",
        ("kms:Decrypt", _KEY, {}),
        ALLOWED,
        LOGIC_PAGE,
    ),
    (
        "a caller of unknown account: they differ",
        {"identity": [_ALL]},
        "AROAEXAMPLE123",
        ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{TRUSTING}:q", {}),
        UNDECIDABLE,
        LOGIC_PAGE,
    ),
    (
        "a resource outside the known partitions",
        {"identity": [_ALL]},
        ALICE,
        ("utapi:ListMetrics", f"arn:scality:utapi::{TRUSTING}:buckets/x", {}),
        ALLOWED,
        LOGIC_PAGE,
    ),
    (
        "an open SCP",
        {"identity": [_ALL], "scp": [[_OPEN]]},
        ALICE,
        ("sts:AssumeRole", ROLE, {"context_complete": False}),
        NOT_ALLOWED,
        _SCP_PAGE,
    ),
    (
        "a service-linked role by what the context says",
        {"identity": [_ALL], "scp": [[]]},
        _SLR_SESSION,
        ("s3:GetObject", _BUCKET, {"context": {"aws:PrincipalArn": APP}}),
        NOT_ALLOWED,
        _SCP_PAGE,
    ),
    (
        "a session of a service-linked role by what the context says",
        {"identity": [_ALL], "scp": [[]]},
        SESSION,
        ("s3:GetObject", _BUCKET, {"context": {"aws:PrincipalArn": _SLR}}),
        ALLOWED,
        _SCP_PAGE,
    ),
    *(
        (
            f"{action}: an identity policy alone never suffices",
            {"identity": [_ALL]},
            ALICE,
            (action, ROLE, {}),
            NOT_ALLOWED,
            LOGIC_PAGE,
        )
        for action in ("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity")
    ),
    ("a resource that is not stated", {"identity": [_ALL]}, ALICE, ("s3:GetObject", None, {}), ALLOWED, LOGIC_PAGE),
    (
        "a canonical user may be of the caller's account",
        {"resource": _shares({"CanonicalUser": "79a59df900b949e5"})},
        ALICE,
        _READ,
        UNDECIDABLE,
        PRINCIPAL_PAGE,
    ),
)

CASES = tuple(
    Case(name, policies, asks(caller, action, resource, **more), decision, page)
    for name, policies, caller, (action, resource, more), decision, page in _TABLE
)
