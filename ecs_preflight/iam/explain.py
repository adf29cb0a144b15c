"""Why the statements of a resource-based policy do or do not apply to a request: the first element of each that does not."""

from __future__ import annotations

from dataclasses import dataclass

from ecs_preflight.iam.conditions import ConditionClause
from ecs_preflight.iam.context import Absent
from ecs_preflight.iam.matching import CompiledStatement, PolicyRole, Question
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.statement import Effect
from ecs_preflight.iam.truth import Truth, any_of

_MOST_STATEMENTS = 3
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class StatementAccount:
    """What one statement, counted from 0, comes to: whether it applies, and why not, or on what that depends.

    `hinders` is the condition that keeps it from applying, where action and principal are those of the request.
    """

    index: int
    applies: Truth
    why: str
    hinders: ConditionClause | None = None


def statement_accounts(document: PolicyDocument, question: Question) -> tuple[StatementAccount, ...]:
    """Every statement of a document by itself, as `evaluate_document` sees it."""
    role = PolicyRole(matches_principals=document.has_principals)
    return tuple(_account(compiled, index, question, role) for index, compiled in enumerate(document.compiled))


def _account(compiled: CompiledStatement, index: int, question: Question, role: PolicyRole) -> StatementAccount:
    answer = any_of(compiled.answers(question, role).values())
    if answer.truth is Truth.NO:
        failed = _failed_clause(compiled, question, role)
        return StatementAccount(index, answer.truth, f"it {_inapt(compiled, question, role)}", failed)
    if answer.truth is Truth.UNKNOWN:
        keys = {key.lower(): key for key in sorted(answer.keys)}
        depends = [f"it depends on {', '.join(sorted(keys.values()))}"] if keys else []
        return StatementAccount(index, answer.truth, "; ".join([*depends, *sorted(answer.doubts)]))
    return StatementAccount(index, answer.truth, "")


def _inapt(compiled: CompiledStatement, question: Question, role: PolicyRole) -> str:
    """The shortfall, for a reader who has whom the statement names before him."""
    if compiled.action_answer(question).possible and not compiled.principal_answers(question, role):
        return f"does not name {question.context.caller}"
    return _shortfall(compiled, question, role)


def _failed_clause(compiled: CompiledStatement, question: Question, role: PolicyRole) -> ConditionClause | None:
    """The first condition that is not met, where nothing but conditions stands between the request and the statement."""
    if not compiled.action_answer(question).possible or not compiled.principal_answers(question, role):
        return None
    if not compiled.resource_answer(question).possible:
        return None
    return next((clause.clause for clause in compiled.clauses if not clause.answer(question.context).possible), None)


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
    failed = _failed_clause(compiled, question, role)
    if failed is None:
        return "is about other resources"
    absent = question.context.look_up(failed.key) is Absent.ABSENT
    lacking = "have" if absent else "satisfy"
    return f"requires {failed.operator.name} of {failed.key}, which the request does not {lacking}"


def _named(compiled: CompiledStatement) -> str:
    names = [entry.value for entry in compiled.named]
    listed = ", ".join(names[:_MOST_NAMES]) or "nobody"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{'excepts' if compiled.statement.not_principals is not None else 'names'} {listed}{more}"
