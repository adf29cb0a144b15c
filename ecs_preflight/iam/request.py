"""What is asked: a request, and all the policies that bear on it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic import field_validator

from ecs_preflight.arn import Arn
from ecs_preflight.iam.caller import Caller
from ecs_preflight.iam.comparisons import write_number
from ecs_preflight.iam.context import RequestContext
from ecs_preflight.iam.matching import Question
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.prepared import PreparedModel
from ecs_preflight.iam.resource import AskedResource

Level = tuple[PolicyDocument, ...]


class AccessRequest(PreparedModel):
    """One principal asking for one action on one resource.

    principal         an ARN, account id, unique id, service or federated provider; `{"type": "anonymous"}`;
                      `{"Service": name}` and the like where the name alone is ambiguous; None: not stated.
    resource          an ARN; "*" for an action that has none; None: not stated. With wildcards it stands for all that it matches.
    context           condition key -> value, or values; None or [] says that the key is absent.
    context_complete  False: a key that is not given is unknown, not absent. What the principal implies is known in either case.
    resource_account  the 12 digits; None: as the resource's ARN says, else the principal's own account.
    """

    principal: str | dict[str, str] | None = None
    action: str
    resource: str | None = None
    context: dict[str, tuple[str, ...]] = {}
    context_complete: bool = True
    resource_account: str | None = None

    @field_validator("principal")
    @classmethod
    def _principal_is_readable(cls, principal: str | dict[str, str] | None) -> str | dict[str, str] | None:
        Caller.of(principal)
        return principal

    @field_validator("context", mode="before")
    @classmethod
    def _as_texts(cls, context: Any) -> Any:
        if not isinstance(context, Mapping):
            return context
        return {key: _texts(value) for key, value in context.items()}

    @cached_property
    def question(self) -> Question:
        """The request made ready for matching, once for all the documents that it is put to."""
        context = RequestContext(self.context, Caller.of(self.principal), complete=self.context_complete)
        return Question(self.action.lower(), AskedResource.of(self.resource), context)

    @property
    def account_of_resource(self) -> str:
        """Empty where it is not known."""
        if self.resource_account:
            return self.resource_account
        arn = Arn.parse(self.resource or "")
        account = arn.account_id if arn else ""
        return account if account.isdigit() else self.question.context.caller.account

    @property
    def companions(self) -> tuple[AccessRequest, ...]:
        """What AWS authorises besides, in the same call and the same way, when a role is assumed with tags or a source identity.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
        """
        if not self.question.action.startswith("sts:assumerole"):
            return ()
        keys = {key.lower() for key, values in self.context.items() if values}
        actions = []
        if any(key.startswith(("aws:requesttag/", "aws:tagkeys", "sts:transitivetagkeys")) for key in keys):
            actions.append("sts:TagSession")
        if "sts:sourceidentity" in keys:
            actions.append("sts:SetSourceIdentity")
        return tuple(self.model_copy(update={"action": action}) for action in actions)


class PolicySet(PreparedModel):
    """The policies that bear on a request. None or empty means that there is none of the kind.

    Within a kind, documents are ORed; every level of `scp` and of `rcp` (root, organizational units, account) must allow.
    """

    identity: Level = ()
    resource: PolicyDocument | None = None
    boundary: Level = ()
    session: Level = ()
    scp: tuple[Level, ...] = ()
    rcp: tuple[Level, ...] = ()

    @field_validator("identity", "boundary", "session", mode="before")
    @classmethod
    def _as_list(cls, documents: Any) -> Any:
        if documents is None:
            return ()
        return (documents,) if isinstance(documents, (Mapping, PolicyDocument)) else documents

    @field_validator("scp", "rcp", mode="before")
    @classmethod
    def _as_levels(cls, levels: Any) -> Any:
        return () if levels is None else levels


def _texts(value: Any) -> tuple[Any, ...]:
    if value is None:
        return ()
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return tuple(_text(item) for item in value)
    return (_text(value),)


def _text(value: Any) -> Any:
    """Context values as the policy language compares them; bytes in base64, as SimulatePrincipalPolicy takes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return write_number(value)
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
