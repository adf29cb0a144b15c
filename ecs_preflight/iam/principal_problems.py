"""What IAM refuses about Principal, NotPrincipal and, in trust policies, Resource."""

from __future__ import annotations

from collections.abc import Iterator

from ecs_preflight.iam.caller import BUILT_IN_PROVIDERS, Caller, CallerKind
from ecs_preflight.iam.element_problems import Refusal
from ecs_preflight.iam.json_places import Path
from ecs_preflight.iam.principal import EntryKind, PrincipalEntry, entry_kind
from ecs_preflight.iam.statement import Statement

_NEEDED = 'add "Principal": {"AWS": an ARN or account id} or {"Service": "ecs-tasks.amazonaws.com"}'


def find_refusals(statement: Statement, path: Path, kind: str) -> Iterator[Refusal]:
    if kind in ("identity", "scp"):
        for name, entries in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
            if entries is not None:
                hint = f"remove {name}: an identity-based policy is for whom it is attached to"
                yield Refusal((*path, name), "Policy document should not specify a principal.", hint)
        return
    if kind == "trust":
        yield from _trust(statement, path)
    if not statement.names_principals:
        yield Refusal(path, "Missing required field Principal", _NEEDED)
    elif not (statement.principals or statement.not_principals):
        yield Refusal((*path, "Principal"), "Missing required field Principal cannot be empty!", _NEEDED)
    for entry in (*(statement.principals or ()), *(statement.not_principals or ())):
        yield from _entry(entry, (*path, "Principal" if statement.principals else "NotPrincipal"), trust=kind == "trust")


def _trust(statement: Statement, path: Path) -> Iterator[Refusal]:
    """What belongs to other kinds of policy only.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
    """
    if statement.resources is not None:
        yield Refusal(
            (*path, "Resource"), "Has prohibited field Resource.", "a trust policy is about the role that it belongs to"
        )
    if statement.not_resources is not None:
        yield Refusal(
            (*path, "NotResource"), "Has prohibited field NotResource.", "a trust policy is about the role that it belongs to"
        )
    if statement.not_principals is not None:
        yield Refusal((*path, "NotPrincipal"), "Has prohibited field NotPrincipal.", "name whom the role trusts, in Principal")


def _entry(entry: PrincipalEntry, path: Path, *, trust: bool) -> Iterator[Refusal]:
    if trust and entry == ("*", "*"):
        message = 'AssumeRolepolicy contained an invalid principal: "STAR":"*".'
        yield Refusal(path, message, 'write {"AWS": "*"}, and a condition, if everyone is meant')
    elif not _is_accepted(entry, trust=trust):
        hint = "a principal has no wildcards in it and is no group" if entry.kind == "AWS" else f"it names no {entry.kind}"
        yield Refusal((*path, entry.kind), f'Invalid principal in policy: "{entry.kind.upper()}":"{entry.value}"', hint)


def _is_accepted(entry: PrincipalEntry, *, trust: bool) -> bool:
    kind = entry_kind(entry)
    if kind is EntryKind.SERVICE:
        return "." in entry.value and "*" not in entry.value
    if kind is EntryKind.FEDERATED:
        return entry.value in BUILT_IN_PROVIDERS or (
            Caller.of(entry.value).kind is CallerKind.FEDERATED and "*" not in entry.value
        )
    if kind is EntryKind.CANONICAL_USER:
        return not trust
    return kind is not EntryKind.INVALID
