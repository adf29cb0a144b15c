"""Capacity and inputs: EcsCreateServerGroupDescriptionValidator, rule for rule."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.rules.sizes import capacity_is_consistent, inputs_are_complete
from tests.spinnaker.rules.broken import codes
from tests.spinnaker.server_groups import GONE, a_group, an_artifact_group


@pytest.mark.parametrize(
    ("capacity", "said"),
    [
        ({"min": 0, "max": 0, "desired": 0}, []),
        ({"min": 1, "max": 3, "desired": 2}, []),
        (GONE, ["capacity.not.nullable"]),
        ({}, ["capacity.desired.not.nullable", "capacity.min.not.nullable", "capacity.max.not.nullable"]),
        ({"min": -1, "max": 3, "desired": 2}, ["capacity.min.invalid"]),
        ({"min": 4, "max": 3, "desired": 3}, ["capacity.min.max.range.invalid", "capacity.desired.less.than.min"]),
        ({"min": 1, "max": 3, "desired": 4}, ["capacity.desired.exceeds.max"]),
        ({"min": 2, "max": 3, "desired": 1}, ["capacity.desired.less.than.min"]),
        ({"min": 2, "desired": 1}, ["capacity.max.not.nullable"]),
        ({"min": 1, "max": 3, "desired": "${n}"}, ["?capacity.desired"]),
        ({"min": "${n}", "max": 3, "desired": 9}, ["?capacity.min"]),
        ("${capacity}", ["?capacity"]),
    ],
)
def test_capacity(capacity: Any, said: list[str]) -> None:
    assert codes(capacity_is_consistent(a_group(capacity=capacity))) == said


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"dockerImageAddress": GONE}, ["dockerImageAddress.not.nullable"]),
        ({"dockerImageAddress": "web:${tag}"}, []),
        ({"computeUnits": GONE, "reservedMemory": GONE}, ["computeUnits.not.nullable", "reservedMemory.not.nullable"]),
        ({"computeUnits": -1, "reservedMemory": -1}, ["computeUnits.invalid", "reservedMemory.invalid"]),
        ({"computeUnits": 0, "reservedMemory": 4}, []),
        ({"reservedMemory": 3}, ["-"]),
        ({"useTaskDefinitionArtifact": "${yes}", "computeUnits": GONE}, ["?useTaskDefinitionArtifact"]),
    ],
)
def test_inputs(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(inputs_are_complete(a_group(**changed))) == said


def test_an_artifact_needs_no_inputs() -> None:
    assert codes(inputs_are_complete(an_artifact_group())) == []
