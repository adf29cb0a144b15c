"""A policy document: read from a dict or from text, frozen, ready to be asked and evaluated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import Field, InstanceOf, PrivateAttr, model_serializer, model_validator
from typing_extensions import Self

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.iam import grammar, problems
from ecs_preflight.iam.json_reader import JsonText, read_json
from ecs_preflight.iam.matching import CompiledStatement
from ecs_preflight.iam.prepared import PreparedModel
from ecs_preflight.iam.statement import Statement


class PolicyDocument(PreparedModel):
    """A policy of any kind. `model_validate` takes the dict that AWS returns, `parse` the text that a person wrote.

    `version` is that of the language, "2008-10-17" where the document states none: then `${...}` is plain text.
    Elements that the grammar does not have are refused, because one that is skipped could turn a deny into an allow.
    """

    version: str = Field(alias="Version", default=grammar.VERSIONS[0])
    id: str | None = Field(alias="Id", default=None)
    statements: tuple[InstanceOf[Statement], ...] = Field(alias="Statement")

    _source: JsonText | None = PrivateAttr(default=None)
    _size: int = PrivateAttr(default=0)

    @classmethod
    def parse(cls, text: str, *, file: str = "policy") -> Self:
        """The document written in `text`; `file` is its name in messages.

        SyntaxInputError, with file, line and column, where it is no JSON (a duplicate key included) or no policy.
        """
        source = read_json(text, file)
        try:
            elements = grammar.read_policy(source.value)
        except grammar.GrammarError as error:
            line, column = source.position_of(error.path)
            raise SyntaxInputError(error.message, location=Location(file, line, column), hint=error.hint) from error
        document = cls.model_validate(elements)
        document._source, document._size = source, _size(source.value)
        return document

    @model_validator(mode="wrap")
    @classmethod
    def _read(cls, value: Any, handler: Any) -> Self:
        if isinstance(value, cls):
            return value
        elements = value if isinstance(value, grammar.Elements) else grammar.read_policy(value)
        document: Self = handler(elements)
        document._size = 0 if elements is value else _size(value)
        return document

    @model_serializer
    def to_aws(self) -> dict[str, Any]:
        """The document as AWS's API takes it."""
        identity = {} if self.id is None else {"Id": self.id}
        statements = [statement.to_aws() for statement in self.statements]
        return {"Version": self.version, **identity, "Statement": statements}

    def to_json(self) -> str:
        """One canonical text per document: no white space, elements in IAM's order, lists of one as their item."""
        return json.dumps(self.to_aws(), separators=(",", ":"), ensure_ascii=False)

    def problems(self, kind: problems.PolicyKind) -> tuple[problems.PolicyProblem, ...]:
        """What IAM refuses when a policy of this kind is written; empty where it accepts the document."""
        written = problems.WrittenPolicy(self.version, self.statements, self.to_json(), self._size, self._source)
        return problems.find_problems(written, kind)

    def line_of(self, number: int) -> int | None:
        """The line, from 1, of a statement, from 0; None where the document was not parsed from text."""
        if self._source is None:
            return None
        is_list = isinstance(self._source.value["Statement"], list)
        return self._source.position_of(("Statement", number) if is_list else ("Statement",))[0]

    @cached_property
    def has_principals(self) -> bool:
        """Whether it is a resource-based policy (a trust policy is one) and not an identity-based one."""
        return any(statement.names_principals for statement in self.statements)

    def __eq__(self, other: object) -> bool:
        """Documents are equal that say the same, however they were written."""
        return isinstance(other, PolicyDocument) and self._said() == other._said()

    def __hash__(self) -> int:
        return hash(self._said())

    def _said(self) -> tuple[str, str | None, tuple[Statement, ...]]:
        return (self.version, self.id, self.statements)

    @cached_property
    def compiled(self) -> tuple[CompiledStatement, ...]:
        """The statements with their patterns and values read, once per document."""
        return tuple(CompiledStatement.compile(statement, self.version) for statement in self.statements)


def _size(value: Mapping[str, Any]) -> int:
    """Characters as IAM counts them: white space is not."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=dict)
    return len("".join(text.split()))
