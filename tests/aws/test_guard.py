"""The last door: nothing but what stands in the table of operations is ever sent."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.aws.clients import Clients
from ecs_preflight.aws.credentials import Identity, speaking_as
from ecs_preflight.aws.operations import ALL_OPERATIONS
from ecs_preflight.errors import ForbiddenCallError
from tests.aws.canned import CALLER_ARN, CannedAccess, CannedAws

SERVICES = tuple(sorted({operation.service for operation in ALL_OPERATIONS}))
LISTED = {(operation.service, operation.name) for operation in ALL_OPERATIONS}


@pytest.fixture(scope="module")
def aws() -> CannedAws:
    return CannedAws()


@pytest.fixture(scope="module")
def clients(aws: CannedAws) -> Clients:
    return Clients(CannedAccess(aws=aws))


@pytest.fixture(autouse=True)
def somebody_speaks(clients: Clients) -> Any:
    with speaking_as(Identity("caller", CALLER_ARN, CannedAccess().caller_credentials())):
        yield


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_of_aws_is_refused_but_those_listed(clients: Clients, aws: CannedAws, service: str) -> None:
    client = clients.client(service, "us-east-1")
    model = client.meta.service_model
    params = {"body": {"PresignedUrl": "given"}, "headers": {}}  # what botocore's own handlers look at
    refused = set()
    for name in model.operation_names:
        event = f"before-call.{model.service_id.hyphenize()}.{name}"
        try:
            client.meta.events.emit(event, model=model.operation_model(name), params=params, request_signer=None, context={})
        except ForbiddenCallError:
            refused.add(name)
    assert refused == {name for name in model.operation_names if (service, name) not in LISTED}
    verbs = ("Create", "Delete", "Put", "Update", "Run", "Terminate", "Attach", "Detach", "Register", "Deregister", "Tag", "Set")
    writes = {name for name in model.operation_names if name.startswith(verbs)}
    assert writes or service == "sts"
    assert writes <= refused
    assert aws.sent == []


@pytest.mark.parametrize("operation", ALL_OPERATIONS, ids=lambda operation: f"{operation.service}-{operation.name}")
def test_what_is_listed_reads(operation: Any) -> None:
    assert operation.name.startswith(("Get", "List", "Describe", "Simulate")) or operation.action == "sts:AssumeRole"


WRITES: list[tuple[str, str, dict[str, Any]]] = [
    ("iam", "delete_role", {"RoleName": "SpinnakerManaged"}),
    ("iam", "create_access_key", {}),
    ("iam", "update_assume_role_policy", {"RoleName": "a", "PolicyDocument": "{}"}),
    ("iam", "put_role_policy", {"RoleName": "a", "PolicyName": "b", "PolicyDocument": "{}"}),
    ("ecs", "create_cluster", {}),
    ("ecs", "update_service", {"service": "web", "desiredCount": 0}),
    ("ecs", "run_task", {"taskDefinition": "web"}),
    ("ecs", "deregister_container_instance", {"containerInstance": "a"}),
    ("ec2", "run_instances", {"MinCount": 1, "MaxCount": 1}),
    ("ec2", "terminate_instances", {"InstanceIds": ["i-1"]}),
    ("autoscaling", "set_desired_capacity", {"AutoScalingGroupName": "a", "DesiredCapacity": 0}),
    ("sts", "get_session_token", {}),
    ("sts", "assume_role_with_saml", {"RoleArn": "a" * 20, "PrincipalArn": "a" * 20, "SAMLAssertion": "abcd"}),
]


@pytest.mark.parametrize(("service", "method", "parameters"), WRITES, ids=[method for _, method, _ in WRITES])
def test_a_raw_client_cannot_write(clients: Clients, aws: CannedAws, service: str, method: str, parameters: Any) -> None:
    with pytest.raises(ForbiddenCallError, match=r"is not on the read-only list, and was not sent"):
        getattr(clients.client(service, "us-east-1"), method)(**parameters)
    assert aws.sent == []


def test_a_paginator_and_a_waiter_cannot_go_round_it(clients: Clients, aws: CannedAws) -> None:
    with pytest.raises(ForbiddenCallError, match="iam:ListUsers"):
        list(clients.client("iam", "us-east-1").get_paginator("list_users").paginate())
    with pytest.raises(ForbiddenCallError, match="ec2:DescribeVolumes"):
        clients.client("ec2", "us-east-1").get_waiter("volume_available").wait(VolumeIds=["vol-1"])
    assert aws.sent == []


def test_a_service_that_nobody_thought_of_is_shut_too(clients: Clients, aws: CannedAws) -> None:
    with pytest.raises(ForbiddenCallError, match="s3:ListBuckets"):
        clients.client("s3", "us-east-1").list_buckets()
    with pytest.raises(ForbiddenCallError, match="ecr:DeleteRepository"):
        clients.client("ecr", "us-east-1").delete_repository(repositoryName="web")
    assert aws.sent == []
