"""Every call goes through here: retried by account and region, paged, batched, counted, and never telling a secret."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.credentials import Credentials
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.gateway import Gateway
from ecs_preflight.aws.operations import (
    ASSUME_ROLE,
    DESCRIBE_AUTO_SCALING_GROUPS,
    DESCRIBE_CLUSTERS,
    DESCRIBE_REGIONS,
    DESCRIBE_SERVICES,
    GET_CALLER_IDENTITY,
    LIST_CLUSTERS,
    LIST_ROLES,
    Operation,
)
from tests.aws.canned import CannedAccess, CannedAws, Refusal, Sent

THROTTLED = Refusal("ThrottlingException", "Rate exceeded")
REGION = "us-east-1"


def account(number: int) -> Identity:
    return Identity("E", f"arn:aws:iam::{number:012d}:role/managed", Credentials(f"KEY{number}", f"secret{number}", "the-token"))


def gateway(aws: CannedAws, sleep: Callable[[float], None] = lambda _: None) -> Gateway:
    return Gateway(CannedAccess(aws=aws), sleep=sleep)


def in_order(*answers: Any) -> Callable[[Sent], Any]:
    """One answer after the other; the last stays."""
    given: Iterator[Any] = itertools.chain(answers, itertools.repeat(answers[-1]))
    return lambda _: next(given)


def test_a_throttled_call_is_tried_again_with_growing_pauses() -> None:
    pauses: list[float] = []
    aws = CannedAws({"ListClusters": in_order(*[THROTTLED] * 4, {"clusterArns": ["a"]})})
    door = gateway(aws, pauses.append)

    assert list(door.pages(LIST_CLUSTERS, account(1), REGION)) == ["a"]
    assert len(pauses) == 4
    assert pauses == sorted(pauses)
    assert all(0 < pause <= 8 for pause in pauses)
    assert door.calls == {"ecs:ListClusters": 5}


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ThrottlingException", 400, FailureKind.THROTTLED),
        ("ServerException", 500, FailureKind.TRANSIENT),
        ("SomethingNew", 503, FailureKind.TRANSIENT),
    ],
)
def test_it_gives_up_after_six_attempts(code: str, status: int, kind: FailureKind) -> None:
    aws = CannedAws({"ListClusters": Refusal(code, "again and again", status)})
    door = gateway(aws)

    with pytest.raises(AwsFailure, match=f"^ecs:ListClusters: {code}: again and again$") as caught:
        door.call(LIST_CLUSTERS, account(1), REGION)
    assert caught.value.kind is kind
    assert len(aws.sent) == 6


@pytest.mark.parametrize(
    "code",
    [
        "AccessDeniedException",
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "ClusterNotFoundException",
        "ClientException",
    ],
)
def test_what_will_not_change_is_not_tried_again(code: str) -> None:
    aws = CannedAws({"ListClusters": Refusal(code)})

    with pytest.raises(AwsFailure):
        gateway(aws, pytest.fail).call(LIST_CLUSTERS, account(1), REGION)
    assert len(aws.sent) == 1


@pytest.mark.parametrize(
    ("other", "region", "operation"),
    [(2, REGION, LIST_CLUSTERS), (1, "eu-west-1", LIST_CLUSTERS), (1, REGION, DESCRIBE_REGIONS)],
    ids=["another account", "another region", "another service"],
)
def test_a_pause_holds_nobody_else_up(other: int, region: str, operation: Operation) -> None:
    pauses: list[float] = []
    slow = in_order(THROTTLED, {"clusterArns": []})

    def clusters(sent: Sent) -> Any:
        return slow(sent) if (sent.access_key, sent.region) == ("KEY1", REGION) else {"clusterArns": []}

    aws = CannedAws({"ListClusters": clusters, "DescribeRegions": {"regionInfo": []}})
    door = gateway(aws, pauses.append)
    door.call(LIST_CLUSTERS, account(1), REGION)
    assert len(pauses) == 1
    door.call(operation, account(other), region)
    assert len(pauses) == 1


def test_while_one_account_waits_another_is_served() -> None:
    """The pause of the throttled account lasts until the other one has all its answers."""
    served = threading.Event()
    slow = in_order(THROTTLED, {"clusterArns": ["slow"]})
    aws = CannedAws({"ListClusters": lambda sent: slow(sent) if sent.access_key == "KEY1" else {"clusterArns": ["quick"]}})

    def sleep(_: float) -> None:
        assert served.wait(timeout=30), "the other account was not served meanwhile"

    door = gateway(aws, sleep)
    answers: list[Any] = []
    waiting = threading.Thread(target=lambda: answers.extend(door.pages(LIST_CLUSTERS, account(1), REGION)))
    waiting.start()
    for _ in range(20):
        assert list(door.pages(LIST_CLUSTERS, account(2), REGION)) == ["quick"]
    assert answers == []
    served.set()
    waiting.join()
    assert answers == ["slow"]


@pytest.fixture(scope="module")
def shared() -> tuple[CannedAws, Gateway]:
    aws = CannedAws()
    return aws, gateway(aws)


@given(st.lists(st.integers(min_value=0, max_value=4), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_pages_give_every_item_once_and_in_order(shared: tuple[CannedAws, Gateway], sizes: list[int]) -> None:
    def page(sent: Sent) -> Any:
        number = int(sent.parameters.get("nextToken", 0))
        following = {"nextToken": str(number + 1)} if number + 1 < len(sizes) else {}
        return {"clusterArns": [f"{number}.{item}" for item in range(sizes[number])], **following}

    aws, door = shared
    aws.answers["ListClusters"] = page
    aws.sent.clear()
    expected = [f"{number}.{item}" for number, size in enumerate(sizes) for item in range(size)]
    assert list(door.pages(LIST_CLUSTERS, account(1), REGION)) == expected
    assert len(aws.sent) == len(sizes)


def test_iam_pages_by_marker() -> None:
    def page(sent: Sent) -> Any:
        name = "b" if sent.parameters.get("Marker") == "m" else "a"
        role = {"RoleName": name, "RoleId": "AROA", "Arn": "arn", "Path": "/", "CreateDate": "2027-03-01T00:00:00Z"}
        return {"Roles": [role], "IsTruncated": "true", **({"Marker": "m"} if name == "a" else {})}

    names = [role["RoleName"] for role in gateway(CannedAws({"ListRoles": page})).pages(LIST_ROLES, account(1), REGION)]
    assert names == ["a", "b"]


def test_what_the_api_does_not_page_is_one_call() -> None:
    aws = CannedAws({"DescribeRegions": {"regionInfo": [{"regionName": "us-east-1"}, {"regionName": "eu-west-1"}]}})
    regions = [region["RegionName"] for region in gateway(aws).pages(DESCRIBE_REGIONS, account(1), REGION)]
    assert regions == ["us-east-1", "eu-west-1"]
    assert len(aws.sent) == 1


def test_a_page_that_fails_comes_after_the_items_before_it() -> None:
    refusal = Refusal("AccessDeniedException", "not this one")
    aws = CannedAws({"ListClusters": in_order({"clusterArns": ["a", "b"], "nextToken": "2"}, refusal)})
    seen: list[str] = []

    with pytest.raises(AwsFailure, match="not this one"):
        seen.extend(gateway(aws).pages(LIST_CLUSTERS, account(1), REGION))
    assert seen == ["a", "b"]


@pytest.mark.parametrize("tokens", [["x", "x"], ["x", "y", "x"], ["x", "y", "z", "y"]])
def test_a_token_that_comes_again_ends_the_listing(tokens: list[str]) -> None:
    aws = CannedAws({"ListClusters": in_order(*({"clusterArns": [token], "nextToken": token} for token in tokens))})

    with pytest.raises(AwsFailure, match="RepeatedToken"):
        list(gateway(aws).pages(LIST_CLUSTERS, account(1), REGION))
    assert len(aws.sent) == len(tokens)


@pytest.mark.parametrize(
    ("operation", "service_answer", "count", "sizes"),
    [
        (DESCRIBE_CLUSTERS, {"clusters": []}, 0, []),
        (DESCRIBE_CLUSTERS, {"clusters": []}, 1, [1]),
        (DESCRIBE_CLUSTERS, {"clusters": []}, 100, [100]),
        (DESCRIBE_CLUSTERS, {"clusters": []}, 101, [100, 1]),
        (DESCRIBE_SERVICES, {"services": []}, 25, [10, 10, 5]),
    ],
)
def test_batches_hold_what_one_call_may_carry(operation: Operation, service_answer: Any, count: int, sizes: list[int]) -> None:
    aws = CannedAws({operation.name: service_answer})
    names = [f"name{number}" for number in range(count)]
    member = operation.batch[0] if operation.batch else ""

    answers = list(gateway(aws).batches(operation, account(1), REGION, names))
    assert len(answers) == len(sizes)
    assert [len(sent.parameters[member]) for sent in aws.sent] == sizes
    assert [name for sent in aws.sent for name in sent.parameters[member]] == names


def test_batches_of_a_query_service_are_its_lists() -> None:
    aws = CannedAws({"DescribeAutoScalingGroups": {"AutoScalingGroups": []}})
    list(gateway(aws).batches(DESCRIBE_AUTO_SCALING_GROUPS, account(1), REGION, [f"g{number}" for number in range(60)]))
    assert [sum("AutoScalingGroupNames" in name for name in sent.parameters) for sent in aws.sent] == [50, 10]


def test_an_operation_without_names_has_no_batches() -> None:
    with pytest.raises(TypeError, match="ListClusters takes no list of names"):
        list(gateway(CannedAws()).batches(LIST_CLUSTERS, account(1), REGION, ["a"]))


def test_a_connection_that_fails_is_tried_again_and_translated() -> None:
    """pytest-socket lets loopback through: nothing listens on port 1."""
    pauses: list[float] = []
    door = Gateway(AwsAccess(endpoint_url="http://127.0.0.1:1", connect_timeout=1), sleep=pauses.append)
    with pytest.raises(AwsFailure, match=r"^sts:GetCallerIdentity: EndpointConnectionError: Could not connect") as caught:
        door.call(GET_CALLER_IDENTITY, account(1), REGION)
    assert caught.value.kind is FailureKind.TRANSIENT
    assert len(pauses) == 5


@pytest.mark.parametrize("region", ["US East (N. Virginia)", "us east", "", "a" * 70])
def test_a_region_that_is_none_is_a_failure_and_no_crash(region: str) -> None:
    with pytest.raises(AwsFailure) as caught:
        gateway(CannedAws(), pytest.fail).call(LIST_CLUSTERS, account(1), region)
    assert caught.value.kind is FailureKind.UNSENT


@pytest.mark.parametrize(
    ("answer", "parameters"),
    [
        (Refusal("ValidationError", "Value 'the-external-id' at 'externalId' failed to satisfy constraint", 400), {}),
        (Refusal("AccessDenied", "secret1 and the-token and the-external-id", 403), {}),
        (Refusal("InternalFailure", "the-external-id", 500), {}),
        ({}, {"ExternalId": 5}),  # botocore's own ParamValidationError quotes what it was given
        ({}, {"ExternalId": ["the-external-id"]}),
        ({}, {"DurationSeconds": "the-external-id"}),
    ],
)
def test_no_failure_tells_a_secret(answer: Any, parameters: dict[str, Any]) -> None:
    sent = {
        "RoleArn": "arn:aws:iam::100000000002:role/Managed",
        "RoleSessionName": "Spinnaker",
        "ExternalId": "the-external-id",
        **parameters,
    }
    with pytest.raises(AwsFailure) as caught:
        gateway(CannedAws({"AssumeRole": answer})).call(ASSUME_ROLE, account(1), REGION, secrets=("the-external-id",), **sent)
    failure = caught.value
    for secret in ("the-external-id", "secret1", "the-token"):
        assert secret not in f"{failure} {failure.message} {failure.said} {failure!r}"
    assert failure.__cause__ is None
    assert failure.__suppress_context__
