"""How the tests of a package are collected and run against a mutant: what both ways of bringing one to life share."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import hypothesis
import pydantic  # noqa: F401  imported here, and so not once more in every child
import pytest
from forks import FAILED


class Code(IntEnum):
    """With what a child ends. Minus a signal's number is another."""

    SURVIVED = 0
    KILLED = FAILED
    BROKE_A_LAW = 96
    NO_PYTHON = 97
    OPEN = 98


_PLUGINS = ("cacheprovider", "xdist", "pytest_cov", "terminal", "ecs_preflight")  # not needed, and slow to start
_ARGUMENTS = (
    *("-x", "-s"),
    *(f"-pno:{name}" for name in _PLUGINS),
    "-Wignore::pytest.PytestAssertRewriteWarning",  # Hypothesis and the mutant are imported before pytest
)


def run_pytest(tests: str, plugin: object) -> int:
    """The tests, with Hypothesis drawing the same examples in every run: a verdict on a mutant does not depend on luck."""
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
    hypothesis.settings.load_profile("mutants")
    return pytest.main([*_ARGUMENTS, tests], plugins=[plugin])


def parted(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests that are no laws of Hypothesis, and those that are."""
    laws = [item for item in items if item.get_closest_marker("hypothesis")]
    return [item for item in items if item not in laws], laws


def run_item(item: pytest.Item) -> None:
    """A test that takes nothing but its parameters is called as it is, which is ten times faster than pytest's protocol."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    is_marked = any(mark.name != "parametrize" for mark in item.iter_markers())
    if isinstance(item, pytest.Function) and set(item.fixturenames) == set(parameters) and not is_marked:
        item.obj(**parameters)
    else:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
