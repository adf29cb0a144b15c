"""CLUSTER009: the naming strategy `tags` needs the long ARN formats."""

from __future__ import annotations

import pytest

from ecs_preflight.facts import Unknown
from ecs_preflight.findings import Outcome
from ecs_preflight.questions import account_settings
from tests.checks.cluster_facts import ACCOUNT, REGION, a_config, asked, judged, settings_fact
from tests.checks.network_facts import deploying


@pytest.mark.parametrize("strategy", [None, "default", "kubernetesAnnotations"])
def test_without_the_tags_strategy_nothing_is_asked(strategy: str | None) -> None:
    config = a_config(naming_strategy=strategy)
    assert judged("CLUSTER009", config).outcome is Outcome.NOT_APPLICABLE
    assert asked("CLUSTER009", config) == set()


@pytest.mark.parametrize("strategy", ["${NAMING}", "encrypted:s3!r:us-west-2!b:bucket!f:file"])
def test_a_strategy_that_spinnaker_alone_can_read_is_undetermined(strategy: str) -> None:
    config = a_config(naming_strategy=strategy)
    result = judged("CLUSTER009", config)
    assert result.outcome is Outcome.UNDETERMINED
    assert "read by Spinnaker alone" in result.reason
    assert asked("CLUSTER009", config) == set()


# clouddriver.md 5.5: both effective = enabled; 1.5: strategies are compared ignoring case.
@pytest.mark.parametrize("strategy", ["tags", "TAGS"])
@pytest.mark.parametrize(
    ("service", "task", "outcome"),
    [
        ("enabled", "enabled", Outcome.PASSED),
        ("disabled", "enabled", Outcome.FAILED),
        ("enabled", "disabled", Outcome.FAILED),
        ("disabled", "disabled", Outcome.FAILED),
    ],
)
def test_both_settings_must_be_enabled(strategy: str, service: str, task: str, outcome: Outcome) -> None:
    settings = settings_fact(serviceLongArnFormat=service, taskLongArnFormat=task)
    result = judged("CLUSTER009", a_config(naming_strategy=strategy), settings)
    assert result.outcome is outcome
    for problem in result.problems:
        assert ("--name serviceLongArnFormat --value enabled" in problem.remediation) == (service == "disabled")
        assert ("--name taskLongArnFormat --value enabled" in problem.remediation) == (task == "disabled")


def test_a_setting_that_is_not_listed_is_not_enabled() -> None:
    result = judged("CLUSTER009", a_config(naming_strategy="tags"), settings_fact(serviceLongArnFormat="enabled"))
    assert "taskLongArnFormat is not listed" in result.problems[0].evidence


def test_settings_that_cannot_be_read_are_undetermined() -> None:
    facts = {account_settings(ACCOUNT, REGION): Unknown("ecs:ListAccountSettings", "AccessDeniedException")}
    assert judged("CLUSTER009", a_config(naming_strategy="tags"), facts).outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("tags", [{"team": "shop"}, "${parameters.tags}"])
@pytest.mark.parametrize(("task", "outcome"), [("enabled", Outcome.PASSED), ("disabled", Outcome.FAILED)])
def test_a_server_groups_own_tags_need_them_too(tags: object, task: str, outcome: Outcome) -> None:
    settings = settings_fact(serviceLongArnFormat="enabled", taskLongArnFormat=task)
    result = judged("CLUSTER009", deploying(tags=tags), settings)
    assert result.outcome is outcome
    for problem in result.problems:
        assert problem.evidence.endswith("; tags are on web")


def test_a_server_group_without_tags_needs_nothing() -> None:
    assert judged("CLUSTER009", deploying(tags={})).outcome is Outcome.NOT_APPLICABLE
