"""TRUST008: roles on which clouddriver's cache of roles stumbles."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import some_of
from ecs_preflight.checks.identity import managed_role_arn, says_whose_identity
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.task_roles import clouddrivers_reading
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.questions import ROLES, roles
from ecs_preflight.targets import Target

_AT_MOST = 5


def asks_for_every_role(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """Every role of the managed account."""
    if config.role_is_known(target.account):
        yield roles(target.account)


@check("TRUST008", "role-cache-breaker", Severity.WARNING, on=each_account, needs=asks_for_every_role, asks=(ROLES,))
@says_whose_identity
def every_role_can_be_cached(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No role of the managed account has a trust policy that makes clouddriver's reader throw: a `Statement` that is no list, a
    `Principal` that is a plain text, an sts:AssumeRole statement without `Principal`. All of these are valid to IAM.

    ## Why it matters
    `IamRoleCachingAgent` reads the trust policies of all roles of the account in one run, and the exception of one (such as
    `ClassCastException`) ends the run for all. The picker of task roles in the UI keeps what it had; that of a new account stays
    empty. Deployments go on.

    ## How to fix it
    Rewrite the trust policy of each role that is named: statements in a list, principals in an object.
    """
    managed_role_arn(config, target)
    listing = facts[roles(target.account)].partial()
    breakers = {role.arn: throws for role in listing.items if (throws := clouddrivers_reading(role).throws)}
    if breakers:
        names = [arn.rpartition(":role/")[2] for arn in breakers]
        yield Problem(
            f"clouddriver stumbles over {len(breakers)} role{'s' if len(breakers) > 1 else ''}: {names[0]}",
            remediation=(
                'Write "Statement": [{...}] and "Principal": {...} in the trust policy of each:\n'
                f"aws iam update-assume-role-policy --role-name {names[0].rpartition('/')[2]} --policy-document file://trust.json"
            ),
            evidence=some_of([f"{arn} ({throws})" for arn, throws in breakers.items()], _AT_MOST),
        )
    if listing.gaps:
        yield Undetermined(f"{listing.gaps[0].what} could not be read: {listing.gaps[0].error}")
