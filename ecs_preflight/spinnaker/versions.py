"""Spinnaker's releases in order: 1.9 < 1.10 < 1.37 < 2025.0. What is built from a branch states no version."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ecs_preflight.errors import SyntaxInputError

_RELEASE = re.compile(r"^(?:release-|v)?(\d+)\.(\d+)(?:\.(\d+|x))?(?:[-+.].*)?$")
_BRANCHES = ("main", "master", "nightly", "local:", "branch:")


@dataclass(frozen=True, slots=True, order=True)
class SpinnakerVersion:
    """A release; compares by its numbers."""

    major: int
    minor: int
    patch: int = 0

    @classmethod
    def parse(cls, text: str) -> SpinnakerVersion | None:
        """`1.37.0`, `1.37`, `release-1.37.x`; None for a branch or a local build; `SyntaxInputError` for what is no version."""
        text = text.strip()
        if not text or text.startswith(_BRANCHES):
            return None
        match = _RELEASE.match(text)
        if match is None:
            raise SyntaxInputError(f"`{text}` is no version of Spinnaker", hint='Write a release such as "1.37.0", in quotes.')
        return cls(int(match[1]), int(match[2]), int(match[3]) if match[3] and match[3] != "x" else 0)

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def is_at_least(version: SpinnakerVersion | None, release: str) -> bool | None:
    """Whether `version` is that release or later; None where no version is stated."""
    minimum = SpinnakerVersion.parse(release)
    if version is None or minimum is None:
        return None
    return version >= minimum
