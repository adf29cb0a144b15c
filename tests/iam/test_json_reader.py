"""Places, and the cause and mend of every mistake."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.iam.json_reader import position, read_json

_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(value=_VALUES, indent=st.sampled_from([None, 2, "\t"]), ascii_only=st.booleans())
@settings(max_examples=150)
def test_reads_what_json_writes(value: object, indent: int | str | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert read_json(text, "x").value == value


@given(text=st.text(alphabet='{}[]",:\\truefalsn0123456789.eE+- \t\n\u00a0', max_size=40))
@settings(max_examples=300)
def test_reads_exactly_what_json_reads(text: str) -> None:
    def refuse_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    def refuse(word: str) -> None:
        raise ValueError(word)

    try:
        expected = json.loads(text, object_pairs_hook=refuse_duplicates, parse_constant=refuse)
    except ValueError:
        with pytest.raises(SyntaxInputError):
            read_json(text, "x")
    else:
        assert read_json(text, "x").value == expected


def test_every_value_has_its_place() -> None:
    read = read_json('{\n\t"a": [1,\n\t\t"b"],\r\n  "c": {"d": null}\n}', "x")
    places = {path: read.position_of(path) for path in read.offsets}
    assert places == {
        (): (1, 1),
        ("a",): (2, 2),
        ("a", 0): (2, 8),
        ("a", 1): (3, 3),
        ("c",): (4, 3),
        ("c", "d"): (4, 9),
    }


def test_a_path_that_is_not_there_is_placed_at_what_is_around_it() -> None:
    assert read_json('{"a": "b"}', "x").position_of(("a", 3, "z")) == (1, 2)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read_json("\ufeff{}", "x").value == {}


@pytest.mark.parametrize(("offset", "expected"), [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (5, (3, 1))])
def test_lines_and_columns_count_from_one(offset: int, expected: tuple[int, int]) -> None:
    assert position("ab\nc\nd", offset) == expected


# the text, where the mistake is, the cause, the mend
_MISTAKES = (
    ("", "1:1", "the text is empty", "expected a policy"),
    ("  \n ", "2:2", "the text is empty", "expected a policy"),
    ('{"a": [{"b": 1}\n} ]', "2:1", "the list opened at line 1 is closed by `}`; expected `]`", "write `] }` in place of `} ]`"),
    ('{"a": [1}', "1:9", "the list opened at line 1 is closed by `}`; expected `]`", "write `]` before this `}`"),
    ('{"a": 1]', "1:8", "the object opened at line 1 is closed by `]`; expected `}`", "write `}` before this `]`"),
    ('[{"a": 1]}', "1:9", "the object opened at line 1 is closed by `]`; expected `}`", "write `} ]` in place of `] }`"),
    ("[}", "1:2", "the list opened at line 1 is closed by `}`; expected `]`", "write `]` before this `}`"),
    ("{]", "1:2", "the object opened at line 1 is closed by `]`; expected `}`", "write `}` before this `]`"),
    ("{}}", "1:3", "`}` closes nothing", "remove the `}`"),
    ("{}]", "1:3", "`]` closes nothing", "remove the `]`"),
    ("{} x", "1:4", "`x` follows the end of the document", "one policy"),
    ('{\n"a": [1,\n2\n', "4:1", "the text ends inside the list opened at line 2", "close it with `]`"),
    ('{"a": 1', "1:8", "the text ends inside the object opened at line 1", "close it with `}`"),
    ("{", "1:2", "the text ends inside the object opened at line 1", "close it with `}`"),
    ('{"a":', "1:6", "the text ends inside the object opened at line 1", "close it with `}`"),
    ('{"a": 1,}', "1:8", "a comma stands before the closing `}`", "remove the comma"),
    ("[1,\n]", "1:3", "a comma stands before the closing `]`", "remove the comma"),
    ('{"a": 1 "b": 2}', "1:9", "follows a value of the object; expected `,` or `}`", "separate the two with a comma"),
    ("[1 2]", "1:4", "`2` follows a value of the list; expected `,` or `]`", "separate the two with a comma"),
    ("[1 // one\n]", "1:4", "`//` follows a value of the list", "JSON has no comments"),
    ("[1 # one\n]", "1:4", "`#` follows a value of the list", "JSON has no comments"),
    ("// one\n{}", "1:1", "JSON has no comments", "remove the comment"),
    ('{"a" 1}', "1:6", '`1` follows the key "a"; expected `:`', 'write "a": ...'),
    ("{a: 1}", "1:2", "`a` stands where a key is expected", "double quotes"),
    ('{"a": 1,', "1:9", "the end of the text stands where a key is expected", "double quotes"),
    ("{'a': 1}", "1:2", "`'a'` stands where a key is expected", "double quotes"),
    ('{"a": 1, "a": 2}', "1:10", 'the key "a" stands twice in one object, first at line 1', "may hold a key once"),
    ('{"Sid": 1,\n "b": {"Sid": 1,\n "Sid": 2}}', "3:2", 'the key "Sid" stands twice in one object, first at line 2', "once"),
    ('{"a": "b\n"}', "1:7", "a text in quotes is not closed on its line", 'close it with `"`'),
    ('"b', "1:1", "a text in quotes is not closed on its line", 'close it with `"`'),
    ('"a\tb"', "1:1", "a text in quotes holds a tab", "\\t"),
    ('"a\\d"', "1:1", "a backslash that escapes nothing", "\\\\"),
    ("[True]", "1:2", "`True` is no JSON", "write `true`"),
    ("[None]", "1:2", "`None` is no JSON", "write `null`"),
    ("['a']", "1:2", "`'a'` is not in double quotes", "straight double quotes"),
    ("[\u201ca\u201d]", "1:2", "is not in double quotes", "straight double quotes"),
    ("[allow]", "1:2", "`allow` is no JSON value", "double quotes"),
    ("[NaN]", "1:2", "`NaN` is no JSON value", "double quotes"),
    ("[01]", "1:2", "`01` is no JSON value", "double quotes"),
    ("[,]", "1:2", "`,` is no JSON value", "double quotes"),
    ("{\u00a0}", "1:2", "the character U+00A0 stands where a key is expected", "double quotes"),
    ("{a\U000101fe}", "1:2", "the character U+101FE stands where a key is expected", "double quotes"),
    ("[" * 65 + "]" * 65, "1:65", "more than 64 brackets are open", "nests this deep"),
    ("[" + "9" * 65 + "]", "1:2", "a number has 65 digits", "this long"),
)


@pytest.mark.parametrize(("text", "place", "cause", "mend"), _MISTAKES, ids=[repr(row[0][:20]) for row in _MISTAKES])
def test_a_mistake_is_named_with_its_place_and_mend(text: str, place: str, cause: str, mend: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        read_json(text, "trust.json")
    error = caught.value
    assert str(error.location) == f"trust.json:{place}"
    assert cause in error.message
    assert error.message.endswith('(AWS: "Syntax errors in policy.")')
    assert mend in str(error.hint)
