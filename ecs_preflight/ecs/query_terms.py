"""One comparison of a cluster query: which subjects there are, which operators they take, and when it holds.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
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
NEGATED = frozenset({"!=", "!in", "!~", "!exists"})
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


# What a subject begins with that reads an attribute of that name.
ATTRIBUTE = "attribute:"

# Reads one value of an instance, as text; None where it has none.
Reader: TypeAlias = Callable[[ContainerInstance], str | None]

_READERS: dict[str, Reader] = {
    "agentConnected": lambda instance: str(instance.agent_connected).lower(),
    "ec2InstanceId": lambda instance: instance.ec2_instance_id,
    "agentVersion": lambda instance: instance.version_info.agent_version,
    "runningTasksCount": lambda instance: str(instance.running_tasks_count),
    "registeredAt": lambda instance: None if instance.registered_at is None else str(int(instance.registered_at)),
}


@cache
def reader_of(subject: str) -> Reader:
    """How the value of `subject` is read, which is one of an instance itself; an attribute without a value has an empty one."""
    if not subject.startswith(ATTRIBUTE):
        return _READERS[subject]
    name = subject.removeprefix(ATTRIBUTE)

    def read_attribute(instance: ContainerInstance) -> str | None:
        attributes = instance.attributes
        return (attributes[name] or "") if name in attributes else None

    return read_attribute


@dataclass(frozen=True, slots=True)
class Comparison:
    """`subject operator argument`; `holds` tests a value of the subject. A list or a pattern is no `argument`."""

    subject: str
    operator: str
    argument: str
    read: Reader
    holds: Test

    def decide(self, instance: ContainerInstance, _task_groups: Collection[str] | None) -> bool | None:
        """Whether the instance matches; None where that is not known. A value that is not there matches !exists alone."""
        value = self.read(instance)
        if value is None:
            return self.operator == "!exists"
        return self.holds(value)


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """`task:group operator argument`; an instance has as many groups as its tasks have."""

    operator: str
    holds: Test

    def decide(self, _instance: ContainerInstance, task_groups: Collection[str] | None) -> bool | None:
        """Whether one of the groups matches, or none where the operator is negated; None where they were not read."""
        if task_groups is None:
            return None
        verdicts = map(self.holds, task_groups)
        return all_of(verdicts) if self.operator in NEGATED else any_of(verdicts)


def all_of(verdicts: Iterable[bool | None]) -> bool | None:
    """Kleene's conjunction: one no is a no, whatever is not decided. Asks no further than it must."""
    decided: bool | None = True
    for verdict in verdicts:
        if verdict is False:
            return False
        decided = decided and verdict
    return decided


def any_of(verdicts: Iterable[bool | None]) -> bool | None:
    """Kleene's disjunction: one yes is a yes, whatever is not decided. Asks no further than it must."""
    decided: bool | None = False
    for verdict in verdicts:
        if verdict:
            return True
        decided = decided if verdict is False else None
    return decided


def existence_test(op: str) -> Test:
    """Any value will do for `exists`, and none for `!exists`."""
    return lambda _value: op == "exists"


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
    numbers = [int(number) for number in re.findall(r"\d+", version)]
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
