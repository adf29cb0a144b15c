"""TRUST: whom the trust policy of a managed role lets in."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.answers import CallerIdentity, Role
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import (
    as_role_or_user,
    is_managing_identity,
    managed_role,
    managed_role_question,
    managing_identity,
    managing_principal,
    says_whose_identity,
)
from ecs_preflight.checks.managing_trust import evaluated, known_evaluation, role_and_principal, was_let_in
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.trust_requests import allow_assume_role, service_request, trust_document
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Asker, Snapshot
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.iam.caller import is_unique_id
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.statement import Effect
from ecs_preflight.questions import ASSUME_ROLE, CALLER_IDENTITY, ROLE, assume_role, caller_identity
from ecs_preflight.spinnaker.versions import is_at_least
from ecs_preflight.targets import Target

# Passed the managed role itself by clouddriver up to 1.18: to CreateService and RegisterScalableTarget. clouddriver.md 5.4.
LEGACY_SERVICES = ("ecs.amazonaws.com", "application-autoscaling.amazonaws.com")
HOW_TO_STATE_THE_VERSION = 'State it as spinnaker.version (such as "1.37.0") in preflight.yml, or with --spinnaker-version.'


def _managed_role_only(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    if config.role_is_known(target.account):
        yield managed_role_question(config, target)


def _is_not_let_in(evaluation: Evaluation) -> bool:
    return not evaluation.allowed


def _role_and_principal(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """The attempt of the managing identity only where the policy alone does not let it in."""
    return role_and_principal(config, target, known, _is_not_let_in)


@check(
    "TRUST001",
    "managing-identity-not-trusted",
    Severity.FATAL,
    on=each_account,
    needs=_role_and_principal,
    asks=(ROLE, CALLER_IDENTITY, ASSUME_ROLE),
)
@says_whose_identity
def managing_identity_is_trusted(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role's trust policy lets the managing identity call sts:AssumeRole as clouddriver does for the ECS account:
    without an external id, tags or source identity. The policy is evaluated as IAM does, whoever runs the preflight, at the
    time of the run. Where that depends on what is not known, the managing identity's own attempt decides.

    ## Why it matters
    clouddriver assumes the managed role before every call. Where the trust policy does not let it, every caching agent fails
    with `is not authorized to perform: sts:AssumeRole on resource`, and nothing of the account is ever shown.

    ## How to fix it
    Add the managing identity's ARN as an `AWS` principal of the trust policy.
    """
    managed = managed_role(config, target, facts)
    caller_arn = "" if config.managing_identity_arn else facts[caller_identity()].require().arn
    evaluation = evaluated(config, target, managed, managing_principal(config, caller_arn), facts.taken_at)
    if evaluation.allowed or was_let_in(config, target, facts):
        return
    if evaluation.decision is EvalDecision.UNDECIDABLE:
        raise Undetermined(evaluation.explanation)
    principal = managing_identity(config, caller_arn)
    yield Problem(
        f"{managed.name} does not trust {principal.rpartition(':')[2]} ({evaluation.decision.value})",
        remediation=_let_in(managed, principal, evaluation),
        evidence=f"{evaluation.explanation}{_only_web_identities(managed)}{_same_name(managed, principal)}",
    )


def _let_in(managed: Role, principal: str, evaluation: Evaluation) -> str:
    if evaluation.decision is EvalDecision.EXPLICIT_DENY:
        denying = " and ".join(str(statement).removesuffix(" of document") for statement in evaluation.matched_statements)
        return f"Change {denying} of the trust policy of {managed.arn}, so that no Deny applies to {principal}."
    return f"Add this statement to the trust policy of {managed.arn}:\n{allow_assume_role({'AWS': principal})}"


def _only_web_identities(managed: Role) -> str:
    """A role for pods: clouddriver has no way to present a web identity to a managed role."""
    allows = [s for s in trust_document(managed).statements if s.effect is Effect.ALLOW]
    kinds = {entry.kind for statement in allows for entry in statement.principals or ()}
    if kinds != {"Federated"}:
        return ""
    return " It lets federated identities in alone; clouddriver calls sts:AssumeRole and nothing else."


def _same_name(managed: Role, principal: str) -> str:
    """An ARN of the same account and name with another path, which IAM takes for another principal."""
    for value in _trusted(trust_document(managed)):
        same_end = value.rpartition("/")[2] == principal.rpartition("/")[2]
        if same_end and value.split(":")[:5] == principal.split(":")[:5] and as_role_or_user(value) != principal:
            return f" It names {value}: the same name, and not the same path."
    return ""


def _trusted(document: PolicyDocument) -> Iterator[str]:
    """The AWS principals of its Allow statements."""
    for statement in document.statements:
        if statement.effect is Effect.ALLOW:
            yield from (entry.value for entry in statement.principals or () if entry.kind == "AWS")


