"""A reader of JSON that knows the place of every value, and what people get wrong when they write it by hand.

The language is RFC 8259 to the letter: tabs are white space, a key may stand once in its object.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from ecs_preflight.errors import Location, SyntaxInputError

Path = tuple[str | int, ...]

DEEPEST = 64
LONGEST_NUMBER = 64
_CLOSERS = {"{": "}", "[": "]"}
_NAMES = {"{": "object", "[": "list"}
_WHITE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[^\s,:\[\]{}\"]+")
_WORDS = {"true": True, "false": False, "null": None}
_FOREIGN_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_HALF_OF_PAIR = re.compile("[\ud800-\udfff]")


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def is_encodable(text: str) -> bool:
    """Whether it may be written at all: half of a surrogate pair, which JSON can spell alone, is no character."""
    return text.isascii() or _HALF_OF_PAIR.search(text) is None


def printable(text: str) -> str:
    return text if is_encodable(text) else text.encode(errors="backslashreplace").decode()


class PlaceReader:
    """A cursor over the text. `offsets`: where the value (or the key) of each path begins."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.offsets: dict[Path, int] = {}
        self._file = file
        self._at = 0
        self._open: list[int] = []

    def document(self) -> Any:
        if not self._peek():
            self._fail("the text is empty", "expected a policy: { ... }")
        value = self._value(())
        rest = self._peek()
        if rest in ("}", "]"):
            self._fail(f"`{rest}` closes nothing: every bracket before it is closed already", f"remove the `{rest}`")
        if rest:
            self._fail(f"{self._found()} follows the end of the document", "a text holds one policy and nothing else")
        return value

    def _value(self, path: Path) -> Any:
        sign = self._peek()
        self.offsets[path] = self._at
        if sign in _CLOSERS:
            return self._container(sign, path)
        if sign == '"':
            return self._string()
        number = _NUMBER.match(self.text, self._at)
        word = _WORD.match(self.text, self._at)
        if number and word and number.end() == word.end():
            return self._number(number)
        if word and word[0] in _WORDS:
            self._at = word.end()
            return _WORDS[word[0]]
        return self._fail_value(word[0] if word else "")

    def _number(self, number: re.Match[str]) -> int | float:
        if len(number[0]) > LONGEST_NUMBER:
            self._fail(f"a number has {len(number[0])} digits", "no policy needs a number this long")
        self._at = number.end()
        value: int | float = json.loads(number[0])
        return value

    def _container(self, opener: str, path: Path) -> Any:
        if len(self._open) == DEEPEST:
            self._fail(f"more than {DEEPEST} brackets are open", "no policy nests this deep")
        self._open.append(self._at)
        self._at += 1
        value: Any = self._members(path) if opener == "{" else self._items(path)
        self._open.pop()
        return value

    def _items(self, path: Path) -> list[Any]:
        items: list[Any] = []
        if self._closes("]"):
            return items
        while True:
            items.append(self._value((*path, len(items))))
            if self._ends("]"):
                return items

    def _members(self, path: Path) -> dict[str, Any]:
        members: dict[str, Any] = {}
        if self._closes("}"):
            return members
        while True:
            start = self._key_start()
            key = self._string()
            if key in members:
                self._fail_duplicate(key, (*path, key), start)
            if self._peek() != ":":
                self._fail(f'{self._found()} follows the key "{key}"; expected `:`', f'write "{key}": ...')
            self._at += 1
            members[key] = self._value((*path, key))
            self.offsets[(*path, key)] = start
            if self._ends("}"):
                return members

    def _key_start(self) -> int:
        if self._peek() != '"':
            self._fail(f"{self._found()} stands where a key is expected", 'a key is a text in double quotes, such as "Effect"')
        return self._at

    def _ends(self, closer: str) -> bool:
        """Past the closing bracket, or past a comma that another member follows."""
        if self._closes(closer):
            return True
        if self._peek() != ",":
            self._fail_after_member(closer)
        comma = self._at
        self._at += 1
        if self._peek() in ("]", "}"):
            self._at = comma
            self._fail(f"a comma stands before the closing `{self._next_sign()}`", "remove the comma: nothing follows it")
        return False

    def _closes(self, closer: str) -> bool:
        sign = self._peek()
        if sign == closer:
            self._at += 1
            return True
        if not sign:
            self._fail_unclosed(closer)
        if sign in ("]", "}"):
            self._fail_mixed_up(sign, closer)
        return False

    def _string(self) -> str:
        match = _STRING.match(self.text, self._at)
        if match is None:
            self._fail_string()
        self._at = match.end()
        return str(json.loads(match[0]))

    def _peek(self) -> str:
        """The next sign that is no white space; empty at the end."""
        white = _WHITE.match(self.text, self._at)
        self._at = white.end() if white else self._at
        return self.text[self._at : self._at + 1]

    def _next_sign(self) -> str:
        return self.text[self._at + 1 :].lstrip()[:1]

    def _found(self) -> str:
        word = _WORD.match(self.text, self._at)
        sign = word[0][:20] if word else self.text[self._at : self._at + 1]
        unseen = next((character for character in sign if character.isspace() or not character.isprintable()), None)
        if unseen is not None:
            return f"the character U+{ord(unseen):04X}"
        return f"`{sign}`" if sign else "the end of the text"

    def _fail(self, message: str, hint: str, at: int | None = None) -> NoReturn:
        line, column = position(self.text, self._at if at is None else at)
        place = Location(self._file, line, column)
        raise SyntaxInputError(printable(f'{message} (AWS: "Syntax errors in policy.")'), location=place, hint=printable(hint))

    def _fail_mixed_up(self, sign: str, closer: str) -> NoReturn:
        opener = self._open[-1]
        line, _ = position(self.text, opener)
        swapped = self._next_sign() == closer
        hint = f"write `{closer} {sign}` in place of `{sign} {closer}`" if swapped else f"write `{closer}` before this `{sign}`"
        name = _NAMES[self.text[opener]]
        self._fail(f"the {name} opened at line {line} is closed by `{sign}`; expected `{closer}`", hint)

    def _fail_unclosed(self, closer: str) -> NoReturn:
        opener = self._open[-1]
        line, _ = position(self.text, opener)
        name = _NAMES[self.text[opener]]
        self._fail(f"the text ends inside the {name} opened at line {line}", f"close it with `{closer}`")

    def _fail_after_member(self, closer: str) -> NoReturn:
        name = "object" if closer == "}" else "list"
        found = self._found()
        hint = "JSON has no comments: remove it" if found.startswith(("`//", "`/*", "`#")) else "separate the two with a comma"
        self._fail(f"{found} follows a value of the {name}; expected `,` or `{closer}`", hint)

    def _fail_duplicate(self, key: str, path: Path, start: int) -> NoReturn:
        line, _ = position(self.text, self.offsets[path])
        hint = "an object may hold a key once; JSON readers would silently keep one of the two"
        self._fail(f'the key "{key}" stands twice in one object, first at line {line}', hint, start)

    def _fail_string(self) -> NoReturn:
        line_end = self.text.find("\n", self._at)
        rest = self.text[self._at + 1 : len(self.text) if line_end < 0 else line_end]
        if "\t" in rest.split('"')[0]:
            self._fail("a text in quotes holds a tab", "write a tab inside quotes as \\t")
        if "\\" in rest:
            self._fail("a text in quotes has a backslash that escapes nothing", "write a backslash as \\\\")
        self._fail("a text in quotes is not closed on its line", 'close it with `"`')

    def _fail_value(self, word: str) -> NoReturn:
        if word in _FOREIGN_WORDS:
            self._fail(f"`{word}` is no JSON", f"write `{_FOREIGN_WORDS[word]}`")
        if word[:1] in ("'", "\u201c", "\u201d", "\u2018", "\u2019"):
            self._fail(f"`{word[:20]}` is not in double quotes", 'write texts in straight double quotes: "..."')
        if word.startswith(("//", "/*", "#")):
            self._fail("JSON has no comments", "remove the comment")
        if not self._peek():
            self._fail_unclosed(_CLOSERS[self.text[self._open[-1]]])
        self._fail(f"{self._found()} is no JSON value", "a text stands in double quotes")
