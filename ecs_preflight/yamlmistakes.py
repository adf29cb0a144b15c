"""What a person did when YAML cannot be read: the cause in one sentence, with the line, the column and the mend."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from ecs_preflight.errors import Location, SyntaxInputError

_KEY = re.compile(r"""^(?P<indent>[ ]*)(?P<dashes>(?:-[ ]+)*)(?P<key>"[^"]*"|'[^']*'|[^\s#:][^:#]*?)\s*:(?:\s|$)(?P<value>.*)""")
_ITEM = re.compile(r"^(?P<indent>[ ]*)-(?:\s|$)")


def explain(error: yaml.MarkedYAMLError, text: str, file: str) -> SyntaxInputError:
    """The error to show for what PyYAML says about `text`."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return SyntaxInputError(str(error.problem or error), location=Location(file))
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    place = _Place(file, lines, line, mark.line, mark.column)
    problem = error.problem or ""
    context = error.context or ""
    if "character '\\t'" in problem:
        return _tab(place)
    if re.search(r"^[^#]*(?::|-)\s+\{\{", line):
        return place.error(
            "a value starts with `{{`, which YAML takes for a mapping", 'Put the whole value into quotes: "{{name}}-keypair".'
        )
    if "quoted scalar" in context and error.context_mark:
        opened = error.context_mark
        return _Place(file, lines, "", opened.line, opened.column).error(
            "the quote that opens here is never closed", "Close it, or double a quote that belongs to the text."
        )
    if "expected ',' or" in problem and error.context_mark:
        opened = error.context_mark
        bracket = "[" if "sequence" in context else "{"
        return _Place(file, lines, "", opened.line, opened.column).error(
            f"the `{bracket}` that opens here is not closed where it should be", "Close it, and put a comma between its members."
        )
    if "<block" in problem or "mapping values are not allowed" in problem or "'?'" in problem:
        return _structure(place, "mapping values" in problem)
    if "cannot start any token" in problem:
        return place.error(f"a value cannot start with `{line[mark.column : mark.column + 1]}`", "Put the value into quotes.")
    if "undefined alias" in problem:
        return place.error(f"the alias {problem.rpartition(' ')[2]} repeats nothing", "Write its anchor (`&name`) above it.")
    return place.error(" ".join(part for part in (context, problem) if part), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """A line of the text, counted from 0, and a column in it."""

    file: str
    lines: list[str]
    line: str
    row: int
    column: int

    def error(self, message: str, hint: str | None) -> SyntaxInputError:
        return SyntaxInputError(message, location=Location(self.file, self.row + 1, self.column + 1), hint=hint)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A mapping or a list that is open above a line: where its members stand, both from 0."""

    column: int
    row: int
    name: str
    value: str


def _tab(place: _Place) -> SyntaxInputError:
    if place.line[: place.column].strip():
        return place.error("a tab stands before a value: YAML separates with spaces only", "Replace the tab with a space.")
    tabbed = sum(1 for line in place.lines if "\t" in line[: len(line) - len(line.lstrip())])
    also = f" ({tabbed} lines of the file have them)" if tabbed > 1 else ""
    return place.error(
        f"the line is indented with a tab{also}: YAML allows only spaces there",
        f"Replace each leading tab with two spaces, in every line: `expand -i -t 2 {shlex.quote(place.file)} > mended.yml`."
        " Then align the lines that had none.",
    )


def _structure(place: _Place, is_second_key: bool) -> SyntaxInputError:
    written = _KEY.match(place.line)
    what = f"`{written['key']}`" if written else "this line"
    column = len(place.line) - len(place.line.lstrip())
    if written and len(written["indent"] + written["dashes"]) < place.column and not _continues(place, column):
        if is_second_key:
            return place.error(f"a second `: ` stands in the value of {what}", "Put the whole value into quotes.")
        return place.error(f"the value of {what} goes on after its end", "Put the whole value into quotes.")
    before = place.lines[: place.row]
    if any(line.startswith("...") for line in before):
        return place.error("`...` ends the document above this line", "Write `---` to start another one, or delete the `...`.")
    opened = tuple(_opened_above(before, column))
    at = _Place(place.file, place.lines, place.line, place.row, column)
    keys = [above for above in opened if above.name != "-"]
    if any(above.column == column for above in opened) or not keys:
        return at.error(
            f"{what} in column {column + 1} is of another kind than what stands there above it: lists and keys do not mix",
            "Indent it under the key or the list item that it belongs to.",
        )
    nearest, others = keys[0], keys[1:]
    siblings = f"`{nearest.name}` of line {nearest.row + 1} stands in column {nearest.column + 1}"
    if column > nearest.column:
        return at.error(
            f"{what} in column {column + 1} is indented deeper than the keys above it: {siblings} and has a value already",
            f"Move {what} to column {nearest.column + 1}, in line with `{nearest.name}`.",
        )
    outer = "".join(f", `{above.name}` of line {above.row + 1} in column {above.column + 1}" for above in others)
    choices = "".join(f", or to column {above.column + 1} to make it a sibling of `{above.name}`" for above in others)
    return at.error(
        f"{what} in column {column + 1} is in line with nothing above it: {siblings}{outer}",
        f"Move {what} to column {nearest.column + 1} to make it a sibling of `{nearest.name}`{choices}.",
    )


def _continues(place: _Place, column: int) -> bool:
    """Whether the line before is `key: value` and this one is indented deeper, so that YAML takes it for more of that value."""
    nearest = next(_opened_above(place.lines[: place.row], column), None)
    return nearest is not None and column > nearest.column and bool(nearest.value)


def _opened_above(lines: list[str], column: int) -> Iterator[_Opened]:
    """The mappings and lists that are open after `lines`, innermost first, up to those left of `column`."""
    limit: int | None = None
    for row in range(len(lines) - 1, -1, -1):
        line = lines[row]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        key, item = _KEY.match(line), _ITEM.match(line)
        starts = []
        if key:
            starts.append(_Opened(len(key["indent"] + key["dashes"]), row, key["key"].strip("\"'"), key["value"].strip()))
        if item:
            starts.append(_Opened(len(item["indent"]), row, "-", ""))
        for start in starts:
            if limit is None or start.column < limit:
                limit = start.column
                yield start
        if limit == 0 or (limit is not None and limit < column):
            return
