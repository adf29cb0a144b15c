"""preflight.yml: what cannot be read from Spinnaker's files. Unknown keys are refused, with a near miss."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from ecs_preflight.errors import SyntaxInputError
from ecs_preflight.preflight_model import Name, PreflightModel
from ecs_preflight.preflight_workload import WorkloadFile
from ecs_preflight.spinnaker.versions import SpinnakerVersion
from ecs_preflight.yamlmodel import Blank, Spelling


def _read_day(value: Any) -> Any:
    """Only YYYY-MM-DD is a day: pydantic would take 20270301 for seconds since 1970."""
    if isinstance(value, date):
        return value
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = None
    if day is None or day.isoformat() != str(value):
        raise ValueError("expected a day such as 2027-03-01")
    return day


def _read_version(text: str) -> str:
    try:
        SpinnakerVersion.parse(text)
    except SyntaxInputError as error:
        raise ValueError('expected a release such as "1.37.0"') from error
    return text


_IN_AN_ACCOUNT = "arn:[a-z-]+:iam::[0-9]{12}:"
_PATH_AND_NAME = "/[A-Za-z0-9_+=,.@/-]+"
RoleArn = Annotated[
    str, Spelling(f"{_IN_AN_ACCOUNT}role{_PATH_AND_NAME}", "the ARN of a role, such as arn:aws:iam::123456789012:role/NAME")
]
PrincipalArn = Annotated[
    str,
    Spelling(
        f"{_IN_AN_ACCOUNT}(role|user){_PATH_AND_NAME}",
        "the ARN of a role or an IAM user, such as arn:aws:iam::123456789012:role/NAME",
    ),
]
# In the id of a target, `*` is every ECS cluster.
ClusterName = Annotated[Name, Spelling(r"(?!\*$)[\s\S]+", "the name of an ECS cluster; where none is named, all are looked at")]
Version = Annotated[Name, AfterValidator(_read_version)]
Day = Annotated[date, BeforeValidator(_read_day)]


class Spinnaker(PreflightModel):
    """The Spinnaker that will be pointed at the accounts."""

    version: Version | None = None
    """Spinnaker's version, such as "1.37.0"; several findings depend on it."""
    aws_region: Name | None = None
    """The region that clouddriver's environment gives it (EC2_REGION, AWS_REGION): where it calls STS."""


class Reader(PreflightModel):
    """An identity that may read IAM, where the managed role may not."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["profile"]}, {"required": ["role_arn"]}]})

    profile: Name | None = None
    """A profile of the shared AWS configuration."""
    role_arn: RoleArn | None = None
    """A role that the caller can assume."""

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Reader:
        if (self.profile is None) == (self.role_arn is None):
            raise ValueError("expected either profile or role_arn")
        return self


class Thresholds(PreflightModel):
    """How much is enough."""

    copies: int = Field(default=3, ge=1)
    """How many more copies of the largest running task should fit (CAPACITY010)."""
    waiver_notice_days: int = Field(default=14, ge=0)
    """How long before its end a waiver is reported (WAIVER004)."""
    agent_recheck_seconds: float = Field(default=20, ge=0, le=300)
    """How long to wait before disconnected agents are looked at a second time (CLUSTER004)."""


class ClusterFile(PreflightModel):
    """What will be deployed to one ECS cluster."""

    workloads: Annotated[tuple[WorkloadFile, ...], Blank(())] = ()

    @field_validator("workloads")
    @classmethod
    def _have_names_of_their_own(cls, workloads: tuple[WorkloadFile, ...]) -> tuple[WorkloadFile, ...]:
        """A workload's name is part of its target's id: of two with one name, one would never be judged."""
        for name, count in Counter(workload.name for workload in workloads).items():
            if count > 1:
                raise ValueError(f"expected each workload to have a name of its own, and {name!r} stands {count} times")
        return workloads


class RegionFile(PreflightModel):
    """The ECS clusters of one region that Spinnaker will deploy to."""

    clusters: Annotated[dict[ClusterName, Annotated[ClusterFile, Blank({})]], Blank({})] = {}


class AccountFile(PreflightModel):
    """What is known of one ECS account beside Spinnaker's own configuration."""

    reader: Reader | None = None
    task_roles: Annotated[tuple[Name, ...], Blank(())] = ()
    """Names of the roles that containers will run with."""
    regions: Annotated[dict[Name, Annotated[RegionFile, Blank({})]], Blank({})] = {}


class Waiver(PreflightModel):
    """One finding that is known and borne, until a day, for a reason."""

    check: Name
    """A check's id."""
    target: Name
    """A target's id; `*` stands for any run of characters."""
    until: Day
    """The last day on which the waiver holds."""
    reason: Name
    outcomes: tuple[Literal["FAILED", "UNDETERMINED", "BLOCKED"], ...] = ("FAILED",)
    """What it covers: a failure, and what could not be looked at only where this says so."""


class PreflightFile(PreflightModel):
    """preflight.yml as a whole."""

    spinnaker: Annotated[Spinnaker, Blank({})] = Spinnaker()
    managing_identity_arn: PrincipalArn | None = None
    """The role or IAM user that Spinnaker is; the caller is taken for it where this is not given."""
    reader: Reader | None = None
    thresholds: Annotated[Thresholds, Blank({})] = Thresholds()
    accounts: Annotated[dict[Name, Annotated[AccountFile, Blank({})]], Blank({})] = {}
    """By the name of the ECS account."""
    waivers: Annotated[tuple[Waiver, ...], Blank(())] = ()


def json_schema() -> str:
    """The JSON Schema of preflight.yml, for editors."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **PreflightFile.model_json_schema()}
    return json.dumps(schema, indent=2) + "\n"
