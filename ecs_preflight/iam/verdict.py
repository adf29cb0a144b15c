"""From three-valued answers to a decision, the statements behind it, and a sentence.

One outcome is that outcome; several are undecidable, unless none of them allows: then the request is certainly not allowed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from ecs_preflight.iam.decision import EvalDecision, Evaluation, MatchedStatement
from ecs_preflight.iam.layers import Applying
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.statement import Effect
from ecs_preflight.iam.truth import Answer, Truth, any_of


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the policies say of one request: whether one denies it, whether all allow it that must, and by which statements."""

    deny: Answer
    allow: Answer
    statements: Sequence[Applying]

    @property
    def decision(self) -> EvalDecision:
        if self.deny.truth is Truth.YES:
            return EvalDecision.EXPLICIT_DENY
        if not self.allow.possible:
            return EvalDecision.IMPLICIT_DENY
        is_open = self.deny.possible or self.allow.truth is Truth.UNKNOWN
        return EvalDecision.UNDECIDABLE if is_open else EvalDecision.ALLOWED

    @property
    def open_answer(self) -> Answer:
        """What an undecidable request depends on; the open allows beside a certain one are not asked."""
        return any_of((self.deny, self.allow)) if self.allow.truth is Truth.UNKNOWN else self.deny

    def applying(self, effect: Effect) -> Iterable[MatchedStatement]:
        return (
            applying.matched
            for applying in self.statements
            if applying.matched.effect is effect and applying.answer.truth is Truth.YES
        )


def conclude(hearing: Hearing, request: AccessRequest, missing: str) -> Evaluation:
    """Of a request that is decided; `missing` says what would have to allow it, for the case that nothing does."""
    match hearing.decision:
        case EvalDecision.EXPLICIT_DENY:
            return denied(tuple(hearing.applying(Effect.DENY)), request)
        case EvalDecision.ALLOWED:
            return allowed(tuple(hearing.applying(Effect.ALLOW)), request)
    return not_allowed(f"{missing}, and a deny may apply besides" if hearing.deny.possible else missing, request)


def denied(statements: tuple[MatchedStatement, ...], request: AccessRequest, whatever: str = "") -> Evaluation:
    sentence = f"{_asks(request, 'may not call')}: denied by {_list(statements)}{whatever}."
    return Evaluation(EvalDecision.EXPLICIT_DENY, statements, (), sentence)


def not_allowed(why: str, request: AccessRequest) -> Evaluation:
    return Evaluation(EvalDecision.IMPLICIT_DENY, (), (), f"{_asks(request, 'may not call')}: {why}.")


def allowed(statements: tuple[MatchedStatement, ...], request: AccessRequest, whatever: str = "") -> Evaluation:
    by = f"allowed by {_list(statements)}" if statements else "it needs no policy for that"
    return Evaluation(EvalDecision.ALLOWED, statements, (), f"{_asks(request, 'may call')}: {by}{whatever}.")


def undecidable(hearing: Hearing, request: AccessRequest, keys: tuple[str, ...], doubts: Collection[str]) -> Evaluation:
    """`keys` are those that the verdict waits for; a statement that is open for other reasons decides nothing and is left out."""
    awaited = {key.lower() for key in keys}
    deciding = tuple(
        applying.matched
        for applying in hearing.statements
        if applying.answer.truth is Truth.YES
        or not awaited.isdisjoint(map(str.lower, applying.answer.keys))
        or not applying.answer.doubts.isdisjoint(doubts)
    )
    wanted = [f"it depends on {', '.join(keys)}"] if keys else []
    where = f" ({_list(deciding)})" if deciding else ""
    sentence = f"Whether {_asks(request, 'may call')} is undecidable: {'; '.join([*wanted, *sorted(doubts)])}{where}."
    return Evaluation(EvalDecision.UNDECIDABLE, deciding, keys, sentence)


def _asks(request: AccessRequest, may: str) -> str:
    on = f" on {request.resource}" if request.resource else ""
    return f"{request.question.context.caller} {may} {request.action}{on}"


def _list(statements: Sequence[MatchedStatement]) -> str:
    return " and ".join(map(str, statements))
