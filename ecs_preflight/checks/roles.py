"""ROLE: who Spinnaker is, and the role that it assumes."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import is_managing_identity, managed_role_arn
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Snapshot
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.questions import ASSUME_ROLE, CALLER_IDENTITY, assume_role, caller_identity
from ecs_preflight.targets import Target


def _attempt_of_ecs_account(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield caller_identity()
        yield assume_role(target.account, Asker.ECS_SESSION)


@check(
    "ROLE002",
    "managed-role-not-assumable",
    Severity.FATAL,
    on=each_account,
    needs=_attempt_of_ecs_account,
    asks=(CALLER_IDENTITY, ASSUME_ROLE),
)
def managed_role_is_assumable(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    sts:AssumeRole on the managed role, called as clouddriver calls it for the ECS account: without an external id, with its
    session name and duration, in its STS region.

    ## Why it matters
    clouddriver assumes the role lazily: it starts, and then every caching agent of the account fails with `User: ... is not
    authorized to perform: sts:AssumeRole`. Screens stay empty, deployments fail, and the log does not say which account.

    ## How to fix it
    Let the role's trust policy name the managing identity (TRUST001), and let the managing identity's own policies allow
    sts:AssumeRole on the role (ROLE009). The evidence says which side denied.
    """
    role_arn = managed_role_arn(config, target)
    caller = facts[caller_identity()].require()
    attempt = facts[assume_role(target.account, Asker.ECS_SESSION)].require()
    if not is_managing_identity(config, caller.arn):
        became = "succeeded" if attempt.allowed else f"was denied: {attempt.said}"
        raise Undetermined(
            f"{caller.arn} ran this, not the managing identity {config.managing_identity_arn}; its own attempt {became}"
        )
    if not attempt.allowed:
        yield Problem(
            f"{caller.arn.rpartition('/')[2]} cannot assume {role_arn}",
            remediation=(
                f"Allow {config.managing_identity_arn or caller.arn} in the trust policy of {role_arn}, and allow it "
                f"sts:AssumeRole on that role: ecs-preflight permissions --for managed prints the trust policy, "
                "--for managing the permission."
            ),
            evidence=attempt.said,
        )
