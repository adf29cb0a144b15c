"""What holds of every placement."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.ecs.bounds import certain_copies
from ecs_preflight.ecs.instance_table import read_instances
from ecs_preflight.ecs.packing import Load, Packing, Parcel, Stock, first_fit, optimum, solver
from ecs_preflight.ecs.placement import Placement, place
from ecs_preflight.ecs.requirements import TaskRequirements, task_requirements
from ecs_preflight.ecs.tie_breaks import Walk
from ecs_preflight.ecs.workloads import Workload, place_all
from tests.ecs.builders import DISTINCT, container, instance, member_of, running, subnet, task

ZONES = ("us-east-1a", "us-east-1b")


@st.composite
def instances(draw: st.DrawFn, most: int = 5) -> list[dict[str, Any]]:
    return [
        instance(
            f"i{number}",
            draw(st.integers(0, 2048)),
            draw(st.integers(0, 4096)),
            ports=draw(st.sets(st.sampled_from([80, 443, 8080]))),
            udp=draw(st.sets(st.sampled_from([53]))),
            gpus=draw(st.sets(st.sampled_from(["g1", "g2", "g3"]))),
            zone=draw(st.sampled_from(ZONES)),
            kind=draw(st.sampled_from(["m5.large", "m5.xlarge", "x9.large"])),
            attributes={"stack": draw(st.sampled_from(["prod", "dev"]))},
            status=draw(st.sampled_from(["ACTIVE", "ACTIVE", "ACTIVE", "DRAINING"])),
            agentConnected=draw(st.sampled_from([True, True, True, False])),
            runningTasksCount=draw(st.integers(0, 2)),
        )
        for number in range(draw(st.integers(0, most)))
    ]


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    ports = [
        {"containerPort": port, "hostPort": draw(st.sampled_from([0, port])), "protocol": draw(st.sampled_from(["tcp", "udp"]))}
        for port in draw(st.sets(st.sampled_from([53, 80, 9000]), max_size=2))
    ]
    gpus = draw(st.integers(0, 2))
    wishes = [{"type": "GPU", "value": str(gpus)}] if gpus else []
    return task(
        container(draw(st.integers(0, 600)), draw(st.integers(1, 1200)), portMappings=ports, resourceRequirements=wishes),
        networkMode=draw(st.sampled_from(["bridge", "host", "awsvpc"])),
    )


@st.composite
def circumstances(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "constraints": draw(st.sampled_from([[], [DISTINCT], [member_of("attribute:stack != prod")]])),
        "subnets": draw(st.sampled_from([None, [subnet(ZONES[0], 1), subnet(ZONES[1], 50)], [subnet(ZONES[0], None)]])),
        "running_tasks": draw(st.sampled_from([None, []])),
        "group": "service:web",
    }


def numbers(placement: Placement) -> tuple[int, int, Any, Any]:
    return placement.max_placeable, placement.at_least, placement.per_instance, placement.ineligible


@given(definitions(), instances(), circumstances(), st.integers(0, 40))
@settings(max_examples=150, deadline=None)
def test_the_parts_and_the_whole_agree(
    definition: dict[str, Any], on: list[dict[str, Any]], given_: dict[str, Any], count: int
) -> None:
    placement = place(definition, count, on=on, **given_)
    assert 0 <= placement.at_least <= placement.max_placeable <= sum(placement.per_instance.values())
    assert placement.placed == min(count, placement.max_placeable)
    assert placement.per_instance.keys() == {item["containerInstanceArn"] for item in on}
    if definition["networkMode"] != "awsvpc" or given_["subnets"] is None:
        assert placement.max_placeable == sum(placement.per_instance.values())
    for arn, room in placement.per_instance.items():
        assert (room == 0) <= (arn in placement.ineligible)
    if placement.placed < count:
        assert all(placement.blocking[arn] for arn in placement.per_instance)
        assert placement.binding or not on
    assert (placement.at_least < placement.max_placeable) <= bool(placement.unknowns)
    assert all(relaxed >= placement.max_placeable for relaxed in placement.relax.values())


@given(definitions(), instances(), circumstances(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_the_order_of_the_instances_changes_nothing(
    definition: dict[str, Any], on: list[dict[str, Any]], given_: dict[str, Any], random: Any
) -> None:
    shuffled = random.sample(on, len(on))
    assert numbers(place(definition, 9, on=shuffled, **given_)) == numbers(place(definition, 9, on=on, **given_))


@given(definitions(), instances(), circumstances(), st.integers(0, 500), st.integers(0, 500))
@settings(max_examples=80, deadline=None)
def test_more_resources_never_hold_fewer_tasks(
    definition: dict[str, Any], on: list[dict[str, Any]], given_: dict[str, Any], cpu: int, memory: int
) -> None:
    richer = []
    for item in on:
        more = {"CPU": cpu, "MEMORY": memory}
        resources = [
            resource | {"integerValue": resource["integerValue"] + more.get(resource["name"], 0)}
            for resource in item["remainingResources"]
        ]
        richer.append(item | {"remainingResources": resources})
    before, after = place(definition, 99, on=on, **given_), place(definition, 99, on=richer, **given_)
    assert after.max_placeable >= before.max_placeable
    assert after.at_least >= before.at_least


@given(definitions(), instances(), circumstances())
@settings(max_examples=60, deadline=None)
def test_one_more_instance_never_holds_fewer_tasks(
    definition: dict[str, Any], on: list[dict[str, Any]], given_: dict[str, Any]
) -> None:
    more = [*on, instance("extra")]
    assert place(definition, 99, on=more, **given_).max_placeable >= place(definition, 99, on=on, **given_).max_placeable


@given(definitions(), instances(), circumstances())
@settings(max_examples=60, deadline=None)
def test_reading_the_tasks_never_shakes_what_was_certain(
    definition: dict[str, Any], on: list[dict[str, Any]], given_: dict[str, Any]
) -> None:
    blind = place(definition, 99, on=on, **given_ | {"running_tasks": None})
    seeing = place(definition, 99, on=on, **given_ | {"running_tasks": []})
    assert blind.at_least <= seeing.at_least <= seeing.max_placeable <= blind.max_placeable


@given(definitions(), instances(), circumstances(), st.integers(0, 4))
@settings(max_examples=80, deadline=None)
def test_placing_a_copy_and_removing_it_again_changes_nothing(
    definition: dict[str, Any], on: list[dict[str, Any]], given_: dict[str, Any], number: int
) -> None:
    given_ = given_ | {"running_tasks": []}
    before = place(definition, 9, on=on, **given_)
    arns = [arn for arn, room in before.per_instance.items() if room]
    if not arns or before.max_placeable == 0:
        return
    chosen = arns[number % len(arns)]
    needs = task_requirements(definition)
    interface = "ATTACHED" if needs.enis else None
    placed = running(chosen.rpartition("/")[2], "service:web", interface=interface)
    full = [_taking(item, needs) if item["containerInstanceArn"] == chosen else item for item in on]
    during = place(definition, 9, on=full, **given_ | {"running_tasks": [placed]})
    assert during.per_instance[chosen] == before.per_instance[chosen] - 1
    stopped = running(chosen.rpartition("/")[2], "service:web", interface=interface, desired="STOPPED", last="STOPPED")
    after = place(definition, 9, on=on, **given_ | {"running_tasks": [stopped]})
    assert numbers(after) == numbers(before)
    assert after.blocking == before.blocking


def _taking(item: dict[str, Any], needs: TaskRequirements) -> dict[str, Any]:
    """The instance as DescribeContainerInstances has it once one more task is on it."""
    left = []
    for resource in item["remainingResources"]:
        taken = {"CPU": needs.cpu, "MEMORY": needs.memory}.get(resource["name"], 0)
        ports = {"PORTS": needs.ports, "PORTS_UDP": needs.ports_udp}.get(resource["name"], ())
        listed = [*resource.get("stringSetValue", ()), *map(str, ports)]
        kept = listed[needs.gpus :] if resource["name"] == "GPU" else listed
        left.append(resource | {"integerValue": resource["integerValue"] - taken, "stringSetValue": kept})
    return item | {"remainingResources": left, "runningTasksCount": item["runningTasksCount"] + 1}


@st.composite
def packings(draw: st.DrawFn) -> Packing:
    stocks = tuple(
        Stock((draw(st.integers(0, 12)), draw(st.integers(0, 12)), draw(st.integers(0, 2)), 2), 5, draw(st.sampled_from(ZONES)))
        for _ in range(draw(st.integers(1, 3)))
    )
    parcels = []
    for number in range(draw(st.integers(1, 3))):
        sizes = (draw(st.integers(0, 6)), draw(st.integers(1, 6)), draw(st.integers(0, 1)), draw(st.integers(0, 1)))
        ports = draw(st.sampled_from([frozenset(), frozenset({("tcp", 80)}), frozenset({("tcp", 80), ("udp", 53)})]))
        distinct, count = draw(st.booleans()), draw(st.integers(0, 4))
        lone = Parcel("p", count, sizes, ports, "g", distinct, (99,) * len(stocks))
        limit = 1 if ports or distinct else count
        rooms = tuple(int(min(Load(stock).room_for(lone), limit)) for stock in stocks)
        parcels.append(Parcel(f"p{number}", count, sizes, ports, draw(st.sampled_from(["g", "h"])), distinct, rooms))
    return Packing(tuple(parcels), stocks, draw(st.sampled_from([{}, {ZONES[0]: 1.0}])))


@given(packings())
@settings(max_examples=80, deadline=None)
def test_no_way_of_packing_beats_the_optimum_or_falls_below_what_is_certain(packing: Packing) -> None:
    optimize = solver()
    assert optimize is not None
    best = optimum(packing, optimize)
    assert best is not None
    assert all(best[parcel.name] <= parcel.count for parcel in packing.parcels)
    assert sum(first_fit(packing).values()) <= sum(best.values())
    table = read_instances(instance(str(n)) for n in range(len(packing.stocks)))
    walk = Walk(packing, ((),) * len(packing.parcels), table, ({},) * len(table))
    certain = certain_copies(packing)
    for state in walk.ends() or ():
        packed = {parcel.name: sum(held[n] for held in state) for n, parcel in enumerate(packing.parcels)}
        assert sum(packed.values()) <= sum(best.values())
        assert all(certain[name] <= copies for name, copies in packed.items())


_STRATEGIES = st.sampled_from(
    [
        (),
        ({"type": "random"},),
        ({"type": "binpack", "field": "memory"},),
        ({"type": "binpack", "field": "cpu"},),
        ({"type": "spread", "field": "instanceId"},),
        ({"type": "spread", "field": "attribute:ecs.availability-zone"}, {"type": "binpack", "field": "memory"}),
    ]
)


@given(st.lists(st.tuples(definitions(), st.integers(0, 3), _STRATEGIES), max_size=3), instances(3))
@settings(max_examples=60, deadline=None)
def test_strategies_end_between_their_bounds(kinds: list[tuple[dict[str, Any], int, Any]], on: list[dict[str, Any]]) -> None:
    workloads = [Workload(f"w{n}", kind, count, strategy=strategy) for n, (kind, count, strategy) in enumerate(kinds)]
    joint = place_all(workloads, on=on, running_tasks=[])
    assert joint.optimal is not None
    assert 0 <= joint.fewest <= joint.most <= joint.optimal <= joint.requested
    assert joint.feasible is (None if joint.unknowns and joint.feasible is None else joint.optimal == joint.requested)
    for workload in workloads:
        room = joint.by_workload[workload.name]
        assert 0 <= room.fewest <= room.most <= room.alone <= room.requested == workload.count


@given(definitions(), st.integers(0, 6), _STRATEGIES, instances(3))
@settings(max_examples=60, deadline=None)
def test_of_one_kind_of_task_every_strategy_places_as_many(
    definition: dict[str, Any], count: int, strategy: Any, on: list[dict[str, Any]]
) -> None:
    joint = place_all([Workload("web", definition, count, strategy=strategy)], on=on, running_tasks=[])
    alone = place(definition, count, on=on, running_tasks=[], group="service:web", strategy=strategy)
    assert joint.optimal == joint.most == alone.placed
    assert joint.fewest == (alone.placed if not alone.unknowns else min(alone.at_least, count))
