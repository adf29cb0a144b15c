"""`ecs-preflight capacity`: how many more tasks fit, and what stops the next one. Parses, calls, prints."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ecs_preflight.configuration_options import add_configuration_options, add_reach_options, configured
from ecs_preflight.output import require_writable, write_document

if TYPE_CHECKING:
    from ecs_preflight.capacity.wish import Wish
    from ecs_preflight.facts import Snapshot

EXIT_CODES = """\
exit codes:
  0  all copies that are wanted fit, now or once capacity providers have scaled out
  1  some do not
  2  the input cannot be read, or AWS cannot be asked anything
  3  whether all fit could not be determined
  4  a fault of ecs-preflight itself
"""


def add_capacity_options(capacity: argparse.ArgumentParser) -> None:
    capacity.description = (
        "Says how many more copies of each workload fit in its ECS cluster, what stops the next one, and what to do. "
        "Where no workload is given: of the largest task that runs."
    )
    add_configuration_options(capacity)
    size = capacity.add_argument_group("a task of these sizes, in the place of the workloads")
    size.add_argument("--cpu", type=int, metavar="UNITS", help="CPU units of one copy; 1024 is one vCPU")
    size.add_argument("--memory", type=int, metavar="MIB", help="MiB of one copy")
    size.add_argument("--network-mode", choices=("bridge", "host", "awsvpc", "none"), help="bridge where it is not said")
    size.add_argument("--launch-type", choices=("EC2", "FARGATE", "EXTERNAL"), help="EC2 where it is not said")
    size.add_argument("--count", type=int, metavar="N", help="how many copies are wanted; 1 where it is not said")
    change = capacity.add_argument_group("what if")
    change.add_argument("--drain", action="append", default=[], metavar="INSTANCE", help="an instance drains: EC2 id, or ARN")
    change.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="3xm5.large",
        help="fresh instances of a type join; 3xm5.large@NAME: those of a capacity provider",
    )
    add_reach_options(capacity)
    report = capacity.add_argument_group("the report")
    report.add_argument("--per-instance", action="store_true", help="a row for each container instance")
    report.add_argument("--format", choices=("text", "json"), default="text")
    report.add_argument("--output", metavar="FILE", help="write the report there instead of to stdout")
    report.add_argument("--exit-zero", action="store_true", help="exit 0 whatever fits")


def run_capacity(options: argparse.Namespace) -> int:
    from ecs_preflight.progress import TerminalProgress
    from ecs_preflight.reach import reached
    from ecs_preflight.reports.capacity import render_capacity
    from ecs_preflight.runner import survey_capacity
    from ecs_preflight.snapshot_file import save_snapshot

    config, wish = configured(options), _wish(options)
    require_writable(options.output)
    require_writable(options.save_snapshot)
    beside = options.files[0] if options.sandbox else None
    kept: list[Snapshot] = []
    with (
        reached(config, snapshot=options.snapshot, sandbox_beside=beside, profile=options.profile) as access,
        TerminalProgress(sys.stderr) as progress,
    ):
        report = survey_capacity(config, access, wish, progress=progress, keep=kept.append)
    write_document(render_capacity(report, options.format, per_instance=options.per_instance), options.output)
    if options.save_snapshot:
        save_snapshot(kept[0], options.save_snapshot)
    return 0 if options.exit_zero else report.exit_code


def _wish(options: argparse.Namespace) -> Wish:
    from ecs_preflight.capacity.wish import Added, Wish, wished_size
    from ecs_preflight.targets import Target

    return Wish(
        clusters=tuple(Target.parse(text) for text in options.cluster),
        size=wished_size(
            cpu=options.cpu,
            memory=options.memory,
            network_mode=options.network_mode,
            launch_type=options.launch_type,
            desired_count=options.count,
        ),
        drained=tuple(options.drain),
        added=tuple(Added.parse(text) for text in options.add),
    )
