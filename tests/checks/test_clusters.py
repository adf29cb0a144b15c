"""CLUSTER001, CLUSTER002 and CLUSTER007: the cluster exists, is ACTIVE, and is called by its name."""

from __future__ import annotations

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import Location
from ecs_preflight.facts import Absent, Gap
from ecs_preflight.findings import Outcome, Severity
from tests.checks.cluster_facts import (
    ACCOUNT,
    DENIED,
    NAME,
    Facts,
    a_cluster,
    a_config,
    a_written_config,
    asked,
    cluster_fact,
    clusters_fact,
    judged,
    judged_on,
)

MISSING = cluster_fact(Absent("there is no such cluster"))
EVERY = a_config(named=())


def test_a_cluster_that_is_there_is_found() -> None:
    assert judged("CLUSTER001", a_config(), cluster_fact(a_cluster())).outcome is Outcome.PASSED
    assert asked("CLUSTER001", a_config(), cluster_fact(a_cluster())) == {"cluster"}


@pytest.mark.parametrize(
    ("here", "there", "hint"),
    [
        (("producton",), (), "Did you mean 'producton'?"),
        ((), (NAME,), "A cluster of that name is in eu-west-1"),
        ((), (), "aws ecs create-cluster --cluster-name production --region us-east-1"),
    ],
)
def test_a_missing_cluster_fails_with_a_hint_from_all_regions(here: tuple[str, ...], there: tuple[str, ...], hint: str) -> None:
    config = a_config(regions=("us-east-1", "eu-west-1"))
    elsewhere = clusters_fact(*there, region="eu-west-1")
    result = judged_on(f"{ACCOUNT}/us-east-1/{NAME}", "CLUSTER001", config, MISSING, clusters_fact(*here), elsewhere)
    assert asked("CLUSTER001", a_config(), MISSING) == {"cluster", "clusters"}
    assert result.outcome is Outcome.FAILED
    assert result.severity is Severity.ERROR
    assert hint in result.problems[0].remediation


def test_a_missing_cluster_fails_though_the_hints_could_not_be_had() -> None:
    result = judged("CLUSTER001", a_config(), MISSING)
    assert result.outcome is Outcome.FAILED
    assert "none that could be listed" in result.problems[0].evidence


def test_a_cluster_that_cannot_be_described_is_undetermined() -> None:
    assert judged("CLUSTER001", a_config(), cluster_fact(DENIED)).outcome is Outcome.UNDETERMINED


def test_a_region_that_spinnaker_does_not_use_is_said() -> None:
    config = a_config(named=(), extra=(f"{ACCOUNT}/us-east-1/{NAME}",), regions=("eu-west-1",))
    result = judged("CLUSTER001", config, cluster_fact(a_cluster()))
    assert result.outcome is Outcome.FAILED
    assert "us-east-1 is not among the regions" in result.problems[0].summary
    assert "- name: us-east-1" in result.problems[0].remediation


def test_both_of_these_say_which_line_names_the_cluster() -> None:
    config = a_written_config("# what will be deployed to", f"{NAME}:", region="eu-west-1")
    result = judged_on(f"{ACCOUNT}/eu-west-1/{NAME}", "CLUSTER001", config)
    assert [problem.location for problem in result.problems] == [Location("preflight.yml", 7, 11)]
    missing = judged_on(f"{ACCOUNT}/us-east-1/{NAME}", "CLUSTER001", a_written_config(f"{NAME}: {{}}"), MISSING)
    assert [problem.location for problem in missing.problems] == [Location("preflight.yml", 6, 11)]


def test_a_cluster_of_the_command_line_was_written_nowhere() -> None:
    config = a_config(named=(), extra=(f"{ACCOUNT}/us-east-1/{NAME}",))
    assert judged("CLUSTER001", config, MISSING).problems[0].location is None


def test_without_a_role_nobody_can_be_asked() -> None:
    assert judged("CLUSTER001", a_config(assume_role=None)).outcome is Outcome.BLOCKED


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        (clusters_fact("one"), Outcome.PASSED),
        (clusters_fact(), Outcome.FAILED),
        (clusters_fact("one", gaps=(Gap("ListClusters after 1 items", "Throttling"),)), Outcome.PASSED),
        (clusters_fact(gaps=(Gap("ListClusters after 0 items", "Throttling"),)), Outcome.UNDETERMINED),
        ({}, Outcome.UNDETERMINED),
    ],
)
def test_where_no_cluster_is_named_one_at_least_is_there(facts: Facts, outcome: Outcome) -> None:
    assert judged("CLUSTER001", EVERY, facts).outcome is outcome


