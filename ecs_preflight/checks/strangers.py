"""Whom a trust policy lets in who has an AWS account, or one at a shared identity provider, and nothing else.

What such a stranger chooses himself (the session's name, tags, MFA, the region of STS) keeps him out of nothing, and is left
open here; what he cannot have (an external id, this organization, these addresses) has a value that nobody was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count, product
from typing import Any

from ecs_preflight.arn import Arn
from ecs_preflight.checks.trust_requests import ASSUME_ROLE_ACTION, at_time
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.patterns import Glob
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.statement import Effect, Statement

# Keys, and beginnings of keys, whose values whoever calls can choose.
_CHOSEN = (
    *("sts:rolesessionname", "sts:sourceidentity", "sts:transitivetagkeys"),
    *("aws:tagkeys", "aws:requesttag/", "aws:principaltag/", "aws:multifactorauth", "aws:tokenissuetime"),
    *("aws:requestedregion", "aws:useragent", "aws:referer", "aws:vpcsourceip"),
)
_NAME = "whoever"
# Sent only by AWS services that call for somebody, which a stranger is not.
_ONLY_SERVICES_SEND = (
    *("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner"),
    *("aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"),
)
_EXTERNAL_IDS: tuple[Mapping[str, Any], ...] = ({"sts:ExternalId": None}, {"sts:ExternalId": "an-id-that-nobody-was-given"})
_ORGANIZATIONS: tuple[Mapping[str, Any], ...] = (
    {"aws:PrincipalOrgID": None, "aws:PrincipalOrgPaths": None},
    {"aws:PrincipalOrgID": "o-whoever000", "aws:PrincipalOrgPaths": ["o-whoever000/r-whoe/ou-whoe-whoever0/"]},
)
_VPC_KEYS = ("aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpcSourceIp", "aws:VpceAccount", "aws:VpceOrgID")
_NETWORKS: tuple[Mapping[str, Any], ...] = (
    # An address of documentation (RFC 6676) that no network of anybody's holds: only one of everybody's does.
    {"aws:SourceIp": "233.252.0.1", **dict.fromkeys(_VPC_KEYS)},
    {"aws:SourceIp": None, "aws:SourceVpc": "vpc-whoever", "aws:SourceVpce": "vpce-whoever", "aws:VpceOrgID": "o-whoever000"},
)
# Identity providers where anybody may have an account, and the subject of a token that a stranger gets there.
# IAM Access Analyzer has a check for the first of them, "Missing github repo condition key".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
_SHARED_PROVIDERS = {
    "token.actions.githubusercontent.com": "repo:whoever/whoever:ref:refs/heads/main",
    "gitlab.com": "project_path:whoever/whoever:ref_type:branch:ref:main",
    "app.terraform.io": "organization:whoever:project:whoever:workspace:whoever:run_phase:apply",
    "agent.buildkite.com": "organization:whoever:pipeline:whoever:ref:refs/heads/main:commit:0123456:step:whoever",
}
_WEB_IDENTITY_ACTION = "sts:AssumeRoleWithWebIdentity"
_OIDC = ":oidc-provider/"
_ACCOUNT_ID = re.compile(r"(?<!\d)\d{12}(?!\d)")
EVERY_ACCOUNT = "any AWS account"


@dataclass(frozen=True, slots=True)
class Entrance:
    """One Allow statement that lets strangers in, or of which that is not clear."""

    number: int
    statement: Statement
    of: str
    """Whose strangers: EVERY_ACCOUNT, twelve digits, or a provider's name."""
    is_open: bool
    evaluation: Evaluation

    @property
    def name(self) -> str:
        """The statement, as explanations of an evaluation name it."""
        return f'statement "{self.statement.sid}"' if self.statement.sid else f"statement number {self.number}"


def entrances(document: PolicyDocument, role_arn: str, at: datetime) -> Iterator[Entrance]:
    """Every Allow statement by itself, beside all that is denied; for any account, else for each that the policy mentions.

    The role's own account is no stranger.
    """
    denies = tuple(statement for statement in document.statements if statement.effect is Effect.DENY)
    for number, statement in enumerate(document.statements, 1):
        if statement.effect is Effect.DENY:
            continue
        alone = document.model_copy(update={"statements": (*denies, statement)})
        for strangers in _strangers(alone, role_arn):
            found = _judged(alone, strangers, role_arn, at)
            if found:
                is_open, evaluation = found
                yield Entrance(number, statement, strangers.of, is_open, evaluation)
                if strangers.of == EVERY_ACCOUNT and is_open:
                    break


