"""The room that Fargate has for a workload."""

from __future__ import annotations

from collections.abc import Sequence

from ecs_preflight.capacity.addresses import Addresses, within
from ecs_preflight.capacity.model import Answer, Limit, WorkloadRoom
from ecs_preflight.checks._check import Facts
from ecs_preflight.checks.fargate_room import FargateShare, copies_that_fit, fargate_shares, vcpus_of
from ecs_preflight.checks.room import Wanted
from ecs_preflight.errors import InputError
from ecs_preflight.targets import Target

_UNSEEN = (
    "Pods of EKS on Fargate share the vCPU quota, and are not counted.",
    "AWS does not tell beforehand whether it has capacity on Fargate.",
)


def room_on_fargate(
    target: Target, wanted: Wanted, facts: Facts, addresses: Addresses
) -> tuple[WorkloadRoom, tuple[FargateShare, ...]]:
    """How many more fit under the vCPU quotas and in the subnets, and its shares; none of what Fargate or ECS would refuse.

    Raises Undetermined where quotas or their use were not read.
    """
    workload = wanted.workload
    unknown = workload.unknown.get("desired_count")
    count = None if unknown else wanted.count
    runs_on = " or ".join(workload.providers) or "FARGATE"
    try:
        shares = tuple(fargate_shares(target, workload, facts))
    except InputError as error:
        said = f"ECS would refuse it: {error}"
        return WorkloadRoom(workload.name, Answer.DOES_NOT_FIT, count, at_most=0, unseen=said), ()
    refused = next((share.room.error for share in shares if share.room.error), None)
    if refused:
        said = f"Fargate has no such task: {refused}"
        return WorkloadRoom(workload.name, Answer.DOES_NOT_FIT, count, at_most=0, runs_on=runs_on, unseen=said), ()
    fit = copies_that_fit(workload, shares)
    short = [share for share in shares if share.copies > share.fit]
    answer = Answer.UNDETERMINED if count is None else Answer.DOES_NOT_FIT if short else Answer.FITS
    doubts = [f"how many are wanted is not known: {unknown}"] if unknown else []
    room = WorkloadRoom(
        name=workload.name,
        answer=answer,
        wanted=count,
        at_least=fit,
        at_most=fit,
        runs_on=runs_on,
        size=wanted.size,
        limits=(Limit("VCPU_QUOTA", told="; ".join(share.told for share in shares)),),
        fix=_fix(target, wanted, shares, short, fit),
        doubts=tuple(filter(None, (*doubts, addresses.doubt))),
        cautions=tuple(filter(None, (*_UNSEEN, addresses.caution))),
    )
    return within(room, addresses), shares


def _fix(target: Target, wanted: Wanted, shares: Sequence[FargateShare], short: Sequence[FargateShare], fit: int) -> str:
    """The calls that ask for quotas under which all copies fit; where they do, those for one more."""
    vcpus = vcpus_of(wanted.workload)
    if short:
        return "\n".join(share.remedy(target.region, share.copies, vcpus) for share in short)
    return f"For more than {fit}: {shares[0].remedy(target.region, fit + 1, vcpus)}"
