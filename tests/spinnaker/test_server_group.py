"""What a server group comes to: its region, whether it runs on Fargate, Deck's words for none."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.opaque import Opaque
from tests.spinnaker.server_groups import a_group, an_artifact_group


@pytest.mark.parametrize(
    ("zones", "region"),
    [
        ({"us-east-1": ["us-east-1a"]}, "us-east-1"),
        ({"eu-west-1": [], "us-east-1": []}, "eu-west-1"),
        ({}, None),
        (None, None),
        ("${zones}", Opaque("${zones}")),
        ({"${parameters.region}": []}, Opaque("${parameters.region}")),
    ],
)
def test_the_region_is_the_first_of_the_zones(zones: Any, region: Any) -> None:
    assert a_group(availabilityZones=zones).region == region


@pytest.mark.parametrize(
    ("changed", "fargate"),
    [
        ({}, False),
        ({"launchType": "FARGATE"}, True),
        ({"launchType": "fargate"}, False),
        ({"launchType": None, "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]}, True),
        ({"launchType": None, "capacityProviderStrategy": [{"capacityProvider": "large", "weight": 1}]}, False),
        ({"launchType": "${parameters.where}"}, None),
        ({"launchType": None, "capacityProviderStrategy": "${parameters.strategy}"}, None),
        ({"launchType": None, "capacityProviderStrategy": [{"capacityProvider": "${x}"}]}, None),
    ],
)
def test_fargate_is_a_launch_type_or_a_provider(changed: dict[str, Any], fargate: bool | None) -> None:
    assert a_group(**changed).runs_on_fargate is fargate


def test_decks_words_for_none_are_none() -> None:
    group = a_group(iamRole="None (No IAM role)", dockerImageCredentialsSecret="None (No registry credentials)", logDriver="None")
    assert (group.task_role, group.registry_secret, group.log_driver_in_force) == (None, None, None)
    # Each in its own field: https://github.com/spinnaker/clouddriver, CreateServerGroupAtomicOperation.java
    assert a_group(iamRole="None").task_role == "None"


def test_an_artifact_speaks_for_itself() -> None:
    group = an_artifact_group(iamRole="web", dockerImageCredentialsSecret="secret", logDriver="awslogs")
    assert (group.task_role, group.registry_secret, group.log_driver_in_force) == (None, None, None)


@pytest.mark.parametrize(
    ("changed", "takes"),
    [
        ({}, False),
        ({"useSourceCapacity": True}, True),
        ({"useSourceCapacity": False, "source": {"useSourceCapacity": True}}, False),
        ({"source": {"asgName": "shop-v001", "useSourceCapacity": True}}, True),
        ({"useSourceCapacity": "${parameters.keep}"}, Opaque("${parameters.keep}")),
    ],
)
def test_the_capacity_may_be_that_of_the_server_group_before(changed: dict[str, Any], takes: Any) -> None:
    assert a_group(**changed).takes_capacity_of_source == takes
