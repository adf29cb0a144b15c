"""Answers about IAM: roles by GetRole or ListRoles, and all policies of a principal, against canned answers and moto."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, unquote

import boto3
import pytest
from botocore.credentials import Credentials
from moto import mock_aws

from ecs_preflight.answers import PrincipalPolicies
from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.gateway import Gateway
from ecs_preflight.facts import Absent, Gap, Known, secret_token
from ecs_preflight.gather import roles as answers
from ecs_preflight.gather.desk import Desk
from ecs_preflight.questions import managing_policies, role, role_policies, roles
from tests.aws.canned import CannedAccess, CannedAws, Refusal, Sent
from tests.checks.role_facts import ACCOUNT, MANAGED, MANAGED_ROLE, a_config, allow, document

SESSION = Identity("E", f"arn:aws:sts::{MANAGED}:assumed-role/SpinnakerManaged/Spinnaker", Credentials("K", "S", "T"))
IN_MOTO = Identity("caller", "arn:aws:iam::123456789012:user/auditor", Credentials("K", "S"))
DENIED = Refusal("AccessDenied", "not authorized to perform: iam:GetRole", 403)
MISSING = Refusal("NoSuchEntity", "The role cannot be found.", 404)
SECRET = "the-external-id"
TRUST = document(allow({"AWS": "*"}, {"StringEquals": {"sts:ExternalId": SECRET}}))


def desk(aws: CannedAws) -> Desk:
    access = CannedAccess(aws=aws)
    return Desk(a_config(external_id=SECRET), access, "salt", Gateway(access, sleep=lambda _: None))


def raw(name: str = "SpinnakerManaged", trust: str = TRUST, **more: Any) -> dict[str, Any]:
    return {
        "Path": "/",
        "RoleName": name,
        "RoleId": f"AROA{name.upper()}",
        "Arn": f"arn:aws:iam::{MANAGED}:role/{name}",
        "CreateDate": "2027-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": quote(trust),
        **more,
    }


def one(name: str = "SpinnakerManaged") -> Any:
    return role(ACCOUNT, name)


def test_a_role_is_read_with_its_trust_policy_and_without_its_external_id() -> None:
    cap = {"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/cap", "PermissionsBoundaryType": "Policy"}
    aws = CannedAws({"GetRole": {"Role": raw(MaxSessionDuration=7200, PermissionsBoundary=cap)}})
    found = answers.role(desk(aws), SESSION, one()).require()
    assert (found.arn, found.name, found.unique_id) == (MANAGED_ROLE, "SpinnakerManaged", "AROASPINNAKERMANAGED")
    assert (found.max_session_duration, found.permissions_boundary) == (7200, "arn:aws:iam::aws:policy/cap")
    assert found.read_with == "iam:GetRole"
    assert SECRET not in found.trust_policy
    assert secret_token(SECRET, "salt") in found.trust_policy


@pytest.mark.parametrize(
    "trust",
    [
        '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}',
        '{"Statement": []}',
        "[]",
        "5",
    ],
)
def test_the_shape_of_a_trust_policy_is_kept(trust: str) -> None:
    found = answers.role(desk(CannedAws({"GetRole": {"Role": raw(trust=trust)}})), SESSION, one()).require()
    assert json.loads(found.trust_policy) == json.loads(trust)


def test_what_is_no_json_is_kept_as_it_stands() -> None:
    found = answers.role(desk(CannedAws({"GetRole": {"Role": raw(trust="no JSON at all")}})), SESSION, one()).require()
    assert unquote(found.trust_policy) == "no JSON at all"


def test_a_role_that_does_not_exist_is_absent() -> None:
    fact = answers.role(desk(CannedAws({"GetRole": MISSING})), SESSION, one("web"))
    assert fact == Absent(f"there is no role web in account {MANAGED}")


def paged(*pages: Any) -> Any:
    """ListRoles: one page after the other, the Marker being the number of the next."""

    def answer(sent: Sent) -> Any:
        number = int(sent.parameters.get("Marker", 0))
        if isinstance(pages[number], Refusal):
            return pages[number]
        more = {"IsTruncated": "true", "Marker": str(number + 1)} if number + 1 < len(pages) else {"IsTruncated": "false"}
        return {"Roles": [raw(name) for name in pages[number]], **more}

    return answer


def test_where_get_role_is_denied_the_list_tells() -> None:
    """PowerUserAccess allows iam:ListRoles and not iam:GetRole (failure-modes.md A5)."""
    aws = CannedAws({"GetRole": DENIED, "ListRoles": paged(["a"], ["SpinnakerManaged"])})
    at = desk(aws)
    found = answers.role(at, SESSION, one()).require()
    assert (found.name, found.read_with) == ("SpinnakerManaged", "iam:ListRoles")
    assert answers.role(at, SESSION, one("gone")) == Absent(f"there is no role gone in account {MANAGED}")
    assert answers.roles(at, SESSION, roles(ACCOUNT)).require().items[0].name == "a"
    assert len(aws.of("ListRoles")) == 2  # the pages were read once for all three


def test_part_of_a_list_proves_only_what_is_in_it() -> None:
    at = desk(
        CannedAws({"GetRole": DENIED, "ListRoles": paged(["a", "SpinnakerManaged"], Refusal("Throttling", "Rate exceeded"))})
    )
    assert answers.role(at, SESSION, one()).require().name == "SpinnakerManaged"
    with pytest.raises(AwsFailure) as raised:
        answers.role(at, SESSION, one("maybe"))
    assert raised.value.action == "iam:GetRole"
    listing = answers.roles(at, SESSION, roles(ACCOUNT)).partial()
    assert listing.gaps == (Gap("roles after SpinnakerManaged", "Throttling: Rate exceeded"),)


def test_where_both_are_denied_there_is_no_answer() -> None:
    at = desk(CannedAws({"GetRole": DENIED, "ListRoles": DENIED}))
    with pytest.raises(AwsFailure) as raised:
        answers.role(at, SESSION, one())
    assert raised.value.kind is FailureKind.DENIED


def test_an_account_without_roles_is_an_empty_list() -> None:
    assert answers.roles(desk(CannedAws({"ListRoles": paged([])})), SESSION, roles(ACCOUNT)).require().items == ()


def test_any_other_failure_of_get_role_is_not_worked_round() -> None:
    expired = Refusal("ExpiredToken", "expired", 403)
    aws = CannedAws({"GetRole": expired})
    with pytest.raises(AwsFailure) as raised:
        answers.role(desk(aws), SESSION, one())
    assert raised.value.kind is FailureKind.CREDENTIALS
    assert aws.operations() == ["GetRole"]


POLICY = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"})


def in_moto() -> Desk:
    return Desk(a_config(), AwsAccess(), "salt")


@pytest.fixture
def iam() -> Any:
    with mock_aws():
        yield boto3.client("iam", region_name="us-east-1")


def managed_policy(iam: Any, name: str) -> str:
    return str(iam.create_policy(PolicyName=name, PolicyDocument=POLICY)["Policy"]["Arn"])


def names(fact: Any) -> list[str]:
    held: PrincipalPolicies = fact.require()
    return sorted(policy.name.rpartition("/")[2] for policy in held.policies)


def test_a_roles_policies_are_inline_attached_and_its_boundary(iam: Any) -> None:
    boundary = managed_policy(iam, "cap")
    iam.create_role(RoleName="spinnaker", Path="/apps/", AssumeRolePolicyDocument=POLICY, PermissionsBoundary=boundary)
    iam.put_role_policy(RoleName="spinnaker", PolicyName="inline", PolicyDocument=POLICY)
    iam.attach_role_policy(RoleName="spinnaker", PolicyArn=managed_policy(iam, "attached"))
    arn = "arn:aws:iam::123456789012:role/spinnaker"
    fact = answers.policies(in_moto(), IN_MOTO, managing_policies(arn))
    assert names(fact) == ["attached", "inline"]
    assert fact.require().arn == "arn:aws:iam::123456789012:role/apps/spinnaker"  # as IAM has it, path included
    assert fact.require().boundary.name == boundary
    assert all(json.loads(policy.text) == json.loads(POLICY) for policy in fact.require().policies)


def test_the_default_version_of_a_managed_policy_counts(iam: Any) -> None:
    arn = managed_policy(iam, "attached")
    newer = document({"Effect": "Deny", "Action": "*", "Resource": "*"})
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=newer, SetAsDefault=True)
    iam.create_role(RoleName="spinnaker", AssumeRolePolicyDocument=POLICY)
    iam.attach_role_policy(RoleName="spinnaker", PolicyArn=arn)
    fact = answers.policies(in_moto(), IN_MOTO, managing_policies("arn:aws:iam::123456789012:role/spinnaker"))
    (held,) = fact.require().policies
    assert json.loads(held.text) == json.loads(newer)


def test_a_users_policies_are_those_of_its_groups_too(iam: Any) -> None:
    iam.create_user(UserName="spinnaker", Path="/machines/")
    iam.put_user_policy(UserName="spinnaker", PolicyName="inline", PolicyDocument=POLICY)
    iam.attach_user_policy(UserName="spinnaker", PolicyArn=managed_policy(iam, "attached"))
    for name in ("admins", "robots"):
        iam.create_group(GroupName=name)
        iam.add_user_to_group(GroupName=name, UserName="spinnaker")
        iam.put_group_policy(GroupName=name, PolicyName=f"{name}-inline", PolicyDocument=POLICY)
        iam.attach_group_policy(GroupName=name, PolicyArn=managed_policy(iam, f"{name}-attached"))
    fact = answers.policies(in_moto(), IN_MOTO, managing_policies("arn:aws:iam::123456789012:user/spinnaker"))
    assert names(fact) == ["admins-attached", "admins-inline", "attached", "inline", "robots-attached", "robots-inline"]
    assert fact.require().arn == "arn:aws:iam::123456789012:user/machines/spinnaker"
    assert fact.require().boundary is None


@pytest.mark.parametrize("kind", ["role", "user"])
def test_a_principal_that_does_not_exist_is_absent(iam: Any, kind: str) -> None:
    arn = f"arn:aws:iam::123456789012:{kind}/gone"
    fact = answers.policies(in_moto(), IN_MOTO, managing_policies(arn))
    assert fact == Absent(f"there is no {arn} in account 123456789012")


def listing_one_policy(**more: Any) -> dict[str, Any]:
    return {
        "GetRole": {"Role": raw()},
        "ListRolePolicies": {"PolicyNames": [], "IsTruncated": "false"},
        "ListAttachedRolePolicies": {"AttachedPolicies": [{"PolicyName": "p", "PolicyArn": "arn:aws:iam::aws:policy/p"}]},
        **more,
    }


@pytest.mark.parametrize("refusal", [DENIED, Refusal("NoSuchEntity", "Policy p does not exist", 404)])
def test_one_policy_that_cannot_be_read_leaves_no_answer(refusal: Refusal) -> None:
    aws = CannedAws(listing_one_policy(GetPolicy=refusal))
    with pytest.raises(AwsFailure) as raised:
        answers.policies(desk(aws), SESSION, role_policies(ACCOUNT, "SpinnakerManaged"))
    assert raised.value.action == "iam:GetPolicy"


def test_a_managed_policy_is_read_once_for_all_who_have_it() -> None:
    version = {"PolicyVersion": {"Document": quote(POLICY), "VersionId": "v2", "IsDefaultVersion": "true"}}
    policy = {"Policy": {"PolicyName": "p", "DefaultVersionId": "v2"}}
    aws = CannedAws(listing_one_policy(GetPolicy=policy, GetPolicyVersion=version))
    at = desk(aws)
    for name in ("SpinnakerManaged", "web"):
        assert names(answers.policies(at, SESSION, role_policies(ACCOUNT, name))) == ["p"]
    assert (len(aws.of("GetPolicy")), len(aws.of("GetPolicyVersion"))) == (1, 1)
    assert aws.of("GetPolicyVersion")[0].parameters["VersionId"] == "v2"


def test_an_external_id_in_an_identity_policy_is_a_token() -> None:
    wanting = {**json.loads(POLICY)["Statement"][0], "Condition": {"StringEquals": {"sts:ExternalId": SECRET}}}
    answer = {"RoleName": "x", "PolicyName": "inline", "PolicyDocument": quote(document(wanting))}
    aws = CannedAws(
        {
            "GetRole": {"Role": raw()},
            "ListRolePolicies": {"PolicyNames": ["inline"]},
            "GetRolePolicy": answer,
            "ListAttachedRolePolicies": {"AttachedPolicies": []},
        }
    )
    fact = answers.policies(desk(aws), SESSION, role_policies(ACCOUNT, "SpinnakerManaged"))
    assert isinstance(fact, Known)
    assert SECRET not in fact.value.policies[0].text
    assert secret_token(SECRET, "salt") in fact.value.policies[0].text
