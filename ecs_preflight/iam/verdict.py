"""From three-valued answers to a decision, the statements behind it, and a sentence.

One outcome is that outcome; several are undecidable, unless none of them allows: then the request is certainly not allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecs_preflight.iam.decision import EvalDecision, Evaluation, MatchedStatement
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.statement import Effect
from ecs_preflight.iam.truth import Answer, Truth, any_of

Statements = Sequence[tuple[MatchedStatement, Answer]]


def conclude(deny: Answer, allow: Answer, statements: Statements, request: AccessRequest, missing: str) -> Evaluation:
    """`missing` says what would have to allow the request, for the case that nothing does."""
    if deny.truth is Truth.YES:
        decisive = _applying(statements, Effect.DENY)
        return Evaluation(
            EvalDecision.EXPLICIT_DENY, decisive, (), f"{_asks(request, 'may not call')}: denied by {_list(decisive)}."
        )
    if not allow.possible:
        also = ", and a deny may apply besides" if deny.possible else ""
        return Evaluation(EvalDecision.IMPLICIT_DENY, (), (), f"{_asks(request, 'may not call')}: {missing}{also}.")
    if deny.possible or allow.truth is Truth.UNKNOWN:
        return _undecidable(any_of((deny, allow)) if allow.truth is Truth.UNKNOWN else deny, statements, request)
    decisive = _applying(statements, Effect.ALLOW)
    by = f"allowed by {_list(decisive)}" if decisive else "it needs no policy for that"
    return Evaluation(EvalDecision.ALLOWED, decisive, (), f"{_asks(request, 'may call')}: {by}.")


def _asks(request: AccessRequest, may: str) -> str:
    return f"{request.question.context.caller} {may} {request.action} on {request.resource or 'a resource that is not stated'}"


def _undecidable(open_answer: Answer, statements: Statements, request: AccessRequest) -> Evaluation:
    keys = _spelled_once(open_answer.keys)
    wanted = []
    if keys:
        wanted.append(f"it depends on {', '.join(keys)}")
    wanted.extend(sorted(open_answer.doubts))
    deciding = tuple(matched for matched, _ in statements)
    where = f" ({_list(deciding)})" if deciding else ""
    sentence = f"Whether {_asks(request, 'may call')} is undecidable: {'; '.join(wanted)}{where}."
    return Evaluation(EvalDecision.UNDECIDABLE, deciding, keys, sentence)


def _applying(statements: Statements, effect: Effect) -> tuple[MatchedStatement, ...]:
    return tuple(matched for matched, answer in statements if matched.effect is effect and answer.truth is Truth.YES)


def _spelled_once(keys: Iterable[str]) -> tuple[str, ...]:
    """Key names are case-insensitive: one spelling of each."""
    by_name = {key.lower(): key for key in sorted(keys)}
    return tuple(sorted(by_name.values()))


def _list(statements: Sequence[MatchedStatement]) -> str:
    return " and ".join(map(str, statements))
