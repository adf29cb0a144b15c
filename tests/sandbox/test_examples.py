"""The examples as a user runs them: the guide's findings teach, the healthy accounts pass, the broken ones fail as they say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.config import PreflightConfig, load_config
from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Outcome, Problem, Report
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.runner import run_preflight
from ecs_preflight.sandbox.environment import profile_keys
from ecs_preflight.sandbox.run import sandbox, serve, world_beside
from ecs_preflight.sandbox.world import World

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Example:
    """A folder of examples/."""

    name: str
    files: tuple[str, ...] = ("clouddriver.yml",)

    @property
    def folder(self) -> Path:
        return EXAMPLES / self.name

    def config(self) -> PreflightConfig:
        return load_config(*(self.folder / file for file in self.files), preflight=self.folder / "preflight.yml")

    def world(self) -> World:
        return world_beside(self.config(), self.folder / self.files[0])


GUIDE = Example("guide")
HEALTHY = Example("healthy", ("clouddriver.yml", "clouddriver-local.yml"))
BROKEN = Example("broken")
PIPELINE = Example("pipeline")


def run_in_process(example: Example) -> Report:
    config = example.config()
    with sandbox(config, example.world()) as access:
        return run_preflight(config, access)


def run_over_http(example: Example, monkeypatch: pytest.MonkeyPatch, folder: Path) -> Report:
    """As a user would: by AWS_ENDPOINT_URL and made-up credentials."""
    config, world = example.config(), example.world()
    credentials = folder / "credentials"
    keys = profile_keys(world.profiles)
    credentials.write_text("".join(f"[{name}]\naws_access_key_id={key}\naws_secret_access_key=x\n" for name, key in keys.items()))
    with serve(config, world) as endpoint_url:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint_url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
        return run_preflight(config, AwsAccess())


def told(report: Report) -> list[tuple[str, str, Outcome, str, tuple[Problem, ...]]]:
    """What must be the same on both wires."""
    return [(result.check, result.target.id, result.outcome, result.reason, result.problems) for result in report.results]


def failed(report: Report) -> set[tuple[str, str]]:
    return {(result.check, result.target.id) for result in report.results if result.outcome is Outcome.FAILED}


def test_what_the_guide_sets_up_does_not_trust_spinnaker() -> None:
    report = run_in_process(GUIDE)
    assert {("ROLE002", "ecs-account-name"), ("TRUST001", "ecs-account-name"), ("TRUST021", "ecs-account-name")} <= failed(report)
    assert report.run.source == "sandbox"


@pytest.mark.parametrize("example", [HEALTHY, PIPELINE], ids=lambda example: example.name)
def test_the_healthy_accounts_pass(example: Example) -> None:
    report = run_in_process(example)
    others = [(result.check, result.target.id) for result in report.results if not result.outcome.is_green]
    assert others == []


def test_the_broken_accounts_fail_as_they_say() -> None:
    assert failed(run_in_process(BROKEN)) >= {
        ("ACCOUNT001", "web"),
        ("ACCOUNT001", "shop-eu"),
        ("ROLE002", "shop"),
        ("ROLE002", "data"),
        ("ROLE002", "mobile"),
        ("ROLE009", "data"),
        ("TRUST001", "shop"),
        ("TRUST009", "data"),
        ("CLUSTER001", "shop/eu-west-1/*"),
        ("CLUSTER001", "data/us-east-1/no-such-cluster"),
        ("CLUSTER002", "data/us-east-1/retired"),
        ("CLUSTER004", "data/us-east-1/asleep"),
        ("CLUSTER005", "data/us-east-1/analytics"),
        ("CLUSTER006", "data/us-east-1/scaled"),
        ("CAPACITY001", "data/us-east-1/analytics/report"),
        ("CAPACITY001", "data/us-east-1/analytics/proxy"),
        ("CAPACITY001", "data/us-east-1/analytics/mesh"),
        ("CAPACITY001", "data/us-east-1/analytics/train"),
        ("NETWORK002", "data/us-east-1/analytics/mesh"),
        ("NETWORK002", "data/us-east-1/batch/crunch"),
        ("WAIVER001", "config"),
        ("WAIVER002", "config"),
    }


@pytest.mark.parametrize("example", [GUIDE, HEALTHY, BROKEN], ids=lambda example: example.name)
def test_both_wires_tell_the_same(example: Example, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert told(run_over_http(example, monkeypatch, tmp_path)) == told(run_in_process(example))


def test_a_pipeline_written_by_hand_is_refused_where_the_readme_says() -> None:
    folder = PIPELINE.folder
    config = load_config(folder / "clouddriver.yml", pipelines=[folder / "deploy-mistakes.json"], offline=True)
    report = run_preflight(config, Snapshot(), select=["DEPLOY"])
    refused = [finding for finding in report.findings if "createServerGroupDescription." in finding.problem.evidence]
    assert len(refused) >= 6
    assert {finding.check for finding in report.findings} >= {"DEPLOY002", "DEPLOY004", "DEPLOY007", "DEPLOY009", "DEPLOY019"}


def test_a_run_repeats_itself() -> None:
    assert told(run_in_process(BROKEN)) == told(run_in_process(BROKEN))


def test_the_snippets_as_written_are_broken_where_the_readme_says() -> None:
    folder = GUIDE.folder / "as-written"
    with pytest.raises(SyntaxInputError, match="tab"):
        load_config(folder / "clouddriver.yml")
    text = (folder / "task-role-trust-policy.json").read_text()
    with pytest.raises(SyntaxInputError):
        PolicyDocument.parse(text, file="task-role-trust-policy.json")
    assert PolicyDocument.parse((folder / "managed-role-trust-policy.json").read_text()).problems("trust") == ()


@pytest.mark.parametrize("name", ["managed-role-trust-policy.json", "task-role-trust-policy.json"])
def test_the_mended_policies_are_what_iam_takes(name: str) -> None:
    assert PolicyDocument.parse((GUIDE.folder / name).read_text()).problems("trust") == ()
