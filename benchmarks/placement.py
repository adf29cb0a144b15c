"""What placement costs on a large cluster, as a ratio to the barest loop that gives the same number.

    python benchmarks/placement.py [--instances 5000] [--rounds 9]

Both sides of a ratio are timed in turn (A B A B ...) in one process, and the medians are divided: clocks drift, ratios
hold. What is timed is the processor's time, as others may use the machine. The loops read the very models that
`place` reads, or, where a table was made of them beforehand, numbers laid out beforehand. Validation is timed on its own.
Exits with 1 where a ratio is above 10, or where the time grows faster than n log n.
"""

from __future__ import annotations

import argparse
import gc
import heapq
import math
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from ecs_preflight.ecs import ContainerInstance, Workload, compile_query, place, place_all, read_instances

MOST = 10.0
CPU, MEMORY, COPIES = 256, 512, 1000
MEMBER_OF = "attribute:ecs.instance-type =~ m5.* and attribute:stack == prod"
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
# Thirty-five with those that differ from instance to instance: what an agent of 2026 registers.
CAPABILITIES = (
    *(f"com.amazonaws.ecs.capability.docker-remote-api.1.{minor}" for minor in range(17, 33)),
    *(f"com.amazonaws.ecs.capability.logging-driver.{driver}" for driver in ("awslogs", "json-file", "none")),
    *(f"com.amazonaws.ecs.capability.{name}" for name in ("ecr-auth", "task-iam-role", "privileged-container")),
    *(f"ecs.capability.{name}" for name in ("task-eni", "execution-role-awslogs", "execution-role-ecr-pull", "efs")),
    "ecs.capability.task-cpu-mem-limit",
)


def raw_instance(number: int, chance: random.Random) -> dict[str, Any]:
    """An element of DescribeContainerInstances as boto3 gives it."""
    values = {
        "ecs.availability-zone": ZONES[number % 3],
        "ecs.instance-type": chance.choice(["m5.large", "m5.xlarge", "c5.2xlarge"]),
        "ecs.os-type": "linux",
        "ecs.cpu-architecture": "x86_64",
        "ecs.ami-id": "ami-0123456789abcdef0",
        "ecs.vpc-id": "vpc-0123456789abcdef0",
        "ecs.subnet-id": f"subnet-{number % 3}",
        "stack": chance.choice(["prod", "dev"]),
    }
    names = [{"name": name} for name in CAPABILITIES]
    return {
        "containerInstanceArn": f"arn:aws:ecs:us-east-1:111122223333:container-instance/demo/{number:032x}",
        "ec2InstanceId": f"i-{number:017x}",
        "versionInfo": {"agentVersion": "1.86.0", "agentHash": "0123abcd", "dockerVersion": "DockerVersion: 25.0.6"},
        "status": "ACTIVE",
        "agentConnected": True,
        "runningTasksCount": 2,
        "pendingTasksCount": 0,
        "registeredAt": 1718000000.0,
        "attributes": [*names, *({"name": name, "value": value} for name, value in values.items())],
        "remainingResources": resources(chance.randrange(0, 4096), chance.randrange(0, 15_000), chance.sample([8080, 9090], 1)),
        "registeredResources": resources(4096, 15_700, []),
    }


def resources(cpu: int, memory: int, ports: Sequence[int]) -> list[dict[str, Any]]:
    def strings(name: str, values: Sequence[object]) -> dict[str, Any]:
        return {"name": name, "type": "STRINGSET", "stringSetValue": [str(value) for value in values]}

    return [
        {"name": "CPU", "type": "INTEGER", "integerValue": cpu},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": memory},
        strings("PORTS", [22, 2375, 2376, 51678, 51679, *ports]),
        strings("PORTS_UDP", []),
        strings("GPU", ["GPU-a", "GPU-b"]),
    ]


def task(cpu: int = CPU, memory: int = MEMORY, network_mode: str = "bridge", **members: Any) -> dict[str, Any]:
    """A definition of one container, in the shape of RegisterTaskDefinition."""
    container = {"name": "app", "image": "example/app:1", "cpu": cpu, "memory": memory, **members}
    return {"family": "web", "networkMode": network_mode, "containerDefinitions": [container]}


