"""What can stop a run, drawn as a tree. Findings describe the world; these say that we cannot go on.

PreflightError              every error of ours: a sentence, where it was seen, what to do
├── InputError              what was given cannot be read (exit code 2)
│   ├── SyntaxInputError    not YAML, not JSON, a duplicate key, ...
│   ├── InputErrors         several of them, in one file
│   └── UsageError          a selection that selects nothing, an option that does not exist
├── AccessError             AWS cannot be reached at all: no credentials, no such profile (exit code 2)
└── ForbiddenCallError      a call that is not on the read-only list was about to leave (exit code 4)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Location:
    """A place in something that a person wrote: file, and line and column, both from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


class PreflightError(Exception):
    """The base: `message` says what was found and what is expected, `hint` what to do, `location` where."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, *, location: Location | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        mend = f"\n  {self.hint}" if self.hint else ""
        return f"{where}{self.message}{mend}"


class InputError(PreflightError):
    """What was given cannot be read."""

    exit_code = 2


class SyntaxInputError(InputError):
    """A document that is not in the language it should be in."""


class InputErrors(InputError):
    """Several things in one document that cannot be read: each is said, in order."""

    def __init__(self, errors: tuple[InputError, ...]) -> None:
        super().__init__(errors[0].message, location=errors[0].location, hint=errors[0].hint)
        self.errors = errors

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class UsageError(InputError):
    """The call itself asks for something that does not exist."""


class AccessError(PreflightError):
    """AWS cannot be asked anything: no credentials, an unknown profile."""

    exit_code = 2


class ForbiddenCallError(PreflightError):
    """A call outside the read-only list was refused before it left the process."""
