"""What the healthy world holds for workloads: registered task definitions, services, images, log groups, secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ecs_preflight.arn import Arn
from ecs_preflight.ecs.images import EcrImage
from ecs_preflight.sandbox.world import Service, TaskDefinition
from ecs_preflight.workloads.workload import Workload

# What is taken for a service's task definition, of which only the service's name is known.
_OF_SERVICE = "task-of-{}"


@dataclass
class Stock:
    """What one region of one account is to hold."""

    task_definitions: dict[str, TaskDefinition] = field(default_factory=dict)
    repositories: dict[str, tuple[str, ...]] = field(default_factory=dict)
    log_groups: dict[str, None] = field(default_factory=dict)
    secrets: dict[str, None] = field(default_factory=dict)

    def held(self) -> Mapping[str, Any]:
        """The fields of a region of the world."""
        return {
            "task_definitions": dict(self.task_definitions),
            "repositories": dict(self.repositories),
            "log_groups": tuple(self.log_groups),
            "secrets": tuple(self.secrets),
        }


class Stocks:
    """Stocks by account and region, as workloads fill them."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[str, str], Stock] = {}

    def of(self, account_id: str, region: str) -> Stock:
        return self._by_place.setdefault((account_id, region), Stock())

    def places(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._by_place)

    def add(self, workload: Workload, account_id: str, region: str) -> None:
        """All that this workload finds when it is deployed."""
        here = self.of(account_id, region)
        if workload.registered:
            _register(here, workload.registered)
        if workload.service:
            _register(here, f"{_OF_SERVICE.format(workload.service)}:1")
        for address in workload.images:
            if image := EcrImage.parse(address):
                there = self.of(image.registry_id, image.region)
                tags = there.repositories.get(image.repository, ())
                there.repositories[image.repository] = tuple(dict.fromkeys((*tags, image.named)))
        for logs in workload.log_configurations:
            options = logs.get("options") or {}
            if logs.get("logDriver") == "awslogs" and options.get("awslogs-group"):
                there = self.of(account_id, options.get("awslogs-region") or region)
                there.log_groups.setdefault(options["awslogs-group"])
        for secret in workload.registry_secrets:
            arn = Arn.parse(secret)
            name = arn.resource.partition(":")[2].rpartition("-")[0] if arn else secret
            self.of(account_id, arn.region if arn else region).secrets.setdefault(name)


def services_of(workloads: tuple[Workload, ...]) -> dict[str, Service]:
    """The services that run in a cluster because a workload is more of them."""
    named = dict.fromkeys(workload.service for workload in workloads if workload.service)
    return {name: Service(task_definition=f"{_OF_SERVICE.format(name)}:1") for name in named if name}


def _register(stock: Stock, named: str) -> None:
    family, _, revision = named.rpartition("/")[2].partition(":")
    stock.task_definitions.setdefault(family, TaskDefinition(revision=int(revision or 1)))
