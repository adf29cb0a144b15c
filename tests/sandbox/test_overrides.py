"""Between moto's routing and moto's answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecs_preflight.sandbox.authorization import policies_of, require_allowed
from ecs_preflight.sandbox.calls import Call, Caller, Refusal
from ecs_preflight.sandbox.error_shapes import error_shape
from ecs_preflight.sandbox.world import Account, Cluster, Instances, Region, Role, User, permission_policy
from tests.sandbox.builders import MANAGED, MANAGED_ROLE, MANAGING, world
from tests.sandbox.conftest import Wire


@pytest.fixture(scope="module")
def wire(opened_on: Callable[..., Any]) -> Iterator[Wire]:
    account = Account(
        roles={"SpinnakerManaged": Role(trusts=(MANAGING,), attached=("AdministratorAccess",))},
        users={"bot": User(path="/bots/", attached=("ReadOnlyAccess",))},
        regions={"us-east-1": Region(clusters={"empty": Cluster(), "one": Cluster(instances=(Instances(),))})},
    )
    with opened_on(world(account)) as wire:
        yield wire


def test_what_moto_stumbles_over_is_an_error_of_the_service(wire: Wire) -> None:
    """moto's RunTask on a cluster without instances raises a bare Exception."""
    ecs = wire.client("ecs", keys=wire.assume())
    ecs.register_task_definition(family="t", containerDefinitions=[{"name": "c", "image": "c", "memory": 64}])
    with pytest.raises(ClientError, match="the sandbox failed to simulate ecs:RunTask") as raised:
        ecs.run_task(cluster="empty", taskDefinition="t", launchType="EC2")
    assert raised.value.response["Error"]["Code"] == "NotSimulated"


def test_an_error_of_motos_own_keeps_its_code(wire: Wire) -> None:
    ecs = wire.client("ecs", keys=wire.assume())
    with pytest.raises(ClientError) as raised:
        ecs.start_task(cluster="one", taskDefinition="never", containerInstances=["x"])
    assert raised.value.response["Error"]["Code"] == "ClientException"


def test_users_and_groups_are_read_as_moto_has_them(wire: Wire) -> None:
    iam = wire.client("iam", keys=wire.assume())
    assert iam.get_user(UserName="bot")["User"]["Path"] == "/bots/"
    assert iam.list_groups_for_user(UserName="bot")["Groups"] == []
    (attached,) = iam.list_attached_user_policies(UserName="bot")["AttachedPolicies"]
    document = iam.get_policy_version(PolicyArn=attached["PolicyArn"], VersionId=_default(iam, attached["PolicyArn"]))
    assert document["PolicyVersion"]["Document"]["Statement"]
    iam.create_group(GroupName="readers")
    assert iam.list_group_policies(GroupName="readers")["PolicyNames"] == []


def _default(iam: Any, arn: str) -> str:
    return str(iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"])


def test_a_group_gives_its_users_what_it_may(wire: Wire) -> None:
    iam = wire.client("iam", keys=wire.assume())
    iam.create_group(GroupName="deployers")
    iam.put_group_policy(GroupName="deployers", PolicyName="p", PolicyDocument=permission_policy("ecs:*"))
    bot = Caller(f"arn:aws:iam::{MANAGED}:user/bots/bot", f"arn:aws:iam::{MANAGED}:user/bots/bot")
    before = len(policies_of(bot).identity)
    iam.add_user_to_group(GroupName="deployers", UserName="bot")
    assert len(policies_of(bot).identity) == before + 1


def test_of_a_principal_that_is_not_there_nothing_is_known(wire: Wire) -> None:
    assert policies_of(Caller("arn:aws:iam::100000000001:user/x", "arn:aws:iam::100000000001:user/x")).identity == ()
    assert policies_of(Caller("none", "none")).identity == ()


def test_a_session_ends() -> None:
    caller = Caller("arn", MANAGED_ROLE, expires=datetime.now(timezone.utc) - timedelta(seconds=1))
    with pytest.raises(Refusal, match="ExpiredToken"):
        require_allowed(Call("ecs", "ListClusters", "us-east-1", "aws", caller, {}))


@pytest.mark.parametrize(
    ("protocol", "body"),
    [
        ("json", '{"__type": "Code", "message": "a < b"}'),
        ("rest-json", '{"__type": "Code", "message": "a < b"}'),
        ("query", "<Error><Type>Sender</Type><Code>Code</Code><Message>a &lt; b</Message></Error>"),
        ("ec2", "<Errors><Error><Code>Code</Code><Message>a &lt; b</Message></Error></Errors>"),
    ],
)
def test_every_protocol_has_its_own_shape_of_error(protocol: str, body: str) -> None:
    status, _, text = error_shape(protocol, Refusal("Code", "a < b", 403))
    assert status == 403
    assert body in text