@dataclass(frozen=True, slots=True)
class _Strangers:
    """Whose strangers, who they may be, with which call, in which contexts, and which keys they choose in it."""

    of: str
    principals: Sequence[str | dict[str, str]]
    action: str
    contexts: Sequence[Mapping[str, Any]]
    chosen: tuple[str, ...] = _CHOSEN

    def requests(self, alone: PolicyDocument, role_arn: str, at: datetime) -> Iterator[AccessRequest]:
        """Every request that they may make, but for those that no context lets in."""
        for principal in self.principals:
            anyhow = self._request(principal, role_arn, {})
            if evaluate_document(alone, anyhow).decision in (EvalDecision.ALLOWED, EvalDecision.UNDECIDABLE):
                for context in self.contexts:
                    yield at_time(self._request(principal, role_arn, {**context, **_id_of(principal)}), at)

    def _request(self, principal: str | dict[str, str], role_arn: str, context: dict[str, Any]) -> AccessRequest:
        return AccessRequest(principal=principal, action=self.action, resource=role_arn, context=context, context_complete=False)


def _strangers(alone: PolicyDocument, role_arn: str) -> Iterator[_Strangers]:
    """Whoever has any account comes first."""
    role = Arn.parse(role_arn)
    own, partition = (role.account_id, role.partition) if role else ("", "aws")
    text = alone.to_json()
    unmentioned = next(account for account in map("{:012d}".format, count()) if account not in text)
    shared = _context(alone, own)
    contexts = [
        {**shared, **of_org, **network, **sent} for of_org, network, sent in product(_ORGANIZATIONS, _NETWORKS, _EXTERNAL_IDS)
    ]
    anybody = [*_whoever(partition, unmentioned), *_named_to_fit(alone, partition, unmentioned)]
    yield _Strangers(EVERY_ACCOUNT, anybody, ASSUME_ROLE_ACTION, contexts)
    for account in sorted({*_ACCOUNT_ID.findall(text)} - {own}):
        yield _Strangers(account, _whoever(partition, account), ASSUME_ROLE_ACTION, contexts)
    for provider in _shared_providers(alone):
        host = provider.partition(_OIDC)[2]
        claims = [{**shared, **network, f"{host}:sub": _SHARED_PROVIDERS[host]} for network in _NETWORKS]
        yield _Strangers(host, [{"Federated": provider}], _WEB_IDENTITY_ACTION, claims, (*_CHOSEN, f"{host}:aud"))


def _judged(alone: PolicyDocument, strangers: _Strangers, role_arn: str, at: datetime) -> tuple[bool, Evaluation] | None:
    """Whether one of their requests is let in, with its evaluation; None where none is."""
    unclear: Evaluation | None = None
    for request in strangers.requests(alone, role_arn, at):
        evaluation = evaluate_document(alone, request)
        keys = [key.lower() for key in evaluation.unknown_context_keys]
        if evaluation.allowed or (keys and all(key.startswith(strangers.chosen) for key in keys)):
            return True, evaluation
        if evaluation.decision is EvalDecision.UNDECIDABLE:
            unclear = unclear or evaluation
    return (False, unclear) if unclear else None


def _context(alone: PolicyDocument, own_account: str) -> dict[str, Any]:
    """What is the same for every stranger. The role's organization is the one that the policy says it is of."""
    clauses = (clause for statement in alone.statements for clause in statement.conditions)
    said = (value for clause in clauses if clause.key.lower() == "aws:resourceorgid" for value in clause.values)
    organization = next((value for value in said if Glob.of(value).is_literal and "$" not in value), "o-of0the0role")
    return {
        "aws:ResourceAccount": own_account,
        "aws:ResourceOrgID": organization,
        **dict.fromkeys(_ONLY_SERVICES_SEND),
    }


def _whoever(partition: str, account: str) -> list[str]:
    return [f"arn:{partition}:iam::{account}:{kind}/{_NAME}" for kind in ("role", "user")]


def _id_of(principal: str | dict[str, str]) -> dict[str, str]:
    """The unique id: nobody chooses his own."""
    if not isinstance(principal, str):
        return {}
    return {"aws:userid": "AIDAWHOEVERWHOEVER00" if ":user/" in principal else f"AROAWHOEVERWHOEVER00:{_NAME}"}


def _named_to_fit(alone: PolicyDocument, partition: str, account: str) -> Iterator[str]:
    """Roles and users of an account whose names are made after the patterns that aws:PrincipalArn is compared with."""
    for clause in (clause for statement in alone.statements for clause in statement.conditions):
        for value in clause.values if clause.key.lower() == "aws:principalarn" else ():
            parts = value.split(":", 5)
            if len(parts) == 6 and Glob.of(parts[4]).matches(account) and parts[5].startswith(("role/", "user/")):
                yield f"arn:{partition}:iam::{account}:{parts[5].replace('*', _NAME).replace('?', 'x')}"


def _shared_providers(alone: PolicyDocument) -> Iterator[str]:
    for statement in alone.statements:
        for entry in statement.principals or ():
            if entry.kind == "Federated" and entry.value.partition(_OIDC)[2] in _SHARED_PROVIDERS:
                yield entry.value
