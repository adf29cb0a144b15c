"""Green runs in the sandbox, each using other features, so that together they raise every question and every check."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ecs_preflight.config import PreflightConfig, load_config
from ecs_preflight.sandbox.healthy import healthy_world
from ecs_preflight.sandbox.world import CapacityProvider, Cluster, Instances, Role, World, permission_policy

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
OLD_PREFLIGHT = """\
spinnaker: {version: "1.18.0"}
managing_identity_arn: arn:aws:iam::123456789012:user/spinnakerManaging
"""
AUDITED_PREFLIGHT = """\
spinnaker: {version: "1.37.0"}
managing_identity_arn: arn:aws:iam::123456789012:role/spinnaker
"""
FARGATE_PREFLIGHT = """\
spinnaker: {version: "1.37.0"}
accounts:
  ecs-account-name:
    regions:
      us-east-1:
        clusters:
          production:
            workloads:
              - {name: far, cpu: 256, memory: 512, network_mode: awsvpc, launch_type: FARGATE, desired_count: 2}
"""
DEPLOYED_PREFLIGHT = """\
spinnaker: {version: "1.37.0"}
managing_identity_arn: arn:aws:iam::123456789012:role/spinnaker
accounts:
  ecs-account-name:
    regions:
      us-east-1:
        clusters:
          production:
            workloads:
              - {name: registered, task_definition: "shop-web:7", desired_count: 2}
              - {name: running, service: shop-web-v003, more: 2}
"""
PIPELINE = {
    "name": "ship",
    "stages": [
        {"type": "cloneServerGroup", "name": "Elsewhere", "cloudProvider": "aws"},
        {"type": "resizeServerGroup", "name": "Grow", "cloudProvider": "ecs"},
        {
            "type": "deploy",
            "name": "Deploy",
            "clusters": [
                {
                    "account": "ecs-account-name",
                    "application": "shop",
                    "stack": "worker",
                    "cloudProvider": "ecs",
                    "availabilityZones": {"us-east-1": ["us-east-1a"]},
                    "capacity": {"min": 1, "max": 2, "desired": 2},
                    "ecsClusterName": "production",
                    "launchType": "FARGATE",
                    "networkMode": "awsvpc",
                    "subnetTypes": ["internal (main)"],
                    "securityGroupNames": [],
                    "placementStrategySequence": [],
                    "computeUnits": 256,
                    "reservedMemory": 512,
                    "dockerImageAddress": "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/worker:7",
                    "dockerImageCredentialsSecret": "registry",
                    "logDriver": "awslogs",
                    "logOptions": {
                        "awslogs-group": "/shop/worker",
                        "awslogs-region": "us-east-1",
                        "awslogs-stream-prefix": "worker",
                    },
                }
            ],
        },
    ],
}
AWSVPC_PREFLIGHT = """\
spinnaker: {version: "1.37.0"}
accounts:
  ecs-account-name:
    regions:
      us-east-1:
        clusters:
          production:
            workloads:
              - {name: web, server_group: web.json}
              - {name: mesh, server_group: mesh.json}
