"""Spring's profile expressions: org.springframework.core.env.ProfilesParser."""

from __future__ import annotations

import pytest

from ecs_preflight.spinnaker.profiles import DEFAULT_PROFILES, condition_of, holds, is_active
from ecs_preflight.spinnaker.properties import unfolded
from ecs_preflight.yamlfile import parse_yaml

ACTIVE = frozenset({"local", "test"})


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("local", True),
        ("prod", False),
        ("!prod", True),
        ("!local", False),
        ("!!local", True),
        ("local & test", True),
        ("local & prod", False),
        ("prod | test", True),
        ("prod & test | local", True),
        ("(prod | local) & test", True),
        ("!(prod | local)", False),
        ("local&!prod", True),
        ("", False),
        ("local &", False),
        ("(local", False),
        ("local test", False),
        ("(local test", False),
    ],
)
def test_an_expression_holds(expression: str, answer: bool) -> None:
    assert holds(expression, ACTIVE) is answer


@pytest.mark.parametrize(
    ("text", "condition", "active"),
    [
        ("aws: {}", (), True),
        ("spring: {config: {activate: {on-profile: prod}}}", ("prod",), False),
        ("spring.config.activate.on-profile: local", ("local",), True),
        ("spring: {config: {activate: {onProfile: 'prod, test'}}}", ("prod", "test"), True),
        ("spring: {profiles: local}", ("local",), True),
        ("spring: {profiles: [prod, stage]}", ("prod", "stage"), False),
        ("spring: {profiles: }", (), True),
        ("spring: {profiles: {include: a}}", (), True),
    ],
)
def test_a_document_is_in_force_under_its_profile(text: str, condition: tuple[str, ...], active: bool) -> None:
    document = unfolded(parse_yaml(text, "f.yml"))
    assert condition_of(document) == condition
    assert is_active(document, ACTIVE) is active


def test_kork_activates_test_and_local() -> None:
    assert {"test", "local"} <= DEFAULT_PROFILES
