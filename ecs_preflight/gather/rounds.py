"""gather: every open question is put once; the answers may open further ones, until none is open."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime, timezone
from itertools import groupby
from typing import Any, NamedTuple, Protocol

from pydantic import ValidationError

from ecs_preflight.aws.access import AwsAccess
from ecs_preflight.aws.credentials import Identity
from ecs_preflight.aws.failures import AwsFailure, FailureKind
from ecs_preflight.aws.operations import OPERATION_OF_ACTION
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Fact, Known, Question, Snapshot, Unknown
from ecs_preflight.gather import clusters, fargate, identity, needed, network, permissions, roles, services
from ecs_preflight.gather.desk import Desk
from ecs_preflight.gather.turns import in_turns
from ecs_preflight.questions import CONTAINER_INSTANCES_AGAIN

Answerer = Callable[[Desk, Identity, Question[Any]], Fact[Any]]
BatchAnswerer = Callable[[Desk, Identity, Sequence[Question[Any]]], Mapping[Question[Any], Fact[Any]]]


class Inquiry(Protocol):
    """Whatever has questions: a plan of checks, or a survey of capacity."""

    @property
    def config(self) -> PreflightConfig: ...

    def questions(self, known: Snapshot) -> tuple[Question[Any], ...]:
        """Every question that is open given `known`, each once."""


class Answer(NamedTuple):
    """What was answered, by whom, and what the managed role was told where somebody answered in its place."""

    fact: Fact[Any]
    by: str = ""
    in_place_of: str = ""


Answers = dict[Question[Any], Answer]

ANSWERERS: Mapping[str, Answerer] = {
    "caller-identity": identity.caller_identity,
    "clock": identity.clock,
    "caller-may-list-regions": identity.caller_may_list_regions,
    "caller-may-list-zones": identity.caller_may_list_zones,
    "managing-account-regions": identity.regions,
    "managed-account-regions": identity.regions,
    "assume-role": identity.assume_role,
    "assumed-identity": identity.assumed_identity,
    "role": roles.role,
    "roles": roles.roles,
    "managing-identity-policies": roles.policies,
    "role-policies": roles.policies,
    "clusters": clusters.clusters,
    "container-instances": clusters.container_instances,
    "container-instances-again": clusters.container_instances,
    "running-tasks": clusters.running_tasks,
    "service": services.service,
    "task-definition": services.task_definition,
    "image": needed.image,
    "log-group": needed.log_group,
    "registry-secret": needed.registry_secret,
    "capacity-providers": clusters.capacity_providers,
    "auto-scaling-groups": clusters.auto_scaling_groups,
    "account-settings": clusters.account_settings,
    "fargate-quota": fargate.fargate_quota,
    "fargate-tasks": fargate.fargate_tasks,
    "reads-as-ecs-account": permissions.reads,
    "reads-as-aws-account": permissions.reads,
    "reads-of-cluster": permissions.reads,
    "may-get-role": permissions.may_get_role,
    "simulation": permissions.simulation,
    "subnets": network.subnets,
    "security-groups": network.security_groups,
    "target-group": network.target_group,
    "route-tables": network.route_tables,
    "vpc-endpoints": network.vpc_endpoints,
}
BATCH_ANSWERERS: Mapping[str, BatchAnswerer] = {"cluster": clusters.described_clusters}


def gather(
    plan: Inquiry,
    access: AwsAccess,
    executor: Executor | None = None,
    *,
    observe: Callable[[Question[Any]], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Snapshot:
    """Ask AWS everything that the plan needs.

    Without an executor, questions run on threads of this process that share one set of clients. An executor gets one
    shard per account and region and round; it may be one of processes. `observe` is told each question when answered.
    """
    salt = secrets.token_hex(16)
    snapshot = Snapshot(salt=salt, source=access.source, taken_at=datetime.now(timezone.utc))
    desk = None if executor else Desk(plan.config, access, salt)
    while questions := plan.questions(snapshot):
        if any(question.kind is CONTAINER_INSTANCES_AGAIN for question in questions):
            sleep(plan.config.thresholds.agent_recheck_seconds)
        if desk is not None:
            answered = [_on_threads(desk, questions, access.concurrency)]
        else:
            assert executor is not None
            shards = [list(shard) for _, shard in groupby(sorted(questions, key=_place), key=_place)]
            futures = [executor.submit(answer_shard, plan.config, access, salt, shard) for shard in shards]
            answered = [future.result() for future in futures]
        snapshot = Snapshot.merged((snapshot, *answered))
        if observe:
            for question in questions:
                observe(question)
    return snapshot


def answer_shard(config: PreflightConfig, access: AwsAccess, salt: str, questions: Sequence[Question[Any]]) -> Snapshot:
    """The answers to the questions of one account and region, asked one after the other: what a process carries."""
    desk = Desk(config, access, salt)
    answers: Answers = {}
    for unit in _units(questions):
        answers |= _answered(desk, unit)
    return _as_snapshot(desk, answers)


def _on_threads(desk: Desk, questions: Sequence[Question[Any]], concurrency: int) -> Snapshot:
    before = desk.gateway.calls
    desk.gateway.clients.prepare(sorted(_endpoints(desk, questions)))
    answers: Answers = {}
    for part in in_turns(_units(questions), _account_of, lambda unit: _answered(desk, unit), concurrency):
        answers |= part
    return _as_snapshot(desk, {question: answers[question] for question in questions}, before)


def _as_snapshot(desk: Desk, answers: Answers, before: Mapping[str, int] | None = None) -> Snapshot:
    calls = {action: count - (before or {}).get(action, 0) for action, count in desk.gateway.calls.items()}
    return Snapshot(
        facts={question: answer.fact for question, answer in answers.items()},
        answered_by={question: answer.by for question, answer in answers.items() if answer.by},
        stand_ins={question: answer.in_place_of for question, answer in answers.items() if answer.in_place_of},
        calls={action: count for action, count in calls.items() if count},
        salt=desk.salt,
    )


def _endpoints(desk: Desk, questions: Sequence[Question[Any]]) -> set[tuple[str, str]]:
    """The services and regions whose clients the questions will use."""
    pairs = {("sts", desk.sts_region())}
    for question in questions:
        for action in (*question.kind.actions, *question.kind.optional_actions):
            service = OPERATION_OF_ACTION[action].service
            if service == "iam":
                pairs.add((service, desk.iam_region(question.account)))
            elif question.region:
                pairs.add((service, question.region))
    return pairs


def _units(questions: Sequence[Question[Any]]) -> list[list[Question[Any]]]:
    """One question a unit, but for the kinds of which one call can answer many of an account and region."""
    units: dict[object, list[Question[Any]]] = {}
    for question in questions:
        together = question.kind.name in BATCH_ANSWERERS
        key: object = (question.kind, question.account, question.region) if together else question
        units.setdefault(key, []).append(question)
    return list(units.values())


def _answered(desk: Desk, unit: Sequence[Question[Any]]) -> Answers:
    """Ask as the first asker of the kind that gets an answer; Unknown, with what each was told, where none does."""
    failures: list[tuple[Asker, AwsFailure]] = []
    for asker in unit[0].kind.askers:
        try:
            speaker = desk.identity(asker, unit[0])
            if speaker is not None:
                told = _told_to_the_managed_role(unit[0], failures)
                return {question: Answer(fact, speaker.arn, told) for question, fact in _asked(desk, speaker, unit).items()}
        except AwsFailure as failure:
            failures.append((asker, failure))
        except (LookupError, TypeError, ValueError) as error:  # one odd answer must not cost all the others
            failures.append((asker, _unreadable(unit[0], error)))
    return {question: Answer(_unanswered(failures, question)) for question in unit}


def _told_to_the_managed_role(question: Question[Any], failures: Sequence[tuple[Asker, AwsFailure]]) -> str:
    """Of what the managed role is asked first, it matters when it cannot see it, even where another can."""
    if not failures or question.kind.askers[0] not in (Asker.ECS_SESSION, Asker.AWS_SESSION):
        return ""
    return f"{failures[0][1].action}: {failures[0][1].said}"


def _asked(desk: Desk, speaker: Identity, unit: Sequence[Question[Any]]) -> Mapping[Question[Any], Fact[Any]]:
    kind = unit[0].kind.name
    if kind in BATCH_ANSWERERS:
        return BATCH_ANSWERERS[kind](desk, speaker, unit)
    return {question: ANSWERERS[kind](desk, speaker, question) for question in unit}


def _unreadable(question: Question[Any], error: Exception) -> AwsFailure:
    """An answer that is not what the API describes. What it holds is not repeated: only where it went wrong."""
    where = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors()) if isinstance(error, ValidationError) else ""
    message = f"the answer is not what the API describes{f' at {where}' if where else ''}"
    return AwsFailure(question.kind.actions[0], FailureKind.REFUSED, type(error).__name__, message)


_CALLED = {
    Asker.CALLER: "the caller",
    Asker.ECS_SESSION: "the managed role",
    Asker.AWS_SESSION: "the managed role with its external id",
    Asker.READER: "the reader",
}


def _unanswered(failures: Sequence[tuple[Asker, AwsFailure]], question: Question[Any]) -> Fact[Any]:
    """There is no answer, unless that nobody may ask is one for its kind."""
    refusal = question.kind.when_denied
    if refusal is not None and failures and all(failure.kind is FailureKind.DENIED for _, failure in failures):
        return Known(refusal)
    return _unknown(failures, question)


def _unknown(failures: Sequence[tuple[Asker, AwsFailure]], question: Question[Any]) -> Unknown:
    if not failures:
        return Unknown(question.kind.actions[0], "there is nobody to ask: no reader, and no session of the managed role")
    if len({str(failure) for _, failure in failures}) == 1:
        return Unknown(failures[0][1].action, failures[0][1].said)
    told = "; ".join(f"as {_CALLED[asker]}, {failure.action}: {failure.said}" for asker, failure in failures)
    return Unknown(question.kind.actions[0], told)


def _account_of(unit: Sequence[Question[Any]]) -> str:
    return unit[0].account


def _place(question: Question[Any]) -> tuple[str, str]:
    return question.account, question.region
