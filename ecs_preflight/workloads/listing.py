"""Which workloads go to which ECS cluster: those of preflight.yml in order, then those of the pipelines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ecs_preflight.errors import InputError, UsageError
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.spinnaker.opaque import Opaque, is_blank
from ecs_preflight.spinnaker.server_group import ServerGroup
from ecs_preflight.spinnaker.server_group_names import family_of
from ecs_preflight.targets import Target
from ecs_preflight.workloads.making import (
    workload_of_definition,
    workload_of_server_group,
    workload_of_service,
    workload_of_sizes,
)
from ecs_preflight.workloads.reading import WorkloadFiles, artifact_within
from ecs_preflight.workloads.workload import Workload

T = TypeVar("T")
RoleOf = Callable[[str], str | None]


@dataclass(frozen=True)
class WorkloadList:
    """By ECS cluster; and what pipelines deploy nobody can tell where, or to an account that there is not."""

    by_cluster: Mapping[Target, tuple[Workload, ...]] = field(default_factory=dict)
    unplaced: tuple[Workload, ...] = ()


def list_workloads(
    settings: PreflightFile, files: WorkloadFiles, accounts: tuple[str, ...], managed_role_of: RoleOf
) -> WorkloadList:
    """`accounts` are the ECS accounts; `managed_role_of` gives the ARN of an account's managed role where it is known.

    Raises InputError where a server group is not for the ECS cluster that preflight.yml puts it under.
    """
    placed: dict[Target, list[Workload]] = {}
    unplaced: list[Workload] = []
    for target, entry in _entries(settings):
        listed = placed.setdefault(target, [])
        for workload in _of_entry(entry, target, files, managed_role_of(target.account)):
            listed.append(_with_own_name(workload, listed))
    for pipeline in files.pipelines:
        for group in pipeline.server_groups:
            place = _place(group, accounts)
            listed = placed.setdefault(place, []) if place else unplaced
            role = managed_role_of(place.account) if place else None
            workload = workload_of_server_group(_name_of(group), group, artifact=artifact_within(group), managed_role_arn=role)
            listed.append(_with_own_name(workload, listed))
    return WorkloadList({target: tuple(workloads) for target, workloads in placed.items()}, tuple(unplaced))


def _entries(settings: PreflightFile) -> Iterator[tuple[Target, WorkloadFile]]:
    for account, described in settings.accounts.items():
        for region, in_region in described.regions.items():
            for cluster, in_cluster in in_region.clusters.items():
                for entry in in_cluster.workloads:
                    yield Target(account, region, cluster), entry


def _of_entry(entry: WorkloadFile, target: Target, files: WorkloadFiles, role: str | None) -> Iterator[Workload]:
    source = entry.source
    if source == "memory":
        yield workload_of_sizes(entry)
    elif source == "service":
        yield workload_of_service(entry)
    elif source == "task_definition":
        named = entry.task_definition_file
        yield workload_of_definition(entry, _read(files.task_definitions, named) if named else None)
    else:
        groups = _read(files.server_groups, getattr(entry, source))
        count = entry.desired_count if "desired_count" in entry.model_fields_set else None
        beside = _read(files.task_definitions, entry.task_definition_file) if entry.task_definition_file else None
        here = [group for group in groups if _may_be_for(group, target)]
        if not here:
            raise _for_elsewhere(entry, groups, target)
        for group in here:
            name = entry.name if len(here) == 1 else f"{entry.name} {_name_of(group)}"
            artifact = beside if beside is not None else artifact_within(group)
            yield workload_of_server_group(name, group, artifact=artifact, managed_role_arn=role, desired_count=count)


def _read(read: Mapping[str, T], name: str) -> T:
    try:
        return read[name]
    except KeyError:
        raise UsageError(f"the file {name} was not read", hint="Use load_config, which reads what preflight.yml names.") from None


def _may_be_for(group: ServerGroup, target: Target) -> bool:
    """Nothing that is known of it says another account, region or ECS cluster."""
    stated = (group.account_name, group.region, group.ecs_cluster_name)
    here = (target.account, target.region, target.cluster)
    return all(is_blank(said) or isinstance(said, Opaque) or said == place for said, place in zip(stated, here, strict=True))


def _for_elsewhere(entry: WorkloadFile, groups: tuple[ServerGroup, ...], target: Target) -> InputError:
    named = entry.pipeline or entry.server_group
    places = sorted({_spelled_place(group) for group in groups})
    return InputError(
        f"{named} deploys nothing to {target.id}, which the workload {entry.name!r} stands under",
        location=entry.location,
        hint=f"It deploys to {', '.join(places)}." if places else "It deploys nothing to ECS at all.",
    )


def _spelled_place(group: ServerGroup) -> str:
    return "/".join(str(part) for part in (group.account_name, group.region, group.ecs_cluster_name))


def _place(group: ServerGroup, accounts: tuple[str, ...]) -> Target | None:
    """Where a pipeline deploys it; None where an expression decides that, or there is no such ECS account."""
    account, region, cluster = group.account_name, group.region, group.ecs_cluster_name
    if not (isinstance(account, str) and isinstance(region, str) and isinstance(cluster, str)):
        return None
    if account not in accounts or not region.strip() or not cluster.strip() or cluster == "*":
        return None
    return Target(account, region, cluster)


def _name_of(group: ServerGroup) -> str:
    """Spinnaker's own name of the cluster that it belongs to, else the name of its stage."""
    family = family_of(group)
    return family if isinstance(family, str) else group.stage or "server group"


def _with_own_name(workload: Workload, listed: list[Workload]) -> Workload:
    """A workload's name is part of its target's id: of two with one name, the later gets a number."""
    taken = {other.name for other in listed}
    if workload.name not in taken:
        return workload
    number = next(number for number in range(2, len(taken) + 3) if f"{workload.name} ({number})" not in taken)
    return replace(workload, name=f"{workload.name} ({number})")
