"""The cluster query language: which container instances an expression of `memberOf` matches.

    or := and (("or" | "||") and)*      and := unary (("and" | "&&") unary)*
    unary := ("not" | "!") unary | "(" or ")" | subject operator [argument]

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Literal, TypeAlias

from ecs_preflight.ecs._model import read_shape
from ecs_preflight.ecs.instance import ContainerInstance
from ecs_preflight.ecs.java_regex import compile_java_regex
from ecs_preflight.ecs.query_terms import (
    ATTRIBUTE,
    DOCUMENTED_OPERATORS,
    OPERATORS,
    OPERATORS_OF_SUBJECT,
    Comparison,
    GroupComparison,
    Test,
    all_of,
    any_of,
    existence_test,
    list_test,
    ordering_test,
    reader_of,
    regex_test,
)
from ecs_preflight.ecs.query_text import QueryError, QueryText
from ecs_preflight.errors import InputError

# "Cluster query language statements can have a maximum length of 2000 characters."
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementConstraint.html
MAX_EXPRESSION = 2000
# Ours: nobody writes so many, and each costs some of Python's own stack.
MAX_DEPTH = 50

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attribute.html
_ATTRIBUTE_NAME = re.compile(r"[\w./\\-]{1,128}", re.ASCII)
_OPEN_ENDED = re.compile(r"^(\.\*|\^)|(\.\*|\$)$")


class UndecidedQueryError(InputError):
    """Whether the instance matches cannot be told here: a Java construct, RE2 missing, or tasks not read."""


@dataclass(frozen=True, slots=True)
class Junction:
    """Several terms, all or any of which must hold; `not` has one."""

    kind: Literal["and", "or", "not"]
    terms: tuple[Term, ...]

    def decide(self, instance: ContainerInstance, task_groups: Collection[str] | None) -> bool | None:
        """Kleene's logic over the terms."""
        verdicts = (term.decide(instance, task_groups) for term in self.terms)
        if self.kind == "not":
            verdict = next(verdicts)
            return None if verdict is None else not verdict
        return all_of(verdicts) if self.kind == "and" else any_of(verdicts)


Term: TypeAlias = Comparison | GroupComparison | Junction


@dataclass(frozen=True, slots=True)
class ClusterQuery:
    """A compiled expression; `warnings` lists where it leaves what the guide documents.

    `subjects` are what it reads of an instance itself, `running_tasks_counts` the numbers that it compares
    runningTasksCount with, and `reads_groups` says whether it reads task:group.
    """

    expression: str
    term: Term
    warnings: tuple[str, ...]
    subjects: frozenset[str]
    running_tasks_counts: frozenset[int]
    reads_groups: bool

    def decide(self, instance: ContainerInstance, task_groups: Collection[str] | None = ()) -> bool | None:
        """Whether `instance` matches; None where that cannot be told. Groups that were not read are None."""
        return self.term.decide(instance, task_groups)

    def matches(self, instance: ContainerInstance | Mapping[str, Any], task_groups: Collection[str] | None = ()) -> bool:
        """Whether `instance`, running tasks of `task_groups`, matches; raises UndecidedQueryError rather than guess."""
        verdict = self.decide(read_shape(ContainerInstance, instance, name="container instance"), task_groups)
        if verdict is None:
            raise UndecidedQueryError(
                f"Whether an instance matches {self.expression!r} cannot be told.",
                hint="; ".join(self.warnings) or "Give the groups of the tasks that run on it.",
            )
        return verdict


@lru_cache(maxsize=1024)
def compile_query(expression: str) -> ClusterQuery:
    """The compiled `expression`; raises QueryError, with the position, where it is none."""
    if len(expression) > MAX_EXPRESSION:
        raise QueryError(f"an expression has at most {MAX_EXPRESSION} characters", expression, MAX_EXPRESSION)
    parser = _Parser(QueryText(expression))
    term = parser.whole()
    warnings = tuple(dict.fromkeys(parser.warnings))
    parts = tuple(_comparisons(term))
    comparisons = [part for part in parts if isinstance(part, Comparison)]
    return ClusterQuery(
        expression,
        term,
        warnings,
        subjects=frozenset(comparison.subject for comparison in comparisons),
        running_tasks_counts=frozenset(
            int(comparison.argument) for comparison in comparisons if comparison.subject == "runningTasksCount"
        ),
        reads_groups=len(comparisons) < len(parts),
    )


def _comparisons(term: Term) -> Iterator[Comparison | GroupComparison]:
    if isinstance(term, Junction):
        for part in term.terms:
            yield from _comparisons(part)
    else:
        yield term


