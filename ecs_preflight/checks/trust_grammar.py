"""TRUST010: trust policies that IAM would refuse if they were written today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ecs_preflight.answers import Role
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role, managed_role_arn, managed_role_question, says_whose_identity
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import trust_document
from ecs_preflight.checks.used_roles import UsedRole, completed_workloads, is_of_account, named_roles, used_roles
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Problem, Severity, Verdict
from ecs_preflight.iam.caller import is_unique_id
from ecs_preflight.iam.problems import PolicyProblem
from ecs_preflight.iam.statement import Effect, Statement
from ecs_preflight.questions import ROLE, role
from ecs_preflight.targets import Target


def _managed_role_and_named_roles(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield managed_role_question(config, target)
    yield from named_roles(config, target, known)


@check(
    "TRUST010",
    "trust-policy-invalid",
    Severity.ERROR,
    on=each_account,
    needs=_managed_role_and_named_roles,
    asks=(ROLE, *WORKLOAD_KINDS),
)
@says_whose_identity
def trust_policies_are_valid(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    IAM would take the trust policies of the managed role, and of the task and execution roles that are named, if they were
    written today: actions of sts, no `Resource`, principals that can be principals, Sids that differ. WARNING where all
    that is wrong is a principal that was deleted (who is allowed in the managed role is TRUST003's). Sizes are not judged: an
    account may have a raised quota, and IAM has taken these. A policy with what IAM's grammar does not have is undetermined.

    ## Why it matters
    IAM judges a policy when it is written, and never again: rules have become stricter since, and principals disappear. The role
    goes on working until Terraform, CloudFormation or a person writes it once more, for another account or with one more
    statement: `MalformedPolicyDocument`, and with it the whole change fails.

    ## How to fix it
    Mend each place that the evidence names. IAM Access Analyzer validates the result before it is written.
    """
    managed_name = managed_role_arn(config, target).rpartition("/")[2]
    workloads, unseen = completed_workloads(config, target, facts)
    yield from unseen
    uses = (use for use in used_roles(config, target.account, workloads) if is_of_account(use, config, target))
    for use in (None, *(use for use in uses if use.name != managed_name)):
        try:
            yield from _refused(config, target, facts, use)
        except Verdict as verdict:
            yield verdict


def _refused(config: PreflightConfig, target: Target, facts: Facts, use: UsedRole | None) -> Iterator[Problem]:
    """What is wrong with the policy of a role that containers use; of the managed role where `use` is None."""
    found = facts[role(target.account, use.name)].require() if use else managed_role(config, target, facts)
    document = trust_document(found)
    refusals = [problem for problem in document.problems("trust") if not problem.is_quota]
    if refusals:
        more = f" and {len(refusals) - 1} more" if len(refusals) > 1 else ""
        yield Problem(
            f"IAM would refuse the trust policy of {found.name} for {refusals[0].path or 'its text'}{more}",
            remediation=_mend(found),
            evidence="\n".join(_place(refusal) for refusal in refusals),
        )
    not_said_elsewhere = [s for s in document.statements if use or s.effect is Effect.DENY]
    for unique_id in dict.fromkeys(_unique_ids(not_said_elsewhere)):
        yield Problem(
            f"{found.name} names {unique_id}, a principal that was deleted",
            remediation=f"In the trust policy of {found.arn}, write an ARN in place of {unique_id}, or take it out.",
            evidence=f'written today: Invalid principal in policy: "AWS":"{unique_id}"',
            severity=Severity.WARNING,
        )


def _place(refusal: PolicyProblem) -> str:
    return f"{refusal.path or 'the document'}: {refusal.message} ({refusal.hint})"


def _mend(found: Role) -> str:
    return (
        f"aws iam get-role --role-name {found.name} --query Role.AssumeRolePolicyDocument > trust.json\n"
        "Mend it, then validate it and write it:\n"
        "aws accessanalyzer validate-policy --policy-type RESOURCE_POLICY "
        "--validate-policy-resource-type AWS::IAM::AssumeRolePolicyDocument --policy-document file://trust.json\n"
        f"aws iam update-assume-role-policy --role-name {found.name} --policy-document file://trust.json"
    )


def _unique_ids(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in statements:
        for entry in (*(statement.principals or ()), *(statement.not_principals or ())):
            if entry.kind == "AWS" and is_unique_id(entry.value):
                yield entry.value
