"""Whose credentials sign a call: chosen per call, so that one client serves every account.

A client's signer asks its credentials for frozen ones at every request (botocore's RequestSigner). Ours look into a
ContextVar, and fail closed where nobody is bound.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from botocore.credentials import CredentialProvider, CredentialResolver, Credentials

from ecs_preflight.arn import Arn
from ecs_preflight.errors import ForbiddenCallError


@dataclass(frozen=True, slots=True)
class Identity:
    """One principal that can sign: its credentials are never shown."""

    asker: str
    arn: str
    credentials: Any = field(repr=False, compare=False)
    """botocore credentials; refreshable ones refresh themselves."""

    @property
    def account_id(self) -> str:
        arn = Arn.parse(self.arn)
        return arn.account_id if arn else ""

    @property
    def secrets(self) -> tuple[str, ...]:
        frozen = self.credentials.get_frozen_credentials()
        return tuple(value for value in (frozen.secret_key, frozen.token) if value)


_speaking: ContextVar[Identity | None] = ContextVar("ecs_preflight_identity", default=None)


@contextmanager
def speaking_as(identity: Identity) -> Iterator[None]:
    """Sign every call within the block as `identity`."""
    token = _speaking.set(identity)
    try:
        yield
    finally:
        _speaking.reset(token)


class _BoundCredentials(Credentials):  # type: ignore[misc]  # botocore is untyped
    """Credentials that are whoever is speaking."""

    def __init__(self) -> None:
        super().__init__("unbound", "unbound")

    def get_frozen_credentials(self) -> Any:
        identity = _speaking.get()
        if identity is None:
            raise ForbiddenCallError("a call was about to be signed while no identity was chosen for it")
        return identity.credentials.get_frozen_credentials()


class _BoundProvider(CredentialProvider):  # type: ignore[misc]  # botocore is untyped
    METHOD = "ecs-preflight-bound"

    def load(self) -> Credentials:
        return _BoundCredentials()


def install(session: Any) -> None:
    """Make every client of this botocore session sign as whoever is speaking."""
    session.register_component("credential_provider", CredentialResolver([_BoundProvider()]))
