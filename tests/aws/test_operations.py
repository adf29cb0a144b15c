"""The table of operations against botocore's own models."""

from __future__ import annotations

import botocore.session
import pytest
from botocore import xform_name

from ecs_preflight.aws.operations import (
    ALL_OPERATIONS,
    DESCRIBE_CAPACITY_PROVIDERS,
    DESCRIBE_CONTAINER_INSTANCES,
    DESCRIBE_SERVICES,
    OPERATION_OF_ACTION,
    Operation,
)
from ecs_preflight.questions import ALL_KINDS

_SESSION = botocore.session.Session()
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_elasticloadbalancingv2.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_servicequotas.html
_PREFIXES = {"elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing", "service-quotas": "servicequotas"}


@pytest.mark.parametrize("operation", ALL_OPERATIONS, ids=lambda operation: operation.action)
def test_a_row_says_what_botocore_says(operation: Operation) -> None:
    service = _SESSION.get_service_model(operation.service)
    model = service.operation_model(operation.name)

    assert operation.method == xform_name(operation.name)
    assert operation.action == f"{_PREFIXES.get(operation.service, operation.service)}:{operation.name}"
    if operation.items:
        assert model.output_shape.members[operation.items].type_name == "list"
    if operation.token:
        sent, received = operation.token
        assert sent in model.input_shape.members
        assert received in model.output_shape.members
    if operation.batch:
        assert model.input_shape.members[operation.batch[0]].type_name == "list"


@pytest.mark.parametrize("operation", [operation for operation in ALL_OPERATIONS if operation.items and not operation.batch])
def test_a_listing_that_botocore_pages_is_paged(operation: Operation) -> None:
    pages = _SESSION.get_paginator_model(operation.service)._paginator_config.get(operation.name)
    if operation.name == "DescribeRegions":  # not paged by the API
        assert operation.token is None
    else:
        assert operation.token == (pages["input_token"], pages["output_token"])
        assert operation.items == pages["result_key"]


@pytest.mark.parametrize(
    ("operation", "size"),
    [
        (DESCRIBE_CONTAINER_INSTANCES, 100),  # API_DescribeContainerInstances: "up to 100 container instance IDs"
        (DESCRIBE_SERVICES, 10),  # API_DescribeServices: "You may specify up to 10 services"
        (DESCRIBE_CAPACITY_PROVIDERS, 10),  # API_DescribeCapacityProviders: 100 names, but 10 a page by default
    ],
)
def test_batches_are_as_large_as_the_api_takes(operation: Operation, size: int) -> None:
    assert operation.batch
    assert operation.batch[1] == size


def test_every_action_that_a_question_takes_is_in_the_table() -> None:
    named = {action for kind in ALL_KINDS for action in (*kind.actions, *kind.optional_actions)}
    assert named <= set(OPERATION_OF_ACTION)
    assert len(OPERATION_OF_ACTION) == len(ALL_OPERATIONS)
