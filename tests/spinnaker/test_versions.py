from __future__ import annotations

from itertools import pairwise

import pytest

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.spinnaker.versions import SpinnakerVersion, is_at_least

IN_ORDER = ["1.9", "1.10.3", "1.10.10", "1.18.12", "1.19.0", "1.37.0", "1.37.1", "2025.0.0", "2025.0.2", "2026.2"]


@pytest.mark.parametrize(("lower", "upper"), tuple(pairwise(IN_ORDER)))
def test_releases_stand_in_order(lower: str, upper: str) -> None:
    first, second = SpinnakerVersion.parse(lower), SpinnakerVersion.parse(upper)
    assert first is not None
    assert second is not None
    assert first < second


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.37.0", "1.37.0"),
        ("1.37", "1.37.0"),
        (" 1.37.4 ", "1.37.4"),
        ("release-1.37.x", "1.37.0"),
        ("v1.30.1", "1.30.1"),
        ("1.20.0-rc1", "1.20.0"),
    ],
)
def test_a_release_is_read(text: str, written: str) -> None:
    assert str(SpinnakerVersion.parse(text)) == written


@pytest.mark.parametrize("text", ["", "main", "master-latest-unvalidated", "nightly", "local:1.37.0", "branch:release-1.37.x"])
def test_a_branch_states_no_version(text: str) -> None:
    assert SpinnakerVersion.parse(text) is None


@pytest.mark.parametrize("text", ["1", "latest", "1.x", "one.two"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(SyntaxInputError, match="is no version of Spinnaker"):
        SpinnakerVersion.parse(text)


@pytest.mark.parametrize(
    ("version", "release", "answer"),
    [("1.28.0", "1.28", True), ("1.27.9", "1.28", False), ("2025.0.0", "1.28", True), ("main", "1.28", None)],
)
def test_an_unstated_version_is_neither_older_nor_younger(version: str, release: str, answer: bool | None) -> None:
    assert is_at_least(SpinnakerVersion.parse(version), release) is answer
