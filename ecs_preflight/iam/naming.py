"""Whether the caller of a request is among those whom a statement names, and by which name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from ecs_preflight.iam.caller import AWS_CALLERS, Caller, CallerKind
from ecs_preflight.iam.context import RequestContext
from ecs_preflight.iam.principal import EntryKind, NamedPrincipal
from ecs_preflight.iam.truth import NO, YES, Answer, any_of, doubt, negate


class Reach(Enum):
    """How a caller came to be named: what else must allow the request depends on it."""

    __hash__ = object.__hash__  # a key of many small dictionaries; that of Enum is a call in Python

    ACCOUNT = "its account is named"
    EVERYONE = "everyone is named"
    ROLE = "its role is named"
    USER = "the user itself is named"
    SESSION = "the session itself is named"
    OUTSIDER = "the service, provider or canonical user is named"


_REACH = {
    EntryKind.EVERYONE: Reach.EVERYONE,
    EntryKind.ACCOUNT: Reach.ACCOUNT,
    EntryKind.USER: Reach.USER,
    EntryKind.ROLE: Reach.ROLE,
    EntryKind.SESSION: Reach.SESSION,
    EntryKind.FEDERATED_USER: Reach.SESSION,
}
# What each provider's tokens are exchanged with; any other pairing never matches.
_SAML_ACTIONS = frozenset({"sts:assumerolewithsaml", "sts:tagsession", "sts:setsourceidentity"})
_WEB_IDENTITY_ACTIONS = frozenset({"sts:assumerolewithwebidentity", "sts:tagsession", "sts:setsourceidentity"})

_NOT_STATED = doubt("the request does not say who its principal is")


def principal_answers(
    entries: Sequence[NamedPrincipal], context: RequestContext, action: str, *, denies: bool, covers_services: bool
) -> dict[Reach, Answer]:
    """Whether the caller is named, by the way it is; ways that are certainly not taken are left out.

    `denies`: an entry that IAM refuses, or that names only some of the caller's sessions, never grants, but may deny.
    `covers_services`: the `*` of a resource control policy means service principals too.
    """
    answers: dict[Reach, Answer] = {}
    for entry in entries:
        answer = _names(entry, context, action, denies=denies, covers_services=covers_services)
        if answer.possible:
            reach = _reach(entry, context.caller)
            answers[reach] = any_of((answers[reach], answer)) if reach in answers else answer
    return answers


def not_principal_answer(entries: Sequence[NamedPrincipal], context: RequestContext, action: str) -> Answer:
    """Whether the caller is none of those named.

    Naming only a caller's account, or only a session's role, is documented to except it or not, "depending on the service".
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    named = []
    for entry in entries:
        answer = _names(entry, context, action, denies=True, covers_services=False)
        wider = (entry.kind is EntryKind.ACCOUNT and context.caller.kind is not CallerKind.ROOT) or (
            entry.kind is EntryKind.ROLE and context.caller.kind is CallerKind.SESSION
        )
        if answer is YES and wider:
            answer = doubt(f"NotPrincipal names {entry.value}, and services differ in whether that excepts {context.caller}")
        named.append(answer)
    return negate(any_of(named))


def _reach(entry: NamedPrincipal, caller: Caller) -> Reach:
    if entry.kind is EntryKind.UNIQUE_ID:
        return Reach.ROLE if entry.value.startswith("AROA") else Reach.USER
    if entry.kind is EntryKind.ACCOUNT and caller.kind is CallerKind.ROOT:
        return Reach.USER
    return _REACH.get(entry.kind, Reach.OUTSIDER)


def _names(entry: NamedPrincipal, context: RequestContext, action: str, *, denies: bool, covers_services: bool) -> Answer:
    caller, kind = context.caller, entry.kind
    if kind is EntryKind.EVERYONE:
        return _everyone(caller, covers_services=covers_services)
    if caller.kind is CallerKind.UNSTATED:
        return _NOT_STATED
    if kind is EntryKind.SERVICE:
        return YES if caller.kind is CallerKind.SERVICE and caller.text == entry.value else NO
    if kind is EntryKind.FEDERATED:
        return YES if caller.text == entry.value and _exchanges(entry.value, action) else NO
    if kind is EntryKind.ACCOUNT:
        return _account(entry.principal, caller)
    if kind is EntryKind.UNIQUE_ID:
        return _unique_id(entry.value, context)
    if kind is EntryKind.CANONICAL_USER:
        return _canonical_user(entry.value, caller)
    if kind is EntryKind.INVALID:
        return doubt(f'"{entry.value}" is no principal that IAM accepts') if denies else NO
    return _arn(entry, caller, denies=denies)


def _everyone(caller: Caller, *, covers_services: bool) -> Answer:
    if caller.kind is CallerKind.SERVICE and not covers_services:
        return doubt(f'AWS\'s pages disagree on whether "*" covers the service principal {caller.text}')
    if caller.kind is CallerKind.FEDERATED and not covers_services:
        return doubt(f'AWS\'s pages do not say whether "*" covers the federated provider {caller.text}')
    return YES


def _exchanges(provider: str, action: str) -> bool:
    if not action.startswith("sts:"):
        return True
    return action in (_SAML_ACTIONS if ":saml-provider/" in provider else _WEB_IDENTITY_ACTIONS)


def _account(named: Caller, caller: Caller) -> Answer:
    """An account stands for every principal in it, not only for its root user; never for AWS services."""
    if caller.kind is CallerKind.UNIQUE_ID:
        if not caller.account:
            return doubt(f"the unique id {caller.text} does not say which account it belongs to")
        return YES if caller.account == named.account else NO
    if caller.kind not in AWS_CALLERS and caller.kind is not CallerKind.OTHER:
        return NO
    crosses_partitions = bool(named.partition and caller.partition) and named.partition != caller.partition
    return YES if caller.account == named.account and not crosses_partitions else NO


def _unique_id(value: str, context: RequestContext) -> Answer:
    """The id of a deleted role or user: nobody who can be named by ARN has it, not even a successor of the same name."""
    caller = context.caller
    own = caller.text if caller.kind is CallerKind.UNIQUE_ID else context.text("aws:userid") or ""
    return YES if own.partition(":")[0] == value else NO


def _canonical_user(value: str, caller: Caller) -> Answer:
    if caller.text == value:
        return YES
    if caller.kind in AWS_CALLERS:
        return doubt("a canonical user id does not say which account it stands for")
    return NO


def _arn(entry: NamedPrincipal, caller: Caller, *, denies: bool) -> Answer:
    value, kind, named = entry.value, entry.kind, entry.principal
    if caller.text == value:
        return YES
    if (named.partition, named.account) != (caller.partition, caller.account):
        return NO
    if kind is EntryKind.ROLE and caller.kind is CallerKind.SESSION:
        # The path of a role is never in the ARN of its sessions; names are unique in an account whatever the path.
        if named.name == caller.name:
            return YES
        return _differs_in_case(named.name, caller.name, value)
    if kind is EntryKind.ROLE and caller.kind is CallerKind.ROLE:
        return _differs_in_case(value, caller.text, value)
    if kind is EntryKind.SESSION and caller.kind is CallerKind.ROLE and named.name == caller.name and denies:
        return doubt(f"{value} is one session of {caller.text}, and the request does not say which session asks")
    return NO


def _differs_in_case(one: str, other: str, value: str) -> Answer:
    if one.lower() != other.lower():
        return NO
    return doubt(f"{value} differs from the caller only in the case of its letters, and AWS's pages disagree on that")
