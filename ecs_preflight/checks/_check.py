"""What a check is: a pure function with its papers, the targets it is planned on, and the questions it needs answered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Fact, Kind, Question, Snapshot
from ecs_preflight.findings import CheckResult, Problem, Severity, Verdict
from ecs_preflight.targets import Target

T = TypeVar("T")
Questions = Iterable[Question[Any]]
Judgement = Iterator[Problem | Verdict]


@dataclass(frozen=True)
class Facts:
    """What one check may look at: the answers to the questions that it declared, and nothing else."""

    snapshot: Snapshot
    declared: frozenset[Question[Any]]
    results: tuple[CheckResult, ...] = ()
    """The results of all other checks, before waivers; for the checks that judge those."""
    selected: frozenset[str] = frozenset()
    """The ids of all checks that were selected, whether they have a target or not."""
    as_of: datetime = field(default_factory=lambda: datetime.now().astimezone())
    """When waivers are judged."""
    existing: frozenset[str] = frozenset()
    """The ids of all checks that there are, selected or not."""
    looked_at: set[Question[Any]] = field(default_factory=set, repr=False, compare=False)
    """Which answers the check has taken so far."""

    def __getitem__(self, question: Question[T]) -> Fact[T]:
        if question not in self.declared:
            raise LookupError(f"a check looked at {question}, which it does not declare")
        self.looked_at.add(question)
        return self.snapshot[question]

    @property
    def taken_at(self) -> datetime:
        """When AWS was asked: the moment that everything but waivers is judged at."""
        return self.snapshot.taken_at

    def token(self, secret: str) -> str:
        return self.snapshot.token(secret)


@dataclass(frozen=True)
class Check:
    """One check. Calling it judges one target; `needs` is asked again each round, with what is known by then."""

    id: str
    slug: str
    severity: Severity
    judge: Callable[[PreflightConfig, Target, Facts], Judgement]
    targets: Callable[[PreflightConfig], Iterable[Target]]
    needs: Callable[[PreflightConfig, Target, Snapshot], Questions]
    asks: tuple[Kind[Any], ...] = ()
    """Every kind of question that `needs` may ever give."""
    judges_results: bool = False
    """True for the checks that judge the results of the others (waivers)."""

    @property
    def name(self) -> str:
        """The good state, as the function is called."""
        return self.judge.__name__

    @property
    def family(self) -> str:
        return self.id.rstrip("0123456789")

    @property
    def is_offline(self) -> bool:
        return not self.asks

    @property
    def documentation(self) -> str:
        """The docstring with its three headings; the slug where Python was told to strip docstrings."""
        return inspect.getdoc(self.judge) or self.slug

    @property
    def headings(self) -> Mapping[str, str]:
        """The docstring's text by heading: what it checks, why it matters, how to fix it."""
        sections: dict[str, list[str]] = {}
        for line in self.documentation.splitlines():
            if line.startswith("## "):
                sections[line.removeprefix("## ").strip()] = []
            elif sections:
                list(sections.values())[-1].append(line)
        return {heading: "\n".join(lines).strip() for heading, lines in sections.items()}


def needs_nothing(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """The needs of a check that the configuration alone decides."""
    return ()


def check(
    check_id: str,
    slug: str,
    severity: Severity,
    *,
    on: Callable[[PreflightConfig], Iterable[Target]],
    needs: Callable[[PreflightConfig, Target, Snapshot], Questions] = needs_nothing,
    asks: tuple[Kind[Any], ...] = (),
    judges_results: bool = False,
) -> Callable[[Callable[[PreflightConfig, Target, Facts], Judgement]], Check]:
    """Make a Check of a function that yields a Problem for each thing that is wrong.

    The function may yield a Verdict (Undetermined, Blocked) for a part that it could not judge, or raise one to end.
    """

    def made(judge: Callable[[PreflightConfig, Target, Facts], Judgement]) -> Check:
        return Check(check_id, slug, severity, judge, on, needs, asks, judges_results)

    return made
