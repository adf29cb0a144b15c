"""Facts about identities and roles with defaults, for the tests of ROLE and TRUST to change one at a time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

from ecs_preflight.answers import Attempt, CallerIdentity, ClockReading, NamedPolicy, PrincipalPolicies, RegionStatus, Role
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Absent, Asker, Fact, Known, Listing, Question, Snapshot, Unknown
from ecs_preflight.findings import CheckResult, Outcome
from ecs_preflight.judge import judge
from ecs_preflight.plan import make_plan
from ecs_preflight.preflight_file import PreflightFile
from ecs_preflight.questions import (
    assume_role,
    assumed_identity,
    caller_identity,
    caller_may_list_regions,
    caller_may_list_zones,
    clock,
    managed_account_regions,
    managing_account_regions,
    role,
    roles,
)
from ecs_preflight.spinnaker.accounts import AwsAccount, AwsProvider, EcsAccount, EcsProvider, Region
from ecs_preflight.spinnaker.clouddriver import Clouddriver
from ecs_preflight.spinnaker.versions import SpinnakerVersion

ACCOUNT, MANAGED, MANAGING = "prod-ecs", "100000000002", "100000000001"
MANAGED_ROLE = f"arn:aws:iam::{MANAGED}:role/SpinnakerManaged"
IDENTITY = f"arn:aws:iam::{MANAGING}:role/spinnaker"
CALLER = f"arn:aws:sts::{MANAGING}:assumed-role/spinnaker/i-0123456789abcdef0"
STRANGER = f"arn:aws:iam::{MANAGING}:user/dev"
OUTSIDER = "arn:aws:iam::100000000003:user/auditor"
STS_REGION = "us-west-2"
ECS, SCALING, ECS_TASKS = "ecs.amazonaws.com", "application-autoscaling.amazonaws.com", "ecs-tasks.amazonaws.com"
LINKED = {
    "AWSServiceRoleForECS": "ecs.amazonaws.com",
    "AWSServiceRoleForApplicationAutoScaling_ECSService": "ecs.application-autoscaling.amazonaws.com",
}
UNREADABLE = Unknown("iam:GetRole", "AccessDenied: not authorized to perform iam:GetRole")
GONE = Absent("there is no such role")
NOON = datetime(2026, 11, 24, 12, tzinfo=timezone.utc)
"""When AWS was asked."""

Facts = Mapping[Question[Any], Fact[Any]]


def a_config(
    *,
    version: str | None = None,
    identity: str | None = IDENTITY,
    assume_role: str | None = "role/SpinnakerManaged",
    account_id: str | None = MANAGED,
    external_id: str | None = None,
    default_duration: int | None = None,
    own_duration: int | None = None,
    regions: Sequence[str] = ("us-east-1",),
    default_regions: Sequence[str] = ("us-east-1",),
    zones: bool = False,
    task_roles: Sequence[str] = (),
    workloads: Sequence[Mapping[str, Any]] = (),
    aws_account: str = "prod-aws",
    session_name: str | None = None,
    aws_region: str | None = None,
) -> PreflightConfig:
    """One ECS account, its managing identity in another AWS account. The workloads run in us-east-1."""

    def of(names: Sequence[str]) -> tuple[Region, ...]:
        return tuple(Region(name=name, availability_zones=(f"{name}a",) if zones else ()) for name in names)

    account = AwsAccount(
        name="prod-aws",
        account_id=account_id,
        assume_role=assume_role,
        external_id=external_id,
        session_duration_seconds=own_duration,
        session_name=session_name,
        regions=of(regions),
    )
    aws = AwsProvider(
        enabled=True,
        accounts=(account,),
        default_regions=of(default_regions),
        default_session_duration_seconds=default_duration,
    )
    described: dict[str, Any] = {"task_roles": list(task_roles)}
    if workloads:
        described["regions"] = {"us-east-1": {"clusters": {"production": {"workloads": [dict(w) for w in workloads]}}}}
    ecs = EcsProvider(enabled=True, accounts=(EcsAccount(name=ACCOUNT, aws_account=aws_account),))
    return PreflightConfig(
        Clouddriver(aws=aws, ecs=ecs, version=SpinnakerVersion.parse(version) if version else None),
        PreflightFile.model_validate(
            {
                "managing_identity_arn": identity,
                "spinnaker": {"aws_region": aws_region},
                "accounts": {ACCOUNT: described},
            }
        ),
    )


def allow(
    principal: Any, condition: Mapping[str, Any] | None = None, action: Any = "sts:AssumeRole", effect: str = "Allow"
) -> Any:
    """One statement of a trust policy."""
    statement = {"Effect": effect, "Principal": principal, "Action": action}
    return {**statement, "Condition": dict(condition)} if condition else statement


def document(*statements: Any) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


TRUSTED = document(allow({"AWS": IDENTITY}), allow({"Service": [ECS, SCALING]}))


def a_role(trust: str = TRUSTED, arn: str = MANAGED_ROLE, **changes: Any) -> Role:
    return Role(arn=arn, name=arn.rpartition("/")[2], unique_id="AROAMANAGEDMANAGED", trust_policy=trust, **changes)


def task_role(name: str, *statements: Any, path: str = "/") -> tuple[Question[Role], Fact[Role]]:
    """A role of the managed account that lets ecs-tasks in, or has these statements; and the question for it."""
    trust = document(*(statements or (allow({"Service": ECS_TASKS}),)))
    return role(ACCOUNT, name), Known(a_role(trust, f"arn:aws:iam::{MANAGED}:role{path}{name}"))


def who(arn: str = CALLER, user_id: str = "AROAMANAGINGMANAGING:i-0123456789abcdef0") -> Known[CallerIdentity]:
    return Known(CallerIdentity(arn, arn.split(":")[4], user_id))


def denied(
    message: str = "not authorized to perform: sts:AssumeRole", code: str = "AccessDenied", by: str = CALLER
) -> Known[Attempt]:
    return Known(Attempt(False, by, code, message))


def allowed(by: str = CALLER) -> Known[Attempt]:
    return Known(Attempt(True, by))


def rights(*statements: Any, arn: str = IDENTITY, boundary: str | None = None) -> Known[PrincipalPolicies]:
    """A principal with one policy of these statements."""
    capped = NamedPolicy("arn:aws:iam::1:policy/cap", boundary) if boundary else None
    return Known(PrincipalPolicies(arn, (NamedPolicy("inline", document(*statements)),), capped))


def may(action: str = "sts:AssumeRole", resource: str = MANAGED_ROLE, effect: str = "Allow") -> dict[str, Any]:
    """One statement of an identity policy."""
    return {"Effect": effect, "Action": action, "Resource": resource}


def enabled(**others: str) -> Known[Listing[RegionStatus]]:
    """Three regions that cannot be off, and `ap_east_1="not-opted-in"`."""
    always = dict.fromkeys(("us-east-1", "us-west-2", "eu-west-1"), "opt-in-not-required")
    status = {**always, **{name.replace("_", "-"): state for name, state in others.items()}}
    return Known(Listing(tuple(RegionStatus(name, state) for name, state in status.items())))


def attempt(session: str = "E") -> Question[Attempt]:
    return assume_role(ACCOUNT, Asker(session))


def me(condition: Any = None, **more: Any) -> Any:
    """A statement of a trust policy that names the managing identity."""
    return allow({"AWS": IDENTITY}, condition, **more)


def trusting(*statements: Any) -> tuple[Question[Role], Fact[Role]]:
    """The managed role with these statements in its trust policy; and the question for it."""
    return MANAGED_QUESTION, Known(a_role(document(*statements)))


OFFICE = {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}
"""A condition whose key nobody knows beforehand."""
MANAGED_QUESTION = role(ACCOUNT, "SpinnakerManaged")
IN_MANAGING = managing_account_regions(STS_REGION)
IN_MANAGED = managed_account_regions(ACCOUNT, STS_REGION)
EVERY_ROLE = roles(ACCOUNT)

HEALTHY: Facts = {
    caller_identity(): who(),
    clock(STS_REGION): Known(ClockReading(0.4)),
    caller_may_list_regions(STS_REGION): allowed(),
    caller_may_list_zones("us-east-1"): allowed(),
    IN_MANAGING: enabled(),
    IN_MANAGED: enabled(),
    attempt("E"): allowed(),
    attempt("A"): allowed(),
    assumed_identity(ACCOUNT): who(f"arn:aws:sts::{MANAGED}:assumed-role/SpinnakerManaged/Spinnaker"),
    MANAGED_QUESTION: Known(a_role()),
    EVERY_ROLE: Known(Listing((a_role(),))),
    **{
        role(ACCOUNT, name): Known(a_role(TRUSTED, f"arn:aws:iam::{MANAGED}:role/aws-service-role/{service}/{name}"))
        for name, service in LINKED.items()
    },
}


def snapshot(*changes: tuple[Question[Any], Fact[Any]]) -> Snapshot:
    """The healthy facts with these in place of theirs."""
    return Snapshot({**HEALTHY, **dict(changes)}, taken_at=NOON, salt="salt")


def judged(check_id: str, config: PreflightConfig | None = None, *changes: tuple[Question[Any], Fact[Any]]) -> CheckResult:
    """The result of one check, on the healthy facts with these in place of theirs."""
    plan = make_plan(config or a_config(), select=[check_id])
    (result,) = judge(plan, snapshot(*changes)).results
    return result


def without(*questions: Question[Any]) -> tuple[tuple[Question[Any], Fact[Any]], ...]:
    """Changes that leave these questions without an answer."""
    return tuple((question, Unknown("iam:GetRole", "this was not asked")) for question in questions)


def asked_for(check_id: str, config: PreflightConfig, *changes: tuple[Question[Any], Fact[Any]]) -> frozenset[Question[Any]]:
    """What a check declares, given the facts."""
    (item,) = make_plan(config, select=[check_id]).items
    return item.questions(config, snapshot(*changes))


def told(result: CheckResult) -> str:
    """Everything that a result says, in one text."""
    parts = [result.reason]
    for problem in result.problems:
        parts += [problem.summary, problem.evidence, problem.remediation]
    return "\n".join(parts)


PASSED, FAILED, BLOCKED = Outcome.PASSED, Outcome.FAILED, Outcome.BLOCKED
UNDETERMINED, NOT_APPLICABLE = Outcome.UNDETERMINED, Outcome.NOT_APPLICABLE