# One kind of task in every way that has a rule of its own: the definition, and the circumstances.
KINDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "CPU and memory": (task(), {}),
    "static host port": (task(portMappings=[{"containerPort": 8080, "hostPort": 8080}]), {}),
    "awsvpc, tasks read": (task(network_mode="awsvpc"), {"running_tasks": []}),
    "awsvpc, tasks not read": (task(network_mode="awsvpc"), {}),
    "memberOf attributes": (task(), {"constraints": [{"type": "memberOf", "expression": MEMBER_OF}]}),
    "memberOf task:group": (
        task(),
        {"constraints": [{"type": "memberOf", "expression": "not(task:group == service:db)"}], "running_tasks": []},
    ),
    "distinctInstance": (task(), {"constraints": [{"type": "distinctInstance"}], "running_tasks": []}),
    "GPU": (task(resourceRequirements=[{"type": "GPU", "value": "1"}]), {"running_tasks": []}),
}


def loop_over_models(models: Sequence[ContainerInstance]) -> int:
    """Copies by CPU and memory alone."""
    total = 0
    for model in models:
        left = model.remaining_resources
        total += min(left.cpu // CPU, left.memory // MEMORY)
    return total


def loop_over_numbers(free: Sequence[tuple[int, int]]) -> int:
    """The same from numbers that somebody else has laid out."""
    total = 0
    for cpu, memory in free:
        total += min(cpu // CPU, memory // MEMORY)
    return total


def bare_greedy(free: Sequence[tuple[int, int]], kinds: Sequence[tuple[int, int]], copies: int) -> int:
    """Copies of each kind in turn, spread over the zones and packed by memory inside of one: a heap for each zone.

    The kinds come in the order of their sizes, so that an instance that is too full for one is for all that follow.
    """
    left = [list(sizes) for sizes in free]
    heaps = [[(left[number][1], number) for number in range(zone, len(left), 3)] for zone in range(3)]
    for heap in heaps:
        heapq.heapify(heap)
    placed = 0
    for cpu, memory in kinds:
        in_zone = [(0, zone) for zone in range(3)]
        wanted = copies
        while wanted and in_zone:
            tasks, zone = in_zone[0]
            heap = heaps[zone]
            while heap and (left[heap[0][1]][0] < cpu or left[heap[0][1]][1] < memory):
                heapq.heappop(heap)
            if not heap:
                heapq.heappop(in_zone)
                continue
            number = heap[0][1]
            left[number][0] -= cpu
            left[number][1] -= memory
            heapq.heapreplace(heap, (left[number][1], number))
            heapq.heapreplace(in_zone, (tasks + 1, zone))
            wanted -= 1
        placed += copies - wanted
    return placed


def by_hand(instance: ContainerInstance) -> bool:
    """MEMBER_OF as a predicate."""
    attributes = instance.attributes
    return (attributes.get("ecs.instance-type") or "").startswith("m5.") and attributes.get("stack") == "prod"


@dataclass(frozen=True)
class Ratio:
    """Medians in milliseconds."""

    what: str
    bare: float
    ours: float

    @property
    def times(self) -> float:
        return self.ours / self.bare

    def __str__(self) -> str:
        return f"{self.what:40} {self.bare:9.2f} ms {self.ours:9.2f} ms {self.times:7.1f}"


def timed(call: Callable[[], object]) -> float:
    start = time.thread_time()
    call()
    return (time.thread_time() - start) * 1000


def compare(what: str, bare: Callable[[], object], ours: Callable[[], object], rounds: int) -> Ratio:
    pairs = [(timed(bare), timed(ours)) for _ in range(rounds)]
    return Ratio(what, median(first for first, _ in pairs), median(second for _, second in pairs))


class Cluster:
    """Instances raw, as models, as a table, and as the bare numbers that the loops run over."""

    def __init__(self, count: int) -> None:
        chance = random.Random(count)
        self.raws = [raw_instance(number, chance) for number in range(count)]
        self.models = [ContainerInstance.model_validate(raw) for raw in self.raws]
        self.table = read_instances(self.models)
        self.free = [(model.remaining_resources.cpu, model.remaining_resources.memory) for model in self.models]


def one_kind(cluster: Cluster, name: str, rounds: int) -> Ratio:
    """From models."""
    definition, circumstances = KINDS[name]
    return compare(
        name,
        lambda: loop_over_models(cluster.models),
        lambda: place(definition, COPIES, on=cluster.models, **circumstances),
        rounds,
    )


def one_kind_more(cluster: Cluster, name: str, rounds: int) -> Ratio:
    """On a table that other placements have been asked on."""
    definition, circumstances = KINDS[name]
    return compare(
        f"{name}, on a table",
        lambda: loop_over_numbers(cluster.free),
        lambda: place(definition, COPIES, on=cluster.table, **circumstances),
        rounds,
    )


def from_raw(cluster: Cluster, rounds: int) -> Ratio:
    """Validation included, and the loop spared it: for information."""
    return compare(
        "from raw dicts (no limit)",
        lambda: loop_over_models(cluster.models),
        lambda: place(task(), COPIES, on=cluster.raws),
        rounds,
    )


def ten_kinds(cluster: Cluster, rounds: int) -> Ratio:
    copies = len(cluster.models) // 5
    sizes = [(128 + 64 * number, 256 + 160 * number) for number in range(10)]
    strategy = [{"type": "spread", "field": "attribute:ecs.availability-zone"}, {"type": "binpack", "field": "memory"}]
    wanted = [Workload(f"w{cpu}", task(cpu, memory), copies, strategy=strategy) for cpu, memory in sizes]
    return compare(
        f"ten kinds, {10 * copies} copies",
        lambda: bare_greedy(cluster.free, sizes, copies),
        lambda: place_all(wanted, on=cluster.models, running_tasks=[]),
        rounds,
    )


def expression(cluster: Cluster, rounds: int) -> Ratio:
    query = compile_query(MEMBER_OF)
    return compare(
        "memberOf over all instances",
        lambda: sum(map(by_hand, cluster.models)),
        lambda: sum(map(query.matches, cluster.models)),
        rounds,
    )


def growth(rounds: int) -> bool:
    """Whether no ratio grows faster than log n from 50 instances to 5,000: the loops themselves take time for each instance.

    (The time itself grows faster than the work where the models outgrow the processor's caches, on both sides.)
    """
    print(f"\n{'instances':>9}  {'one kind':>20}  {'ten kinds':>20}  {'expression':>20}")
    held = True
    before: list[float] = []
    for count in (50, 500, 5000):
        cluster = Cluster(count)
        now = [one_kind(cluster, "CPU and memory", rounds), ten_kinds(cluster, rounds), expression(cluster, rounds)]
        print(f"{count:9}  " + "  ".join(f"{ratio.ours:8.2f} ms {ratio.times:7.1f} x" for ratio in now))
        allowed = math.log(count) / math.log(count / 10)
        held = held and all(ratio.times <= earlier * allowed for ratio, earlier in zip(now, before, strict=False))
        before = [ratio.times for ratio in now]
    return held


def memory(cluster: Cluster) -> None:
    """What the models hold, and the most that a placement takes beside them."""
    gc.collect()
    tracemalloc.start()
    models = [ContainerInstance.model_validate(raw) for raw in cluster.raws]
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    place(task(), COPIES, on=models)
    one = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.reset_peak()
    ten_kinds(cluster, 1)
    ten = tracemalloc.get_traced_memory()[1] - held
    tracemalloc.stop()
    mib = 1024 * 1024
    print(f"\nmemory: models {held / mib:.1f} MiB, one kind {one / mib:.1f} MiB more, ten kinds {ten / mib:.1f} MiB more")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    cluster, rounds = Cluster(options.instances), options.rounds
    print(f"{options.instances} instances, medians of {rounds} rounds\n{'':40} {'bare':>12} {'ours':>12} {'ratio':>7}")
    measured = [
        *(one_kind(cluster, name, rounds) for name in KINDS),
        *(one_kind_more(cluster, name, rounds) for name in KINDS),
        ten_kinds(cluster, rounds),
        expression(cluster, rounds),
    ]
    print(*measured, sep="\n")
    print(from_raw(cluster, 3))
    held = all(ratio.times <= MOST for ratio in measured)
    validating = [timed(lambda: list(map(ContainerInstance.model_validate, cluster.raws))) for _ in range(3)]
    print(f"{'validation alone':40} {'':12} {median(validating):9.2f} ms")
    held = growth(rounds) and held
    memory(cluster)
    print("\nwithin the limits" if held else f"\nNOT within the limits (a ratio of {MOST:.0f}, growth of n log n)")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
