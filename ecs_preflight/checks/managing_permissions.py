"""ROLE009: whether the managing identity's own policies let it assume the managed role."""

from __future__ import annotations

from ecs_preflight.answers import PrincipalPolicies
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.denials import Denial, Layer, read_denial
from ecs_preflight.checks.identity import (
    is_managing_identity,
    is_same_principal,
    managed_role,
    managed_role_arn,
    managed_role_question,
    managing_identity,
    says_whose_identity,
)
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import clouddriver_request, identity_policies, trust_document
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Snapshot
from ecs_preflight.findings import Blocked, Problem, Severity, Undetermined
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_identity, evaluate_request
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.questions import (
    ASSUME_ROLE,
    CALLER_IDENTITY,
    MANAGING_POLICIES,
    ROLE,
    assume_role,
    caller_identity,
    managing_policies,
)
from ecs_preflight.targets import Target

# What AWS may name as the denier that is the managing identity's own. A session policy is only this session's.
_OWN_LAYERS = (Layer.IDENTITY, Layer.BOUNDARY)


def _attempt_then_policies(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """Policies are asked for only where no attempt of the managing identity itself settles it."""
    if not config.role_is_known(target.account):
        return
    yield caller_identity()
    caller = known[caller_identity()].value_or_none()
    if caller is None:
        return
    if is_managing_identity(config, caller.arn):
        attempt = assume_role(target.account, Asker.ECS_SESSION)
        yield attempt
        made = known[attempt].value_or_none()
        if made is None or made.allowed or _own_denial(made.error_message):
            return
    policies = managing_policies(managing_identity(config, caller.arn))
    yield policies
    held = known[policies].value_or_none()
    if held and _trust_may_do(config, target, held):
        yield managed_role_question(config, target)


def _trust_may_do(config: PreflightConfig, target: Target, held: PrincipalPolicies) -> bool:
    """Within an account, a trust policy that names the identity itself is enough where the identity's own policies are silent."""
    one, other = Arn.parse(held.arn), Arn.parse(managed_role_arn(config, target))
    if one is None or other is None or one.account_id != other.account_id:
        return False
    try:
        return _by_own_policies(config, target, held).decision in (EvalDecision.IMPLICIT_DENY, EvalDecision.UNDECIDABLE)
    except Undetermined:
        return False


def _own_denial(message: str) -> Denial | None:
    denial = read_denial(message)
    return denial if denial and denial.layer in _OWN_LAYERS else None


@check(
    "ROLE009",
    "managing-identity-may-not-assume",
    Severity.FATAL,
    on=each_account,
    needs=_attempt_then_policies,
    asks=(CALLER_IDENTITY, ASSUME_ROLE, MANAGING_POLICIES, ROLE),
)
@says_whose_identity
def managing_identity_may_assume(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managing identity's own policies and permissions boundary allow sts:AssumeRole on the managed role. That is proven where
    the managing identity itself just assumed it (ROLE002); else the policies are read and evaluated. Service control
    policies are not read.

    ## Why it matters
    Two accounts must both agree: the role's trust policy, and the policies of who assumes it. The classic omission is a
    managing policy that lists the roles of all accounts but the new one. clouddriver then logs `is not authorized to perform:
    sts:AssumeRole on resource` for every call on the account.

    ## How to fix it
    Add the managed role's ARN to the statement of the managing identity's policy that allows sts:AssumeRole.
    """
    role_arn = managed_role_arn(config, target)
    caller = facts[caller_identity()].require()
    identity = managing_identity(config, caller.arn)
    if is_managing_identity(config, caller.arn):
        attempt = facts[assume_role(target.account, Asker.ECS_SESSION)].require()
        if attempt.allowed:
            return
        denial = _own_denial(attempt.error_message)
        if denial:
            yield _may_not(identity, role_arn, f"{attempt.said}\n{denial.sentence}", denial.layer)
            return
    held = facts[managing_policies(identity)].require()
    if not is_same_principal(held.arn, identity) or (config.managing_identity_arn and held.arn.casefold() != identity.casefold()):
        raise Blocked(f"there is no {identity}: the principal of that name is {held.arn}")
    evaluation = _evaluated(config, target, facts, held)
    if evaluation.decision is EvalDecision.UNDECIDABLE:
        raise Undetermined(evaluation.explanation)
    if not evaluation.allowed:
        yield _may_not(identity, role_arn, evaluation.explanation, None)


def _evaluated(config: PreflightConfig, target: Target, facts: Facts, held: PrincipalPolicies) -> Evaluation:
    """By its own policies; where the trust policy alone may do, by both together."""
    own = _by_own_policies(config, target, held)
    if not _trust_may_do(config, target, held):
        return own
    policies = identity_policies(held).model_copy(update={"resource": trust_document(managed_role(config, target, facts))})
    together = evaluate_request(policies, _request(config, target, held))
    return own if together.decision is EvalDecision.EXPLICIT_DENY else together  # the trust policy's denial is TRUST001's


def _by_own_policies(config: PreflightConfig, target: Target, held: PrincipalPolicies) -> Evaluation:
    return evaluate_identity(identity_policies(held), _request(config, target, held))


def _request(config: PreflightConfig, target: Target, held: PrincipalPolicies) -> AccessRequest:
    documents = (*held.policies, *((held.boundary,) if held.boundary else ()))
    return clouddriver_request(
        config,
        config.mapping(target.account),
        managed_role_arn(config, target),
        held.arn,
        Asker.ECS_SESSION,
        external_id=None,
        policies=[policy.text for policy in documents],
    )


def _may_not(identity: str, role_arn: str, evidence: str, layer: Layer | None) -> Problem:
    where = "the permissions boundary" if layer is Layer.BOUNDARY else "a policy"
    return Problem(
        f"policies of {identity.rpartition(':')[2]} do not let it assume {role_arn.rpartition(':')[2]}",
        remediation=(
            f"Add this statement to {where} of {identity}, and take away what denies it:\n"
            f'{{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "{role_arn}"}}'
        ),
        evidence=evidence,
    )
