"""PERMISSION003: the roles that clouddriver hands on to ECS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.denial_remedies import DeniedAction, remedies
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.permission_requests import Asked, own_policies
from ecs_preflight.checks.permission_statements import Condition, in_organization
from ecs_preflight.checks.permission_verdicts import May, Ruling, rulings
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust import HOW_TO_STATE_THE_VERSION, LEGACY_SERVICES
from ecs_preflight.checks.used_roles import completed_workloads, questions_of_workloads, used_roles, workloads_known
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.questions import ROLE, ROLE_POLICIES, SIMULATION, role
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS
from ecs_preflight.spinnaker.versions import is_at_least
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

_PASS = "iam:PassRole"
Workloads = Sequence[tuple[Target, Workload]]


@dataclass(frozen=True, slots=True)
class Passed:
    """A role that is handed to a service, and where."""

    written: str
    """Its ARN, or its bare name."""
    service: str
    region: str
    is_legacy: bool = False
    """Passed up to 1.18 alone."""

    @property
    def name(self) -> str:
        return self.written.rpartition("/")[2]


def passed_roles(config: PreflightConfig, account: str, role_arn: str, workloads: Workloads) -> tuple[Passed, ...]:
    """What deployments to an ECS account pass: task and execution roles, and where there is none the managed role itself.

    CreateServerGroupAtomicOperation.java:313-316,421-441; up to 1.18 also CreateService.role and RegisterScalableTarget.roleARN.
    """
    uses = used_roles(config, account, workloads)
    found = [Passed(use.written, ECS_TASKS, region) for use in uses for region in use.regions]
    found += [Passed(role_arn, ECS_TASKS, place.region) for place, workload in workloads if workload.executes_as_managed_role]
    if is_at_least(config.version, "1.19") is not True:
        regions = config.regions(account)
        found += [Passed(role_arn, service, region, is_legacy=True) for service in LEGACY_SERVICES for region in regions]
    return tuple(dict.fromkeys(found))


def _roles_and_rights(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account):
        return
    role_arn = managed_role_arn(config, target)
    yield from questions_of_workloads(config, target, known)
    workloads = workloads_known(config, target, known)
    passed = [one for one in passed_roles(config, target.account, role_arn, workloads) if _is_of_account(one, role_arn)]
    if passed:
        yield own_policies(config, target)
    for one in passed:
        arn = one.written
        if not arn.startswith("arn:"):
            yield role(target.account, one.name)
            found = known[role(target.account, one.name)].value_or_none()
            arn = found.arn if found else ""
        if arn:
            yield _asked(one, arn).question(target.account, role_arn)


def _is_of_account(passed: Passed, role_arn: str) -> bool:
    arn, own = Arn.parse(passed.written), Arn.parse(role_arn)
    return arn is None or own is None or arn.account_id == own.account_id


def _asked(passed: Passed, arn: str) -> Asked:
    return Asked((_PASS,), arn, passed.region, {"iam:PassedToService": passed.service})


@check(
    "PERMISSION003",
    "pass-role-denied",
    Severity.ERROR,
    on=each_account,
    needs=_roles_and_rights,
    asks=(ROLE, ROLE_POLICIES, SIMULATION, *WORKLOAD_KINDS),
)
def roles_may_be_passed(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role may call iam:PassRole on every role that deployments hand on, for the service that takes it: the task and
    execution roles that are named and, for Fargate without an execution role, the managed role itself, to
    `ecs-tasks.amazonaws.com`. Up to Spinnaker 1.18, and where the version is not stated, also the managed role to
    `ecs.amazonaws.com` and `application-autoscaling.amazonaws.com`. By IAM's simulator and the role's own policies, compared.

    ## Why it matters
    ECS refuses the task definition or the service: `is not authorized to perform: iam:PassRole on resource: ... because no
    identity-based policy allows the iam:PassRole action`. PowerUserAccess does not hold iam:PassRole.

    ## How to fix it
    Allow iam:PassRole on these roles, with `iam:PassedToService` as condition. A role of another account can never be passed.
    """
    role_arn = managed_role_arn(config, target)
    workloads, unseen = completed_workloads(config, target, facts)
    yield from unseen
    passed = passed_roles(config, target.account, role_arn, workloads)
    if not passed and not unseen:
        raise NotApplicable("no role is named that would be passed, and no Fargate workload without an execution role")
    denied: dict[tuple[str, bool], dict[str, Ruling]] = {}
    for one in passed:
        if not _is_of_account(one, role_arn):
            yield _of_another_account(one, role_arn)
            continue
        try:
            arn = _arn_of(one, target, facts)
            ruling = _ruling(config, target, facts, one, arn, role_arn)
        except Verdict as verdict:
            yield verdict
            continue
        if ruling.may is May.OPEN:
            yield Undetermined(f"{_PASS} on {one.name} to {one.service}: {ruling.why}")
        elif ruling.may is not May.YES:
            denied.setdefault((arn, one.is_legacy), {}).setdefault(one.service, ruling)
    yield from _denied(config, role_arn, denied)


def _arn_of(passed: Passed, target: Target, facts: Facts) -> str:
    """With the path that the role has: policies are about ARNs."""
    if passed.written.startswith("arn:"):
        return passed.written
    return facts[role(target.account, passed.name)].require().arn


def _ruling(config: PreflightConfig, target: Target, facts: Facts, passed: Passed, arn: str, role_arn: str) -> Ruling:
    asked = _asked(passed, arn)
    held = facts[own_policies(config, target)].require()
    simulated = facts[asked.question(target.account, role_arn)].require()
    return next(rulings(asked, role_arn, simulated, held))


def _of_another_account(passed: Passed, role_arn: str) -> Problem:
    own = role_arn.split(":")[4]
    return Problem(
        f"{shown(passed.name)} can never be passed: it is not a role of account {own}",
        remediation=f"Make a role of that name in account {own}, and name it in place of {passed.written}.",
        evidence=f"{passed.written} is named; no service takes a role of another account",
    )


def _denied(config: PreflightConfig, role_arn: str, denied: Mapping[tuple[str, bool], Mapping[str, Ruling]]) -> Iterator[Problem]:
    """One for each role, whatever it would be passed to."""
    for (arn, is_legacy), by_service in denied.items():
        services = list(by_service)
        passed_to = services[0] if len(services) == 1 else services
        condition: Condition = {"StringEquals": {"iam:PassedToService": passed_to}}
        remedy = remedies(role_arn, [DeniedAction(_PASS, ruling.denial, arn, condition) for ruling in by_service.values()])
        if is_legacy and config.version is None:
            remedy += f"\nSpinnaker from 1.19 on does not pass it, and this goes away. {HOW_TO_STATE_THE_VERSION}"
        is_doubtful = all(ruling.may is May.NOT_BY_ORGANIZATION for ruling in by_service.values())
        what = "itself" if arn == role_arn else f"the role {shown(arn.rpartition('/')[2], 24)}"
        yield Problem(
            f"{shown(role_arn.rpartition('/')[2], 20)} may not pass {what} to {_and_more(services)}",
            remediation=in_organization([_PASS]) if is_doubtful else remedy,
            evidence="\n".join(dict.fromkeys(ruling.why for ruling in by_service.values())),
            severity=Severity.WARNING if is_doubtful else None,
        )


def _and_more(services: list[str]) -> str:
    return services[0] if len(services) == 1 else f"{services[0]} and {len(services) - 1} more"
