"""YAML 1.1 as SnakeYAML resolves it, with lines; what is refused, and in which words."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.errors import InputError, Location, SyntaxInputError
from ecs_preflight.yamlfile import (
    Entry,
    Mapping,
    Scalar,
    Sequence,
    locate,
    parse_yaml,
    parse_yaml_documents,
    read_text,
    read_yaml,
    to_data,
)

# https://yaml.org/type/int.html, bool.html, float.html; the octal account id: clouddriver-aws/README.md.
SCALARS = [
    ("123456789012", 123456789012),
    ("012345670123", 1402433619),
    ("012345678901", "012345678901"),
    ("1234_5678_9012", 123456789012),
    ("0", 0),
    ("-012", -10),
    ("0x1F", 31),
    ("0b101", 5),
    ("0o17", "0o17"),
    ("1:30", 90),
    ("190:20:30", 685230),
    ("1:60", "1:60"),
    ("yes", True),
    ("No", False),
    ("on", True),
    ("OFF", False),
    ("y", "y"),
    ("true", True),
    ("tRue", "tRue"),
    ("~", None),
    ("null", None),
    ("", None),
    ("NULL", None),
    ("1.5", 1.5),
    ("1e3", 1000.0),
    ("1.5e+3", 1500.0),
    (".5", 0.5),
    ("1_000.5", 1000.5),
    ("1:30.5", 90.5),
    ("1.37", 1.37),
    ("1.37.0", "1.37.0"),
    (".inf", float("inf")),
    ("2027-03-01", "2027-03-01"),
    ("2001-12-14t21:59:43.10-05:00", "2001-12-14t21:59:43.10-05:00"),
    ("us-east-1", "us-east-1"),
    ("=", "="),
    ("role/x", "role/x"),
    ("'012345670123'", "012345670123"),
    ('"yes"', "yes"),
    ("!!str 012", "012"),
    ("!!int '12'", 12),
    ("!!timestamp 2027-03-01", "2027-03-01"),
    ("!!float 1", 1.0),
]


@pytest.mark.parametrize(("text", "value"), SCALARS)
def test_a_scalar_is_what_yaml_1_1_makes_of_it(text: str, value: object) -> None:
    node = parse_yaml(f"key: {text}\n", "f.yml").get("key")
    assert isinstance(node, Scalar)
    assert node.value == value
    assert type(node.value) is type(value)


def test_a_scalar_keeps_its_text_its_quotes_and_its_place() -> None:
    document = parse_yaml("a:\n  id: 012345670123\n  quoted: '1'\n  blank:\n", "f.yml")
    inner = document.get("a")
    assert isinstance(inner, Mapping)
    assert inner.get("id") == Scalar("012345670123", 1402433619, False, Location("f.yml", 2, 7))
    assert inner.get("quoted") == Scalar("1", "1", True, Location("f.yml", 3, 11))
    assert inner.keys == ("id", "quoted", "blank")
    assert inner.location == Location("f.yml", 2, 3)
    blank = inner.get("blank")
    assert isinstance(blank, Scalar)
    assert blank.is_blank
    assert inner.entry("quoted") == Entry("quoted", Location("f.yml", 3, 3), Scalar("1", "1", True, Location("f.yml", 3, 11)))
    assert document.get("b") is None
    assert document.entry("b") is None


def test_a_sequence_keeps_the_place_of_its_items() -> None:
    node = parse_yaml("regions:\n  - us-east-1\n  - name: x\n", "f.yml").get("regions")
    assert isinstance(node, Sequence)
    assert [item.location.line for item in node.items] == [2, 3]
    assert node.location == Location("f.yml", 2, 3)


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "~\n", "\ufeff", "---\n...\n"])
def test_an_empty_text_is_an_empty_mapping(text: str) -> None:
    assert parse_yaml(text, "f.yml").entries == ()


def test_a_byte_order_mark_moves_no_column() -> None:
    assert parse_yaml("\ufeffa: 1", "f.yml").entries[0].key_location == Location("f.yml", 1, 1)


def test_every_document_is_read() -> None:
    documents = parse_yaml_documents("a: 1\n---\n---\nb: 2\n", "f.yml")
    assert [to_data(document) for document in documents] == [{"a": 1}, {}, {"b": 2}]
    assert documents[2].location.line == 4


def test_aliases_and_merge_keys_are_resolved() -> None:
    text = "base: &base {a: 1, b: 2}\none: {<<: *base, b: 3}\nmany: {<<: [*base, {b: 9, c: 4}]}\nsame: *base\n"
    document = parse_yaml(text, "f.yml")
    assert to_data(document) == {
        "base": {"a": 1, "b": 2},
        "one": {"b": 3, "a": 1},
        "many": {"a": 1, "b": 2, "c": 4},
        "same": {"a": 1, "b": 2},
    }
    one = document.get("one")
    assert isinstance(one, Mapping)
    merged = one.entry("a")
    assert merged is not None
    assert merged.key_location.line == 1  # where it was written, not where it was merged


def test_an_anchor_may_be_written_anew() -> None:
    assert to_data(parse_yaml("a: &x 1\nb: &x 2\nc: *x\n", "f.yml")) == {"a": 1, "b": 2, "c": 2}


def _bomb(levels: int) -> str:
    first = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9]\n"
    return first + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, levels))


REFUSED = [
    ("- a\n", 1, 1, "the document is a list where a mapping is expected"),
    ("text\n", 1, 1, "the document is a single value where a mapping is expected"),
    ("a: 1\nb: 2\n'a': 3\n", 3, 1, "the key `a` stands twice: in line 1 and in line 3"),
    ("o:\n  x: 1\n  x: 2\n", 3, 3, "the key `x` stands twice: in line 2 and in line 3"),
    ("a: &x [*x]\n", 1, 4, "an alias stands inside the value that it repeats"),
    (_bomb(9), 5, 5, "its aliases unfold to more than 200000 values"),
    ("a: !custom b\n", 1, 4, "the tag `!custom` is not one that Spinnaker reads"),
    ("a: !!set {x}\n", 1, 4, "the tag `!!set` is not one that Spinnaker reads"),
    ("a: !!binary eA==\n", 1, 4, "the tag `!!binary` is not one that Spinnaker reads"),
    ("a: 0b_\n", 1, 4, "`0b_` is read as int and is none"),
    ("a: !!bool maybe\n", 1, 4, "`maybe` is read as bool and is none"),
    ("? [a]\n: b\n", 1, 3, "a key is expected here, not a list or a mapping"),
    ("a: {<<: 1}\n", 1, 9, "`<<` takes a mapping, or a list of mappings"),
    ("a: x\ab\n", 1, 5, "a character stands here that YAML does not allow (U+0007)"),
    ("a: 1\n---\nb: 2\n", 3, 1, "2 YAML documents were found where one is expected"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), REFUSED)
def test_what_is_refused_names_the_place_and_the_cause(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(SyntaxInputError) as caught:
        parse_yaml(text, "f.yml")
    assert caught.value.message == message
    assert caught.value.location == Location("f.yml", line, column)


def test_a_bomb_that_stays_small_is_read() -> None:
    assert len(parse_yaml(_bomb(4), "f.yml").entries) == 4


def test_a_document_nested_too_deeply_is_refused() -> None:
    with pytest.raises(SyntaxInputError, match="nested too deeply"):
        parse_yaml("[" * 5000, "f.yml")


def test_the_best_place_for_a_path_is_as_deep_as_the_document_goes() -> None:
    document = parse_yaml("a:\n  b:\n    - c: 1\n    - d: 2\n", "f.yml")
    assert locate(document, ("a", "b", 1, "d")) == Location("f.yml", 4, 7)
    assert locate(document, ("a", "b", 1)) == Location("f.yml", 4, 7)
    assert locate(document, ("a", "b", 7)) == Location("f.yml", 2, 3)
    assert locate(document, ("a", "missing", "x")) == Location("f.yml", 1, 1)
    assert locate(document, ()) == Location("f.yml", 1, 1)


def test_a_file_that_cannot_be_read_says_why(tmp_path) -> None:
    with pytest.raises(InputError, match="no such file or directory"):
        read_yaml(tmp_path / "absent.yml")
    with pytest.raises(InputError, match="is a directory"):
        read_text(tmp_path)
    latin = tmp_path / "latin.yml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(SyntaxInputError, match="byte 0xe9") as caught:
        read_yaml(latin)
    assert caught.value.location == Location(str(latin), 2)


def test_a_file_is_read(tmp_path) -> None:
    path = tmp_path / "f.yml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    assert to_data(read_yaml(path)) == {"a": 1, "b": 2}


_TEXTS = st.text(alphabet="abc012:_-. ~'\"{}[]#&*!|>%@\n\t", max_size=40)


def _refusal(text: str) -> SyntaxInputError | None:
    try:
        parse_yaml_documents(text, "f.yml")
    except SyntaxInputError as error:
        return error
    return None


@given(_TEXTS)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    error = _refusal(text)
    if error is not None:
        assert error.message
        assert error.location is not None
        assert error.location.line is None or 1 <= error.location.line <= text.count("\n") + 2


_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(alphabet="abc019:_- ", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcd", min_size=1, max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("xyz", min_size=1, max_size=3), _PLAIN, max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_pyyaml_writes_reads_back_the_same(data: dict[str, object]) -> None:
    # PyYAML reads timestamps, we do not; it writes no date here.
    assert to_data(parse_yaml(yaml.safe_dump(data), "f.yml")) == data
