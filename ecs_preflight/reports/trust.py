"""One trust policy, explained without AWS: what IAM would refuse, what clouddriver reads in it, whom it lets in."""

from __future__ import annotations

from collections.abc import Mapping

from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.statement import Effect
from ecs_preflight.spinnaker.trust_reader import read_trust_policy


def explain_trust_policy(
    text: str, file: str, principal: str | None = None, context: Mapping[str, str] | None = None
) -> tuple[str, int]:
    """The explanation, and an exit code: 0 well, 1 refused or not allowed, 3 undecidable from what is given.

    Without a principal, the document alone is judged. Raises InputError where it cannot be read.
    """
    document = PolicyDocument.parse(text, file=file)
    problems = document.problems("trust")
    lines = [
        f"{file}:{problem.line}:{problem.column}: IAM refuses this: {problem.message} {problem.hint}" for problem in problems
    ]
    reading = read_trust_policy(text)
    services = ", ".join(sorted(reading.services)) or "none"
    lines.append(
        f"clouddriver's own reader {f'throws {reading.throws}' if reading.throws else f'sees these services: {services}'}"
    )
    if principal is None:
        lines.insert(0, f"{file}: {_trusted(document)}")
        lines.append("Give --principal ARN to see whether that principal may assume the role, and why.")
        return "\n".join(lines) + "\n", 1 if problems else 0
    evaluation = _evaluated(document, principal, context or {})
    lines.append(f"{evaluation.decision.value}: {evaluation.explanation}")
    return "\n".join(lines) + "\n", _exit_code(evaluation, bool(problems))


def _trusted(document: PolicyDocument) -> str:
    """Whom the Allow statements name, conditions aside; and that this is nobody who could be Spinnaker, where it is so."""
    allowing = [statement for statement in document.statements if statement.effect is Effect.ALLOW]
    named = [f"{entry.kind} {entry.value}" for statement in allowing for entry in statement.principals or ()]
    told = f"names {', '.join(dict.fromkeys(named)) or 'nobody'}"
    if any(name.startswith("AWS ") for name in named):
        return told
    return f"{told}; no IAM role, user or account is among them, so Spinnaker itself could not assume this role"


def _evaluated(document: PolicyDocument, principal: str, context: Mapping[str, str]) -> Evaluation:
    return evaluate_document(
        document, AccessRequest(principal=principal, action="sts:AssumeRole", context=dict(context), context_complete=False)
    )


def _exit_code(evaluation: Evaluation, is_refused: bool) -> int:
    if evaluation.decision is EvalDecision.UNDECIDABLE:
        return 3
    return 0 if evaluation.allowed and not is_refused else 1
