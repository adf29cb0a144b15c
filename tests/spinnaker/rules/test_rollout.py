"""The strategy of a deploy stage is one that Orca has."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.rules.rollout import strategy_is_known
from tests.spinnaker.rules.broken import codes
from tests.spinnaker.server_groups import GONE, a_group


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ("redblack", []),
        ("", []),
        (GONE, []),
        ("Highlander", []),
        ("red/black", ["-"]),
        ("rollingpush", ["-"]),
        ("${strategy}", ["?strategy"]),
    ],
)
def test_strategies(strategy: Any, said: list[str]) -> None:
    assert codes(strategy_is_known(a_group(strategy=strategy))) == said
