"""`place` and `place_all` against brute force, on clusters small enough to try every way."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.ecs.placement import place
from ecs_preflight.ecs.workloads import Workload, place_all
from tests.ecs import oracle
from tests.ecs.builders import CAPABILITIES, DISTINCT, arn, container, instance, member_of, running, subnet, task
from tests.ecs.oracle import Host

ZONES = ("us-east-1a", "us-east-1b")
GROUPS = ("service:web", "service:db")
TASK_ENI = "ecs.capability.task-eni"

# Expressions, and what they mean in Python.
CONSTRAINTS: dict[str, Any] = {
    "attribute:stack == prod": lambda host, groups: host.attributes.get("stack") == "prod",
    "attribute:stack != prod": lambda host, groups: host.attributes.get("stack", "prod") != "prod",
    "not(attribute:stack == prod)": lambda host, groups: host.attributes.get("stack") != "prod",
    "attribute:stack exists": lambda host, groups: "stack" in host.attributes,
    "attribute:ecs.instance-type in [m5.xlarge, c5.large]": lambda host, groups: (
        host.attributes["ecs.instance-type"] in ("m5.xlarge", "c5.large")
    ),
    "not(task:group == service:db)": lambda host, groups: "service:db" not in groups,
    "task:group == service:db": lambda host, groups: "service:db" in groups,
    "not(task:group == service:web)": lambda host, groups: "service:web" not in groups,
    "attribute:stack == dev or not(task:group == service:db)": lambda host, groups: (
        host.attributes.get("stack") == "dev" or "service:db" not in groups
    ),
}


@st.composite
def clusters(draw: st.DrawFn, most: int = 4) -> list[dict[str, Any]]:
    return [
        instance(
            f"i{number}",
            draw(st.sampled_from([0, 256, 700, 1024, 2048])),
            draw(st.sampled_from([0, 500, 512, 1500, 4000])),
            ports=draw(st.sampled_from([[], [], [80], [*range(40000, 40094)], [*range(40000, 40095)]])),
            udp=draw(st.sampled_from([[], [], [53]])),
            gpus=draw(st.sampled_from([None, ["g1"], ["g1", "g2", "g3"]])),
            zone=draw(st.sampled_from(ZONES)),
            kind=draw(st.sampled_from(sorted(oracle.SLOTS))),
            attributes=draw(st.sampled_from([{}, {"stack": "prod"}, {"stack": "dev"}, {"stack": None}])),
            without=draw(st.sampled_from([[], [], [TASK_ENI], [CAPABILITIES[0]]])),
            status=draw(st.sampled_from(["ACTIVE"] * 5 + ["DRAINING"])),
            agentConnected=draw(st.sampled_from([True] * 5 + [False])),
        )
        for number in range(draw(st.integers(0, most)))
    ]


@st.composite
def running_tasks(draw: st.DrawFn, on: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A few tasks, and the instances' counts of them put right."""
    tasks = []
    for number, raw in enumerate(on):
        for _ in range(draw(st.integers(0, 2))):
            desired, last = draw(
                st.sampled_from([("RUNNING", "RUNNING"), ("RUNNING", "PENDING"), ("STOPPED", "STOPPING"), ("STOPPED", "STOPPED")])
            )
            interface = draw(st.sampled_from([None, "ATTACHED", "DELETED"]))
            group = draw(st.sampled_from(GROUPS))
            tasks.append(running(f"i{number}", group, desired=desired, last=last, interface=interface))
            raw["runningTasksCount"] += desired == "RUNNING"
    return tasks


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    mappings = [
        {"containerPort": port, **draw(st.sampled_from([{}, {"hostPort": 0}, {"hostPort": port}])), **protocol}
        for port, protocol in draw(st.sets(st.sampled_from([(80, ""), (8080, ""), (53, "udp")]), max_size=2).map(_protocols))
    ]
    gpus = draw(st.sampled_from([0, 0, 0, 1, 2]))
    soft = draw(st.sampled_from([{}, {"memoryReservation": 0}, {"memoryReservation": 100}]))
    one = container(
        draw(st.sampled_from([0, 100, 256, 512])),
        draw(st.sampled_from([100, 400, 512])),
        portMappings=mappings,
        resourceRequirements=[{"type": "GPU", "value": str(gpus)}] if gpus else [],
        **soft,
    )
    sizes = draw(st.sampled_from([{}, {}, {"cpu": "300"}, {"cpu": "256", "memory": "600"}]))
    wanted = draw(st.sampled_from([[], [{"name": TASK_ENI}], [{"name": CAPABILITIES[0]}]]))
    mode = draw(st.sampled_from(["bridge", "host", "awsvpc"]))
    return task(*[one] * draw(st.integers(1, 2)), networkMode=mode, requiresAttributes=wanted, **sizes)


