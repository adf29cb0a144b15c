"""The text of a cluster query and a finger on it: words, operators, literals, and where one is wrong."""

from __future__ import annotations

import re

from ecs_preflight.errors import InputError

# Of a long expression, so many characters before and after the fault are shown.
_WINDOW = 72


class QueryError(InputError, ValueError):
    """An expression that the cluster query language does not have; `position` counts characters from 0."""

    def __init__(self, message: str, expression: str, position: int) -> None:
        self.expression = expression
        self.position = position
        start = max(position - _WINDOW, 0)
        shown = expression[start : position + _WINDOW].replace("\n", " ")
        super().__init__(f"{message} (at character {position + 1})", hint=f"{shown}\n  {' ' * (position - start)}^")

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, str, int]]:
        message = self.message.removesuffix(f" (at character {self.position + 1})")
        return type(self), (message, self.expression, self.position)


_SUBJECT = re.compile(r"[^\s=!<>~()\[\],'\"&|]+")
_SYMBOL = re.compile(r"==|!=|>=|<=|=~|!~|>|<|!exists\b|!in\b")
_WORD = re.compile(r"[A-Za-z_]+(?![^\s()\['\"&|])")
_LITERAL = re.compile(r"(?:(?!&&|\|\|)[^\s()\[\],'\"])+")
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")


class QueryText:
    """A cursor over the expression; every `take_*` skips white space first."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.position = 0
        self.double_quoted = False

    def error(self, message: str, position: int | None = None) -> QueryError:
        """A QueryError that points at `position`, or at where the cursor stands."""
        return QueryError(message, self.expression, self.position if position is None else position)

    def skip_space(self) -> int:
        """Go to the next character that says something, and return its position."""
        while self.expression[self.position : self.position + 1].isspace():
            self.position += 1
        return self.position

    def at_end(self) -> bool:
        """Nothing but white space is left."""
        return self.skip_space() == len(self.expression)

    @property
    def rest(self) -> str:
        """What is still to be read, for messages."""
        return self.expression[self.skip_space() :]

    def take(self, symbol: str) -> bool:
        """Step over `symbol` if it comes next."""
        found = self.expression.startswith(symbol, self.skip_space())
        self.position += len(symbol) if found else 0
        return found

    def take_word(self, *words: str) -> bool:
        """Step over one of `words` if it comes next as a word of its own."""
        match = _WORD.match(self.expression, self.skip_space())
        if match is None or match[0] not in words:
            return False
        self.position = match.end()
        return True

    def take_subject(self) -> str:
        """The word before an operator."""
        return self._take(_SUBJECT, "expected a subject such as attribute:NAME or agentConnected")

    def take_operator(self) -> str:
        """A symbol such as `==` or a word such as `not_equals`."""
        symbol = _SYMBOL.match(self.expression, self.skip_space())
        if symbol:
            self.position = symbol.end()
            return symbol[0]
        return self._take(_WORD, "expected an operator such as == or exists")

    def take_literal(self) -> str:
        """A bare word, or text in quotes."""
        quoted = self._take_quoted()
        return quoted if quoted is not None else self._take(_LITERAL, "expected a value")

    def take_list(self) -> tuple[str, ...]:
        """`[a, 'b c']`, with at least one item in it."""
        if not self.take("["):
            raise self.error("expected [, as in/!in compare with a list such as [a, b]")
        items = [self.take_literal()]
        while self.take(","):
            items.append(self.take_literal())
        if not self.take("]"):
            raise self.error("expected , or ] after an item of the list (a value with a space wants quotes)")
        return tuple(items)

    def take_regex(self) -> tuple[str, int]:
        """A pattern and where it begins: in quotes, or up to white space or a parenthesis that it did not open."""
        start = self.skip_space()
        quoted = self._take_quoted()
        if quoted is not None:
            return quoted, start + 1
        self.position = _end_of_bare_regex(self.expression, start)
        if self.position == start:
            raise self.error("expected a regular expression")
        return self.expression[start : self.position], start

    def _take(self, pattern: re.Pattern[str], expected: str) -> str:
        match = pattern.match(self.expression, self.skip_space())
        if match is None:
            raise self.error(expected)
        self.position = match.end()
        return match[0]

    def _take_quoted(self) -> str | None:
        start = self.skip_space()
        if not self.expression.startswith(("'", '"'), start):
            return None
        match = _QUOTED.match(self.expression, start)
        if match is None:
            raise self.error("this quote is never closed")
        self.double_quoted = self.double_quoted or match[1] is None
        self.position = match.end()
        return match[1] if match[1] is not None else match[2]


def _end_of_bare_regex(expression: str, position: int) -> int:
    depth, in_class = 0, False
    while position < len(expression) and not expression[position].isspace():
        character = expression[position]
        if character == "\\":
            position += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(":
            depth += 1
        elif character == ")":
            if depth == 0:
                break
            depth -= 1
        position += 1
    return min(position, len(expression))
