"""Facts to room: for each ECS cluster and workload, how many more copies fit, and what stops the next one. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ecs_preflight.capacity.addresses import Addresses, addresses_of, within
from ecs_preflight.capacity.after_scale_out import with_scale_out
from ecs_preflight.capacity.changes import changed, is_drained, notes_of, require_drained_are_there, require_providers_are_there
from ecs_preflight.capacity.displaced import displaced
from ecs_preflight.capacity.inquiry import Inquiry
from ecs_preflight.capacity.model import Answer, CapacityReport, ClusterRoom, TogetherRoom, WorkloadRoom
from ecs_preflight.capacity.on_fargate import room_on_fargate
from ecs_preflight.capacity.on_instances import room_on_instances
from ecs_preflight.capacity.together import (
    Circumstances,
    Rival,
    together_in_subnets,
    together_on_fargate,
    together_on_instances,
    undetermined,
)
from ecs_preflight.capacity.wish import Wish
from ecs_preflight.checks._check import Facts
from ecs_preflight.checks.each_cluster import is_deleted, is_fargate_only, require_role_and_region
from ecs_preflight.checks.fargate_room import FargateShare
from ecs_preflight.checks.fresh_instances import tasks_on
from ecs_preflight.checks.largest_task import USUAL_CPU, USUAL_MEMORY, like_the_largest
from ecs_preflight.checks.provider_groups import providers_of
from ecs_preflight.checks.room import Wanted, name_of
from ecs_preflight.checks.workload_facts import completed
from ecs_preflight.checks.workload_room import BUT_THE_COUNT
from ecs_preflight.ecs.cluster import Cluster
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.errors import UsageError
from ecs_preflight.facts import Listing, Snapshot
from ecs_preflight.findings import Verdict
from ecs_preflight.questions import cluster, clusters, container_instances, running_tasks
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

_ARN = re.compile(r"arn:[\w-]+:ecs:[\w-]*:\d*:container-instance/[\w/-]+")
_LARGEST = "the largest running task"


def survey(inquiry: Inquiry, snapshot: Snapshot) -> CapacityReport:
    """The answer from a snapshot.

    Raises UsageError for an instance that is to be drained and is nowhere, and where instances are to be added and it is not
    one cluster that is looked at.
    """
    facts = Facts(snapshot, inquiry.asked(snapshot))
    looked = [seen for target in inquiry.targets for seen in _looked_at(inquiry, target, facts)]
    require_drained_are_there(inquiry.wish, (instance for seen in looked for instance in seen.instances.items))
    if inquiry.wish.added and len(looked) != 1:
        raise UsageError(f"--add: there are {len(looked)} ECS clusters to add to", hint="Name one with --cluster.")
    for seen in looked:
        require_providers_are_there(inquiry.wish, seen.found.capacity_providers if seen.found else ())
    return CapacityReport(
        clusters=tuple(_room(inquiry, seen, facts) for seen in looked),
        source=snapshot.source,
        taken_at=snapshot.taken_at,
        calls=dict(snapshot.calls),
    )


@dataclass(frozen=True)
class _Seen:
    """What was seen of one cluster: its instances as they are, and its tasks, where they were asked for and read."""

    target: Target
    found: Cluster | None = None
    instances: Listing[ContainerInstance] = field(default_factory=Listing)
    tasks: tuple[RunningTask, ...] | None = None
    notes: tuple[str, ...] = ()
    unseen: str = ""


def _looked_at(inquiry: Inquiry, target: Target, facts: Facts) -> Iterator[_Seen]:
    try:
        require_role_and_region(inquiry.config, target)
        if not target.is_every_cluster:
            yield _seen(target, facts)
            return
        listing = facts[clusters(target.account, target.region)].partial()
    except Verdict as verdict:
        yield _Seen(target, unseen=verdict.reason)
        return
    for gap in listing.gaps:
        yield _Seen(target, unseen=f"{gap.what}: {gap.error}")
    if not listing.items and not listing.gaps:
        yield _Seen(target, unseen="there is no ECS cluster")
    for name in listing.items:
        yield _seen(Target(target.account, target.region, name), facts)


def _seen(target: Target, facts: Facts) -> _Seen:
    seen = _Seen(target)
    try:
        found = facts[cluster(target.account, target.region, target.cluster)].require()
        if is_deleted(found):
            return replace(seen, unseen="the ECS cluster is INACTIVE: it was deleted")
        seen = replace(seen, found=found)
        asked = container_instances(target.account, target.region, target.cluster)
        if asked in facts.declared:
            seen = replace(seen, instances=facts[asked].partial())
    except Verdict as verdict:
        return replace(seen, unseen=verdict.reason)
    return _with_tasks(seen, facts)


def _with_tasks(seen: _Seen, facts: Facts) -> _Seen:
    """Tasks that could not be read make bounds of the numbers, and the cluster no less seen."""
    target = seen.target
    asked = running_tasks(target.account, target.region, target.cluster)
    if asked not in facts.declared:
        return seen
    try:
        return replace(seen, tasks=facts[asked].require().items)
    except Verdict as verdict:
        return replace(seen, notes=(f"Which tasks run was not read: {verdict.reason}",))


def _room(inquiry: Inquiry, seen: _Seen, facts: Facts) -> ClusterRoom:
    if seen.unseen or seen.found is None:
        return ClusterRoom(seen.target, unseen=seen.unseen)
    wish = inquiry.wish
    listing = changed(seen.instances, wish)
    rooms: list[WorkloadRoom] = []
    placed: list[Rival] = []
    on_fargate: list[tuple[Rival, tuple[FargateShare, ...]]] = []
    workloads = inquiry.workloads(seen.target)
    if not workloads and not is_fargate_only(seen.found):
        if seen.tasks is None:
            rooms.append(WorkloadRoom(_LARGEST, Answer.UNDETERMINED, None, unseen="which tasks run was not read"))
        else:
            workloads = (_more_of_the_largest(inquiry, seen.tasks, listing),)
    for workload in workloads:
        try:
            whole = completed(seen.target, workload, facts)
            whole.require(*BUT_THE_COUNT)
            wanted = Wanted(whole.name, whole, 0 if "desired_count" in whole.unknown else whole.desired_count)
            addresses = addresses_of(seen.target, whole, facts)
            if whole.runs_on_fargate:
                room, shares = room_on_fargate(seen.target, wanted, facts, addresses)
                rooms.append(room)
                if shares:
                    on_fargate.append((Rival(wanted, addresses), shares))
                continue
        except Verdict as verdict:
            rooms.append(WorkloadRoom(workload.name, Answer.UNDETERMINED, None, unseen=verdict.reason))
            continue
        rooms.append(_on_instances(seen, wanted, listing, facts, addresses))
        placed.append(Rival(wanted, addresses))
    names = {instance.container_instance_arn: name_of(instance) for instance in listing.items}
    return ClusterRoom(
        target=seen.target,
        registered=len(listing.items),
        taking=sum(instance.status == "ACTIVE" and instance.agent_connected for instance in listing.items),
        running_tasks=seen.found.running_tasks_count,
        workloads=tuple(_by_name(room, names) for room in rooms),
        together=(
            *together_on_instances((*placed, *_displaced(seen, wish)), _circumstances(seen, listing, placed, facts)),
            *together_on_fargate(on_fargate),
            *together_in_subnets((*placed, *(rival for rival, _ in on_fargate))),
            *_displaced_unseen(seen, wish),
        ),
        notes=(
            *seen.notes,
            *_seen_by_another(seen.target, facts),
            *notes_of(wish, seen.instances.items, tasks_are_read=seen.tasks is not None),
        ),
        names=names,
    )


def _seen_by_another(target: Target, facts: Facts) -> Iterator[str]:
    """The reader's answers are as good as any here; that Spinnaker's own role has none is worth a line."""
    about = {question for question in facts.declared if question.arguments[:1] == (target.cluster,)}
    told = {text for question, text in facts.snapshot.stand_ins.items() if question in about}
    return (f"The managed role cannot see this, and the reader did: {text}" for text in sorted(told))


def _by_name(room: WorkloadRoom, names: Mapping[str, str]) -> WorkloadRoom:
    """What is said of container instances says their EC2 instance ids, which are shorter, and known."""

    def named(text: str) -> str:
        return _ARN.sub(lambda arn: names.get(arn[0], arn[0]), text)

    return replace(room, doubts=tuple(map(named, room.doubts)), cautions=tuple(map(named, room.cautions)))


def _on_instances(
    seen: _Seen, wanted: Wanted, listing: Listing[ContainerInstance], facts: Facts, addresses: Addresses
) -> WorkloadRoom:
    room = room_on_instances(wanted, listing, seen.tasks, addresses)
    if seen.found is None or not wanted.workload.providers or room.unseen:
        return room
    try:
        providers = providers_of(seen.target, seen.found, facts)
    except Verdict as verdict:
        said = f"what its capacity providers may add: {verdict.reason}"
        answer = room.answer if room.answer is Answer.FITS else Answer.UNDETERMINED
        return replace(room, answer=answer, doubts=(*room.doubts, said))
    return within(with_scale_out(room, wanted, listing.items, seen.tasks, providers, addresses), addresses)


def _displaced(seen: _Seen, wish: Wish) -> Iterator[Rival]:
    """They give back the addresses that they have, and so their number counts nowhere."""
    drained = (instance for instance in seen.instances.items if is_drained(instance, wish))
    return (Rival(one, is_displaced=True) for one in displaced(seen.tasks or (), drained))


def _displaced_unseen(seen: _Seen, wish: Wish) -> Iterator[TogetherRoom]:
    """What drains runs tasks, and nobody could read which."""
    if seen.tasks is None and any(is_drained(one, wish) and tasks_on(one) for one in seen.instances.items):
        yield undetermined((), "which tasks drain was not read")


def _circumstances(seen: _Seen, listing: Listing[ContainerInstance], placed: Sequence[Rival], facts: Facts) -> Circumstances:
    if seen.found is None or not any(rival.wanted.workload.providers for rival in placed):
        return Circumstances(listing, seen.tasks)
    try:
        return Circumstances(listing, seen.tasks, providers_of(seen.target, seen.found, facts))
    except Verdict:
        return Circumstances(listing, seen.tasks, None)


def _more_of_the_largest(inquiry: Inquiry, tasks: tuple[RunningTask, ...], listing: Listing[ContainerInstance]) -> Workload:
    """Where no workload is given, as CAPACITY010 has it."""
    largest = like_the_largest(tasks, listing.items)
    name = _LARGEST if tasks else f"a task of {USUAL_CPU} CPU units, {USUAL_MEMORY} MiB"
    return replace(largest, name=name, desired_count=inquiry.config.thresholds.copies)
