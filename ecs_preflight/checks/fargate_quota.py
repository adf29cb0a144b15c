"""CAPACITY: what Fargate will take, under the vCPU quotas of the account and region."""

from __future__ import annotations

from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import require_role_and_region, shown
from ecs_preflight.checks.fargate_room import FargateShare, fargate_questions, fargate_shares, vcpus_of
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS, completed, completed_if_known, workload_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.errors import InputError
from ecs_preflight.facts import Snapshot
from ecs_preflight.fargate_questions import FARGATE_KINDS
from ecs_preflight.findings import Blocked, NotApplicable, Problem, Remark, Severity
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

# What of a workload must be known before anybody can say how many vCPUs it takes.
_DECISIVE = ("task_definition", "cpu", "memory", "network_mode", "launch_type", "capacity_provider_strategy", "desired_count")


def _of_workload(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    workload = config.workload(target)
    yield from workload_questions(config, target, workload, known)
    found = completed_if_known(target, workload, known)
    if found and found.runs_on_fargate and config.role_is_known(target.account) and target.region and not _is_open(found):
        try:
            yield from fargate_questions(target, found)
        except InputError:
            return  # the check says what ECS would refuse


def _is_open(workload: Workload) -> bool:
    return any(name in workload.unknown for name in _DECISIVE)


@check(
    "CAPACITY004",
    "fargate-quota-exceeded",
    Severity.ERROR,
    on=each_workload,
    needs=_of_workload,
    asks=(*WORKLOAD_KINDS, *FARGATE_KINDS),
)
def fargate_quota_suffices(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The vCPUs of all copies of a workload on Fargate fit under the account's quota in the region, beside the tasks of ECS that
    run there: L-3032A538 for On-Demand, L-36FBB829 for FARGATE_SPOT. Pods of EKS on Fargate share the quota, and are not seen
    here. Where several workloads are given, each is judged as if it came alone.

    ## Why it matters
    A new account may start with 6 vCPUs or fewer. CreateService succeeds all the same, and its tasks fail to start: `You've
    reached the limit on the number of vCPUs you can run concurrently`. Every deployment of Spinnaker's needs its copies beside
    the old ones.

    ## How to fix it
    Ask for a higher quota with the command that the finding gives (AWS takes hours to days), or make the task smaller.
    """
    workload = config.workload(target)
    require_role_and_region(config, target)
    workload = completed(target, workload, facts)
    if not workload.runs_on_fargate:
        raise NotApplicable("it does not run on Fargate")
    workload.require(*_DECISIVE)
    try:
        shares = tuple(fargate_shares(target, workload, facts))
    except InputError as error:
        yield Problem(
            f"ECS would refuse the capacity providers of {shown(workload.name)}",
            remediation="Correct the capacity provider strategy of the workload, here and in the deploy stage.",
            evidence=str(error),
            location=workload.location,
        )
        return
    for share in shares:
        if share.room.error:
            raise Blocked(f"Fargate has no such task: {share.room.error}")
        yield _judged(target, workload, share)


def _judged(target: Target, workload: Workload, share: FargateShare) -> Problem | Remark:
    vcpus = vcpus_of(workload)
    if share.copies <= share.fit:
        return Remark(f"{share.fit} copies fit under the quota {share.quota_code}, of which pods of EKS may use some")
    return Problem(
        f"only {share.fit} of {share.copies} copies of {shown(workload.name, 22)} fit in the vCPU quota of {share.provider}",
        remediation=share.remedy(target.region, share.copies, vcpus),
        evidence=f"{share.told} in {target.account}/{target.region}; one copy takes {vcpus:g}",
        location=workload.location,
    )
