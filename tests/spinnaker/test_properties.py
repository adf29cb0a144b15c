"""How Spring layers YAML: boot's YamlProcessor, IndexedElementsBinder and ConfigurationPropertyName."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecs_preflight.spinnaker.properties import environment_layer, find, java_text, layered, unfolded, uniform, written_twice
from ecs_preflight.yamlfile import Scalar, parse_yaml, to_data


def merged(*texts: str) -> object:
    whole, _ = layered(parse_yaml(text, f"{number}.yml") for number, text in enumerate(texts, 1))
    return to_data(whole)


@pytest.mark.parametrize("key", ["awsAccount", "aws-account", "aws_account", "AWSACCOUNT", "Aws-Account", "AWS_ACCOUNT"])
def test_spelling_is_relaxed(key: str) -> None:
    assert uniform(key) == "awsaccount"


MERGED = [
    ("maps merge key by key", ("a: {x: 1, y: 2}", "a: {y: 3, z: 4}"), {"a": {"x": 1, "y": 3, "z": 4}}),
    ("whatever the spelling", ("a: {fooBar: 1}", "a: {foo-bar: 2}"), {"a": {"foo-bar": 2}}),
    ("a list replaces a list", ("a: [1, 2, 3]", "a: [4]"), {"a": [4]}),
    ("members do not merge", ("a: [{x: 1}]", "a: [{y: 2}]"), {"a": [{"y": 2}]}),
    ("[] empties", ("a: [1]", "a: []"), {"a": []}),
    ("a blank empties", ("a: [1]", "a:"), {"a": None}),
    ("a blank scalar is written", ("a: 1", "a:"), {"a": None}),
    ("a blank hides no mapping", ("a: {x: 1}", "a:"), {"a": {"x": 1}}),
    ("a scalar hides no mapping", ("a: {x: 1}", "a: 2"), {"a": {"x": 1}}),
    ("an empty mapping is nothing", ("a: 1\nb: [1]\nc: {x: 1}", "a: {}\nb: {}\nc: {}"), {"a": 1, "b": [1], "c": {"x": 1}}),
    ("a mapping is no list", ("a: [1]", "a: {x: 1}"), {"a": [1]}),
    ("an empty list hides no mapping", ("a: {x: 1}", "a: []"), {"a": {"x": 1}}),
    ("a list stands over a mapping", ("a: {x: 1}", "a: [1]"), {"a": [1]}),
    ("a mapping stands over a scalar", ("a: 1", "a: {x: 1}"), {"a": {"x": 1}}),
    ("dotted keys nest", ("a.b.c: 1\na: {b: {d: 2}}", "a.b: {c: 3}"), {"a": {"b": {"c": 3, "d": 2}}}),
    ("dotted keys nest inside", ("a: {b.c: 1}",), {"a": {"b": {"c": 1}}}),
    ("indexed keys are a list", ("a[1].x: 2\na[0].x: 1\na[0].y: 3",), {"a": [{"x": 1, "y": 3}, {"x": 2}]}),
    ("an indexed list replaces too", ("a: [{x: 1}, {x: 2}]", "a[0].x: 3"), {"a": [{"x": 3}]}),
    ("lists keep dotted members", ("a: [{b.c: 1}, 2]",), {"a": [{"b": {"c": 1}}, 2]}),
    ("the last of three", ("a: 1", "a: 2", "a: 3"), {"a": 3}),
    ("nothing", (), {}),
]


@pytest.mark.parametrize(("texts", "whole"), [case[1:] for case in MERGED], ids=[case[0] for case in MERGED])
def test_layers_merge_as_spring_merges_them(texts: tuple[str, ...], whole: object) -> None:
    assert merged(*texts) == whole


def test_a_replaced_list_is_told() -> None:
    whole, replaced = layered((parse_yaml("a: {b: [1, 2]}", "low.yml"), parse_yaml("a:\n  b: [3]", "high.yml")))
    (loss,) = replaced
    assert (loss.path, to_data(loss.lower), to_data(loss.upper)) == ("a.b", [1, 2], [3])
    assert (loss.lower.location.file, loss.upper.location.file, loss.upper.location.line) == ("low.yml", "high.yml", 2)
    assert find(whole, "a.b[0]").location.file == "high.yml"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a.b", 1),
        ("A.B", 1),
        ("list[1].some-key", 2),
        ("list[1].someKey", 2),
        ("list[7]", None),
        ("list.x", None),
        ("a.b.c", None),
        ("missing", None),
    ],
)
def test_a_path_is_found(path: str, value: object) -> None:
    node = find(parse_yaml("a: {b: 1}\nlist: [x, {someKey: 2}]", "f.yml"), path)
    assert (node.value if isinstance(node, Scalar) else node) == value


def test_a_key_in_two_spellings_is_told() -> None:
    document = unfolded(parse_yaml("ok: 1", "f.yml"))
    assert list(written_twice(document, "")) == []
    text = "ecs: {accounts: [{awsAccount: a, aws-account: b}]}"
    ((path, first, second),) = written_twice(parse_yaml(text, "f.yml"), "")
    assert (path, first.key, second.key) == ("ecs.accounts[0].aws-account", "awsAccount", "aws-account")


# java.lang.Double.toString, Boolean.toString, Long.toString.
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (1402433619, "1402433619"),
        (-10, "-10"),
        ("as it is ", "as it is "),
        (1.5, "1.5"),
        (1.0, "1.0"),
        (0.0, "0.0"),
        (100.0, "100.0"),
        (1234567.0, "1234567.0"),
        (1e7, "1.0E7"),
        (12345678901.0, "1.2345678901E10"),
        (1.5e300, "1.5E300"),
        (0.001, "0.001"),
        (0.0001, "1.0E-4"),
        (-2.5e-5, "-2.5E-5"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (float("nan"), "NaN"),
    ],
)
def test_a_value_is_the_string_that_java_makes_of_it(value: object, text: str) -> None:
    assert java_text(value) == text


def test_environment_variables_are_properties() -> None:
    environ = {
        "AWS_ENABLED": "true",
        "AWS_ACCOUNTS_0_ACCOUNTID": "1",
        "AWS_ACCOUNTS_1_NAME": "b",
        "ECS_ENABLED": "yes",
        "AWS_": "odd",
        "AWS": "odd",
        "HOME": "/",
        "AWS__X": "odd",
    }
    layer = unfolded(environment_layer(environ, ("aws", "ecs")))
    assert to_data(layer) == {
        "aws": {"enabled": "true", "accounts": [{"accountid": "1"}, {"name": "b"}]},
        "ecs": {"enabled": "yes"},
    }
    assert find(layer, "aws.enabled").location.file == "environment variable AWS_ENABLED"


_VALUES = st.recursive(
    st.integers(0, 9),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)
_DOCUMENTS = st.dictionaries(st.sampled_from("abc"), _VALUES, max_size=3)


@given(_DOCUMENTS, _DOCUMENTS, _DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_layering_one_by_one_is_layering_at_once(low: dict, middle: dict, high: dict) -> None:
    low_, middle_, high_ = (parse_yaml(repr(document), "f.yml") for document in (low, middle, high))
    step, _ = layered((low_, middle_))
    assert to_data(layered((step, high_))[0]) == to_data(layered((low_, middle_, high_))[0])


@given(_DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_a_layer_over_itself_changes_nothing(document: dict) -> None:
    assert merged(repr(document), repr(document)) == document
