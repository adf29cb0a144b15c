"""What IAM refuses when a policy is written, in its own words, each with its place in the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ecs_preflight.iam import element_problems, principal_problems
from ecs_preflight.iam.element_problems import Refusal
from ecs_preflight.iam.grammar import SYNTAX_ERRORS, VERSIONS
from ecs_preflight.iam.json_reader import JsonText, Path, position
from ecs_preflight.iam.statement import Statement

PolicyKind = Literal["trust", "identity", "resource", "scp"]

_QUOTA_MESSAGE = "Cannot exceed quota"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: characters, white space not counted.
_SIZES = {
    "trust": (2048, f"{_QUOTA_MESSAGE} for ACLSizePerRole: 2048", "the quota of the account can be raised to 4096"),
    "identity": (6144, f"{_QUOTA_MESSAGE} for PolicySize: 6144", "as inline policies, those of a role may have 10240 together"),
}
_ALPHANUMERIC = re.compile(r"[0-9A-Za-z]*")
_SID_MESSAGE = "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
_CHARACTER_MESSAGE = (
    "Value at 'policyDocument' failed to satisfy constraint: "
    "Member must satisfy regular expression pattern: [\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"
)
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\xff]")


@dataclass(frozen=True, slots=True)
class PolicyProblem:
    """One thing that IAM refuses.

    path          JSON path such as `Statement[0].Action`; empty for the whole document. A single statement is number 0.
    line, column  from 1, where the document was parsed from text.
    hint          how to mend it; may be empty.
    """

    message: str
    path: str
    line: int | None
    column: int | None
    hint: str

    @property
    def is_quota(self) -> bool:
        """Whether it is the size, which an account may have had raised, that AWS refuses."""
        return self.message.startswith(_QUOTA_MESSAGE)


@dataclass(frozen=True, slots=True)
class WrittenPolicy:
    """A document and how it was written: the canonical text and size, and the source where there is one."""

    version: str
    statements: Sequence[Statement]
    text: str
    size: int
    source: JsonText | None


def find_problems(policy: WrittenPolicy, kind: PolicyKind) -> tuple[PolicyProblem, ...]:
    refusals = [*_document(policy, kind), *_sids(policy.statements, kind)]
    for number, statement in enumerate(policy.statements):
        here: Path = ("Statement", number)
        refusals += element_problems.find_refusals(statement, here, trust=kind == "trust")
        if kind in ("identity", "scp"):
            refusals += element_problems.find_missing_resources(statement, here)
        refusals += principal_problems.find_refusals(statement, here, kind)
    located = [_located(refusal, policy.source) for refusal in refusals]
    return (*_characters(policy, kind), *located)


def _document(policy: WrittenPolicy, kind: PolicyKind) -> Iterator[Refusal]:
    if kind in ("identity", "scp") and policy.version != VERSIONS[1]:
        hint = f'write "Version": "{VERSIONS[1]}"; a policy without a Version is of {VERSIONS[0]}'
        yield Refusal(("Version",), "Policy document must be version 2012-10-17 or greater.", hint)
    if not policy.statements:
        yield Refusal(("Statement",), SYNTAX_ERRORS, "a policy has at least one statement")
    limit, message, hint = _SIZES.get(kind, (policy.size, "", ""))
    if policy.size > limit:
        yield Refusal((), message, f"the policy has {policy.size} characters without white space; {hint}")


def _sids(statements: Sequence[Statement], kind: PolicyKind) -> Iterator[Refusal]:
    """An empty Sid is tolerated, even twice."""
    seen = set()
    for number, statement in enumerate(statements):
        place: Path = ("Statement", number, "Sid")
        if statement.sid and statement.sid in seen:
            yield Refusal(place, "Statement IDs (SID) in a single policy must be unique.", f'rename "{statement.sid}"')
        seen.add(statement.sid)
        if kind != "resource" and not _ALPHANUMERIC.fullmatch(statement.sid or ""):
            yield Refusal(place, _SID_MESSAGE, f'"{statement.sid}" has other characters')


def _characters(policy: WrittenPolicy, kind: PolicyKind) -> Iterator[PolicyProblem]:
    """The pattern of `policyDocumentType` in IAM's API; each character is reported where it first stands."""
    if kind not in ("trust", "identity"):
        return
    text = policy.source.text if policy.source else policy.text
    first = {match[0]: match.start() for match in reversed(list(_FORBIDDEN.finditer(text)))}
    for character, offset in sorted(first.items(), key=lambda item: item[1]):
        line, column = position(text, offset) if policy.source else (None, None)
        hint = f"remove the character U+{ord(character):04X} ({character!a})"
        yield PolicyProblem(_CHARACTER_MESSAGE, "", line, column, hint)


def _located(refusal: Refusal, source: JsonText | None) -> PolicyProblem:
    line, column = source.position_of(_as_written(refusal.path, source)) if source else (None, None)
    return PolicyProblem(refusal.message, _spelled(refusal.path), line, column, refusal.hint)


def _as_written(path: Path, source: JsonText) -> Path:
    """A single statement may stand without the list around it."""
    return path if isinstance(source.value["Statement"], list) or len(path) < 2 else (path[0], *path[2:])


def _spelled(path: Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
