"""TRUST009: the managed role where it is to be the execution role of tasks on Fargate."""

from __future__ import annotations

from dataclasses import replace

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role, managed_role_arn, managed_role_question, says_whose_identity
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.task_trust import untrusted_regions
from ecs_preflight.checks.workload_facts import workloads_of_account
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Severity
from ecs_preflight.questions import ROLE
from ecs_preflight.targets import Target


def fargate_without_execution_role(config: PreflightConfig, account: str) -> dict[str, tuple[str, ...]]:
    """By region, the workloads on Fargate to which nothing gives an execution role: the managed role serves as theirs."""
    found: dict[str, tuple[str, ...]] = {}
    for place, workload in workloads_of_account(config, account):
        if workload.executes_as_managed_role:
            found[place.region] = (*found.get(place.region, ()), workload.name)
    return found


def is_execution_role(config: PreflightConfig, role_arn: str) -> bool:
    """Whether a managed role is to execute tasks on Fargate, for any of the ECS accounts that come to it."""
    accounts = [account.name for account in config.ecs_accounts if fargate_without_execution_role(config, account.name)]
    mappings = (config.mapping_or_none(account) for account in accounts)
    return any(mapping.role_arn == role_arn for mapping in mappings if mapping)


def _managed_role_where_it_executes(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account) and fargate_without_execution_role(config, target.account):
        yield managed_role_question(config, target)


@check(
    "TRUST009",
    "fargate-execution-fallback-not-trusted",
    Severity.ERROR,
    on=each_account,
    needs=_managed_role_where_it_executes,
    asks=(ROLE,),
)
@says_whose_identity
def fargate_may_use_managed_role(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Where preflight.yml names a workload on Fargate and no `execution_role` for it: the managed role's trust policy lets
    `ecs-tasks.amazonaws.com` assume it for tasks of this account, in every region with such a workload. Conditions are evaluated
    as for a task role (TRUST006).

    ## Why it matters
    clouddriver gives Fargate the managed role itself as `executionRoleArn`: always for a deployment of "inputs", and where the
    task definition of an artifact names none. The task definition is registered, the service is made, and no task starts: `ECS
    was unable to assume the role ... that was provided for this task`.

    ## How to fix it
    Let the managed role trust `ecs-tasks.amazonaws.com` too. Or deploy a task definition as an artifact with an execution role of
    its own, and name that in preflight.yml.
    """
    managed_role_arn(config, target)
    workloads = fargate_without_execution_role(config, target.account)
    if not workloads:
        raise NotApplicable("preflight.yml names no workload on Fargate without an execution role")
    named = ", ".join(f"{name} in {region}" for region, names in workloads.items() for name in names)
    for said in untrusted_regions(managed_role(config, target, facts), tuple(workloads)):
        if isinstance(said, Problem):
            said = replace(said, evidence=f"{said.evidence}\nit is to be the execution role of {named}")
        yield said
