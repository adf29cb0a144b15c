"""Which server groups the DEPLOY checks judge, and what a broken rule becomes in a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import CheckResult, Outcome, Severity
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from tests.builders import CLOUDDRIVER, changed, loaded
from tests.spinnaker.server_groups import GONE, a_cluster, a_pipeline, an_artifact_cluster, written

DEPLOY = "prod/us-east-1/production/shop-live-web"


def piped(folder: Path, *clusters: dict[str, Any], **options: Any) -> PreflightConfig:
    text = options.pop("clouddriver", CLOUDDRIVER)
    return loaded(folder, text, pipelines=[written(folder, a_pipeline(*clusters, **options))])


def judged(config: PreflightConfig, check: str, target: str = DEPLOY) -> CheckResult:
    results = judge(make_plan(config, [check]), Snapshot()).results
    return next(result for result in results if result.target.id == target)


def test_a_sound_server_group_passes_them_all(tmp_path: Path) -> None:
    results = judge(make_plan(piped(tmp_path, a_cluster()), ["DEPLOY00*", "DEPLOY01*", "DEPLOY02*"]), Snapshot()).results
    assert {result.target.id for result in results} == {DEPLOY}
    assert [result.check for result in results if not result.outcome.is_green] == []
    assert len(results) == 21


def test_sizes_alone_are_nothing_to_judge(tmp_path: Path) -> None:
    text = "accounts: {prod: {regions: {us-east-1: {clusters: {web: {workloads: [{name: a, memory: 9}]}}}}}}"
    plan = make_plan(loaded(tmp_path, CLOUDDRIVER, preflight=text))
    assert [item.id for item in plan.items if item.check.id < "DEPLOY05" and item.check.family == "DEPLOY"] == []


@pytest.mark.parametrize(
    ("check", "cluster", "summary"),
    [
        ("DEPLOY001", {"computeUnits": "lots"}, "'shop-live-web': computeUnits is a text, not a whole number"),
        ("DEPLOY002", {"computeunits": 3}, "'shop-live-web': 'computeunits' is no key of clouddriver's"),
        ("DEPLOY004", {"availabilityZones": {"us-east-1": []}}, "'shop-live-web': us-east-1 has no zones"),
        ("DEPLOY006", {"moniker": {"app": "x"}, "stack": "", "freeFormDetails": ""}, "'x': moniker.app is 'x' beside 'shop'"),
        ("DEPLOY007", {"capacity": {"min": 1, "max": 3, "desired": 4}}, "'shop-live-web': capacity.desired 4 is above max 3"),
        ("DEPLOY008", {"launchType": "ec2"}, "'shop-live-web': launchType is 'ec2'"),
        ("DEPLOY009", {"placementStrategySequence": GONE}, "'shop-live-web': there is no placementStrategySequence"),
        ("DEPLOY010", {"networkMode": "nat"}, "'shop-live-web': networkMode is 'nat'"),
        ("DEPLOY011", {"containerPort": 70000}, "'shop-live-web': containerPort is 70000"),
        ("DEPLOY012", {"serviceDiscoveryAssociations": [{}]}, "'shop-live-web': an association has no registry"),
        ("DEPLOY013", {"computeUnits": GONE}, "'shop-live-web': there is no computeUnits"),
        (
            "DEPLOY016",
            {"environmentVariables": {"CLOUD_STACK": "x"}},
            "'shop-live-web': CLOUD_STACK is set, which is Spinnaker's own",
        ),
        ("DEPLOY017", {"iamRole": "a/b"}, "'shop-live-web': iamRole names 'b' by more than its name"),
        (
            "DEPLOY018",
            {"dockerImageCredentialsSecret": "s"},
            "'shop-live-web': a registry secret is named, and no execution role reads it",
        ),
        ("DEPLOY019", {"logDriver": "awslogs"}, "'shop-live-web': awslogs has no awslogs-group, awslogs-region"),
        ("DEPLOY020", {"tags": {"aws:x": "y"}}, "'shop-live-web': the tag 'aws:x' begins with aws:"),
        ("DEPLOY021", {"strategy": "red/black"}, "'shop-live-web': the deployment strategy is 'red/black'"),
    ],
)
def test_a_broken_rule_is_a_problem_at_its_line(tmp_path: Path, check: str, cluster: dict[str, Any], summary: str) -> None:
    config = piped(tmp_path, a_cluster(**cluster))
    name = summary.partition("'")[2].partition("'")[0]
    result = judged(config, check, f"prod/us-east-1/production/{name}")
    assert result.outcome is Outcome.FAILED
    (problem,) = result.problems
    assert problem.summary == summary
    assert "pipeline.json:" in str(problem.location)
    assert problem.evidence.startswith("stage 'Deploy'")
    assert problem.remediation


def test_what_is_degraded_is_a_warning(tmp_path: Path) -> None:
    assert judged(piped(tmp_path, a_cluster(strategy="red/black")), "DEPLOY021").severity is Severity.WARNING


def test_what_an_expression_decides_is_undetermined(tmp_path: Path) -> None:
    result = judged(piped(tmp_path, a_cluster(launchType="${parameters.type}")), "DEPLOY008")
    assert result.outcome is Outcome.UNDETERMINED
    assert result.reason == "shop-live-web: launchType is decided when it runs: ${parameters.type}"


@pytest.mark.parametrize(
    ("cluster", "check", "outcome"),
    [
        ({"account": "nobody"}, "DEPLOY003", Outcome.FAILED),
        ({"account": "${account}"}, "DEPLOY003", Outcome.UNDETERMINED),
        ({"ecsClusterName": GONE}, "DEPLOY005", Outcome.FAILED),
        ({"availabilityZones": GONE}, "DEPLOY004", Outcome.FAILED),
        ({"account": "nobody", "capacity": GONE}, "DEPLOY007", Outcome.FAILED),
    ],
)
def test_what_goes_nobody_knows_where_is_judged_with_the_configuration(
    tmp_path: Path, cluster: dict[str, Any], check: str, outcome: Outcome
) -> None:
    assert judged(piped(tmp_path, a_cluster(**cluster)), check, "config").outcome is outcome


def test_a_region_that_is_not_the_accounts_is_told_at_its_own_target(tmp_path: Path) -> None:
    config = piped(tmp_path, a_cluster(availabilityZones={"eu-west-1": ["eu-west-1a"]}))
    result = judged(config, "DEPLOY004", "prod/eu-west-1/production/shop-live-web")
    assert result.problems[0].summary == "'shop-live-web': region eu-west-1 is not configured for the account"


def test_the_naming_strategy_of_the_account_counts(tmp_path: Path) -> None:
    text = changed("awsAccount: prod-aws", "awsAccount: prod-aws, namingStrategy: tags")
    config = piped(tmp_path, a_cluster(tags={"moniker.spinnaker.io/stack": "x"}), clouddriver=text)
    assert judged(config, "DEPLOY020").outcome is Outcome.FAILED


def test_an_artifact_is_judged_where_it_is_given(tmp_path: Path) -> None:
    unknown = judged(piped(tmp_path, an_artifact_cluster()), "DEPLOY015")
    assert (unknown.outcome, "give its file" in unknown.reason) == (Outcome.UNDETERMINED, True)
    assert judged(piped(tmp_path, a_cluster()), "DEPLOY015").outcome is Outcome.NOT_APPLICABLE
    missing = judged(piped(tmp_path, an_artifact_cluster(containerMappings=[])), "DEPLOY014")
    assert missing.problems[0].summary == "'shop-live-web': no container is mapped to an image"


def test_a_stage_that_clones_does_nothing(tmp_path: Path) -> None:
    stages = [
        {"type": "cloneServerGroup", "name": "Copy", "cloudProvider": "ecs"},
        {"type": "resizeServerGroup", "cloudProvider": "ecs"},
    ]
    result = judged(piped(tmp_path, stages=stages), "DEPLOY022", "config")
    assert [problem.summary for problem in result.problems] == ["stage 'Copy' clones a server group of ECS, which does nothing"]
    assert judged(piped(tmp_path, stages=stages[1:]), "DEPLOY022", "config").outcome is Outcome.PASSED
