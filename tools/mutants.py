"""The mutants of a module: mutmut's operators, applied to everything that runs, decorated functions and module level included.

mutmut itself switches mutants by wrapping functions, and so leaves out what it cannot wrap: properties, validators, class and
module level. Here each mutant is a whole source text, and who runs it decides how to bring it to life.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators


@dataclass(frozen=True)
class Mutant:
    """One change. `function` is the qualified name of the outermost function around it; None at module or class level."""

    module: str
    file: Path
    line: int
    function: str | None
    was: str
    now: str
    source: str

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}: {self.was}  ->  {self.now}"


def mutants_of(file: Path, module: str) -> Iterator[Mutant]:
    """In the order of the source. Some are no Python at all; whoever compiles `source` finds out."""
    text = file.read_text(encoding="utf-8")
    wrapper = MetadataWrapper(cst.parse_module(text))
    visitor = _Visitor()
    wrapper.visit(visitor)
    starts = [0, *itertools.accumulate(map(len, text.splitlines(keepends=True)))]
    seen = {text}
    for old, new, where, function in visitor.changes:
        begin, end = (starts[place.line - 1] + place.column for place in (where.start, where.end))
        changed = wrapper.module.code_for_node(_without_outer_brackets(new, old))
        source = f"{text[:begin]}{changed}{text[end:]}"
        if source not in seen:
            seen.add(source)
            yield Mutant(module, file, where.start.line, function, _on_one_line(text[begin:end]), _on_one_line(changed), source)


def _without_outer_brackets(new: cst.CSTNode, old: cst.CSTNode) -> cst.CSTNode:
    """The place of a node in brackets is between them, and so they are kept."""
    if isinstance(old, cst.BaseExpression) and isinstance(new, cst.BaseExpression) and new.lpar and new.lpar == old.lpar:
        return new.with_changes(lpar=(), rpar=())
    return new


def _is_double(old: cst.CSTNode, new: cst.CSTNode) -> bool:
    """`strict=False` is a mutant of each strict zip. Without the argument, and with None, it would be counted three times."""
    if not (isinstance(old, cst.Call) and isinstance(new, cst.Call)):
        return False
    return any(_is_strict(arg) for arg in old.args) and not any(_is_strict(arg) and not _is_none(arg.value) for arg in new.args)


def _is_strict(arg: cst.Arg) -> bool:
    return arg.keyword is not None and arg.keyword.value == "strict"


def _is_none(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Name) and value.value == "None"


def _on_one_line(code: str) -> str:
    return " ".join(code.split())


def _force_branch(test: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """mutmut forces the branches of `a if b else c` only; those of statements are as easily left untested."""
    bracketed = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    for operator, literal in ((cst.And(), "False"), (cst.Or(), "True")):
        yield cst.BooleanOperation(left=bracketed, operator=operator, right=cst.Name(literal))


def _change_text(node: cst.FormattedStringText) -> Iterable[cst.CSTNode]:
    """mutmut changes plain strings only; most messages are f-strings."""
    yield node.with_changes(value=f"XX{node.value}XX")


_OPERATORS: tuple[tuple[type, Callable[[Any], Iterable[cst.CSTNode]]], ...] = (
    *(pair for pair in mutation_operators if pair[0] is not cst.Match),  # the patterns of its cases are changed one by one
    (cst.FormattedStringText, _change_text),
)
# What does not run, or what Python cannot import without.
_SKIPPED = (cst.Annotation, cst.Import, cst.ImportFrom, cst.Decorator)


class _Visitor(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        self.changes: list[tuple[cst.CSTNode, cst.CSTNode, CodeRange, str | None]] = []
        self._names: list[str] = []
        self._bodies: dict[cst.CSTNode, str] = {}
        self._function: str | None = None

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, _SKIPPED) or _is_docstring(node):
            return False
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            self._names.append(node.name.value)
        if isinstance(node, cst.FunctionDef) and self._function is None:
            self._bodies[node.body] = ".".join(self._names)
        self._function = self._bodies.get(node, self._function)
        for kind, operator in _OPERATORS:
            if isinstance(node, kind):
                self._change(node, operator(node))
        if isinstance(node, cst.If):
            self._change(node.test, _force_branch(node.test))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, (cst.FunctionDef, cst.ClassDef)):
            self._names.pop()
        if original_node in self._bodies:
            self._function = None

    def _change(self, node: cst.CSTNode, changed: Iterable[cst.CSTNode]) -> None:
        where = self.get_metadata(PositionProvider, node)
        self.changes += [(node, new, where, self._function) for new in changed if not _is_double(node, new)]


def _is_docstring(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString))
