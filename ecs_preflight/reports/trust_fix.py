"""The face of `ecs-preflight trust --fix`: the document alone, and beside it what was changed, or why nothing was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ecs_preflight.iam.near_misses import near_misses
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.reports.trust_question import TrustQuestion
from ecs_preflight.spinnaker.trust_fix import Said, TrustFix, fix_trust_policy


@dataclass(frozen=True, slots=True)
class RenderedFix:
    """`document` for stdout, None where there is none; `remarks` for stderr; the exit code.

    0 fixed, or nothing to change; 1 it takes a decision; 3 it depends on what is not known.
    """

    document: str | None
    remarks: str
    exit_code: int


def fix_and_tell(text: str, file: str, question: TrustQuestion | None = None, *, own_statement: bool = False) -> RenderedFix:
    """The policy in `text` with the smallest change that makes it right. InputError where it cannot be read."""
    fix = fix_trust_policy(text, file, question.request if question else None, own_statement=own_statement)
    document = None if fix.document is None else json.dumps(fix.document, indent=2) + "\n"
    remarks = "".join(f"{line}\n" for line in _remarks(fix, file, question))
    return RenderedFix(document, remarks, 3 if fix.undecided else 0 if document else 1)


def _remarks(fix: TrustFix, file: str, question: TrustQuestion | None) -> Iterator[str]:
    if fix.undecided:
        yield f"{file}: not fixed: {fix.undecided}"
        yield "State what the request has with --context KEY=VALUE, and what it lacks with --no-context KEY or --as-clouddriver."
    for decision in fix.decisions:
        yield f"{_place(decision, file)}: needs your decision: {decision.sentence}."
    for change in fix.changes:
        yield f"{_place(change, file)}: {change.sentence}."
    if fix.document is None:
        return
    if not fix.changes:
        yield f"{file}: nothing to change."
    document = PolicyDocument.parse(json.dumps(fix.document), file=file)
    caller = question.request(document).question.context.caller if question else None
    yield from (f"{file}: note: {near.sentence}" for near in near_misses(document, caller))
    yield from (f"note: {sentence}" for sentence in (question.odd_keys(document) if question else ()))


def _place(said: Said, file: str) -> str:
    return file if said.line is None else f"{file}:{said.line}"
