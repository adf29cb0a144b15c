"""One statement against one request: all of its elements must apply."""

from __future__ import annotations

from dataclasses import dataclass

from ecs_preflight.iam.action import ActionPatterns
from ecs_preflight.iam.conditions import CompiledClause
from ecs_preflight.iam.context import RequestContext
from ecs_preflight.iam.naming import Reach, not_principal_answer, principal_answers
from ecs_preflight.iam.principal import NamedPrincipal
from ecs_preflight.iam.resource import AskedResource, ResourcePatterns
from ecs_preflight.iam.statement import Effect, Statement
from ecs_preflight.iam.truth import NO, YES, Answer, all_of, doubt, negate

_NO_ACTION = doubt("a statement has neither Action nor NotAction, which IAM refuses")
_NO_RESOURCE = doubt("a statement has neither Principal nor Resource, which IAM refuses")
_EMPTY = doubt("a statement has an element without any values, which IAM refuses")
_MISPLACED = doubt("a statement names principals in a policy that IAM refuses with them")
_NO_PRINCIPAL = doubt("a statement of a resource-based policy has no Principal, which IAM refuses")


@dataclass(frozen=True, slots=True)
class Question:
    """A request made ready for many statements: the action lower-cased, the resource cut up, the context looked after."""

    action: str
    resource: AskedResource
    context: RequestContext


@dataclass(frozen=True, slots=True)
class PolicyRole:
    """What the place of a document means for its statements.

    `matches_principals`: a resource-based policy. `covers_services`: its `*` means service principals too (RCPs).
    `not_principal_always_denies`: the caller has a permissions boundary, and such a principal is always denied by
    Deny with NotPrincipal. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    """

    matches_principals: bool = False
    covers_services: bool = False
    not_principal_always_denies: bool = False


@dataclass(frozen=True, slots=True)
class CompiledStatement:
    """A statement whose patterns and values have been read."""

    statement: Statement
    actions: ActionPatterns | None
    resources: ResourcePatterns | None
    clauses: tuple[CompiledClause, ...]
    named: tuple[NamedPrincipal, ...]

    @classmethod
    def compile(cls, statement: Statement, version: str) -> CompiledStatement:
        variables = version == "2012-10-17"
        actions = statement.actions if statement.not_actions is None else statement.not_actions
        resources = statement.resources if statement.not_resources is None else statement.not_resources
        return cls(
            statement,
            None if actions is None else ActionPatterns.compile(actions),
            None if resources is None else ResourcePatterns.compile(resources, variables=variables),
            tuple(CompiledClause.compile(clause, variables=variables) for clause in statement.conditions),
            tuple(map(NamedPrincipal.read, statement.principals or statement.not_principals or ())),
        )

    def answers(self, question: Question, role: PolicyRole) -> dict[Reach, Answer]:
        """Whether the statement applies, by the way in which it names the caller (identity policies name nobody).

        Ways in which it certainly does not apply are left out: no entry at all is a certain no.
        """
        action = self.action_answer(question)
        if action is NO:
            return {}
        resource = self.resource_answer(question)
        principals = self.principal_answers(question, role) if resource is not NO else {}
        if not principals:
            return {}
        rest = all_of((action, resource, *(clause.answer(question.context) for clause in self.clauses)))
        if rest is YES:
            return principals
        return {reach: all_of((principal, rest)) for reach, principal in principals.items()} if rest is not NO else {}

    def action_answer(self, question: Question) -> Answer:
        if self.actions is None:
            return _NO_ACTION
        if self._is_emptied(self.statement.actions, self.statement.not_actions):
            return _EMPTY
        answer = self.actions.answer(question.action)
        return answer if self.statement.not_actions is None else negate(answer)

    def resource_answer(self, question: Question) -> Answer:
        if self.resources is None:
            return YES if self.statement.names_principals else _NO_RESOURCE
        if self._is_emptied(self.statement.resources, self.statement.not_resources):
            return _EMPTY
        answer = self.resources.answer(question.resource, question.context)
        return answer if self.statement.not_resources is None else negate(answer)

    def principal_answers(self, question: Question, role: PolicyRole) -> dict[Reach, Answer]:
        statement = self.statement
        if not role.matches_principals:
            return {Reach.OUTSIDER: _MISPLACED if statement.names_principals else YES}
        denies = statement.effect is Effect.DENY
        if self._is_emptied(statement.principals, statement.not_principals):
            return {Reach.EVERYONE: _EMPTY}
        if statement.not_principals is not None:
            if denies and role.not_principal_always_denies:
                return {Reach.EVERYONE: YES}
            answer = not_principal_answer(self.named, question.context, question.action)
            return {Reach.EVERYONE: answer} if answer.possible else {}
        if statement.principals is None:
            return {Reach.EVERYONE: _NO_PRINCIPAL}
        return principal_answers(
            self.named, question.context, question.action, denies=denies, covers_services=role.covers_services
        )

    def _is_emptied(self, values: tuple[object, ...] | None, excepted: tuple[object, ...] | None) -> bool:
        """Whether a list without values might grant: everything but nothing, or what a deny without any would have denied."""
        return excepted == () or (values == () and self.statement.effect is Effect.DENY)
