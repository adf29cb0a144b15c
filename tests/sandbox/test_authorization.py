"""Who may do what: identity policies are enforced on every call, and a denial looks as each service's own does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ecs_preflight.sandbox.world import Account, Cluster, Region, Role, permission_policy
from tests.sandbox.builders import MANAGED, MANAGING, world
from tests.sandbox.conftest import Wire

ONE_CLUSTER = f"arn:aws:ecs:us-east-1:{MANAGED}:cluster/one"
IN_PATH = f"arn:aws:iam::{MANAGED}:role/x/*"
IN_IRELAND = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
DENYING = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "ecs:ListClusters", "Resource": "*"},
            {
                "Effect": "Deny",
                "Action": "ec2:*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
            },
        ],
    }
)
ROLES = {
    "power-user": Role(trusts=(MANAGING,), attached=("PowerUserAccess",)),
    "powerless": Role(trusts=(MANAGING,)),
    "denied": Role(trusts=(MANAGING,), policies={"p": DENYING}),
    "bounded": Role(trusts=(MANAGING,), policies={"p": permission_policy("*")}, boundary=permission_policy("iam:*")),
    "one-cluster": Role(trusts=(MANAGING,), policies={"p": permission_policy("ecs:*", resource=ONE_CLUSTER)}),
    "reads-itself": Role(
        path="/x/",
        trusts=(MANAGING,),
        policies={"p": permission_policy("iam:GetRole", resource=f"arn:aws:iam::{MANAGED}:role/x/*")},
    ),
}


@pytest.fixture(scope="module")
def wire(opened_on: Callable[..., Any]) -> Iterator[Wire]:
    clusters = {"us-east-1": Region(clusters={"one": Cluster(), "two": Cluster()})}
    with opened_on(world(Account(roles=ROLES, regions=clusters))) as wire:
        yield wire


@pytest.fixture
def session(wire: Wire) -> Callable[..., Any]:
    def made(role: str, service: str, region: str = "us-east-1") -> Any:
        path = ROLES[role].path
        return wire.client(service, region, wire.assume(f"arn:aws:iam::{MANAGED}:role{path}{role}"))

    return made


@pytest.mark.parametrize(
    ("role", "service", "method", "parameters"),
    [
        ("power-user", "ecs", "list_clusters", {}),
        ("power-user", "ec2", "describe_regions", {}),
        ("power-user", "iam", "list_roles", {}),
        ("denied", "ecs", "describe_clusters", {"clusters": ["one"]}),
        ("bounded", "iam", "get_role", {"RoleName": "powerless"}),
        ("one-cluster", "ecs", "describe_clusters", {"clusters": ["one"]}),
        ("one-cluster", "ecs", "list_container_instances", {"cluster": ONE_CLUSTER}),
        ("reads-itself", "iam", "get_role", {"RoleName": "reads-itself"}),
        ("powerless", "sts", "get_caller_identity", {}),
    ],
)
def test_what_policies_allow_is_answered(session: Any, role: str, service: str, method: str, parameters: Any) -> None:
    answer = getattr(session(role, service), method)(**parameters)
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize(
    ("role", "service", "method", "parameters", "code", "said"),
    [
        (
            "power-user",
            "iam",
            "get_role",
            {"RoleName": "power-user"},
            "AccessDenied",
            ":role/power-user because no identity-based policy allows",
        ),
        (
            "powerless",
            "ecs",
            "list_clusters",
            {},
            "AccessDeniedException",
            "on resource: * because no identity-based policy allows the ecs:ListClusters action",
        ),
        (
            "powerless",
            "ec2",
            "describe_regions",
            {},
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: ",
        ),
        ("powerless", "autoscaling", "describe_auto_scaling_groups", {}, "AccessDenied", "autoscaling:DescribeAutoScalingGroups"),
        ("powerless", "elbv2", "describe_target_groups", {}, "AccessDenied", "elasticloadbalancing:DescribeTargetGroups"),
        (
            "powerless",
            "service-quotas",
            "list_service_quotas",
            {"ServiceCode": "ecs"},
            "AccessDeniedException",
            "servicequotas:ListServiceQuotas",
        ),
        (
            "powerless",
            "application-autoscaling",
            "describe_scalable_targets",
            {"ServiceNamespace": "ecs"},
            "AccessDeniedException",
            "application-autoscaling:",
        ),
        ("powerless", "lambda", "list_functions", {}, "AccessDeniedException", "lambda:ListFunctions"),
        ("denied", "ecs", "list_clusters", {}, "AccessDeniedException", "with an explicit deny in an identity-based policy"),
        ("bounded", "ecs", "list_clusters", {}, "AccessDeniedException", "ecs:ListClusters"),
        ("one-cluster", "ecs", "describe_clusters", {"clusters": ["one", "two"]}, "AccessDeniedException", "cluster/two"),
        ("one-cluster", "ecs", "describe_tasks", {"cluster": "one", "tasks": ["t"]}, "AccessDeniedException", "task/one/t"),
        ("reads-itself", "iam", "get_role", {"RoleName": "powerless"}, "AccessDenied", "role/powerless"),
    ],
)
def test_what_they_do_not_is_denied_in_the_services_own_way(
    session: Any, role: str, service: str, method: str, parameters: Any, code: str, said: str
) -> None:
    with pytest.raises(ClientError) as raised:
        getattr(session(role, service), method)(**parameters)
    error = raised.value.response["Error"]
    assert error["Code"] == code
    assert f"User: arn:aws:sts::{MANAGED}:assumed-role/{role}/Spinnaker is not authorized to perform: " in error["Message"]
    assert said in error["Message"]


def test_conditions_on_the_region_are_judged(session: Any) -> None:
    assert session("denied", "ec2").describe_availability_zones()["AvailabilityZones"]
    with pytest.raises(ClientError, match="explicit deny"):
        session("denied", "ec2", "eu-west-1").describe_availability_zones()
