"""Network mode, subnets, security groups, ports, target groups: the validator's rules, and what it forgets."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.rules.network import (
    load_balancing_is_complete,
    network_is_well_chosen,
    service_discovery_is_complete,
)
from tests.spinnaker.rules.broken import codes
from tests.spinnaker.server_groups import GONE, a_group, an_artifact_group

AWSVPC = {"networkMode": "awsvpc", "subnetTypes": ["internal (main)"], "securityGroupNames": ["web"]}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"networkMode": GONE}, []),
        ({"networkMode": "default"}, []),
        ({"networkMode": "AWSVPC"}, ["-"]),
        ({"networkMode": ""}, ["-"]),
        ({"networkMode": "${mode}"}, ["?networkMode"]),
        (AWSVPC, []),
        ({**AWSVPC, "launchType": "FARGATE"}, []),
        ({"launchType": "FARGATE"}, ["-"]),
        ({"launchType": "FARGATE", "networkMode": GONE}, ["-"]),
        ({**AWSVPC, "subnetTypes": []}, ["-"]),
        ({**AWSVPC, "subnetTypes": [], "subnetType": "internal (main)"}, []),
        ({**AWSVPC, "subnetType": "internal (main)"}, ["subnetTypes.invalid"]),
        ({**AWSVPC, "securityGroupNames": GONE}, ["-"]),
        ({**AWSVPC, "securityGroupNames": []}, []),
        ({**AWSVPC, "securityGroupNames": ["sg-0123"]}, ["-"]),
        ({**AWSVPC, "securityGroupNames": "${groups}", "subnetTypes": "${subnets}"}, []),
    ],
)
def test_the_network(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(network_is_well_chosen(a_group(**changed))) == said


TO_WEB = {"containerName": "web", "containerPort": 80, "targetGroup": "web-tg"}


def mapped(**changed: Any) -> dict[str, Any]:
    return {"targetGroupMappings": [{key: value for key, value in {**TO_WEB, **changed}.items() if value is not GONE}]}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"targetGroup": "web-tg", "containerPort": 80}, []),
        ({"targetGroup": "web-tg"}, ["containerPort.not.nullable"]),
        ({"containerPort": 65536}, ["containerPort.invalid"]),
        ({"containerPort": -1}, ["containerPort.invalid"]),
        ({"containerPort": "${port}"}, ["?containerPort"]),
        (mapped(), []),
        (mapped(containerName=GONE), []),
        ({**mapped(), "targetGroup": "web-tg", "containerPort": 80}, ["targetGroup.invalid"]),
        (mapped(containerPort=GONE), ["targetGroupMappings.containerPort.not.nullable"]),
        (mapped(containerPort=70000), ["targetGroupMappings.containerPort.invalid"]),
        (mapped(targetGroup=GONE), ["-"]),
        (mapped(targetGroup="arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1"), ["-"]),
        (mapped(targetGroup="${group}"), ["?targetGroupMappings.0.targetGroup"]),
        ({"targetGroupMappings": "${mappings}"}, ["?targetGroupMappings"]),
        ({"portProtocol": "udp"}, []),
        ({"portProtocol": "TCP"}, ["-"]),
        ({"healthCheckGracePeriodSeconds": 30}, ["-"]),
        ({"healthCheckGracePeriodSeconds": 30, **mapped()}, []),
        ({"healthCheckGracePeriodSeconds": 30, "targetGroupMappings": "${mappings}"}, ["?targetGroupMappings"]),
    ],
)
def test_load_balancing_of_inputs(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(load_balancing_is_complete(a_group(**changed))) == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (mapped(), []),
        (mapped(containerName=GONE), ["targetGroupMappings.containerName.not.nullable"]),
        (mapped(targetGroup=GONE), ["targetGroupMappings.targetGroup.not.nullable"]),
        ({"targetGroup": "web-tg", "containerPort": 80, "loadBalancedContainer": "web"}, []),
        ({"targetGroup": "web-tg", "containerPort": 80}, ["loadBalancedContainer.not.nullable"]),
        ({"loadBalancedContainer": "web"}, ["targetGroup.not.nullable"]),
    ],
)
def test_an_artifact_says_which_container_is_balanced(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(load_balancing_is_complete(an_artifact_group(**changed))) == said


@pytest.mark.parametrize(
    ("association", "said"),
    [
        ({"registry": {"arn": "arn:aws:servicediscovery:us-east-1:1:service/srv-1"}}, []),
        ({"registry": "${registry}"}, []),
        ({"containerPort": 80}, ["serviceDiscoveryAssociations.item.invalid"]),
        ({"registry": {"name": "web"}}, ["-"]),
    ],
)
def test_service_discovery(association: dict[str, Any], said: list[str]) -> None:
    assert codes(service_discovery_is_complete(a_group(serviceDiscoveryAssociations=[association]))) == said
