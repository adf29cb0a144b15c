"""Why container instances refuse a task: in our words, and in those that ECS uses for it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ecs_preflight.ecs.codes import Code
from ecs_preflight.ecs.placement import Placement

WORDS: Mapping[Code, str] = {
    "STATUS": "is not ACTIVE",
    "AGENT": "has no connected agent",
    "CAPACITY_PROVIDER": "belongs to another capacity provider",
    "LAUNCH_TYPE": "is of another launch type",
    "LOCATION": "is in no zone of the subnets",
    "ATTRIBUTE": "lacks an attribute that the task requires",
    "CONSTRAINT": "does not meet a placement constraint",
    "DISTINCT": "holds a task of the group already (distinctInstance)",
    "CPU": "has too little CPU left",
    "MEMORY": "has too little memory left",
    "PORTS": "uses a TCP port that the task needs",
    "PORTS_UDP": "uses a UDP port that the task needs",
    "PORT_LIMIT": "reserves as many ports as ECS allows (100)",
    "GPU": "has too few GPUs left",
    "ENI": "has no network interface left",
    "SUBNET_IP": "would need an address, and its subnets have none left",
}

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
# Of what is left out, ECS says nothing: such an instance is never asked.
REASON_OF_ECS: Mapping[Code, str] = {
    "AGENT": "AGENT",
    "LOCATION": "LOCATION",
    "ATTRIBUTE": "ATTRIBUTE",
    "CONSTRAINT": "MemberOf placement constraint unsatisfied.",
    "CPU": "RESOURCE:CPU",
    "MEMORY": "RESOURCE:MEMORY",
    "PORTS": "RESOURCE:PORTS",
    "PORTS_UDP": "RESOURCE:PORTS",
    "PORT_LIMIT": "RESOURCE:PORTS",
    "GPU": "RESOURCE:GPU",
    "ENI": "RESOURCE:ENI",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Container instances, by ARN, that refuse the next copy for the same reasons."""

    codes: tuple[Code, ...]
    instances: tuple[str, ...]

    @property
    def words(self) -> str:
        return " and ".join(WORDS[code] for code in self.codes)

    @property
    def reasons_of_ecs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(REASON_OF_ECS[code] for code in self.codes if code in REASON_OF_ECS))


def refusals_of(placement: Placement) -> tuple[Refusal, ...]:
    """Which instances refuse the next wanted copy for what, the commonest reasons first; nothing where all are placed."""
    refusing: dict[frozenset[Code], list[str]] = {}
    for arn, codes in placement.blocking.items():
        if codes:
            refusing.setdefault(codes, []).append(arn)
    ordered = sorted(refusing.items(), key=lambda item: (-len(item[1]), sorted(item[0])))
    return tuple(Refusal(tuple(sorted(codes)), tuple(arns)) for codes, arns in ordered)


def with_relief(code: Code, placement: Placement) -> str:
    """`CPU (7 would fit without that limit)`, where lifting that one alone would help."""
    without = placement.relax.get(code)
    if without is None or without <= placement.max_placeable:
        return code
    return f"{code} ({'any number' if math.isinf(without) else int(without)} would fit without that limit)"
