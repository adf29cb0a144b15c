"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest
import yaml

from ecs_preflight import __version__
from ecs_preflight.cli import main
from ecs_preflight.facts import Snapshot
from ecs_preflight.snapshot_file import save_snapshot

GUIDE = """\
aws:
  enabled: true
  accounts:
    - name: aws-account-name
      accountId: "123456789012"
      regions:
        - name: us-east-1
  defaultAssumeRole: role/SpinnakerManaged
ecs:
  enabled: true
  accounts:
    - name: ecs-account-name
      awsAccount: aws-account-name
"""
MISSPELT = GUIDE.replace("awsAccount: aws-account-name", "awsAccount: aws-acount-name")

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    def written(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(dedent(text))
        return str(path)

    return written


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_a_good_file_is_green_offline(cli: Cli, write: Callable[[str, str], str]) -> None:
    code, out, err = cli("check", "--offline", write("clouddriver.yml", GUIDE))

    assert code == 0
    assert "0 failed" not in out
    assert "passed" in out
    assert err == ""


def test_a_finding_names_line_and_near_miss(cli: Cli, write: Callable[[str, str], str]) -> None:
    code, out, _ = cli("check", "--offline", write("clouddriver.yml", MISSPELT))

    assert code == 1
    assert "ACCOUNT001 aws-account-not-found" in out
    assert "clouddriver.yml:13" in out
    assert "aws-account-name" in out


def test_fail_on_and_exit_zero_decide_what_counts(cli: Cli, write: Callable[[str, str], str]) -> None:
    path = write("clouddriver.yml", MISSPELT)

    assert cli("check", "--offline", "--select", "ACCOUNT001", "--exit-zero", path)[0] == 0
    assert cli("check", "--offline", "--select", "ACCOUNT001", "--fail-on", "fatal", path)[0] == 1


def test_json_is_the_only_thing_on_stdout(cli: Cli, write: Callable[[str, str], str]) -> None:
    code, out, err = cli("check", "--offline", "--format", "json", write("clouddriver.yml", MISSPELT))

    document = json.loads(out)
    assert code == 1
    assert err == ""
    assert list(document) == ["schema_version", "results", "counts", "run"]
    failed = [row for row in document["results"] if row["check"] == "ACCOUNT001"]
    assert failed[0]["target"] == "ecs-account-name"
    assert failed[0]["outcome"] == "FAILED"
    assert failed[0]["problems"][0]["location"]["line"] == 13


def test_output_goes_to_the_file_alone(cli: Cli, write: Callable[[str, str], str], tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    code, out, _ = cli("check", "--offline", "--format", "json", "--output", str(target), write("clouddriver.yml", GUIDE))

    assert (code, out) == (0, "")
    assert json.loads(target.read_text())["schema_version"] == 1


def test_output_that_cannot_be_written_is_an_error(cli: Cli, write: Callable[[str, str], str], tmp_path: Path) -> None:
    code, _, err = cli("check", "--offline", "--output", str(tmp_path / "no" / "r"), write("clouddriver.yml", GUIDE))

    assert code == 2
    assert "the file cannot be written: there is no such folder" in err


@pytest.mark.parametrize("option", ["--output", "--save-snapshot"])
def test_what_cannot_be_written_is_said_before_anything_is_asked(
    cli: Cli, write: Callable[[str, str], str], tmp_path: Path, option: str
) -> None:
    code, out, err = cli("check", write("clouddriver.yml", GUIDE), option, str(tmp_path))

    assert (code, out) == (2, "")
    assert "it is a folder" in err  # and no credentials were looked for


def test_preflight_yml_among_spinnakers_files_is_refused(cli: Cli, write: Callable[[str, str], str]) -> None:
    settings = write("preflight.yml", "accounts: {}\nwaivers: []\n")
    code, _, err = cli("check", "--offline", write("clouddriver.yml", GUIDE), settings)

    assert code == 2
    assert "this looks like preflight.yml" in err
    assert f"Give it with --preflight {settings}" in err


def test_an_empty_selection_is_not_everything(cli: Cli, write: Callable[[str, str], str]) -> None:
    assert cli("check", "--offline", "--select", "", write("clouddriver.yml", GUIDE))[0] == 2


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_terminal_takes_the_report(write: Callable[[str, str], str], encoding: str) -> None:
    for form in ("text", "json"):
        done = subprocess.run(
            [sys.executable, "-m", "ecs_preflight", "check", "--offline", "--format", form, write("c.yml", MISSPELT)],
            capture_output=True,
            check=False,
            env={**os.environ, "PYTHONIOENCODING": encoding},
        )
        assert done.returncode == 1
        assert "ACCOUNT001" in done.stdout.decode(encoding)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.yml", "aws:\n\tenabled: true\n", "a.yml:2:1: the line is indented with a tab"),
        ("b.yml", "- a\n- b\n", "b.yml:1:1"),
        ("c.yml", "aws: {enabled: true}\naws: {enabled: false}\n", "c.yml:2:1: the key `aws` stands twice"),
        ("d.yml", "aws: [unclosed\n", "d.yml:"),
    ],
)
def test_what_cannot_be_read_is_exit_2_with_the_place(
    cli: Cli, write: Callable[[str, str], str], name: str, text: str, says: str
) -> None:
    code, out, err = cli("check", "--offline", write(name, text))

    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


