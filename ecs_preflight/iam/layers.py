"""What the documents of one kind say together: what they deny, and what they allow in which way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ecs_preflight.iam.decision import MatchedStatement
from ecs_preflight.iam.matching import CompiledStatement, PolicyRole, Question
from ecs_preflight.iam.naming import Reach
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.statement import Effect
from ecs_preflight.iam.truth import NO, Answer, any_of


class Applying(NamedTuple):
    """A statement that applies, or may apply."""

    matched: MatchedStatement
    compiled: CompiledStatement
    answer: Answer


@dataclass(frozen=True, slots=True)
class Layer:
    """The answers of one or more documents of a kind."""

    deny: Answer = NO
    allows: dict[Reach, Answer] = field(default_factory=dict)
    statements: tuple[Applying, ...] = ()

    @property
    def allow(self) -> Answer:
        return any_of(self.allows.values())

    def allow_by(self, *reaches: Reach) -> Answer:
        return any_of(self.allows[reach] for reach in reaches if reach in self.allows)


def apply_document(document: PolicyDocument, name: str, question: Question, role: PolicyRole) -> Layer:
    """Every statement is asked, whatever the others say: their order means nothing, and a later one may settle what is open."""
    denies: list[Answer] = []
    allows: dict[Reach, Answer] = {}
    statements = []
    for index, compiled in enumerate(document.compiled):
        answers = compiled.answers(question, role)
        if not answers:
            continue
        effect = compiled.statement.effect
        matched = MatchedStatement(name, index, compiled.statement.sid, effect)
        statements.append(Applying(matched, compiled, any_of(answers.values())))
        if effect is Effect.DENY:
            denies.extend(answers.values())
        else:
            for reach, answer in answers.items():
                allows[reach] = any_of((allows[reach], answer)) if reach in allows else answer
    return Layer(any_of(denies), allows, tuple(statements))


def apply_documents(documents: Sequence[PolicyDocument], name: str, question: Question, role: PolicyRole) -> Layer:
    """The union of several documents of one kind; each is named "identity[0]" and so on."""
    return merge(apply_document(document, f"{name}[{number}]", question, role) for number, document in enumerate(documents))


def merge(layers: Iterable[Layer]) -> Layer:
    every = tuple(layers)
    reaches = dict.fromkeys(reach for layer in every for reach in layer.allows)
    return Layer(
        any_of(layer.deny for layer in every),
        {reach: any_of(layer.allows.get(reach, NO) for layer in every) for reach in reaches},
        tuple(statement for layer in every for statement in layer.statements),
    )
