"""What all CLUSTER and CAPACITY checks share: every cluster of a region, missing and unseen ones, no green by ignorance."""

from __future__ import annotations

import pytest

from ecs_preflight.checks import ALL_CHECKS
from ecs_preflight.facts import Absent, Gap
from ecs_preflight.findings import Outcome
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from tests.checks.cluster_facts import (
    DENIED,
    NAME,
    Facts,
    a_cluster,
    a_config,
    a_group,
    a_provider,
    a_snapshot,
    a_task,
    a_workload,
    again_fact,
    an_instance,
    asked,
    assert_not_green_by_ignorance,
    cluster_fact,
    clusters_fact,
    groups_fact,
    instances_fact,
    judged,
    providers_fact,
    settings_fact,
    tasks_fact,
)

OF_CLUSTERS = ("CLUSTER002", "CLUSTER003", "CLUSTER004", "CLUSTER005", "CLUSTER006", "CLUSTER008", "CAPACITY010")
EVERY = a_config(named=())
FIRST, SECOND = an_instance(1), an_instance(2)
WELL: Facts = {
    **cluster_fact(a_cluster(capacityProviders=["asg"])),
    **instances_fact(FIRST, SECOND),
    **tasks_fact(a_task(FIRST, cpu="256", memory="512")),
    **providers_fact(a_provider()),
    **groups_fact(a_group(instance_ids=(str(FIRST.ec2_instance_id), str(SECOND.ec2_instance_id)))),
}


@pytest.mark.parametrize("check", OF_CLUSTERS)
def test_a_named_cluster_that_does_not_exist_blocks(check: str) -> None:
    result = judged(check, a_config(), cluster_fact(Absent("there is no ECS cluster 'production'")))
    assert result.outcome is Outcome.BLOCKED
    assert "there is no ECS cluster" in result.reason


def test_a_workload_of_a_cluster_that_does_not_exist_is_blocked() -> None:
    config = a_config(workloads=[a_workload()])
    assert judged("CAPACITY001", config, cluster_fact(Absent("there is none"))).outcome is Outcome.BLOCKED


@pytest.mark.parametrize("check", [check for check in OF_CLUSTERS if check != "CLUSTER002"])
def test_a_deleted_cluster_blocks_and_is_asked_no_more(check: str) -> None:
    facts = cluster_fact(a_cluster(status="INACTIVE"))
    assert judged(check, a_config(), facts).outcome is Outcome.BLOCKED
    assert asked(check, a_config(), facts) == {"cluster"}


@pytest.mark.parametrize("check", OF_CLUSTERS)
def test_a_cluster_that_cannot_be_described_is_undetermined(check: str) -> None:
    assert judged(check, a_config(), cluster_fact(DENIED)).outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("check", [*OF_CLUSTERS, "CLUSTER001", "CLUSTER009"])
def test_without_a_role_every_check_is_blocked_and_asks_nothing(check: str) -> None:
    config = a_config(assume_role=None, naming_strategy="tags")
    assert judged(check, config).outcome is Outcome.BLOCKED
    assert asked(check, config) == set()


@pytest.mark.parametrize("check", [*OF_CLUSTERS, "CLUSTER001", "CLUSTER009"])
def test_without_a_region_every_check_is_blocked_and_asks_nothing(check: str) -> None:
    config = a_config(named=(), regions=(), default_regions=(), naming_strategy="tags")
    result = judged(check, config)
    assert (result.outcome, result.reason) == (Outcome.BLOCKED, "clouddriver knows no region of ECS account 'prod-ecs'")
    assert asked(check, config) == set()


@pytest.mark.parametrize("check", OF_CLUSTERS)
def test_a_region_without_clusters_blocks(check: str) -> None:
    result = judged(check, EVERY, clusters_fact())
    assert (result.outcome, result.reason) == (Outcome.BLOCKED, "there is no ECS cluster in prod-ecs/us-east-1")


@pytest.mark.parametrize("check", OF_CLUSTERS)
def test_every_cluster_is_listed_then_described_then_looked_into(check: str) -> None:
    assert asked(check, EVERY) == {"clusters"}
    assert asked(check, EVERY, clusters_fact(NAME)) == {"clusters", "cluster"}
    assert judged(check, EVERY, clusters_fact(NAME), WELL).outcome is Outcome.PASSED


