"""clouddriver configurations with defaults, for tests to change one field at a time."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, EcsProvider, Region
from ecs_preflight.spinnaker.clouddriver import Clouddriver, read_clouddriver
from ecs_preflight.spinnaker.defects import Defect
from ecs_preflight.yamlfile import parse_yaml_documents


def aws_account(**changed: Any) -> AwsAccount:
    fields: dict[str, Any] = {
        "name": "prod",
        "account_id": "123456789012",
        "assume_role": "role/spinnakerManaged",
        "regions": (Region(name="us-east-1"),),
    }
    return AwsAccount(**{**fields, **changed})


def ecs_account(**changed: Any) -> EcsAccount:
    return EcsAccount(**{"name": "prod-ecs", "aws_account": "prod", **changed})


def clouddriver(*, aws: dict[str, Any] | None = None, ecs: dict[str, Any] | None = None, **changed: Any) -> Clouddriver:
    return Clouddriver(
        aws=AwsProvider(**{"enabled": True, "accounts": (aws_account(),), **(aws or {})}),
        ecs=EcsProvider(**{"enabled": True, "accounts": (ecs_account(),), **(ecs or {})}),
        **changed,
    )


def read(*files: str, **options: Any) -> Clouddriver:
    """The files in order, called 1.yml, 2.yml, ..."""
    documents = [
        document for number, text in enumerate(files, 1) for document in parse_yaml_documents(dedent(text), f"{number}.yml")
    ]
    return read_clouddriver(documents, **options)


def only(defects: tuple[Defect, ...]) -> Defect:
    (defect,) = defects
    return defect