def _protocols(ports: set[tuple[int, str]]) -> list[tuple[int, dict[str, str]]]:
    return [(port, {"protocol": protocol} if protocol else {}) for port, protocol in sorted(ports)]


@given(st.data(), clusters(), definitions(), st.sampled_from([None, *CONSTRAINTS]), st.booleans(), st.integers(0, 9))
@settings(max_examples=300, deadline=None)
def test_place_agrees_with_brute_force(
    data: st.DataObject,
    on: list[dict[str, Any]],
    definition: dict[str, Any],
    expression: str | None,
    distinct: bool,
    count: int,
) -> None:
    tasks = data.draw(running_tasks(on))
    addresses = data.draw(st.sampled_from([None, {ZONES[0]: 2, ZONES[1]: 9}, {ZONES[0]: 0, ZONES[1]: 1}, {ZONES[1]: 3}]))
    constraints = [member_of(expression)] if expression else []
    placement = place(
        definition,
        count,
        on=on,
        running_tasks=tasks,
        constraints=[*constraints, *([DISTINCT] if distinct else [])],
        subnets=None if addresses is None else [subnet(zone, free) for zone, free in addresses.items()],
        group="service:web",
    )
    admits = {"admits": CONSTRAINTS[expression]} if expression else {}
    copy = oracle.copy_of(definition, "service:web", distinct=distinct, **admits)
    hosts = [oracle.host_of(raw, tasks) for raw in on]
    limited = addresses if copy.awsvpc else None

    alone = oracle.fill(hosts, copy, None if limited is None else dict.fromkeys(limited, oracle.ENOUGH * 9), most=10**6)
    full = oracle.fill(hosts, copy, limited, most=10**6)
    placed = oracle.fill(hosts, copy, limited, most=count)
    none = oracle.fill(hosts, copy, limited, most=0)
    most = sum(full.copies.values())
    assert placement.per_instance == alone.copies
    assert placement.max_placeable == placement.at_least == most
    assert placement.placed == min(count, most) == sum(placed.copies.values())
    assert placement.ineligible == {name: reasons for name, reasons in none.reasons.items() if reasons}
    assert placement.blocking == ({} if placement.placed == count else full.reasons)
    for code, relaxed in placement.relax.items():
        without = sum(oracle.fill(hosts, copy, limited, most=10**6, ignore=code).copies.values())
        assert relaxed == without or (relaxed == float("inf") and without >= oracle.ENOUGH), code
    assert placement.binding <= {code for reasons in full.reasons.values() for code in reasons}


STRATEGIES: list[tuple[dict[str, str], ...]] = [
    ({"type": "random"},),
    ({"type": "binpack", "field": "memory"},),
    ({"type": "binpack", "field": "cpu"},),
    ({"type": "spread", "field": "instanceId"},),
    ({"type": "spread", "field": "attribute:ecs.availability-zone"},),
    ({"type": "spread", "field": "attribute:stack"}, {"type": "binpack", "field": "cpu"}),
    ({"type": "spread", "field": "attribute:ecs.availability-zone"}, {"type": "spread", "field": "host"}),
]


@st.composite
def workloads(draw: st.DrawFn) -> list[tuple[Workload, oracle.Copy]]:
    pairs = []
    for number in range(draw(st.integers(1, 3))):
        definition, distinct = draw(definitions()), draw(st.booleans())
        expression = draw(st.sampled_from([None, None, *(text for text in CONSTRAINTS if "task:group" not in text)]))
        group = draw(st.sampled_from(GROUPS))
        constraints = [*([DISTINCT] if distinct else []), *([member_of(expression)] if expression else [])]
        admits = {"admits": CONSTRAINTS[expression]} if expression else {}
        wanted = Workload(
            f"w{number}", definition, draw(st.integers(0, 2)), group, constraints, draw(st.sampled_from(STRATEGIES))
        )
        pairs.append((wanted, oracle.copy_of(definition, group, distinct=distinct, **admits)))
    return pairs


