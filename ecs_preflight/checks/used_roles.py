"""The roles that containers will run with: those that preflight.yml, pipelines and task definitions name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Questions
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.workload_facts import completed, completed_if_known, workload_questions, workloads_of_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Verdict
from ecs_preflight.questions import role
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


@dataclass(frozen=True, slots=True)
class UsedRole:
    """A role that is named for containers, as it is written."""

    written: str
    regions: tuple[str, ...]
    """Where its tasks will run."""
    is_read_by_clouddriver: bool
    """A task role is, when a deployment of "inputs" names it; an execution role never."""

    @property
    def name(self) -> str:
        """Its bare name: without the path or the ARN around it."""
        return self.written.rpartition("/")[2]

    @property
    def account_id(self) -> str | None:
        """The account that an ARN names; None where it is no ARN."""
        arn = Arn.parse(self.written)
        return arn.account_id if arn else None


def used_roles(
    config: PreflightConfig, account: str, workloads: Iterable[tuple[Target, Workload]] | None = None
) -> tuple[UsedRole, ...]:
    """The task roles and execution roles that are named for an ECS account, each once.

    `workloads` are those to take them from, completed; without them, all of the account as far as they are stated.
    """
    everywhere = config.regions(account)
    named: list[UsedRole] = [UsedRole(name, everywhere, True) for name in config.described(account).task_roles]
    for place, workload in workloads_of_account(config, account) if workloads is None else workloads:
        if workload.task_role:
            named.append(UsedRole(workload.task_role, (place.region,), workload.task_role_is_read_by_clouddriver))
        if workload.execution_role:
            named.append(UsedRole(workload.execution_role, (place.region,), False))
    merged: dict[str, UsedRole] = {}
    for use in named:
        before = merged.get(use.written, UsedRole(use.written, (), False))
        regions = tuple(dict.fromkeys((*before.regions, *use.regions)))
        merged[use.written] = UsedRole(use.written, regions, before.is_read_by_clouddriver or use.is_read_by_clouddriver)
    return tuple(merged.values())


def is_of_account(use: UsedRole, config: PreflightConfig, target: Target) -> bool:
    """Whether it is a role of the managed account: an ARN may name another, and ECS takes none of another."""
    return use.account_id in (None, managed_role_arn(config, target).split(":")[4])


def named_roles(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """Asks for each role of the managed account that is named for containers, and first for the workloads that name some."""
    if config.role_is_known(target.account):
        yield from questions_of_workloads(config, target, known)
        uses = used_roles(config, target.account, workloads_known(config, target, known))
        yield from (role(target.account, use.name) for use in uses if is_of_account(use, config, target))


def questions_of_workloads(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """What must be asked to know the roles of every workload of an ECS account."""
    for place, workload in workloads_of_account(config, target.account):
        yield from workload_questions(config, place, workload, known)


def workloads_known(config: PreflightConfig, target: Target, known: Snapshot) -> list[tuple[Target, Workload]]:
    """The workloads of an ECS account that are complete by now."""
    found = ((place, completed_if_known(place, w, known)) for place, w in workloads_of_account(config, target.account))
    return [(place, workload) for place, workload in found if workload]


def completed_workloads(
    config: PreflightConfig, target: Target, facts: Facts
) -> tuple[list[tuple[Target, Workload]], list[Verdict]]:
    """The workloads of the account, completed; and why the roles of others are not known."""
    workloads: list[tuple[Target, Workload]] = []
    unseen: list[Verdict] = []
    for place, workload in workloads_of_account(config, target.account):
        try:
            found = completed(place, workload, facts)
            workloads.append((place, found))
            found.require("task_definition", "task_role")
        except Verdict as verdict:
            unseen.append(verdict)
    return workloads, unseen
