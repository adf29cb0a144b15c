"""One statement of a policy, element by element, as IAM's grammar has them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ecs_preflight.iam.conditions import ConditionClause
from ecs_preflight.iam.principal import PrincipalEntry


class Effect(str, Enum):
    """What a statement does when it applies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True)
class Statement:
    """Elements that the document does not have are None; lists that it has but leaves empty are ().

    `principals` and `not_principals` are (kind, value) pairs, kind being AWS, Service, Federated, CanonicalUser, or
    `*` for the bare string "*". Condition values are texts.
    """

    effect: Effect
    sid: str | None = None
    principals: tuple[PrincipalEntry, ...] | None = None
    not_principals: tuple[PrincipalEntry, ...] | None = None
    actions: tuple[str, ...] | None = None
    not_actions: tuple[str, ...] | None = None
    resources: tuple[str, ...] | None = None
    not_resources: tuple[str, ...] | None = None
    conditions: tuple[ConditionClause, ...] = ()

    @property
    def names_principals(self) -> bool:
        return self.principals is not None or self.not_principals is not None

    def to_aws(self) -> dict[str, Any]:
        """The statement as IAM writes it, elements in the order of IAM's own pages."""
        elements = {
            "Sid": self.sid,
            "Effect": self.effect.value,
            "Principal": _principals(self.principals),
            "NotPrincipal": _principals(self.not_principals),
            "Action": _one_or_many(self.actions),
            "NotAction": _one_or_many(self.not_actions),
            "Resource": _one_or_many(self.resources),
            "NotResource": _one_or_many(self.not_resources),
            "Condition": _conditions(self.conditions),
        }
        return {name: value for name, value in elements.items() if value is not None}


def _one_or_many(values: tuple[str, ...] | None) -> str | list[str] | None:
    if values is None:
        return None
    return values[0] if len(values) == 1 else list(values)


def _principals(entries: tuple[PrincipalEntry, ...] | None) -> str | dict[str, Any] | None:
    if entries is None:
        return None
    if entries == (PrincipalEntry("*", "*"),):
        return "*"
    kinds = dict.fromkeys(entry.kind for entry in entries)
    return {kind: _one_or_many(tuple(value for of, value in entries if of == kind)) for kind in kinds}


def _conditions(clauses: tuple[ConditionClause, ...]) -> dict[str, dict[str, Any]] | None:
    if not clauses:
        return None
    block: dict[str, dict[str, Any]] = {}
    for clause in clauses:
        block.setdefault(clause.operator.name, {})[clause.key] = _one_or_many(clause.values)
    return block
