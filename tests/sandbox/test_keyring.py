"""Who the caller is: a role or a user, in any partition, by the policies that it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecs_preflight.sandbox.world import Account, Role, User, permission_policy
from tests.sandbox.builders import MANAGED, MANAGED_ROLE, world


def role(name: str) -> str:
    return f"arn:aws:iam::{MANAGED}:role/{name}"


@pytest.mark.parametrize("allowed", [True, False])
def test_the_callers_own_policies_count_too(opened_on: Callable[..., Any], allowed: bool) -> None:
    policy = permission_policy("sts:AssumeRole", resource=MANAGED_ROLE if allowed else role("other"))
    with opened_on(world(managing={"policies": {"p": policy}})) as wire:
        if allowed:
            assert wire.assume()
        else:
            with pytest.raises(ClientError, match="is not authorized to perform: sts:AssumeRole"):
                wire.assume()


def test_an_iam_user_can_be_the_managing_identity(opened_on: Callable[..., Any]) -> None:
    arn = "arn:aws:iam::100000000001:user/bots/spinnaker"
    accounts = {
        "100000000001": Account(users={"spinnaker": User(path="/bots/", policies={"p": permission_policy("sts:AssumeRole")})}),
        MANAGED: Account(roles={"SpinnakerManaged": Role(trusts=(arn,))}),
    }
    with opened_on(world(managing_identity_arn=arn, accounts=accounts)) as wire:
        assert wire.client("sts").get_caller_identity()["Arn"] == arn
        assert wire.assume()


@pytest.mark.parametrize(("partition", "region"), [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")])
def test_other_partitions_are_other_worlds(opened_on: Callable[..., Any], partition: str, region: str) -> None:
    managing, managed = (
        f"arn:{partition}:iam::100000000001:role/spinnaker",
        f"arn:{partition}:iam::{MANAGED}:role/SpinnakerManaged",
    )
    rights = {"p": permission_policy("sts:AssumeRole", "iam:GetRole")}
    accounts = {
        "100000000001": Account(partition=partition, roles={"spinnaker": Role(policies=rights)}),
        MANAGED: Account(partition=partition, roles={"SpinnakerManaged": Role(trusts=(managing,), policies=rights)}),
    }
    with opened_on(world(managing_identity_arn=managing, accounts=accounts)) as wire:
        keys = wire.assume(managed, region=region)
        assert wire.client("sts", region, keys).get_caller_identity()["Arn"].startswith(f"arn:{partition}:sts::{MANAGED}:")
        assert wire.client("iam", region, keys).get_role(RoleName="SpinnakerManaged")["Role"]["Arn"] == managed
        with pytest.raises(ClientError, match="not authorized"):
            wire.assume(MANAGED_ROLE, region=region)
