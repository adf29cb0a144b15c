"""Why the statements of a resource-based policy do not allow a request: the first element of each that does not apply."""

from __future__ import annotations

from ecs_preflight.iam.context import Absent
from ecs_preflight.iam.matching import CompiledStatement, PolicyRole, Question
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.statement import Effect

_MOST_STATEMENTS = 3
_MOST_NAMES = 4


def shortfalls(document: PolicyDocument, question: Question, role: PolicyRole) -> str:
    """Such as "statement number 1 names ecs.amazonaws.com"; for a document that certainly does not allow the request."""
    allows = [(n, compiled) for n, compiled in enumerate(document.compiled, 1) if compiled.statement.effect is Effect.ALLOW]
    if not allows:
        return "it has no statement that allows anything"
    found = [
        f"statement {_name(compiled, n)} {_shortfall(compiled, question, role)}" for n, compiled in allows[:_MOST_STATEMENTS]
    ]
    if len(allows) > _MOST_STATEMENTS:
        found.append(f"{len(allows) - _MOST_STATEMENTS} more do not apply either")
    return "; ".join(found)


def _name(compiled: CompiledStatement, number: int) -> str:
    return f'"{compiled.statement.sid}"' if compiled.statement.sid else f"number {number}"


def _shortfall(compiled: CompiledStatement, question: Question, role: PolicyRole) -> str:
    if not compiled.action_answer(question).possible:
        return "is about other actions"
    if not compiled.principal_answers(question, role):
        return _named(compiled)
    if not compiled.resource_answer(question).possible:
        return "is about other resources"
    failed = next(clause.clause for clause in compiled.clauses if not clause.answer(question.context).possible)
    absent = question.context.look_up(failed.key) is Absent.ABSENT
    lacking = "have" if absent else "satisfy"
    return f"requires {failed.operator.name} of {failed.key}, which the request does not {lacking}"


def _named(compiled: CompiledStatement) -> str:
    names = [entry.value for entry in compiled.named]
    listed = ", ".join(names[:_MOST_NAMES]) or "nobody"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{'excepts' if compiled.statement.not_principals is not None else 'names'} {listed}{more}"
