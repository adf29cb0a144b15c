"""A rule that a server group breaks, and a rule that cannot be decided before its pipeline runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ecs_preflight.spinnaker.opaque import Opaque
from ecs_preflight.spinnaker.server_group import Path, ServerGroup

_VALIDATOR = "createServerGroupDescription"


@dataclass(frozen=True, slots=True)
class Violation:
    """`found` says in a few words what stands there; `consequence` who refuses it, and how; `fix` what to write instead."""

    path: Path
    """In clouddriver's spelling, inside of the server group; `()` is the whole."""
    found: str
    consequence: str
    fix: str
    is_degraded: bool = False
    """The deployment goes on, and is not what was meant."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A value that the rule hangs on is opaque."""

    path: Path
    text: str


Broken = Iterator[Violation | Undecided]
Rule = Callable[[ServerGroup], Broken]


def refused(code: str, path: Path, found: str, fix: str, message: str = "") -> Violation:
    """clouddriver's validator refuses it, before anything is registered. `code` as it says it, without the common part."""
    said = f" ({message})" if message else ""
    return Violation(path, found, f"clouddriver refuses it: {_VALIDATOR}.{code}{said}", fix)


def undecided(path: Path, value: object) -> Iterator[Undecided]:
    """One where the value is opaque."""
    if isinstance(value, Opaque):
        yield Undecided(path, value.text)
