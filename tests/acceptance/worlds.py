"""Configurations for the sandbox that are green, each using other features, so that together they raise every question."""

from __future__ import annotations

from pathlib import Path

from ecs_preflight.config import PreflightConfig, load_config

PLAIN = """\
aws:
  enabled: true
  accounts:
    - name: aws-account-name
      accountId: "123456789012"
      regions: [{name: us-east-1}]
  defaultAssumeRole: role/SpinnakerManaged
ecs:
  enabled: true
  accounts: [{name: ecs-account-name, awsAccount: aws-account-name}]
"""
NAMED = """\
aws:
  enabled: true
  defaultRegions: [{name: us-west-2}]
  accounts:
    - name: prod
      accountId: "100000000002"
      assumeRole: role/spinnaker/SpinnakerManaged
      regions: [{name: us-west-2}, {name: eu-west-1}]
ecs:
  enabled: true
  accounts: [{name: prod-ecs, awsAccount: prod, namingStrategy: tags}]
"""
NAMED_PREFLIGHT = """\
spinnaker: {version: "1.37.0", aws_region: us-west-2}
managing_identity_arn: arn:aws:iam::100000000001:role/spinnaker
accounts:
  prod-ecs:
    task_roles: [webTaskRole]
    regions:
      us-west-2:
        clusters:
          production:
            workloads:
              - {name: web, cpu: 256, memory: 512, desired_count: 4}
              - {name: admin, cpu: 128, memory: 256, network_mode: awsvpc, desired_count: 1}
          staging:
      eu-west-1: {clusters: {production: }}
"""
LEGACY_PREFLIGHT = """\
spinnaker: {version: "1.18.0"}
managing_identity_arn: arn:aws:iam::123456789012:user/spinnakerManaging
"""
GREEN = {
    "nothing but clouddriver.yml": (PLAIN, None),
    "clusters and workloads": (NAMED, NAMED_PREFLIGHT),
    "an old Spinnaker that is an IAM user": (PLAIN, LEGACY_PREFLIGHT),
}


def configured(folder: Path, clouddriver: str, preflight: str | None = None, *, offline: bool = False) -> PreflightConfig:
    """The configuration of these texts, as files of a folder."""
    (folder / "clouddriver.yml").write_text(clouddriver)
    if preflight is None:
        return load_config(folder / "clouddriver.yml", offline=offline)
    (folder / "preflight.yml").write_text(preflight)
    return load_config(folder / "clouddriver.yml", preflight=folder / "preflight.yml", offline=offline)
