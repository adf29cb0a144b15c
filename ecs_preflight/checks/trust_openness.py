"""TRUST005: strangers whom the managed role lets in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from ecs_preflight.answers import Role
from ecs_preflight.arn import Arn
from ecs_preflight.checks._check import Facts, Judgement, Questions, check
from ecs_preflight.checks.identity import managed_role, managed_role_question, managing_identity, says_whose_identity
from ecs_preflight.checks.scopes import each_account
from ecs_preflight.checks.strangers import EVERY_ACCOUNT, Entrance, entrances
from ecs_preflight.checks.trust_requests import trust_document
from ecs_preflight.config import PreflightConfig
from ecs_preflight.facts import Snapshot
from ecs_preflight.findings import Problem, Severity, Undetermined
from ecs_preflight.iam.caller import is_account_id
from ecs_preflight.questions import CALLER_IDENTITY, ROLE, caller_identity
from ecs_preflight.targets import Target


def _role_and_caller_where_open(config: PreflightConfig, target: Target, known: Snapshot) -> Questions:
    """Who the caller is only where an account is let in, and it is not stated: it may be the managing identity's own."""
    if not config.role_is_known(target.account):
        return
    question = managed_role_question(config, target)
    yield question
    managed = known[question].value_or_none()
    if managed and config.managing_identity_arn is None and _lets_an_account_in(managed, known.taken_at):
        yield caller_identity()


def _lets_an_account_in(managed: Role, at: datetime) -> bool:
    try:
        return any(is_account_id(entrance.of) for entrance in entrances(trust_document(managed), managed.arn, at))
    except Undetermined:
        return False


@check(
    "TRUST005",
    "trust-open-to-others",
    Severity.ERROR,
    on=each_account,
    needs=_role_and_caller_where_open,
    asks=(ROLE, CALLER_IDENTITY),
)
@says_whose_identity
def trust_is_closed_to_strangers(config: PreflightConfig, target: Target, facts: Facts) -> Judgement:
    """
    ## What it checks
    No statement of the managed role's trust policy lets in whoever has an AWS account, or an account as a whole that is neither
    the managed nor the managing one, or whoever has an account at a shared identity provider such as GitHub's. An external id, an
    organization, addresses, ARNs or a repository in a condition close a statement. What a stranger chooses himself does not: a
    session name, tags, MFA; nor does a condition with `IfExists` on a key that he need not send. A role or user that is
    named one by one, and AWS services, are not strangers.

    ## Why it matters
    The managed role may do in its account whatever Spinnaker may: start containers, pass roles, change security groups. With
    `{"AWS": "*"}` anybody who learns or guesses its ARN assumes it with credentials of his own account.

    ## How to fix it
    Name the managing identity's ARN in place of `*` or of the account. Where the other account is one of yours, name the role in
    it that needs the access, or ask for an external id.
    """
    managed = managed_role(config, target, facts)
    for entrance in entrances(trust_document(managed), managed.arn, facts.taken_at):
        if is_account_id(entrance.of) and entrance.of == _managing_account(config, facts):
            continue
        if entrance.is_open:
            yield _open(config, managed, entrance)
        else:
            yield Undetermined(f"{entrance.name} of the trust policy of {managed.arn}: {entrance.evaluation.explanation}")


def _managing_account(config: PreflightConfig, facts: Facts) -> str:
    caller_arn = "" if config.managing_identity_arn else facts[caller_identity()].require().arn
    arn = Arn.parse(managing_identity(config, caller_arn))
    return arn.account_id if arn else ""


def _open(config: PreflightConfig, managed: Role, entrance: Entrance) -> Problem:
    statement = entrance.statement.to_aws()
    keys = entrance.evaluation.unknown_context_keys
    shown = json.dumps({name: statement[name] for name in ("Principal", "NotPrincipal", "Condition") if name in statement})
    chosen = f"\n{', '.join(keys)} is what a stranger chooses himself" if keys else ""
    return Problem(
        f"{managed.name} lets anybody of {_whose(entrance)} in ({entrance.name})",
        remediation="\n".join(_close(config, managed, entrance)),
        evidence=f"{entrance.name} of {managed.arn}: {shown}{chosen}",
    )


def _whose(entrance: Entrance) -> str:
    return f"account {entrance.of}" if is_account_id(entrance.of) else entrance.of


def _close(config: PreflightConfig, managed: Role, entrance: Entrance) -> Iterator[str]:
    where = f"{entrance.name} of the trust policy of {managed.arn}"
    if entrance.of == EVERY_ACCOUNT:
        identity = config.managing_identity_arn or "ARN of the managing identity"
        yield f'In {where}, write "Principal": {{"AWS": "{identity}"}}.'
    elif is_account_id(entrance.of):
        yield f"In {where}, name the roles of account {entrance.of} that need it, one by one, in place of the account."
    else:
        subject = json.dumps({"StringLike": {f"{entrance.of}:sub": "SUBJECT OF YOUR OWN"}})
        yield f'Take {where} out: clouddriver assumes the role with sts:AssumeRole alone. Or close it: "Condition": {subject}'