def test_a_missing_file_is_exit_2(cli: Cli, tmp_path: Path) -> None:
    code, _, err = cli("check", "--offline", str(tmp_path / "none.yml"))

    assert code == 2
    assert "no such file or directory" in err


def test_an_unknown_key_of_preflight_yml_has_a_near_miss(cli: Cli, write: Callable[[str, str], str]) -> None:
    settings = write("preflight.yml", "managing_identiy_arn: arn:aws:iam::100000000001:role/spinnaker\n")
    code, _, err = cli("check", "--offline", write("clouddriver.yml", GUIDE), "--preflight", settings)

    assert code == 2
    assert "preflight.yml:1:1: `managing_identiy_arn` is not a key" in err
    assert "Did you mean `managing_identity_arn`?" in err


@pytest.mark.parametrize(
    "selection", [["--select", "TRUSTED"], ["--ignore", "*"], ["--select", "ACCOUNT", "--ignore", "ACCOUNT"]]
)
def test_a_selection_of_nothing_is_exit_2(cli: Cli, write: Callable[[str, str], str], selection: list[str]) -> None:
    assert cli("check", "--offline", *selection, write("clouddriver.yml", GUIDE))[0] == 2


def test_without_answers_nothing_that_needs_aws_is_green(cli: Cli, write: Callable[[str, str], str], tmp_path: Path) -> None:
    empty = tmp_path / "empty.json"
    save_snapshot(Snapshot(), empty)
    code, out, _ = cli(
        "check", "--snapshot", str(empty), "--select", "ROLE002,TRUST001,CLUSTER001", write("clouddriver.yml", GUIDE)
    )

    assert code == 3
    assert "3 undetermined of 3 checks" in out


def test_plan_lists_what_would_be_asked(cli: Cli, write: Callable[[str, str], str]) -> None:
    path = write("clouddriver.yml", GUIDE)
    code, out, _ = cli("plan", path, "--select", "TRUST001", "--cluster", "ecs-account-name/us-east-1/production")
    as_json = json.loads(cli("plan", path, "--select", "TRUST001", "--format", "json")[1])

    assert code == 0
    assert "TRUST001  ecs-account-name  caller-identity/-/-, role/ecs-account-name/-/SpinnakerManaged" in out
    assert as_json["plan"][0]["check"] == "TRUST001"


def test_a_pipeline_brings_its_deploy_stages(cli: Cli, write: Callable[[str, str], str]) -> None:
    cluster = {
        "account": "ecs-account-name",
        "application": "shop",
        "cloudProvider": "ecs",
        "availabilityZones": {"us-east-1": ["us-east-1a"]},
        "ecsClusterName": "production",
    }
    stages = {"stages": [{"type": "deploy", "name": "Deploy", "clusters": [cluster]}]}
    pipeline = write("pipeline.json", json.dumps(stages))
    code, out, _ = cli("check", write("clouddriver.yml", GUIDE), "--pipeline", pipeline, "--offline", "--select", "DEPLOY007")
    assert code == 1
    assert "DEPLOY007 capacity-inconsistent  ecs-account-name/us-east-1/production/shop" in out
    assert "createServerGroupDescription.capacity.not.nullable" in out

    code, _, err = cli("check", write("clouddriver.yml", GUIDE), "--pipeline", write("no.json", "{"), "--offline")
    assert code == 2
    assert "no.json:1:2: the text ends inside the object opened at line 1" in err


def test_explain_lists_all_or_tells_of_one(cli: Cli) -> None:
    assert "TRUST001  FATAL    managing-identity-not-trusted" in cli("explain")[1]
    assert "Why it matters" in cli("explain", "TRUST001")[1]
    code, _, err = cli("explain", "TRUST01")
    assert code == 2
    assert "Did you mean TRUST001?" in err


