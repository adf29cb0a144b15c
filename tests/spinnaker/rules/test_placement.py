"""Launch type, capacity providers, placement: the validator's rules, and CreateService's."""

from __future__ import annotations

from typing import Any

import pytest

from ecs_preflight.spinnaker.rules.placement import launch_type_is_well_chosen, placement_is_well_formed
from tests.spinnaker.rules.broken import codes, violations
from tests.spinnaker.server_groups import GONE, a_group

LARGE = {"capacityProvider": "large", "weight": 1}


def by_providers(*items: Any, **changed: Any) -> list[str]:
    return codes(launch_type_is_well_chosen(a_group(launchType=GONE, capacityProviderStrategy=list(items), **changed)))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"launchType": "FARGATE"}, []),
        ({"launchType": "EXTERNAL"}, []),
        ({"launchType": "fargate"}, ["-"]),
        ({"launchType": GONE}, ["launchType.invalid"]),
        ({"launchType": " "}, ["launchType.invalid"]),
        ({"launchType": GONE, "capacityProviderStrategy": []}, []),
        ({"capacityProviderStrategy": []}, []),
        ({"capacityProviderStrategy": [LARGE]}, ["launchType.invalid"]),
        ({"launchType": "${type}"}, ["?launchType"]),
        ({"capacityProviderStrategy": "${strategy}"}, ["?capacityProviderStrategy"]),
    ],
)
def test_a_launch_type_or_providers(changed: dict[str, Any], said: list[str]) -> None:
    assert codes(launch_type_is_well_chosen(a_group(**changed))) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([LARGE], []),
        ([{"capacityProvider": "FARGATE", "base": 1, "weight": 1}, {"capacityProvider": "FARGATE_SPOT", "weight": 4}], []),
        ([{"weight": 1}], ["-"]),
        ([{"capacityProvider": "large"}], ["-"]),
        ([{"capacityProvider": "large", "weight": 0}], ["-"]),
        ([{"capacityProvider": "large", "weight": 1001}], ["-"]),
        ([{"capacityProvider": "large", "weight": 1, "base": -1}], ["-"]),
        ([LARGE, {"capacityProvider": "FARGATE", "weight": 1}], ["-"]),
        ([{**LARGE, "base": 1}, {"capacityProvider": "small", "weight": 1, "base": 1}], ["-"]),
        ([{"capacityProvider": f"p{number}", "weight": 1} for number in range(21)], ["-"]),
        ([{"capacityProvider": "${provider}", "weight": 1}], ["?capacityProviderStrategy.0.capacityProvider"]),
        ([{"capacityProvider": "large", "weight": "${weight}"}], []),
    ],
)
def test_a_strategy_is_one_that_ecs_takes(items: list[Any], said: list[str]) -> None:
    assert by_providers(*items) == said


@pytest.mark.parametrize(
    ("sequence", "said"),
    [
        ([], []),
        ([{"type": "random"}], []),
        ([{"type": "spread", "field": "instanceId"}, {"type": "binpack", "field": "cpu"}], []),
        ([{"type": "spread", "field": "attribute:ecs.ami-id"}], []),
        (GONE, ["placementStrategySequence.not.nullable"]),
        ([{"type": "Spread", "field": "instanceId"}], ["placementStrategySequence.type.invalid"]),
        ([{"field": "instanceId"}], ["placementStrategySequence.type.invalid"]),
        ([{"type": "spread", "field": "host"}], ["placementStrategySequence.spread.invalid"]),
        ([{"type": "spread", "field": "attribute:team"}], ["placementStrategySequence.spread.invalid"]),
        ([{"type": "spread"}], ["placementStrategySequence.spread.invalid"]),
        ([{"type": "binpack", "field": "CPU"}], ["placementStrategySequence.binpack.invalid"]),
        ([{"type": "${type}"}], ["?placementStrategySequence.0.type"]),
        ([{"type": "spread", "field": "${field}"}], ["?placementStrategySequence.0.field"]),
        ("${sequence}", ["?placementStrategySequence"]),
    ],
)
def test_strategies(sequence: Any, said: list[str]) -> None:
    assert codes(placement_is_well_formed(a_group(placementStrategySequence=sequence))) == said


@pytest.mark.parametrize(
    ("constraints", "said"),
    [
        (GONE, []),
        ([{"type": "distinctInstance"}], []),
        ([{"type": "memberOf", "expression": "attribute:ecs.instance-type =~ m5.*"}], []),
        ([{"type": "memberof", "expression": "x"}], ["-"]),
        ([{"type": "distinctInstance", "expression": ""}], ["-"]),
        ([{"type": "memberOf", "expression": "attribute:x =="}], ["-"]),
        ([{"type": "memberOf"}], ["-"]),
        ([{"type": "memberOf", "expression": "${expression}"}], ["?placementConstraints.0"]),
        ("${constraints}", ["?placementConstraints"]),
    ],
)
def test_constraints(constraints: Any, said: list[str]) -> None:
    assert codes(placement_is_well_formed(a_group(placementConstraints=constraints))) == said


def test_fargate_takes_no_placement() -> None:
    spread = [{"type": "spread", "field": "instanceId"}]
    (violation,) = violations(placement_is_well_formed(a_group(launchType="FARGATE", placementStrategySequence=spread)))
    assert violation.path == ("placementStrategySequence",)
    assert violation.found == "placement is ruled on Fargate, which has none"
