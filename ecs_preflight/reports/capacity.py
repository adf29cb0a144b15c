"""Room for people: a table of the workloads of each ECS cluster, then for each what binds, who refuses, and the fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ecs_preflight.capacity.model import (
    Answer,
    CapacityReport,
    ClusterRoom,
    InstanceRow,
    Limit,
    ScaleOutRoom,
    TogetherRoom,
    TogetherShare,
    WorkloadRoom,
)
from ecs_preflight.checks.each_cluster import some_of
from ecs_preflight.checks.refusals import REASON_OF_ECS, Refusal
from ecs_preflight.checks.room import number_of_instances
from ecs_preflight.reports.capacity_json import capacity_as_json
from ecs_preflight.reports.text import SIMULATED, printable_text

_ANSWERS = {
    Answer.FITS: "fits",
    Answer.FITS_AFTER_SCALE_OUT: "fits after scale-out",
    Answer.UNDETERMINED: "not determined",
}


def render_capacity(report: CapacityReport, format: str = "text", *, per_instance: bool = False) -> str:
    """The report as a document that ends in a line feed; `per_instance` lists every container instance, too."""
    if format == "json":
        return capacity_as_json(report, per_instance=per_instance)
    blocks = [*([[SIMULATED]] if report.source == "sandbox" else [])]
    for cluster in report.clusters:
        blocks += _cluster(cluster, per_instance)
    return printable_text("\n\n".join("\n".join(block) for block in blocks) + "\n")


def _cluster(cluster: ClusterRoom, per_instance: bool) -> Iterator[list[str]]:
    title = f"ECS cluster {cluster.target.id}"
    if cluster.unseen:
        yield [title, f"  not determined: {cluster.unseen}"]
        return
    yield [title, f"  {_state(cluster)}", *(f"  note: {note}" for note in cluster.notes), *_cautions(cluster)]
    if not cluster.workloads:
        yield ["  Fargate only: name a workload, or sizes with --launch-type FARGATE, to see how many fit."]
        return
    crowded = {name for joint in cluster.together if joint.answer is not Answer.FITS for name in joint.names}
    yield [f"  {line}" for line in _table(_HEAD, (_row(room, room.name in crowded) for room in cluster.workloads))]
    for room in cluster.workloads:
        yield list(_workload(room, cluster))
        if per_instance and room.instances:
            yield [f"    {line}" for line in _table(_INSTANCE_HEAD, map(_instance, room.instances))]
    for joint in cluster.together:
        yield list(_together(joint))


def _state(cluster: ClusterRoom) -> str:
    tasks = "1 task runs" if cluster.running_tasks == 1 else f"{cluster.running_tasks} tasks run"
    return f"{number_of_instances(cluster.registered)}; new tasks can go to {cluster.taking} of them; {tasks}"


def _cautions(cluster: ClusterRoom) -> Iterator[str]:
    """Each once, with the workloads that it is about where it is not about all."""
    about: dict[str, list[str]] = {}
    for room in cluster.workloads:
        for caution in room.cautions:
            about.setdefault(caution, []).append(room.name)
    for caution, names in about.items():
        whose = "" if len(names) == len(cluster.workloads) else f" ({some_of(names)})"
        yield f"  beware: {caution}{whose}"


_HEAD = ("workload", "more wanted", "more fit", "answer", "what binds")


def _row(room: WorkloadRoom, is_crowded: bool) -> tuple[str, ...]:
    wanted = "?" if room.wanted is None else str(room.wanted)
    binds = ", ".join(limit.code for limit in room.limits) or "-"
    alone = " alone" if is_crowded and room.answer is Answer.FITS else ""
    return room.name, wanted, "?" if room.unseen else _fit(room), f"{_answer(room)}{alone}", binds


def _fit(room: WorkloadRoom) -> str:
    if room.at_most is None:
        return f"{room.at_least} or more"
    return str(room.at_most) if room.at_least == room.at_most else f"{room.at_least} to {room.at_most}"


def _answer(room: WorkloadRoom) -> str:
    if room.answer is Answer.DOES_NOT_FIT:
        return f"{room.missing} do not fit" if room.missing != 1 else "1 does not fit"
    return _ANSWERS[room.answer]


def _workload(room: WorkloadRoom, cluster: ClusterRoom) -> Iterator[str]:
    if room.unseen:
        yield f"{room.name}: {room.unseen}"
        return
    wanted = "an unknown number is" if room.wanted is None else f"{room.wanted} more {'is' if room.wanted == 1 else 'are'}"
    fit = f"{_fit(room)} {'fits' if _fit(room) == '1' else 'fit'}"
    yield f"{room.name}: {wanted} wanted, {fit}; on {_place(room)}, one copy takes {room.size}"
    if room.limits:
        yield f"  binds    {', '.join(_limit(limit) for limit in room.limits)}"
    for refusal in room.refusals:
        yield f"  refused  {'the next' if room.at_most is None else f'copy {room.at_most + 1}'} {_refused(refusal, cluster)}"
    if room.fix:
        yield f"  {'fix ' if room.answer is Answer.DOES_NOT_FIT else 'more'}     {room.fix}".replace("\n", f"\n{' ' * 11}")
    if room.scale_out:
        yield f"  later    {_later(room.scale_out, room)}"
    yield from (f"  doubt    {doubt}" for doubt in room.doubts)


def _later(scaled: ScaleOutRoom, room: WorkloadRoom) -> str:
    fit = str(scaled.at_most) if scaled.at_least == scaled.at_most else f"{scaled.at_least} to {scaled.at_most}"
    return f"{fit} of {room.wanted} after scale-out: {'; '.join(scaled.notes)}"


def _limit(limit: Limit) -> str:
    if limit.without is None:
        return f"{limit.code}: {limit.told}" if limit.told else limit.code
    without = "any number" if limit.without == float("inf") else f"{limit.without:.0f}"
    return f"{limit.code} ({without} would fit if that alone were no limit)"


def _refused(refusal: Refusal, cluster: ClusterRoom) -> str:
    """`by 2 of 3 container instances, RESOURCE:MEMORY: has too little memory left then (i-0a, i-0b)`."""
    names = some_of([cluster.names[arn] for arn in refusal.instances])
    said = "".join(f", {reason}" for reason in dict.fromkeys(REASON_OF_ECS.get(code, code) for code in refusal.codes))
    return f"by {len(refusal.instances)} of {number_of_instances(cluster.registered)}{said}: {refusal.words} ({names})"


_INSTANCE_HEAD = ("instance", "type", "zone", "status", "free CPU", "free MiB", "copies", "why not the next")


def _instance(row: InstanceRow) -> tuple[str, ...]:
    why = ", ".join(row.refusal.codes) if row.refusal else "-"
    place = (row.name, row.instance_type or "-", row.zone or "-", row.status)
    return (*place, str(row.free_cpu), str(row.free_memory), str(row.copies), why)


def _place(room: WorkloadRoom) -> str:
    return room.runs_on if room.runs_on in ("EC2", "EXTERNAL", "FARGATE") else f"capacity provider {room.runs_on}"


def _together(joint: TogetherRoom) -> Iterator[str]:
    """What of all that competes fits at once, of each how many, and what helps."""
    if not joint.shares:
        yield f"Together: not determined: {joint.reason}"
        return
    yield f"Together, {_listed(joint.names)} want {joint.wanted} copies: {_told_together(joint)}"
    if joint.answer is not Answer.FITS and any(share.most < share.wanted for share in joint.shares):
        yield f"  each     {'; '.join(map(_share, joint.shares))}"
    if joint.reason:
        yield f"  because  {joint.reason}"
    if joint.best is not None and joint.most < joint.best:
        yield f"  best     arranged as well as can be, {joint.best} would fit"
    if joint.fix:
        yield f"  fix      {joint.fix}".replace("\n", f"\n{' ' * 11}")


def _told_together(joint: TogetherRoom) -> str:
    if joint.answer is Answer.FITS:
        return "all fit."
    if joint.answer is Answer.FITS_AFTER_SCALE_OUT:
        return "all fit after scale-out."
    if joint.answer is Answer.UNDETERMINED and joint.most >= joint.wanted:
        return "not determined."
    if joint.fewest < joint.most:
        return f"{joint.fewest} to {joint.most} fit, as ECS happens to place them."
    return f"{joint.most} fit, {joint.wanted - joint.most} do not."


def _share(share: TogetherShare) -> str:
    fit = str(share.most) if share.fewest == share.most else f"{share.fewest} to {share.most}"
    return f"{share.name}: {fit} of {share.wanted}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as they need to be; numbers stand to the right."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    numbers = [all(line[column].isdigit() for line in lines[1:]) for column in range(len(head))]
    for line in lines:
        cells = zip(line, widths, numbers, strict=True)
        yield "  ".join(text.rjust(width) if number else text.ljust(width) for text, width, number in cells).rstrip()
