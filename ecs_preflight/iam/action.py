"""Action and NotAction: `service:Name`, case-insensitive, with wildcards in the name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.truth import NO, YES, Answer, doubt


@dataclass(frozen=True, slots=True)
class ActionPatterns:
    """The patterns of one element, lower-cased and sorted out once: `exact` is one look-up, `globs` are kept by service."""

    everything: bool
    exact: frozenset[str]
    globs: Mapping[str, Sequence[Glob]]
    doubtful: tuple[tuple[str, Glob], ...]

    @classmethod
    def compile(cls, patterns: Sequence[str]) -> ActionPatterns:
        everything, exact, doubtful = False, set(), []
        globs: dict[str, list[Glob]] = {}
        for pattern in patterns:
            glob = Glob.of(pattern.lower())
            prefix, colon, name = pattern.partition(":")
            if glob.is_everything or (prefix, name) == ("*", "*"):
                everything = True
            elif not colon or "*" in prefix or "?" in prefix:
                doubtful.append((pattern, glob))
            elif glob.is_literal:
                exact.add(pattern.lower())
            else:
                globs.setdefault(prefix.lower(), []).append(glob)
        return cls(everything, frozenset(exact), globs, tuple(doubtful))

    def answer(self, action: str) -> Answer:
        """Whether the action (lower-cased) is one of these; an action with wildcards in it stands for all it matches."""
        if self.everything or action in self.exact:
            return YES
        if "*" in action or "?" in action:
            return self._answer_pattern(Glob.of(action), action)
        for glob in self.globs.get(action.partition(":")[0], ()):
            if glob.matches(action):
                return YES
        for pattern, glob in self.doubtful:
            if glob.matches(action):
                return doubt(f'AWS does not document what the action "{pattern}" matches: its service prefix is not spelled out')
        return NO

    def _answer_pattern(self, asked: Glob, text: str) -> Answer:
        globs = [glob for of_service in self.globs.values() for glob in of_service]
        if any(glob.covers(asked) for glob in globs):
            return YES
        others = (*(glob for _, glob in self.doubtful), *map(Glob.literal, self.exact))
        if any(glob.overlaps(asked) for glob in (*globs, *others)):
            return doubt(f'only some of the actions of "{text}" are covered')
        return NO
