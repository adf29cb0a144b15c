"""DEPLOY050 to DEPLOY052: images, log groups and registry secrets that containers need before they start."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ecs_preflight.config import PreflightConfig
from ecs_preflight.deploy_questions import Image, LogGroup, RegistrySecret, image, log_group, registry_secret
from ecs_preflight.facts import Absent, Fact, Known, Question, Snapshot, Unknown
from ecs_preflight.findings import CheckResult, Outcome
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from tests.builders import CLOUDDRIVER, loaded
from tests.checks.cluster_facts import a_config, a_workload, assert_not_green_by_ignorance
from tests.checks.test_workload_facts import a_definition, of_registered
from tests.spinnaker.server_groups import GONE, a_cluster, a_pipeline, an_artifact_cluster, written

WEB = image("prod", "us-east-1", "100000000002", "shop/web", "7")
LOGS = log_group("prod", "eu-west-1", "/web")
SECRET = registry_secret("prod", "us-east-1", "registry")
HERE: dict[str, tuple[Question[Any], Any]] = {
    "DEPLOY050": (WEB, Image("100000000002", "shop/web", "7")),
    "DEPLOY051": (LOGS, LogGroup("/web")),
    "DEPLOY052": (SECRET, RegistrySecret("registry", "arn:secret")),
}
NEEDY = a_cluster(
    launchType="FARGATE",
    networkMode="awsvpc",
    dockerImageCredentialsSecret="registry",
    logDriver="awslogs",
    logOptions={"awslogs-group": "/web", "awslogs-region": "eu-west-1"},
)


def piped(folder: Path, cluster: dict[str, Any]) -> PreflightConfig:
    return loaded(folder, CLOUDDRIVER, pipelines=[written(folder, a_pipeline(cluster))])


def judged(config: PreflightConfig, check: str, fact: Fact[Any] | None = None) -> CheckResult:
    facts = {HERE[check][0]: fact} if fact else {}
    (result,) = judge(make_plan(config, [check]), Snapshot(facts)).results
    return result


@pytest.mark.parametrize("check", HERE)
def test_what_is_there_passes_and_nothing_is_green_by_ignorance(tmp_path: Path, check: str) -> None:
    question, value = HERE[check]
    assert_not_green_by_ignorance(check, piped(tmp_path, NEEDY), {question: Known(value)})


@pytest.mark.parametrize(
    ("check", "summary", "remedy"),
    [
        ("DEPLOY050", "'shop-live-web': image 'shop/web' 7 does not exist", "aws ecr describe-images --registry-id 100000000002"),
        (
            "DEPLOY051",
            "'shop-live-web': log group '/web' does not exist",
            "aws logs create-log-group --log-group-name /web --region eu-west-1",
        ),
        (
            "DEPLOY052",
            "'shop-live-web': registry secret 'registry' does not exist",
            "aws secretsmanager create-secret --name registry --region us-east-1",
        ),
    ],
)
def test_what_is_missing_is_a_problem_with_its_command(tmp_path: Path, check: str, summary: str, remedy: str) -> None:
    result = judged(piped(tmp_path, NEEDY), check, Absent("there is none"))
    (problem,) = result.problems
    assert (result.outcome, problem.summary, problem.evidence) == (Outcome.FAILED, summary, "there is none")
    assert remedy in problem.remediation


@pytest.mark.parametrize("check", HERE)
def test_what_was_not_seen_is_undetermined(tmp_path: Path, check: str) -> None:
    assert judged(piped(tmp_path, NEEDY), check, Unknown("any:Call", "AccessDenied")).outcome is Outcome.UNDETERMINED


@pytest.mark.parametrize(
    ("check", "changed", "reason"),
    [
        ("DEPLOY050", {"dockerImageAddress": "nginx:1"}, "none of its images is in ECR"),
        ("DEPLOY050", {"dockerImageAddress": "web:${tag}"}, "its image is decided when it runs: web:${tag}"),
        ("DEPLOY051", {}, "no container of it logs to a log group that must be there"),
        (
            "DEPLOY051",
            {"logDriver": "awslogs", "logOptions": {"awslogs-group": "/x", "awslogs-create-group": "true"}},
            "no container of it logs to a log group that must be there",
        ),
        ("DEPLOY052", {}, "no container of it pulls with a registry secret"),
    ],
)
def test_where_nothing_must_be_there_the_check_does_not_apply(
    tmp_path: Path, check: str, changed: dict[str, Any], reason: str
) -> None:
    result = judged(piped(tmp_path, a_cluster(**changed)), check)
    assert (result.outcome, result.reason) == (Outcome.NOT_APPLICABLE, reason)


def test_sizes_name_no_image() -> None:
    (result,) = judge(make_plan(a_config(workloads=[a_workload()]), ["DEPLOY050"]), Snapshot()).results
    assert result.outcome is Outcome.NOT_APPLICABLE


def test_an_artifact_that_was_not_given_is_not_judged(tmp_path: Path) -> None:
    assert judged(piped(tmp_path, an_artifact_cluster()), "DEPLOY051").outcome is Outcome.UNDETERMINED


def test_a_registered_definition_is_looked_into() -> None:
    logs = {"logDriver": "awslogs", "options": {"awslogs-group": "/web", "awslogs-region": "eu-west-1"}}
    definition = a_definition("web:7", containerDefinitions=[{"name": "web", "memory": 512, "logConfiguration": logs}])
    (item,) = make_plan(of_registered(), ["DEPLOY051"]).items
    asked = item.questions(make_plan(of_registered(), ["DEPLOY051"]).config, Snapshot({**definition}))
    assert {question.kind.name for question in asked} == {"task-definition", "log-group"}


def test_a_secret_named_by_arn_is_asked_for_in_its_region(tmp_path: Path) -> None:
    arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:registry-AbCdEf"
    config = piped(tmp_path, a_cluster(launchType="FARGATE", networkMode=GONE, dockerImageCredentialsSecret=arn))
    (question,) = make_plan(config, ["DEPLOY052"]).questions(Snapshot())
    assert (question.region, question.arguments) == ("us-west-2", (arn,))
