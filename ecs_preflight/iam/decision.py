"""What comes out of an evaluation, in SimulatePrincipalPolicy's words where it has them.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ecs_preflight.iam.statement import Effect


class EvalDecision(str, Enum):
    """AWS's three decisions, and the case in which what is known does not decide."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"
    UNDECIDABLE = "undecidable"


@dataclass(frozen=True, slots=True)
class MatchedStatement:
    """A statement that decides: its document ("document", "identity[0]", "resource", "scp[1][0]"), index from 0, and Sid."""

    document: str
    index: int
    sid: str | None
    effect: Effect

    def __str__(self) -> str:
        name = f'"{self.sid}"' if self.sid else f"number {self.index + 1}"
        return f"statement {name} of {self.document}"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A decision and what led to it.

    matched_statements    explicitDeny: the denies that apply. allowed: the allows that apply. undecidable: those that may decide.
    unknown_context_keys  the smallest set of keys whose values would settle an undecidable request (see `settling`); empty
                          for any other decision.
    explanation           a sentence for the person who has to act on it.
    """

    decision: EvalDecision
    matched_statements: tuple[MatchedStatement, ...]
    unknown_context_keys: tuple[str, ...]
    explanation: str

    @property
    def allowed(self) -> bool:
        return self.decision is EvalDecision.ALLOWED
