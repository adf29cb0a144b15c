"""What the checks of ECS clusters share: which clusters a target means, and judging them one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ecs_preflight.checks._check import Facts, Judgement, Questions
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.config import PreflightConfig
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Blocked, NotApplicable, Undetermined, Verdict
from ecs_preflight.questions import cluster, clusters
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

Needs: TypeAlias = Callable[[PreflightConfig, Target, Snapshot], Questions]
NeedsOfOne: TypeAlias = Callable[[PreflightConfig, Target, Cluster, Snapshot], Questions]
JudgeOne: TypeAlias = Callable[[PreflightConfig, Target, Cluster, Facts], Judgement]

_FARGATE_PROVIDERS = frozenset({"FARGATE", "FARGATE_SPOT"})


def needs_of_each(further: NeedsOfOne | None = None) -> Needs:
    """The needs of a check that judges clusters: their list where none is named, each cluster, and what `further` asks of one.

    A cluster that does not exist, or that was deleted, raises no further questions.
    """

    def needs(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
        if not config.role_is_known(target.account) or not target.region:
            return
        names = [target.cluster]
        if target.is_every_cluster:
            yield clusters(target.account, target.region)
            listing = known[clusters(target.account, target.region)].value_or_none()
            names = list(listing.items) if listing else []
        for name in names:
            yield cluster(target.account, target.region, name)
            found = known[cluster(target.account, target.region, name)].value_or_none()
            if found and further and not is_deleted(found):
                yield from further(config, _one_of(target, name), found, known)

    return needs


def judge_each(
    config: PreflightConfig, target: Target, facts: Facts, judge_one: JudgeOne, *, even_deleted: bool = False
) -> Judgement:
    """What `judge_one` says of every cluster that the target means; what cannot be seen of one hides no other.

    Raises NotApplicable where that is the verdict on all of them, Blocked where there is none.
    """
    require_role_and_region(config, target)
    asides: list[NotApplicable] = []
    names = [target.cluster]
    if target.is_every_cluster:
        listing = facts[clusters(target.account, target.region)].partial()
        yield from (Undetermined(f"{gap.what}: {gap.error}") for gap in listing.gaps)
        names = list(listing.items)
        if not names and not listing.gaps:
            raise Blocked(f"there is no ECS cluster in {target.account}/{target.region}")
    for name in names:
        one = _one_of(target, name)
        try:
            found = facts[cluster(one.account, one.region, one.cluster)].require()
            if is_deleted(found) and not even_deleted:
                raise Blocked(f"ECS cluster {name!r} is INACTIVE: it was deleted")
            yield from judge_one(config, one, found, facts)
        except NotApplicable as aside:
            asides.append(aside)
        except Verdict as verdict:
            yield type(verdict)(f"{name}: {verdict.reason}") if target.is_every_cluster else verdict
    if names and len(asides) == len(names):
        raise asides[0]


def require_role_and_region(config: PreflightConfig, target: Target) -> None:
    """Raises Blocked where the configuration gives nobody to ask as, or nowhere to ask."""
    managed_role_arn(config, target)
    if not target.region:
        raise Blocked(f"clouddriver knows no region of ECS account {target.account!r}")


def is_fargate_only(found: Cluster) -> bool:
    """No container instance is there, no capacity provider would bring one, and Fargate is offered or used."""
    return not found.registered_container_instances_count and not instance_providers(found) and offers_fargate(found)


def offers_fargate(found: Cluster) -> bool:
    """By its providers; or by the launch type alone, which needs none: tasks run where no container instance is."""
    if found.running_tasks_count and not found.registered_container_instances_count:
        return True
    return not _FARGATE_PROVIDERS.isdisjoint(found.capacity_providers)


def instance_providers(found: Cluster) -> tuple[str, ...]:
    """The names of the cluster's capacity providers that bring container instances: all but AWS's own two."""
    return tuple(name for name in found.capacity_providers if name not in _FARGATE_PROVIDERS)


def needs_instances(config: PreflightConfig, target: Target, found: Cluster) -> bool:
    """Whether deployments to the cluster depend on container instances of EC2, as far as anything says."""
    workloads = stated_workloads(config, target)
    if workloads:
        return any(workload.may_run_on_instances for workload in workloads)
    return not offers_fargate(found)


def stated_workloads(config: PreflightConfig, target: Target) -> tuple[Workload, ...]:
    """The workloads of an ECS cluster of which it is known, without asking, what they run on."""
    return tuple(workload for workload in config.workloads(target) if workload.launch_type or workload.providers)


def shown(name: str, longest: int = 40) -> str:
    """A name in quotes, shortened where it would not fit a summary: ECS takes 255 characters."""
    return repr(name if len(name) <= longest else f"{name[: longest - 3]}...")


def some_of(names: Iterator[str] | list[str] | tuple[str, ...], most: int = 5) -> str:
    """The first few, and how many more there are."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return f"{', '.join(listed[:most])}{more}"


def _one_of(target: Target, name: str) -> Target:
    """A target that names its cluster stands for itself, with its workload where it has one."""
    return Target(target.account, target.region, name) if target.is_every_cluster else target


def is_deleted(found: Cluster) -> bool:
    """A deleted cluster can be described for a while: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Cluster.html"""
    return found.status == "INACTIVE"
