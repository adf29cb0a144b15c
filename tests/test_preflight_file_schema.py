"""The JSON Schema of preflight.yml that editors take: it accepts what is read and refuses what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from ecs_preflight.preflight_file import PreflightFile, json_schema
from ecs_preflight.yamlfile import parse_yaml, read_yaml, to_data

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").rglob("preflight.yml"))
SCHEMA = json.loads(json_schema())
ROLE = "arn:aws:iam::123456789012:role/auditor"


def in_a_cluster(workload: dict[str, Any]) -> dict[str, Any]:
    return {"accounts": {"prod": {"regions": {"us-east-1": {"clusters": {"web": {"workloads": [workload]}}}}}}}


def a_waiver(**changed: Any) -> dict[str, Any]:
    return {"check": "CAPACITY001", "target": "prod/*", "until": "2027-03-01", "reason": "it grows", **changed}


def schema_errors(document: Any) -> list[str]:
    return [error.json_path for error in jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["properties"]["managing_identity_arn"]["description"].startswith("The role or IAM user that Spinnaker is")
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_example_is_well_to_the_schema(example: Path) -> None:
    assert schema_errors(to_data(read_yaml(example))) == []


WELL = """
spinnaker:
managing_identity_arn:
reader: {profile: auditor}
thresholds: {copies: 5, agent_recheck_seconds: 0.5}
accounts:
  blank:
  prod:
    reader:
    task_roles:
    regions:
      eu-west-1:
      eu-west-2: {clusters: }
      us-east-1:
        clusters:
          idle:
          blank: {workloads: }
          production:
            workloads:
              - {name: web, cpu: 256, memory: 512, host_ports: [80], placement_constraints: [{type: distinctInstance}]}
waivers:
  - {check: A, target: b, until: 2027-03-01, reason: c, outcomes: [FAILED, BLOCKED]}
"""


@pytest.mark.parametrize("text", ["{}", "accounts:", "waivers:", WELL])
def test_what_is_read_is_well_to_the_schema(text: str) -> None:
    document = to_data(parse_yaml(text, "preflight.yml"))
    assert schema_errors(document) == []
    assert PreflightFile.model_validate(document)


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"acounts": {}}, "$"),
        ({"spinnaker": {"verison": "1.37.0"}}, "$.spinnaker"),
        ({"spinnaker": {"version": 1.10}}, "$.spinnaker"),
        ({"managing_identity_arn": "spinnaker"}, "$.managing_identity_arn"),
        ({"reader": {}}, "$.reader"),
        ({"reader": {"profile": "a", "role_arn": ROLE}}, "$.reader"),
        ({"reader": {"role_arn": "auditor"}}, "$.reader"),
        ({"thresholds": {"copies": 0}}, "$.thresholds"),
        ({"thresholds": {"copies": "many"}}, "$.thresholds"),
        ({"accounts": []}, "$.accounts"),
        ({"accounts": {"": {}}}, "$.accounts"),
        ({"accounts": {"prod": {"regions": ["us-east-1"]}}}, "$.accounts"),
        (in_a_cluster({"name": "web"}), "$.accounts"),
        (in_a_cluster({"name": "web", "memory": 512, "netwerk_mode": "host"}), "$.accounts"),
        (in_a_cluster({"name": "web", "memory": 512, "launch_type": "fargate"}), "$.accounts"),
        (in_a_cluster({"name": "web", "memory": 512, "host_ports": 80}), "$.accounts"),
        ({"waivers": {}}, "$.waivers"),
        ({"waivers": [{"check": "CAPACITY001"}]}, "$.waivers"),
        ({"waivers": [a_waiver(outcomes=["PASSED"])]}, "$.waivers"),
    ],
)
def test_what_is_refused_is_refused_by_the_schema(document: dict[str, Any], path: str) -> None:
    assert schema_errors(document)
    assert all(found.startswith(path) for found in schema_errors(document))
    if document != {"spinnaker": {"version": 1.10}}:  # the file's 1.10 is read as it was written; an editor sees a number
        with pytest.raises(ValidationError):
            PreflightFile.model_validate(document)
