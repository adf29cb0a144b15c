"""sandbox.yml is read with every error where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ecs_preflight.errors import InputError, InputErrors
from ecs_preflight.sandbox.run import world_beside
from ecs_preflight.sandbox.world_file import read_world
from tests.sandbox.builders import MANAGING, config

HEAD = f"managing_identity_arn: {MANAGING}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "sandbox.yml"
    path.write_text(text)
    return path


def test_a_whole_world(tmp_path: Path) -> None:
    (tmp_path / "trust.json").write_text('{"Version": "2012-10-17", "Statement": []}')
    world = read_world(
        written(
            tmp_path,
            HEAD
            + """
accounts:
  "012345678901":
    users: {auditor: {attached: [SecurityAudit]}}
    roles:
      one: {trust_policy: trust.json, max_session_duration: 7200}
      two:
        trust_policy: {Version: "2012-10-17", Statement: []}
        policies: {inline: {Version: "2012-10-17", Statement: {Effect: Allow, Action: "*", Resource: "*"}}}
      three: {trusts: [ec2.amazonaws.com, "arn:aws:iam::100000000001:root"]}
      four:
    service_linked_roles: [ecs]
    disabled_regions: [ap-east-1]
    regions:
      us-east-1:
        clusters:
          default:
          full: {instances: [{type: m5.large, count: 2, tasks: [{family: web, memory: 64}]}]}
        account_settings: {awsvpcTrunking: enabled}
        subnets: [{zone: us-east-1a, purpose: internal (main), prefix: 24, default_route: none}]
        security_groups: [web]
        target_groups: {web: {target_type: ip}, api: }
        vpc_endpoints: [ecr.api, s3]
        quotas: {fargate/L-3032A538: 12}
profiles: {auditor: "arn:aws:iam::012345678901:user/auditor"}
""",
        )
    )
    account = world.accounts["012345678901"]
    region = account.regions["us-east-1"]
    (subnet,) = region.subnets
    assert (subnet.purpose, subnet.prefix, subnet.default_route) == ("internal (main)", 24, "none")
    assert {name: group.target_type for name, group in region.target_groups.items()} == {"web": "ip", "api": "instance"}
    assert (region.security_groups, region.vpc_endpoints) == (("web",), ("ecr.api", "s3"))
    assert account.roles["one"].trust_document == '{"Version": "2012-10-17", "Statement": []}'
    assert account.roles["one"].max_session_duration == 7200
    assert json.loads(account.roles["two"].trust_document) == {"Version": "2012-10-17", "Statement": []}
    assert json.loads(account.roles["two"].policies["inline"])["Statement"]["Action"] == "*"
    assert json.loads(account.roles["three"].trust_document)["Statement"][0]["Principal"] == {
        "AWS": ["arn:aws:iam::100000000001:root"],
        "Service": ["ec2.amazonaws.com"],
    }
    assert json.loads(account.roles["four"].trust_document)["Statement"] == []
    region = account.regions["us-east-1"]
    assert (region.clusters["default"].instances, region.clusters["full"].instances[0].count) == ((), 2)
    assert region.quotas == {"fargate/L-3032A538": 12.0}
    assert world.profiles["auditor"].endswith("user/auditor")


@pytest.mark.parametrize(
    ("text", "line", "said", "hint"),
    [
        ("accounts: {}", 1, "managing_identity_arn is missing", "Add it"),
        ("managing_identity_arn: spinnaker", 1, "`spinnaker` was found; expected", None),
        (HEAD + "acounts: {}", 2, "`acounts` is not a key of sandbox.yml", "Did you mean `accounts`?"),
        (HEAD + "accounts:\n  '12': {}", 3, "accounts: the key `12` was found; expected the twelve digits", None),
        (HEAD + "accounts:\n  '100000000001':\n    rolls: {}", 4, "`rolls` is not a key of accounts.100000000001", "`roles`?"),
        (
            HEAD + "accounts:\n  '100000000001':\n    roles:\n      r:\n        trust: []",
            6,
            "`trust` is not a key of accounts.100000000001.roles.r",
            "Did you mean `trusts`?",
        ),
        (HEAD + "accounts:\n  '100000000001':\n    roles:\n      r: {trust_policy: no.json}", 5, "no.json cannot be read", None),
        (HEAD + "accounts:\n  '100000000001':\n    regions: []", 4, "a list was found where a mapping is expected", None),
        (
            HEAD + "accounts:\n  '100000000001':\n    regions:\n      r: {clusters: {c: {instances: [{typ: x}]}}}",
            5,
            "`typ` is not a key of accounts.100000000001.regions.r.clusters.c.instances[0]",
            "Did you mean `type`?",
        ),
        (
            HEAD + "accounts:\n  '100000000001':\n    regions:\n      r: {clusters: {c: {instances: [{zzz: x}]}}}",
            5,
            "`zzz` is not a key",
            "Its keys are: agent_connected,",
        ),
    ],
)
def test_what_cannot_be_read_is_said_where_it_stands(tmp_path: Path, text: str, line: int, said: str, hint: str | None) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as raised:
        read_world(path)
    error = raised.value
    assert said in error.message
    assert (error.location.file, error.location.line) == (str(path), line) if error.location else pytest.fail("no location")
    if hint:
        assert hint in (error.hint or "")


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputErrors) as raised:
        read_world(written(tmp_path, "acounts: {}"))
    assert len(raised.value.errors) == 2


def test_the_file_beside_the_configuration_is_the_world(tmp_path: Path) -> None:
    written(tmp_path, HEAD + 'accounts: {"100000000077": {}}')
    assert set(world_beside(config(), tmp_path / "clouddriver.yml").accounts) == {"100000000077"}


def test_without_a_file_the_world_is_healthy(tmp_path: Path) -> None:
    assert set(world_beside(config(), tmp_path / "clouddriver.yml").accounts) == {"100000000001", "100000000002"}
