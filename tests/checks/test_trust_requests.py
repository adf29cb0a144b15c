"""What is known, known to be absent, and not known, of the requests that policies are evaluated for."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.answers import NamedPolicy, PrincipalPolicies
from ecs_preflight.checks.trust_requests import (
    allow_assume_role,
    clouddriver_request,
    identity_policies,
    service_request,
    trust_document,
)
from ecs_preflight.facts import Asker
from ecs_preflight.findings import Undetermined
from ecs_preflight.iam.policy import PolicyDocument
from tests.checks.role_facts import ACCOUNT, ECS, IDENTITY, MANAGED, MANAGED_ROLE, a_config, a_role, allow, document

TAGGED = document(
    allow({"AWS": IDENTITY}, {"StringEquals": {"aws:RequestTag/Team": "a"}, "Null": {"AWS:requesttag/Env": "false"}})
)


def request(session: Asker = Asker.ECS_SESSION, external_id: str | None = None, **changes: Any) -> Any:
    config = a_config(external_id=changes.pop("a_external_id", None), **changes)
    mapping = config.mapping(ACCOUNT)
    role_arn = mapping.role_arn or ""
    return clouddriver_request(
        config, mapping, role_arn, IDENTITY, session, external_id=external_id, policies=(TAGGED, "not JSON", "[]", "5")
    )


def test_the_ecs_accounts_request() -> None:
    made = request(aws_region="us-west-2")
    assert (made.action, made.principal, made.resource) == ("sts:AssumeRole", IDENTITY, MANAGED_ROLE)
    assert not made.context_complete
    assert made.context["sts:RoleSessionName"] == ("Spinnaker",)
    assert made.context["aws:RequestedRegion"] == ("us-west-2",)
    assert made.context["aws:ResourceAccount"] == (MANAGED,)
    absent = {key for key, values in made.context.items() if values == ()}
    assert absent == {
        *("sts:ExternalId", "sts:SourceIdentity", "sts:TransitiveTagKeys", "aws:TagKeys"),
        *("aws:RequestTag/Team", "AWS:requesttag/Env"),
    }
    assert "aws:SourceIp" not in made.context


def test_the_aws_accounts_request_sends_the_token_of_its_external_id() -> None:
    assert request(Asker.AWS_SESSION, "token-1").context["sts:ExternalId"] == ("token-1",)


@pytest.mark.parametrize(
    ("role_arn", "region"),
    [
        ("arn:aws-cn:iam::100000000002:role/x", "cn-north-1"),
        ("arn:aws-us-gov:iam::100000000002:role/x", "us-gov-west-1"),
    ],
)
def test_other_partitions_have_their_own_sts(role_arn: str, region: str) -> None:
    assert request(assume_role=role_arn).context["aws:RequestedRegion"] == (region,)


def test_the_region_of_sts_is_unknown_where_nothing_states_it() -> None:
    assert "aws:RequestedRegion" not in request().context


@pytest.mark.parametrize("opaque", ["encrypted:s3!r:us-west-2!b:bucket!f:file", "${NAME}", "ci-${NAME}"])
def test_what_spinnaker_alone_can_read_is_unknown(opaque: str) -> None:
    assert "sts:RoleSessionName" not in request(session_name=opaque).context
    assert "sts:ExternalId" not in request(Asker.AWS_SESSION, "token-1", a_external_id=opaque).context
    assert request(Asker.ECS_SESSION, None, a_external_id=opaque).context["sts:ExternalId"] == ()


def test_a_service_request_knows_what_it_is_told() -> None:
    made = service_request(ECS, a_role(TAGGED), {"aws:SourceAccount": MANAGED})
    assert made.principal == {"Service": ECS}
    assert made.context["aws:SourceAccount"] == (MANAGED,)
    assert made.context["sts:ExternalId"] == ()
    assert made.context["aws:RequestTag/Team"] == ()
    assert "aws:SourceArn" not in made.context


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", '{"Statement": 5}', '{"Statement": [], "Statement": []}', "\x00"])
def test_a_document_that_is_none_is_undetermined_and_says_whose(text: str) -> None:
    with pytest.raises(Undetermined, match=f"the trust policy of {MANAGED_ROLE} cannot be read") as raised:
        trust_document(a_role(text))
    assert "\n" not in raised.value.reason


def test_identity_policies_and_their_boundary() -> None:
    text = document({"Effect": "Allow", "Action": "*", "Resource": "*"})
    held = PrincipalPolicies(IDENTITY, (NamedPolicy("a", text), NamedPolicy("b", text)), NamedPolicy("cap", text))
    made = identity_policies(held)
    assert (len(made.identity), len(made.boundary)) == (2, 1)
    assert identity_policies(PrincipalPolicies(IDENTITY)).boundary == ()
    for broken in (
        PrincipalPolicies(IDENTITY, (NamedPolicy("odd", "{"),)),
        PrincipalPolicies(IDENTITY, (), NamedPolicy("odd", "{")),
    ):
        with pytest.raises(Undetermined, match=f"odd of {IDENTITY} cannot be read"):
            identity_policies(broken)


def test_a_statement_to_paste_is_one_that_iam_takes() -> None:
    pasted = '{"Version": "2012-10-17", "Statement": [' + allow_assume_role({"AWS": IDENTITY}) + "]}"
    assert PolicyDocument.parse(pasted).problems("trust") == ()