@given(st.data(), clusters(3), workloads())
@settings(max_examples=200, deadline=None)
def test_place_all_agrees_with_brute_force(
    data: st.DataObject, on: list[dict[str, Any]], pairs: list[tuple[Workload, oracle.Copy]]
) -> None:
    tasks = data.draw(running_tasks(on))
    joint = place_all([workload for workload, _ in pairs], on=on, running_tasks=tasks)
    hosts = tuple(oracle.host_of(raw, tasks) for raw in on)
    wanted = tuple((copy, workload.count) for workload, copy in pairs)
    best = oracle.optimum(hosts, wanted)
    reached = oracle.ends(hosts, wanted, [workload.strategy for workload, _ in pairs])
    totals = [sum(copies) for copies in reached]
    assert (joint.optimal, joint.feasible) == (best, best == joint.requested)
    assert (joint.fewest, joint.most, joint.range_is_exact) == (min(totals), max(totals), True)
    for index, (workload, copy) in enumerate(pairs):
        room = joint.by_workload[workload.name]
        copies = [ways[index] for ways in reached]
        assert (room.fewest, room.most) == (min(copies), max(copies))
        assert room.alone == sum(oracle.fill(hosts, copy, most=workload.count).copies.values())


@given(st.data(), clusters(3), st.sampled_from(sorted(CONSTRAINTS)), st.sampled_from(STRATEGIES))
@settings(max_examples=80, deadline=None)
def test_workloads_whose_constraints_read_each_other_agree_with_brute_force(
    data: st.DataObject, on: list[dict[str, Any]], expression: str, strategy: tuple[dict[str, str], ...]
) -> None:
    small = task(container(100, 100), requiresAttributes=[])
    tasks = data.draw(running_tasks(on))
    counts = data.draw(st.tuples(st.integers(0, 2), st.integers(0, 3)))
    db = Workload("db", small, counts[0], strategy=strategy)
    web = Workload("web", small, counts[1], constraints=[member_of(expression)], strategy=strategy)
    joint = place_all([db, web], on=on, running_tasks=tasks)
    hosts = tuple(oracle.host_of(raw, tasks) for raw in on)
    copies = (oracle.copy_of(small, "service:db"), oracle.copy_of(small, "service:web", admits=CONSTRAINTS[expression]))
    reached = oracle.ends(hosts, tuple(zip(copies, counts, strict=True)), [strategy, strategy])
    totals = [sum(ways) for ways in reached]
    assert (joint.fewest, joint.most, joint.range_is_exact) == (min(totals), max(totals), True)
    assert joint.feasible in (None, max(totals) == sum(counts)) or joint.optimal == sum(counts)


def test_the_oracle_itself_on_a_case_worked_out_by_hand() -> None:
    # 2048 CPU units hold 8 of 256; 7680 MiB hold 15 of 512; port 80 is there once.
    hosts = [oracle.host_of(instance("a")), oracle.host_of(instance("b", ports=[80]))]
    plain = oracle.copy_of(task(container(256, 512), requiresAttributes=[]), "g")
    http = [{"containerPort": 80, "hostPort": 80}]
    static = oracle.copy_of(task(container(256, 512, portMappings=http), requiresAttributes=[]), "g")
    assert oracle.fill(hosts, plain).copies == {arn("a"): 8, arn("b"): 8}
    assert oracle.fill(hosts, static).copies == {arn("a"): 1, arn("b"): 0}
    assert oracle.fill(hosts, static).reasons == {arn("a"): {"PORTS"}, arn("b"): {"PORTS"}}
    two = (Host("x", "ACTIVE", True, {}, 11, 99, frozenset(), frozenset(), 0, 0),) * 2
    fives = ((oracle.Copy("f", 5, 1), 2), (oracle.Copy("o", 4, 1), 2), (oracle.Copy("t", 3, 1), 2))
    assert oracle.optimum(two, fives) == 5
