"""One comparison of a cluster query: which subjects there are, which operators they take, and when it holds.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeAlias

from ecs_preflight.ecs.instance import ContainerInstance

# Tests of one value; None is "not decided".
Test: TypeAlias = Callable[[str], bool | None]

OPERATORS = {
    "==": "==", "equals": "==", "!=": "!=", "not_equals": "!=",
    ">": ">", "greater_than": ">", ">=": ">=", "greater_than_equal": ">=",
    "<": "<", "less_than": "<", "<=": "<=", "less_than_equal": "<=",
    "exists": "exists", "!exists": "!exists", "not_exists": "!exists",
    "in": "in", "!in": "!in", "not_in": "!in",
    "=~": "=~", "matches": "=~", "!~": "!~", "not_matches": "!~",
}  # fmt: skip

_ORDERINGS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_TEXT = frozenset({"==", "!=", "in", "!in", "=~", "!~"})
OPERATORS_OF_SUBJECT: dict[str, frozenset[str]] = {
    "agentConnected": _TEXT,
    "ec2InstanceId": _TEXT,
    "agentVersion": frozenset(_ORDERINGS),
    "registeredAt": frozenset(_ORDERINGS),
    "runningTasksCount": frozenset(_ORDERINGS),
    "attribute": frozenset(OPERATORS.values()),
    "task:group": frozenset(OPERATORS.values()),
}
# What the guide shows in an example or in the table of subjects; the rest is taken with a warning.
DOCUMENTED_OPERATORS: dict[str, frozenset[str]] = OPERATORS_OF_SUBJECT | {
    "attribute": _TEXT | {"exists", "!exists"},
    "task:group": frozenset({"=="}),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`subject operator argument`; `holds` tests one value of the subject, for the operator without its negation."""

    subject: str
    attribute: str
    operator: str
    holds: Test

    def decide(self, instance: ContainerInstance, task_groups: Collection[str] | None) -> bool | None:
        """Whether the instance matches; None where that is not known."""
        if self.subject == "task:group":
            return self._of_groups(task_groups)
        value = self._value(instance)
        if self.operator in ("exists", "!exists"):
            return (value is not None) == (self.operator == "exists")
        return value is not None and self.holds(value)

    def _value(self, instance: ContainerInstance) -> str | None:
        if self.subject == "attribute":
            return (instance.attributes[self.attribute] or "") if self.attribute in instance.attributes else None
        if self.subject == "agentConnected":
            return str(instance.agent_connected).lower()
        if self.subject == "ec2InstanceId":
            return instance.ec2_instance_id
        if self.subject == "agentVersion":
            return instance.version_info.agent_version
        if self.subject == "runningTasksCount":
            return str(instance.running_tasks_count)
        return None if instance.registered_at is None else str(int(instance.registered_at))

    def _of_groups(self, groups: Collection[str] | None) -> bool | None:
        """An instance has as many groups as its tasks have: a negated operator means that none of them matches."""
        if groups is None:
            return None
        if self.operator in ("exists", "!exists"):
            return bool(groups) == (self.operator == "exists")
        verdicts = [self.holds(group) for group in groups]
        if self.operator in ("!=", "!in", "!~"):
            return all_of(verdicts)
        return any_of(verdicts)


def all_of(verdicts: list[bool | None]) -> bool | None:
    """Kleene's conjunction: one no is a no, whatever is not decided."""
    return False if False in verdicts else None if None in verdicts else True


def any_of(verdicts: list[bool | None]) -> bool | None:
    """Kleene's disjunction: one yes is a yes, whatever is not decided."""
    return True if True in verdicts else None if None in verdicts else False


def ordering_test(subject: str, op: str, argument: str) -> Test:
    """`op` on the values of `subject`; raises ValueError where the argument is none of its values."""
    compare = _ORDERINGS[op]
    if subject == "runningTasksCount":
        count = _count(argument)
        return lambda value: compare(int(value), count)
    if subject == "agentVersion":
        version = _version(argument)
        return lambda value: compare(_components(value), version)
    if subject == "registeredAt":
        moment = _moment(argument)
        return lambda value: compare(int(value), moment)
    if op in ("==", "!="):
        return lambda value: compare(value, argument)
    return lambda value: compare(*_comparable(value, argument))


def list_test(op: str, items: tuple[str, ...]) -> Test:
    """Membership for `in`, its contrary for `!in`."""
    return lambda value: (value in items) == (op == "in")


def regex_test(op: str, matches: Test) -> Test:
    """A full match for `=~`, its contrary for `!~`; not decided stays not decided."""

    def test(value: str) -> bool | None:
        found = matches(value)
        return None if found is None else found == (op == "=~")

    return test


def _count(argument: str) -> int:
    if not argument.isdecimal():
        raise ValueError(f"runningTasksCount is compared with a whole number, not with {argument!r}")
    return int(argument)


_VERSION = re.compile(r"\d+(\.\d+)*")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")


def _version(argument: str) -> tuple[int, ...]:
    if not _VERSION.fullmatch(argument):
        raise ValueError(f"agentVersion is compared with a version such as 1.80.0, not with {argument!r}")
    return _components(argument)


def _components(version: str) -> tuple[int, ...]:
    """1.9.0 comes before 1.14.5, and 1.14 is 1.14.0: trailing zeros say nothing."""
    numbers = [int(number) for number in re.findall(r"\d+", version)[:4]]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def _moment(argument: str) -> int:
    """Seconds since the epoch; a moment without a zone is UTC, a date without a time is its midnight."""
    try:
        moment = datetime.fromisoformat(argument.replace("Z", "+00:00")) if _MOMENT.fullmatch(argument) else None
    except ValueError:  # the thirteenth month
        moment = None
    if moment is None:
        raise ValueError(f"registeredAt is compared with a moment such as 2018-06-18T22:28:28+00:00, not with {argument!r}")
    return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())


def _comparable(value: str, argument: str) -> tuple[Any, Any]:
    """Numbers as numbers, everything else as text."""
    try:
        return float(value), float(argument)
    except ValueError:
        return value, argument