"""
AWSVPC_SERVER_GROUP = """\
{
  "account": "ecs-account-name", "application": "shop", "stack": "live", "ecsClusterName": "production",
  "availabilityZones": {"us-east-1": ["us-east-1a", "us-east-1b"]}, "capacity": {"min": 2, "max": 4, "desired": 2},
  "launchType": "FARGATE", "networkMode": "awsvpc", "computeUnits": 256, "reservedMemory": 512,
  "dockerImageAddress": "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:7",
  "subnetTypes": ["internal (shop)"], "securityGroupNames": ["shop-web"], "associatePublicIpAddress": false,
  "targetGroupMappings": [{"containerPort": 8080, "targetGroup": "shop-web"}],
  "placementConstraints": [], "placementStrategySequence": []
}
"""
_AUDITOR = "arn:aws:iam::123456789012:role/auditor"


@dataclass(frozen=True)
class Setting:
    """A configuration, the world that it is green in where that is not the healthy one, and the checks that are green there."""

    clouddriver: str
    preflight: str | None = None
    select: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    """What preflight.yml names."""

    def config(self, folder: Path) -> PreflightConfig:
        """The configuration, as files of a folder."""
        (folder / "clouddriver.yml").write_text(self.clouddriver)
        if self.preflight is None:
            return load_config(folder / "clouddriver.yml")
        (folder / "preflight.yml").write_text(self.preflight)
        for name, text in self.files.items():
            (folder / name).write_text(text)
        return load_config(folder / "clouddriver.yml", preflight=folder / "preflight.yml")

    def world(self, config: PreflightConfig) -> World:
        return healthy_world(config)


class DeploySetting(Setting):
    """A pipeline is given, and workloads that are registered or run already."""

    def config(self, folder: Path) -> PreflightConfig:
        super().config(folder)
        (folder / "pipeline.json").write_text(json.dumps(PIPELINE))
        return load_config(folder / "clouddriver.yml", preflight=folder / "preflight.yml", pipelines=[folder / "pipeline.json"])


class ScalingSetting(Setting):
    """The cluster takes its instances from an Auto Scaling group, by a capacity provider."""

    def world(self, config: PreflightConfig) -> World:
        world = healthy_world(config)
        account = world.accounts["123456789012"]
        cluster = Cluster(capacity_providers=("spot",), instances=(Instances(count=2, capacity_provider="spot"),))
        region = account.regions["us-east-1"].model_copy(
            update={"clusters": {"production": cluster}, "capacity_providers": {"spot": CapacityProvider()}}
        )
        account = account.model_copy(update={"regions": {"us-east-1": region}})
        return world.model_copy(update={"accounts": {"123456789012": account}})


class AuditedSetting(Setting):
    """Somebody else than Spinnaker makes the run: a role that may read IAM."""

    def world(self, config: PreflightConfig) -> World:
        world = healthy_world(config)
        account = world.accounts["123456789012"]
        auditor = Role(
            trusts=("ec2.amazonaws.com",), policies={"read": permission_policy("iam:Get*", "iam:List*", "sts:AssumeRole")}
        )
        account = account.model_copy(update={"roles": {**account.roles, "auditor": auditor}})
        return world.model_copy(update={"managing_identity_arn": _AUDITOR, "accounts": {"123456789012": account}})


class PrivateSetting(Setting):
    """Its subnets have no way out, and its VPC the endpoints that ECR needs."""

    def world(self, config: PreflightConfig) -> World:
        world = healthy_world(config)
        account = world.accounts["123456789012"]
        region = account.regions["us-east-1"]
        closed = tuple(subnet.model_copy(update={"default_route": "none"}) for subnet in region.subnets)
        region = region.model_copy(update={"subnets": closed, "vpc_endpoints": ("ecr.api", "ecr.dkr", "s3")})
        account = account.model_copy(update={"regions": {"us-east-1": region}})
        return world.model_copy(update={"accounts": {"123456789012": account}})


AWSVPC_FILES = {
    "web.json": AWSVPC_SERVER_GROUP,
    "mesh.json": AWSVPC_SERVER_GROUP.replace("FARGATE", "EC2").replace('"live"', '"mesh"'),
}
GREEN: dict[str, Setting] = {
    "nothing but clouddriver.yml": Setting(PLAIN),
    "clusters and workloads": Setting(NAMED, NAMED_PREFLIGHT),
    "an old Spinnaker that is an IAM user": Setting(PLAIN, OLD_PREFLIGHT),
    "Fargate, and nobody is stated": Setting(PLAIN, FARGATE_PREFLIGHT),
    "instances of a capacity provider": ScalingSetting(PLAIN, AUDITED_PREFLIGHT),
    "deploy stages": DeploySetting(PLAIN, DEPLOYED_PREFLIGHT),
    "server groups with awsvpc": Setting(PLAIN, AWSVPC_PREFLIGHT, files=AWSVPC_FILES),
    "server groups in private subnets": PrivateSetting(
        PLAIN, AWSVPC_PREFLIGHT, select=("NETWORK", "CAPACITY005"), files=AWSVPC_FILES
    ),
    "an auditor's run": AuditedSetting(
        PLAIN, AUDITED_PREFLIGHT, select=("ACCOUNT", "ROLE009", "TRUST001", "TRUST020", "TRUST021")
    ),
}