def test_permissions_of_the_run_read_only(cli: Cli, write: Callable[[str, str], str]) -> None:
    documents = json.loads(cli("permissions", write("clouddriver.yml", GUIDE))[1])

    assert documents["caller"]["Statement"][-1]["Resource"] == ["arn:aws:iam::123456789012:role/SpinnakerManaged"]
    actions = {
        action
        for document in documents.values()
        for statement in document["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    verbs = {action.partition(":")[2] for action in actions} - {"AssumeRole"}
    assert verbs
    assert all(verb.startswith(("Get", "List", "Describe", "Simulate")) for verb in verbs)


def test_permissions_of_spinnaker_hold_the_guides_trust_policy(cli: Cli, write: Callable[[str, str], str]) -> None:
    path = write("clouddriver.yml", GUIDE)
    managed = json.loads(cli("permissions", "--for", "managed", path)[1])
    modern = json.loads(cli("permissions", "--for", "managed", "--spinnaker-version", "1.37.0", path)[1])
    managing = json.loads(cli("permissions", "--for", "managing", path)[1])

    role = "arn:aws:iam::123456789012:role/SpinnakerManaged"
    services = {"Service": ["ecs.amazonaws.com", "application-autoscaling.amazonaws.com"]}
    assert services in [statement["Principal"] for statement in managed[role]["trust_policy"]["Statement"]]
    assert [statement["Principal"] for statement in managed["task roles"]["trust_policy"]["Statement"]] == [
        {"Service": "ecs-tasks.amazonaws.com"}
    ]
    assert all("AWS" in statement["Principal"] for statement in modern[role]["trust_policy"]["Statement"])
    assert managing["permissions"]["Statement"][1]["Resource"] == [role]


def test_hal_prints_the_guides_two_commands(cli: Cli, write: Callable[[str, str], str]) -> None:
    path = write("clouddriver.yml", GUIDE)

    assert cli("hal", path)[1].splitlines() == [
        "hal config provider ecs account add ecs-account-name --aws-account aws-account-name",
        "hal deploy apply",
    ]
    assert "hal config provider aws account add aws-account-name" in cli("hal", "--all", path)[1]


def test_hal_turns_a_halyard_config_into_clouddriver_yml(cli: Cli, write: Callable[[str, str], str]) -> None:
    halconfig = write(
        "config",
        """\
        currentDeployment: default
        deploymentConfigurations:
          - name: default
            version: 1.37.0
            providers:
              aws:
                enabled: true
                accounts:
                  - {name: aws-account-name, accountId: "123456789012", assumeRole: role/Managed, regions: [{name: us-east-1}]}
              ecs:
                enabled: true
                accounts: [{name: ecs-account-name, awsAccount: aws-account-name}]
        """,
    )
    code, out, _ = cli("hal", "--clouddriver", halconfig)

    assert code == 0
    assert yaml.safe_load(out)["ecs"]["accounts"][0]["awsAccount"] == "aws-account-name"
    assert cli("check", "--offline", write("clouddriver.yml", out), "--select", "ACCOUNT001")[0] == 0
    assert cli("check", "--offline", halconfig, "--select", "ACCOUNT001")[0] == 0


def test_the_schema_takes_what_the_readme_shows(cli: Cli) -> None:
    schema = json.loads(cli("schema")[1])
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    example = readme.split("```yaml\n")[1].split("```")[0]

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(yaml.safe_load(example), default=str)), schema)


def test_the_readmes_preflight_yml_loads(cli: Cli, write: Callable[[str, str], str]) -> None:
    readme = (Path(__file__).parent.parent / "README.md").read_text()
    settings = write("preflight.yml", readme.split("```yaml\n")[1].split("```")[0])

    assert cli("plan", write("clouddriver.yml", GUIDE), "--preflight", settings)[0] == 0


def test_a_damaged_snapshot_is_exit_2(cli: Cli, write: Callable[[str, str], str]) -> None:
    broken = write("broken.json", '{"format": "ecs_preflight-snapshot/1"}')
    code, out, err = cli("check", "--snapshot", broken, write("clouddriver.yml", GUIDE))

    assert (code, out) == (2, "")
    assert "the snapshot is damaged" in err


def test_no_credentials_is_exit_2(
    cli: Cli, write: Callable[[str, str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    code, out, err = cli("check", "--select", "ROLE002", write("clouddriver.yml", GUIDE))

    assert (code, out) == (2, "")
    assert "no AWS credentials were found" in err


def test_help_and_version_are_light() -> None:
    for arguments in (["--help"], ["check", "--help"], ["--version"]):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "ecs_preflight", *arguments], capture_output=True, text=True, check=True
        )
        assert "ecs-preflight" in done.stdout
        assert "pydantic" not in done.stderr
        assert "botocore" not in done.stderr
    assert __version__ in done.stdout


def test_a_closed_pipe_is_no_error(write: Callable[[str, str], str]) -> None:
    command = f"{sys.executable} -m ecs_preflight explain | head -1"
    done = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)

    assert done.stdout.startswith("ACCOUNT")
    assert done.stderr == ""


def test_no_progress_and_no_colour_where_there_is_no_terminal(write: Callable[[str, str], str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ecs_preflight", "check", "--offline", write("clouddriver.yml", GUIDE)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "FORCE_COLOR": "1"},
    )

    assert "\x1b" not in done.stdout
    assert done.stderr == ""