@check(
    "TRUST002",
    "ecs-services-not-trusted",
    Severity.ERROR,
    on=each_account,
    needs=_managed_role_only,
    asks=(ROLE,),
)
@says_whose_identity
def ecs_services_are_trusted(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    The managed role's trust policy lets both `ecs.amazonaws.com` and `application-autoscaling.amazonaws.com` assume it. ERROR up
    to Spinnaker 1.18 and where the version is not stated, INFO from 1.19 on.

    ## Why it matters
    Up to 1.18 clouddriver passes the managed role itself to ecs:CreateService and RegisterScalableTarget; without this trust ECS
    answers `Unable to assume role and validate the specified targetGroupArn`, Application Auto Scaling `Unable to assume IAM
    role`, and no server group is deployed. From 1.19 on both services use service-linked roles instead (TRUST020, TRUST021).

    ## How to fix it
    Add both services to the trust policy, or state the version of Spinnaker if it is 1.19 or later.
    """
    managed = managed_role(config, target, facts)
    document = trust_document(managed)
    is_past = is_at_least(config.version, "1.19") is True
    evaluations = {service: evaluate_document(document, service_request(service, managed)) for service in LEGACY_SERVICES}
    untrusted = [service for service, evaluation in evaluations.items() if _is_missing(evaluation, is_past)]
    yield from (Undetermined(e.explanation) for s, e in evaluations.items() if not e.allowed and s not in untrusted)
    if untrusted:
        yield Problem(
            f"{managed.name} does not trust {' and '.join(untrusted)} without conditions"
            if any(evaluations[service].decision is EvalDecision.UNDECIDABLE for service in untrusted)
            else f"{managed.name} does not trust {' and '.join(untrusted)}",
            remediation=_trust_services(config, managed, untrusted, is_past),
            evidence="\n".join(evaluations[service].explanation for service in untrusted),
            severity=Severity.INFO if is_past else None,
        )


def _is_missing(evaluation: Evaluation, is_past: bool) -> bool:
    """Whether to say that the trust is not there: where nothing depends on it any more, also of what cannot be decided."""
    return not evaluation.allowed and (is_past or evaluation.decision is not EvalDecision.UNDECIDABLE)


def _trust_services(config: PreflightConfig, managed: Role, services: list[str], is_past: bool) -> str:
    statement = allow_assume_role({"Service": services})
    if is_past:
        return f"Nothing needs it from 1.19 on. To follow the setup guide all the same, add to its trust policy:\n{statement}"
    add = f"Add this statement to the trust policy of {managed.arn}:\n{statement}"
    if config.version is not None:
        return add
    return f"{add}\nSpinnaker from 1.19 on does not need it, and this goes away. {HOW_TO_STATE_THE_VERSION}"


def _role_and_caller_where_orphaned(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """Who the caller is only where the policy names unique ids: one of them may be the caller's own."""
    if not config.role_is_known(target.account):
        return
    question = managed_role_question(config, target)
    yield question
    managed = known[question].value_or_none()
    if managed is None or not _unique_ids(managed):
        return
    yield caller_identity()
    caller = known[caller_identity()].value_or_none()
    if caller and is_managing_identity(config, caller.arn) and _orphans(config, managed, caller):
        evaluation = known_evaluation(config, target, known)
        if evaluation and not evaluation.allowed:
            yield assume_role(target.account, Asker.ECS_SESSION)


def _unique_ids(managed: Role) -> tuple[str, ...]:
    try:
        return tuple(dict.fromkeys(value for value in _trusted(trust_document(managed)) if is_unique_id(value)))
    except Undetermined:
        return ()


def _orphans(config: PreflightConfig, managed: Role, caller: CallerIdentity) -> tuple[str, ...]:
    """The unique ids, but for the managing identity's own."""
    own = caller.user_id.partition(":")[0] if is_managing_identity(config, caller.arn) else None
    return tuple(value for value in _unique_ids(managed) if value != own)


@check(
    "TRUST003",
    "trusted-principal-deleted",
    Severity.FATAL,
    on=each_account,
    needs=_role_and_caller_where_orphaned,
    asks=(ROLE, CALLER_IDENTITY, ASSUME_ROLE),
)
@says_whose_identity
def trusted_principals_exist(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No statement of the managed role's trust policy allows a unique id (`AROA...` of a role, `AIDA...` of a user): IAM shows one
    where the role or user that was named has been deleted. WARNING where the managing identity is trusted all the same, by
    the policy or by its own attempt, and where that depends on what is not known.

    ## Why it matters
    IAM keeps principals by their unique id. Whoever deletes the managing role and makes it anew, by Terraform or CloudFormation
    for example, gives it another id: the trust is broken, though the name is the same, and every call of the account fails with
    `is not authorized to perform: sts:AssumeRole`.

    ## How to fix it
    Put the managing identity's ARN in place of the id: IAM then looks the new id up.
    """
    managed = managed_role(config, target, facts)
    trust_document(managed)
    if not _unique_ids(managed):
        return
    caller = facts[caller_identity()].require()
    orphans = _orphans(config, managed, caller)
    if not orphans:
        return
    principal = managing_principal(config, caller.arn)
    evaluation = evaluated(config, target, managed, principal, facts.taken_at)
    is_trusted = evaluation.allowed or was_let_in(config, target, facts)
    is_open = not is_trusted and evaluation.decision is EvalDecision.UNDECIDABLE
    if is_trusted:
        evidence = f"{principal} is trusted all the same"
    elif is_open:
        evidence = f"whether the policy lets {principal} in depends on what is not known: {evaluation.explanation}"
    else:
        evidence = f"nothing in the policy lets {principal} in: it may be what was deleted and made anew"
    for orphan in orphans:
        identity = managing_identity(config, caller.arn)
        yield Problem(
            f"{managed.name} trusts {orphan}, a {'role' if orphan.startswith('AROA') else 'user'} that was deleted",
            remediation=(
                f"In the trust policy of {managed.arn}, take {orphan} away."
                if is_trusted
                else f'In the trust policy of {managed.arn}, write "{identity}" in place of {orphan}.'
            ),
            evidence=evidence,
            severity=Severity.WARNING if is_trusted or is_open else None,
        )
    if is_open:
        yield Undetermined(evaluation.explanation)
