"""spring-core's PropertyPlaceholderHelper, case by case."""

from __future__ import annotations

import pytest

from ecs_preflight.spinnaker.placeholders import Resolved, resolve

VALUES = {
    "A": "1",
    "B": "2",
    "EMPTY": "",
    "NAME": "A",
    "CHAIN": "${A}-${B}",
    "LOOP": "${POOL}",
    "POOL": "${LOOP}",
    "SELF": "x${SELF}",
    "odd:key": "colon",
    "HALF": "${MISSING}!",
    "BRACES": "{{name}}",
}

RESOLVED = [
    ("plain", "plain", ()),
    ("${A}", "1", ()),
    ("role/${A}${B}/x", "role/12/x", ()),
    ("${MISSING}", "${MISSING}", ("MISSING",)),
    ("${MISSING:default}", "default", ()),
    ("${A:default}", "1", ()),
    ("${MISSING:}", "", ()),
    ("${EMPTY:default}", "", ()),
    ("${MISSING:${A}}", "1", ()),
    ("${MISSING:${OTHER:deep}}", "deep", ()),
    ("${${NAME}}", "1", ()),
    ("${CHAIN}", "1-2", ()),
    ("${odd:key}", "colon", ()),
    ("${MISSING:a:b}", "a:b", ()),
    ("${HALF}", "${MISSING}!", ("MISSING",)),
    ("${MISSING} ${MISSING} ${OTHER}", "${MISSING} ${MISSING} ${OTHER}", ("MISSING", "OTHER")),
    ("${${MISSING}}", "${${MISSING}}", ("MISSING",)),
    ("${MISSING:${OTHER}}", "${OTHER}", ("OTHER",)),
    ("${unclosed", "${unclosed", ()),
    ("$A {A}", "$A {A}", ()),
    ("${BRACES}", "{{name}}", ()),
    ("${MISSING:{{name}}}", "{{name}}", ()),
    ("{{name}}-${A}", "{{name}}-1", ()),
]


@pytest.mark.parametrize(("text", "resolved", "unresolved"), RESOLVED)
def test_a_placeholder_is_resolved_as_spring_does(text: str, resolved: str, unresolved: tuple[str, ...]) -> None:
    assert resolve(text, VALUES.get) == Resolved(resolved, unresolved)


@pytest.mark.parametrize("text", ["${LOOP}", "${SELF}", "a ${POOL} b"])
def test_a_circle_is_named(text: str) -> None:
    result = resolve(text, VALUES.get)
    assert result.circular in ("LOOP", "POOL", "SELF")
    assert result.text == text


def test_a_doubling_chain_ends() -> None:
    values = {f"X{n}": f"${{X{n + 1}}}${{X{n + 1}}}" for n in range(40)} | {"X40": "x" * 1000}
    assert resolve("${X0}", values.get).circular is not None
