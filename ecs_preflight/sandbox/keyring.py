"""Whose access key is whose in the sandbox.

A key that the sandbox did not give out is the managing identity's: any made-up credentials speak for Spinnaker, in
process and over HTTP alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from moto.iam.models import iam_backends
from moto.moto_api._internal import mock_random

from ecs_preflight.arn import Arn
from ecs_preflight.sandbox.calls import Caller

SEEDING_KEY = "AKIASANDBOXSEEDSITSE"
SESSION_OF_MANAGING_IDENTITY = "ecs-preflight-sandbox"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """What AssumeRole hands out."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires: datetime
    caller: Caller


@dataclass(slots=True)
class Keyring:
    """Every key that was given out, and who holds it."""

    managing_identity_arn: str
    _sessions: dict[str, Caller] = field(default_factory=dict)
    _owners: dict[str, str] = field(default_factory=dict)

    def caller(self, access_key: str, seeded_account: str, partition: str) -> Caller:
        """Who signed with this key. The seeding client works in whichever account it names."""
        if access_key == SEEDING_KEY:
            root = f"arn:{partition}:iam::{seeded_account}:root"
            return Caller(root, root, seeds=True)
        session = self._sessions.get(access_key)
        return session or holder_of(self._owners.get(access_key, self.managing_identity_arn))

    def give_key(self, access_key: str, principal_arn: str) -> None:
        """Let a key of that name be a principal's, as in the profile of a reader."""
        self._owners[access_key] = principal_arn

    def give_session(self, role: Any, session_name: str, seconds: int) -> SessionKeys:
        """New keys of a session of a role (moto's), good for so many seconds."""
        expires = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(seconds=seconds)
        caller = session_of(role.arn, session_name, role.id, expires)
        keys = SessionKeys(
            access_key_id="ASIA" + "".join(mock_random.choices(_LETTERS, k=16)),
            secret_access_key=mock_random.get_random_string(40),
            session_token=mock_random.get_random_string(200),
            expires=expires,
            caller=caller,
        )
        self._sessions[keys.access_key_id] = caller
        return keys


def session_of(role_arn: str, session_name: str, role_id: str, expires: datetime | None = None) -> Caller:
    """A session of a role; its ARN has lost the role's path."""
    role = Arn.parse(role_arn)
    assert role is not None
    arn = f"arn:{role.partition}:sts::{role.account_id}:assumed-role/{role.resource_name}/{session_name}"
    return Caller(arn, role_arn, f"{role_id}:{session_name}", expires)


def holder_of(principal_arn: str) -> Caller:
    """Who speaks with the keys of a role or user: a session of the role, or the user."""
    arn = Arn.parse(principal_arn)
    assert arn is not None
    found = principal(principal_arn)
    unique_id = found.id if found else ""
    if arn.resource_type == "role":
        return session_of(principal_arn, SESSION_OF_MANAGING_IDENTITY, unique_id)
    return Caller(principal_arn, principal_arn, unique_id)


def principal(arn: str) -> Any:
    """moto's role or user of that ARN; None where the sandbox has none."""
    parsed = Arn.parse(arn)
    if parsed is None:
        return None
    iam = iam_backends[parsed.account_id][parsed.partition]
    among: tuple[Any, ...] = tuple((iam.roles if parsed.resource_type == "role" else iam.users).values())
    return next((found for found in among if found.arn == arn), None)
