"""sts:AssumeRole under permissions boundaries, session policies, SCPs and RCPs."""

from __future__ import annotations

from typing import Any

from tests.iam.builders import (
    ALICE,
    ALLOWED,
    APP,
    BOUNDARIES_PAGE,
    DENIED,
    ECS_TASKS,
    LOGIC_PAGE,
    NOT_ALLOWED,
    ROOT,
    SESSION,
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
_S3_ONLY = document(grants("s3:*"))
_DENY_STS = document(grants(), grants("sts:*", effect="Deny"))
_OPEN = document(grants("sts:AssumeRole", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-abc"}}))
_RCP_ALL = document(statement(Principal="*", Action="*", Resource="*"))
_RCP_DENY = document(statement("Deny", Principal="*", Action="sts:*", Resource="*"))
_SCP_PAGE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html"
_RCP_PAGE = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html"
_SLR = f"arn:aws:iam::{TRUSTING}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
_SLR_SESSION = f"arn:aws:sts::{TRUSTING}:assumed-role/AWSServiceRoleForECS/x"


def _trust(principal: Any) -> dict[str, Any]:
    return document(trusts(principal))


# name, policies, caller, decision: sts:AssumeRole on a role of account 111122223333
_TABLE: tuple[tuple[str, dict[str, Any], Any, str, str], ...] = (
    (
        "a boundary caps what the role's ARN is granted",
        {"resource": _trust({"AWS": APP}), "boundary": [_S3_ONLY]},
        SESSION,
        NOT_ALLOWED,
        BOUNDARIES_PAGE,
    ),
    ("a boundary that allows it", {"resource": _trust({"AWS": APP}), "boundary": [_ALL]}, SESSION, ALLOWED, BOUNDARIES_PAGE),
    (
        "a boundary does not cap what the session's ARN is granted",
        {"resource": _trust({"AWS": SESSION}), "boundary": [_S3_ONLY]},
        SESSION,
        ALLOWED,
        BOUNDARIES_PAGE,
    ),
    (
        "a user named by ARN under a boundary: the pages disagree",
        {"resource": _trust({"AWS": ALICE}), "boundary": [_S3_ONLY]},
        ALICE,
        UNDECIDABLE,
        BOUNDARIES_PAGE,
    ),
    (
        "a boundary that denies caps everybody",
        {"resource": _trust({"AWS": ALICE}), "boundary": [_DENY_STS]},
        ALICE,
        DENIED,
        BOUNDARIES_PAGE,
    ),
    (
        "a boundary caps the identity's side",
        {"resource": _trust({"AWS": ROOT}), "identity": [_ALL], "boundary": [_S3_ONLY]},
        ALICE,
        NOT_ALLOWED,
        BOUNDARIES_PAGE,
    ),
    (
        "Deny with NotPrincipal spares whom a trust policy excepts, whatever the boundary",
        {
            "resource": document(trusts({"AWS": ALICE}), trusts(effect="Deny", NotPrincipal={"AWS": [ALICE, ROOT]})),
            "boundary": [_ALL],
        },
        ALICE,
        ALLOWED,
        BOUNDARIES_PAGE,
    ),
    (
        "everyone, under a boundary of a role",
        {"resource": _trust({"AWS": "*"}), "boundary": [_S3_ONLY]},
        APP,
        NOT_ALLOWED,
        BOUNDARIES_PAGE,
    ),
    (
        "everyone, under a boundary of a user",
        {"resource": _trust({"AWS": "*"}), "boundary": [_S3_ONLY]},
        ALICE,
        UNDECIDABLE,
        BOUNDARIES_PAGE,
    ),
    (
        "a session policy caps what the role's ARN is granted",
        {"resource": _trust({"AWS": APP}), "session": _S3_ONLY},
        SESSION,
        NOT_ALLOWED,
        LOGIC_PAGE,
    ),
    (
        "a session policy and the session's own ARN: the pages disagree",
        {"resource": _trust({"AWS": SESSION}), "session": [_S3_ONLY]},
        SESSION,
        UNDECIDABLE,
        LOGIC_PAGE,
    ),
    (
        "a session policy caps the identity's side",
        {"resource": _trust({"AWS": ROOT}), "identity": [_ALL], "session": [_S3_ONLY]},
        SESSION,
        NOT_ALLOWED,
        LOGIC_PAGE,
    ),
    ("an SCP must allow it", {"resource": _trust({"AWS": ALICE}), "scp": [[_S3_ONLY]]}, ALICE, NOT_ALLOWED, _SCP_PAGE),
    (
        "every level of SCPs must",
        {"resource": _trust({"AWS": ALICE}), "scp": [[_ALL], [_S3_ONLY]]},
        ALICE,
        NOT_ALLOWED,
        _SCP_PAGE,
    ),
    (
        "one document of a level suffices",
        {"resource": _trust({"AWS": ALICE}), "scp": [[_S3_ONLY, _ALL]]},
        ALICE,
        ALLOWED,
        _SCP_PAGE,
    ),
    ("a level without SCPs allows nothing", {"resource": _trust({"AWS": ALICE}), "scp": [[]]}, ALICE, NOT_ALLOWED, _SCP_PAGE),
    ("an SCP denies", {"resource": _trust({"AWS": ALICE}), "scp": [[_ALL], [_DENY_STS]]}, ALICE, DENIED, _SCP_PAGE),
    (
        "no SCP at all",
        {"identity": None, "resource": _trust({"AWS": ALICE}), "scp": None, "rcp": None},
        ALICE,
        ALLOWED,
        _SCP_PAGE,
    ),
    ("a service-linked role is exempt", {"resource": _trust({"AWS": _SLR}), "scp": [[_DENY_STS]]}, _SLR, ALLOWED, _SCP_PAGE),
    ("and so are its sessions", {"resource": _trust({"AWS": _SLR}), "scp": [[_DENY_STS]]}, _SLR_SESSION, ALLOWED, _SCP_PAGE),
    (
        "an RCP can block what the trust policy allows",
        {"resource": _trust({"AWS": ALICE}), "rcp": [[_RCP_ALL, _RCP_DENY]]},
        ALICE,
        DENIED,
        _RCP_PAGE,
    ),
    (
        "every level of RCPs must allow it",
        {"resource": _trust({"AWS": ALICE}), "rcp": [[_RCP_ALL], []]},
        ALICE,
        NOT_ALLOWED,
        _RCP_PAGE,
    ),
    ("RCPs that allow it", {"resource": _trust({"AWS": ALICE}), "rcp": [[_RCP_ALL], [_RCP_ALL]]}, ALICE, ALLOWED, _RCP_PAGE),
    ("a service needs the trust policy", {"resource": _trust({"Service": ECS_TASKS})}, ECS_TASKS, ALLOWED, LOGIC_PAGE),
    ("and nothing else will do", {"identity": [_ALL], "scp": [[_ALL]]}, ECS_TASKS, NOT_ALLOWED, LOGIC_PAGE),
    (
        "SCPs, boundaries and identity policies say nothing of a service",
        {"resource": _trust({"Service": ECS_TASKS}), "scp": [[_DENY_STS]], "boundary": [_DENY_STS], "identity": [_DENY_STS]},
        ECS_TASKS,
        ALLOWED,
        LOGIC_PAGE,
    ),
    (
        "RCPs do",
        {"resource": _trust({"Service": ECS_TASKS}), "rcp": [[_RCP_ALL, _RCP_DENY]]},
        ECS_TASKS,
        DENIED,
        _RCP_PAGE,
    ),
    ("an open identity policy", {"resource": _trust({"AWS": ROOT}), "identity": [_OPEN]}, ALICE, NOT_ALLOWED, LOGIC_PAGE),
    (
        "an identity policy that names principals is none",
        {"resource": _trust({"AWS": ROOT}), "identity": [document(statement(Principal="*", Action="*", Resource="*"))]},
        ALICE,
        UNDECIDABLE,
        LOGIC_PAGE,
    ),
    (
        "a trust statement that names nobody is none",
        {"resource": document(statement(Action="sts:AssumeRole", Resource="*"))},
        ALICE,
        UNDECIDABLE,
        LOGIC_PAGE,
    ),
)

_ROLE_ID, _USER_ID = "AROADBQP57FF2AEXAMPLE", "AIDACKCEVSQ6C2EXAMPLE"

CASES = (
    Case(
        "a boundary caps what a role's unique id is granted",
        {"resource": _trust({"AWS": _ROLE_ID}), "boundary": [_S3_ONLY]},
        asks(SESSION, context={"aws:userid": f"{_ROLE_ID}:session"}),
        NOT_ALLOWED,
        BOUNDARIES_PAGE,
    ),
    Case(
        "a boundary does not cap what a user's unique id is granted",
        {
            "resource": document(statement(Principal={"AWS": _USER_ID}, Action="s3:*", Resource="*")),
            "boundary": [document(grants("sts:*"))],
        },
        asks(ALICE, "s3:GetObject", "arn:aws:s3:::bucket/key", context={"aws:userid": _USER_ID}),
        ALLOWED,
        BOUNDARIES_PAGE,
    ),
    *(Case(name, policies, asks(caller), decision, page) for name, policies, caller, decision, page in _TABLE),
    Case(
        "an open SCP beside a named user",
        {"resource": _trust({"AWS": ALICE}), "scp": [[_OPEN]]},
        asks(context_complete=False),
        UNDECIDABLE,
        _SCP_PAGE,
        keys=("aws:PrincipalOrgID",),
    ),
    Case(
        "an open boundary that does not matter",
        {"resource": _trust({"AWS": SESSION}), "boundary": [_OPEN]},
        asks(SESSION, context_complete=False),
        ALLOWED,
        BOUNDARIES_PAGE,
    ),
)
