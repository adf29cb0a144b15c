"""PERMISSION001 and PERMISSION004: what clouddriver reads, tried in the sessions that it reads in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ecs_preflight.answers import TriedCall
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.circumstances import severity_without
from ecs_preflight.checks.denial_remedies import DeniedAction, denial_in, remedies
from ecs_preflight.checks.denials import Denial, read_denial
from ecs_preflight.checks.each_cluster import require_role_and_region, shown
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.permission_requests import own_policies, read_of
from ecs_preflight.checks.permission_statements import short_list
from ecs_preflight.checks.scopes import each_account, each_region
from ecs_preflight.checks.trust_requests import identity_policies
from ecs_preflight.checks.used_roles import (
    UsedRole,
    completed_workloads,
    is_of_account,
    questions_of_workloads,
    used_roles,
    workloads_known,
)
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Gap, Listing, Question, Snapshot, Unknown
from ecs_preflight.findings import NotApplicable, Problem, Remark, Severity, Undetermined, Verdict
from ecs_preflight.iam.decision import EvalDecision
from ecs_preflight.iam.evaluate import evaluate_identity
from ecs_preflight.questions import (
    CLUSTERS,
    MAY_GET_ROLE,
    READS_AS_AWS_ACCOUNT,
    READS_AS_ECS_ACCOUNT,
    READS_OF_CLUSTER,
    ROLE_POLICIES,
    clusters,
    may_get_role,
    reads_as_aws_account,
    reads_as_ecs_account,
    reads_of_cluster,
)
from ecs_preflight.spinnaker.requirements import Requirement, Session, requirements_of
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

Workloads = Iterable[tuple[Target, Workload]]
# clouddriver's agents read every ECS cluster of the account, used or not. Of those that are not named, so many are tried.
_OTHERS_TRIED = 10
_OF_ONE_REPOSITORY = ("ecr:ListImages", "ecr:DescribeImages")


@dataclass(frozen=True, slots=True)
class _Denied:
    """One call that was denied: in which session, of what, and all that clouddriver needs it for."""

    call: TriedCall
    of: str
    """An ECS cluster, or nothing."""
    session: Session
    needs: tuple[Requirement, ...]
    denial: Denial | None

    @property
    def line(self) -> str:
        where = f" of ECS cluster {self.of}" if self.of else ""
        breaks = "; ".join(dict.fromkeys(f"{need.by}: {need.breaks}" for need in self.needs))
        if not self.call.said:
            return f"{self.call.action}{where} ({breaks}): not tried; {self.denial.own_words if self.denial else 'not allowed'}"
        return f"{self.call.action}{where} ({breaks}): {self.call.said}{f' {self.denial.sentence}' if self.denial else ''}"


def _reads(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account) or not target.region:
        return
    yield reads_as_ecs_account(target.account, target.region)
    yield reads_as_aws_account(target.account, target.region)
    yield clusters(target.account, target.region)
    yield from (reads_of_cluster(target.account, target.region, name) for name in _tried_clusters(config, target, known)[0])
    sessions = (reads_as_ecs_account(target.account, target.region), reads_as_aws_account(target.account, target.region))
    if any(isinstance(known[question], Unknown) and question in known for question in sessions):
        yield own_policies(config, target)


def _tried_clusters(config: PreflightConfig, target: Target, known: Snapshot) -> tuple[tuple[str, ...], int]:
    """The ECS clusters to try: those that are named, and some of the others; and how many are left out."""
    listing = known[clusters(target.account, target.region)].value_or_none()
    named = tuple(dict.fromkeys(name.rpartition("/")[2] for name in config.clusters(target.account, target.region)))
    existing = listing.items if listing else ()
    others = [name for name in existing if name not in named]
    return (*(name for name in named if name in existing), *others[:_OTHERS_TRIED]), len(others[_OTHERS_TRIED:])


@check(
    "PERMISSION001",
    "read-denied",
    Severity.ERROR,
    on=each_region,
    needs=_reads,
    asks=(READS_AS_ECS_ACCOUNT, READS_AS_AWS_ACCOUNT, READS_OF_CLUSTER, CLUSTERS, ROLE_POLICIES),
)
def reads_are_allowed(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Every read that clouddriver's caching agents, screens and operations make is tried once in its cheapest form, in the session
    that makes it: the ECS account's, without an external id, or the AWS account's. Reads of an ECS cluster are tried on each
    cluster that is named and on up to ten others, since the agents read them all. Where a session cannot be had, the role's own
    policies tell what is certain to be denied. ERROR where a deployment or what is shown of it depends on the read, WARNING where
    a screen, a special kind of deployment or nothing but a logged error does; INFO for images of ECR, which are tried on a
    repository that nobody has: a role that may read some repositories alone is denied there too.

    ## Why it matters
    An agent that is denied one call fails as a whole, at every poll: server groups, tasks or target groups are missing in the UI,
    and deployments wait for instances that Spinnaker cannot see. clouddriver's log says `AccessDeniedException`; Spinnaker says
    nothing.

    ## How to fix it
    Allow the actions that are named. PowerUserAccess has all of them but iam:ListServerCertificates.
    """
    require_role_and_region(config, target)
    role_arn = managed_role_arn(config, target)
    tried, left_out = _tried_clusters(config, target, facts.snapshot)
    asked: list[tuple[Question[Listing[TriedCall]], Session, str]] = [
        (reads_as_ecs_account(target.account, target.region), Session.ECS_ACCOUNT, ""),
        (reads_as_aws_account(target.account, target.region), Session.AWS_ACCOUNT, ""),
        *((reads_of_cluster(target.account, target.region, name), Session.ECS_ACCOUNT, name) for name in tried),
    ]
    denied: list[_Denied] = []
    gaps: list[Gap] = []
    for question, session, of in asked:
        try:
            listing = facts[question].partial()
        except Verdict as verdict:
            yield verdict
            denied += _denied(config, _denied_by_policies(config, target, facts, question, of), session, of)
            continue
        tried_calls = ((call, read_denial(call.said)) for call in listing.items if not call.allowed)
        denied += _denied(config, tried_calls, session, of)
        gaps += listing.gaps
    yield from _problems(config, target, role_arn, denied)
    if gaps:
        more = f" ({len(gaps)} reads gave no answer)" if len(gaps) > 1 else ""
        yield Undetermined(f"{gaps[0].what}: {gaps[0].error}{more}")
    for gap in facts[clusters(target.account, target.region)].partial().gaps:
        yield Undetermined(f"{gap.what}: {gap.error}")
    if left_out:
        yield Remark(f"{left_out} more ECS clusters that preflight.yml does not name were not tried")


