"""What the managed role's trust policy says to the managing identity: asked by TRUST001, TRUST003 and TRUST004."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ecs_preflight.answers import Role
from ecs_preflight.checks._check import Facts, Questions
from ecs_preflight.checks.identity import is_managing_identity, managed_role_question, managing_principal
from ecs_preflight.checks.trust_requests import at_time, clouddriver_request, trust_document
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Snapshot
from ecs_preflight.findings import Undetermined
from ecs_preflight.iam.decision import Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.questions import assume_role, caller_identity
from ecs_preflight.targets import Target


def request_of_ecs_account(config: PreflightConfig, target: Target, managed: Role, principal: str, at: datetime) -> AccessRequest:
    """clouddriver's sts:AssumeRole for the ECS account at a moment, as `principal`."""
    mapping = config.mapping(target.account)
    request = clouddriver_request(
        config, mapping, managed.arn, principal, Asker.ECS_SESSION, external_id=None, policies=(managed.trust_policy,)
    )
    return at_time(request, at)


def evaluated(config: PreflightConfig, target: Target, managed: Role, principal: str, at: datetime) -> Evaluation:
    """The trust policy's answer to that request."""
    request = request_of_ecs_account(config, target, managed, principal, at)
    return evaluate_document(trust_document(managed), request)


def known_evaluation(config: PreflightConfig, target: Target, known: Snapshot) -> Evaluation | None:
    """What is known by now of the trust policy's answer to the managing identity."""
    managed = known[managed_role_question(config, target)].value_or_none()
    caller = known[caller_identity()].value_or_none()
    stated = config.managing_identity_arn
    if managed is None or (stated is None and caller is None):
        return None
    try:
        principal = managing_principal(config, caller.arn if caller else "")
        return evaluated(config, target, managed, principal, known.taken_at)
    except Undetermined:
        return None


def role_and_principal(
    config: PreflightConfig, target: Target, known: Snapshot, is_settled_by_attempt: Callable[[Evaluation], bool]
) -> Questions:
    """The managed role, and who is judged; the managing identity's attempt where it settles what the policy leaves open."""
    if not config.role_is_known(target.account):
        return
    yield managed_role_question(config, target)
    if config.managing_identity_arn is None:
        yield caller_identity()
    evaluation = known_evaluation(config, target, known)
    if evaluation and is_settled_by_attempt(evaluation):
        yield caller_identity()
        caller = known[caller_identity()].value_or_none()
        if caller and is_managing_identity(config, caller.arn):
            yield assume_role(target.account, Asker.ECS_SESSION)


def was_let_in(config: PreflightConfig, target: Target, facts: Facts) -> bool:
    """Whether the managing identity's own attempt succeeded: that outweighs whatever is read out of a policy."""
    caller = facts[caller_identity()].value_or_none()
    if caller is None or not is_managing_identity(config, caller.arn):
        return False
    attempt = facts[assume_role(target.account, Asker.ECS_SESSION)].value_or_none()
    return attempt is not None and attempt.allowed