# One thing wrong with a cluster for each check.
BROKEN: dict[str, Facts] = {
    "CLUSTER002": cluster_fact(a_cluster("broken", status="FAILED"), "broken"),
    "CLUSTER003": {**cluster_fact(a_cluster("broken"), "broken"), **instances_fact(name="broken")},
    "CLUSTER004": {
        **cluster_fact(a_cluster("broken"), "broken"),
        **instances_fact(an_instance(agentConnected=False), name="broken"),
        **again_fact(an_instance(agentConnected=False), name="broken"),
    },
    "CLUSTER005": {
        **cluster_fact(a_cluster("broken"), "broken"),
        **instances_fact(an_instance(status="DRAINING"), name="broken"),
    },
    "CLUSTER006": {
        **cluster_fact(a_cluster("broken", capacityProviders=["asg"]), "broken"),
        **instances_fact(name="broken"),
        **providers_fact(a_provider()),
        **groups_fact(a_group(instance_ids=("i-0a",))),
    },
    "CLUSTER008": {
        **cluster_fact(a_cluster("broken", capacityProviders=["gone"]), "broken"),
        **providers_fact(asked=("gone",)),
    },
    "CAPACITY010": {
        **cluster_fact(a_cluster("broken"), "broken"),
        **instances_fact(an_instance(cpu=0), name="broken"),
        **tasks_fact(name="broken"),
    },
}


@pytest.mark.parametrize("check", OF_CLUSTERS)
def test_a_cluster_that_cannot_be_read_hides_no_other(check: str) -> None:
    facts = (clusters_fact("unreadable", "broken"), cluster_fact(DENIED, "unreadable"), BROKEN[check])
    result = judged(check, EVERY, *facts)
    assert result.outcome is Outcome.FAILED
    assert result.reason.startswith("unreadable: ecs:DescribeClusters")
    alone = judged(check, EVERY, clusters_fact("unreadable", NAME), cluster_fact(DENIED, "unreadable"), WELL)
    assert alone.outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize("check", OF_CLUSTERS)
def test_a_gap_in_the_list_of_clusters_is_no_pass(check: str) -> None:
    result = judged(check, EVERY, clusters_fact(NAME, gaps=(Gap("ListClusters after 1 items", "Throttling"),)), WELL)
    assert (result.outcome, result.reason) == (Outcome.UNDETERMINED, "ListClusters after 1 items: Throttling")


@pytest.mark.parametrize("check", ["CLUSTER001", *OF_CLUSTERS])
def test_a_named_cluster_is_not_green_by_ignorance(check: str) -> None:
    assert_not_green_by_ignorance(check, a_config(), WELL)


@pytest.mark.parametrize("check", ["CLUSTER001", *OF_CLUSTERS])
def test_every_cluster_is_not_green_by_ignorance(check: str) -> None:
    assert_not_green_by_ignorance(check, EVERY, clusters_fact(NAME), WELL)


@pytest.mark.parametrize(
    ("check", "facts"),
    [
        # An empty cluster that a capacity provider will fill; `default` is there and empty.
        ("CLUSTER003", {**cluster_fact(a_cluster(capacityProviders=["asg"], registeredContainerInstancesCount=0))}),
        ("CLUSTER006", {**cluster_fact(a_cluster(capacityProviders=["asg"], registeredContainerInstancesCount=0))}),
    ],
)
def test_an_empty_cluster_with_a_provider_is_not_green_by_ignorance(check: str, facts: Facts) -> None:
    parts = (
        facts,
        instances_fact(),
        providers_fact(a_provider()),
        groups_fact(a_group(desired_capacity=0)),
        clusters_fact(NAME, "default"),
        cluster_fact(a_cluster("default", registeredContainerInstancesCount=0), "default"),
    )
    assert_not_green_by_ignorance(check, a_config(), *parts)


def test_agents_that_came_back_are_not_green_by_ignorance() -> None:
    facts = (cluster_fact(a_cluster()), instances_fact(an_instance(agentConnected=False)), again_fact(an_instance()))
    assert_not_green_by_ignorance("CLUSTER004", a_config(), *facts)


def test_settings_are_not_green_by_ignorance() -> None:
    on = settings_fact(serviceLongArnFormat="enabled", taskLongArnFormat="enabled")
    assert_not_green_by_ignorance("CLUSTER009", a_config(naming_strategy="tags"), on)


@pytest.mark.parametrize(
    "workload",
    [
        a_workload(),
        a_workload(network_mode="awsvpc", desired_count=2),
        a_workload(desired_count=2, placement_constraints=[{"type": "distinctInstance"}]),
        a_workload(desired_count=0),
    ],
)
def test_a_workload_is_not_green_by_ignorance(workload: dict[str, object]) -> None:
    assert_not_green_by_ignorance("CAPACITY001", a_config(workloads=[workload]), WELL)


def test_a_healthy_account_is_green_in_all_these_families() -> None:
    config = a_config(version="1.37.0")
    report = judge(make_plan(config, ["CLUSTER", "CAPACITY", "NETWORK"]), a_snapshot(WELL))
    assert report.is_green, [result for result in report.results if not result.outcome.is_green]


@pytest.mark.parametrize("check", [c for c in ALL_CHECKS if c.family in ("CLUSTER", "CAPACITY", "NETWORK")], ids=lambda c: c.id)
def test_the_papers_have_their_three_headings(check: object) -> None:
    headings = check.headings  # type: ignore[attr-defined]
    assert list(headings) == ["What it checks", "Why it matters", "How to fix it"]
    assert all(headings.values())
