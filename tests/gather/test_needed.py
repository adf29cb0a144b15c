"""Answers about images, log groups and secrets: what is missing is absent, what was refused is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ecs_preflight.aws.failures import AwsFailure
from ecs_preflight.deploy_questions import Image, LogGroup, RegistrySecret
from ecs_preflight.deploy_questions import image as image_question
from ecs_preflight.deploy_questions import log_group as log_group_question
from ecs_preflight.deploy_questions import registry_secret as registry_secret_question
from ecs_preflight.facts import Absent, Known
from ecs_preflight.gather.needed import image, log_group, registry_secret
from tests.aws.canned import CannedAws, Refusal
from tests.checks.cluster_facts import ACCOUNT, REGION
from tests.gather.test_clusters import DENIED, E_SESSION, desk

DIGEST = f"sha256:{'0' * 64}"


def asked_for_image(answer: Any, named: str = "7") -> tuple[Any, Any]:
    aws = CannedAws({"DescribeImages": answer})
    fact = image(desk(aws), E_SESSION, image_question(ACCOUNT, REGION, "100000000002", "shop/web", named))
    return fact, aws.of("DescribeImages")[0].parameters


def asked_for_group(*names: str) -> Any:
    aws = CannedAws({"DescribeLogGroups": {"logGroups": [{"logGroupName": name} for name in names]}})
    return log_group(desk(aws), E_SESSION, log_group_question(ACCOUNT, REGION, "/web"))


def asked_for_secret(answer: Any) -> Any:
    return registry_secret(
        desk(CannedAws({"DescribeSecret": answer})), E_SESSION, registry_secret_question(ACCOUNT, REGION, "registry")
    )


@pytest.mark.parametrize(("named", "key"), [("7", "imageTag"), (DIGEST, "imageDigest")])
def test_an_image_is_asked_for_in_its_registry(named: str, key: str) -> None:
    fact, sent = asked_for_image({"imageDetails": [{}]}, named)
    assert fact == Known(Image("100000000002", "shop/web", named))
    assert sent == {"registryId": "100000000002", "repositoryName": "shop/web", "imageIds": [{key: named}]}


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("RepositoryNotFoundException", "there is no repository 'shop/web' in registry 100000000002"),
        ("ImageNotFoundException", "repository 'shop/web' of registry 100000000002 in us-east-1 has no image '7'"),
    ],
)
def test_what_of_an_image_is_missing_is_told_apart(code: str, why: str) -> None:
    fact, _ = asked_for_image(Refusal(code))
    assert isinstance(fact, Absent)
    assert fact.why.startswith(why)


def test_a_log_group_is_one_of_the_whole_name() -> None:
    assert asked_for_group("/web", "/web/access") == Known(LogGroup("/web"))
    assert isinstance(asked_for_group("/web/access"), Absent)
    assert isinstance(asked_for_group(), Absent)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Refusal("ResourceNotFoundException"), "there is no secret 'registry'"),
        ({"Name": "registry", "ARN": "arn:x", "DeletedDate": 1_700_000_000}, "the secret 'registry' is to be deleted"),
    ],
)
def test_a_secret_that_cannot_be_read_is_absent(answer: Any, why: str) -> None:
    fact = asked_for_secret(answer)
    assert isinstance(fact, Absent)
    assert fact.why.startswith(why)


def test_a_secret_is_known_by_its_name() -> None:
    assert asked_for_secret({"Name": "registry", "ARN": "arn:x"}) == Known(RegistrySecret("registry", "arn:x"))


@pytest.mark.parametrize("ask", [lambda: asked_for_image(DENIED), lambda: asked_for_secret(DENIED)])
def test_what_was_denied_is_no_absence(ask: Callable[[], Any]) -> None:
    with pytest.raises(AwsFailure):
        ask()
