"""Expressions: recognised, never guessed, and never taken for what is missing."""

from __future__ import annotations

import pytest

from ecs_preflight.spinnaker.opaque import Opaque, holds_expression, is_blank, known


@pytest.mark.parametrize(
    ("text", "holds"),
    [("${parameters.tag}", True), ("web:${trigger['tag']}", True), ("web:7", False), ("$HOME", False)],
)
def test_an_expression_anywhere_makes_the_whole_unknown(text: str, holds: bool) -> None:
    assert holds_expression(text) is holds


def test_what_is_opaque_is_there_and_not_known() -> None:
    opaque = Opaque("${x}")
    assert (known(opaque), known("x"), known(None)) == (None, "x", None)
    assert not is_blank(opaque)
    assert str(opaque) == "${x}"


@pytest.mark.parametrize(("value", "blank"), [(None, True), ("", True), (" \t", True), ("x", False), (0, False)])
def test_blank_is_what_java_calls_blank(value: object, blank: bool) -> None:
    assert is_blank(value) is blank
