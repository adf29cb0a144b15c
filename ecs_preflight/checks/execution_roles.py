"""PERMISSION007: the roles that pull images and write logs for the containers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ecs_preflight.answers import PrincipalPolicies
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.execution_needs import Need, needs_of_execution
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.permission_statements import allow_on, short_list
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import identity_policies
from ecs_preflight.checks.used_roles import completed_workloads, questions_of_workloads, workloads_known
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Question, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_identity
from ecs_preflight.questions import ROLE_POLICIES, role_policies
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


@dataclass(frozen=True, slots=True)
class InForce:
    """A workload with the role that starts its tasks: its execution role, or the managed role where it has none."""

    written: str
    region: str
    workload: Workload

    @property
    def name(self) -> str:
        return self.written.rpartition("/")[2]

    def policies(self, account: str) -> Question[PrincipalPolicies]:
        return role_policies(account, self.name)


def execution_roles(role_arn: str, workloads: Iterable[tuple[Target, Workload]]) -> tuple[InForce, ...]:
    """The workloads that have an execution role, and those on Fargate that the managed role serves as one."""
    return tuple(
        InForce(workload.execution_role or role_arn, place.region, workload)
        for place, workload in workloads
        if workload.execution_role or workload.executes_as_managed_role
    )


def _policies_of_each(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield from questions_of_workloads(config, target, known)
        used = execution_roles(managed_role_arn(config, target), workloads_known(config, target, known))
        yield from (one.policies(target.account) for one in used)


@check(
    "PERMISSION007",
    "execution-role-cannot-pull-or-log",
    Severity.ERROR,
    on=each_account,
    needs=_policies_of_each,
    asks=(ROLE_POLICIES, *WORKLOAD_KINDS),
)
def execution_roles_can_pull_and_log(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each execution role that is named, and for Fargate without one the managed role itself, may pull the images of ECR, write to
    the log groups and read the registry credentials of its workload, by its own policies. WARNING where no image is known (sizes
    alone are given): an image from another registry, and a task without the `awslogs` driver, need none of it.

    ## Why it matters
    The task is placed and never starts: `CannotPullContainerError` or `ResourceInitializationError: unable to pull secrets or
    registry auth`. Spinnaker waits for healthy instances until it times out.

    ## How to fix it
    Attach AmazonECSTaskExecutionRolePolicy to the role; for registry credentials, allow secretsmanager:GetSecretValue on them.
    """
    role_arn = managed_role_arn(config, target)
    workloads, unseen = completed_workloads(config, target, facts)
    yield from unseen
    used = execution_roles(role_arn, workloads)
    if not used and not unseen:
        raise NotApplicable("no execution role is named, and no Fargate workload without one")
    for one in used:
        try:
            yield from _judged(one, facts[one.policies(target.account)].require())
        except Verdict as verdict:
            yield verdict


def _judged(one: InForce, held: PrincipalPolicies) -> Iterator[Problem | Verdict]:
    policies = identity_policies(held)
    arn = Arn.parse(held.arn)
    assert arn is not None  # IAM gives nothing else
    denied: list[tuple[Need, str, Evaluation]] = []
    for need in needs_of_execution(one.workload, arn, one.region):
        for action in need.asked.actions:
            evaluation = evaluate_identity(policies, need.asked.request(held.arn, action))
            if evaluation.decision is EvalDecision.UNDECIDABLE:
                yield Undetermined(f"{one.name}, for {need.purpose}: {evaluation.explanation}")
            elif not evaluation.allowed:
                denied.append((need, action, evaluation))
    if denied:
        actions = list(dict.fromkeys(action for _, action, _ in denied))
        yield Problem(
            f"execution role {shown(one.name, 22)} may not call {short_list(actions)}",
            remediation=(
                f"aws iam attach-role-policy --role-name {one.name} --policy-arn "
                f"arn:{arn.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy\n"
                f"or add this statement to a policy of {held.arn}:\n{allow_on(actions)}"
            ),
            evidence="\n".join(
                f"for {need.purpose}, which {one.workload.name} uses: {evaluation.explanation}" for need, _, evaluation in denied
            ),
            location=one.workload.location,
            severity=None if any(need.is_certain for need, _, _ in denied) else Severity.WARNING,
        )