def _denied(
    config: PreflightConfig, calls: Iterable[tuple[TriedCall, Denial | None]], session: Session, of: str
) -> Iterator[_Denied]:
    """The denied calls that this version of Spinnaker makes in the session."""
    needs: Mapping[str, list[Requirement]] = defaultdict(list)
    for requirement in requirements_of(config.version, session=session):
        needs[requirement.action].append(requirement)
    for call, denial in calls:
        if needs[call.action]:
            yield _Denied(call, of, session, tuple(needs[call.action]), denial)


def _denied_by_policies(
    config: PreflightConfig, target: Target, facts: Facts, question: Question[Listing[TriedCall]], of: str
) -> Iterator[tuple[TriedCall, Denial]]:
    """The reads of a question that was not answered which the role's own policies do not allow, whatever else they depend on."""
    role_arn = managed_role_arn(config, target)
    arn = Arn.parse(role_arn)
    asked = own_policies(config, target)
    held = facts[asked].value_or_none() if asked in facts.declared else None
    if held is None or arn is None:
        return
    policies = identity_policies(held)
    for action in question.kind.actions:
        request = read_of(action, arn, target.region, of).request(role_arn, action)
        evaluation = evaluate_identity(policies, request)
        if evaluation.decision in (EvalDecision.IMPLICIT_DENY, EvalDecision.EXPLICIT_DENY):
            yield TriedCall(action, False), denial_in(policies, request, evaluation)


def _problems(config: PreflightConfig, target: Target, role_arn: str, denied: Iterable[_Denied]) -> Iterator[Problem]:
    """One for what deployments depend on, one for the rest."""
    graded: Mapping[Severity, list[_Denied]] = defaultdict(list)
    for one in denied:
        # A role that may read some repositories alone is denied on the one that is tried, which nobody has.
        scoped = one.call.action in _OF_ONE_REPOSITORY
        graded[Severity.INFO if scoped else severity_without(one.needs, config, target)].append(one)
    for severity in sorted(graded, reverse=True):
        those = graded[severity]
        actions = list(dict.fromkeys(one.call.action for one in those))
        yield Problem(
            f"{shown(role_arn.rpartition('/')[2], 22)} may not call {short_list(actions)}",
            remediation=remedies(role_arn, [DeniedAction(one.call.action, one.denial) for one in those]),
            evidence="\n".join(dict.fromkeys(one.line for one in those)),
            severity=severity,
        )


def _read_roles(config: PreflightConfig, target: Target, workloads: Workloads) -> tuple[UsedRole, ...]:
    uses = used_roles(config, target.account, workloads)
    return tuple(use for use in uses if use.is_read_by_clouddriver and is_of_account(use, config, target))


def _may_get_each(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield from questions_of_workloads(config, target, known)
        workloads = workloads_known(config, target, known)
        yield from (may_get_role(target.account, use.name) for use in _read_roles(config, target, workloads))


@check(
    "PERMISSION004",
    "get-role-denied",
    Severity.ERROR,
    on=each_account,
    needs=_may_get_each,
    asks=(MAY_GET_ROLE, *WORKLOAD_KINDS),
)
def task_roles_may_be_read(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role itself may call iam:GetRole on each task role that is named for deployments of "inputs". The call
    is tried in the ECS account's session.

    ## Why it matters
    clouddriver reads the trust policy of a task role before it registers anything. PowerUserAccess, which Spinnaker's
    documentation tells to attach, does not hold iam:GetRole: the deployment fails with `is not authorized to perform:
    iam:GetRole`. A task definition that is given as an artifact is not affected.

    ## How to fix it
    Allow iam:GetRole on the task roles, beside iam:PassRole.
    """
    role_arn = managed_role_arn(config, target)
    workloads, unseen = completed_workloads(config, target, facts)
    yield from unseen
    uses = _read_roles(config, target, workloads)
    if not uses and not unseen:
        raise NotApplicable("no task role of inputs is named for this account")
    for use in uses:
        try:
            attempt = facts[may_get_role(target.account, use.name)].require()
        except Verdict as verdict:
            yield verdict
            continue
        if not attempt.allowed:
            prefix = role_arn.rpartition(":role/")[0]
            resource = use.written if use.written.startswith("arn:") else f"{prefix}:role/{use.name}"
            denial = read_denial(attempt.error_message)
            yield Problem(
                f"{shown(role_arn.rpartition('/')[2], 22)} may not call iam:GetRole on {shown(use.name, 40)}",
                remediation=remedies(role_arn, [DeniedAction("iam:GetRole", denial, resource)]),
                evidence=f"{attempt.said}{f' {denial.sentence}' if denial else ''}",
            )
