"""PERMISSION005 and PERMISSION006: the managed role has neither less than Spinnaker uses nor everything."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.arn import Arn, region_of_iam
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import shown
from ecs_preflight.checks.identity import managed_role_arn
from ecs_preflight.checks.permission_requests import Asked, asked_of_region, own_policies
from ecs_preflight.checks.permission_statements import allow_on, short_list
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import identity_policies
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Problem, Remark, Severity, Undetermined
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document, evaluate_identity
from ecs_preflight.questions import ROLE_POLICIES
from ecs_preflight.targets import Target

# Whoever may do one of these to any role or user of the account can give itself everything.
_ESCALATIONS = {
    "role/*": (
        "iam:AttachRolePolicy",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:DeleteRolePermissionsBoundary",
    ),
    "user/*": (
        "iam:CreateUser",
        "iam:CreateAccessKey",
        "iam:AttachUserPolicy",
        "iam:PutUserPolicy",
        "iam:CreateLoginProfile",
        "iam:UpdateLoginProfile",
    ),
    "group/*": ("iam:AttachGroupPolicy", "iam:PutGroupPolicy", "iam:AddUserToGroup"),
    "policy/*": ("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"),
}


def _policies(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield own_policies(config, target)


@check(
    "PERMISSION005",
    "permissions-boundary-caps-role",
    Severity.WARNING,
    on=each_account,
    needs=_policies,
    asks=(ROLE_POLICIES,),
)
def boundary_leaves_room(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The permissions boundary of the managed role, where it has one, allows every call by which deployments change something.

    ## Why it matters
    A boundary caps what all other policies of the role allow, whatever is attached to it: `because no permissions boundary allows
    the ecs:CreateService action`. Whoever adds the missing action to the role's policy changes nothing. What follows for
    deployments is PERMISSION002's.

    ## How to fix it
    Add the actions to the boundary, or take the boundary away from the role.
    """
    role_arn = managed_role_arn(config, target)
    held = facts[own_policies(config, target)].require()
    if held.boundary is None:
        yield Remark("the managed role has no permissions boundary")
        return
    (boundary,) = identity_policies(held).boundary
    capped: dict[str, str] = {}
    for region in config.regions(target.account):
        for asked in asked_of_region(config, Target(target.account, region), role_arn):
            for action in asked.actions:
                evaluation = evaluate_document(boundary, asked.request(role_arn, action))
                if evaluation.decision is EvalDecision.UNDECIDABLE:
                    yield Undetermined(f"the boundary {held.boundary.name}, {region}: {evaluation.explanation}")
                elif not evaluation.allowed:
                    capped.setdefault(action, f"{action} in {region}: {evaluation.explanation}")
    if capped:
        yield Problem(
            f"its boundary denies {shown(role_arn.rpartition('/')[2], 22)} {short_list(list(capped))}",
            remediation=f"Add this statement to the permissions boundary {held.boundary.name}:\n{allow_on(list(capped))}",
            evidence="\n".join(capped.values()),
        )


@check(
    "PERMISSION006",
    "role-too-powerful",
    Severity.WARNING,
    on=each_account,
    needs=_policies,
    asks=(ROLE_POLICIES,),
)
def role_has_no_more_than_it_needs(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role may not give itself, or anybody, everything: no policy lets it write policies of roles or users, make users
    or access keys, or change trust policies, on everything in the account. AdministratorAccess and `"Action": "*"` do.

    ## Why it matters
    clouddriver calls none of that. Whoever gets into Spinnaker, or into one deploy stage that runs as it, owns the account.

    ## How to fix it
    Attach PowerUserAccess and allow iam:PassRole, iam:GetRole and iam:ListRoles, or what
    `ecs-preflight permissions --for managed` prints.
    """
    role_arn = managed_role_arn(config, target)
    held = facts[own_policies(config, target)].require()
    policies = identity_policies(held)
    allowed: dict[str, Evaluation] = {}
    on_some: list[str] = []
    for asked in _escalations(role_arn):
        for action in asked.actions:
            evaluation = evaluate_identity(policies, asked.request(role_arn, action))
            if evaluation.unknown_context_keys:
                yield Undetermined(evaluation.explanation)
            elif evaluation.decision is EvalDecision.UNDECIDABLE:
                on_some.append(action)
            elif evaluation.allowed:
                allowed[action] = evaluation
    if on_some:
        yield Remark(f"on some of the account's roles, users or policies it may call {', '.join(on_some)}")
    if allowed:
        policy_names = [policy.name for policy in held.policies]
        given_by = {
            policy_names[int(matched.document.removeprefix("identity[").removesuffix("]"))]
            for evaluation in allowed.values()
            for matched in evaluation.matched_statements
            if matched.document.startswith("identity[")
        }
        yield Problem(
            f"{shown(role_arn.rpartition('/')[2], 22)} may call {short_list(list(allowed))}",
            remediation=(
                f"Take {', '.join(sorted(given_by))} away from {role_arn}, and attach PowerUserAccess with iam:PassRole, "
                "iam:GetRole and iam:ListRoles, or what `ecs-preflight permissions --for managed` prints."
            ),
            evidence="\n".join(evaluation.explanation for evaluation in allowed.values()),
        )


def _escalations(role_arn: str) -> Iterator[Asked]:
    arn = Arn.parse(role_arn)
    assert arn is not None  # managed_role_arn gives nothing else
    for resource, actions in _ESCALATIONS.items():
        yield Asked(actions, f"arn:{arn.partition}:iam::{arn.account_id}:{resource}", region_of_iam(arn.partition))
