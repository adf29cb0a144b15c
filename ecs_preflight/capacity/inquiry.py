"""What a survey of room has to ask, given what is known by now: the questions of its clusters and workloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ecs_preflight.capacity.wish import Wish
from ecs_preflight.checks._check import Questions
from ecs_preflight.checks.each_cluster import is_fargate_only, needs_of_each
from ecs_preflight.checks.fargate_room import fargate_questions
from ecs_preflight.checks.provider_groups import provider_questions
from ecs_preflight.checks.room import tasks_matter
from ecs_preflight.checks.scopes import each_cluster
from ecs_preflight.checks.workload_facts import completed_if_known, workload_questions
from ecs_preflight.checks.workload_network import names_subnets, surely_has_own_interface
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.errors import InputError, UsageError
from ecs_preflight.facts import Question, Snapshot
from ecs_preflight.network_questions import subnets
from ecs_preflight.questions import container_instances, running_tasks
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


@dataclass(frozen=True)
class Inquiry:
    """Which clusters of a configuration are looked at, for what. gather takes it as it takes a plan."""

    config: PreflightConfig
    wish: Wish = field(default_factory=Wish)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """Each ECS cluster; `account/region/*` where none is named. Raises UsageError where nothing is left."""
        named = self.wish.clusters
        targets = tuple(t for t in dict.fromkeys(each_cluster(self.config)) if not named or t in named)
        if not targets:
            raise UsageError("there is no ECS cluster to look at", hint="Name one with --cluster ACCOUNT/REGION/NAME.")
        return targets

    def workloads(self, target: Target) -> tuple[Workload, ...]:
        """What is to fit: the wish, else what the configuration has for the cluster; none means more of what runs."""
        return (self.wish.size,) if self.wish.size else self.config.workloads(target)

    def asked(self, known: Snapshot) -> frozenset[Question[Any]]:
        """All that it needs to be told, given what is known by now."""
        needs = needs_of_each(self._of_cluster)
        return frozenset(question for target in self.targets for question in needs(self.config, target, known))

    def questions(self, known: Snapshot) -> tuple[Question[Any], ...]:
        """Every question that is open given `known`, each once."""
        return tuple(q for q in sorted(self.asked(known), key=lambda question: question.id) if q not in known)

    def _of_cluster(self, config: PreflightConfig, target: Target, found: Cluster, known: Snapshot) -> Questions:
        workloads = self.workloads(target)
        for workload in workloads:
            yield from workload_questions(config, target, workload, known)
        if workloads or not is_fargate_only(found):
            whole = tuple(_whole(target, workloads, known))
            yield from _of_fargate(target, whole)
            if any(names_subnets(workload) and surely_has_own_interface(workload) for workload in whole):
                yield subnets(target.account, target.region)
            yield from self._of_instances(target, whole, largest=not workloads)
            if any(workload.providers and not workload.runs_on_fargate for workload in whole):
                yield from provider_questions(target, found, known)

    def _of_instances(self, target: Target, workloads: tuple[Workload, ...], *, largest: bool) -> Questions:
        placed = tuple(workload for workload in workloads if not workload.runs_on_fargate)
        if not placed and not largest and not self.wish.drained:
            return
        yield container_instances(target.account, target.region, target.cluster)
        several = len(placed) > 1  # where spread counts the tasks that run
        if largest or several or self.wish.drained or any(tasks_matter(workload) for workload in placed):
            yield running_tasks(target.account, target.region, target.cluster)


def _of_fargate(target: Target, workloads: tuple[Workload, ...]) -> Questions:
    for workload in workloads:
        if workload.runs_on_fargate:
            try:
                yield from fargate_questions(target, workload)
            except InputError:
                continue  # the survey says what ECS would refuse


def _whole(target: Target, workloads: tuple[Workload, ...], known: Snapshot) -> Iterator[Workload]:
    for workload in workloads:
        found = completed_if_known(target, workload, known)
        if found:
            yield found
