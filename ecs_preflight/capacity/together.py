"""What fits at once of workloads that compete: for container instances, for a quota of Fargate, for the addresses of subnets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from ecs_preflight.capacity.addresses import Addresses
from ecs_preflight.capacity.model import Answer, TogetherRoom, TogetherShare
from ecs_preflight.capacity.trials import Trial, agents_that_help, instances_that_help, what_makes_all_fit
from ecs_preflight.checks.fargate_room import FargateShare, vcpus_of
from ecs_preflight.checks.provider_groups import ProviderAndGroup
from ecs_preflight.checks.room import Wanted
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.ecs.workloads import JointPlacement, place_all
from ecs_preflight.ecs.workloads import Workload as JointWorkload
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Listing

Tasks = Sequence[RunningTask] | None
_NOT_WORKED_OUT = "they may take room on the same container instances, and how many fit at once was not worked out"
_SUBNETS_DIFFER = "they are in different subnets, and whether the zones have addresses for all at once was not worked out"


@dataclass(frozen=True)
class Rival:
    """A workload with its subnets, or tasks that instances which drain give up."""

    wanted: Wanted
    addresses: Addresses = field(default_factory=Addresses)
    is_displaced: bool = False

    @property
    def name(self) -> str:
        return self.wanted.workload.name


@dataclass(frozen=True)
class Circumstances:
    """What they compete in. `providers` None: what may be added was not read."""

    listing: Listing[ContainerInstance]
    tasks: Tasks
    providers: Sequence[ProviderAndGroup] | None = ()


def together_on_instances(rivals: Iterable[Rival], among: Circumstances) -> Iterator[TogetherRoom]:
    """Those of one launch type, or of the same capacity providers; and, undetermined, those that overlap beyond that."""
    groups: dict[tuple[str | None, tuple[str, ...]], list[Rival]] = {}
    for rival in rivals:
        if rival.wanted.count:
            workload = rival.wanted.workload
            groups.setdefault((workload.launch_type, workload.providers), []).append(rival)
    for those in groups.values():
        if len(those) > 1 or those[0].is_displaced:
            yield _of_group(those, among)
    for one, other in combinations(groups.values(), 2):
        if _overlap(one, other, among.listing.items) and not _surely_fit([*one, *other], among):
            yield undetermined([*one, *other], _NOT_WORKED_OUT)


def undetermined(rivals: Sequence[Rival], reason: str) -> TogetherRoom:
    """Where nothing is promised of any."""
    shares = tuple(TogetherShare(rival.name, rival.wanted.count, 0, rival.wanted.count) for rival in rivals)
    wanted = sum(share.wanted for share in shares)
    return TogetherRoom(wanted, None, 0, wanted, Answer.UNDETERMINED, shares, reason=reason)


def _of_group(those: Sequence[Rival], among: Circumstances) -> TogetherRoom:
    if among.listing.gaps:
        gap = among.listing.gaps[0]
        return undetermined(those, f"{gap.what}: {gap.error}")
    try:
        room = _placed(those, among.listing.items, among.tasks)
        return room if room.answer is not Answer.DOES_NOT_FIT else _with_more(room, those, among)
    except InputError as error:
        return undetermined(those, f"ECS would refuse it: {error}")


def _placed(those: Sequence[Rival], items: Sequence[ContainerInstance], tasks: Tasks) -> TogetherRoom:
    """Zones count where all that need addresses have the same subnets; where they differ, nothing is promised."""
    with_interfaces = [rival.addresses for rival in those if rival.wanted.workload.network_mode == "awsvpc"]
    limited = [addresses for addresses in with_interfaces if addresses.chosen is not None or addresses.doubt]
    are_alike = len(limited) == len(with_interfaces) and len({(one.chosen, one.doubt) for one in limited}) == 1
    placed = place_all(
        [_joint(rival.wanted) for rival in those],
        on=items,
        running_tasks=tasks,
        launch_type=those[0].wanted.workload.launch_type,
        capacity_provider=those[0].wanted.workload.providers or None,
        subnets=limited[0].chosen if are_alike else None,
    )
    room = _room(placed)
    doubt = next((one.doubt for one in limited if one.doubt), "" if are_alike or not limited else _SUBNETS_DIFFER)
    return replace(room, answer=Answer.UNDETERMINED, reason=doubt) if doubt and room.answer is Answer.FITS else room


def _with_more(room: TogetherRoom, those: Sequence[Rival], among: Circumstances) -> TogetherRoom:
    """What makes all fit, found by trial; where that is instances of a capacity provider, whether it adds them by itself."""

    def fits(items: Sequence[ContainerInstance]) -> bool:
        return _placed(those, items, among.tasks).answer is Answer.FITS

    first, items = those[0].wanted, among.listing.items
    if not first.workload.providers:
        trial = what_makes_all_fit(first, items, fits)
        return replace(room, fix=trial.told if trial else "")
    if among.providers is None:
        return replace(room, answer=Answer.UNDETERMINED, reason="what its capacity providers may add was not read")
    fresh = instances_that_help(first, items, fits)
    scaled = _scaled_out(room, fresh, first.workload.providers, among.providers)
    if scaled.answer is not Answer.DOES_NOT_FIT:
        return scaled
    trial = agents_that_help(items, fits) or fresh
    return replace(room, fix=trial.told if trial else "")


def _scaled_out(
    room: TogetherRoom, trial: Trial | None, names: Sequence[str], providers: Sequence[ProviderAndGroup]
) -> TogetherRoom:
    found = [provider for provider in providers if provider.name in names and provider.can_scale_from_zero]
    if not found:
        return room
    groups = [provider.group for provider in found]
    headroom = sum(max(group.max_size - group.desired_capacity, 0) if group else math.inf for group in groups)
    if trial is None or len(names) > 1:
        return (
            replace(room, answer=Answer.UNDETERMINED, reason="how many instances it takes was not worked out")
            if headroom
            else room
        )
    if trial.added > headroom:
        return room
    needed = "1 instance" if trial.added == 1 else f"{trial.added} instances"
    said = f"capacity provider {names[0]!r} needs {needed} more, which it adds by itself"
    return replace(room, answer=Answer.FITS_AFTER_SCALE_OUT, fix="", reason=said)


def _overlap(one: Sequence[Rival], other: Sequence[Rival], items: Sequence[ContainerInstance]) -> bool:
    """Tasks of a launch type go to any instance that is of it, those of capacity providers too."""
    first, second = one[0].wanted.workload, other[0].wanted.workload
    if first.providers and second.providers:
        return not set(first.providers).isdisjoint(second.providers)
    by_provider = first.providers or second.providers
    launch_type = second.launch_type if first.providers else first.launch_type
    return launch_type == "EC2" and any(instance.capacity_provider_name in by_provider for instance in items)


def _surely_fit(those: Sequence[Rival], among: Circumstances) -> bool:
    """Where all fit on the instances of one capacity provider alone, they do where some may go elsewhere as well."""
    providers = {rival.wanted.workload.providers for rival in those} - {()}
    if among.listing.gaps or len(providers) != 1:
        return False
    (names,) = providers
    narrowed = [_narrowed(rival, names) for rival in those]
    try:
        return _placed(narrowed, among.listing.items, among.tasks).answer is Answer.FITS
    except InputError:
        return False


def _narrowed(rival: Rival, providers: Sequence[str]) -> Rival:
    strategy = tuple({"capacityProvider": name, "weight": 1} for name in providers)
    workload = replace(rival.wanted.workload, launch_type=None, capacity_provider_strategy=strategy)
    return replace(rival, wanted=replace(rival.wanted, workload=workload))


def together_on_fargate(those: Sequence[tuple[Rival, Sequence[FargateShare]]]) -> Iterator[TogetherRoom]:
    """Workloads that want more of a vCPU quota together than it leaves; nothing where it is enough."""
    for provider in dict.fromkeys(share.provider for _, shares in those for share in shares):
        parts = [(rival, share) for rival, shares in those for share in shares if share.provider == provider and share.copies]
        if len(parts) < 2:
            continue
        needed = sum(share.copies * vcpus_of(rival.wanted.workload) for rival, share in parts)
        quota, in_use = parts[0][1].quota, parts[0][1].in_use
        if needed > quota - in_use:
            names = tuple(TogetherShare(rival.name, share.copies, 0, min(share.copies, share.fit)) for rival, share in parts)
            yield _too_few(names, f"they want {needed:g} vCPU of {provider}; {parts[0][1].told}")


def together_in_subnets(rivals: Iterable[Rival]) -> Iterator[TogetherRoom]:
    """Workloads that want more addresses of the same subnets together than these have free; nothing where there are enough."""
    limited = [rival for rival in rivals if rival.addresses.chosen is not None and rival.wanted.count]
    for chosen in dict.fromkeys(rival.addresses.chosen for rival in limited):
        pool = frozenset(subnet.subnet_id for subnet in chosen or ())
        those = [one for one in limited if {subnet.subnet_id for subnet in one.addresses.chosen or ()} <= pool]
        wanted, addresses = sum(one.wanted.count for one in those), Addresses(chosen)
        if len(those) < 2 or wanted <= addresses.certain:
            continue
        if wanted > addresses.most:
            shares = tuple(TogetherShare(one.name, one.wanted.count, 0, one.wanted.count) for one in those)
            yield replace(
                _too_few(shares, f"free addresses: {addresses.told}"), most=int(addresses.most), fix=those[0].addresses.fix
            )
        else:
            yield undetermined(those, f"not all free addresses were told: {addresses.told}")


def _too_few(shares: tuple[TogetherShare, ...], reason: str) -> TogetherRoom:
    wanted = sum(share.wanted for share in shares)
    most = min(sum(share.most for share in shares), wanted - 1)
    return TogetherRoom(wanted, None, 0, most, Answer.DOES_NOT_FIT, shares, reason=reason)


def _joint(one: Wanted) -> JointWorkload:
    workload = one.workload
    return JointWorkload(
        name=workload.name,
        task=one.task_definition,
        count=one.count,
        group=one.group,
        constraints=workload.placement_constraints,
        strategy=workload.placement_strategy,
    )


def _room(placed: JointPlacement) -> TogetherRoom:
    if placed.fewest >= placed.requested:
        answer = Answer.FITS
    elif placed.feasible is False or (placed.range_is_exact and placed.most < placed.requested):
        answer = Answer.DOES_NOT_FIT
    else:
        answer = Answer.UNDETERMINED
    most = placed.most if math.isfinite(placed.most) else placed.requested
    shares = tuple(
        TogetherShare(name, room.requested, int(room.fewest), int(min(room.most, room.requested)))
        for name, room in placed.by_workload.items()
    )
    return TogetherRoom(placed.requested, placed.optimal, placed.fewest, most, answer, shares)
