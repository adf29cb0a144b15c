"""What was asked of AWS and what came back. "Could not look" is a value that no check can overlook."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from enum import Enum
from typing import Any, Generic, NoReturn, TypeVar

from ecs_preflight.findings import Blocked, Undetermined

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Gap:
    """A part of a listing that could not be read: a page that failed, or an entry of `failures[]`."""

    what: str
    error: str


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """A list as AWS gave it, and what of it is missing."""

    items: tuple[T, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """AWS answered. What may healthily be missing is `Known(None)`."""

    value: T

    def require(self) -> T:
        """The value; a listing only when it is whole."""
        if isinstance(self.value, Listing) and self.value.gaps:
            gap = self.value.gaps[0]
            raise Undetermined(f"{gap.what} could not be read: {gap.error}")
        return self.value

    def partial(self) -> T:
        """The value, gaps and all: for a check that can prove a pass from part of a listing."""
        return self.value

    def value_or_none(self) -> T | None:
        return self.value


@dataclass(frozen=True, slots=True)
class Absent:
    """AWS answered that what was asked about does not exist."""

    why: str

    def require(self) -> NoReturn:
        raise Blocked(self.why)

    partial = require

    def value_or_none(self) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Unknown:
    """There was no answer: `call` is the IAM action that failed, `error` what was said."""

    call: str
    error: str

    def require(self) -> NoReturn:
        raise Undetermined(f"{self.call}: {self.error}")

    partial = require

    def value_or_none(self) -> None:
        return None


Fact = Known[T] | Absent | Unknown


class Asker(str, Enum):
    """Whose credentials a question is asked with."""

    CALLER = "caller"
    """Whoever runs the preflight."""
    ECS_SESSION = "E"
    """The managed role as clouddriver assumes it for the ECS account: without an external id."""
    AWS_SESSION = "A"
    """The managed role as clouddriver assumes it for the AWS account: with its external id."""
    READER = "reader"
    """The auditor that preflight.yml names."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """One sort of question: its name, the type of its answer, the IAM actions it takes, and who may ask it."""

    name: str
    answer: Any = field(hash=False, compare=False)
    actions: tuple[str, ...] = field(hash=False, compare=False)
    askers: tuple[Asker, ...] = field(hash=False, compare=False)
    """In order of preference: the next is tried where one is not to be had or is denied."""
    optional_actions: tuple[str, ...] = field(default=(), hash=False, compare=False)
    """Actions that are tried when the others are refused."""
    when_denied: T | None = field(default=None, hash=False, compare=False)
    """The answer where everybody who might ask is denied, of kinds for which that is an answer; None: there is none then."""


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What a check needs to know: the key of its answer in the snapshot."""

    kind: Kind[T]
    account: str = ""
    """The name of the ECS account whose AWS side is asked about; empty for the caller's own."""
    region: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return "/".join((self.kind.name, self.account or "-", self.region or "-", *self.arguments))

    def __str__(self) -> str:
        return self.id


_NEVER_ASKED = Unknown("no answer", "this was never asked; a snapshot of another configuration or selection does not hold it")


@dataclass(frozen=True)
class Snapshot:
    """Every answer of a run, at one time. Without any, it is what `--offline` judges from."""

    facts: Mapping[Question[Any], Fact[Any]] = field(default_factory=dict)
    taken_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    answered_by: Mapping[Question[Any], str] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    salt: str = ""
    """Secrets stand in the facts as tokens made with this, so that equal secrets stay equal."""
    source: str = "offline"
    """aws, sandbox, snapshot or offline."""
    stand_ins: Mapping[Question[Any], str] = field(default_factory=dict)
    """What the managed role was told where the reader answered in its place: enough to fail a check, never to pass one."""

    def __getitem__(self, question: Question[T]) -> Fact[T]:
        return self.facts.get(question, _NEVER_ASKED)

    def __contains__(self, question: Question[Any]) -> bool:
        return question in self.facts

    def with_fact(self, question: Question[T], fact: Fact[T]) -> Snapshot:
        return replace(self, facts={**self.facts, question: fact})

    def token(self, secret: str) -> str:
        """The stand-in for a secret in this snapshot: the same for the same secret. Whoever can guess it can test the guess."""
        return secret_token(secret, self.salt)

    @classmethod
    def merged(cls, parts: Iterable[Snapshot]) -> Snapshot:
        """The answers of several shards as one; all of them were taken with one salt."""
        shards = tuple(parts)
        calls: dict[str, int] = {}
        for shard in shards:
            for operation, count in shard.calls.items():
                calls[operation] = calls.get(operation, 0) + count
        return cls(
            facts={question: fact for shard in shards for question, fact in shard.facts.items()},
            taken_at=min((shard.taken_at for shard in shards), default=datetime.now(timezone.utc)),
            answered_by={question: arn for shard in shards for question, arn in shard.answered_by.items()},
            stand_ins={question: told for shard in shards for question, told in shard.stand_ins.items()},
            calls=calls,
            salt=shards[0].salt if shards else "",
            source=shards[0].source if shards else "offline",
        )


def secret_token(secret: str, salt: str) -> str:
    """A token of 20 hexadecimal digits that stands for `secret` wherever `salt` is in force."""
    return f"token-{hmac.new(salt.encode(), secret.encode(), hashlib.sha256).hexdigest()[:20]}"
