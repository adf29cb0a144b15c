"""Models out of YAML: every error with its line, its key, what was found, what is expected, and a near miss."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationInfo

from ecs_preflight.errors import InputError, InputErrors, Location, SyntaxInputError
from ecs_preflight.yamlfile import parse_yaml
from ecs_preflight.yamlmodel import Blank, Spelling, read_model


class Base(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Leaf(Base):
    name: Annotated[str, Field(min_length=1)]
    number: Annotated[int, Field(ge=1)] = 1
    share: float = 1.0
    on: bool = True
    kind: Literal["one", "other"] = "one"


def _in_context(value: Any, info: ValidationInfo) -> Any:
    if value not in (info.context or {}):
        raise ValueError("expected what the context has")
    return value


class Tree(Base):
    leaf: Leaf | None = None
    leaves: Annotated[tuple[Leaf, ...], Blank(())] = ()
    by_name: Annotated[
        dict[Annotated[str, Spelling("[a-z.-]+", "small letters")], Annotated[Leaf, Blank({"name": "x"})]], Blank({})
    ] = {}
    nested: dict[str, Annotated[tuple[dict[str, Leaf], ...], Blank(())]] = {}
    plain: dict[str, int] = {}
    coloured: Annotated[str, Spelling("red|blue", "a colour, red or blue")] = "red"
    contextual: Annotated[str, BeforeValidator(_in_context)] = "a"


def read(text: str, context: Any = None) -> Tree:
    return read_model(Tree, parse_yaml(dedent(text), "tree.yml"), "the tree", context)


def refused(text: str) -> InputError:
    with pytest.raises(InputError) as raised:
        read(text)
    return raised.value


def test_scalars_stay_as_they_were_written() -> None:
    read_tree = read("""
        leaf: {name: 1.10, number: 012, share: 1e3, on: yes}
        leaves: [{name: 0x1F}, {name: "null"}, {name: on}]
        """)
    assert read_tree.leaf == Leaf(name="1.10", number=12, share=1000.0, on=True)
    assert [leaf.name for leaf in read_tree.leaves] == ["0x1F", "null", "on"]


@pytest.mark.parametrize("blank", ["", "~", "null"])
def test_what_is_blank_is_empty_where_it_may_be(blank: str) -> None:
    assert read(f"leaf: {blank}\nleaves: {blank}\nby_name: {blank}\nnested: {{a: {blank}}}") == Tree(nested={"a": ()})
    assert read(f"by_name: {{a: {blank}}}").by_name == {"a": Leaf(name="x")}


def test_the_context_is_for_validators() -> None:
    assert read("contextual: b", {"a", "b"}).contextual == "b"
    assert refused("contextual: b").message == "contextual: `b` was found; expected what the context has"


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        # An unknown key at every depth: near misses are of the keys that may stand just there.
        ("laef: {}", (1, 1), "`laef` is not a key of the tree", "Did you mean `leaf`?"),
        (
            "zzz: {}",
            (1, 1),
            "`zzz` is not a key of the tree",
            "Its keys are: by_name, coloured, contextual, leaf, leaves, nested, plain.",
        ),
        ("leaf:\n  name: a\n  nmber: 3", (3, 3), "`nmber` is not a key of leaf", "Did you mean `number`?"),
        ("leaves:\n  - name: a\n    knd: b", (3, 5), "`knd` is not a key of leaves[0]", "Did you mean `kind`?"),
        ("by_name:\n  a:\n    name: b\n    shre: 1", (4, 5), "`shre` is not a key of by_name.a", "Did you mean `share`?"),
        (
            "by_name: {a.b: {name: b, zzz: 1}}",
            (1, 26),
            "`zzz` is not a key of by_name.a.b",
            "Its keys are: kind, name, number, on,",
        ),
        ("nested: {a: [{}, {b: {nam: x, name: y}}]}", (1, 23), "`nam` is not a key of nested.a[1].b", "Did you mean `name`?"),
        # Names that look like something of pydantic's own.
        ("by_name:\n  function-a:\n    name: x\n    nme: y", (4, 5), "`nme` is not a key of by_name.function-a", "`name`?"),
        ('plain:\n  "[key]": x', (2, 3), "plain.[key]: `x` was found; expected a whole number", None),
        # A key that is amiss itself.
        ("by_name:\n  a: {name: b}\n  A1: {name: b}", (3, 3), "by_name: the key `A1` was found; expected small letters", None),
        ("by_name:\n  A1:", (2, 3), "by_name: the key `A1` was found; expected small letters", None),
        # Something else than what is expected.
        ("leaf: 3", (1, 1), "leaf: `3` was found where a mapping is expected", None),
        ("leaf: [a]", (1, 1), "leaf: a list was found where a mapping is expected", None),
        ("leaves:\n  -", (2, 4), "leaves[0]: nothing was found where a mapping is expected", None),
        ("by_name: [a]", (1, 1), "by_name: a list was found where a mapping is expected", None),
        ("plain:", (1, 1), "plain: nothing was found where a mapping is expected", None),
        ("leaves: {name: a}", (1, 1), "leaves: a mapping was found where a list is expected", "Begin each element with `- `."),
        ("leaves: a", (1, 1), "leaves: `a` was found where a list is expected", "Begin each element with `- `."),
        ("leaf: {number: 2}", (1, 1), "leaf.name is missing", "Add it."),
        ("leaves:\n  - {name: a}\n  - number: 2", (3, 5), "leaves[1].name is missing", "Add it."),
        ("leaf: {name: a, number: b}", (1, 17), "leaf.number: `b` was found; expected a whole number", None),
        ("leaf: {name: a, number: 1.5}", (1, 17), "leaf.number: `1.5` was found; expected a whole number", None),
        ("leaf: {name: a, number: }", (1, 17), "leaf.number: nothing was found; expected a whole number", None),
        ("leaf: {name: a, number: 0}", (1, 17), "leaf.number: `0` was found; expected greater than or equal to 1", None),
        ("leaf: {name: a, share: b}", (1, 17), "leaf.share: `b` was found; expected a number", None),
        ("leaf: {name: a, share: []}", (1, 17), "leaf.share: a list was found; expected a number", None),
        ("leaf: {name: a, on: maybe}", (1, 17), "leaf.on: `maybe` was found; expected true or false", None),
        ("leaf: {name: a, on: {}}", (1, 17), "leaf.on: a mapping was found; expected true or false", None),
        ("leaf: {name: a, kind: two}", (1, 17), "leaf.kind: `two` was found; expected 'one' or 'other'", None),
        ('leaf: {name: ""}', (1, 8), "leaf.name: `` was found; expected a text that is not empty", None),
        ("leaf: {name: ~}", (1, 8), "leaf.name: nothing was found; expected a text", None),
        ("coloured: redd", (1, 1), "coloured: `redd` was found; expected a colour, red or blue", None),
        ('coloured: "red\\n"', (1, 1), "coloured: `red\n` was found; expected a colour, red or blue", None),
    ],
)
def test_an_error_says_where_what_was_found_and_what_is_expected(
    text: str, place: tuple[int, int], message: str, hint: str | None
) -> None:
    error = refused(text)
    assert isinstance(error, SyntaxInputError)
    assert error.location == Location("tree.yml", *place)
    assert error.message == message
    assert (hint is None) == (error.hint is None)
    assert hint is None or hint in str(error.hint)


def test_of_several_errors_each_is_told_in_the_order_of_the_lines() -> None:
    error = refused("""\
        leaves:
          - number: 0
        laef: 1
        leaf: 3
        """)
    assert isinstance(error, InputErrors)
    places = [(found.location.line, found.message) for found in error.errors if found.location]
    assert places == [
        (2, "leaves[0].name is missing"),
        (2, "leaves[0].number: `0` was found; expected greater than or equal to 1"),
        (3, "`laef` is not a key of the tree"),
        (4, "leaf: `3` was found where a mapping is expected"),
    ]


def test_what_an_alias_repeats_is_told_of_wherever_it_stands() -> None:
    alias = refused("by_name:\n  a: &a {name: x, zzz: 1}\nleaf: *a")
    assert isinstance(alias, InputErrors)
    assert [(str(found.location), found.message) for found in alias.errors] == [
        ("tree.yml:2:19", "`zzz` is not a key of leaf"),
        ("tree.yml:2:19", "`zzz` is not a key of by_name.a"),
    ]
    merged = refused("leaf: &a {name: x}\nby_name:\n  b:\n    <<: *a\n    nmber: 2")
    assert merged.location == Location("tree.yml", 5, 5)


def test_editors_are_told_the_same() -> None:
    """What the annotations refuse and what they let stand blank is in the JSON Schema too."""
    schema = TypeAdapter(Tree).json_schema()["properties"]
    assert re.fullmatch(schema["coloured"]["pattern"], "red")
    assert {"type": "null"} in schema["leaves"]["anyOf"]
    assert {"type": "null"} in schema["by_name"]["anyOf"]
    assert set(schema["by_name"]["anyOf"][0]["patternProperties"]) == {"^[a-z.-]+$"}
    assert "anyOf" not in schema["plain"]
