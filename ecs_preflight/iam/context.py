"""The request context: what is known of every condition key, and what the principal alone implies.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from enum import Enum

from ecs_preflight.iam.caller import AWS_CALLERS, Caller, CallerKind
from ecs_preflight.iam.patterns import Glob


class Absent(Enum):
    """The request certainly carries no such key."""

    ABSENT = "absent"


class Unknown(Enum):
    """Whether the request carries the key, and what it holds, is not known."""

    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Shape:
    """The key is certainly there, single-valued; its text is matched by one of these patterns."""

    alternatives: tuple[Glob, ...]


KeyState = tuple[str, ...] | Shape | Absent | Unknown

# Every signed request has them, whoever calls ("Availability: always included"), but only the request itself knows their values.
_ALWAYS_PRESENT = ("aws:currenttime", "aws:epochtime", "aws:requestedregion", "aws:useragent", "aws:userid")
# There for certain, and nothing else is known of it.
ANYTHING = Shape((Glob.of("*"),))
# The keys with several values among those of every service, and of STS.
_MULTIVALUED = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "aws:vpceorgpaths",
        "sts:transitivetagkeys",
    }
)


def is_documented_as_multivalued(key: str) -> bool:
    return key.lower() in _MULTIVALUED or key.lower().endswith(":amr")


class RequestContext:
    """Looks keys up by name, case-insensitively: what was given, else what the principal implies, else absent or unknown."""

    __slots__ = ("_complete", "_states", "caller")

    def __init__(self, given: Mapping[str, tuple[str, ...]], caller: Caller, *, complete: bool) -> None:
        states: dict[str, KeyState] = dict(_implied(caller))
        if not complete and caller.kind in AWS_CALLERS:
            states = {**dict.fromkeys(_ALWAYS_PRESENT, ANYTHING), **states}
        for key, values in given.items():
            states[key.lower()] = values or Absent.ABSENT
        self._states = states
        self._complete = complete
        account = states.get("aws:principalaccount")
        self.caller = caller.in_account(account[0]) if isinstance(account, tuple) else caller

    def look_up(self, key: str) -> KeyState:
        name = key.lower()
        state = self._states.get(name)
        if state is not None:
            return state
        if self._complete or (name.startswith("aws:principaltag/") and self.caller.kind is CallerKind.SERVICE):
            return Absent.ABSENT
        return Unknown.UNKNOWN

    def told(self, key: str, values: tuple[str, ...]) -> RequestContext:
        """The same context, had this key been given."""
        other = copy(self)
        other._states = {**self._states, key.lower(): values or Absent.ABSENT}
        return other

    def text(self, key: str) -> str | None:
        """The one value of a key, where it is known."""
        state = self.look_up(key)
        return state[0] if isinstance(state, tuple) else None


_SERVICE_LACKS = (
    "aws:username",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:principalaccount",
    "aws:multifactorauthpresent",
    "aws:multifactorauthage",
)
_PRINCIPAL_TYPES = {
    CallerKind.ROOT: "Account",
    CallerKind.USER: "User",
    CallerKind.ROLE: "AssumedRole",
    CallerKind.SESSION: "AssumedRole",
    CallerKind.FEDERATED_USER: "FederatedUser",
    CallerKind.ANONYMOUS: "Anonymous",
}


def _implied(caller: Caller) -> Iterable[tuple[str, KeyState]]:
    if caller.kind is CallerKind.SERVICE:
        yield "aws:principalisawsservice", ("true",)
        yield "aws:principalservicename", (caller.text,)
        yield from ((key, Absent.ABSENT) for key in _SERVICE_LACKS)
    if caller.kind in _PRINCIPAL_TYPES:
        yield "aws:principaltype", (_PRINCIPAL_TYPES[caller.kind],)
    if caller.kind not in AWS_CALLERS:
        return
    yield "aws:principalaccount", (caller.account,)
    yield "aws:principalarn", _principal_arn(caller)
    yield "aws:principalisawsservice", ("false",)
    yield "aws:principalservicename", Absent.ABSENT
    yield "aws:viaawsservice", ("false",)
    yield "aws:securetransport", ("true",)
    yield "aws:username", (caller.name,) if caller.kind is CallerKind.USER else Absent.ABSENT
    if caller.kind is CallerKind.ROOT:
        yield "aws:userid", (caller.account,)


def _principal_arn(caller: Caller) -> KeyState:
    """Of a session it is the ARN of the role, whose path the session's own ARN has lost."""
    if caller.kind is not CallerKind.SESSION:
        return (caller.text,)
    role = f"arn:{caller.partition}:iam::{caller.account}:role/"
    return Shape((Glob.literal(role + caller.name), Glob(((role,), (f"/{caller.name}",)))))
