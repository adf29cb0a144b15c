"""The answer, in plain values: for each ECS cluster and workload, how many more copies fit, and what stops the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from ecs_preflight.checks.refusals import Refusal
from ecs_preflight.targets import Target


class Answer(str, Enum):
    """Whether all the copies that are wanted fit."""

    FITS = "FITS"
    FITS_AFTER_SCALE_OUT = "FITS_AFTER_SCALE_OUT"
    """Not now, and for certain once capacity providers have added what they may."""
    DOES_NOT_FIT = "DOES_NOT_FIT"
    UNDETERMINED = "UNDETERMINED"


@dataclass(frozen=True, slots=True)
class Limit:
    """What binds: a code of ECS's failures, or VCPU_QUOTA; and how many copies would fit without it, where that is more."""

    code: str
    without: float | None = None
    told: str = ""
    """The figures of a quota."""


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One container instance: what is free on it, how many copies it takes, and why not the next."""

    name: str
    """Its EC2 instance id, or its ARN where it has none."""
    arn: str
    instance_type: str
    zone: str
    status: str
    free_cpu: int
    free_memory: int
    copies: int
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class ScaleOutRoom:
    """What capacity providers may add: instances, and the copies that fit then, at the least and at the most."""

    providers: tuple[str, ...]
    instances: int
    at_least: int
    at_most: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkloadRoom:
    """One workload in one ECS cluster.

    Of `wanted` copies (None: not known), `at_least` fit for certain and at most `at_most` (None: not known). Where it could
    not be judged at all, `unseen` says why.
    """

    name: str
    answer: Answer
    wanted: int | None
    at_least: int = 0
    at_most: int | None = None
    runs_on: str = "EC2"
    """EC2, EXTERNAL, FARGATE, or the capacity providers."""
    size: str = ""
    """What one copy takes: `256 CPU units, 512 MiB`."""
    limits: tuple[Limit, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    fix: str = ""
    doubts: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    scale_out: ScaleOutRoom | None = None
    instances: tuple[InstanceRow, ...] = ()
    unseen: str = ""

    @property
    def missing(self) -> int:
        """Copies that find no place now."""
        return max((self.wanted or 0) - (self.at_most if self.at_most is not None else self.wanted or 0), 0)


@dataclass(frozen=True, slots=True)
class TogetherShare:
    """What one of several workloads gets of the room: of `wanted` copies, ECS places `fewest` to `most`."""

    name: str
    wanted: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class TogetherRoom:
    """Workloads at once: ECS places `fewest` to `most` of their copies, a packing holds `best` (None: not worked out)."""

    wanted: int
    best: int | None
    fewest: int
    most: int
    answer: Answer
    shares: tuple[TogetherShare, ...]
    fix: str = ""
    """What makes all fit; empty where nothing that was tried does."""
    reason: str = ""
    """Why the answer is what it is, where the shares do not say so."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(share.name for share in self.shares)


@dataclass(frozen=True, slots=True)
class ClusterRoom:
    """One ECS cluster. Where it could not be looked at, or is not there, `unseen` says why."""

    target: Target
    registered: int = 0
    taking: int = 0
    """Container instances that take tasks: ACTIVE, with an agent that is connected."""
    running_tasks: int = 0
    workloads: tuple[WorkloadRoom, ...] = ()
    together: tuple[TogetherRoom, ...] = ()
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """What container instances are called, by ARN."""
    unseen: str = ""

    @property
    def answers(self) -> tuple[Answer, ...]:
        if self.unseen:
            return (Answer.UNDETERMINED,)
        return (*(room.answer for room in self.workloads), *(room.answer for room in self.together))


@dataclass(frozen=True, slots=True)
class CapacityReport:
    """All clusters, and what they were looked at with."""

    clusters: tuple[ClusterRoom, ...]
    source: str
    taken_at: datetime
    calls: Mapping[str, int] = field(default_factory=dict)

    @property
    def answer(self) -> Answer:
        """The worst: that something does not fit outweighs what could not be seen."""
        answers = {answer for cluster in self.clusters for answer in cluster.answers}
        order = (Answer.DOES_NOT_FIT, Answer.UNDETERMINED, Answer.FITS_AFTER_SCALE_OUT, Answer.FITS)
        return next((answer for answer in order if answer in answers), Answer.UNDETERMINED)

    @property
    def exit_code(self) -> int:
        """0 all copies fit, now or after scale-out; 1 some do not; 3 undetermined."""
        return {Answer.DOES_NOT_FIT: 1, Answer.UNDETERMINED: 3}.get(self.answer, 0)
