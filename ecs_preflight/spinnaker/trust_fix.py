"""A trust policy with the smallest change after which IAM takes it, lets one principal in, and clouddriver can read it.

Nothing is widened beyond that principal and nothing is guessed: a Deny, a condition, everyone as a principal are the owner's
to decide on. What comes out has been read and evaluated again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ecs_preflight.errors import Location, SyntaxInputError
from ecs_preflight.iam.admission import let_in
from ecs_preflight.iam.caller import AWS_CALLERS, CallerKind, is_unique_id
from ecs_preflight.iam.decision import EvalDecision, Evaluation
from ecs_preflight.iam.evaluate import evaluate_document
from ecs_preflight.iam.explain import statement_accounts
from ecs_preflight.iam.grammar import GrammarError, read_policy
from ecs_preflight.iam.json_mending import Mend, mend_json
from ecs_preflight.iam.json_reader import JsonText, Path, position, read_json
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.principal import PrincipalEntry
from ecs_preflight.iam.problems import PolicyProblem
from ecs_preflight.iam.repair import Change, Json, Repair, repair_trust_policy
from ecs_preflight.iam.request import AccessRequest
from ecs_preflight.iam.statement import Effect
from ecs_preflight.spinnaker.trust_shape import with_statements_in_a_list, with_tasks_visible

Ask = Callable[[PolicyDocument], AccessRequest]
"""The request that is put to a policy: what is known to be absent may depend on the keys that the policy mentions."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence about a line of the file, from 1; None where it is about the whole. No value of a condition is in it."""

    line: int | None
    sentence: str


@dataclass(frozen=True, slots=True)
class TrustFix:
    """What came of it.

    document   the policy as it should be; None where it could not be made right
    changes    what was changed, in order; empty where nothing had to be
    decisions  what only the owner of the role can decide on
    undecided  why it is open whether the principal may assume the role: the condition keys that decide are not known
    """

    document: Json | None
    changes: tuple[Said, ...] = ()
    decisions: tuple[Said, ...] = ()
    undecided: str | None = None


class _NeedsDecision(Exception):
    """Raised with what has to be decided on."""

    def __init__(self, *decisions: Change) -> None:
        super().__init__()
        self.decisions = decisions


class _Undecided(Exception):
    """Raised with what is not known."""


def fix_trust_policy(text: str, file: str, ask: Ask | None = None, *, own_statement: bool = False) -> TrustFix:
    """The policy in `text`, made right; also for the principal of the request that `ask` puts to it, where one is given.

    `own_statement`: the principal gets a statement without conditions, even where one with conditions names it already.
    SyntaxInputError where the text is no JSON, or no policy, and only a guess would make it one.
    """
    source, mends = _read(text, file)
    told = tuple(Said(position(text, mend.offset)[0], mend.done) for mend in mends)
    repair = repair_trust_policy(source.value)
    try:
        right = _made_right(repair, ask, own_statement=own_statement)
    except GrammarError as error:
        if not isinstance(source.value, dict):
            raise SyntaxInputError(error.message, location=Location(file, 1, 1), hint=error.hint) from error
        mend = f"; {error.hint}" if error.hint else ""
        return TrustFix(None, decisions=_located(source, [Change(error.path, f"{error.message}{mend}")]))
    except _NeedsDecision as needed:
        return TrustFix(None, decisions=_located(source, needed.decisions))
    except _Undecided as undecided:
        return TrustFix(None, undecided=str(undecided))
    return TrustFix(right.value, (*told, *_located(source, right.changes)))


def _read(text: str, file: str) -> tuple[JsonText, tuple[Mend, ...]]:
    try:
        return read_json(text, file), ()
    except SyntaxInputError:
        mended = mend_json(text, _policy_or_none)
        if mended is None:
            raise
        return read_json(mended[0], file), mended[1]


def _policy_or_none(text: str) -> Any:
    """The JSON value of a text that is, or can be repaired to be, in the grammar of policies."""
    try:
        value = read_json(text, "").value
        read_policy(repair_trust_policy(value).value)
    except (SyntaxInputError, GrammarError):
        return None
    return value


def _located(source: JsonText, changes: Sequence[Change]) -> tuple[Said, ...]:
    """With the lines of the file. A mended text has the lines of the original."""
    return tuple(Said(source.position_of(_as_written(change.path, source.value))[0], change.done) for change in changes)


def _as_written(path: Path, value: Any) -> Path:
    """A single statement may stand without the list around it."""
    is_single = isinstance(value, dict) and isinstance(value.get("Statement"), dict)
    return ("Statement", *path[2:]) if is_single and path[:2] == ("Statement", 0) else path


def _made_right(repair: Repair, ask: Ask | None, *, own_statement: bool) -> Repair:
    """GrammarError, _NeedsDecision or _Undecided where it cannot be."""
    steps = [repair, with_statements_in_a_list(repair.value if ask is None else _fillable(repair.value))]
    document = _accepted(steps[-1].value, adds=ask is not None)
    if ask is not None:
        request = ask(document)
        steps.append(_admitted(steps[-1].value, document, request, own_statement=own_statement))
        _require_allowed(_accepted(steps[-1].value), ask)
        steps.append(with_tasks_visible(steps[-1].value, request))
        _require_allowed(_accepted(steps[-1].value), ask)
    changes = tuple(change for step in steps for change in step.changes)
    orphans = [*_orphans(_accepted(steps[-1].value))] if changes else []
    if orphans:
        raise _NeedsDecision(*orphans)
    return Repair(steps[-1].value, changes)


