"""The sentences about text that is no JSON, word for word, and the small print of where a mistake ends."""

from __future__ import annotations

import pytest

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam.json_reader import read_json

_A_KEY = 'a key is a text in double quotes, such as "Effect"'
_A_TEXT = "a text stands in double quotes"
_STRAIGHT = 'write texts in straight double quotes: "..."'
_OPEN = ("a text in quotes is not closed on its line", 'close it with `"`')
_TAB = ("a text in quotes holds a tab", "write a tab inside quotes as \\t")
_BACKSLASH = ("a text in quotes has a backslash that escapes nothing", "write a backslash as \\\\")
_COMMENT = ("JSON has no comments", "remove the comment")

# the text, where it goes wrong, what is found, how to mend it
_WORDS: tuple[tuple[str, str, str, str], ...] = (
    ("", "1:1", "the text is empty", "expected a policy: { ... }"),
    ("{}}", "1:3", "`}` closes nothing: every bracket before it is closed already", "remove the `}`"),
    ("{} x", "1:4", "`x` follows the end of the document", "a text holds one policy and nothing else"),
    ("[1,\n]", "1:3", "a comma stands before the closing `]`", "remove the comma: nothing follows it"),
    ('{"a": 1 "b": 2}', "1:9", '`"` follows a value of the object; expected `,` or `}`', "separate the two with a comma"),
    ("[1 2]", "1:4", "`2` follows a value of the list; expected `,` or `]`", "separate the two with a comma"),
    ("[1 // one\n]", "1:4", "`//` follows a value of the list; expected `,` or `]`", "JSON has no comments: remove it"),
    ("[1 /* one */]", "1:4", "`/*` follows a value of the list; expected `,` or `]`", "JSON has no comments: remove it"),
    ("[1 # one\n]", "1:4", "`#` follows a value of the list; expected `,` or `]`", "JSON has no comments: remove it"),
    ("// one\n{}", "1:1", *_COMMENT),
    ("[/* one */]", "1:2", *_COMMENT),
    ("[# one\n]", "1:2", *_COMMENT),
    ('{"a" 1}', "1:6", '`1` follows the key "a"; expected `:`', 'write "a": ...'),
    ("{a: 1}", "1:2", "`a` stands where a key is expected", _A_KEY),
    ('{"a": 1,', "1:9", "the end of the text stands where a key is expected", _A_KEY),
    (
        '{"a": 1, "a": 2}',
        "1:10",
        'the key "a" stands twice in one object, first at line 1',
        "an object may hold a key once; JSON readers would silently keep one of the two",
    ),
    ('{"a": "b\n"}', "1:7", *_OPEN),
    ('["a", "b', "1:7", *_OPEN),
    ('["a\n\t"]', "1:2", *_OPEN),
    ('["a\n\\d"]', "1:2", *_OPEN),
    ('["\\\\",\n"b', "2:1", *_OPEN),
    ('["a\n\\d\n"]', "1:2", *_OPEN),
    ('"a\tb"', "1:1", *_TAB),
    ('[1,\n"a\tb"]', "2:1", *_TAB),
    ('"\tb"', "1:1", *_TAB),
    ('"a\\d"', "1:1", *_BACKSLASH),
    ('["a\\d"\t]', "1:2", *_BACKSLASH),
    ('"a\\', "1:1", *_BACKSLASH),
    ("[True]", "1:2", "`True` is no JSON", "write `true`"),
    ("[False]", "1:2", "`False` is no JSON", "write `false`"),
    ("[None]", "1:2", "`None` is no JSON", "write `null`"),
    ("[undefined]", "1:2", "`undefined` is no JSON", "write `null`"),
    ("['a']", "1:2", "`'a'` is not in double quotes", _STRAIGHT),
    ("[\u201ca\u201d]", "1:2", "`\u201ca\u201d` is not in double quotes", _STRAIGHT),
    ("[\u201da\u201d]", "1:2", "`\u201da\u201d` is not in double quotes", _STRAIGHT),
    ("[\u2018a\u2019]", "1:2", "`\u2018a\u2019` is not in double quotes", _STRAIGHT),
    ("[\u2019a\u2019]", "1:2", "`\u2019a\u2019` is not in double quotes", _STRAIGHT),
    (f"['{'a' * 30}']", "1:2", f"`'{'a' * 19}` is not in double quotes", _STRAIGHT),
    ("[allow]", "1:2", "`allow` is no JSON value", _A_TEXT),
    (f"[{'allow' * 5}]", "1:2", f"`{'allow' * 4}` is no JSON value", _A_TEXT),
    ("[" * 65 + "]" * 65, "1:65", "more than 64 brackets are open", "no policy nests this deep"),
    ('{"a":' * 65 + "1" + "}" * 65, "1:321", "more than 64 brackets are open", "no policy nests this deep"),
    ("[0." + "9" * 63 + "]", "1:2", "a number has 65 digits", "no policy needs a number this long"),
    ("[" + "9" * 64 + " x]", "1:67", "`x` follows a value of the list; expected `,` or `]`", "separate the two with a comma"),
    ("[" + "9" * 65 + "]", "1:2", "a number has 65 digits", "no policy needs a number this long"),
)


@pytest.mark.parametrize(("text", "place", "found", "mend"), _WORDS, ids=[repr(row[0][:20]) for row in _WORDS])
def test_a_mistake_is_one_sentence_and_a_mend(text: str, place: str, found: str, mend: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        read_json(text, "trust.json")
    assert str(caught.value.location) == f"trust.json:{place}"
    assert caught.value.message == f'{found} (AWS: "Syntax errors in policy.")'
    assert caught.value.hint == mend


def test_what_is_just_not_too_much_is_read() -> None:
    assert read_json("9" * 64, "x").value == int("9" * 64)
    assert read_json("[" * 64 + "]" * 64, "x").text == "[" * 64 + "]" * 64
