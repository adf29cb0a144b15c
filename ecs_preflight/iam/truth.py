"""Three-valued answers (Kleene's logic), each carrying what it would take to know more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class Truth(Enum):
    """Whether an element of a policy applies: for certain, certainly not, or it depends."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Answer:
    """A truth; an unknown one names the context keys and the doubts (sentences) that it depends on."""

    truth: Truth
    keys: frozenset[str] = frozenset()
    doubts: frozenset[str] = frozenset()

    @property
    def possible(self) -> bool:
        return self.truth is not Truth.NO


YES = Answer(Truth.YES)
NO = Answer(Truth.NO)
# A value that cannot be read as its operator's type matches nothing; what a negated operator makes of it is not documented.
MALFORMED = Answer(Truth.NO, doubts=frozenset({"a value that cannot be read as the type of its operator"}))


def unknown_key(key: str) -> Answer:
    return Answer(Truth.UNKNOWN, keys=frozenset({key}))


def doubt(sentence: str) -> Answer:
    """Unknown for a reason that is no context key: AWS's own pages disagree, or the request does not say."""
    return Answer(Truth.UNKNOWN, doubts=frozenset({sentence}))


def doubtful(sentence: str, *answers: Answer) -> Answer:
    """A doubt that stands only while the answers are what they are: what they depend on, it depends on too."""
    return _unknown([doubt(sentence), *(answer for answer in answers if answer.truth is Truth.UNKNOWN)])


def all_of(answers: Iterable[Answer]) -> Answer:
    """NO dominates, so every conjunct is asked before UNKNOWN is reported."""
    open_answers = []
    for answer in answers:
        if answer.truth is Truth.NO:
            return NO
        if answer.truth is Truth.UNKNOWN:
            open_answers.append(answer)
    return _unknown(open_answers) if open_answers else YES


def any_of(answers: Iterable[Answer]) -> Answer:
    """YES dominates, so every disjunct is asked before UNKNOWN is reported."""
    open_answers = []
    for answer in answers:
        if answer.truth is Truth.YES:
            return YES
        if answer.truth is Truth.UNKNOWN:
            open_answers.append(answer)
    return _unknown(open_answers) if open_answers else NO


def negate(answer: Answer) -> Answer:
    if answer.truth is Truth.UNKNOWN:
        return answer
    return NO if answer.truth is Truth.YES else YES


def _unknown(answers: list[Answer]) -> Answer:
    if len(answers) == 1:
        return answers[0]
    return Answer(
        Truth.UNKNOWN,
        keys=frozenset().union(*(answer.keys for answer in answers)),
        doubts=frozenset().union(*(answer.doubts for answer in answers)),
    )
