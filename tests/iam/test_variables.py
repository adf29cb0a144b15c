"""Where a text is cut, and where a variable keeps it together."""

from __future__ import annotations

import pytest

from ecs_preflight.iam.variables import has_variable, split_outside_variables


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 5, [""]),
        ("a:b:c", 5, ["a", "b", "c"]),
        ("a:b:c", 1, ["a", "b:c"]),
        (":a:", 5, ["", "a", ""]),
        ("${a:b}:c", 5, ["${a:b}", "c"]),
        ("a:${b:c}:${d:e}:f", 5, ["a", "${b:c}", "${d:e}", "f"]),
        ("${a:}:b", 5, ["${a:}", "b"]),
        ("a}:${b:c}:d", 5, ["a}", "${b:c}", "d"]),
        ("a:${b:c", 5, ["a", "${b:c"]),
        ("$:{a:b}", 5, ["$", "{a", "b}"]),
    ],
)
def test_a_text_is_cut_outside_its_variables(text: str, limit: int, pieces: list[str]) -> None:
    assert split_outside_variables(text, ":", limit) == pieces


@pytest.mark.parametrize(
    ("text", "expected"),
    [("${a:b}", True), ("x${a}", True), ("${*}", False), ("${?}${$}", False), ("${a", False), ("$a}", False), ("", False)],
)
def test_a_variable_is_recognised(text: str, expected: bool) -> None:
    assert has_variable(text) is expected
