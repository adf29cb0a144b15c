"""The Condition block: operators AND keys AND (any of the values), with IfExists, ForAllValues, ForAnyValue, Null.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ecs_preflight.iam.comparisons import Comparison
from ecs_preflight.iam.context import ANYTHING, Absent, KeyState, RequestContext, Shape, Unknown
from ecs_preflight.iam.operators import ConditionOperator, Quantifier, compile_value
from ecs_preflight.iam.truth import MALFORMED, NO, YES, Answer, Truth, all_of, any_of, doubt, negate, unknown_key


@dataclass(frozen=True, slots=True)
class ConditionClause:
    """One key under one operator; `values` are texts, numbers and booleans included ("true", "3600")."""

    operator: ConditionOperator
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompiledClause:
    """A clause whose values have been read as the type of its operator."""

    clause: ConditionClause
    comparisons: tuple[Comparison, ...]

    @classmethod
    def compile(cls, clause: ConditionClause, *, variables: bool) -> CompiledClause:
        if clause.operator.is_null_test:
            return cls(clause, ())
        return cls(clause, tuple(compile_value(clause.operator, value, variables=variables) for value in clause.values))

    def answer(self, context: RequestContext) -> Answer:
        state = context.look_up(self.clause.key)
        if self.clause.operator.is_null_test:
            return self._answer_null_test(state)
        if state is Absent.ABSENT:
            return self._answer_absent()
        if not self.comparisons:
            return self._answer_without_values(state)
        if state is Unknown.UNKNOWN:
            return self._answer_unknown(context)
        if isinstance(state, Shape):
            return self._one([comparison.answer_shape(self.clause.key, state, context) for comparison in self.comparisons])
        return self._answer_values(state, context)

    def _answer_values(self, values: Sequence[str], context: RequestContext) -> Answer:
        answers = (self._one([comparison.answer(value, context) for comparison in self.comparisons]) for value in values)
        quantifier = self.clause.operator.quantifier
        if quantifier is Quantifier.ALL:
            return all_of(answers)
        if quantifier is Quantifier.ANY or len(values) == 1:
            return any_of(answers)
        if self.clause.operator.negated:
            return doubt(f"{self.clause.key} has several values and {self.clause.operator.name} no ForAllValues or ForAnyValue")
        return NO

    def _one(self, answers: Sequence[Answer]) -> Answer:
        """One value of the request: it must match one of the policy's values, or, negated, none of them."""
        matched = any_of(answers)
        if not self.clause.operator.negated:
            return matched
        if matched is NO and any(answer is MALFORMED for answer in answers):
            return doubt(f"what {self.clause.operator.name} makes of a malformed value is not documented")
        return negate(matched)

    def _answer_unknown(self, context: RequestContext) -> Answer:
        """Open; whoever comes to know the key will need the variables that it is compared with."""
        key = self.clause.key
        compared = [comparison.answer_shape(key, ANYTHING, context) for comparison in self.comparisons]
        return all_of((unknown_key(key), *(answer for answer in compared if answer.truth is Truth.UNKNOWN)))

    def _answer_absent(self) -> Answer:
        operator = self.clause.operator
        if operator.quantifier is Quantifier.ANY:
            if operator.if_exists and self.comparisons:
                return doubt(f"AWS's pages disagree on {operator.name} where {self.clause.key} is absent")
            return NO
        if operator.quantifier is Quantifier.ALL or operator.if_exists:
            return YES
        return YES if operator.negated and self.comparisons else NO

    def _answer_without_values(self, state: KeyState) -> Answer:
        """No values at all: ForAllValues and IfExists match only where the key is absent, the others never."""
        operator = self.clause.operator
        vacuous = operator.quantifier is not Quantifier.ANY and (operator.quantifier is Quantifier.ALL or operator.if_exists)
        return unknown_key(self.clause.key) if vacuous and state is Unknown.UNKNOWN else NO

    def _answer_null_test(self, state: KeyState) -> Answer:
        wanted = {value.lower() for value in self.clause.values}
        if state is Unknown.UNKNOWN:
            if {"true", "false"} <= wanted:
                return YES
            return unknown_key(self.clause.key) if wanted & {"true", "false"} else NO
        return YES if ("true" if state is Absent.ABSENT else "false") in wanted else NO
