"""TRUST011: where the role picker of the UI and IAM differ on which roles ECS tasks can run with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ecs_preflight.answers import Role
from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.each_cluster import shown, some_of
from ecs_preflight.checks.identity import managed_role_arn, says_whose_identity
from ecs_preflight.checks.role_cache import asks_for_every_role
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.task_roles import clouddrivers_reading
from ecs_preflight.checks.task_trust import evaluated_for_task
from ecs_preflight.checks.trust_requests import allow_assume_role
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Blocked, Problem, Severity, Undetermined
from ecs_preflight.iam.decision import EvalDecision
from ecs_preflight.questions import ROLES, roles
from ecs_preflight.spinnaker.trust_reader import ECS_TASKS
from ecs_preflight.targets import Target

_AT_MOST = 5


@check("TRUST011", "role-picker-misleads", Severity.WARNING, on=each_account, needs=asks_for_every_role, asks=(ROLES,))
@says_whose_identity
def role_picker_agrees_with_iam(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    For every role of the managed account: clouddriver's own reader of trust policies, which fills the picker of task roles in the
    UI, and IAM agree on whether `ecs-tasks.amazonaws.com` may assume the role. WARNING for roles that are offered and that no
    task can run with; INFO for roles that IAM would let tasks run with and that are not offered.

    ## Why it matters
    The reader looks at neither Effect nor Condition: it offers a role that denies ECS tasks, and whoever picks it deploys tasks
    that never start. It passes over a statement whose `Action` is a list or has a wildcard: that role is not in the picker, and
    named by hand it fails with `does not have a trust relationship to ecs-tasks.amazonaws.com`.

    ## How to fix it
    Give each role that tasks run with one statement of its own for `ecs-tasks.amazonaws.com` with `"Action": "sts:AssumeRole"`.
    """
    managed_role_arn(config, target)
    regions = config.regions(target.account)
    if not regions:
        raise Blocked(f"clouddriver knows no region of {target.account!r} in which tasks could run")
    listing = facts[roles(target.account)].partial()
    readings = [(role, clouddrivers_reading(role)) for role in listing.items]
    offered = [role for role, reading in readings if ECS_TASKS in reading.services]
    others = [role for role, reading in readings if ECS_TASKS not in reading.services and not reading.throws]
    never = list(
        _where(offered, lambda decisions: decisions <= {EvalDecision.IMPLICIT_DENY, EvalDecision.EXPLICIT_DENY}, regions)
    )
    hidden = list(_where(others, lambda decisions: EvalDecision.ALLOWED in decisions, regions))
    if never:
        yield _problem("the role picker offers", never, "which no task can run with", None)
    if hidden:
        yield _problem("the role picker leaves out", hidden, "which tasks could run with", Severity.INFO)
    if listing.gaps:
        yield Undetermined(f"{listing.gaps[0].what} could not be read: {listing.gaps[0].error}")


def _where(found: list[Role], holds: Callable[[set[EvalDecision]], bool], regions: tuple[str, ...]) -> Iterator[Role]:
    """The roles on which IAM's decisions, over all regions, are so. One whose policy cannot be read is of no use to anybody."""
    for role in found:
        try:
            if holds({evaluated_for_task(role, region).decision for region in regions}):
                yield role
        except Undetermined:
            continue


def _problem(picker: str, those: list[Role], what: str, severity: Severity | None) -> Problem:
    more = f" and {len(those) - 1} more" if len(those) > 1 else ""
    return Problem(
        f"{picker} {shown(those[0].name, 30)}{more}, {what}",
        remediation=(
            "Where tasks are to run with it, let its trust policy have this statement, and none that denies it:\n"
            f"{allow_assume_role({'Service': ECS_TASKS})}"
        ),
        evidence=some_of([role.arn for role in those], _AT_MOST),
        severity=severity,
    )
