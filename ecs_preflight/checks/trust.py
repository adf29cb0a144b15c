"""TRUST: trust policies of managed roles, task roles and service-linked roles."""

from __future__ import annotations

from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role_arn, managing_identity
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import clouddriver_request, trust_document
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Question, Snapshot
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.iam.decision import EvalDecision
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.questions import CALLER_IDENTITY, ROLE, Role, caller_identity, role
from ecs_preflight.targets import Target


def _managed_role(config: PreflightConfig, target: Target) -> Question[Role]:
    arn = Arn.parse(managed_role_arn(config, target))
    assert arn is not None  # managed_role_arn gives nothing else
    return role(target.account, arn.resource_name)


def _role_and_principal(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if not config.role_is_known(target.account):
        return
    yield _managed_role(config, target)
    if config.managing_identity_arn is None:
        yield caller_identity()


@check(
    "TRUST001",
    "managing-identity-not-trusted",
    Severity.FATAL,
    on=each_account,
    needs=_role_and_principal,
    asks=(ROLE, CALLER_IDENTITY),
)
def managing_identity_is_trusted(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role's trust policy lets the managing identity call sts:AssumeRole as clouddriver does for the ECS account:
    without an external id, tags or source identity. The policy is evaluated as IAM does, whoever runs the preflight.

    ## Why it matters
    clouddriver assumes the managed role before every call. Where the trust policy does not let it, every caching agent fails
    with `is not authorized to perform: sts:AssumeRole on resource`, and nothing of the account is ever shown.

    ## How to fix it
    Add the managing identity's ARN as an `AWS` principal of the trust policy.
    """
    managed_role_arn(config, target)
    managed = facts[_managed_role(config, target)].require()
    caller = config.managing_identity_arn or facts[caller_identity()].require().arn
    principal = managing_identity(config, caller)
    mapping = config.mapping(target.account)
    request = clouddriver_request(config, mapping, managed, principal, Asker.ECS_SESSION, external_id=None)
    evaluation = evaluate_document(trust_document(managed), request)
    taken_for = "" if config.managing_identity_arn else f"; {principal} is taken for it, managing_identity_arn is not stated"
    if evaluation.decision is EvalDecision.UNDECIDABLE:
        raise Undetermined(f"{evaluation.explanation}{taken_for}")
    if not evaluation.allowed:
        yield Problem(
            f"{managed.name} does not trust {principal.rpartition(':')[2]} ({evaluation.decision.value})",
            remediation=(
                f"Add this statement to the trust policy of {managed.arn}:\n"
                f'{{"Effect": "Allow", "Principal": {{"AWS": "{principal}"}}, "Action": "sts:AssumeRole"}}'
            ),
            evidence=f"{evaluation.explanation}{taken_for}",
        )
