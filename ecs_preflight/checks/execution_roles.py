"""PERMISSION007: the roles that pull images and write logs for the containers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ecs_preflight.answers import PrincipalPolicies
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.permission_requests import Asked
from ecs_preflight.checks.permission_statements import allow_on, short_list
from ecs_preflight.checks.scopes import each_account, each_workload
from ecs_preflight.checks.trust_requests import identity_policies
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Question, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity, Undetermined, Verdict
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_identity
from ecs_preflight.questions import ROLE_POLICIES, role_policies
from ecs_preflight.targets import Target


@dataclass(frozen=True, slots=True)
class InForce:
    """A role that tasks of a region will be started with: an execution role, or the managed role where there is none."""

    written: str
    region: str

    @property
    def name(self) -> str:
        return self.written.rpartition("/")[2]


def execution_roles(config: PreflightConfig, account: str, role_arn: str) -> tuple[InForce, ...]:
    """Those that preflight.yml names, and for Fargate without one the managed role itself."""
    found = []
    for target in each_workload(config):
        workload = config.workload(target)
        if target.account != account:
            continue
        if workload.execution_role:
            found.append(InForce(workload.execution_role, target.region))
        elif workload.launch_type == "FARGATE":
            found.append(InForce(role_arn, target.region))
    return tuple(dict.fromkeys(found))


def _asked(arn: Arn, region: str) -> Iterator[Asked]:
    """What the agent does with the role before a container starts.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    """

    def here(service: str, resource: str) -> str:
        return f"arn:{arn.partition}:{service}:{region}:{arn.account_id}:{resource}"

    yield Asked(("ecr:GetAuthorizationToken",), "*", region)
    pull = ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage")
    yield Asked(pull, here("ecr", "repository/*"), region)
    yield Asked(("logs:CreateLogStream",), here("logs", "log-group:*"), region)
    yield Asked(("logs:PutLogEvents",), here("logs", "log-group:*:log-stream:*"), region)


def _policies_of(one: InForce, account: str) -> Question[PrincipalPolicies]:
    return role_policies(account, one.name)


def _policies_of_each(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        role_arn = managed_role_arn(config, target)
        for one in execution_roles(config, target.account, role_arn):
            yield _policies_of(one, target.account)


@check(
    "PERMISSION007",
    "execution-role-cannot-pull-or-log",
    Severity.ERROR,
    on=each_account,
    needs=_policies_of_each,
    asks=(ROLE_POLICIES,),
)
def execution_roles_can_pull_and_log(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each execution role that preflight.yml names, and for Fargate without one the managed role itself, may pull images from ECR
    and write to CloudWatch Logs, by its own policies. WARNING, as no image is known: one from another registry, and a task
    without the `awslogs` driver, need none of it.

    ## Why it matters
    The task is placed and never starts: `CannotPullContainerError` or `ResourceInitializationError: unable to pull secrets or
    registry auth`. Spinnaker waits for healthy instances until it times out.

    ## How to fix it
    Attach AmazonECSTaskExecutionRolePolicy to the role.
    """
    role_arn = managed_role_arn(config, target)
    uses = execution_roles(config, target.account, role_arn)
    if not uses:
        raise NotApplicable("preflight.yml names no execution role, and no Fargate workload without one")
    for one in uses:
        try:
            held = facts[_policies_of(one, target.account)].require()
            yield from _judged(one, held)
        except Verdict as verdict:
            yield verdict


def _judged(one: InForce, held: PrincipalPolicies) -> Iterator[Problem | Verdict]:
    policies = identity_policies(held)
    arn = Arn.parse(held.arn)
    assert arn is not None  # IAM gives nothing else
    denied: dict[str, Evaluation] = {}
    for asked in _asked(arn, one.region):
        for action in asked.actions:
            evaluation = evaluate_identity(policies, asked.request(held.arn, action))
            if evaluation.decision is EvalDecision.UNDECIDABLE:
                yield Undetermined(f"{one.name} in {one.region}: {evaluation.explanation}")
            elif not evaluation.allowed:
                denied[action] = evaluation
    if denied:
        yield Problem(
            f"execution role {shown(one.name, 30)} may not call {short_list(list(denied))}",
            remediation=(
                f"aws iam attach-role-policy --role-name {one.name} --policy-arn "
                f"arn:{arn.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy\n"
                f"or add this statement to a policy of {held.arn}:\n{allow_on(list(denied))}"
            ),
            evidence="\n".join(evaluation.explanation for evaluation in denied.values()),
            severity=Severity.WARNING,
        )
