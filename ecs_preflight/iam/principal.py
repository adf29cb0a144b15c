"""Whom a statement names: the entries of Principal and NotPrincipal, and what each stands for.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ecs_preflight.iam.caller import Caller, CallerKind, is_unique_id

__all__ = ["EntryKind", "NamedPrincipal", "PrincipalEntry", "entry_kind", "is_unique_id"]


class PrincipalEntry(NamedTuple):
    """One name of a Principal element: kind is AWS, Service, Federated, CanonicalUser, or * for the bare string "*"."""

    kind: str
    value: str


class EntryKind(Enum):
    """What an entry stands for."""

    EVERYONE = "everyone"
    ACCOUNT = "account"
    USER = "user"
    ROLE = "role"
    SESSION = "session"
    FEDERATED_USER = "federated user"
    UNIQUE_ID = "unique id"
    SERVICE = "service"
    FEDERATED = "federated provider"
    CANONICAL_USER = "canonical user"
    INVALID = "invalid"


_KIND_OF_CALLER = {
    CallerKind.ROOT: EntryKind.ACCOUNT,
    CallerKind.USER: EntryKind.USER,
    CallerKind.ROLE: EntryKind.ROLE,
    CallerKind.SESSION: EntryKind.SESSION,
    CallerKind.FEDERATED_USER: EntryKind.FEDERATED_USER,
    CallerKind.UNIQUE_ID: EntryKind.UNIQUE_ID,
}


def entry_kind(entry: PrincipalEntry) -> EntryKind:
    match entry:
        case ("*", "*") | ("AWS", "*"):
            return EntryKind.EVERYONE
        case ("Service", _):
            return EntryKind.SERVICE
        case ("Federated", _):
            return EntryKind.FEDERATED
        case ("CanonicalUser", _):
            return EntryKind.CANONICAL_USER
    if "*" in entry.value or "?" in entry.value:
        return EntryKind.INVALID  # a principal has no wildcards: role/* is an error, not a pattern
    if is_unique_id(entry.value):
        return EntryKind.UNIQUE_ID
    return _KIND_OF_CALLER.get(Caller.of(entry.value).kind, EntryKind.INVALID)


@dataclass(frozen=True, slots=True)
class NamedPrincipal:
    """An entry that has been read: what it stands for, and the principal of its ARN."""

    value: str
    kind: EntryKind
    principal: Caller

    @classmethod
    def read(cls, entry: PrincipalEntry) -> NamedPrincipal:
        return cls(entry.value, entry_kind(entry), Caller.of(entry.value))
