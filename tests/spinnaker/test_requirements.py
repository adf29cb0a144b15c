from __future__ import annotations

import re

import pytest

from ecs_preflight.spinnaker.requirements import REQUIREMENTS, Caller, Need, Requirement, Session, When, requirements_of
from ecs_preflight.spinnaker.versions import SpinnakerVersion


def actions(*requirements: Requirement) -> set[str]:
    return {requirement.action for requirement in requirements}


# What caching agents and operations of clouddriver-ecs call in every set-up, and what only some deployments need.
CORE = """
ecs:ListClusters ecs:ListServices ecs:DescribeServices ecs:ListTasks ecs:DescribeTasks ecs:ListContainerInstances
ecs:DescribeContainerInstances ecs:DescribeTaskDefinition ecs:ListAccountSettings ecs:RegisterTaskDefinition ecs:CreateService
ecs:UpdateService ecs:DeleteService ecs:DeregisterTaskDefinition ecs:StopTask application-autoscaling:DescribeScalableTargets
application-autoscaling:RegisterScalableTarget cloudwatch:DescribeAlarms ec2:DescribeSubnets ec2:DescribeSecurityGroups
ec2:DescribeVpcs ec2:DescribeInstances elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:DescribeTargetHealth
elasticloadbalancing:DescribeLoadBalancers iam:ListRoles
"""
CONDITIONAL = """
iam:GetRole iam:PassRole ecs:TagResource ecs:DescribeClusters application-autoscaling:DeregisterScalableTarget
application-autoscaling:DescribeScalingPolicies application-autoscaling:PutScalingPolicy cloudwatch:PutMetricAlarm
cloudwatch:DeleteAlarms secretsmanager:ListSecrets servicediscovery:ListServices ecr:ListImages ecr:DescribeImages
iam:CreateServiceLinkedRole
"""


def test_everything_that_the_managed_role_needs_is_there() -> None:
    of_role = actions(*(requirement for requirement in REQUIREMENTS if requirement.session is not Session.MANAGING))
    assert set(CORE.split()) <= of_role
    assert set(CONDITIONAL.split()) <= of_role


def test_the_managing_identity_assumes_roles_and_looks_up_regions() -> None:
    of_managing = actions(*requirements_of(None, session=Session.MANAGING))
    assert {"sts:AssumeRole", "ec2:DescribeRegions", "ec2:DescribeAvailabilityZones"} <= of_managing


def test_every_requirement_is_well_formed() -> None:
    for requirement in REQUIREMENTS:
        assert re.fullmatch(r"[a-z0-9-]+:[A-Z][A-Za-z]+", requirement.action), requirement
        assert requirement.by, requirement
        assert requirement.breaks, requirement
        assert (requirement.need is Need.CONDITIONAL) == (requirement.when is not When.ALWAYS) or requirement.need is Need.NOISE
    assert len(set(REQUIREMENTS)) == len(REQUIREMENTS)
    assert {requirement.caller for requirement in REQUIREMENTS} == set(Caller)
    assert {requirement.need for requirement in REQUIREMENTS} == set(Need)


def test_the_aws_agents_that_ecs_relies_on_run_in_session_a() -> None:
    needed = [
        requirement for requirement in requirements_of(None, session=Session.AWS_ACCOUNT) if requirement.need is not Need.NOISE
    ]
    assert {"ec2:DescribeSubnets", "ec2:DescribeSecurityGroups", "ec2:DescribeInstances"} <= actions(*needed)
    assert "cloudformation:DescribeStacks" not in actions(*needed)


def test_list_account_settings_is_unconditional() -> None:
    (found,) = (requirement for requirement in REQUIREMENTS if requirement.action == "ecs:ListAccountSettings")
    assert (found.need, found.session, found.caller) == (Need.REQUIRED, Session.ECS_ACCOUNT, Caller.OPERATION)


@pytest.mark.parametrize(
    ("version", "legacy", "service_linked"),
    [("1.18.9", True, False), ("1.9.0", True, False), ("1.19.0", False, True), (None, False, True)],
)
def test_roles_are_passed_up_to_1_18_and_service_linked_from_1_19(
    version: str | None, legacy: bool, service_linked: bool
) -> None:
    in_force = requirements_of(SpinnakerVersion.parse(version) if version else None)
    circumstances = {requirement.when for requirement in in_force}
    assert (When.LEGACY_ROLES in circumstances) is legacy
    assert (When.SERVICE_LINKED_ROLES in circumstances) is service_linked


def test_requirements_are_chosen_by_caller() -> None:
    assert {requirement.caller for requirement in requirements_of(None, caller=Caller.SCREEN)} == {Caller.SCREEN}
