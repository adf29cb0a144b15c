"""sts:AssumeRole: whom the trust policy names, and what the caller's own account must say."""

from __future__ import annotations

from typing import Any

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    ASSUME_ROLE_API,
    CROSS_ACCOUNT_PAGE,
    DENIED,
    LOGIC_PAGE,
    NOT_ALLOWED,
    OTHER,
    PRINCIPAL_PAGE,
    ROLE,
    ROOT,
    SESSION,
    STRANGER,
    TRUSTING,
    Case,
    asks,
    document,
    grants,
    trusts,
)

_ALL = document(grants())
_ASSUME = document(grants("sts:AssumeRole", ROLE))
_S3_ONLY = document(grants("s3:*"))
_DENY_STS = document(grants(), grants("sts:*", effect="Deny"))
_FEDERATED_USER = f"arn:aws:sts::{TRUSTING}:federated-user/bob"


def _trust(principal: Any) -> dict[str, Any]:
    return document(trusts(principal))


# name, policies, caller, decision: sts:AssumeRole on a role of account 111122223333
_TABLE: tuple[tuple[str, dict[str, Any], Any, str, str], ...] = (
    ("an identity policy alone never suffices", {"identity": [_ALL]}, ALICE, NOT_ALLOWED, ASSUME_ROLE_API),
    ("the user is named", {"resource": _trust({"AWS": ALICE})}, ALICE, ALLOWED, ASSUME_ROLE_API),
    ("the role is named", {"resource": _trust({"AWS": APP})}, APP, ALLOWED, ASSUME_ROLE_API),
    ("the role of the session is named", {"resource": _trust({"AWS": APP})}, SESSION, ALLOWED, ASSUME_ROLE_API),
    ("the session is named", {"resource": _trust({"AWS": SESSION})}, SESSION, ALLOWED, ASSUME_ROLE_API),
    ("everyone is named", {"resource": _trust({"AWS": "*"})}, ALICE, ALLOWED, ASSUME_ROLE_API),
    ("the account alone is named", {"resource": _trust({"AWS": ROOT})}, ALICE, NOT_ALLOWED, ASSUME_ROLE_API),
    ("account and identity policy", {"resource": _trust({"AWS": ROOT}), "identity": [_ASSUME]}, ALICE, ALLOWED, ASSUME_ROLE_API),
    (
        "account, and an identity policy on another role",
        {"resource": _trust({"AWS": ROOT}), "identity": [document(grants("sts:AssumeRole", ROLE + "2"))]},
        ALICE,
        NOT_ALLOWED,
        ASSUME_ROLE_API,
    ),
    (
        "an identity deny beats a named user",
        {"resource": _trust({"AWS": ALICE}), "identity": [_DENY_STS]},
        ALICE,
        DENIED,
        LOGIC_PAGE,
    ),
    ("a role does not trust itself", {"resource": _trust({"AWS": APP}), "identity": [_ALL]}, ROLE, NOT_ALLOWED, PRINCIPAL_PAGE),
    ("a role that names itself does", {"resource": _trust({"AWS": ROLE})}, ROLE, ALLOWED, PRINCIPAL_PAGE),
    (
        "a role whose account is trusted does",
        {"resource": _trust({"AWS": ROOT}), "identity": [_ALL]},
        ROLE,
        ALLOWED,
        PRINCIPAL_PAGE,
    ),
    ("the root user cannot call it", {"resource": _trust({"AWS": "*"})}, ROOT, NOT_ALLOWED, ASSUME_ROLE_API),
    ("the anonymous cannot call it", {"resource": _trust({"AWS": "*"})}, {"type": "anonymous"}, NOT_ALLOWED, ASSUME_ROLE_API),
    ("a federated user cannot call it", {"resource": _trust({"AWS": "*"})}, _FEDERATED_USER, NOT_ALLOWED, ASSUME_ROLE_API),
    (
        "another account: both sides",
        {"resource": _trust({"AWS": OTHER}), "identity": [_ASSUME]},
        STRANGER,
        ALLOWED,
        CROSS_ACCOUNT_PAGE,
    ),
    ("another account: trust alone", {"resource": _trust({"AWS": OTHER})}, STRANGER, NOT_ALLOWED, CROSS_ACCOUNT_PAGE),
    ("another account: named user alone", {"resource": _trust({"AWS": STRANGER})}, STRANGER, NOT_ALLOWED, CROSS_ACCOUNT_PAGE),
    (
        "another account: named user and identity",
        {"resource": _trust({"AWS": STRANGER}), "identity": [_ASSUME]},
        STRANGER,
        ALLOWED,
        CROSS_ACCOUNT_PAGE,
    ),
    ("another account: everyone alone", {"resource": _trust({"AWS": "*"})}, STRANGER, NOT_ALLOWED, CROSS_ACCOUNT_PAGE),
    ("another account: identity alone", {"identity": [_ALL]}, STRANGER, NOT_ALLOWED, CROSS_ACCOUNT_PAGE),
    (
        "another account: a boundary caps",
        {"resource": _trust({"AWS": STRANGER}), "identity": [_ALL], "boundary": [_S3_ONLY]},
        STRANGER,
        NOT_ALLOWED,
        CROSS_ACCOUNT_PAGE,
    ),
    (
        "no delegation crosses partitions",
        {"resource": _trust({"AWS": TRUSTING}), "identity": [_ALL]},
        f"arn:aws-cn:iam::{TRUSTING}:user/alice",
        NOT_ALLOWED,
        PRINCIPAL_PAGE,
    ),
)

CASES = tuple(Case(name, policies, asks(caller), decision, page) for name, policies, caller, decision, page in _TABLE)
