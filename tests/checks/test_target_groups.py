"""NETWORK004: target groups that a service can be registered with."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.facts import Absent, Unknown
from ecs_preflight.findings import CheckResult, Outcome
from ecs_preflight.network_questions import TargetGroup
from tests.checks.cluster_facts import a_config, a_workload, asked, assert_not_green_by_ignorance, judged
from tests.checks.network_facts import BOTH, a_target_group, deploying, subnets_fact, target_group_fact

MAPPED = {"targetGroupMappings": [{"containerPort": 8080, "targetGroup": "web"}]}
BRIDGE = {**MAPPED, "networkMode": "bridge", "launchType": "EC2"}


def seeing(found: TargetGroup | Any, **changed: Any) -> CheckResult:
    return judged("NETWORK004", deploying(**{**MAPPED, **changed}), target_group_fact(found), subnets_fact(*BOTH))


@pytest.mark.parametrize(
    ("found", "changed", "outcome"),
    [
        (a_target_group(), {}, Outcome.PASSED),
        (a_target_group(target_type="instance"), {}, Outcome.FAILED),
        (a_target_group(target_type="instance"), BRIDGE, Outcome.PASSED),
        (a_target_group(), BRIDGE, Outcome.FAILED),
        (a_target_group(target_type="instance", vpc_id="vpc-other"), BRIDGE, Outcome.PASSED),
        (a_target_group(target_type="lambda", vpc_id=""), {}, Outcome.FAILED),
        (a_target_group(vpc_id="vpc-other"), {}, Outcome.FAILED),
        (a_target_group(load_balancer_arns=()), {}, Outcome.FAILED),
        (a_target_group(protocol="UDP"), {}, Outcome.FAILED),
        (a_target_group(protocol="UDP"), {"portProtocol": "udp"}, Outcome.PASSED),
        (a_target_group(protocol="TCP_UDP"), {"portProtocol": "udp"}, Outcome.PASSED),
        (a_target_group(protocol="TCP_UDP"), {}, Outcome.PASSED),
        (a_target_group(protocol="TLS"), {"portProtocol": "udp"}, Outcome.FAILED),
        (Absent("there is none"), {}, Outcome.FAILED),
        (Unknown("elasticloadbalancing:DescribeTargetGroups", "denied"), {}, Outcome.UNDETERMINED),
        (a_target_group(), {"networkMode": "${parameters.mode}", "launchType": "EC2"}, Outcome.UNDETERMINED),
        (a_target_group(), {"subnetTypes": ["${parameters.subnet}"]}, Outcome.UNDETERMINED),
        (a_target_group(), {"targetGroupMappings": [], "targetGroup": "web", "containerPort": 80}, Outcome.PASSED),
        (a_target_group(), {"targetGroupMappings": [{"targetGroup": "${parameters.group}"}]}, Outcome.UNDETERMINED),
        (a_target_group(), {"targetGroupMappings": []}, Outcome.NOT_APPLICABLE),
        (a_target_group(), {"targetGroupMappings": "${parameters.groups}"}, Outcome.UNDETERMINED),
    ],
)
def test_a_target_group_fits_the_tasks(found: Any, changed: dict[str, Any], outcome: Outcome) -> None:
    result = seeing(found, **changed)
    assert (result.outcome, len(result.problems)) == (outcome, int(outcome is Outcome.FAILED))


@pytest.mark.parametrize(
    ("found", "summary", "told"),
    [
        (Absent("there is none"), "there is no target group 'web', which 'web' names", "--name web --target-type ip"),
        (
            a_target_group(target_type="instance"),
            "target group 'web' has target type instance, and awsvpc wants ip",
            "--name web-ip --target-type ip --protocol HTTP",
        ),
        (a_target_group(load_balancer_arns=()), "target group 'web' of 'web' has no load balancer", "targetgroup/web/0f3d"),
        (a_target_group(vpc_id="vpc-x"), "target group 'web' is of another VPC than the subnets of 'web'", "subnets of vpc-x"),
        (a_target_group(protocol="UDP"), "target group 'web' speaks UDP, and container port 8080 tcp", "of protocol TCP"),
    ],
)
def test_what_is_wrong_is_named_with_what_mends_it(found: Any, summary: str, told: str) -> None:
    (problem,) = seeing(found).problems
    assert problem.summary == summary
    assert told in problem.remediation
    assert problem.location is not None


def test_a_name_that_an_expression_decides_hides_no_other() -> None:
    mappings = [{"containerPort": 1, "targetGroup": "web"}, {"containerPort": 2, "targetGroup": "${parameters.group}"}]
    result = seeing(a_target_group(target_type="instance"), targetGroupMappings=mappings)
    assert (result.outcome, result.beside) == (Outcome.FAILED, Outcome.UNDETERMINED)


def test_nothing_is_green_by_ignorance_and_nothing_asked_in_vain() -> None:
    assert_not_green_by_ignorance("NETWORK004", deploying(**MAPPED), target_group_fact(a_target_group()), subnets_fact(*BOTH))
    assert asked("NETWORK004", deploying(**MAPPED)) == {"target-group", "subnets"}
    assert asked("NETWORK004", deploying(**BRIDGE)) == {"target-group"}
    assert asked("NETWORK004", deploying()) == set()
    assert judged("NETWORK004", a_config(workloads=[a_workload()])).outcome is Outcome.NOT_APPLICABLE
    assert judged("NETWORK004", a_config(workloads=[a_workload()], assume_role="nothing")).outcome is Outcome.BLOCKED
