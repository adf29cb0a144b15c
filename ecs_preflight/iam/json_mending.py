"""JSON that is broken in the ways of people, mended where only one document can have been meant.

What a text editor or another language did to a sign (a comma too many, a comment, typographic quotes, `True`) is put right
sign by sign. Brackets, commas and colons that are missing, in excess or swapped are found by trial: every single change of
that kind is made, and if all the texts that are documents then say the same, that is the one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

_TOKEN = re.compile(
    r"""(?P<white>\s+) | (?P<comment>//[^\n]*|\#[^\n]*|/\*.*?\*/) | (?P<text>"(?:[^"\\\n]|\\.)*")
      | (?P<foreign>[“”„][^“”„"\\\n]*[“”] | '[^'"\\\n]*' | ‘[^‘’"\\\n]*’)
      | (?P<sign>[{}\[\],:]) | (?P<word>[^\s{}\[\],:"'“”„‘’]+) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_FOREIGN_WORDS = {"True": "true", "False": "false", "None": "null", "undefined": "null"}
_CLOSERS = {"{": "}", "[": "]"}
_INSERTED = ("}", "]", ",", ":", "{", "[")
_MOST_TOKENS = 1500  # several times what a policy may hold: the trials grow with the square
_JSON_WHITE = re.compile(r"[ \t\r\n]+")

Reader = Callable[[str], Any]
"""The value of a text; None where it is no document of the wanted kind."""


class Mend(NamedTuple):
    """Where in the original text something was changed, and what."""

    offset: int
    done: str


class _Token(NamedTuple):
    offset: int
    kind: str
    text: str


def mend_json(text: str, read: Reader) -> tuple[str, tuple[Mend, ...]] | None:
    """The text mended and what was done to it; None where that would be a guess."""
    tokens = [_Token(found.start(), found.lastgroup or "other", found[0]) for found in _TOKEN.finditer(text)]
    put_right, mends = _signs_put_right(tokens)
    spelled = _joined(put_right)
    if read(spelled) is not None:
        return spelled, tuple(mends)
    if not spelled.strip() or len(tokens) > _MOST_TOKENS:
        return None
    found = _documents(_changes(put_right), read) or _documents(_closed_at_the_end(put_right), read)
    if len(found) != 1:
        return None
    changed, mend = found[0]
    return changed, (*mends, mend)


def _joined(tokens: Sequence[_Token]) -> str:
    return "".join(token.text for token in tokens)


def _signs_put_right(tokens: Sequence[_Token]) -> tuple[list[_Token], list[Mend]]:
    kept, mends = [], []
    significant = [token for token in tokens if token.kind not in ("white", "comment")]
    after = dict(pairwise(significant))
    for token in tokens:
        follower = after.get(token)
        instead, done = _put_right(token, follower.text if follower else "")
        kept.append(token._replace(text=instead))
        if done:
            mends.append(Mend(token.offset, done))
    return kept, mends


def _put_right(token: _Token, follower: str) -> tuple[str, str | None]:
    """What stands in place of a token, and what that changes; `follower` is the next one that is no white space."""
    text = token.text
    if token.kind == "comment":
        return "\n" * text.count("\n"), "the comment is removed: JSON has none"  # what follows keeps its line
    if token.kind == "foreign":
        return f'"{text[1:-1]}"', "the quotes are made straight double quotes"
    if token.kind == "white" and not _JSON_WHITE.fullmatch(text):
        return re.sub(r"[^ \t\r\n]", " ", text), "white space that is not JSON's is made a space"
    if token.kind == "word" and all(unicodedata.category(character) == "Cf" for character in text):
        return "", f"the invisible character U+{ord(text[0]):04X} is removed"
    if text in _FOREIGN_WORDS:
        return _FOREIGN_WORDS[text], f"`{text}` is written `{_FOREIGN_WORDS[text]}`"
    if text == "," and follower in ("]", "}"):
        return "", f"the comma before the closing `{follower}` is removed"
    return text, None


def _documents(texts: Iterable[tuple[str, Mend]], read: Reader) -> list[tuple[str, Mend]]:
    """Those that are documents; of those that say the same, the last: it is nearest to where reading failed."""
    found = [(text, mend, read(text)) for text, mend in texts if _failing_offset(text) < 0]
    said = {json.dumps(value): (text, mend) for text, mend, value in found if value is not None}
    return list(said.values())


def _changes(tokens: Sequence[_Token]) -> Iterator[tuple[str, Mend]]:
    """Every text with two neighbouring closers swapped, or one sign more or less, up to where reading fails."""
    limit = _failing_offset(_joined(tokens))
    starts = _starts(tokens)
    significant = [n for n, token in enumerate(tokens) if token.kind != "white" and token.text and starts[n] <= limit]
    end = len(tokens) if starts[-1] + len(tokens[-1].text) <= limit else None
    for n in significant:
        if tokens[n].kind == "sign":
            done = f"the `{tokens[n].text}` is removed"
            yield _joined([*tokens[:n], *tokens[n + 1 :]]), Mend(tokens[n].offset, done)
    for n in (*significant, *([end] if end is not None else [])):
        offset = tokens[n].offset if n < len(tokens) else tokens[-1].offset + len(tokens[-1].text)
        for sign in _INSERTED:
            text = f"{_joined(tokens[:n])}{sign}{_joined(tokens[n:])}"
            yield text, Mend(offset, f"a `{sign}` is written where one was missing")
    for n in significant:
        follower = next((m for m in range(n + 1, len(tokens)) if tokens[m].kind != "white" and tokens[m].text), None)
        if follower is not None and {tokens[n].text, tokens[follower].text} == {"}", "]"}:
            swapped = list(tokens)
            swapped[n], swapped[follower] = swapped[follower], swapped[n]
            done = f"`{tokens[follower].text} {tokens[n].text}` is written in place of `{tokens[n].text} {tokens[follower].text}`"
            yield _joined(swapped), Mend(tokens[n].offset, done)


def _closed_at_the_end(tokens: Sequence[_Token]) -> Iterator[tuple[str, Mend]]:
    """For a text that was cut off, as selecting it with a mouse does."""
    awaited: list[str] = []
    for token in tokens:
        if token.text in _CLOSERS:
            awaited.append(_CLOSERS[token.text])
        elif token.text in ("}", "]") and (not awaited or awaited.pop() != token.text):
            return
    if awaited:
        missing = "".join(reversed(awaited))
        yield _joined(tokens).rstrip() + missing, Mend(tokens[-1].offset, f"`{missing}` is written at the end")


def _starts(tokens: Sequence[_Token]) -> list[int]:
    starts, position = [], 0
    for token in tokens:
        starts.append(position)
        position += len(token.text)
    return starts


def _failing_offset(text: str) -> int:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return error.pos
    except (ValueError, RecursionError):  # a number or a nesting beyond Python's limits: no policy
        return 0
    return -1
