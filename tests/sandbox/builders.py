"""Small worlds and configurations, changed one thing at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import botocore.session

from ecs_preflight.config import PreflightConfig
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.sandbox.run import sandbox
from ecs_preflight.sandbox.world import Account, Role, World
from ecs_preflight.spinnaker.clouddriver import read_clouddriver
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from ecs_preflight.yamlfile import parse_yaml

MANAGED = "100000000002"
MANAGING = "arn:aws:iam::100000000001:role/spinnaker"
MANAGED_ROLE = f"arn:aws:iam::{MANAGED}:role/SpinnakerManaged"

CLOUDDRIVER = f"""
aws:
  enabled: true
  defaultAssumeRole: role/SpinnakerManaged
  accounts:
    - {{name: aws, accountId: "{MANAGED}", regions: [{{name: us-east-1}}]}}
ecs:
  enabled: true
  accounts:
    - {{name: ecs, awsAccount: aws}}
"""


def config(clouddriver: str = CLOUDDRIVER, **preflight: Any) -> PreflightConfig:
    return PreflightConfig(
        read_clouddriver([parse_yaml(clouddriver, "clouddriver.yml")], version=SpinnakerVersion.parse("1.37.0")),
        PreflightFile.model_validate({"managing_identity_arn": MANAGING, **preflight}),
    )


def world(managed: Account | None = None, *, managing: dict[str, Any] | None = None, **changes: Any) -> World:
    """A managing role that may assume anything, and one managed account."""
    rights = {"all": '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'}
    role = Role.model_validate({"policies": rights, **(managing or {})})
    accounts = {
        "100000000001": Account(roles={"spinnaker": role}),
        MANAGED: managed or Account(roles={"SpinnakerManaged": Role(trusts=(MANAGING,), attached=("PowerUserAccess",))}),
    }
    return World(**{"managing_identity_arn": MANAGING, "accounts": accounts, **changes})


def client(service: str, region: str = "us-east-1", keys: Any = None, **options: Any) -> Any:
    """A botocore client with its own keys, or those of an answer to AssumeRole; else whatever the environment holds."""
    if keys is not None:
        options |= {
            "aws_access_key_id": keys["AccessKeyId"],
            "aws_secret_access_key": keys["SecretAccessKey"],
            "aws_session_token": keys["SessionToken"],
        }
    return _session().create_client(service, region_name=region, **options)


@cache
def _session() -> Any:
    """One for all: what it has read of botocore's data is the slow part of a client."""
    return botocore.session.Session()


def assumed(role_arn: str = MANAGED_ROLE, **parameters: Any) -> Any:
    """The keys that AssumeRole gives the managing identity."""
    return client("sts").assume_role(RoleArn=role_arn, RoleSessionName="Spinnaker", **parameters)["Credentials"]


@contextmanager
def opened(described: World | None = None) -> Iterator[None]:
    with sandbox(config(), described or world()):
        yield
