"""What a run says: a Problem is a check's, a Finding is a problem with its papers, a CheckResult is one check on one target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, IntEnum
from types import MappingProxyType

from ecs_preflight.errors import Location
from ecs_preflight.targets import Target

_SUMMARY_LIMIT = 100


class Severity(IntEnum):
    """How bad it is when a check fails, apart from whether it does."""

    INFO = 0
    """Worth knowing."""
    WARNING = 1
    """Works now, breaks later, or is degraded."""
    ERROR = 2
    """Deployments of some kind fail."""
    FATAL = 3
    """clouddriver does not start, or the account never loads, or none of its calls can succeed."""

    def __str__(self) -> str:
        return self.name


class Outcome(str, Enum):
    """What became of one check on one target. Only PASSED and NOT_APPLICABLE are green."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    BLOCKED = "BLOCKED"
    """What it judges does not exist."""
    UNDETERMINED = "UNDETERMINED"
    """AWS could not be asked, or what was learnt decides nothing."""
    NOT_APPLICABLE = "NOT_APPLICABLE"
    WAIVED = "WAIVED"

    def __str__(self) -> str:
        return self.value

    @property
    def is_green(self) -> bool:
        return self in (Outcome.PASSED, Outcome.NOT_APPLICABLE)


class Verdict(Exception):
    """Why a check can neither pass nor fail. Raised, it ends the check; yielded, the check goes on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Blocked(Verdict):
    """What the check judges does not exist."""


class Undetermined(Verdict):
    """AWS could not be asked, or what it said decides nothing."""


class NotApplicable(Verdict):
    """The check has nothing to judge here, and that is well."""


class Remark(Verdict):
    """Nothing that counts: what a reader should know of a pass, such as whom it was judged for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, as a check sees it."""

    summary: str
    """Under 100 characters, one line: names the thing and what was seen."""
    remediation: str = ""
    """What to do, ready to paste: the command or policy with the real ARN in it."""
    evidence: str = ""
    """What AWS or the file said."""
    location: Location | None = None
    severity: Severity | None = None
    """Lower than the check's where this case is milder; None for the check's own. Never higher."""

    def __post_init__(self) -> None:
        """Names that people chose have any length and any character: what a summary cannot hold of them, the evidence does."""
        line = " ".join(self.summary.splitlines())
        if len(line) >= _SUMMARY_LIMIT:
            object.__setattr__(self, "evidence", f"{line}\n{self.evidence}".rstrip())
            line = f"{line[: _SUMMARY_LIMIT - 4]}..."
        object.__setattr__(self, "summary", line)


@dataclass(frozen=True, slots=True)
class WaiverNote:
    """Why a result does not count, until when, and what it was before."""

    reason: str
    until: date
    original: Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with the papers of the check that found it."""

    check: str
    slug: str
    target: Target
    severity: Severity
    problem: Problem


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check on one target. `severity` is that of its worst problem, or the check's own where it has none."""

    check: str
    slug: str
    target: Target
    severity: Severity
    outcome: Outcome
    reason: str = ""
    problems: tuple[Problem, ...] = ()
    waiver: WaiverNote | None = None
    beside: Outcome | None = None
    """Of a failure beside which not everything could be looked at: what that part by itself would be. `reason` says why."""

    @property
    def key(self) -> tuple[str, str, Outcome]:
        """(check id, target id, outcome): the same whichever face the run was asked from."""
        return self.check, self.target.id, self.outcome

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The problems of a failed check; none of a waived one."""
        if self.outcome is not Outcome.FAILED:
            return ()
        return tuple(Finding(self.check, self.slug, self.target, self.severity_of(problem), problem) for problem in self.problems)

    def severity_of(self, problem: Problem) -> Severity:
        """A problem's own severity, else the result's. INFO is 0, and a severity all the same."""
        return self.severity if problem.severity is None else problem.severity


@dataclass(frozen=True, slots=True)
class RunInfo:
    """All that differs from run to run, kept apart from the results."""

    started_at: datetime
    taken_at: datetime | None = None
    """When AWS was asked; None where it was not."""
    source: str = "offline"
    """aws, snapshot, sandbox or offline."""
    duration_seconds: float | None = None
    calls: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """How often each API operation was called."""
    answered_by: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """For each question that was asked, the ARN of the identity that answered it."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Every result in plan order, and how the run went."""

    results: tuple[CheckResult, ...]
    run: RunInfo

    @property
    def findings(self) -> Iterator[Finding]:
        return (finding for result in self.results for finding in result.findings)

    @property
    def is_green(self) -> bool:
        """True where every check passed or did not apply: nothing failed, nothing was left unseen, nothing was waived."""
        return all(result.outcome.is_green for result in self.results)

    def counts(self) -> dict[str, int]:
        """How many results have each outcome; every outcome is listed."""
        seen = Counter(result.outcome for result in self.results)
        return {outcome.value: seen[outcome] for outcome in Outcome}

    def exit_code(self, fail_on: Severity = Severity.ERROR) -> int:
        """0: nothing at or above `fail_on`; 1: a check failed; 3: none failed, but one was undetermined or blocked."""
        weighty = [result.outcome for result in self.results if result.severity >= fail_on]
        if Outcome.FAILED in weighty:
            return 1
        if Outcome.UNDETERMINED in weighty or Outcome.BLOCKED in weighty:
            return 3
        return 0
