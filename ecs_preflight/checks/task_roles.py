"""TRUST006 and TRUST007: the roles that containers run with, as IAM and as clouddriver's own reader see them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ecs_preflight.answers import Role
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role_arn, says_whose_identity
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.task_trust import evaluated_for_task, untrusted_regions
from ecs_preflight.checks.trust_requests import allow_assume_role
from ecs_preflight.checks.used_roles import UsedRole, completed_workloads, is_of_account, named_roles, used_roles
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Absent, Snapshot
from ecs_preflight.findings import Blocked, NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.iam.decision import EvalDecision
from ecs_preflight.questions import ROLE, role
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS, TrustReading, read_trust_policy
from ecs_preflight.targets import Target

# What iam:GetRole takes as RoleName. https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)

_NOWHERE = "clouddriver knows no region in which {} could be used"


@check(
    "TRUST006",
    "task-role-not-trusted-by-ecs-tasks",
    Severity.ERROR,
    on=each_account,
    needs=named_roles,
    asks=(ROLE, *WORKLOAD_KINDS),
)
@says_whose_identity
def task_roles_trust_ecs_tasks(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each task role and execution role that preflight.yml, a pipeline or a task definition names exists in the managed account,
    and its trust policy lets `ecs-tasks.amazonaws.com` assume it for tasks of this account, in every region where they will run:
    conditions on aws:SourceAccount and aws:SourceArn are evaluated for `arn:aws:ecs:REGION:ACCOUNT:*`.

    ## Why it matters
    ECS places no task of the service: `ECS was unable to assume the role ... that was provided for this task. Please verify that
    the role being passed has the proper trust relationship`. Spinnaker waits for healthy instances until it times out.
    `ecs.amazonaws.com` and `ec2.amazonaws.com` are other services, and do not help.

    ## How to fix it
    Trust `ecs-tasks.amazonaws.com`, with aws:SourceAccount and aws:SourceArn no narrower than account and region: AWS documents
    that an ECS cluster in aws:SourceArn is not supported.
    """
    arn = managed_role_arn(config, target)
    workloads, unseen = completed_workloads(config, target, facts)
    yield from unseen
    uses = used_roles(config, target.account, workloads)
    if not uses and not unseen:
        raise NotApplicable("no task role and no execution role is named for this account")
    for use in uses:
        if not is_of_account(use, config, target):
            yield Problem(
                f"role {use.name} is of account {use.account_id}, not of {arn.split(':')[4]}",
                remediation=f"Make a role of that name in account {arn.split(':')[4]}, and name it without an ARN.",
                evidence=f"{use.written} is named; ECS takes no role of another account",
            )
            continue
        fact = facts[role(target.account, use.name)]
        if isinstance(fact, Absent):
            yield _missing(use, fact.why)
            continue
        try:
            found = fact.require()
            if use.written.startswith("arn:") and found.arn.casefold() != use.written.casefold():
                yield _another(use, found)
            else:
                yield from _trusting_in_every_region(use, found)
        except Verdict as verdict:
            yield verdict


def _trusting_in_every_region(use: UsedRole, found: Role) -> Iterator[Problem | Verdict]:
    if not use.regions:
        raise Blocked(_NOWHERE.format(use.name))
    yield from untrusted_regions(found, use.regions)


def _another(use: UsedRole, found: Role) -> Problem:
    """IAM finds a role by its name alone; ECS wants its ARN, path included."""
    return Problem(
        f"there is no role {use.name} of the ARN that is named",
        remediation=f"Write {use.name}, or {found.arn}, in place of {use.written}.",
        evidence=f"there is no role {use.written}: the role of that name is {found.arn}",
    )


def _missing(use: UsedRole, why: str) -> Problem:
    document = json.dumps({"Version": "2012-10-17", "Statement": [json.loads(allow_assume_role({"Service": ECS_TASKS}))]})
    return Problem(
        f"role {use.name}, which containers are to run with, does not exist",
        remediation=f"aws iam create-role --role-name {use.name} --assume-role-policy-document '{document}'",
        evidence=why,
    )


def _roles_that_clouddriver_reads(config: PreflightConfig, account: str) -> tuple[UsedRole, ...]:
    return tuple(use for use in used_roles(config, account) if use.is_read_by_clouddriver)


def _named_task_roles(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        uses = _roles_that_clouddriver_reads(config, target.account)
        yield from (role(target.account, use.name) for use in uses if is_of_account(use, config, target))


@check(
    "TRUST007",
    "task-role-unreadable-by-clouddriver",
    Severity.ERROR,
    on=each_account,
    needs=_named_task_roles,
    asks=(ROLE,),
)
@says_whose_identity
def task_roles_are_readable_by_clouddriver(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where IAM lets `ecs-tasks.amazonaws.com` assume a task role, clouddriver's own reader sees that too; and the role is named by
    its bare name. The reader wants `Statement` to be a list, `Principal` an object, and `Action` exactly the text
    `"sts:AssumeRole"`: no list, no wildcard, no other case.

    ## Why it matters
    A deployment of "inputs" that names a task role reads its trust policy first, and fails before anything is registered:
    `The X role does not have a trust relationship to ecs-tasks.amazonaws.com.`, or for an ARN or a path `The specified value for
    roleName is invalid`. A task definition given as an artifact is not affected.

    ## How to fix it
    Write a statement of its own for ecs-tasks.amazonaws.com, in the shape that the reader takes.
    """
    managed_role_arn(config, target)
    uses = _roles_that_clouddriver_reads(config, target.account)
    if not uses:
        raise NotApplicable("no task role that clouddriver reads is named for this account")
    for use in uses:
        if not _ROLE_NAME.fullmatch(use.written):
            yield Problem(
                f"task role {use.name} is not named by its bare name",
                remediation=f"Write {use.name} in the deploy stage and in preflight.yml, without path or ARN.",
                evidence=f"{use.written} was found; clouddriver gives it to iam:GetRole as it stands, which takes names alone",
            )
        if is_of_account(use, config, target):
            try:
                yield from _unreadable(use, facts[role(target.account, use.name)].require())
            except Verdict as verdict:
                yield verdict


def _unreadable(use: UsedRole, found: Role) -> Iterator[Problem | Verdict]:
    reading = clouddrivers_reading(found)
    if ECS_TASKS in reading.services:
        return
    if not use.regions:
        raise Blocked(_NOWHERE.format(use.name))
    evaluations = [evaluated_for_task(found, region) for region in use.regions]
    if any(evaluation.allowed for evaluation in evaluations):
        yield Problem(
            f"clouddriver does not see that {found.name} trusts {ECS_TASKS}",
            remediation=(
                f"Make `Statement` of the trust policy of {found.arn} a list, with this in it as a statement of its own:\n"
                f"{allow_assume_role({'Service': ECS_TASKS})}"
            ),
            evidence=reading.throws
            or reading.logged
            or f"it sees these services: {', '.join(sorted(reading.services)) or 'none'}",
        )
    elif undecidable := next((e for e in evaluations if e.decision is EvalDecision.UNDECIDABLE), None):
        yield Undetermined(f"clouddriver does not see the trust of {found.name}; {undecidable.explanation}")


def clouddrivers_reading(found: Role) -> TrustReading:
    """The role's trust policy as clouddriver's reader takes it; the text here is decoded already, and is not decoded again."""
    try:
        document: Any = json.loads(found.trust_policy)
    except ValueError:
        return read_trust_policy(found.trust_policy)
    return read_trust_policy(document if isinstance(document, Mapping) else found.trust_policy)
