"""What placement says, word for word: refusals, warnings, and what is not known."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.placement import place
from ecs_preflight.errors import UsageError
from tests.ecs.builders import DISTINCT, arn, container, instance, member_of, running, simple, task, with_gpus

ANY = member_of("attribute:a exists")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"on": [instance(), instance()]}, "A container instance is given twice: each ARN may come once."),
        ({"count": -1}, "The number of copies is -1: expected 0 or more."),
        ({"launch_type": "ec2"}, "There is no launch type 'ec2': use one of EC2, EXTERNAL, FARGATE, MANAGED_INSTANCES."),
        (
            {"task": simple(placementConstraints=[DISTINCT])},
            "The task definition 'web' has the placement constraint distinctInstance.\n"
            "  A task definition takes memberOf only: give distinctInstance to the service.",
        ),
        (
            {"constraints": [DISTINCT | {"expression": ""}]},
            "The placement constraint distinctInstance takes no expression, not even an empty one.",
        ),
        ({"constraints": [{"type": "memberOf"}]}, "The placement constraint memberOf has no expression."),
        (
            {"constraints": [{"type": "nearBy", "expression": "x"}]},
            "There is no placement constraint 'nearBy', only memberOf and distinctInstance.",
        ),
        ({"constraints": [ANY] * 11}, "11 placement constraints: ECS takes 10 in all."),
        ({"strategy": [{"type": "random"}] * 6}, "6 placement strategies: ECS takes 5 of them."),
        ({"strategy": [{"type": "first"}]}, "There is no placement strategy 'first': use random, spread or binpack."),
        ({"strategy": [{"type": "binpack", "field": "x"}]}, "binpack takes the field cpu or memory, not 'x'."),
        (
            {"strategy": [{"type": "spread", "field": "x"}]},
            "spread takes the field instanceId, host or attribute:NAME, not 'x'.",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError) as refused:
        place(**{"task": simple(), "count": 1, "on": [instance()], **arguments})
    assert str(refused.value) == message


def test_as_many_as_ecs_takes_are_taken() -> None:
    placement = place(
        simple(), 1, on=[instance(attributes={"a": None})], constraints=[ANY] * 10, strategy=[{"type": "random"}] * 5
    )
    assert placement.placed == 1


REVERSED = instance(gpus=["g1"], registered_gpus=["g1", "g2"], runningTasksCount=1)


@pytest.mark.parametrize(
    ("definition", "on", "said"),
    [
        (
            simple(),
            [instance(agentConnected=False)],
            "has an agent that is not connected; if that lasts longer than a minute, it is down.",
        ),
        (simple(), [instance(agentConnected=False, status="DRAINING")], ""),
        (
            simple(),
            [instance(agentConnected=False), instance("b", agentConnected=False)],
            "has an agent that is not connected; if that lasts longer than a minute, it is down (and 1 more).",
        ),
        (
            simple(),
            [instance(healthStatus={"overallStatus": "IMPAIRED"})],
            "is IMPAIRED, which bars no task but may stop one.",
        ),
        (simple(), [instance(healthStatus={"overallStatus": "IMPAIRED"}, status="DRAINING")], ""),
        (
            with_gpus(1),
            [REVERSED],
            "lists GPUs of running tasks as remaining: its other registered GPUs are taken to be the free ones.",
        ),
        (simple(), [REVERSED], ""),
        (
            simple(runtimePlatform={"cpuArchitecture": "ARM64"}),
            [instance()],
            "is not the ARM64 that the images are built for, and nothing says that ECS minds.",
        ),
        (simple(runtimePlatform={"cpuArchitecture": "ARM64"}), [instance(status="DRAINING")], ""),
        (simple(runtimePlatform={"cpuArchitecture": "ARM64"}), [instance(without=["ecs.cpu-architecture"])], ""),
        (simple(runtimePlatform={"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"}), [instance()], ""),
        (simple(runtimePlatform={"operatingSystemFamily": "LINUX"}), [instance(without=["ecs.os-type"])], ""),
        (
            simple(runtimePlatform={"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "X86_64"}),
            [instance("b", attributes={"ecs.os-type": "windows"}), instance()],
            "is not the WINDOWS_SERVER_2022_CORE X86_64 that the images are built for, and nothing says that ECS minds.",
        ),
    ],
)
def test_warnings(definition: dict[str, Any], on: list[dict[str, Any]], said: str) -> None:
    placement = place(definition, 1, on=on, running_tasks=[running("a", gpu_ids=["g1"])])
    assert placement.warnings == ((f"{arn('a')} {said}",) if said else ())


RANGE, RESTART = "ecs.capability.network.container-port-range", "ecs.capability.container-restart-policy"


def test_each_set_of_likely_attributes_that_is_lacking_is_said_once() -> None:
    definition = task(container(1024, 10, portMappings=[{"containerPortRange": "8000-8010"}], restartPolicy={"enabled": True}))
    on = [
        instance("none"),
        instance("one", attributes={RANGE: None}),
        instance("both", attributes={RANGE: None, RESTART: None}),
        instance("neither"),
    ]
    placement = place(definition, 9, on=on)
    assert (placement.max_placeable, placement.at_least) == (8, 2)
    assert placement.unknowns == (
        f"On {arn('one')}: it lacks {RESTART}, which the task is likely to require.",
        f"On {arn('none')} and 1 more: it lacks {RESTART}, {RANGE}, which the task is likely to require.",
    )


def test_sets_of_likely_attributes_are_said_in_the_order_of_their_names() -> None:
    definition = task(container(portMappings=[{"containerPortRange": "8000-8010"}], restartPolicy={"enabled": True}))
    placement = place(definition, 9, on=[instance("a", attributes={RESTART: None}), instance("b")])
    assert placement.unknowns == (
        f"On {arn('b')}: it lacks {RESTART}, {RANGE}, which the task is likely to require.",
        f"On {arn('a')}: it lacks {RANGE}, which the task is likely to require.",
    )


def test_wishes_that_no_rule_counts_are_said_together() -> None:
    sharing = {"type": "GPU", "value": "1", "sharingStrategy": {"nvidiaMps": {"memory": 1}}}
    definition = task(container(10, 10, resourceRequirements=[sharing, {"type": "NeuronDevice", "value": "ALL"}]))
    assert place(definition, 1, on=[instance()]).unknowns == (
        f"On {arn('a')}: container 'app' asks for a share of 1 GPU; container 'app' asks for ALL NeuronDevice: "
        "no published rule counts that.",
    )
