"""PERMISSION002: what Spinnaker's deployments change in the account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.circumstances import severity_without
from ecs_preflight.checks.denial_remedies import DeniedAction, remedies
from ecs_preflight.checks.each_cluster import require_role_and_region, shown, some_of
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.permission_requests import asked_of_region, own_policies, writes
from ecs_preflight.checks.permission_statements import in_organization, short_list
from ecs_preflight.checks.permission_verdicts import May, Ruling, rulings
from ecs_preflight.checks.scopes import each_region
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Problem, Severity, Undetermined, Verdict
from ecs_preflight.questions import ROLE_POLICIES, SIMULATION
from ecs_preflight.targets import Target


def _simulated_and_read(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account) or not target.region:
        return
    role_arn = managed_role_arn(config, target)
    yield own_policies(config, target)
    yield from (asked.question(target.account, role_arn) for asked in asked_of_region(config, target, role_arn))


@check(
    "PERMISSION002",
    "deploy-action-denied",
    Severity.ERROR,
    on=each_region,
    needs=_simulated_and_read,
    asks=(SIMULATION, ROLE_POLICIES),
)
def deploy_actions_are_allowed(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role may make every call by which Spinnaker's operations change something: by IAM's simulator where it may be
    used, and by its own policies and boundary, evaluated here. Where the two disagree, both are shown and nothing is decided.
    ERROR for what every deployment does; WARNING for what some do (tags, copied scaling policies, alarms), and where the
    simulator alone says that the organization denies what the role's own policies allow: it is often wrong about that.

    ## Why it matters
    No read shows that a write is denied. The deployment fails half-way: with RegisterScalableTarget denied, the service runs and
    the UI hides it; with UpdateService denied, the old server group is never disabled.

    ## How to fix it
    Allow the actions that are named. PowerUserAccess has all of them.
    """
    require_role_and_region(config, target)
    role_arn = managed_role_arn(config, target)
    held = facts[own_policies(config, target)].require()
    found: list[Ruling] = []
    for asked in asked_of_region(config, target, role_arn):
        try:
            simulated = facts[asked.question(target.account, role_arn)].require()
            found += rulings(asked, role_arn, simulated, held)
        except Verdict as verdict:
            yield verdict
    yield from _denied(config, target, role_arn, [ruling for ruling in found if ruling.may is May.NO])
    yield from _by_organization(role_arn, [ruling for ruling in found if ruling.may is May.NOT_BY_ORGANIZATION])
    yield from (Undetermined(f"{ruling.action}: {ruling.why}") for ruling in found if ruling.may is May.OPEN)


def _denied(config: PreflightConfig, target: Target, role_arn: str, denied: Iterable[Ruling]) -> Iterator[Problem]:
    """One for what every deployment does, one for the rest."""
    graded: Mapping[Severity, list[Ruling]] = defaultdict(list)
    for ruling in denied:
        needs = (need for need in writes(config) if need.action == ruling.action)
        graded[severity_without(needs, config, target)].append(ruling)
    for severity in sorted(graded, reverse=True):
        those = graded[severity]
        actions = list(dict.fromkeys(ruling.action for ruling in those))
        yield Problem(
            f"{shown(role_arn.rpartition('/')[2], 22)} may not call {short_list(actions)}",
            remediation=remedies(role_arn, [DeniedAction(ruling.action, ruling.denial) for ruling in those]),
            evidence="\n".join(_line(config, ruling) for ruling in those),
            severity=severity,
        )


def _line(config: PreflightConfig, ruling: Ruling) -> str:
    breaks = dict.fromkeys(f"{need.by}: {need.breaks}" for need in writes(config) if need.action == ruling.action)
    return f"{ruling.action} on {ruling.resource} ({'; '.join(breaks)}): {ruling.why}"


def _by_organization(role_arn: str, denied: list[Ruling]) -> Iterator[Problem]:
    if not denied:
        return
    actions = list(dict.fromkeys(ruling.action for ruling in denied))
    yield Problem(
        f"the simulator says that the organization denies {short_list(actions)}",
        remediation=f"Deploy something small once: that decides. If it is denied: {in_organization(actions)}",
        evidence=some_of([f"{ruling.action} on {ruling.resource}: {ruling.why}" for ruling in denied]),
        severity=Severity.WARNING,
    )