def _orphans(document: PolicyDocument) -> Iterator[Change]:
    """Ids that IAM shows in place of what was deleted, and takes no more when the policy is written."""
    for number, statement in enumerate(document.statements):
        for entry in statement.principals or ():
            if entry.kind == "AWS" and is_unique_id(entry.value):
                sentence = (
                    f"IAM refuses to write {entry.value}, the id of what was deleted: name what took its place, or take it out"
                )
                yield Change(("Statement", number, "Principal", "AWS"), sentence)


def _fillable(value: Any) -> Any:
    """With an empty list of statements where there is none: one is to be added."""
    return {**value, "Statement": []} if isinstance(value, dict) and "Statement" not in value else value


def _accepted(value: Any, *, adds: bool = False) -> PolicyDocument:
    """The document; _NeedsDecision where IAM would still refuse it. That it has no statements is well if one is added."""
    read_policy(value)
    document = PolicyDocument.model_validate(value)
    filled = bool(document.statements) or adds
    refused = [problem for problem in document.problems("trust") if not (problem.path == "Statement" and filled)]
    if refused:
        raise _NeedsDecision(*map(_to_decide, refused))
    return document


def _to_decide(problem: PolicyProblem) -> Change:
    path = tuple(int(part) if part.isdigit() else part for part in _PARTS.findall(problem.path))
    return Change(path, f"IAM refuses this: {problem.message} {_ADVICE.get(problem.message, problem.hint)}".strip())


def _admitted(value: Json, document: PolicyDocument, request: AccessRequest, *, own_statement: bool) -> Repair:
    evaluation = evaluate_document(document, request)
    if evaluation.allowed:
        return Repair(value, ())
    if evaluation.decision is EvalDecision.EXPLICIT_DENY:
        raise _NeedsDecision(*_denials(evaluation, str(request.question.context.caller)))
    if not own_statement:
        if evaluation.unknown_context_keys:
            raise _Undecided(evaluation.explanation)
        hindered = [*_hindered(document, request)]
        if hindered:
            raise _NeedsDecision(*hindered)
    return let_in(value, _entry(request), own_statement=own_statement)


def _denials(evaluation: Evaluation, caller: str) -> Iterator[Change]:
    for denying in evaluation.matched_statements:
        name = str(denying).removesuffix(" of document")
        sentence = f"{name} denies {caller}. A Deny is not taken away here: narrow it or remove it, if it is not meant"
        yield Change(("Statement", denying.index), sentence)


def _hindered(document: PolicyDocument, request: AccessRequest) -> Iterator[Change]:
    """The statements that would let the principal in, if it were not for a condition."""
    for account in statement_accounts(document, request.question):
        clause = account.hinders
        if clause is not None and document.statements[account.index].effect is Effect.ALLOW:
            sentence = (
                f"statement number {account.index + 1} would let it in, if {clause.operator.name} of {clause.key} were met. A "
                "condition is not weakened here: state the key with --context where the request has it, or ask with "
                "--own-statement for a statement without it"
            )
            yield Change(("Statement", account.index, "Condition"), sentence)


def _entry(request: AccessRequest) -> PrincipalEntry:
    """The principal as a trust policy names it; _NeedsDecision where it is none to be named."""
    caller = request.question.context.caller
    if caller.kind in _NO_ADMISSION:
        raise _NeedsDecision(Change((), f"{caller}: {_NO_ADMISSION[caller.kind]}"))
    return PrincipalEntry("AWS" if caller.kind in AWS_CALLERS else "Service", caller.text)


def _require_allowed(document: PolicyDocument, ask: Ask) -> None:
    """Looked at again once changed: a Deny may apply all the same, depending on what is not known."""
    evaluation = evaluate_document(document, ask(document))
    if not evaluation.allowed:
        raise _Undecided(evaluation.explanation)


_PARTS = re.compile(r"[^.\[\]]+")
_NO_ADMISSION = {
    CallerKind.SESSION: "a session is one sign-in of a role: give the ARN of the role, path included",
    CallerKind.UNIQUE_ID: "a unique id names what was deleted: give the ARN of the role or user",
    CallerKind.ANONYMOUS: "opening a role to everyone is no fix: give the ARN of the one that is to assume it",
    CallerKind.FEDERATED: "a federated provider does not call sts:AssumeRole",
    CallerKind.OTHER: "this is no principal: give the ARN of a role or user, an account id, or a service principal",
    CallerKind.UNSTATED: "no principal is stated",
}
_ADVICE = {
    'AssumeRolepolicy contained an invalid principal: "STAR":"*".': (
        'It would be open to everyone, and that is no fix: name whom you mean, as {"AWS": the ARN}'
    ),
    "Has prohibited field NotPrincipal.": (
        'Allow those whom you mean in Principal; to deny all but some, deny {"AWS": "*"} with ArnNotEquals of aws:PrincipalArn'
    ),
}
