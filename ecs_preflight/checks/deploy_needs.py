"""DEPLOY050 to DEPLOY052: what containers need before they can start is there: images, log groups, registry secrets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.each_cluster import require_role_and_region, shown
from ecs_preflight.checks.scopes import each_workload
from ecs_preflight.checks.workload_facts import WORKLOAD_KINDS, completed, completed_if_known, workload_questions
from ecs_preflight.config import PreflightConfig
from ecs_preflight.deploy_questions import IMAGE, LOG_GROUP, REGISTRY_SECRET, image, log_group, registry_secret
from ecs_preflight.ecs.images import EcrImage
from ecs_preflight.facts import Absent, Question, Snapshot
from ecs_preflight.findings import NotApplicable, Problem, Remark, Severity, Verdict
from ecs_preflight.targets import Target
from ecs_preflight.workloads.workload import Workload


@dataclass(frozen=True, slots=True)
class _Needed:
    """One thing that must be there: what it is called, the question, and what would make it."""

    what: str
    question: Question[Any]
    remedy: str


_Find = Callable[[Target, Workload], Iterator[_Needed]]


def _needs_of(find: _Find) -> Callable[[PreflightConfig, Target, Snapshot], Questions]:
    def needs(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
        workload = config.workload(target)
        yield from workload_questions(config, target, workload, known)
        found = completed_if_known(target, workload, known)
        if found and config.role_is_known(target.account) and target.region:
            yield from (needed.question for needed in find(target, found))

    return needs


def _judged(config: PreflightConfig, target: Target, facts: Facts, find: _Find, nothing: str) -> Judgement:
    require_role_and_region(config, target)
    workload = completed(target, config.workload(target), facts)
    workload.require("task_definition")
    needed = list(find(target, workload))
    if not needed:
        raise NotApplicable(nothing)
    for item in needed:
        fact = facts[item.question]
        if isinstance(fact, Absent):
            yield Problem(
                f"{shown(workload.name, 24)}: {item.what} does not exist",
                remediation=item.remedy,
                evidence=fact.why,
                location=workload.location,
            )
            continue
        try:
            fact.require()
        except Verdict as verdict:
            yield verdict


def _images(target: Target, workload: Workload) -> Iterator[_Needed]:
    for address in workload.images:
        found = EcrImage.parse(address)
        if found:
            yield _Needed(
                f"image {shown(found.repository, 24)} {found.named[:20]}",
                image(target.account, found.region, found.registry_id, found.repository, found.named),
                f"Push {found.named}, or name an image that is there:\n"
                f"aws ecr describe-images --registry-id {found.registry_id} --repository-name {found.repository} "
                f"--region {found.region}",
            )


@check(
    "DEPLOY050",
    "image-not-found",
    Severity.ERROR,
    on=each_workload,
    needs=_needs_of(_images),
    asks=(*WORKLOAD_KINDS, IMAGE),
)
def images_are_there(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each image of the workload that is in ECR exists: repository, and tag or digest. Other registries are not asked, and an image
    that a trigger or a parameter decides does not exist yet.

    ## Why it matters
    No task starts: `CannotPullContainerError: ... not found`. Spinnaker waits for healthy instances until it times out.

    ## How to fix it
    Push the image, or correct repository, tag, registry or region.
    """
    workload = config.workload(target)
    nothing = "none of its images is in ECR"
    if "image" in workload.unknown:
        nothing = f"its image is decided when it runs: {workload.unknown['image']}"
        if workload.images:
            yield Remark(nothing)
    yield from _judged(config, target, facts, _images, nothing)


def _log_groups(target: Target, workload: Workload) -> Iterator[_Needed]:
    for logs in workload.log_configurations:
        options = logs.get("options") or {}
        name = options.get("awslogs-group")
        makes_it = str(options.get("awslogs-create-group", "")).lower() == "true"
        if logs.get("logDriver") == "awslogs" and name and not makes_it:
            region = options.get("awslogs-region") or target.region
            yield _Needed(
                f"log group {shown(name, 40)}",
                log_group(target.account, region, name),
                f"aws logs create-log-group --log-group-name {name} --region {region}",
            )


@check(
    "DEPLOY051",
    "log-group-not-found",
    Severity.ERROR,
    on=each_workload,
    needs=_needs_of(_log_groups),
    asks=(*WORKLOAD_KINDS, LOG_GROUP),
)
def log_groups_are_there(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each log group that a container of the workload writes to with awslogs exists, in the region that it names. One that
    `awslogs-create-group` makes need not.

    ## Why it matters
    No task starts: `failed to initialize logging driver: ... ResourceNotFoundException: The specified log group does not
    exist.`

    ## How to fix it
    Create the log group, or correct its name or region.
    """
    yield from _judged(config, target, facts, _log_groups, "no container of it logs to a log group that must be there")


def _secrets(target: Target, workload: Workload) -> Iterator[_Needed]:
    for name in dict.fromkeys(workload.registry_secrets):
        arn = Arn.parse(name)
        region = arn.region if arn else target.region
        bare = arn.resource.partition(":")[2] if arn else name
        yield _Needed(
            f"registry secret {shown(bare, 36)}",
            registry_secret(target.account, region, name),
            f"aws secretsmanager create-secret --name {bare} --region {region} "
            '--secret-string \'{"username": "...", "password": "..."}\'',
        )


@check(
    "DEPLOY052",
    "registry-secret-not-found",
    Severity.ERROR,
    on=each_workload,
    needs=_needs_of(_secrets),
    asks=(*WORKLOAD_KINDS, REGISTRY_SECRET),
)
def registry_secrets_are_there(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    Each secret that a container of the workload pulls its image with exists, and is not about to be deleted. Only DescribeSecret
    is called: what is in it is never read.

    ## Why it matters
    No task starts: `ResourceInitializationError: unable to pull secrets or registry auth`.

    ## How to fix it
    Create the secret in the region of the tasks, or name one that exists.
    """
    yield from _judged(config, target, facts, _secrets, "no container of it pulls with a registry secret")
