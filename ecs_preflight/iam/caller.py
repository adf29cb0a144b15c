"""Who asks: the principal of a request, as the kinds that AWS tells apart.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum

from ecs_preflight.arn import Arn


class CallerKind(Enum):
    """What a principal is, by the shape of its name."""

    ROOT = "account root"
    USER = "IAM user"
    ROLE = "role"
    SESSION = "role session"
    FEDERATED_USER = "federated user session"
    UNIQUE_ID = "unique id"
    SERVICE = "AWS service"
    FEDERATED = "federated provider"
    ANONYMOUS = "anonymous"
    OTHER = "something else"
    UNSTATED = "not stated"


AWS_CALLERS = frozenset({CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE, CallerKind.SESSION, CallerKind.FEDERATED_USER})
# Web identity providers that need no provider resource of their own in IAM.
BUILT_IN_PROVIDERS = frozenset({"cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"})
PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"})
_ACCOUNT_ID = re.compile(r"\d{12}")
_UNIQUE_ID = re.compile(r"(AROA|AIDA)[A-Z0-9]{4,124}")


def is_account_id(text: str) -> bool:
    return _ACCOUNT_ID.fullmatch(text) is not None


def is_unique_id(text: str) -> bool:
    """Whether `text` is a role's (AROA...) or user's (AIDA...) unique id.

    A policy shows one where the role or user that it named has been deleted.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
    """
    return _UNIQUE_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Caller:
    """One principal; `name` is the last segment of its ARN, or the role's name where it is a session of it."""

    kind: CallerKind
    text: str = ""
    partition: str = ""
    account: str = ""
    name: str = ""

    @classmethod
    def of(cls, principal: str | Mapping[str, str] | None) -> Caller:
        """From an ARN, account id, unique id, service or provider name; `{"type": "anonymous"}`; `{"Service": name}`."""
        if principal is None:
            return cls(CallerKind.UNSTATED)
        if isinstance(principal, Mapping):
            return _of_mapping(principal)
        if principal == "*":
            return cls(CallerKind.ANONYMOUS)
        if is_account_id(principal):
            return cls(CallerKind.ROOT, f"arn:aws:iam::{principal}:root", account=principal)
        arn = Arn.parse(principal)
        if arn is not None:
            return _of_arn(arn)
        if is_unique_id(principal.partition(":")[0]):
            return cls(CallerKind.UNIQUE_ID, principal)
        if principal in BUILT_IN_PROVIDERS:
            return cls(CallerKind.FEDERATED, principal)
        return cls(CallerKind.SERVICE if "." in principal else CallerKind.OTHER, principal)

    def in_account(self, account: str) -> Caller:
        """The same caller where its name alone does not say which account it belongs to."""
        return self if self.account else replace(self, account=account)

    @property
    def role_path(self) -> str:
        """`/` or `/path/`, of a role; empty where it is not known."""
        if self.kind is not CallerKind.ROLE:
            return ""
        return self.text.partition(":role")[2].removesuffix(self.name)

    def __str__(self) -> str:
        return self.text or f"the {self.kind.value} caller"


_KIND_OF_RESOURCE = {
    ("iam", "user"): CallerKind.USER,
    ("iam", "role"): CallerKind.ROLE,
    ("iam", "saml-provider"): CallerKind.FEDERATED,
    ("iam", "oidc-provider"): CallerKind.FEDERATED,
    ("sts", "assumed-role"): CallerKind.SESSION,
    ("sts", "federated-user"): CallerKind.FEDERATED_USER,
}


def _of_arn(arn: Arn) -> Caller:
    kind = _KIND_OF_RESOURCE.get((arn.service, arn.resource.partition("/")[0]), CallerKind.OTHER)
    if arn.service == "iam" and arn.resource == "root":
        kind = CallerKind.ROOT
    name = arn.resource_name
    if kind is CallerKind.SESSION:
        name = arn.resource.split("/")[1] if "/" in arn.resource else ""
    return Caller(kind, str(arn), arn.partition, arn.account_id, name)


def _of_mapping(principal: Mapping[str, str]) -> Caller:
    match list(principal.items()):
        case [("type", "anonymous")]:
            return Caller(CallerKind.ANONYMOUS)
        case [("Service", name)]:
            return Caller(CallerKind.SERVICE, name)
        case [("Federated", name)]:
            return Caller(CallerKind.FEDERATED, name)
        case [("AWS", name)]:
            return Caller.of(name)
    raise ValueError(
        'a principal is an ARN, an account id, a service name, {"type": "anonymous"}, or an object with one of '
        f"AWS, Service, Federated; found {dict(principal)!r}"
    )