def test_a_long_name_does_not_burst_the_summary() -> None:
    name = "x" * 255
    config = a_config(named=(name,))
    result = judged("CLUSTER001", config, cluster_fact(Absent("none"), name))
    assert len(result.problems[0].summary) < 100


@pytest.mark.parametrize(
    ("changed", "severity", "said"),
    [
        # failure-modes.md F61: waypoint#605, copilot-cli#5052.
        ({"status": "INACTIVE"}, Severity.ERROR, "is INACTIVE: it was deleted"),
        ({"status": "FAILED"}, Severity.ERROR, "is FAILED"),
        ({"status": "PROVISIONING"}, Severity.ERROR, "is PROVISIONING"),
        ({"status": "DEPROVISIONING"}, Severity.ERROR, "is DEPROVISIONING"),
        ({"status": "WHATEVER"}, Severity.ERROR, "is WHATEVER"),
        # F62
        ({"attachmentsStatus": "UPDATE_FAILED"}, Severity.ERROR, "failed"),
        ({"attachmentsStatus": "UPDATE_IN_PROGRESS"}, Severity.WARNING, "is under way"),
    ],
)
def test_a_cluster_that_is_not_active_fails(changed: dict[str, str], severity: Severity, said: str) -> None:
    result = judged("CLUSTER002", a_config(), cluster_fact(a_cluster(**changed)))
    assert (result.outcome, result.severity) == (Outcome.FAILED, severity)
    assert said in result.problems[0].summary
    assert result.problems[0].remediation


@pytest.mark.parametrize("changed", [{}, {"attachmentsStatus": "UPDATE_COMPLETE"}])
def test_an_active_cluster_passes(changed: dict[str, str]) -> None:
    assert judged("CLUSTER002", a_config(), cluster_fact(a_cluster(**changed))).outcome is Outcome.PASSED


def test_each_cluster_of_many_has_its_own_problem() -> None:
    result = judged(
        "CLUSTER002",
        EVERY,
        clusters_fact("one", "two", "three"),
        cluster_fact(a_cluster("one", status="INACTIVE"), "one"),
        cluster_fact(a_cluster("two"), "two"),
        cluster_fact(a_cluster("three", status="FAILED"), "three"),
    )
    assert [problem.summary.split("'")[1] for problem in result.problems] == ["one", "three"]


def test_attaching_again_names_providers_and_strategy() -> None:
    found = a_cluster(
        attachmentsStatus="UPDATE_FAILED",
        capacityProviders=["asg"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "asg", "weight": 1}],
    )
    (problem,) = judged("CLUSTER002", a_config(), cluster_fact(found)).problems
    assert "--capacity-providers asg --default-capacity-provider-strategy capacityProvider=asg,weight=1" in problem.remediation


ARN = "arn:aws:ecs:us-east-1:123456789012:cluster/production"


@pytest.mark.parametrize(
    ("config", "outcome"),
    [
        (a_config(), Outcome.PASSED),
        (a_config(named=()), Outcome.NOT_APPLICABLE),
        (a_config(named=(ARN,)), Outcome.FAILED),
        (a_config(named=(), extra=(f"{ACCOUNT}/us-east-1/{ARN.replace('/', '%2F')}",)), Outcome.FAILED),
    ],
)
def test_a_cluster_named_by_its_arn_fails_and_asks_nothing(config: PreflightConfig, outcome: Outcome) -> None:
    result = judged("CLUSTER007", config)
    assert result.outcome is outcome
    assert asked("CLUSTER007", config) == set()
    if outcome is Outcome.FAILED:
        assert result.problems[0].location is None
        assert result.target.id == f"{ACCOUNT}/us-east-1/{ARN.replace('/', '%2F')}"
        assert "'production'" in result.problems[0].remediation


def test_the_line_that_has_the_arn_is_said() -> None:
    (problem,) = judged("CLUSTER007", a_written_config(f"{ARN}:")).problems
    assert problem.location == Location("preflight.yml", 6, 11)


def test_an_arn_of_another_region_says_which() -> None:
    arn = ARN.replace("us-east-1", "eu-west-1")
    (problem,) = judged("CLUSTER007", a_config(named=(arn,))).problems
    assert "in eu-west-1" in problem.remediation
