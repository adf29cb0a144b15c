"""The whole run, on one screen."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ecs_preflight.capacity.inquiry import Inquiry
from ecs_preflight.capacity.model import CapacityReport
from ecs_preflight.capacity.survey import survey
from ecs_preflight.capacity.wish import Wish
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Question, Snapshot
from ecs_preflight.findings import CheckResult, Report
from ecs_preflight.judge import judge
from ecs_preflight.plan import Plan, make_plan

if TYPE_CHECKING:
    from typing import Any

    from ecs_preflight.aws.access import AwsAccess


class Progress(Protocol):
    """Told how a run goes on; the command line shows it on a terminal."""

    def answered(self, question: Question[Any]) -> None: ...

    def judged(self, result: CheckResult) -> None: ...


def run_preflight(
    config: PreflightConfig,
    access: AwsAccess | Snapshot,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    as_of: datetime | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keep: Callable[[Snapshot], object] | None = None,
) -> Report:
    """Judge a configuration against AWS, or against a snapshot of it.

    `select` and `ignore` take check ids, families, slugs and glob patterns of these. Waivers are judged at `as_of`
    (default: now). An `executor` carries one shard per account and region, on threads or in other processes. `keep` is given
    the snapshot that the report is judged from.
    Raises UsageError for an empty selection, AccessError where AWS cannot be asked anything at all.
    """
    started = time.monotonic()
    plan = make_plan(config, select, ignore)
    snapshot = _looked_at(plan, access, executor, progress)
    if keep:
        keep(snapshot)
    report = judge(plan, snapshot, as_of, progress.judged if progress else None)
    run = replace(report.run, duration_seconds=time.monotonic() - started, notes=tuple(_notes(config)))
    return replace(report, run=run)


def survey_capacity(
    config: PreflightConfig,
    access: AwsAccess | Snapshot,
    wish: Wish | None = None,
    *,
    executor: Executor | None = None,
    progress: Progress | None = None,
    keep: Callable[[Snapshot], object] | None = None,
) -> CapacityReport:
    """How many more tasks fit in the ECS clusters of a configuration, and what stops the next one.

    Raises UsageError for a wish that cannot be met (an instance to drain that is nowhere, an instance type that nobody
    knows, no cluster at all), AccessError where AWS cannot be asked anything.
    """
    inquiry = Inquiry(config, wish or Wish())
    snapshot = _looked_at(inquiry, access, executor, progress)
    if keep:
        keep(snapshot)
    return survey(inquiry, snapshot)


def _looked_at(
    inquiry: Plan | Inquiry, access: AwsAccess | Snapshot, executor: Executor | None, progress: Progress | None
) -> Snapshot:
    if isinstance(access, Snapshot):
        return access
    from ecs_preflight.gather.rounds import gather  # boto3 is not loaded to judge a snapshot

    return gather(inquiry, access, executor, observe=progress.answered if progress else None)


def _notes(config: PreflightConfig) -> Iterator[str]:
    """What was not stated and bears on many results."""
    if config.offline:
        yield "offline: only what needs no AWS was judged"
    if config.version is None:
        yield (
            "Spinnaker's version is not stated, so what any version needs is required; "
            "state it as spinnaker.version in preflight.yml, or with --spinnaker-version"
        )
    if config.managing_identity_arn is None and not config.offline:
        yield "managing_identity_arn is not stated in preflight.yml: whoever ran this is taken for Spinnaker"
