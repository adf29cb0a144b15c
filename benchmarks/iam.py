"""How fast IAM policies are read and evaluated, beside the fastest Python package that answers such questions.

That is moto's `moto.iam.access_control` (https://github.com/getmoto/moto), of the `sandbox` extra. It knows few operators and
principals, so only requests are put that both can decide; where the two answers differ, a line says so. policyuniverse,
parliament, policy_sentry, cloudsplaining and iam-ape read, expand or lint policies, and decide no request.

Contestants take turns in one process, and a figure is the median of its turns: what else the machine does strikes them alike.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ecs_preflight.iam import AccessRequest, PolicyDocument, evaluate_document
from ecs_preflight.iam.patterns import Glob

try:
    from moto.iam.access_control import IAMPolicy
except ImportError:
    IAMPolicy = None

_TURNS = 9
_SECONDS_PER_TURN = 0.1
_ACCOUNT = "111122223333"
_SPINNAKER = "arn:aws:iam::444455556666:role/spinnaker"
_CLUSTER = f"arn:aws:ecs:us-west-2:{_ACCOUNT}:cluster/production"


@dataclass(frozen=True)
class Question:
    """A document, and the request that is put to it."""

    name: str
    document: dict[str, Any]
    action: str
    resource: str
    context: dict[str, str]


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


_TRUST = Question(
    "trust policy",
    _document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": _SPINNAKER},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": "12345"}},
        }
    ),
    "sts:AssumeRole",
    f"arn:aws:iam::{_ACCOUNT}:role/spinnakerManaged",
    {"sts:ExternalId": "12345"},
)
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html
_POWER_USER = Question(
    "PowerUserAccess",
    _document(
        {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
        {
            "Effect": "Allow",
            "Action": [
                "account:GetAccountInformation",
                "account:GetGovCloudAccountInformation",
                "account:GetPrimaryEmail",
                "account:ListRegions",
                "iam:CreateServiceLinkedRole",
                "iam:DeleteServiceLinkedRole",
                "iam:ListRoles",
                "organizations:DescribeEffectivePolicy",
                "organizations:DescribeOrganization",
            ],
            "Resource": "*",
        },
    ),
    "ecs:CreateService",
    _CLUSTER,
    {},
)
_SIXTY = Question(
    "60 statements",
    _document(
        *(
            {
                "Sid": f"Team{number}",
                "Effect": "Allow",
                "Action": ["ecs:Describe*", "ecs:List*"],
                "Resource": f"arn:aws:ecs:*:{_ACCOUNT}:service/team-{number}/*",
            }
            for number in range(59)
        ),
        {"Sid": "Deploy", "Effect": "Allow", "Action": "ecs:*", "Resource": f"arn:aws:ecs:*:{_ACCOUNT}:*"},
    ),
    "ecs:DescribeServices",
    f"arn:aws:ecs:us-west-2:{_ACCOUNT}:service/team-7/web",
    {},
)


def compare(question: Question) -> None:
    text = json.dumps(question.document)
    request = AccessRequest(
        principal=_SPINNAKER, action=question.action, resource=question.resource, context=dict(question.context)
    )
    policy = PolicyDocument.parse(text)
    contestants: dict[str, Callable[[], Any]] = {
        "parse and evaluate": lambda: evaluate_document(PolicyDocument.parse(text), request),
        "evaluate": lambda: evaluate_document(policy, request),
    }
    if IAMPolicy is not None:
        read = IAMPolicy(text)
        contestants["moto: parse and evaluate"] = lambda: _ask_moto(IAMPolicy(text), question)
        contestants["moto: evaluate"] = lambda: _ask_moto(read, question)
    speeds = _take_turns(contestants)
    print(f"\n{question.name}: {len(question.document['Statement'])} statements, {len(text)} characters")
    for name, speed in speeds.items():
        ours = speeds[name.removeprefix("moto: ")]
        beside = f"   we are {ours / speed:.1f} times as fast" if name.startswith("moto") else ""
        print(f"  {name:26} {speed:10,.0f} per second{beside}")
    if IAMPolicy is not None:
        theirs = contestants["moto: evaluate"]() == "PERMITTED"
        if theirs is not contestants["evaluate"]().allowed:
            print("  (the two answers differ)")


def _ask_moto(policy: Any, question: Question) -> str:
    return str(policy.is_action_permitted(question.action, question.resource, _SPINNAKER, question.context).name)


def _take_turns(contestants: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Calls per second of each."""
    rounds = {name: max(1, round(_SECONDS_PER_TURN / _seconds(call, 3))) for name, call in contestants.items()}
    turns: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(_TURNS):
        for name, call in contestants.items():
            turns[name].append(1 / _seconds(call, rounds[name]))
    return {name: statistics.median(speeds) for name, speeds in turns.items()}


def _seconds(call: Callable[[], Any], times: int) -> float:
    """Of one call."""
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


# name, the pattern and the other side for a size each
_HOSTILE: tuple[tuple[str, Callable[[int], str], Callable[[int], str]], ...] = (
    ("*a*a*a... on aaa...b", lambda n: "*a" * (n // 2), lambda n: "a" * n + "b"),
    ("*aaa...b on aaa...", lambda n: "*" + "a" * (n - 2) + "b", lambda n: "a" * n),
    ("*a?a?a?...b* on aaa...", lambda n: "*" + "a?" * (n // 2 - 1) + "b*", lambda n: "a" * n),
    ("?*?*?*...b on aaa...", lambda n: "?*" * (n // 2) + "b", lambda n: "a" * n),
    ("*a?*a?*a?...c on abab...", lambda n: "*a?" * (n // 3) + "c", lambda n: "ab" * (n // 2)),
)
_RELATIONS: tuple[tuple[str, Callable[[Glob, str], bool]], ...] = (
    ("matches", lambda glob, text: glob.matches(text)),
    ("covers", lambda glob, text: glob.covers(Glob.of(text.replace("ab", "a*")))),
    ("overlaps", lambda glob, text: glob.overlaps(Glob.of(text.replace("ab", "a*")))),
)


def hostile() -> None:
    print("\npatterns made to be slow: 4,096 signs on 4,096; twice the pattern; twice the text")
    for relation, ask in _RELATIONS:
        for name, pattern, text in _HOSTILE:
            calls = {
                f"{signs} on {length}": _asking(ask, Glob.of(pattern(signs)), text(length))
                for signs, length in ((4096, 4096), (8192, 4096), (4096, 8192))
            }
            once, *doubled = (1000 / speed for speed in _take_turns(calls).values())
            factors = ", ".join(f"{milliseconds:8.3f} ms ({milliseconds / once:.1f})" for milliseconds in doubled)
            print(f"  {relation:8} {name:26} {once:8.3f} ms, {factors}")


def _asking(ask: Callable[[Glob, str], bool], glob: Glob, text: str) -> Callable[[], bool]:
    return lambda: ask(glob, text)


if __name__ == "__main__":
    if IAMPolicy is None:
        print("moto is not installed (pip install 'ecs_preflight[sandbox]'): nothing to compare with")
    for each in (_TRUST, _POWER_USER, _SIXTY):
        compare(each)
    hostile()
