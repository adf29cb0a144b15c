"""What a trust policy says and is hardly meant: names that are almost the caller's, or almost a service's.

Nothing here decides anything. Names are compared as IAM compares them; this only tells a person where to look.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from ecs_preflight.arn import Arn
from ecs_preflight.iam.caller import Caller, CallerKind, is_unique_id
from ecs_preflight.iam.grammar import VERSIONS
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.statement import Effect
from ecs_preflight.iam.variables import has_variable

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-iam-roles.html
_SERVICES = {
    "ecs-tasks.amazonaws.com": "the tasks",
    "ecs.amazonaws.com": "ECS itself",
    "application-autoscaling.amazonaws.com": "Application Auto Scaling",
    "ecs.application-autoscaling.amazonaws.com": "the service-linked role of Application Auto Scaling for ECS",
    "ec2.amazonaws.com": "EC2 instances",
    "codedeploy.amazonaws.com": "CodeDeploy",
    "events.amazonaws.com": "EventBridge",
    "scheduler.amazonaws.com": "EventBridge Scheduler",
    "ssm.amazonaws.com": "ECS Anywhere",
}
_ECS = ("ecs-tasks.amazonaws.com", "ecs.amazonaws.com")
_AUTOSCALING = ("application-autoscaling.amazonaws.com", "ecs.application-autoscaling.amazonaws.com")
_CHINA = ".amazonaws.com.cn"
_DOMAIN = ".amazonaws.com"
_CLOSE = 0.85


@dataclass(frozen=True, slots=True)
class NearMiss:
    """About a statement, counted from 0."""

    statement: int
    sentence: str


def near_misses(document: PolicyDocument, caller: Caller | None = None) -> tuple[NearMiss, ...]:
    """What is odd in a document, and, for a caller, whom it names that is almost this caller. Each is said once."""
    found: dict[str, NearMiss] = {}
    for number, statement in enumerate(document.statements):
        sentences = [] if document.version == VERSIONS[1] else [*_plain_variables(document, number)]
        for entry in statement.principals or ():
            odd = _misspelt_service(entry.value) if entry.kind == "Service" else _deleted(entry.value)
            almost = _almost(entry.value, caller) if caller and statement.effect is Effect.ALLOW else None
            sentences += [sentence for sentence in (odd, almost) if sentence]
        for sentence in sentences:
            found.setdefault(sentence, NearMiss(number, sentence))
    return tuple(found.values())


def _plain_variables(document: PolicyDocument, number: int) -> Iterator[str]:
    for clause in document.statements[number].conditions:
        if any(has_variable(value) for value in clause.values):
            yield (
                f"the ${{...}} in the condition on {clause.key} is plain text: the document is of version {document.version}, "
                f"and variables need {VERSIONS[1]}."
            )


def _misspelt_service(name: str) -> str | None:
    if name.endswith(_CHINA):
        return f"{name}: service principals end in .amazonaws.com in China too ({name.removesuffix('.cn')})."
    if name in _SERVICES:
        return None
    labels = [known.removesuffix(_DOMAIN) for known in _SERVICES]  # what all names share would make any two look alike
    close = difflib.get_close_matches(name.lower().removesuffix(_DOMAIN), labels, n=1, cutoff=_CLOSE)
    if not close:
        return None
    meant = f"{close[0]}{_DOMAIN}"
    return f"{name} is no service principal that we know; did you mean {meant} ({_SERVICES[meant]})?"


def _deleted(name: str) -> str | None:
    if not is_unique_id(name):
        return None
    what = "role" if name.startswith("AROA") else "user"
    return f"{name} is the id of a {what} that was deleted: nobody has it. If it was made anew, write its ARN in place of the id."


def _almost(name: str, caller: Caller) -> str | None:
    """How a name differs from the caller's, where it differs in one thing."""
    if caller.kind is CallerKind.SERVICE:
        return _almost_service(name, caller.text)
    one, other = Arn.parse(name), Arn.parse(caller.text)
    if one is None or other is None or name == caller.text:
        return None
    if name.lower() == caller.text.lower():
        return f"{name} is {caller} but for the case of its letters."
    named = Caller.of(name)
    if _with(one, account_id="", partition="") == _with(other, account_id="", partition=""):
        return _almost_account(one, other)
    if (one.partition, one.account_id) != (other.partition, other.account_id):
        return None
    if {named.kind, caller.kind} == {CallerKind.SESSION, CallerKind.ROLE} and named.name == caller.name:
        if named.kind is CallerKind.ROLE:
            return None
        return f"{name} is one session of that role: the ARN of the role covers all of them."
    if named.name == caller.name:
        how = "with another path" if named.kind is caller.kind else f"as {named.kind.value}"
        return f"{name} is of the same name, {how}: for IAM that is another principal."
    close = difflib.SequenceMatcher(None, named.name, caller.name).ratio() >= _CLOSE
    return f"{name} differs from {caller} in a few letters of its name." if close and named.kind is caller.kind else None


def _almost_service(name: str, asked: str) -> str | None:
    for pair in (_ECS, _AUTOSCALING):
        if {name, asked} == set(pair):
            return f"{name} stands for {_SERVICES[name]}, and {asked} for {_SERVICES[asked]}: neither covers the other."
    return f"{name} is {asked} but for the case of its letters." if name != asked and name.lower() == asked.lower() else None


def _almost_account(named: Arn, asked: Arn) -> str | None:
    if named.partition != asked.partition:
        return f"{named} is in partition {named.partition}, and {asked} in {asked.partition}."
    pairs = list(zip(named.account_id, asked.account_id, strict=False))
    differing = sum(one != other for one, other in pairs)
    is_typo = differing <= 2 and abs(len(named.account_id) - len(asked.account_id)) <= 1
    is_permuted = sorted(named.account_id) == sorted(asked.account_id)
    if is_typo or is_permuted:
        return f"{named} is in account {named.account_id}, and {asked} in {asked.account_id}: is one of them mistyped?"
    return f"{named} is of the same name, in another account."


def _with(arn: Arn, *, account_id: str, partition: str) -> Arn:
    return Arn(partition, arn.service, arn.region, account_id, arn.resource)
