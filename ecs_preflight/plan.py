"""Which check on which target, decided before AWS is asked anything; and which questions follow from what is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from fnmatch import fnmatchcase
from typing import Any

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.checks._check import Check
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import UsageError
from ecs_preflight.facts import Kind, Question, Snapshot
from ecs_preflight.targets import Target


@dataclass(frozen=True)
class PlannedCheck:
    """One check on one target."""

    check: Check
    target: Target

    @property
    def id(self) -> str:
        return f"{self.check.id}[{self.target.id}]"

    def questions(self, config: PreflightConfig, known: Snapshot) -> frozenset[Question[Any]]:
        """What the check needs to be told, given what is known by now."""
        asked = frozenset(self.check.needs(config, self.target, known))
        for question in asked:
            if question.kind not in self.check.asks:
                raise LookupError(f"{self.check.id} needs {question}, a kind that it does not list")
        return asked


@dataclass(frozen=True)
class Plan:
    """Every planned check, in the order of the report."""

    config: PreflightConfig
    items: tuple[PlannedCheck, ...]
    selected: frozenset[Check] = frozenset()
    """The checks that were selected, those without a target too."""

    def questions(self, known: Snapshot) -> tuple[Question[Any], ...]:
        """Every question that is open given `known`, each once, in plan order."""
        return tuple(
            dict.fromkeys(
                question
                for item in self.items
                for question in sorted(item.questions(self.config, known), key=lambda question: question.id)
                if question not in known
            )
        )

    @property
    def kinds(self) -> tuple[Kind[Any], ...]:
        """Every kind of question that this plan may come to ask."""
        return tuple(dict.fromkeys(kind for item in self.items for kind in item.check.asks))


def make_plan(config: PreflightConfig, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Plan:
    """The plan for a configuration.

    `select` and `ignore` take check ids (TRUST001), families (TRUST), slugs and glob patterns of these; nothing
    selected means everything. Raises UsageError for a selector that names no check, and for a selection that
    leaves no check, or none with anything to judge.
    """
    selected = checks_named(select) if select else frozenset(ALL_CHECKS)
    chosen = selected - checks_named(ignore)
    if config.offline:
        chosen = frozenset(check for check in chosen if check.is_offline)
    if not chosen:
        hint = (
            "Every check that is selected needs AWS; --offline leaves these out."
            if config.offline
            else "Select more, or ignore less."
        )
        raise UsageError("the selection leaves no check to run", hint=hint)
    items = tuple(
        PlannedCheck(check, target) for check in ALL_CHECKS if check in chosen for target in dict.fromkeys(check.targets(config))
    )
    if not items:
        raise UsageError(
            "the selected checks have nothing to judge in this configuration",
            hint="It may name no ECS account, cluster or workload that they are about.",
        )
    return Plan(config, items, chosen)


def checks_named(selectors: Iterable[str]) -> frozenset[Check]:
    """The checks that the selectors name; UsageError, with a near miss, for one that names none."""
    named: set[Check] = set()
    for selector in selectors:
        matching = {check for check in ALL_CHECKS if _is_named(check, selector)}
        if not matching:
            names = [name for check in ALL_CHECKS for name in (check.id, check.slug, check.family)]
            near = _nearest(selector, names) or _nearest(selector.upper(), names)
            raise UsageError(
                f"no check is called {selector!r}",
                hint=f"Did you mean {near}?" if near else "ecs-preflight explain lists all checks.",
            )
        named |= matching
    return frozenset(named)


def _nearest(selector: str, names: Sequence[str]) -> str | None:
    """The name that is most alike, the first of several: difflib itself would give the last."""
    near = set(get_close_matches(selector, names, n=len(names)))
    return max(
        (name for name in names if name in near), key=lambda name: SequenceMatcher(None, name, selector).ratio(), default=None
    )


def _is_named(check: Check, selector: str) -> bool:
    return any(fnmatchcase(name.lower(), selector.lower()) for name in (check.id, check.family, check.slug))
