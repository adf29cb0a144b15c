"""ACCOUNT: the mapping from ECS accounts to AWS accounts, and Spinnaker's own configuration. No AWS is needed."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, check
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.findings import Problem, Severity
from ecs_preflight.targets import Target


@check("ACCOUNT001", "aws-account-not-found", Severity.FATAL, on=each_account)
def aws_account_of_ecs_account_exists(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    `awsAccount` of the ECS account is the name of an entry of `aws.accounts`, letter for letter.

    ## Why it matters
    From 1.24 on clouddriver does not start: `MissingCredentialsException: Credentials 'X' of type 'aws' cannot be
    found` ends the creation of the bean `ecsCredentialsLoader`, and with it the process. Up to 1.23 the ECS account is
    silently absent; on main after July 2026 the error is logged and loading is tried again.

    ## How to fix it
    Set `awsAccount` to the name of an AWS account of Spinnaker's (not its twelve digits), or add that account.
    """
    account = config.ecs_account(target.account)
    name = account.aws_account
    if name is None:
        yield Problem(
            f"ECS account {account.name!r} names no AWS account",
            remediation=f"Add awsAccount: NAME to the entry of {account.name!r} in ecs.accounts.",
            location=account.location,
        )
    elif config.clouddriver.aws.account(name) is None:
        near = config.clouddriver.aws.near_misses(name)
        known = ", ".join(repr(known.name) for known in config.clouddriver.aws.accounts) or "none"
        meant = f"Set awsAccount to {near[0]!r}." if near else f"Add an entry named {name!r} to aws.accounts."
        yield Problem(
            f"ECS account {account.name!r} maps to {name!r}, which is not in aws.accounts",
            remediation=meant,
            evidence=f"aws.accounts has: {known}",
            location=account.where("aws_account"),
        )
