"""What an open verdict waits for: the smallest set of unknown keys.

Kleene's logic answers "unknown" too often, and names keys that do not matter: it does not see that an Allow where `k` is 1 and
another where `k` is not 1 allow whatever `k` is. So an open request is put again to the same policies, for every combination of
what its unknown keys may hold. That is finite: of each key only what its conditions can tell apart is tried (witnesses).

A key matters if there is a completion of the request in which a change of that key alone changes whether the request is allowed.
The keys that matter are enough: a change of all the others can be made one at a time, and none of them changes the verdict. And
none can be spared: were it not told, two completions that differ in it alone would both be possible. So this set is the smallest
there is, and the only one. (Not all of it need be asked for: a first key may turn out in a way that settles the matter.)

Where completions cannot be tried exhaustively, all the keys that are open are named: a key is compared with another unknown key,
or in several types, or there are too many combinations. Such a verdict is right, but may wait for more than it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, combinations, islice, product
from math import prod

from ecs_preflight.iam.conditions import CompiledClause
from ecs_preflight.iam.context import ANYTHING, RequestContext, Shape, is_documented_as_multivalued
from ecs_preflight.iam.decision import EvalDecision, Evaluation, MatchedStatement
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.statement import Effect
from ecs_preflight.iam.truth import Answer
from ecs_preflight.iam.verdict import Hearing, allowed, denied, not_allowed, undecidable
from ecs_preflight.iam.witnesses import witnesses

Hear = Callable[[AccessRequest], Hearing]
Values = tuple[str, ...]  # of a key; none: it is absent

_MOST_COMPLETIONS = 128
_MOST_STATES = 64
# Who the caller is and what names it depends on these, beyond any condition.
_OF_THE_CALLER = frozenset({"aws:principalaccount", "aws:userid"})


def settle(hear: Hear, request: AccessRequest, opened: Hearing) -> Evaluation:
    """The verdict on an open request: decided if every completion comes to the same, else with the keys that matter."""
    open_answer = opened.open_answer
    keys = _spelled_once(open_answer.keys)
    states = _states_of_keys(keys, request, opened)
    completions = _hear_completions(hear, request, states)
    if completions is None:
        return undecidable(opened, request, keys, open_answer.doubts)
    outcomes = {told: _outcome(hearing) for told, hearing in completions.items()}
    if len(set(outcomes.values())) > 1:
        awaited = tuple(key for place, key in enumerate(states) if _matters(place, outcomes))
        return undecidable(opened, request, awaited, open_answer.doubts)
    return _of_one_outcome(list(completions.values()), request, opened, keys)


def _of_one_outcome(completions: Sequence[Hearing], request: AccessRequest, opened: Hearing, keys: Sequence[str]) -> Evaluation:
    whatever = f", whatever {' and '.join(keys)} may be"
    decisions = {hearing.decision for hearing in completions}
    if EvalDecision.UNDECIDABLE in decisions:
        doubts = frozenset().union(*(hearing.open_answer.doubts for hearing in completions))
        return undecidable(opened, request, (), doubts)
    if decisions == {EvalDecision.ALLOWED}:
        return allowed(_applying(completions, opened, Effect.ALLOW), request, whatever)
    if decisions == {EvalDecision.EXPLICIT_DENY}:
        return denied(_applying(completions, opened, Effect.DENY), request, whatever)
    why = "it is denied, or nothing allows it" if EvalDecision.EXPLICIT_DENY in decisions else "nothing allows it"
    return not_allowed(f"{why}{whatever}", request)


def _applying(completions: Iterable[Hearing], opened: Hearing, effect: Effect) -> tuple[MatchedStatement, ...]:
    found = {matched for hearing in completions for matched in hearing.applying(effect)}
    return tuple(applying.matched for applying in opened.statements if applying.matched in found)


def _outcome(hearing: Hearing) -> EvalDecision:
    """Both ways of not being allowed are one: nobody waits for the difference."""
    decision = hearing.decision
    return EvalDecision.IMPLICIT_DENY if decision is EvalDecision.EXPLICIT_DENY else decision


def _matters(place: int, outcomes: Mapping[tuple[Values, ...], EvalDecision]) -> bool:
    by_others: dict[tuple[Values, ...], EvalDecision] = {}
    return any(
        by_others.setdefault((*told[:place], *told[place + 1 :]), outcome) is not outcome for told, outcome in outcomes.items()
    )


def _hear_completions(
    hear: Hear, request: AccessRequest, states: Mapping[str, Sequence[Values]]
) -> dict[tuple[Values, ...], Hearing] | None:
    """None where there are too many, or where one of them is still open."""
    if not states or prod(map(len, states.values())) > _MOST_COMPLETIONS:
        return None
    heard = {}
    for told in product(*states.values()):
        heard[told] = hear(_told(request, dict(zip(states, told, strict=True))))
        if heard[told].decision is EvalDecision.UNDECIDABLE and heard[told].open_answer.keys:
            return None
    return heard


def _told(request: AccessRequest, values: Mapping[str, Values]) -> AccessRequest:
    return request.model_copy(update={"context": {**request.context, **values}})


def _states_of_keys(keys: Sequence[str], request: AccessRequest, opened: Hearing) -> dict[str, list[Values]]:
    """What each key may hold, as far as the policies can tell; keys of which that cannot be said are left out."""
    question = request.question
    clauses: dict[str, list[CompiledClause]] = {}
    entangled = set(_OF_THE_CALLER)
    for applying in opened.statements:
        entangled.update(map(str.lower, applying.compiled.resource_answer(question).keys))
        for compiled in applying.compiled.clauses:
            own, named = compiled.clause.key.lower(), {key.lower() for key in compiled.answer(question.context).keys}
            if named == {own}:
                clauses.setdefault(own, []).append(compiled)
            else:
                entangled |= named
    found = {}
    for key in keys:
        states = None if key.lower() in entangled else _states(key, clauses[key.lower()], question.context)
        if states is not None:
            found[key] = states
    return found


def _states(key: str, clauses: Sequence[CompiledClause], context: RequestContext) -> list[Values] | None:
    state = context.look_up(key)
    shape = state if isinstance(state, Shape) else ANYTHING
    comparisons = [comparison for clause in clauses for comparison in clause.comparisons]
    singles = witnesses(comparisons, context, shape)
    if singles is None or len(singles) > _MOST_STATES:
        return None
    states: list[Values] = [(value,) for value in singles]
    if isinstance(state, Shape):
        return _distinct(states, key, clauses, context)
    if _may_hold_several(key, clauses):
        one_each = _distinct(states, key, clauses, context)
        states += [values * 2 for values in one_each]
        several = chain.from_iterable(combinations(one_each, size) for size in range(2, len(clauses) + 2))
        states += [sum(each, ()) for each in islice(several, _MOST_STATES)]
    return _distinct([(), *states], key, clauses, context) if len(states) <= _MOST_STATES else None


def _may_hold_several(key: str, clauses: Sequence[CompiledClause]) -> bool:
    """By AWS's pages, a key without a set operator is single-valued unless its own page says otherwise.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
    """
    return is_documented_as_multivalued(key) or any(clause.clause.operator.quantifier for clause in clauses)


def _distinct(states: Sequence[Values], key: str, clauses: Sequence[CompiledClause], context: RequestContext) -> list[Values]:
    """One state for each combination of what the clauses make of it."""
    by_answers: dict[tuple[Answer, ...], Values] = {}
    for values in states:
        told = context.told(key, values)
        by_answers.setdefault(tuple(clause.answer(told) for clause in clauses), values)
    return list(by_answers.values())


def _spelled_once(keys: Iterable[str]) -> tuple[str, ...]:
    """Key names are case-insensitive: one spelling of each."""
    by_name = {key.lower(): key for key in sorted(keys)}
    return tuple(sorted(by_name.values()))
