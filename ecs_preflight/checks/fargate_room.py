"""The room that Fargate has for a workload under its vCPU quotas, beside the tasks of ECS that run there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_preflight.checks._check import Facts, Questions
from ecs_preflight.ecs.fargate import VCPU_QUOTA_OF_PROVIDER, FargateRoom, fargate_room
from ecs_preflight.ecs.provider_split import split_by_strategy
from ecs_preflight.ecs.running import RunningTask
from ecs_preflight.ecs.task import TaskDefinition
from ecs_preflight.facts import Listing
from ecs_preflight.fargate_questions import fargate_quota, fargate_tasks
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload

_QUOTA_NAMES = {
    "FARGATE": "Fargate On-Demand vCPU resource count",
    "FARGATE_SPOT": "Fargate Spot vCPU resource count",
}


@dataclass(frozen=True)
class FargateShare:
    """The copies of a workload that go to FARGATE or to FARGATE_SPOT, at the most, and the room for them."""

    provider: str
    copies: int
    quota: float
    """vCPUs, as are those in use."""
    in_use: float
    room: FargateRoom

    @property
    def quota_code(self) -> str:
        return VCPU_QUOTA_OF_PROVIDER[self.provider]

    @property
    def fit(self) -> int:
        """Of any number of copies."""
        return self.room.max_placeable or 0

    @property
    def told(self) -> str:
        """The quota and its use in one line."""
        return (
            f"the quota {self.quota_code} ({_QUOTA_NAMES[self.provider]}) is {self.quota:g} vCPU, and {self.in_use:g} are in use"
        )

    def remedy(self, region: str, copies: int, vcpus_each: float) -> str:
        """The call that asks AWS for a quota under which so many copies fit."""
        wanted = math.ceil(self.in_use + copies * vcpus_each)
        return (
            f"aws service-quotas request-service-quota-increase --service-code fargate --quota-code {self.quota_code} "
            f"--desired-value {wanted} --region {region}"
        )


def fargate_questions(target: Target, workload: Workload) -> Questions:
    """What to ask about a workload that runs on Fargate."""
    yield fargate_tasks(target.account, target.region)
    for provider in _copies_by_provider(workload):
        yield fargate_quota(target.account, target.region, VCPU_QUOTA_OF_PROVIDER[provider])


def fargate_shares(target: Target, workload: Workload, facts: Facts) -> Iterator[FargateShare]:
    """The parts of a complete workload. Raises Undetermined where quota or use were not read."""
    tasks: Listing[RunningTask] = facts[fargate_tasks(target.account, target.region)].require()
    for provider, copies in _copies_by_provider(workload).items():
        quota = facts[fargate_quota(target.account, target.region, VCPU_QUOTA_OF_PROVIDER[provider])].require()
        in_use = sum(task.size[0] for task in tasks.items if _provider_of(task) == provider) / 1024
        room = fargate_room(
            workload.task_definition or {},
            copies,
            capacity_provider=provider,
            platform_version=workload.platform_version,
            quota_vcpu=quota,
            vcpu_in_use=in_use,
        )
        yield FargateShare(provider, copies, quota, in_use, room)


def copies_that_fit(workload: Workload, shares: Sequence[FargateShare]) -> int:
    """The most copies of the workload of which every provider holds its share."""
    room = {share.provider: share.fit for share in shares}
    fewest, most = 0, sum(room.values())
    while fewest < most:
        middle = (fewest + most + 1) // 2
        fits = all(copies <= room.get(provider, 0) for provider, copies in _copies_by_provider(workload, middle).items())
        fewest, most = (middle, most) if fits else (fewest, middle - 1)
    return fewest


def vcpus_of(workload: Workload) -> float:
    """What one copy takes of the quota: the size of the task, which Fargate goes by on Windows, too."""
    return (TaskDefinition.model_validate(workload.task_definition or {}).cpu or 0) / 1024


def _copies_by_provider(workload: Workload, count: int | None = None) -> Mapping[str, int]:
    """How ECS rounds the shares of a strategy is not documented: each provider may get one more."""
    copies = workload.desired_count if count is None else count
    if workload.launch_type == "FARGATE" or not workload.capacity_provider_strategy:
        return {"FARGATE": copies}
    split = split_by_strategy(_items(workload), copies)
    return {provider: split.most(provider) for provider in split.certain if provider in VCPU_QUOTA_OF_PROVIDER}


def _items(workload: Workload) -> list[Mapping[str, Any]]:
    return [item for item in workload.capacity_provider_strategy if item.get("capacityProvider")]


def _provider_of(task: RunningTask) -> str:
    """A task of the launch type has no provider, and is On-Demand."""
    return "FARGATE_SPOT" if task.capacity_provider_name == "FARGATE_SPOT" else "FARGATE"
