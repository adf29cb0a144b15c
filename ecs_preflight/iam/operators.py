"""The condition operators and their spelling: [ForAllValues:|ForAnyValue:]Name[IfExists].

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from ecs_preflight.iam.comparisons import (
    AddressComparison,
    ArnComparison,
    BinaryComparison,
    BoolComparison,
    Comparison,
    DateComparison,
    NumberComparison,
    TextComparison,
    read_base64,
    read_network,
    read_number,
)
from ecs_preflight.iam.instants import Instant
from ecs_preflight.iam.variables import has_variable


class Quantifier(Enum):
    """The set operators, for keys with several values in a request."""

    ALL = "ForAllValues"
    ANY = "ForAnyValue"


@dataclass(frozen=True, slots=True)
class ConditionOperator:
    """An operator as it is spelled (`name`) and what the spelling means; `base` is the positive operator."""

    name: str
    base: str
    negated: bool = False
    quantifier: Quantifier | None = None
    if_exists: bool = False

    @property
    def is_null_test(self) -> bool:
        return self.base == "Null"

    @property
    def takes_dates(self) -> bool:
        return self.base.startswith("Date")

    @classmethod
    def parse(cls, name: str) -> ConditionOperator | None:
        """The operator spelled by `name` in any case of letters, or None: there is no such operator."""
        prefix, colon, rest = name.lower().rpartition(":")
        quantifier = _QUANTIFIERS.get(prefix)
        if colon and quantifier is None:
            return None
        if rest == "null":
            return None if colon else cls(name, "Null")
        if_exists = rest.endswith("ifexists")
        meaning = _MEANINGS.get(rest.removesuffix("ifexists"))
        return None if meaning is None else cls(name, *meaning, quantifier=quantifier, if_exists=if_exists)


_QUANTIFIERS = {quantifier.value.lower(): quantifier for quantifier in Quantifier}

_Compile = Callable[[str, bool], Comparison]


def _number(compare: Callable[[Decimal, Decimal], bool]) -> _Compile:
    return lambda text, _variables: NumberComparison(read_number(text), compare)


def _date(compare: Callable[[Decimal, Decimal], bool]) -> _Compile:
    return lambda text, _variables: DateComparison(Instant.read(text), compare)


_COMPILERS: dict[str, _Compile] = {
    "StringEquals": TextComparison.equals,
    "StringEqualsIgnoreCase": TextComparison.equals_ignoring_case,
    "StringLike": TextComparison.like,
    "NumericEquals": _number(operator.eq),
    "NumericLessThan": _number(operator.lt),
    "NumericLessThanEquals": _number(operator.le),
    "NumericGreaterThan": _number(operator.gt),
    "NumericGreaterThanEquals": _number(operator.ge),
    "DateEquals": _date(operator.eq),
    "DateLessThan": _date(operator.lt),
    "DateLessThanEquals": _date(operator.le),
    "DateGreaterThan": _date(operator.gt),
    "DateGreaterThanEquals": _date(operator.ge),
    "Bool": lambda text, variables: BoolComparison(text.lower(), variables and has_variable(text)),
    "BinaryEquals": lambda text, _variables: BinaryComparison(read_base64(text)),
    "IpAddress": lambda text, _variables: AddressComparison(read_network(text)),
    "ArnEquals": ArnComparison.compile,
    "ArnLike": ArnComparison.compile,
}
_NEGATIONS = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
OPERATOR_NAMES = (*_COMPILERS, *_NEGATIONS, "Null")
_MEANINGS = {
    **{name.lower(): (name, False) for name in _COMPILERS},
    **{name.lower(): (positive, True) for name, positive in _NEGATIONS.items()},
}


def compile_value(condition: ConditionOperator, value: str, *, variables: bool) -> Comparison:
    return _COMPILERS[condition.base](value, variables)