class _Parser:
    """Recursive descent; collects warnings on the way."""

    def __init__(self, text: QueryText) -> None:
        self.text = text
        self.warnings: list[str] = []
        self.depth = 0

    def whole(self) -> Term:
        if self.text.at_end():
            raise self.text.error("the expression is empty")
        term = self._or()
        if self.text.take(")"):
            raise self.text.error("this parenthesis was never opened", self.text.position - 1)
        if not self.text.at_end():
            raise self.text.error(f"expected and, or, or the end instead of {self.text.rest.split()[0]!r}")
        if self.text.double_quoted:
            self.warnings.append("the guide quotes values with ' only")
        return term

    def _or(self) -> Term:
        first, joined = self._and()
        terms = [first]
        while self.text.take_word("or") or self.text.take("||"):
            term, joins = self._and()
            terms.append(term)
            joined = joined or joins
        if len(terms) == 1:
            return first
        if joined:
            self.warnings.append("which of and and or binds first is not documented: write parentheses")
        return Junction("or", tuple(terms))

    def _and(self) -> tuple[Term, bool]:
        """The term, and whether an `and` was written to make it."""
        terms = [self._unary()]
        while self.text.take_word("and") or self.text.take("&&"):
            terms.append(self._unary())
        return (terms[0], False) if len(terms) == 1 else (Junction("and", tuple(terms)), True)

    def _unary(self) -> Term:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.text.error(f"more than {MAX_DEPTH} parentheses and nots inside each other")
        term = self._negation_or_group_or_comparison()
        self.depth -= 1
        return term

    def _negation_or_group_or_comparison(self) -> Term:
        if self.text.take_word("not") or self.text.take("!"):
            if self.text.rest.startswith("("):
                return Junction("not", (self._group(),))
            self.warnings.append("how far a not without parentheses reaches is not documented: write not(...)")
            return Junction("not", (self._unary(),))
        if not self.text.rest.startswith("("):
            return self._comparison()
        term = self._group()
        if isinstance(term, Comparison):
            self.warnings.append("parentheses around a single comparison are not documented")
        return term

    def _group(self) -> Term:
        opening = self.text.skip_space()
        self.text.take("(")
        term = self._or()
        if not self.text.take(")"):
            raise self.text.error("this parenthesis is never closed", opening)
        return term

    def _comparison(self) -> Comparison | GroupComparison:
        subject = self._subject()
        kind = "attribute" if subject.startswith(ATTRIBUTE) else subject
        start = self.text.skip_space()
        word = self.text.take_operator()
        op = OPERATORS.get(word)
        if op is None:
            raise self.text.error(f"there is no operator {word!r}{_near(word, OPERATORS)}", start)
        if op not in OPERATORS_OF_SUBJECT[kind]:
            accepted = " ".join(sorted(OPERATORS_OF_SUBJECT[kind]))
            raise self.text.error(f"{kind} does not take {word}; it takes {accepted}", start)
        if op not in DOCUMENTED_OPERATORS[kind]:
            self.warnings.append(f"{word} on {kind} is not documented")
        argument, holds = self._test(kind, op)
        if subject == "task:group":
            return GroupComparison(op, holds)
        return Comparison(subject, op, argument, reader_of(subject), holds)

    def _subject(self) -> str:
        start = self.text.skip_space()
        word = self.text.take_subject()
        if word.startswith(ATTRIBUTE):
            name = word.removeprefix(ATTRIBUTE)
            if not _ATTRIBUTE_NAME.fullmatch(name):
                raise self.text.error("attribute: wants a name of letters, digits and - _ . / \\ after it", start)
            return word
        if word not in OPERATORS_OF_SUBJECT or word == "attribute":
            known = [*OPERATORS_OF_SUBJECT, "attribute:NAME"]
            raise self.text.error(f"there is no subject {word!r}{_near(word, known)}", start)
        return word

    def _test(self, subject: str, op: str) -> tuple[str, Test]:
        """The argument, where it is one value, and the test of a value."""
        if op in ("exists", "!exists"):
            return "", existence_test(op)
        start = self.text.skip_space()
        if op in ("=~", "!~"):
            return "", self._regex(op)
        if op in ("in", "!in"):
            items = self.text.take_list()
            self._check_flag(subject, items, start)
            return "", list_test(op, items)
        literal = self.text.take_literal()
        self._check_flag(subject, (literal,), start)
        if subject == "registeredAt" and op in ("==", "!=") and "T" not in literal:
            self.warnings.append("a date without a time is taken for its midnight in UTC, which the guide does not say")
        try:
            return literal, ordering_test(subject, op, literal)
        except ValueError as error:
            raise self.text.error(str(error), start) from None

    def _check_flag(self, subject: str, literals: tuple[str, ...], start: int) -> None:
        wrong = [literal for literal in literals if subject == "agentConnected" and literal not in ("true", "false")]
        if wrong:
            raise self.text.error(f"agentConnected is true or false, never {wrong[0]!r}", start)

    def _regex(self, op: str) -> Test:
        pattern, start = self.text.take_regex()
        try:
            regex = compile_java_regex(pattern)
        except ValueError as error:
            raise self.text.error(f"this regular expression is broken: {error}", start) from None
        if regex.undecided:
            self.warnings.append(regex.undecided)
        if not _OPEN_ENDED.search(pattern):
            self.warnings.append(f"{pattern} is taken to match whole values; the guide does not say: write .* where meant")
        return regex_test(op, regex.matches)


def _near(word: str, known: Iterable[str]) -> str:
    nearest = get_close_matches(word, known, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""
