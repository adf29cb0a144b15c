"""Answers about IAM: roles with their trust policies, and what principals may do by their own policies."""

from __future__ import annotations

from typing import Any

from ecs_preflight.answers import NamedPolicy, PrincipalPolicies, Role
from ecs_preflight.arn import Arn
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.operations import (
    GET_GROUP_POLICY,
    GET_POLICY,
    GET_POLICY_VERSION,
    GET_ROLE,
    GET_ROLE_POLICY,
    GET_USER,
    GET_USER_POLICY,
    LIST_ATTACHED_GROUP_POLICIES,
    LIST_ATTACHED_ROLE_POLICIES,
    LIST_ATTACHED_USER_POLICIES,
    LIST_GROUP_POLICIES,
    LIST_GROUPS_FOR_USER,
    LIST_ROLE_POLICIES,
    LIST_ROLES,
    LIST_USER_POLICIES,
    Operation,
)
from ecs_preflight.facts import Absent, Fact, Gap, Known, Listing, Question
from ecs_preflight.gather.desk import Desk
from ecs_preflight.gather.redaction import redacted_policy

_OF_THE_PRINCIPAL_ITSELF = (GET_ROLE.action, GET_USER.action)


def role(desk: Desk, identity: Identity, question: Question[Role]) -> Fact[Role]:
    """By GetRole; where that is denied, from ListRoles, which PowerUserAccess allows and GetRole it does not."""
    (name,) = question.arguments
    try:
        answer = desk.gateway.call(GET_ROLE, identity, desk.iam_region(question.account), RoleName=name)
    except AwsFailure as failure:
        if failure.kind is FailureKind.MISSING:
            return _no_such_role(name, identity)
        if failure.kind is not FailureKind.DENIED:
            raise
        return _role_in_listing(name, roles(desk, identity, question), identity, failure)
    return Known(_role(desk, question.account, answer["Role"], "iam:GetRole"))


def roles(desk: Desk, identity: Identity, question: Question[Any]) -> Fact[Listing[Role]]:
    """Every role; a page that fails is a gap."""
    return desk.once(("roles", identity, question.account), lambda: _listed(desk, identity, question.account))


def policies(desk: Desk, identity: Identity, question: Question[PrincipalPolicies]) -> Fact[PrincipalPolicies]:
    """Every identity policy of a role or user, and its permissions boundary."""
    given = question.arguments[0]
    arn = Arn.parse(given)
    try:
        if arn and arn.resource_type == "user":
            return Known(_user_policies(desk, identity, arn.resource_name))
        return Known(_role_policies(desk, identity, question, arn.resource_name if arn else given))
    except AwsFailure as failure:
        if failure.kind is FailureKind.MISSING and failure.action in _OF_THE_PRINCIPAL_ITSELF:
            return Absent(f"there is no {given} in account {identity.account_id}")
        raise  # a policy that went away meanwhile says nothing of the principal


def _listed(desk: Desk, identity: Identity, account: str) -> Fact[Listing[Role]]:
    found: list[Role] = []
    try:
        for raw in desk.gateway.pages(LIST_ROLES, identity, desk.iam_region(account)):
            found.append(_role(desk, account, raw, "iam:ListRoles"))
    except AwsFailure as failure:
        if not found:
            raise
        return Known(Listing(tuple(found), (Gap(f"roles after {found[-1].name}", failure.said),)))
    return Known(Listing(tuple(found)))


def _role_in_listing(name: str, listing: Fact[Listing[Role]], identity: Identity, denied: AwsFailure) -> Fact[Role]:
    known = listing.partial()
    found = next((role for role in known.items if role.name == name), None)
    if found:
        return Known(found)
    if known.gaps:
        raise denied
    return _no_such_role(name, identity)


def _no_such_role(name: str, identity: Identity) -> Absent:
    return Absent(f"there is no role {name} in account {identity.account_id}")


def _role(desk: Desk, account: str, raw: Any, read_with: str) -> Role:
    mapping = desk.config.mapping_or_none(account) if account else None
    external_id = mapping.session_a.external_id if mapping and mapping.session_a else None
    return Role(
        arn=raw["Arn"],
        name=raw["RoleName"],
        unique_id=raw["RoleId"],
        trust_policy=redacted_policy(raw.get("AssumeRolePolicyDocument", {}), desk.token, external_id),
        max_session_duration=raw.get("MaxSessionDuration", 3600),
        permissions_boundary=raw.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        read_with=read_with,
    )


def _role_policies(desk: Desk, identity: Identity, question: Question[Any], name: str) -> PrincipalPolicies:
    region = desk.iam_region(question.account)
    raw = desk.gateway.call(GET_ROLE, identity, region, RoleName=name)["Role"]
    inline = _inline(desk, identity, region, LIST_ROLE_POLICIES, GET_ROLE_POLICY, RoleName=name)
    attached = _attached(desk, identity, region, LIST_ATTACHED_ROLE_POLICIES, RoleName=name)
    return PrincipalPolicies(raw["Arn"], (*inline, *attached), _boundary(desk, identity, region, raw))


def _user_policies(desk: Desk, identity: Identity, name: str) -> PrincipalPolicies:
    region = desk.iam_region("")
    raw = desk.gateway.call(GET_USER, identity, region, UserName=name)["User"]
    found = [
        *_inline(desk, identity, region, LIST_USER_POLICIES, GET_USER_POLICY, UserName=name),
        *_attached(desk, identity, region, LIST_ATTACHED_USER_POLICIES, UserName=name),
    ]
    for group in desk.gateway.pages(LIST_GROUPS_FOR_USER, identity, region, UserName=name):
        member_of = group["GroupName"]
        found += _inline(desk, identity, region, LIST_GROUP_POLICIES, GET_GROUP_POLICY, GroupName=member_of)
        found += _attached(desk, identity, region, LIST_ATTACHED_GROUP_POLICIES, GroupName=member_of)
    return PrincipalPolicies(raw["Arn"], tuple(found), _boundary(desk, identity, region, raw))


def _inline(
    desk: Desk, identity: Identity, region: str, listing: Operation, get: Operation, **owner: str
) -> tuple[NamedPolicy, ...]:
    names = desk.gateway.pages(listing, identity, region, **owner)
    return tuple(
        NamedPolicy(name, _text(desk, desk.gateway.call(get, identity, region, **owner, PolicyName=name)["PolicyDocument"]))
        for name in names
    )


def _attached(desk: Desk, identity: Identity, region: str, listing: Operation, **owner: str) -> tuple[NamedPolicy, ...]:
    return tuple(
        _managed(desk, identity, region, attached["PolicyArn"])
        for attached in desk.gateway.pages(listing, identity, region, **owner)
    )


def _boundary(desk: Desk, identity: Identity, region: str, raw: Any) -> NamedPolicy | None:
    arn = raw.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")
    return _managed(desk, identity, region, arn) if arn else None


def _managed(desk: Desk, identity: Identity, region: str, arn: str) -> NamedPolicy:
    """A managed policy in its default version; read once, however many principals have it."""

    def read() -> NamedPolicy:
        policy = desk.gateway.call(GET_POLICY, identity, region, PolicyArn=arn)["Policy"]
        version = desk.gateway.call(GET_POLICY_VERSION, identity, region, PolicyArn=arn, VersionId=policy["DefaultVersionId"])
        return NamedPolicy(arn, _text(desk, version["PolicyVersion"]["Document"]))

    return desk.once(("managed-policy", identity, arn), read)


def _text(desk: Desk, document: Any) -> str:
    """An identity policy, too, may hold an external id: in a condition on sts:AssumeRole."""
    return redacted_policy(document, desk.token)
