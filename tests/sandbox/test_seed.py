"""The one that writes: only to the sandbox, and nothing that cannot be."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from ecs_preflight.aws.credentials import Identity, speaking_as
from ecs_preflight.errors import ForbiddenCallError, InputError
from ecs_preflight.sandbox.fleet import Fleet
from ecs_preflight.sandbox.loopback import is_loopback, keep_inside
from ecs_preflight.sandbox.run import sandbox
from ecs_preflight.sandbox.seed import seed
from ecs_preflight.sandbox.world import Account, Cluster, Instances, Region, Role, Tasks, permission_policy
from tests.sandbox.builders import MANAGED, client, config, opened, world


@pytest.mark.parametrize("url", ["https://iam.amazonaws.com", "http://10.0.0.1:5000", "http://localhost.example", "ftp://", "x"])
def test_no_other_endpoint_is_seeded(url: str) -> None:
    with pytest.raises(ForbiddenCallError, match="the sandbox does not write to"):
        seed(world(), Fleet(), url)


def test_aws_itself_is_not_seeded_while_moto_is_off() -> None:
    with pytest.raises(ForbiddenCallError, match="does not write to https://iam"):
        seed(world(), Fleet())


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:5000", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:5000/x", True),
        ("http://localhost:1", True),
        ("http://127.0.0.1.example", False),
        ("http://user:pass@10.0.0.1", False),
        ("https://ecs.us-east-1.amazonaws.com", False),
    ],
)
def test_loopback(url: str, here: bool) -> None:
    assert is_loopback(url) is here


def test_a_client_of_the_sandbox_cannot_leave_it() -> None:
    session = botocore.session.Session()
    keep_inside(session)
    sts = session.create_client(
        "sts", region_name="us-east-1", endpoint_url="http://aws.example", aws_access_key_id="x", aws_secret_access_key="x"
    )
    with opened(), pytest.raises(ForbiddenCallError):
        sts.get_caller_identity()


def test_the_access_refuses_too_once_the_sandbox_is_closed() -> None:
    with sandbox(config()) as access:
        sts = access.client_session().create_client("sts", region_name="us-east-1")
    keys: Any = botocore.session.Session()
    keys.set_credentials("x", "x")
    with speaking_as(Identity("caller", "", keys.get_credentials())), pytest.raises(ForbiddenCallError):
        sts.get_caller_identity()


def _account(region: str = "us-east-1", instances: Instances | None = None, **role: Any) -> Account:
    clusters = {"default": Cluster(instances=(instances or Instances(),))}
    return Account(roles={"r": Role(**role)}, regions={region: Region(clusters=clusters)})


@pytest.mark.parametrize(
    ("account", "said", "hint"),
    [
        (_account("us-east-9"), "'us-east-9' is not a region of the partition 'aws'", None),
        (_account(instances=Instances(type="m5.huge")), "'m5.huge' is not an EC2 instance type", "m5.large"),
        (_account(attached=("PowerUserAcess",)), "'PowerUserAcess' is not an AWS managed policy", "PowerUserAccess"),
        (
            _account(instances=Instances(tasks=(Tasks(family="web", memory=6000, count=2),))),
            "not all 2 tasks of 'web' fit on an instance of 'default': RESOURCE:MEMORY",
            "fewer",
        ),
        (_account(policies={"p": "{}"}), f"account {MANAGED} cannot be seeded: ", None),
    ],
)
def test_what_cannot_be_seeded_is_said(account: Account, said: str, hint: str | None) -> None:
    with pytest.raises(InputError) as raised, opened(world(account)):
        pass
    assert said in raised.value.message
    assert (hint or "") in (raised.value.hint or "")


def test_a_role_may_have_a_boundary() -> None:
    with opened(world(Account(roles={"r": Role(boundary=permission_policy("iam:*"))}))):
        iam = client("iam", aws_access_key_id="AKIASANDBOXSEEDSITSE", aws_secret_access_key="x")
        iam.meta.events.register("before-call", lambda params, **_: params["headers"].update({"x-moto-account-id": MANAGED}))
        boundary = iam.get_role(RoleName="r")["Role"]["PermissionsBoundary"]
    assert boundary["PermissionsBoundaryArn"] == f"arn:aws:iam::{MANAGED}:policy/boundary-of-r"
