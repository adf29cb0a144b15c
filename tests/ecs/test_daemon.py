"""One daemon on every ACTIVE instance that the constraints match.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
"""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.ecs.daemon import daemon_demand
from tests.ecs.builders import DISTINCT, EXTERNAL, arn, instance, member_of, publishing, running, simple, subnet
from tests.ecs.test_placement_resources import codes

M5 = [member_of("attribute:ecs.instance-type =~ m5.*")]
HTTP = publishing({"containerPort": 80, "hostPort": 80})
TWO = [instance("a"), instance("b")]
AWSVPC = simple(10, 10, networkMode="awsvpc", requiresAttributes=[])


Counted = tuple[int, int, int, dict[str, str]]


def demand(on: list[dict[str, Any]], definition: dict[str, Any] | None = None, **rest: Any) -> Counted:
    found = daemon_demand(definition or simple(10, 10), on, group="service:agent", **{"running_tasks": [], **rest})
    return found.target_instances, found.running, found.new_tasks, codes(found.failures)


@pytest.mark.parametrize(
    ("on", "rest", "expected"),
    [
        ([], {}, (0, 0, 0, {})),
        (TWO, {}, (2, 0, 2, {})),
        (TWO, {"running_tasks": [running("a", "service:agent")]}, (2, 1, 1, {})),
        (TWO, {"running_tasks": [running("a", "service:other")]}, (2, 0, 2, {})),
        (TWO, {"running_tasks": [running("a", "service:agent", desired="STOPPED")]}, (2, 0, 2, {})),
        ([instance("a"), instance("b", status="DRAINING")], {}, (1, 0, 1, {})),
        ([instance("a"), instance("b", cpu=5)], {}, (2, 0, 1, {"b": "CPU"})),
        ([instance("a"), instance("b", agentConnected=False)], {}, (2, 0, 1, {"b": "AGENT"})),
        ([instance("a"), instance("b", attributes=EXTERNAL)], {}, (1, 0, 1, {})),
        (
            [instance("a", kind="t3.small"), instance("b")],
            {"constraints": M5},
            (1, 0, 1, {}),
        ),
        ([instance("a", capacityProviderName="cp-a"), instance("b")], {"capacity_provider": "cp-a"}, (1, 0, 1, {})),
        (
            [instance("a", ports=[80])],
            {"definition": HTTP},
            (1, 0, 0, {"a": "PORTS"}),
        ),
        (TWO, {"definition": simple(10, 10, networkMode="awsvpc"), "subnets": [subnet("us-east-1a", 1)]}, (2, 0, 1, {})),
    ],
)
def test_daemons(on: list[dict[str, Any]], rest: dict[str, Any], expected: Counted) -> None:
    assert demand(on, **rest) == expected


def test_tasks_that_were_not_read_may_be_the_daemon() -> None:
    found = daemon_demand(simple(10, 10), [instance("a", runningTasksCount=1), instance("b")], group="service:agent")
    assert (found.target_instances, found.running, found.new_tasks) == (2, 0, 2)
    assert found.unknowns == ("Whether the daemon runs already on 1 of its instances was not read.",)


@pytest.mark.parametrize(
    ("on", "rest", "expected"),
    [
        # What stops the first copy is a failure, what stops the second is not.
        ([instance("a", cpu=10)], {}, (1, 0, 1, {})),
        ([instance("a")], {"definition": HTTP}, (1, 0, 1, {})),
        # Each of the circumstances counts.
        ([instance("a", attributes=EXTERNAL)], {"launch_type": "EXTERNAL"}, (1, 0, 1, {})),
        (TWO, {"capacity_provider": "cp-a"}, (0, 0, 0, {})),
        (TWO, {"definition": simple(0, 0)}, (2, 0, 2, {})),
        # The daemon's own task, not there yet, keeps only a second one away.
        (TWO, {"constraints": [member_of("not(task:group == service:agent)")]}, (2, 0, 2, {})),
        (TWO, {"definition": AWSVPC, "subnets": [subnet("us-east-1b", 1)]}, (2, 0, 0, {"a": "LOCATION", "b": "LOCATION"})),
        (
            [instance("a", kind="x9.large")],
            {"definition": AWSVPC, "instance_types": {"x9.large": {"MaximumNetworkInterfaces": 1}}},
            (1, 0, 0, {"a": "ENI"}),
        ),
        (
            TWO,
            {"definition": AWSVPC, "running_tasks": [running("b", "service:x", interface="ATTACHED")] * 2},
            (2, 0, 1, {"b": "ENI"}),
        ),
    ],
)
def test_daemons_in_all_circumstances(on: list[dict[str, Any]], rest: dict[str, Any], expected: Counted) -> None:
    assert demand(on, **rest) == expected


def test_a_doubt_about_the_group_names_it() -> None:
    found = daemon_demand(simple(10, 10), [instance(runningTasksCount=1)], group="service:agent", constraints=[DISTINCT])
    assert found.unknowns == (
        f"On {arn('a')}: whether a task of service:agent runs there already was not read.",
        "Whether the daemon runs already on 1 of its instances was not read.",
    )


def test_what_was_not_read_of_the_lacking_instances_is_said() -> None:
    on = [instance("a", kind="m5.xlarge", runningTasksCount=3), instance("b", kind="m5.xlarge", status="DRAINING")]
    found = daemon_demand(AWSVPC, on, group="service:agent", subnets=[subnet("us-east-1a", None)])
    assert found.unknowns == (
        f"On {arn('a')}: which tasks hold network interfaces was not read.",
        "The free addresses of the subnets in us-east-1a were not read.",
        "Whether the daemon runs already on 1 of its instances was not read.",
    )
    assert daemon_demand(simple(10, 10), TWO, group="service:agent").unknowns == ()
    enough = [instance("a", kind="m5.xlarge", runningTasksCount=1)]
    said = "Whether the daemon runs already on 1 of its instances was not read."
    assert daemon_demand(AWSVPC, enough, group="service:agent").unknowns == (said,)
