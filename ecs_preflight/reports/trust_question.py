"""What `ecs-preflight trust` is asked: who would assume the role, and what is known of its request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ecs_preflight.checks.trust_requests import never_sent
from ecs_preflight.errors import UsageError
from ecs_preflight.iam.caller import Caller, CallerKind
from ecs_preflight.iam.context_keys import is_well_known, near_miss
from ecs_preflight.iam.policy import PolicyDocument
from ecs_preflight.iam.request import AccessRequest

Context = Mapping[str, Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class TrustQuestion:
    """May `principal` call sts:AssumeRole? `context` has the values of condition keys, or None for those known to be absent.

    `as_clouddriver`: what clouddriver never sends for an ECS account is known to be absent, where `context` does not say
    otherwise: an external id, session tags, a source identity. clouddriver: `EcsAccountBuilder` copies no external id.
    """

    principal: str
    context: Context = field(default_factory=dict)
    as_clouddriver: bool = False

    def __post_init__(self) -> None:
        if Caller.of(self.principal).kind is CallerKind.OTHER:
            raise UsageError(
                f"--principal takes the ARN of a role, user or session, an account id, or a service principal, and "
                f"{self.principal!r} is none of them",
                hint="Such as arn:aws:iam::123456789012:role/spinnaker, or ecs-tasks.amazonaws.com.",
            )

    def request(self, document: PolicyDocument) -> AccessRequest:
        known: dict[str, Sequence[str] | None] = {}
        if self.as_clouddriver:
            stated = {key.lower() for key in self.context}
            lacking = ("sts:ExternalId", *never_sent((document.to_json(),)))
            known = {key: None for key in lacking if key.lower() not in stated}
        return AccessRequest.model_validate(
            {
                "principal": self.principal,
                "action": "sts:AssumeRole",
                "context": {**known, **self.context},
                "context_complete": False,
            }
        )

    def odd_keys(self, document: PolicyDocument | None = None) -> tuple[str, ...]:
        """A sentence for each key of the context that neither AWS nor the policy has."""
        mentioned = {clause.key for statement in document.statements for clause in statement.conditions} if document else set()
        lowered = {key.lower() for key in mentioned}
        odd = [key for key in self.context if key.lower() not in lowered and not is_well_known(key)]
        return tuple(_odd(key, near_miss(key, mentioned)) for key in odd)


def _odd(key: str, meant: str | None) -> str:
    mend = f"; did you mean {meant}?" if meant else ", and the policy does not ask for it."
    return f"{key} is no condition key that we know{mend}"


def stated_context(given: Sequence[str], absent: Sequence[str]) -> dict[str, tuple[str, ...] | None]:
    """The context that options state: KEY=VALUE, several times for several values, and keys that the request lacks.

    `KEY=` is the empty text. UsageError where one has no `=`, or a key is both given and absent.
    """
    values: dict[str, list[str]] = {}
    spelled: dict[str, str] = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not key:
            raise UsageError("--context takes KEY=VALUE, and one begins with the `=`")
        if not equals:
            hint = f"For a key that the request does not have: --no-context {key}"
            raise UsageError(f"--context takes KEY=VALUE, and {key!r} has no value", hint=hint)
        values.setdefault(spelled.setdefault(key.lower(), key), []).append(value)
    for key in absent:
        if not key or "=" in key:
            raise UsageError(f"--no-context takes a condition key alone, and not {key.partition('=')[0]!r} with a value")
        if key.lower() in spelled:
            raise UsageError(f"{key} is both given (--context) and absent (--no-context)")
    return {**{key: tuple(found) for key, found in values.items()}, **dict.fromkeys(absent)}
