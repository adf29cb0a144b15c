"""The mistakes that people make in YAML: each error names the line, the cause and the mend."""

from __future__ import annotations

import pytest
import yaml

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.yamlfile import parse_yaml, to_data
from ecs_preflight.yamlmistakes import explain

# The ECS snippet of a published guide as it stands there: indented with tabs, its last line with spaces.
GUIDE_SNIPPET = (
    "\t\taws:\n"
    "\t\t  enabled: true\n"
    "\n"
    "\t\t  accounts:\n"
    "\t\t\t- name: aws-account-name\n"
    '\t\t\t  accountId: "123456789012"\n'
    "\t\t\t  regions:\n"
    "\t\t\t\t- name: us-east-1\n"
    "\t\t  defaultAssumeRole: role/SpinnakerManaged\n"
    "\n"
    "\t\tecs:\n"
    "\t\t  enabled: true\n"
    "\t\t  accounts:\n"
    "\t\t\t- name: ecs-account-name\n"
    "      awsAccount: aws-account-name\n"
)


def refusal(text: str) -> SyntaxInputError:
    with pytest.raises(SyntaxInputError) as caught:
        parse_yaml(text, "clouddriver.yml")
    return caught.value


def test_the_guides_snippet_fails_at_its_first_tab() -> None:
    error = refusal(GUIDE_SNIPPET)
    assert error.location == Location("clouddriver.yml", 1, 1)
    assert error.message == "the line is indented with a tab (12 lines of the file have them): YAML allows only spaces there"
    assert error.hint is not None
    assert "`expand -i -t 2 clouddriver.yml > mended.yml`" in error.hint


@pytest.mark.parametrize(("tab", "name_column", "ecs_column"), [(4, 15, 9), (8, 27, 17)])
def test_with_tabs_expanded_it_fails_at_the_misplaced_key(tab: int, name_column: int, ecs_column: int) -> None:
    error = refusal(GUIDE_SNIPPET.expandtabs(tab))
    assert error.location == Location("clouddriver.yml", 15, 7)
    assert error.message.startswith(
        f"`awsAccount` in column 7 is in line with nothing above it: `name` of line 14 stands in column {name_column}, "
    )
    assert f"`ecs` of line 11 in column {ecs_column}" in error.message
    assert error.hint is not None
    assert error.hint.startswith(f"Move `awsAccount` to column {name_column} to make it a sibling of `name`")


@pytest.mark.parametrize("tab", [2, 4, 8])
def test_mended_it_loads(tab: int) -> None:
    lines = GUIDE_SNIPPET.expandtabs(tab).splitlines()
    column = lines[13].index("name")
    lines[14] = " " * column + lines[14].lstrip()
    assert to_data(parse_yaml("\n".join(lines), "clouddriver.yml")) == {
        "aws": {
            "enabled": True,
            "accounts": [{"name": "aws-account-name", "accountId": "123456789012", "regions": [{"name": "us-east-1"}]}],
            "defaultAssumeRole": "role/SpinnakerManaged",
        },
        "ecs": {"enabled": True, "accounts": [{"name": "ecs-account-name", "awsAccount": "aws-account-name"}]},
    }


MISTAKES = [
    ("a:\n\tb: 1\n", 2, 1, "the line is indented with a tab: YAML allows only spaces there", "Replace each leading tab"),
    ("a:\n  b: 1\n  \tc: 2\n", 3, 3, "the line is indented with a tab", "Replace each leading tab"),
    ("a:\tb\n", 1, 3, "a tab stands before a value", "Replace the tab with a space."),
    (
        "a:\n  b: 1\n   c: 2\n",
        *(
            3,
            4,
            "`c` in column 4 is indented deeper than the keys above it: `b` of line 2 stands in column 3 and has a value already",
        ),
        "Move `c` to column 3, in line with `b`.",
    ),
    (
        "a:\n  b: 1\n c: 2\n",
        *(3, 2, "`c` in column 2 is in line with nothing above it: `b` of line 2 stands in column 3, `a` of line 1 in column 1"),
        "Move `c` to column 3 to make it a sibling of `b`, or to column 1 to make it a sibling of `a`.",
    ),
    (
        "a:\n  - x: 1\n    y: 2\n\n  # a remark\n   z: 3\n",
        *(6, 4, "`z` in column 4 is in line with nothing above it: `y` of line 3 stands in column 5"),
        "Move `z` to column 5",
    ),
    ("a:\n- name: b\n   c: d\n", 3, 4, "`c` in column 4 is indented deeper than the keys above it", "Move `c` to column 3"),
    ("  a: 1\n b: 2\n", 2, 2, "`b` in column 2 is in line with nothing above it: `a` of line 1 stands in column 3", "Move `b`"),
    ("- a\nb: 1\n", 2, 1, "`b` in column 1 is of another kind than what stands there", "Indent it under"),
    ("a:\n  b: 1\n  - c\n", 3, 3, "this line in column 3 is of another kind", "Indent it under"),
    ("a: 1\n...\nb: 2\n", 3, 1, "`...` ends the document above this line", "Write `---`"),
    ("a: b: c\n", 1, 5, "a second `: ` stands in the value of `a`", "Put the whole value into quotes."),
    ('a: "x" y\n', 1, 8, "the value of `a` goes on after its end", "Put the whole value into quotes."),
    ("a: {{name}}-keypair\n", 1, 12, "a value starts with `{{`", 'Put the whole value into quotes: "{{name}}-keypair".'),
    ("a: 'x\nb: 1\n", 1, 4, "the quote that opens here is never closed", "Close it"),
    ("a: [1,\n  2\nb: 3\n", 1, 4, "the `[` that opens here is not closed where it should be", "Close it"),
    ("a: {b: 1\n", 1, 4, "the `{` that opens here is not closed where it should be", "Close it"),
    ("a: @x\n", 1, 4, "a value cannot start with `@`", "Put the value into quotes."),
    ("a: `x`\n", 1, 4, "a value cannot start with ```", "Put the value into quotes."),
    ("a: *x\n", 1, 4, "the alias 'x' repeats nothing", "Write its anchor"),
    ("%YAML 3.0\n---\na: 1\n", 1, 1, "found incompatible YAML document", None),
]


def test_an_error_without_a_place_keeps_its_words() -> None:
    error = explain(yaml.MarkedYAMLError(problem="odd"), "", "clouddriver.yml")
    assert (error.message, error.location) == ("odd", Location("clouddriver.yml"))


@pytest.mark.parametrize(("text", "line", "column", "message", "mend"), MISTAKES)
def test_a_mistake_is_explained(text: str, line: int, column: int, message: str, mend: str | None) -> None:
    error = refusal(text)
    assert error.location == Location("clouddriver.yml", line, column)
    assert error.message.startswith(message)
    assert (error.hint is None) if mend is None else (error.hint or "").startswith(mend)
    assert "\n" not in error.message
