"""One trust policy, explained without AWS: what IAM would refuse, what clouddriver reads in it, whom it lets in.

Values of conditions are never shown: an external id is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_preflight.iam.caller import AWS_CALLERS
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.explain import StatementAccount, statement_accounts
from ecs_preflight.iam.near_misses import NearMiss, near_misses
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.problems import PolicyProblem
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.statement import Effect, Statement
from ecs_preflight.iam.truth import Truth
from ecs_preflight.reports.json import SCHEMA_VERSION
from ecs_preflight.reports.trust_question import TrustQuestion
from ecs_preflight.spinnaker.trust_reader import TrustReading, read_trust_policy

_MOST_NAMES = 4
_APPLIES = {Truth.YES: "applies", Truth.NO: "does not apply", Truth.UNKNOWN: "may apply"}
_NEVER_SENT_FOR_ECS = ("sts:externalid", "sts:sourceidentity", "sts:transitivetagkeys", "aws:tagkeys", "aws:requesttag/")
_OTHER_SIDE = (
    "The principal's own policies are not looked at: they must allow sts:AssumeRole too, unless it is of the role's own account "
    "and the policy names it by ARN, one of its sessions, or everyone."
)


@dataclass(frozen=True, slots=True)
class TrustExplanation:
    """All there is to say about a policy; `request`, `accounts` and `evaluation` only where a principal was given."""

    file: str
    document: PolicyDocument
    problems: tuple[PolicyProblem, ...]
    reading: TrustReading
    near: tuple[NearMiss, ...]
    odd_keys: tuple[str, ...] = ()
    request: AccessRequest | None = None
    accounts: tuple[StatementAccount, ...] = ()
    evaluation: Evaluation | None = None

    @property
    def exit_code(self) -> int:
        """0 well, 1 refused or not allowed, 3 undecidable from what is given."""
        if self.evaluation and self.evaluation.decision is EvalDecision.UNDECIDABLE:
            return 3
        return 1 if self.problems or (self.evaluation and not self.evaluation.allowed) else 0


def explain_trust(text: str, file: str, question: TrustQuestion | None = None) -> TrustExplanation:
    """What the policy in `text` says, and to whom. InputError where it cannot be read."""
    document = PolicyDocument.parse(text, file=file)
    problems, reading = document.problems("trust"), read_trust_policy(text)
    if question is None:
        return TrustExplanation(file, document, problems, reading, near_misses(document))
    request = question.request(document)
    return TrustExplanation(
        file,
        document,
        problems,
        reading,
        near_misses(document, request.question.context.caller),
        question.odd_keys(document),
        request,
        statement_accounts(document, request.question),
        evaluate_document(document, request),
    )


def explain_trust_policy(
    text: str, file: str, principal: str | None = None, context: Mapping[str, Sequence[str] | None] | None = None
) -> tuple[str, int]:
    """The explanation as text, and the exit code."""
    question = TrustQuestion(principal, context or {}) if principal else None
    explanation = explain_trust(text, file, question)
    return render_trust_text(explanation), explanation.exit_code


def render_trust_text(explanation: TrustExplanation) -> str:
    return "".join(f"{line}\n" for line in _lines(explanation))


def _lines(told: TrustExplanation) -> Iterator[str]:
    document = told.document
    yield f"{told.file}: {_trusted(document)}"
    for problem in told.problems:
        yield f"{told.file}:{problem.line}:{problem.column}: IAM refuses this: {problem.message} {problem.hint}"
    for number, statement in enumerate(document.statements):
        line = f"{told.file}:{document.line_of(number)}: {_name(statement, number)} {_said(statement)}"
        yield f"{line}: {_applied(told.accounts[number])}" if told.accounts else line
    for near in told.near:
        yield f"{told.file}:{document.line_of(near.statement)}: note: {near.sentence}"
    yield _reading(told.reading)
    if told.evaluation is None:
        yield "Give --principal ARN to see whether that principal may assume the role, and why."
        return
    if any(not problem.is_quota for problem in told.problems):
        yield "IAM takes no such policy, so nobody gets in by it as it stands. Read by its statements alone, it would mean:"
    yield f"{told.evaluation.decision.value}: {told.evaluation.explanation}"
    yield from _next(told, told.evaluation)


def _trusted(document: PolicyDocument) -> str:
    """Whom the Allow statements name, conditions aside; and that this is nobody who could be Spinnaker, where it is so."""
    allowing = [statement for statement in document.statements if statement.effect is Effect.ALLOW]
    named = [f"{entry.kind} {entry.value}" for statement in allowing for entry in statement.principals or ()]
    told = f"names {', '.join(dict.fromkeys(named)) or 'nobody'}"
    if any(name.startswith(("AWS ", "* ")) for name in named):
        return told
    return f"{told}; no IAM role, user or account is among them, so Spinnaker itself could not assume this role"


def _name(statement: Statement, number: int) -> str:
    return f'statement "{statement.sid}"' if statement.sid else f"statement number {number + 1}"


def _said(statement: Statement) -> str:
    """Such as "allows ecs.amazonaws.com sts:AssumeRole, if StringEquals of sts:ExternalId is met"."""
    verb = "allows" if statement.effect is Effect.ALLOW else "denies"
    actions = f"all but {_some(statement.not_actions)}" if statement.not_actions is not None else _some(statement.actions or ())
    who = statement.principals if statement.not_principals is None else statement.not_principals
    names = _some([entry.value for entry in who or ()])
    whom = names if statement.not_principals is None else f"everybody but {names}"
    terms = [f"{clause.operator.name} of {clause.key}" for clause in statement.conditions]
    condition = f", if {' and '.join(terms)} {'is' if len(terms) == 1 else 'are'} met" if terms else ""
    return f"{verb} {whom} {actions}{condition}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES]) or 'nobody'}{more}"


def _applied(account: StatementAccount) -> str:
    return f"{_APPLIES[account.applies]}{f' ({account.why})' if account.why else ''}"


def _reading(reading: TrustReading) -> str:
    if reading.throws:
        return f"clouddriver's own reader throws {reading.throws}: it then reads no role of the account"
    return f"clouddriver's own reader sees these services: {', '.join(sorted(reading.services)) or 'none'}"


def _next(told: TrustExplanation, evaluation: Evaluation) -> Iterator[str]:
    """What the reader may do now."""
    yield from (f"note: {sentence}" for sentence in told.odd_keys)
    for key in evaluation.unknown_context_keys:
        yield f"To settle it: --context {key}=VALUE, or --no-context {key} where the request does not have it."
    if any(key.lower().startswith(_NEVER_SENT_FOR_ECS) for key in evaluation.unknown_context_keys):
        yield "clouddriver sends no external id, session tags or source identity for an ECS account: --as-clouddriver says so."
    if evaluation.allowed and told.request and told.request.question.context.caller.kind in AWS_CALLERS:
        yield _OTHER_SIDE
    if told.exit_code == 1:
        yield "--fix prints the policy with the smallest change that makes it right, or what somebody has to decide before."


def render_trust_json(explanation: TrustExplanation) -> str:
    return json.dumps(_as_dict(explanation), indent=2) + "\n"


def _as_dict(told: TrustExplanation) -> dict[str, Any]:
    statements = []
    for number, statement in enumerate(told.document.statements):
        row: dict[str, Any] = {
            "sid": statement.sid,
            "line": told.document.line_of(number),
            "effect": statement.effect.value,
            "principals": [{"kind": kind, "value": value} for kind, value in statement.principals or ()],
            "conditions": [{"operator": clause.operator.name, "key": clause.key} for clause in statement.conditions],
        }
        if told.accounts:
            row |= {"applies": told.accounts[number].applies.value, "why": told.accounts[number].why}
        statements.append(row)
    return {
        "schema_version": SCHEMA_VERSION,
        "file": told.file,
        "problems": [
            {"message": p.message, "hint": p.hint, "path": p.path, "location": {"line": p.line, "column": p.column}}
            for p in told.problems
        ],
        "statements": statements,
        "notes": [{"statement": near.statement, "sentence": near.sentence} for near in told.near],
        "clouddriver": {"services": sorted(told.reading.services), "throws": told.reading.throws},
        "verdict": _verdict(told),
    }


def _verdict(told: TrustExplanation) -> dict[str, Any] | None:
    if told.evaluation is None or told.request is None:
        return None
    return {
        "principal": told.request.principal,
        "decision": told.evaluation.decision.value,
        "explanation": told.evaluation.explanation,
        "matched_statements": [matched.index for matched in told.evaluation.matched_statements],
        "unknown_context_keys": list(told.evaluation.unknown_context_keys),
        "notes": list(told.odd_keys),
    }
