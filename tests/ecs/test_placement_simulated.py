"""The same answers another way: copies are started one by one, and the instances described anew after each."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.ecs.placement import place
from tests.ecs.builders import DISTINCT, container, instance, member_of, running, subnet, task

GROUP = "service:web"


class Simulation:
    """A cluster that subtracts what a copy takes, by the numbers of the test and not by the code under test."""

    def __init__(self, instances: list[dict[str, Any]], addresses: dict[str, int]) -> None:
        self.instances = instances
        self.tasks: list[dict[str, Any]] = []
        self.addresses = addresses

    def subnets(self) -> list[dict[str, Any]]:
        return [subnet(zone, free) for zone, free in self.addresses.items()]

    def start(self, number: int, copy: dict[str, Any]) -> None:
        started = self.instances[number]
        taken = {"CPU": copy["cpu"], "MEMORY": copy["memory"]}
        for resource in started["remainingResources"]:
            if resource["name"] in taken:
                resource["integerValue"] -= taken[resource["name"]]
            if resource["name"] == "PORTS":
                resource["stringSetValue"] += [str(port) for port in copy["tcp"]]
            if resource["name"] == "PORTS_UDP":
                resource["stringSetValue"] += [str(port) for port in copy["udp"]]
            if resource["name"] == "GPU":
                del resource["stringSetValue"][: copy["gpus"]]
        name = started["containerInstanceArn"].rpartition("/")[2]
        self.tasks.append(running(name, GROUP, interface="ATTACHED" if copy["awsvpc"] else None))
        if copy["awsvpc"]:
            zone = next(item["value"] for item in started["attributes"] if item["name"] == "ecs.availability-zone")
            self.addresses[zone] -= 1


@st.composite
def copies(draw: st.DrawFn) -> dict[str, Any]:
    mode = draw(st.sampled_from(["bridge", "host", "awsvpc"]))
    tcp = draw(st.sets(st.sampled_from([80, 8080]), max_size=2)) if mode != "awsvpc" else set()
    udp = draw(st.sets(st.sampled_from([53]), max_size=1)) if mode != "awsvpc" else set()
    return {
        "cpu": draw(st.sampled_from([0, 10, 256, 700])),
        "memory": draw(st.sampled_from([100, 512, 900])),
        "gpus": draw(st.sampled_from([0, 0, 1, 2])),
        "tcp": tcp,
        "udp": udp,
        "awsvpc": mode == "awsvpc",
        "mode": mode,
    }


def definition(copy: dict[str, Any]) -> dict[str, Any]:
    tcp = [{"containerPort": port, "hostPort": port} for port in sorted(copy["tcp"])]
    udp = [{"containerPort": port, "hostPort": port, "protocol": "udp"} for port in sorted(copy["udp"])]
    wishes = [{"type": "GPU", "value": str(copy["gpus"])}] if copy["gpus"] else []
    one = container(copy["cpu"], copy["memory"], portMappings=tcp + udp, resourceRequirements=wishes)
    return task(one, networkMode=copy["mode"])


@st.composite
def clusters(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        instance(
            f"i{number}",
            draw(st.integers(0, 2048)),
            draw(st.integers(0, 3000)),
            ports=draw(st.sampled_from([[], [80], [8080], [*range(40000, 40094)]])),
            udp=draw(st.sampled_from([[], [53]])),
            gpus=draw(st.sampled_from([None, ["g1"], ["g1", "g2", "g3"]])),
            zone=draw(st.sampled_from(["us-east-1a", "us-east-1b"])),
            kind=draw(st.sampled_from(["m5.large", "m5.xlarge"])),
            attributes={"stack": draw(st.sampled_from(["prod", "dev"]))},
            status=draw(st.sampled_from(["ACTIVE", "ACTIVE", "ACTIVE", "DRAINING"])),
        )
        for number in range(draw(st.integers(1, 4)))
    ]


@given(
    copies(),
    clusters(),
    st.sampled_from([[], [DISTINCT], [member_of("attribute:stack != prod")], [member_of(f"not(task:group == {GROUP})")]]),
    st.sampled_from([{"us-east-1a": 100, "us-east-1b": 100}, {"us-east-1a": 2, "us-east-1b": 1}, {"us-east-1a": 0}]),
)
@settings(max_examples=150, deadline=None)
def test_copies_started_one_by_one_end_where_place_says(
    copy: dict[str, Any], instances: list[dict[str, Any]], constraints: list[dict[str, str]], addresses: dict[str, int]
) -> None:
    simulation = Simulation(instances, dict(addresses))

    def look() -> Any:
        return place(
            definition(copy),
            10_000,
            on=simulation.instances,
            running_tasks=simulation.tasks,
            subnets=simulation.subnets(),
            constraints=constraints,
            group=GROUP,
        )

    first = now = look()
    started = 0
    while len(now.ineligible) < len(instances):
        number = next(n for n, item in enumerate(instances) if item["containerInstanceArn"] not in now.ineligible)
        simulation.start(number, copy)
        started += 1
        now = look()
    assert started == first.max_placeable == first.at_least
    assert dict(now.ineligible) == dict(first.blocking)
